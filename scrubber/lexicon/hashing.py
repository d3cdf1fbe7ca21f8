"""Hashes of all words in an array of bytes at once, and a table of what they stand for.

A word's hash is the sum of its bytes' random numbers, each times a power of an odd base, which
falls out of one running sum over the whole array. ASCII bytes that fold alike count alike: case,
and which digit it is, make no other word, and marks like commas behind a word are none of it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from scrubber.lexicon.fold import ASCII_FOLDED
from scrubber.lexicon.meaning import LEAD_MARKS

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

_SLOT_BITS = 18
_TRIES = 4  # slots in which a word may be
_BASE = 0x9E3779B97F4A7C15 | 1


def _random_numbers() -> Hashes:
    """One for each byte. Marks that part words as spaces do count for nothing, but for those that
    may part a lead."""
    numbers = np.random.default_rng(20).integers(1, 1 << 63, 256, dtype=np.uint64)
    for point, folded in enumerate(ASCII_FOLDED):
        if folded.isalnum():
            numbers[point] = numbers[ord(folded)]
        elif folded == " " and chr(point).isprintable() and chr(point) not in LEAD_MARKS:
            numbers[point] = 0
    return numbers


_RANDOM = _random_numbers()


def _powers(base: int, count: int) -> Hashes:
    """`base` to the power of 0 .. count - 1, modulo 2**64, by doubling."""
    powers = np.ones(count, dtype=np.uint64)
    known = 1
    while known < count:
        step = np.uint64(pow(base, known, 1 << 64))
        more = min(known, count - known)
        powers[known : known + more] = powers[:more] * step
        known += more
    return powers


class _Powers:
    """Powers of the base and of its inverse, as many as were asked for."""

    def __init__(self) -> None:
        self._powers = self._inverses = np.ones(0, dtype=np.uint64)

    def upto(self, count: int) -> tuple[Hashes, Hashes]:
        if count > len(self._powers):
            self._powers = _powers(_BASE, count)
            self._inverses = _powers(pow(_BASE, -1, 1 << 64), count)
        return self._powers[:count], self._inverses


_POWERS = _Powers()


def hash_words(array: NDArray[np.uint8], starts: Places, ends: Places) -> Hashes:
    """A hash for each word, the same wherever it stands, and never 0."""
    powers, inverses = _POWERS.upto(len(array))
    sums = _RANDOM[array]
    sums *= powers
    np.cumsum(sums, out=sums)
    hashes: Hashes = (sums[ends - 1] - sums[starts - 1]) * inverses[starts]
    hashes |= np.uint64(1)
    return hashes


class WordTable:
    """Bits of words by their hashes, of as many words as it has slots (4 MB).

    judge: says what a word as it stands may mean. A word is in one of a few slots that follow
    each other; where all are taken, it takes the first: what is forgotten is judged again.
    """

    def __init__(self, judge: Callable[[str], int]) -> None:
        self._judge = judge
        self._keys = np.zeros((1 << _SLOT_BITS) + _TRIES, dtype=np.uint64)
        self._bits = np.zeros((1 << _SLOT_BITS) + _TRIES, dtype=np.uint64)

    def look_up(self, hashes: Hashes, word_at: Callable[[int], str]) -> Hashes:
        """The bits of words. word_at: the word of a position, asked where a hash is new."""
        slots = (hashes >> np.uint64(64 - _SLOT_BITS)).astype(np.int64)
        bits = self._bits[slots]
        missing = np.flatnonzero(self._keys[slots] != hashes)
        for step in range(1, _TRIES):
            if not len(missing):
                return bits
            there = slots[missing] + step
            bits[missing] = self._bits[there]
            missing = missing[self._keys[there] != hashes[missing]]
        if len(missing):
            bits[missing] = self._learn(hashes[missing], missing, word_at)
        return bits

    def _learn(self, hashes: Hashes, places: Places, word_at: Callable[[int], str]) -> Hashes:
        """Judge the words of some places, each that is new once."""
        new, first, which = np.unique(hashes, return_index=True, return_inverse=True)
        judged = [self._judge(word_at(at)) for at in places[first].tolist()]
        bits = np.array(judged, dtype=np.uint64)
        self._remember(new, bits)
        return bits[which]

    def _remember(self, hashes: Hashes, bits: Hashes) -> None:
        slots = (hashes >> np.uint64(64 - _SLOT_BITS)).astype(np.int64)
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
