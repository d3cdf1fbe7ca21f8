"""Cleaning: residue of the page around an article is recognised, removed and recorded.

`clean_draft` works on typed blocks, `read_text` on plain text; `CleanOptions` sets both and
`SiteMemory` knows what repeats on a site. The lexicon says what a line may be, `judge` decides.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from scrubber.clean.options import CleanOptions

if TYPE_CHECKING:
    from scrubber.clean.cleaner import clean_draft, clean_site
    from scrubber.clean.memory import SiteMemory
    from scrubber.clean.text import read_text
else:
    _HOMES = {
        "clean_draft": "cleaner",
        "clean_site": "cleaner",
        "SiteMemory": "memory",
        "read_text": "text",
    }

    def __getattr__(name: str) -> Any:
        """Load what cleans when it is asked for (PEP 562): a batch itself cleans nothing."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


__all__ = ["CleanOptions", "SiteMemory", "clean_draft", "clean_site", "read_text"]
