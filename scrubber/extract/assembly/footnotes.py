"""Footnotes: a superscript link to a note further down, and the note itself.

Both become GitHub's `[^1]`, but only where the note was chosen too; otherwise the reference stays
an ordinary link, since Markdown shows a reference without its note as raw characters.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from scrubber.extract.segments import Segments
from scrubber.extract.tree import INLINE, Tree

MAX_LABEL_CHARS: Final = 8
MAX_SHARE: Final = 0.2  # of the text that may be notes; beyond, they are a bibliography
NOTE_DEPTH: Final = 4  # elements between a note and its text: a table's row, a paragraph
MAX_NOTE_SEGMENTS: Final = 6
MAX_NOTE_ELEMENTS: Final = 1_000  # of which ways back are looked for
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
        label = self._tree.text(link).strip("[]() ").partition(":")[0]  # "1:2" refers to 1 again
        if not label.isalnum() or len(label) > MAX_LABEL_CHARS:
            return None
        return label if self._tree.attr(link, "href").startswith("#") else None

    def marks(self, link: int) -> bool:
        """Whether a link on the line is written as a reference: it says so, or is raised inside."""
        tree = self._tree
        attributes = tree.attrs[link]
        if not self._leads_within_page(link):
            return False
        return (
            attributes.get("role") == "doc-noteref"
            or "footnote" in (attributes.get("class") or "")
            or "mso-footnote-id" in (attributes.get("style") or "")
            or (tree.tokens[tree.opens[link] + 1] == link + 1 and tree.tags[link + 1] == "sup")
        )

    def is_label(self, text: str, container: int) -> bool:
        """Whether this is but the mark that a note of its own opens with."""
        bare = text.strip("[]() ^.")
        if len(bare) > MAX_LABEL_CHARS or not self.labels:
            return False
        around = (container, *islice(self._tree.ancestors(container), NOTE_DEPTH))
        return any(self.labels.get(element) == bare for element in around)

    def reference(self, link: int, label: str) -> bool:
        """Whether a reference leads to a note that was chosen; remembers the note's label."""
        note = self._block(self._tree.attr(link, "href")[1:])
        if note <= link or not self._is_chosen(note):
            return False
        return self.labels.setdefault(note, label) == label

    def label_around(self, number: int) -> str | None:
        """The label of the note that element `number` is in, each given once."""
        if self.labels:
            for element in (number, *islice(self._tree.ancestors(number), NOTE_DEPTH)):
                if element in self.labels and element not in self._given:
                    self._given.add(element)
                    return self.labels[element]
        return None

    def find(self) -> list[int]:
        """The segments of all notes that the chosen text refers to and that lead back to it."""
        found: set[int] = set()
        for link in filter(self._leads_within_page, self._tree.find("a")):
            if self._stands_in_chosen(link) and self.label(link):
                found.update(self._note_of(link))
        return sorted(found)

    def _leads_within_page(self, link: int) -> bool:
        return (self._tree.attrs[link].get("href") or "").startswith("#")

    def _stands_in_chosen(self, link: int) -> bool:
        at = self._tree.opens[link]
        k = bisect_right(self._segments.starts, at) - 1
        return k >= 0 and self._chosen[k] and at < self._segments.stops[k]

    def _note_of(self, link: int) -> range:
        """The segments of the note that a link leads to; empty where that does not lead back."""
        tree, segments = self._tree, self._segments
        note = self._block(tree.attr(link, "href")[1:])
        if note <= link:
            return range(0)
        inside = range(segments.firsts[note], segments.lasts[note])
        # Size first: thousands of links may lead to one large part of the page.
        if len(inside) > MAX_NOTE_SEGMENTS or not self._leads_back(note, link):
            return range(0)
        return inside

    def _leads_back(self, note: int, link: int) -> bool:
        """Whether a link in the note leads to the reference or to one of two elements around it."""
        tree = self._tree
        near = (link, tree.parents[link], tree.parents[tree.parents[link]])
        names = {"#" + tree.attr(element, name) for element in near for name in ("id", "name")}
        names -= {"#"}
        return any(
            tree.tags[element] == "a" and tree.attr(element, "href") in names
            for element in islice(tree.within(note), MAX_NOTE_ELEMENTS)
        )

    def element(self, name: str) -> int | None:
        """The element that a fragment names."""
        if self._ids is None:
            attrs = self._tree.attrs
            tags = self._tree.tags
            named = {
                a["name"] or "": n for n, a in enumerate(attrs) if "name" in a and tags[n] == "a"
            }
            self._ids = named | {a["id"] or "": n for n, a in enumerate(attrs) if "id" in a}
        return self._ids.get(name)

    def _block(self, name: str) -> int:
        """The block that a fragment leads to, -1 for none."""
        number = self.element(name)
        while number is not None and number >= 0 and self._tree.tags[number] in INLINE:
            number = self._tree.parents[number]
        return -1 if number is None else number

    def _is_chosen(self, number: int) -> bool:
        first, last = self._segments.firsts[number], self._segments.lasts[number]
        return any(self._chosen[first:last])


def find_notes(tree: Tree, segments: Segments, chosen: Sequence[bool]) -> list[int]:
    """The segments of the chosen text's footnotes.

    Readers of whole pages count some notes as text and some not, so the scorer is unsure of them;
    but a text that refers to notes is not whole without them. On left-out pages that changes
    word F1 by less than 0.00001. None where they are much beside the text: those are sources.
    """
    notes = Footnotes(tree, segments, chosen).find()
    size = sum(len(segments.texts[k]) for k in notes)
    text = sum(_sizes(segments, chosen))
    return notes if size <= MAX_SHARE * text else []


def _sizes(segments: Segments, chosen: Sequence[bool]) -> Iterator[int]:
    return (len(text) for text, keep in zip(segments.texts, chosen, strict=True) if keep)
