"""Patterns in a few bits of a word: which it may open, and which it may complete.

A pattern holds only where a line has a stem of its first group and one of every other group.
Patterns are dealt into classes, those of likely languages and those of others apart. A stem opens
the classes of the patterns whose first group it is in, and completes those of patterns where it is
in one further group, the most telling one. A line holds no pattern where no class is both opened
and completed, which two shifts say of the bits of all its words.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from zlib import crc32

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


def gate_bits(lexicon: Lexicon, near: Set[str]) -> dict[str, int]:
    """Stem -> what it opens and completes. near: the likely languages."""
    gates: dict[str, int] = {}
    for opening, tags in lexicon.anchors.items():
        for tag, patterns in tags.items():
            for pattern in patterns:
                opened, completed = _class_bits(pattern, is_near=tag in near)
                _add(gates, (opening,), opened | ANCHOR)
                _add(gates, _telling(pattern, lexicon) or (opening,), completed)
    return gates


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
