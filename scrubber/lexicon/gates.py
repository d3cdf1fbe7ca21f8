"""Patterns in a few bits of a word: which it may open, and which it may complete.

A pattern holds only where a line has a stem of its first group and one of every other group. The
patterns of likely languages are dealt into classes. A stem opens the classes of the patterns whose
first group it is in, and completes those of patterns where it is in one further group, the most
telling one. A line holds no pattern where no class is both opened and completed, which two shifts
say of the sum of its words: of English articles' lines with an opening stem, that rules out four
in five.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from zlib import crc32

from scrubber.lexicon.index import Lexicon, Pattern
from scrubber.lexicon.meaning import CLASSES, COMPLETED, OPENED


def gate_bits(lexicon: Lexicon, languages: Set[str]) -> dict[str, int]:
    """Stem -> the classes that it opens and completes, for the patterns of `languages`."""
    gates: dict[str, int] = {}
    for opening, tags in lexicon.anchors.items():
        for pattern in (pattern for tag in tags.keys() & languages for pattern in tags[tag]):
            own = crc32(min(pattern.groups[0].words, default=opening).encode()) % CLASSES
            _add(gates, (opening,), 1 << OPENED + own)
            _add(gates, _telling(pattern, lexicon) or (opening,), 1 << COMPLETED + own)
    return gates


def _add(gates: dict[str, int], stems: Iterable[str], bit: int) -> None:
    for stem in stems:
        gates[stem] = gates.get(stem, 0) | bit


def _telling(pattern: Pattern, lexicon: Lexicon) -> Iterable[str]:
    """The group with the fewest function words, of which any sentence has some."""
    common = lexicon.speakers
    return min(
        pattern.needs, key=lambda group: (len(group & common.keys()), len(group)), default=()
    )
