"""scrubber turns URLs, HTML pages or already-extracted text into clean, typed `Article` records.

    scrub(url)  scrub_html(html)  scrub_text(text)      Scrubber(options).run(urls)
        │             │                 │                     │
        └──────┬──────┴────────┬────────┘                     └─ the same for many, one by one
               ▼               ▼
    fetch ── Page ── extract ── Draft ── clean ── Article     what was removed: article.removed
    (network)        (content, metadata) (boilerplate)        why a field has its value: .evidence

`scrubber.pipeline` is this diagram as code; the errors are drawn in `scrubber.errors`, the values
in `scrubber.models`; `scrubber.public` lists what can be had from here. For a million URLs see
`scrubber run` on the command line.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from scrubber.public import *  # noqa: F403 - its __all__ is the list
else:

    def __getattr__(name: str) -> Any:
        """Load the public names when the first of them is asked for (PEP 562)."""
        if name == "__all__" or not name.startswith("__"):
            public = import_module("scrubber.public")
            names = {each: getattr(public, each) for each in public.__all__}
            globals().update(names, __all__=public.__all__)  # found without this call from now on
        try:
            return globals()[name]
        except KeyError:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None

    def __dir__() -> list[str]:
        return sorted({*globals(), *__getattr__("__all__")})
