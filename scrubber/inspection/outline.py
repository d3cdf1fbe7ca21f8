"""What became of each piece of a page, in page order.

Blocks, comments and removals carry text, not places. Their places are found again by cutting the
page into the same segments and looking each piece's first line up among them, from where the
piece before it stood. What neither was kept nor has a recorded removal is shown as left out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from scrubber.extract.segments import cut
from scrubber.extract.tree import Tree
from scrubber.models import Article, Block, ListItem, Page

State = Literal["kept", "comment", "removed"]
LEFT_OUT_STEP: Final = "extract"
LEFT_OUT_REASON: Final = "not_chosen"
_KEY_CHARS: Final = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One piece. block: what was kept. step, reason, text: what was removed, and why."""

    state: State
    text: str
    block: Block | None = None
    step: str = ""
    reason: str = ""


def outline(page: Page, article: Article) -> list[Row]:
    """Kept, separate and removed pieces in page order; linear in the page."""
    texts = cut(Tree(page.html)).texts
    places = _Places(texts)
    placed: list[tuple[int, int, Row]] = []
    for rows in (_kept(article.blocks, "kept"), _kept(article.comments, "comment")):
        placed += places.in_order(rows, len(placed))
    placed += places.in_order(_removals(article), len(placed))
    placed += _left_out(texts, [row for _, _, row in placed])
    return [row for _, _, row in sorted(placed, key=lambda found: found[:2])]


def _kept(blocks: Iterable[Block], state: State) -> list[Row]:
    return [Row(state, block.text or block.alt or block.src or "", block) for block in blocks]


def _removals(article: Article) -> list[Row]:
    return [
        Row("removed", removal.text, step=removal.step, reason=removal.reason)
        for removal in article.removed
    ]


class _Places:
    """Finds pieces among the page's segments."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._found: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            self._found.setdefault(_key(text), []).append(place)

    def in_order(self, rows: Iterable[Row], order: int) -> Iterator[tuple[int, int, Row]]:
        """Each row with its place and a number that keeps rows of one place in order."""
        at = -1
        waiting: list[tuple[int, Row]] = []  # images have no text: they stand before what follows
        for number, row in enumerate(rows, start=order):
            waiting.append((number, row))
            place = self._place(row, at)
            if place is not None:
                at = place
                yield from ((at, *pair) for pair in waiting)
                waiting.clear()
        yield from ((max(at, 0), *pair) for pair in waiting)

    def _place(self, row: Row, at: int) -> int | None:
        """The segment that a row begins with: the next such one after `at`, else any."""
        if row.block is not None and row.block.kind in ("image", "post"):
            return None
        for line in row.text.replace("\t", "\n").split("\n"):
            places = self._found.get(_key(line))
            if places:
                following = bisect_right(places, at)
                return places[following] if following < len(places) else places[0]
        return None


def _left_out(texts: Sequence[str], rows: Iterable[Row]) -> Iterator[tuple[int, int, Row]]:
    """Runs of segments that no row accounts for."""
    known = {key for row in rows for key in _keys(row)}
    run: list[str] = []
    start = 0
    for place, text in enumerate((*texts, "")):
        if text and _key(text) and _key(text) not in known:
            start = start if run else place
            run.append(text)
        elif run and (not text or _key(text) in known):
            row = Row("removed", "\n".join(run), step=LEFT_OUT_STEP, reason=LEFT_OUT_REASON)
            yield start, -1, row
            run = []


def _keys(row: Row) -> Iterator[str]:
    yield _key(row.text)
    for line in row.text.split("\n"):
        yield _key(line)
    if row.block is not None:
        for cells in row.block.rows:
            for cell in cells:
                yield _key(cell.text)
        yield from _item_keys(row.block.items)
        if row.block.author:
            yield _key(row.block.author)


def _item_keys(items: Iterable[ListItem]) -> Iterator[str]:
    for item in items:
        yield _key(item.text)
        yield from _item_keys(item.items)


def _key(text: str) -> str:
    """What stays the same whatever becomes of white space and signs: the first letters."""
    head = text[: 4 * _KEY_CHARS]
    return (
        "".join([char for char in head if char.isalnum()])[:_KEY_CHARS].casefold() or head.strip()
    )
