"""Which of many lines may match: one pass over their bytes, with no Python step for most words.

All lines are one array of bytes. The words in it are found where white space ends and begins,
and each gets a 64-bit hash: the sum of its bytes' random numbers, each times a power of an odd
base, which falls out of one running sum over the whole array. A table from hashes to bits then
says what a word may mean to a line; a word that it has not got is judged once, in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# What a word may mean to a line, see `scrubber.lexicon.words.WordView`. OPENS to GAP_BEFORE: what a
# line that begins or ends with the word may be. MARK: it has a sign that may part a lead from what
# it announces. BEGINS: its first character is a letter or number, TELLS: any is.
OPENS, CLOSES, LEADS, GAP_BEHIND, GAP_BEFORE = 1, 2, 4, 8, 16
LABELLING, ANCHOR, NEAR, FOREIGN, OPENER, PART, MARK, BEGINS, TELLS = (
    1 << at for at in range(5, 14)
)
ANYTHING = (1 << 14) - 1

_Words = NDArray[np.uint64]
_Bits = NDArray[np.uint16]
_Places = NDArray[np.int64]
_Flags = NDArray[np.bool_]

_END = 0xFF  # of a line: no byte of UTF-8
_BATCH_BYTES = 1 << 18
_SLOT_BITS = 18
_MOST_WORDS = 150_000  # remembered before the table starts afresh
_BASE = 0x9E3779B97F4A7C15 | 1
_RANDOM = np.random.default_rng(20).integers(1, 1 << 63, 256, dtype=np.uint64)
_SPACES = np.zeros(256, dtype=bool)
_SPACES[[9, 10, 11, 12, 13, 28, 29, 30, 31, 32, _END]] = True


def _powers(base: int, count: int) -> _Words:
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

    def upto(self, count: int) -> tuple[_Words, _Words]:
        if count > len(self._powers):
            self._powers = _powers(_BASE, count)
            self._inverses = _powers(pow(_BASE, -1, 1 << 64), count)
        return self._powers[:count], self._inverses


_POWERS = _Powers()


class WordTable:
    """Bits of words by their hashes.

    judge: says what a word as it stands may mean. The first word of a slot keeps it; the others
    of that slot are in a dictionary.
    """

    def __init__(self, judge: Callable[[str], int]) -> None:
        self._judge = judge
        self._keys = np.zeros(1 << _SLOT_BITS, dtype=np.uint64)
        self._bits = np.zeros(1 << _SLOT_BITS, dtype=np.uint16)
        self._others: dict[int, int] = {}
        self._count = 0

    def look_up(self, hashes: _Words, word_at: Callable[[int], str]) -> _Bits:
        """The bits of words. word_at: the word of a position, asked where a hash is new."""
        slots = (hashes >> np.uint64(64 - _SLOT_BITS)).astype(np.int64)
        bits = self._bits[slots]
        missing = np.flatnonzero(self._keys[slots] != hashes)
        if len(missing):
            found: dict[int, int] = {}
            keys = hashes[missing].tolist()
            for key, at in zip(keys, missing.tolist(), strict=True):
                if key not in found:
                    known = self._others.get(key)
                    found[key] = self._learn(key, word_at(at)) if known is None else known
            bits[missing] = [found[key] for key in keys]
        return bits

    def _learn(self, key: int, word: str) -> int:
        if self._count >= _MOST_WORDS:
            self._keys[:] = 0
            self._others.clear()
            self._count = 0
        self._count += 1
        bits = self._judge(word) if len(word.split()) == 1 else ANYTHING  # odd spaces within
        slot = key >> (64 - _SLOT_BITS)
        if self._keys[slot]:
            self._others[key] = bits
        else:
            self._keys[slot] = key
            self._bits[slot] = bits
        return bits


class Limits(NamedTuple):
    """Beyond which lines are no labels, leads or notices.

    label_chars, lead_chars: of a label and of a lead with what it announces; gap_words: of a label
    with a gap; free_chars: of lines in which any language's notice is looked for, others must be
    of a likely one; notice_words, known_share: of a notice that its words tell, and the least of
    them that is an interface's, 0..1.
    """

    label_chars: int
    lead_chars: int
    gap_words: int
    free_chars: int
    notice_words: int
    known_share: float


class Scanner:
    """Finds the lines that may match, by the bits of their words."""

    def __init__(self, judge: Callable[[str], int], limits: Limits) -> None:
        self._table = WordTable(judge)
        self._limits = limits

    def candidates(self, texts: Sequence[str]) -> list[int]:
        """Positions of the texts that may match, in order."""
        found: list[int] = []
        batch: list[bytes] = []
        size = begun = 0
        for at, text in enumerate(texts):
            line = text.encode("utf-8", "surrogatepass")
            if batch and size + len(line) > _BATCH_BYTES:
                found += (begun + self._scan(batch, texts[begun:at])).tolist()
                batch, size = [], 0
            if len(line) > _BATCH_BYTES:  # not worth the memory
                found.append(at)
                continue
            begun = begun if batch else at
            batch.append(line)
            size += len(line) + 1
        if batch:
            found += (begun + self._scan(batch, texts[begun : begun + len(batch)])).tolist()
        return found

    def _scan(self, lines: Sequence[bytes], texts: Sequence[str]) -> _Places:
        end = bytes([_END])
        data = end + end.join(lines) + end
        array = np.frombuffer(data, dtype=np.uint8)
        spaces = _SPACES[array]
        edges = np.flatnonzero(spaces[1:] != spaces[:-1]) + 1
        starts, ends = edges[0::2], edges[1::2]
        if not len(starts):
            return starts

        def word_at(at: int) -> str:
            return data[starts[at] : ends[at]].decode("utf-8", "surrogatepass")

        bits = self._table.look_up(_hash_words(array, starts, ends), word_at)
        first = np.searchsorted(starts, np.flatnonzero(array == _END))
        chars = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        return self._choose(bits, first, chars)

    def _choose(self, bits: _Bits, first: _Places, chars: _Places) -> _Places:
        """Positions of lines. bits: of all words; first: of each line its first word, and behind
        them the number of words; chars: lengths of the lines."""
        opens, closes = first[:-1], first[1:]
        every = np.bitwise_and.reduceat(np.append(bits, np.uint16(ANYTHING)), opens)
        bits = np.append(bits, np.uint16(0))  # a last line without words begins there
        some = np.bitwise_or.reduceat(bits, opens)
        may = self._may_be_notice(bits, some, opens, closes, chars)
        short = np.flatnonzero(chars <= self._limits.lead_chars)
        head = bits[_first_telling(bits, opens[short], closes[short])]
        last = bits[closes[short] - 1]
        may[short] |= self._may_be_label(head, last, every[short], chars[short])
        counts = (closes - opens)[short]
        gaps = (head & GAP_BEHIND) | (last & GAP_BEFORE) != 0
        may[short] |= gaps & (counts <= self._limits.gap_words)
        may[short] |= (head & LEADS != 0) & (some[short] & MARK != 0)
        return np.flatnonzero(may & (closes > opens))

    def _may_be_label(self, head: _Bits, last: _Bits, every: _Bits, chars: _Places) -> _Flags:
        fits: _Flags = (head & OPENS != 0) & (last & CLOSES != 0) & (every & LABELLING != 0)
        fits &= chars <= self._limits.label_chars
        return fits

    def _may_be_notice(
        self, bits: _Bits, some: _Bits, opens: _Places, closes: _Places, chars: _Places
    ) -> _Flags:
        """Where a pattern may hold, or enough words are an interface's."""
        foreign = np.add.reduceat(bits & FOREIGN != 0, opens, dtype=np.int64)
        near = (some & NEAR != 0) | (foreign > 1) | (chars <= self._limits.free_chars)
        known = np.add.reduceat(bits & PART != 0, opens, dtype=np.int64)
        counts = closes - opens
        composed: _Flags = (known >= self._limits.known_share * counts) & (some & OPENER != 0)
        composed &= counts <= self._limits.notice_words
        composed |= near & (some & ANCHOR != 0)
        return composed


def _hash_words(array: NDArray[np.uint8], starts: _Places, ends: _Places) -> _Words:
    """A hash for each word, the same wherever it stands."""
    powers, inverses = _POWERS.upto(len(array))
    sums = np.cumsum(_RANDOM[array] * powers)
    hashes: _Words = (sums[ends - 1] - sums[starts - 1]) * inverses[starts]
    return hashes


def _first_telling(bits: _Bits, opens: _Places, closes: _Places) -> _Places:
    """Of each line the first word, where it begins with a letter, else the first with one."""
    telling = np.append(np.flatnonzero(bits & TELLS), len(bits) - 1)
    later = telling[np.searchsorted(telling, opens).clip(max=len(telling) - 1)]
    plain = (bits[opens] & BEGINS != 0) | (later >= closes)
    return np.where(plain, opens, later)
