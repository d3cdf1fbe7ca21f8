"""What an element is read as: the structure that its tag, its ARIA role or its names tell.

A part is the name of the HTML tag that says the same: `role=list` is read as `ul`, the lines of an
editor as `pre`. What a start tag says is looked up once a kind, and only for what stands around
chosen text.
"""

from __future__ import annotations

from typing import Final

from scrubber.extract.assembly.code import code_part
from scrubber.extract.tree import Attributes, Tree

LISTS: Final = frozenset({"ul", "ol", "menu", "dir", "dl"})
ITEMS: Final = frozenset({"li", "dt", "dd"})
CELLS: Final = frozenset({"td", "th"})
HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_PLAIN: Final = (  # tags that are what they are, whatever their names and roles say
    ITEMS | CELLS | frozenset(HEADINGS) | frozenset({"ul", "dl", "menu", "dir"})
    | {"tr", "caption", "figcaption", "blockquote", "a", "listing", "xmp", "code", "math"}
)  # fmt: skip
_NAMED: Final = frozenset({"pre", "table", "ol"})  # others, whose names may say that they hold code
_ROLES: Final = {
    "list": "ul", "listitem": "li",
    "table": "table", "grid": "table", "treegrid": "table", "row": "tr",
    "cell": "td", "gridcell": "td", "columnheader": "th", "rowheader": "th",
}  # fmt: skip


class Parts:
    """The parts of one tree's elements."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._of_kinds: dict[int, str] = {}

    def of(self, number: int) -> str:
        """The tag that element `number` is read as; empty where it tells no structure."""
        tree = self._tree
        tag = tree.tags[number]
        if tag in _PLAIN:
            return tag
        if not tree.attrs[number]:
            return tag if tag in _NAMED else ""
        kind = tree.kinds[number]
        part = self._of_kinds.get(kind)
        if part is None:
            part = self._of_kinds[kind] = _part(tag, tree.attrs[number])
        return part

    def row(self, cell: int) -> int:
        """The row that a cell stands in, -1 for none."""
        tree = self._tree
        around = tree.parents[cell]
        if tree.tags[around] == "tr":
            return around
        return next((n for n in tree.ancestors(cell) if self.of(n) == "tr"), -1)


def _part(tag: str, attributes: Attributes) -> str:
    names = attributes.get("class")
    part = code_part(tag, names) if names else ""
    if part and part != "lines":
        return part
    if tag in _NAMED:
        return tag
    role = attributes.get("role")
    if role == "heading":
        return f"h{_level(attributes.get('aria-level') or '')}"
    return _ROLES.get(role, part) if role else part


def _level(value: str) -> int:
    return int(value) if value in ("1", "2", "3", "4", "5", "6") else 2  # as ARIA defaults
