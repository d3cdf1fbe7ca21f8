"""Page -> Draft: the main content as typed blocks, the metadata as claims.

page ──parse──> tree ──engine──> body ─┐
                  └──metadata──────────┴──> Draft
"""

from __future__ import annotations

from dataclasses import dataclass

from scrubber.errors import NoContent
from scrubber.extract.engines import load_engine
from scrubber.extract.metadata import read_metadata
from scrubber.extract.tree import Tree
from scrubber.models import Draft, Page

__all__ = ["ExtractOptions", "extract"]


@dataclass(frozen=True, slots=True)
class ExtractOptions:
    """How content is chosen.

    engine: a name in `scrubber.extract.engines.ENGINES`. include_comments: also give the comment
    section below an article, apart from its body.
    """

    engine: str = "trafilatura"
    include_comments: bool = False


def extract(page: Page, options: ExtractOptions | None = None) -> Draft:
    """The content and metadata of a decoded page.

    Raises NoContent where there is nothing to read, ExtractError where the engine fails.
    """
    options = options or ExtractOptions()
    if not page.html.strip():
        raise NoContent(f"{page.url or 'the page'} is empty", url=page.url)
    tree = Tree(page.html)
    body = load_engine(options.engine)(page, tree)
    return Draft(
        blocks=body.blocks,
        metadata=read_metadata(tree, page),
        removed=body.removed,
        comments=body.comments if options.include_comments else (),
        page_type=body.page_type,
        confidence=body.confidence,
        engine=options.engine,
    )
