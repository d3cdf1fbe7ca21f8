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

from typing import TYPE_CHECKING

from scrubber.extract.options import ExtractOptions
from scrubber.lazily import loader

if TYPE_CHECKING:
    from scrubber.extract.drafting import extract
else:
    __getattr__ = loader(__name__, {"extract": "drafting"})  # a batch itself reads no page

__all__ = ["ExtractOptions", "extract"]
