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

from collections.abc import Callable
from dataclasses import dataclass

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
