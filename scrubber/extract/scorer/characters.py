"""Counting kinds of characters in many texts at once.

Language-free: the kinds come from Unicode's own classes, so that Chinese, Arabic and English texts
are described by the same numbers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np

KINDS: Final = (
    "space", "lower", "upper", "dense", "digit",
    "end", "comma", "quote", "mark", "currency", "other",
)  # fmt: skip
SPACE, LOWER, UPPER, DENSE, DIGIT, END, COMMA, QUOTE, MARK, CURRENCY, OTHER = range(11)

_ENDS: Final = ".!?…。！？｡؟۔।॥።：:"
_COMMAS: Final = ",;、，；،؛"
_QUOTES: Final = "\"'’‘“”«»„「」『』()（）"
_DENSE: Final = (  # scripts in which a character is worth about half a word
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
)  # fmt: skip


@cache
def table() -> np.ndarray:
    """Kind of each code point of the basic plane; shape (65536,), uint8."""
    by_category = {
        "Lu": UPPER, "Lt": UPPER, "Ll": LOWER, "Lo": LOWER, "Lm": LOWER, "Mn": LOWER, "Mc": LOWER,
        "Nd": DIGIT, "No": DIGIT, "Nl": DIGIT, "Zs": SPACE, "Cc": SPACE, "Sc": CURRENCY,
        "Po": MARK, "Ps": MARK, "Pe": MARK, "Pd": MARK, "Pc": MARK, "Sm": MARK, "So": MARK,
    }  # fmt: skip
    categories = map(unicodedata.category, map(chr, range(65536)))
    kinds = np.array([by_category.get(category, OTHER) for category in categories], np.uint8)
    for characters, kind in ((_ENDS, END), (_COMMAS, COMMA), (_QUOTES, QUOTE)):
        kinds[[ord(c) for c in characters]] = kind
    for low, high in _DENSE:
        letters = kinds[low : high + 1]
        letters[letters == LOWER] = DENSE
    return kinds


def count_kinds(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts per text and kind, shape (n, len(KINDS)); kinds of first and last characters.

    Texts must not be empty.
    """
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = table().take(codes, mode="clip")  # beyond the plane as its last, which is no character
    owner = np.repeat(np.arange(len(texts), dtype=np.int64) * len(KINDS), lengths)
    counts = np.bincount(owner + kinds, minlength=len(texts) * len(KINDS))
    ends = np.cumsum(lengths)
    return counts.reshape(len(texts), len(KINDS)), kinds[ends - lengths], kinds[ends - 1]
