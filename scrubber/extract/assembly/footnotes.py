"""Footnotes: a superscript link to a note further down, and the note itself.

Both become GitHub's `[^1]`, but only where the note was chosen too; otherwise the reference stays
an ordinary link, since Markdown shows a reference without its note as raw characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scrubber.extract.segments import Segments
from scrubber.extract.tree import Tree

MAX_LABEL_CHARS: Final = 8
BACKLINKS: Final = frozenset({"↩", "↩︎", "⏎", "↑", "^", "⤴", "⬆", "↵"})


class Footnotes:
    """The notes of one page that references lead to."""

    def __init__(self, tree: Tree, segments: Segments, chosen: Sequence[bool]) -> None:
        self._tree = tree
        self._segments = segments
        self._chosen = chosen
        self._ids: dict[str, int] | None = None
        self._given: set[int] = set()
        self.labels: dict[int, str] = {}  # note's element -> label, filled as references are read

    def label(self, link: int) -> str | None:
        """What a superscript link shows where it looks like a reference to a note."""
        label = self._tree.text(link).strip("[]() ")
        if not label.isalnum() or len(label) > MAX_LABEL_CHARS:
            return None
        return label if self._tree.attr(link, "href").startswith("#") else None

    def reference(self, link: int, label: str) -> bool:
        """Whether a reference leads to a note that was chosen; remembers the note's label."""
        note = self._element(self._tree.attr(link, "href")[1:])
        if note is None or note <= link or not self._is_chosen(note):
            return False
        return self.labels.setdefault(note, label) == label

    def label_around(self, number: int) -> str | None:
        """The label of the note that element `number` is in, each given once."""
        if self.labels:
            for element in (number, self._tree.parents[number]):
                if element in self.labels and element not in self._given:
                    self._given.add(element)
                    return self.labels[element]
        return None

    def _element(self, name: str) -> int | None:
        if self._ids is None:
            attrs = self._tree.attrs
            self._ids = {a["id"] or "": n for n, a in enumerate(attrs) if "id" in a}
        return self._ids.get(name)

    def _is_chosen(self, number: int) -> bool:
        first, last = self._segments.firsts[number], self._segments.lasts[number]
        return any(self._chosen[first:last])
