"""What an element is read as: the structure that its tag, its ARIA role or its names tell.

A part is the name of the HTML tag that says the same: `role=list` is read as `ul`, the lines of an
editor as `pre`. What a start tag says is looked up once a kind, and only for what stands around
chosen text.
"""

from __future__ import annotations

from typing import Final

from scrubber.extract.assembly.code import is_code_box, is_verse, may_hold_lines
from scrubber.extract.tree import Attributes, Tree

LISTS: Final = frozenset({"ul", "ol", "menu", "dir", "dl"})
ITEMS: Final = frozenset({"li", "dt", "dd"})
CELLS: Final = frozenset({"td", "th"})
HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_TAGS: Final = (
    LISTS | ITEMS | CELLS | frozenset(HEADINGS)
    | {"table", "tr", "caption", "figcaption", "blockquote", "a"}
    | {"pre", "listing", "xmp", "code", "math"}
)  # fmt: skip
_ROLES: Final = {
    "list": "ul", "listitem": "li",
    "table": "table", "grid": "table", "treegrid": "table", "row": "tr",
    "cell": "td", "gridcell": "td", "columnheader": "th", "rowheader": "th",
}  # fmt: skip


class Parts:
    """The parts of one tree's elements."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._kinds = tree.kinds
        self._start_tags = tree.start_tags
        self._of_kinds: dict[int, str] = {}

    def of(self, number: int) -> str:
        """The tag that element `number` is read as; empty where it tells no structure."""
        kind = self._kinds[number]
        part = self._of_kinds.get(kind)
        if part is None:
            part = self._of_kinds[kind] = _part(*self._start_tags[kind])
        return part

    def row(self, cell: int) -> int:
        """The row that a cell stands in, -1 for none."""
        return next((n for n in self._tree.ancestors(cell) if self.of(n) == "tr"), -1)


def _part(tag: str, attributes: Attributes) -> str:
    if tag == "pre" and is_verse(attributes):
        return "verse"
    if is_code_box(tag, attributes):
        return "pre"
    if tag in _TAGS:
        return tag
    role = attributes.get("role")
    if role == "heading":
        return f"h{_level(attributes.get('aria-level') or '')}"
    if role in _ROLES:
        return _ROLES[role]
    return "lines" if may_hold_lines(tag, attributes) else ""


def _level(value: str) -> int:
    return int(value) if value in ("1", "2", "3", "4", "5", "6") else 2  # as ARIA defaults
