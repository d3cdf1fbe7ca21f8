"""What a word may mean to a line: the quick look that spares most lines the slow ones.

Running text repeats its words, so each distinct word is judged once and remembered. The flags of
a line's first and last word say whether it may be a label; the greatest of all its words' flags,
whether it may hold a pattern.
"""

from __future__ import annotations

from collections.abc import Iterable

from scrubber.lexicon.fold import fold, is_unspaced
from scrubber.lexicon.index import Lexicon
from scrubber.lexicon.parts import Vocabulary

_MEMORY_WORDS = 150_000  # words remembered before a memory starts afresh: some 18 MB
# A PART may stand in a label that is judged by its parts.
OPENS, CLOSES, LEADS, NEAR_GAP, PART, FOREIGN_ANCHOR, ANCHOR = 1, 2, 4, 8, 16, 32, 64


def edge_flags(lexicon: Lexicon) -> dict[str, int]:
    """The words with which labels begin and end, as flags."""
    flags = dict.fromkeys(lexicon.openings, OPENS)
    for label, entries in lexicon.labels.items():
        words = label.split()
        flags[words[-1]] = flags.get(words[-1], 0) | CLOSES
        if any(entry.strength == "leads" for entry in entries):
            flags[words[0]] = flags.get(words[0], 0) | LEADS | OPENS
    for key in lexicon.templates:
        flags[key] = flags.get(key, 0) | NEAR_GAP
    return flags


class WordMemory(dict[str, int]):
    """Raw word -> what a line that holds it, or begins or ends with it, may be, as flags.

    Running text repeats its words, so nearly every look-up is one in a dictionary. Tokens without
    letters, unspaced scripts, numbers and names may be anything.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        names: NameMemory,
        edges: dict[str, int],
        language: str | None,
        vocabularies: Iterable[Vocabulary],
    ) -> None:
        self._vocabularies = tuple(vocabularies)
        self._flags = edges
        self._names = names
        self._stems, self._anchors = lexicon.stems, lexicon.anchors.keys()
        near = {language, "en", *lexicon.unspaced}
        self._near = {stem for stem, tags in lexicon.anchors.items() if not near.isdisjoint(tags)}

    def __missing__(self, word: str) -> int:
        if len(self) > _MEMORY_WORDS:
            self.clear()
        words = [word.lower()] if word.isascii() and word.isalpha() else fold(word).split()
        if not words or words[0] == "0" or self._names[words[0]] or is_unspaced(word):
            flags = OPENS | CLOSES | LEADS | NEAR_GAP | PART
        else:
            flags = self._flags.get(words[0], 0) & ~CLOSES
            flags |= self._flags.get(words[-1], 0) & (CLOSES | NEAR_GAP)
            if any(known.knows(word) for known in self._vocabularies):
                flags |= PART
        for part in words:
            for stem in self._stems.stems_of(part):
                if stem in self._anchors:
                    flags |= ANCHOR if stem in self._near else FOREIGN_ANCHOR
        self[word] = flags
        return flags


class NameMemory(dict[str, bool]):
    """Folded word -> is it a network's name, inflected perhaps ("facebookissa")?"""

    def __init__(self, lexicon: Lexicon) -> None:
        self._names = {name for name in lexicon.names if " " not in name}
        self._long = tuple(name for name in self._names if len(name) > 4)

    def __missing__(self, word: str) -> bool:
        if len(self) > 100_000:
            self.clear()
        inflected = word.startswith(self._long) and len(word) <= 16
        answer = self[word] = word in self._names or inflected
        return answer
