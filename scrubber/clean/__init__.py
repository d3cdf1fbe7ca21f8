"""Cleaning: residue of the page around an article is recognised, removed and recorded.

`clean_draft` works on typed blocks, `read_text` on plain text; `CleanOptions` sets both and
`SiteMemory` knows what repeats on a site. The lexicon says what a line may be, `judge` decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrubber.clean.options import CleanOptions
from scrubber.lazily import loader

if TYPE_CHECKING:
    from scrubber.clean.cleaner import clean_draft, clean_site
    from scrubber.clean.memory import SiteMemory
    from scrubber.clean.text import read_text
else:  # a batch itself cleans nothing
    __getattr__ = loader(
        __name__,
        {
            "clean_draft": "cleaner",
            "clean_site": "cleaner",
            "SiteMemory": "memory",
            "read_text": "text",
        },
    )

__all__ = ["CleanOptions", "SiteMemory", "clean_draft", "clean_site", "read_text"]
