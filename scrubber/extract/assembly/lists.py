"""Lists: entries with their path of items -> one Block with nested items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from scrubber.extract import markdown as md
from scrubber.extract.assembly.footnotes import Footnotes
from scrubber.extract.tree import Tree
from scrubber.models import Block, ListItem

Path = tuple[tuple[int, int], ...]  # (list element, item element) from the outermost inwards
Entry = tuple[Path, str, str, str]  # path, text, inline Markdown, tag of the text's container


@dataclass(slots=True)
class _Item:
    """An item under construction. lines: its (text, Markdown, own paragraph?) so far."""

    owner: int
    number: int
    lines: list[tuple[str, str, bool]] = field(default_factory=list)
    items: list[_Item] = field(default_factory=list)


def write_list(
    tree: Tree, numbering: Numbering, notes: Footnotes, entries: Sequence[Entry]
) -> Block | None:
    """One list block of these entries, which share their outermost list."""
    top = _nest(tree, entries)
    if not top:
        return None
    owner = top[0].owner
    lines: list[str] = []
    texts: list[str] = []
    _write_items(numbering, notes, top, lines, texts)
    return Block(
        kind="list",
        text="\n".join(texts),
        markdown="\n".join(lines),
        ordered=tree.tags[owner] == "ol",
        items=_values(top),
    )


def _nest(tree: Tree, entries: Sequence[Entry]) -> list[_Item]:
    """Entries as a tree of items; a `dd` goes below the `dt` before it."""
    top: list[_Item] = []
    open_items: dict[int, _Item] = {}
    terms: dict[int, _Item] = {}  # definition list -> its latest term
    for path, text, inline, tag in entries:
        level = top
        item: _Item | None = None
        for owner, number in path:
            item = open_items.get(number)
            if item is None:
                item = open_items[number] = _Item(owner, number)
                kind = tree.tags[number]
                term = terms.get(owner) if kind == "dd" else None
                (level if term is None else term.items).append(item)
                if kind == "dt":
                    terms[owner] = item
            level = item.items
        if text and item is not None:
            item.lines.append((text, inline, tag == "p"))
    return top


def _values(items: Sequence[_Item]) -> tuple[ListItem, ...]:
    return tuple(
        [
            ListItem(text="\n".join([text for text, _, _ in item.lines]), items=_values(item.items))
            for item in items
        ]
    )


def _write_items(
    numbering: Numbering,
    notes: Footnotes,
    items: Sequence[_Item],
    lines: list[str],
    texts: list[str],
) -> None:
    """Append the Markdown and text lines of items and those nested in them."""
    for item in items:
        number = numbering.of(item.owner, item.number)
        marker = "- " if number is None else f"{number}. "
        if (note := notes.label_around(item.number)) is not None:
            marker = f"[^{note}]: "
        body = _body(item)
        texts.extend([text for text, _, _ in item.lines])
        if item.items:
            nested: list[str] = [body] if body else []
            _write_items(numbering, notes, item.items, nested, texts)
            body = "\n".join(nested)
        lines.append(marker + md.indented(body, len(marker) if note is None else 4))


class Numbering:
    """The numbers that a browser shows before the items of ordered lists.

    One for a page: a list that code or a table parts in two goes on where it stood.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._stands: dict[int, tuple[int, int]] = {}  # list -> (last item seen, its number)

    def of(self, owner: int, item: int) -> int | None:
        """The number of an item, `None` in a list that is not ordered."""
        tree = self._tree
        if tree.tags[owner] != "ol":
            return None
        seen, number = self._stands.get(owner) or (owner, _whole(tree.attr(owner, "start"), 1) - 1)
        for sibling in range(seen + 1, item + 1):
            if tree.parents[sibling] == owner and tree.tags[sibling] == "li":
                number = _whole(tree.attr(sibling, "value"), number + 1)
        self._stands[owner] = max(seen, item), number
        return number


def _whole(value: str, otherwise: int) -> int:
    return int(value) if value.isdecimal() and len(value) < 9 else otherwise


def _body(item: _Item) -> str:
    """The item's own Markdown: paragraphs parted by a blank line, loose lines by a hard break."""
    lines = item.lines
    if not lines:
        return ""
    out = md.guard_line(lines[0][1])
    for _, inline, paragraph in lines[1:]:
        out += ("\n\n" if paragraph else "  \n") + md.guard_line(inline)
    return out
