"""Page -> Draft: the main content as typed blocks, the metadata as claims.

page ──parse──> tree ──engine──> body ─┐
                  └──metadata──────────┴──> Draft

    tree            HTML -> flat lists; mojibake and streaming mend what comes in
    engines/        blocks, our own, is the main path: segments -> scorer/ -> choice, hidden ->
                    assembly/ (with markdown) -> Body; trafilatura is the other
    states, buried  content that stands in scripts alone; posts: of threads and comments
    metadata/       one file a source of claims, and the resolver that weighs them
    standins        pages that stand in for the one asked for; versions: print, AMP, stubs
    drafting        this path; it is loaded when the first page is to be read
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrubber.extract.options import ExtractOptions

if TYPE_CHECKING:
    from scrubber.extract.drafting import extract
else:

    def __getattr__(name: str) -> Any:
        """Load what reads pages when it is asked for (PEP 562): a batch itself reads none."""
        if name != "extract":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from scrubber.extract.drafting import extract

        return extract


__all__ = ["ExtractOptions", "extract"]
