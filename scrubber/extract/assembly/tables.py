"""Tables: which are data and which are layout, and data tables as Blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from scrubber.extract import markdown as md
from scrubber.extract.assembly.code import typed
from scrubber.extract.assembly.parts import CELLS, HEADINGS, Parts
from scrubber.extract.segments import Segments
from scrubber.extract.tree import Tree
from scrubber.models import Block, Cell

_UNTABULAR: Final = frozenset({
    "table", "h1", "h2", "h3", "h4", "pre", "form", "article", "section", "iframe",
    "blockquote", "figure", "video", "hr"
})  # fmt: skip
_IN_CELLS: Final = frozenset({"h1", "h2", "h3", "h4", "pre"})  # data in some tables
_MAX_ELEMENTS: Final = 4_000  # of a table that is one by its role alone
_HEAD_DEPTH: Final = 3  # elements between a header cell and its heading
MAX_CELL_CHARS: Final = 600  # without header cells a longer text means layout
MAX_SPAN: Final = 64  # of a cell; 1,000 and 65,534 are legal, and swell a small page


def is_layout(tree: Tree, segments: Segments, number: int, parts: Parts | None = None) -> bool:
    """Whether a table only arranges the page: then its cells are read as ordinary blocks.

    1. It says so, or holds what data cells do not (headings, forms, other tables). Headings in
       header cells and code of one line are data.
    2. It has no header cells and only one row or column.
    3. It has no header cells and a cell with a long text.

    parts: needed for a table that is one by its role.
    """
    inside = tree.within(number)
    tags = tree.tags[inside.start : inside.stop]
    if parts is not None and tree.tags[number] != "table":
        if len(inside) > _MAX_ELEMENTS:
            return True
        tags = [parts.of(n) or tree.tags[n] for n in inside]
    present = set(tags)
    if tree.attr(number, "role") in ("presentation", "none"):
        return True
    if not _UNTABULAR.isdisjoint(present):
        if "th" not in present or not _IN_CELLS.issuperset(present & _UNTABULAR):
            return True
        if not all(_is_data(tree, n) for n in inside if tree.tags[n] in _IN_CELLS):
            return True
    if "th" in present:
        return False
    rows, cells = tags.count("tr"), tags.count("td")
    if rows < 2 or cells <= rows:
        return True
    texts = segments.texts[segments.firsts[number] : segments.lasts[number]]
    return any(len(text) > MAX_CELL_CHARS for text in texts)


def _is_data(tree: Tree, number: int) -> bool:
    """Whether a heading or code is what its cell says."""
    if tree.tags[number] == "pre":
        return "\n" not in typed(tree, tree.opens[number], tree.closes[number])
    return tree.tags[number] in HEADINGS and any(
        tree.tags[n] == "th" for n in islice(tree.ancestors(number), _HEAD_DEPTH)
    )


def names_table(tree: Tree, cell: int) -> bool:
    """Whether a header cell holds a heading and stands alone in its row: the table's own name."""
    inside = tree.within(cell)
    heads = not HEADINGS.keys().isdisjoint(tree.tags[inside.start : inside.stop])
    return heads and len(tree.within(tree.parents[cell])) == len(inside) + 1


def write_table(
    tree: Tree, parts: Parts, contents: Mapping[int, Sequence[tuple[str, str]]]
) -> Block | None:
    """One table block of the rows that hold chosen cells.

    contents: cell element -> (text, inline Markdown) of its chosen segments, in reading order.
    """
    rows: list[tuple[Cell, ...]] = []
    inlines: list[list[str]] = []
    numbers = dict.fromkeys(parts.row(cell) for cell in contents)
    for row in sorted(numbers, key=lambda row: tree.tags[tree.parents[row]] == "tfoot"):
        cells = [n for n in _cells(tree, parts, row) if n not in contents or contents[n]]
        rows.append(tuple([_cell(tree, parts, c, contents.get(c, ())) for c in cells]))
        inlines.append(["\n".join([inline for _, inline in contents.get(c, ())]) for c in cells])
    if not any(cell.text for row in rows for cell in row):
        return None
    return Block(
        kind="table",
        text="\n".join(["\t".join([cell.text for cell in row]).strip("\t") for row in rows]),
        markdown=md.table(rows, inlines),
        rows=tuple(rows),
    )


def _cells(tree: Tree, parts: Parts, row: int) -> list[int]:
    if tree.tags[row] == "tr":
        parents, tags = tree.parents, tree.tags
        return [n for n in tree.within(row) if parents[n] == row and tags[n] in CELLS]
    return [n for n in tree.within(row) if parts.of(n) in CELLS and parts.row(n) == row]


def _cell(tree: Tree, parts: Parts, number: int, content: Sequence[tuple[str, str]]) -> Cell:
    return Cell(
        text=" ".join([text for text, _ in content]).replace("\n", " "),
        header=parts.of(number) == "th",
        colspan=_span(tree.attr(number, "colspan") or tree.attr(number, "aria-colspan")),
        rowspan=_span(tree.attr(number, "rowspan") or tree.attr(number, "aria-rowspan")),
    )


def _span(value: str) -> int:
    return min(max(int(value), 1), MAX_SPAN) if value.isdecimal() and len(value) < 9 else 1
