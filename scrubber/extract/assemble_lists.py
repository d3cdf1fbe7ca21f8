"""Lists: entries with their path of items -> one Block with nested items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from scrubber.extract import markdown as md
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


def write_list(tree: Tree, entries: Sequence[Entry]) -> Block | None:
    """One list block of these entries, which share their outermost list."""
    top = _nest(tree, entries)
    if not top:
        return None
    owner = top[0].owner
    lines: list[str] = []
    texts: list[str] = []
    _write_items(tree, top, lines, texts)
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
        for owner, number in path[:_MAX_NESTING]:
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


_MAX_NESTING = 12  # deeper items join the text of the item there


def _values(items: Sequence[_Item]) -> tuple[ListItem, ...]:
    return tuple(
        [
            ListItem(text="\n".join([text for text, _, _ in item.lines]), items=_values(item.items))
            for item in items
        ]
    )


def _write_items(tree: Tree, items: Sequence[_Item], lines: list[str], texts: list[str]) -> None:
    """Append the Markdown and text lines of items and those nested in them."""
    numbers: dict[int, int] = {}
    for item in items:
        ordered = tree.tags[item.owner] == "ol"
        if ordered:
            number = _number(tree, item, numbers)
            marker = f"{number}. "
        else:
            marker = "- "
        texts.extend(text for text, _, _ in item.lines)
        body = _body(item)
        nested: list[str] = []
        _write_items(tree, item.items, nested, texts)
        whole = "\n".join([body, *nested]) if body else "\n".join(nested)
        lines.append(marker + md.indented(whole, len(marker)))


def _number(tree: Tree, item: _Item, numbers: dict[int, int]) -> int:
    """The number that a browser would show before an item of an ordered list."""
    before = numbers.get(item.owner)
    if before is None:
        before = _first_number(tree, item) - 1
    value = tree.attr(item.number, "value")
    number = int(value) if value.isdecimal() and len(value) < 9 else before + 1
    numbers[item.owner] = number
    return number


def _first_number(tree: Tree, item: _Item) -> int:
    """Where numbering stands at the first item kept: `start` and the items before count."""
    start = tree.attr(item.owner, "start")
    number = int(start) if start.isdecimal() and len(start) < 9 else 1
    for sibling in range(item.owner + 1, item.number):
        if tree.tags[sibling] == "li" and tree.parents[sibling] == item.owner:
            number += 1
    return number


def _body(item: _Item) -> str:
    """The item's own Markdown: paragraphs parted by a blank line, loose lines by a hard break."""
    out = ""
    for _, inline, paragraph in item.lines:
        line = md.guard_line(inline)
        if not out:
            out = line
        else:
            out += ("\n\n" if paragraph else "  \n") + line
    return out
