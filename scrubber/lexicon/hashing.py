"""Hashes of all words in an array of bytes at once, and a table of what they stand for.

A word's hash is the sum of its pieces of eight bytes as whole numbers, each times a random odd one.
`WORD_BYTES` makes those bytes alike that fold alike: case, and which digit it is, make no other
word, and marks like commas behind a word are none of it. Very long words are hashed as they stand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from scrubber.lexicon.fold import ASCII_FOLDED
from scrubber.lexicon.meaning import LEAD_MARKS

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

SPACE = 32  # to which `WORD_BYTES` turns all that parts words
END = 0xFF  # of a line: no byte of UTF-8

_SLOT_BITS = 18
_TRIES = 4  # slots in which a word may be
_PIECE = 8
_FACTORS = np.random.default_rng(20).integers(1, 1 << 63, 4, dtype=np.uint64) * 2 + 1
_MASKS = np.array([(1 << 8 * size) - 1 for size in range(_PIECE + 1)], dtype="<u8")


def _word_bytes() -> bytes:
    """What each byte counts as. Marks that part words as spaces do count for nothing, but for those
    that may part a lead."""
    table = bytearray(range(256))
    for point, folded in enumerate(ASCII_FOLDED):
        if chr(point).isspace():
            table[point] = SPACE
        elif not chr(point).isprintable():
            table[point] = 1
        elif folded.isalnum():
            table[point] = ord(folded)
        elif folded == " " and chr(point) not in LEAD_MARKS:
            table[point] = 0
    table[END] = SPACE
    return bytes(table)


WORD_BYTES = _word_bytes()


def hash_words(array: NDArray[np.uint8], starts: Places, ends: Places) -> Hashes:
    """A hash for each word, the same wherever it stands, and never 0.

    array: bytes translated by `WORD_BYTES`, and seven more at least behind the last word.
    """
    eights = np.ndarray((len(array) - _PIECE + 1,), "<u8", array, strides=(1,))
    left = ends - starts
    hashes: Hashes = (eights[starts] & _MASKS[np.minimum(left, _PIECE)]) * _FACTORS[0]
    longer = np.flatnonzero(left > _PIECE)
    for at, factor in enumerate(_FACTORS[1:], 1):
        left = ends[longer] - starts[longer] - at * _PIECE
        pieces = eights[starts[longer] + at * _PIECE] & _MASKS[np.minimum(left, _PIECE)]
        hashes[longer] += pieces * factor
        longer = longer[left > _PIECE]
        if not len(longer):
            break
    for at in longer.tolist():  # an address, or a sentence without spaces
        hashes[at] = hash(array[starts[at] : ends[at]].tobytes()) & (1 << 64) - 1
    hashes |= np.uint64(1)
    return hashes


class WordTable:
    """Bits of words by their hashes, of as many words as it has slots (4 MB).

    judge: says what words as they stand may mean. A word is in one of a few slots that follow
    each other; where all are taken, it takes the first: what is forgotten is judged again.
    """

    def __init__(self, judge: Callable[[str], int]) -> None:
        self._judge = judge
        self._keys = np.zeros((1 << _SLOT_BITS) + _TRIES, dtype=np.uint64)
        self._bits = np.zeros((1 << _SLOT_BITS) + _TRIES, dtype=np.uint64)

    def look_up(self, hashes: Hashes, words_at: Callable[[Places], Iterable[str]]) -> Hashes:
        """The bits of words. words_at: the words of positions, asked where hashes are new."""
        slots = _slots(hashes)
        bits = self._bits[slots]
        missing = np.flatnonzero(self._keys[slots] != hashes)
        for step in range(1, _TRIES):
            if not len(missing):
                return bits
            there = slots[missing] + step
            bits[missing] = self._bits[there]
            missing = missing[self._keys[there] != hashes[missing]]
        if len(missing):
            bits[missing] = self._learn(hashes[missing], missing, words_at)
        return bits

    def _learn(
        self, hashes: Hashes, places: Places, words_at: Callable[[Places], Iterable[str]]
    ) -> Hashes:
        """Judge the words of some places, each that is new once."""
        new, first, which = np.unique(hashes, return_index=True, return_inverse=True)
        bits = np.array([self._judge(word) for word in words_at(places[first])], dtype=np.uint64)
        self._remember(new, bits)
        return bits[which]

    def _remember(self, hashes: Hashes, bits: Hashes) -> None:
        slots = _slots(hashes)
        left = np.arange(len(hashes))
        for step in range(_TRIES):
            left = left[self._put(slots[left] + step, hashes[left], bits[left], only_free=True)]
        self._put(slots[left], hashes[left], bits[left], only_free=False)

    def _put(self, slots: Places, hashes: Hashes, bits: Hashes, *, only_free: bool) -> Places:
        """Write words into their slots; positions of those that found theirs taken."""
        free = np.flatnonzero(self._keys[slots] == 0) if only_free else np.arange(len(slots))
        self._keys[slots[free]] = hashes[free]  # of several for one slot, one stays
        mine = np.flatnonzero(self._keys[slots] == hashes)
        self._bits[slots[mine]] = bits[mine]
        return np.flatnonzero(self._keys[slots] != hashes)


def _slots(hashes: Hashes) -> Places:
    return (hashes >> np.uint64(64 - _SLOT_BITS)).view(np.int64)
