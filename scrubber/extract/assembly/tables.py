"""Tables: which are data and which are layout, and data tables as Blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from scrubber.extract import markdown as md
from scrubber.extract.segments import Segments
from scrubber.extract.tree import Tree
from scrubber.models import Block, Cell

_UNTABULAR: Final = frozenset({
    "table", "h1", "h2", "h3", "h4", "pre", "form", "article", "section", "iframe",
    "blockquote", "figure", "video", "hr"
})  # fmt: skip
MAX_CELL_CHARS: Final = 600  # without header cells a longer text means layout
MAX_SPAN: Final = 64  # of a cell; 1,000 and 65,534 are legal, and swell a small page


def is_layout(tree: Tree, segments: Segments, number: int) -> bool:
    """Whether a table only arranges the page: then its cells are read as ordinary blocks.

    1. It says so, or holds what data cells do not (headings, forms, other tables).
    2. It has no header cells and only one row or column.
    3. It has no header cells and a cell with a long text.
    """
    inside = tree.within(number)
    tags = tree.tags[inside.start : inside.stop]
    present = set(tags)
    role = tree.attr(number, "role")
    if role in ("presentation", "none") or not _UNTABULAR.isdisjoint(present):
        return True
    if "th" in present:
        return False
    rows, cells = tags.count("tr"), tags.count("td")
    if rows < 2 or cells <= rows:
        return True
    texts = segments.texts[segments.firsts[number] : segments.lasts[number]]
    return any(len(text) > MAX_CELL_CHARS for text in texts)


def write_table(tree: Tree, contents: Mapping[int, Sequence[tuple[str, str]]]) -> Block | None:
    """One table block of the rows that hold chosen cells.

    contents: cell element -> (text, inline Markdown) of its chosen segments, in reading order.
    """
    rows: list[tuple[Cell, ...]] = []
    inlines: list[list[str]] = []
    numbers = dict.fromkeys(tree.parents[cell] for cell in contents)
    for row in sorted(numbers, key=lambda row: tree.tags[tree.parents[row]] == "tfoot"):
        cells = [n for n in _cells(tree, row) if n not in contents or contents[n]]
        rows.append(tuple([_cell(tree, cell, contents.get(cell, ())) for cell in cells]))
        inlines.append(["\n".join([inline for _, inline in contents.get(c, ())]) for c in cells])
    if not any(cell.text for row in rows for cell in row):
        return None
    return Block(
        kind="table",
        text="\n".join(["\t".join([cell.text for cell in row]).strip("\t") for row in rows]),
        markdown=md.table(rows, inlines),
        rows=tuple(rows),
    )


def _cells(tree: Tree, row: int) -> list[int]:
    parents, tags = tree.parents, tree.tags
    return [n for n in tree.within(row) if parents[n] == row and tags[n] in ("td", "th")]


def _cell(tree: Tree, number: int, content: Sequence[tuple[str, str]]) -> Cell:
    return Cell(
        text=" ".join([text for text, _ in content]).replace("\n", " "),
        header=tree.tags[number] == "th",
        colspan=_span(tree.attr(number, "colspan")),
        rowspan=_span(tree.attr(number, "rowspan")),
    )


def _span(value: str) -> int:
    return min(max(int(value), 1), MAX_SPAN) if value.isdecimal() and len(value) < 9 else 1
