"""Patterns in the bits of words, so that lines are told quickly that hold none.

`PatternClasses` has few bits, for all words at once: which patterns a word may open and complete. A
pattern holds only where a line has a stem of its first group and one of every other group.
Patterns are dealt into classes, those of likely languages and those of others apart. A stem opens
the classes of the patterns whose first group it is in, and completes those of patterns where it is
in one further group, the most telling one. A line holds no pattern where no class is both opened
and completed, which two shifts say of the bits of all its words.

`PatternGate` has a bit for each group of each pattern, for the few lines that are left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from functools import reduce
from operator import or_
from zlib import crc32

from scrubber.lexicon.fold import fold_words
from scrubber.lexicon.index import Lexicon, Pattern
from scrubber.lexicon.meaning import (
    ANCHOR,
    CLASSES,
    COMPLETED,
    FOREIGN_CLASSES,
    FOREIGN_COMPLETED,
    FOREIGN_OPENED,
    OPENED,
)

_MEMORY_WORDS = 50_000  # remembered before the memory starts afresh: some 6 MB
_WORD_CHARS = 32  # of a word that may come again; longer ones are sentences without spaces


class PatternClasses:
    """What stems open and complete, by language, of which each may be a likely one or not."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._near: dict[str, dict[str, int]] = defaultdict(dict)
        self._foreign: dict[str, dict[str, int]] = defaultdict(dict)
        for opening, pattern in _anchored(lexicon):
            telling = _telling(pattern, lexicon) or (opening,)
            for tables, is_near in ((self._near, True), (self._foreign, False)):
                opened, completed = _class_bits(pattern, is_near=is_near)
                _add(tables[pattern.language], (opening,), opened | ANCHOR)
                _add(tables[pattern.language], telling, completed)

    def bits(self, near: Set[str]) -> dict[str, int]:
        """Stem -> what it opens and completes. near: the likely languages."""
        found: dict[str, int] = {}
        for language, foreign in self._foreign.items():
            for stem, bits in (self._near[language] if language in near else foreign).items():
                found[stem] = found.get(stem, 0) | bits
        return found


def _class_bits(pattern: Pattern, *, is_near: bool) -> tuple[int, int]:
    """The bits of a pattern's class: opened, completed. Those with one subject share a class."""
    group = pattern.groups[0]
    subject = crc32(min((*group.words, *group.phrases)).encode())
    if is_near:
        return 1 << OPENED + subject % CLASSES, 1 << COMPLETED + subject % CLASSES
    own = subject % FOREIGN_CLASSES
    return 1 << FOREIGN_OPENED + own, 1 << FOREIGN_COMPLETED + own


def _add(gates: dict[str, int], stems: Iterable[str], bits: int) -> None:
    for stem in stems:
        gates[stem] = gates.get(stem, 0) | bits


def _telling(pattern: Pattern, lexicon: Lexicon) -> Iterable[str]:
    """The group that says most: with the fewest words that open the pattern anyway, and the fewest
    function words, of which any sentence has some."""

    def idle(group: Set[str]) -> int:
        return sum(stem in lexicon.speakers or stem in pattern.groups[0].words for stem in group)

    return min(pattern.needs, key=lambda group: (idle(group), len(group)), default=())


class PatternGate:
    """Tells lines that have no stem for some group of every pattern.

    The groups are bits of whole numbers, those of the patterns' first groups below those of their
    second ones, and so on; where all bits of a pattern are there, the line may hold it.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._stems = lexicon.stems
        openings: dict[Pattern, list[str]] = {}
        for stem, pattern in _anchored(lexicon):
            openings.setdefault(pattern, []).append(stem)
        self._count = len(openings)
        self._depth = 1 + max((len(pattern.needs) for pattern in openings), default=0)
        self._groups: dict[str, int] = {}
        self._absent = 0  # groups that patterns do not have
        for at, (pattern, opening) in enumerate(openings.items()):
            for level in range(self._depth):
                bit = 1 << level * self._count + at
                if level > len(pattern.needs):
                    self._absent |= bit
                else:
                    _add(self._groups, pattern.needs[level - 1] if level else opening, bit)
        self._words = _WordGroups(self._groups_of)

    def may_hold(self, text: str) -> bool:
        """False where the text holds no pattern."""
        groups = map(self._words.__getitem__, {*fold_words(text)})
        found = reduce(or_, filter(None, groups), self._absent)
        held = (1 << self._count) - 1
        for level in range(self._depth):
            held &= found >> level * self._count
        return held != 0

    def _groups_of(self, word: str) -> int:
        """The groups of which a folded word has a stem."""
        return reduce(or_, filter(None, map(self._groups.get, self._stems.stems_of(word))), 0)


class _WordGroups(dict[str, int]):
    """Folded word -> its groups; filled as words are met."""

    def __init__(self, groups_of: Callable[[str], int]) -> None:
        self._groups_of = groups_of

    def __missing__(self, word: str) -> int:
        groups = self._groups_of(word)
        if len(word) <= _WORD_CHARS:
            if len(self) >= _MEMORY_WORDS:
                self.clear()
            self[word] = groups
        return groups


def _anchored(lexicon: Lexicon) -> Iterator[tuple[str, Pattern]]:
    """The patterns of all languages, each with every stem that opens it."""
    for stem, tags in lexicon.anchors.items():
        for patterns in tags.values():
            for pattern in patterns:
                yield stem, pattern
