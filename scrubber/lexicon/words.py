"""What a word may mean to a line: the quick look that spares most lines the slow ones.

Running text repeats its words, so each distinct word is judged once and remembered. The flags of
a line's first and last word say whether it may be a label; the greatest of all its words' flags,
whether it may hold a pattern.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scrubber.lexicon.fold import fold, is_unspaced
from scrubber.lexicon.index import Lexicon
from scrubber.lexicon.parts import Vocabulary

_MEMORY_WORDS = 150_000  # words remembered before a memory starts afresh: some 18 MB
OPENS, CLOSES, LEADS, GAP_BEHIND, GAP_BEFORE, FOREIGN_ANCHOR, ANCHOR = 1, 2, 4, 8, 16, 32, 64


def edge_flags(lexicon: Lexicon) -> dict[str, int]:
    """The words with which labels begin and end, as flags."""
    flags = dict.fromkeys(lexicon.openings, OPENS)
    for label, entries in lexicon.labels.items():
        words = label.split()
        flags[words[-1]] = flags.get(words[-1], 0) | CLOSES
        if any(entry.strength == "leads" for entry in entries):
            flags[words[0]] = flags.get(words[0], 0) | LEADS | OPENS
    for key, templates in lexicon.templates.items():
        for template in templates:
            flags[key] = flags.get(key, 0) | (GAP_BEHIND if template.head else GAP_BEFORE)
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
        self.anchors: set[str] = set()  # words remembered that may hold a pattern
        self.parts: set[str] = set()  # that may stand in a label that is judged by its parts
        self.stems: dict[str, frozenset[str]] = {}  # of those that have any
        self.foreign: set[str] = set()  # function words of other languages
        self._known: set[str] = set()  # by `learn`; a set is faster to subtract than a dictionary
        speakers = lexicon.speakers.items()
        self._foreign = {word for word, tags in speakers if language not in tags}
        self._near = {stem for stem, tags in lexicon.anchors.items() if not near.isdisjoint(tags)}

    def __missing__(self, word: str) -> int:
        if len(self) > _MEMORY_WORDS:
            self.clear()
            for memory in (self.anchors, self.stems, self.foreign, self.parts, self._known):
                memory.clear()
        words = [word.lower()] if word.isascii() and word.isalpha() else fold(word).split()
        anything = not words or words[0] == "0" or self._names[words[0]] or is_unspaced(word)
        if words == ["0"]:
            flags = OPENS | CLOSES | self._flags.get("0", 0)  # numbers fill in between labels
        elif anything:
            flags = OPENS | CLOSES | LEADS | GAP_BEHIND | GAP_BEFORE
        else:
            flags = self._flags.get(words[0], 0) & (OPENS | LEADS | GAP_BEHIND)
            flags |= self._flags.get(words[-1], 0) & (CLOSES | GAP_BEFORE)
        if anything or any(known.knows(word) for known in self._vocabularies):
            self.parts.add(word)
        stems = frozenset(stem for part in words for stem in self._stems.stems_of(part))
        if stems:
            self.stems[word] = stems
        for stem in stems & self._anchors:
            flags |= ANCHOR if stem in self._near else FOREIGN_ANCHOR
        if not self._foreign.isdisjoint(words):
            self.foreign.add(word)
        if flags >= FOREIGN_ANCHOR:
            self.anchors.add(word)
        self[word] = flags
        return flags

    def flags_of(self, words: Sequence[str]) -> list[int]:
        """The flags of each word."""
        known = [flag for flag in map(self.get, words) if flag is not None]
        if len(known) == len(words):
            return known
        return [self[word] for word in words]  # some are new; this way is five times slower

    def learn(self, words: set[str]) -> None:
        """Remember words that are new."""
        new = words - self._known
        for word in new:
            self[word]
        self._known |= new


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
