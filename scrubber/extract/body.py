"""What an engine returns, and the seam between choosing and assembling.

    tree ──cut──> Segments ──scorer──> chosen ──assemble──> blocks

`scrubber.extract.segments.cut(tree)` gives `Segments`: the page's pieces of text in reading order.
The scorer chooses a subset. The assembly turns the chosen ones into typed blocks:

    assemble(tree: Tree, segments: Segments, chosen: Sequence[bool]) -> tuple[Block, ...]

It reads `tree.tokens` (see `scrubber.extract.tree`); every text token that a segment covers lies in
`tree.tokens[segments.starts[k]:segments.stops[k]]`. Text outside chosen segments must not appear;
all text of chosen segments must (a quote, list, table or code element may hold several segments).
Images belong to no segment: the assembly keeps those that stand among chosen segments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from scrubber.extract.tree import Tree
from scrubber.models import Block, Page, PageType, Removal


@dataclass(frozen=True, slots=True)
class Body:
    """What one engine makes of one page.

    removed: what it left out, in page order. comments: the comment section below an article.
    confidence: calibrated probability that word F1 against a careful reading is at least 0.9;
    `None` where the engine cannot say.
    """

    blocks: tuple[Block, ...]
    removed: tuple[Removal, ...] = ()
    comments: tuple[Block, ...] = ()
    page_type: PageType | None = None
    confidence: float | None = None


Engine = Callable[[Page, Tree], Body]
"""Raises NoContent where the page has nothing to read."""


def reading_text(blocks: Sequence[Block]) -> str:
    """The blocks to be read on end: their texts, but for the captions of images.

    Of captions that stand among the text readers of whole pages count one in twelve as text (94
    of 1,100 on WCXB's articles). They stay in `blocks` and in the Markdown, below their images.
    """
    captions = {id(b) for a, b in pairwise(blocks) if a.kind == "image" and b.kind == "caption"}
    return "\n\n".join([b.text for b in blocks if b.text and id(b) not in captions])
