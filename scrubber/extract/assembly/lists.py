"""Lists: entries with their path of items -> one Block with nested items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Final

from scrubber.extract import markdown as md
from scrubber.extract.assembly.footnotes import Footnotes
from scrubber.extract.tree import Attributes, Tree
from scrubber.models import Block, ListItem

Path = tuple[tuple[int, int], ...]  # (list element, item element) from the outermost inwards
Entry = tuple[Path, str, str, str]  # path, text, inline Markdown, tag of the text's container

_BOX_DEPTH: Final = 3  # elements between an item and its check box: a paragraph, a label


@dataclass(slots=True)
class _Item:
    """An item under construction.

    lines: its (text, Markdown, own paragraph?) so far. items: those nested in it. befores: how
    many lines stood before each of these.
    """

    owner: int
    number: int
    lines: list[tuple[str, str, bool]] = field(default_factory=list)
    items: list[_Item] = field(default_factory=list)
    befores: list[int] = field(default_factory=list)


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
        item: _Item | None = None
        for owner, number in path:
            above, item = item, open_items.get(number)
            if item is None:
                item = open_items[number] = _Item(owner, number)
                kind = tree.tags[number]
                if kind == "dd":
                    above = terms.get(owner, above)
                if above is None:
                    top.append(item)
                else:
                    above.items.append(item)
                    above.befores.append(len(above.lines))
                if kind == "dt":
                    terms[owner] = item
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
        body: list[str] = []
        at = 0
        for upto, nested in groupby(zip(item.befores, item.items, strict=True), key=_before):
            _write_lines(item.lines[at:upto], body, texts)
            _write_items(numbering, notes, [inner for _, inner in nested], body, texts)
            at = upto
        _write_lines(item.lines[at:], body, texts)
        written = numbering.box(item.number) + "\n".join(body)
        lines.append(marker + md.indented(written, len(marker) if note is None else 4))


class Numbering:
    """The numbers that a browser shows before the items of ordered lists.

    One for a page: a list that code or a table parts in two goes on where it stood.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._stands: dict[int, tuple[int, int]] = {}  # list -> (last item seen, its number)
        self._tasks = _tasks(tree)

    def of(self, owner: int, item: int) -> int | None:
        """The number of an item, `None` in a list that is not ordered."""
        tree = self._tree
        if tree.tags[owner] != "ol":
            return None
        step = -1 if "reversed" in tree.attrs[owner] else 1
        seen, number = self._stands.get(owner) or (owner, self._first(owner) - step)
        for sibling in range(seen + 1, item + 1):
            if tree.parents[sibling] == owner and tree.tags[sibling] == "li":
                number = _whole(tree.attr(sibling, "value"), number + step)
        self._stands[owner] = max(seen, item), number
        return max(number, 0)  # Markdown has no numbers below

    def _first(self, owner: int) -> int:
        tree = self._tree
        first = 1
        if "reversed" in tree.attrs[owner]:
            first = sum(
                tree.parents[n] == owner and tree.tags[n] == "li" for n in tree.within(owner)
            )
        return _whole(tree.attr(owner, "start"), first)

    def box(self, item: int) -> str:
        """The check box that opens an item of a task list, as GitHub writes it."""
        return self._tasks.get(item, "")


def _tasks(tree: Tree) -> dict[int, str]:
    """Items of task lists -> their check boxes."""
    tasks: dict[int, str] = {}
    for number in tree.find("input"):
        if not _is_task_box(tree.attrs[number]):
            continue
        for around in islice(tree.ancestors(number), _BOX_DEPTH):
            if tree.tags[around] == "li":
                tasks.setdefault(around, "[x] " if "checked" in tree.attrs[number] else "[ ] ")
                break
    return tasks


def _is_task_box(attributes: Attributes) -> bool:
    """Whether an input is a box that shows a state; one that readers may tick is a form's."""
    return attributes.get("type") == "checkbox" and (
        "disabled" in attributes or "task" in (attributes.get("class") or "")
    )


def _whole(value: str, otherwise: int) -> int:
    return int(value) if value.isdecimal() and len(value) < 9 else otherwise


def _write_lines(own: Sequence[tuple[str, str, bool]], lines: list[str], texts: list[str]) -> None:
    """Append an item's own lines: paragraphs parted by a blank line, others by a hard break."""
    if not own:
        return
    if lines:
        lines.append("")  # or it would go on in the last nested item
    texts.extend([text for text, _, _ in own])
    out = md.guard_line(own[0][1])
    for _, inline, paragraph in own[1:]:
        out += ("\n\n" if paragraph else "  \n") + md.guard_line(inline)
    lines.append(out)


def _before(nested: tuple[int, _Item]) -> int:
    return nested[0]
