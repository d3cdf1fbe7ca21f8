"""What each of many lines may be: one pass over their bytes, with no Python step for most words.

All lines are one array of bytes. The words in it are found where white space ends and begins; a
table says what each may mean, and a word that it has not got is judged once, in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from scrubber.lexicon.hashing import (
    END,
    SPACE,
    WORD_BYTES,
    Hashes,
    Places,
    WordTable,
    hash_words,
)
from scrubber.lexicon.meaning import ANYTHING, BEGINS, FOREIGN, NOTICE, PART, TELLS, Limits, Words

_BATCH_BYTES = 1 << 17
_MOST_BYTES = 1 << 18  # of a line; a longer one may be a notice, and is not worth the memory


class Scanner:
    """Finds the lines that may match, by the bits of their words.

    judge: what a word may mean, see `scrubber.lexicon.meaning`; of words that fold
    alike it is asked once.
    """

    def __init__(self, judge: Callable[[str], int], limits: Limits) -> None:
        self._judge = judge
        self._table = WordTable(self._judge_token)
        self._limits = limits

    def candidates(self, texts: Sequence[str]) -> list[tuple[int, int]]:
        """Positions of the texts that may match, in order, and what each may be."""
        found: list[tuple[int, int]] = []
        for begun, lines in _batches(texts):
            if len(lines) == 1 and len(lines[0]) > _MOST_BYTES:
                found.append((begun, NOTICE))
                continue
            chars = np.fromiter(map(len, texts[begun:][: len(lines)]), np.int64, len(lines))
            may_be = self._scan(lines, chars)
            places = np.flatnonzero(may_be)
            found += zip((places + begun).tolist(), may_be[places].tolist(), strict=True)
        return found

    def _scan(self, lines: Sequence[bytes], chars: Places) -> Places:
        """What each line may be. chars: their lengths."""
        data = bytes([END]) + bytes([END]).join(lines) + bytes([END]) * 8
        array = np.frombuffer(data.translate(WORD_BYTES), dtype=np.uint8)
        spaces = array == SPACE
        edges = np.flatnonzero(spaces[1:] != spaces[:-1]) + 1
        starts, ends = edges[0::2], edges[1::2]

        def words_at(places: Places) -> Iterator[str]:
            for start, end in zip(starts[places].tolist(), ends[places].tolist(), strict=True):
                yield data[start:end].decode("utf-8", "surrogatepass")

        if not len(starts):
            return np.zeros(len(lines), dtype=np.int64)
        bits = self._table.look_up(hash_words(array, starts, ends), words_at)
        line_ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == END)
        first = np.searchsorted(starts, line_ends[: len(lines) + 1])
        return self._weigh(bits, first, chars)

    def _judge_token(self, token: str) -> int:
        is_word = token.isascii() or len(token.split()) == 1
        return self._judge(token) if is_word else ANYTHING  # odd spaces within

    def _weigh(self, bits: Hashes, first: Places, chars: Places) -> Places:
        """What each line may be. bits: of all words; first: of each line its first word, and
        behind them the number of words."""
        opens, closes = first[:-1], first[1:]
        bits = np.append(bits, np.uint64(0))  # where a last line without words begins
        words = Words(
            head=bits[_first_telling(bits, opens, closes)],
            last=bits[closes - 1],
            some=np.bitwise_or.reduceat(bits, opens),
            foreign=_count(bits & FOREIGN != 0, opens, closes),
            parts=_count(bits & PART != 0, opens, closes),
            count=closes - opens,
            chars=chars,
        )
        may_be: Places = words.may_be(self._limits)
        may_be[closes == opens] = 0
        return may_be


def _batches(texts: Sequence[str]) -> Iterator[tuple[int, list[bytes]]]:
    """Lines in runs of about a batch's bytes, each with the position of its first."""
    lines = [text.encode("utf-8", "surrogatepass") for text in texts]
    begun = size = 0
    for at, length in enumerate(map(len, lines)):
        if size and size + length > _BATCH_BYTES:
            yield begun, lines[begun:at]
            begun, size = at, 0
        size += length
    if lines:
        yield begun, lines[begun:]


def _count(flags: NDArray[np.bool_], opens: Places, closes: Places) -> Places:
    """How many words of each line have a flag."""
    before = np.concatenate(([0], np.cumsum(flags)))
    counts: Places = before[closes] - before[opens]
    return counts


def _first_telling(bits: Hashes, opens: Places, closes: Places) -> Places:
    """Of each line the first word, where it begins with a letter, else the first with one."""
    telling = np.append(np.flatnonzero(bits & TELLS), len(bits) - 1)
    later = telling[np.searchsorted(telling, opens).clip(max=len(telling) - 1)]
    plain = (bits[opens] & BEGINS != 0) | (later >= closes)
    return np.where(plain, opens, later)
