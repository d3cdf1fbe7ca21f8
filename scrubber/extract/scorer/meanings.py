"""What the words of a segment are about: the mean of its words' vectors.

Annotators judge by meaning where structure says nothing: the entries of a list may be its content
or its advertisement. 1,500 pages teach no meanings, so those of some 20,000 frequent words, nearly
all English, were taken from a sentence encoder, one word at a time (`meanings_train` says how);
frequent words weigh less (after Arora et al. 2017, "A simple but tough-to-beat baseline for
sentence embeddings"). Words of other languages are mostly unknown and count as no meaning, and
the share of known words tells the net how far to listen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, repeat
from typing import Final

import numpy as np

DIMENSIONS: Final = 32
CHARS: Final = 200  # of a segment that are read; what it is about shows soon
find_words: Final = re.compile(r"\w+").findall
Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Meanings:
    """rows: word -> its row in `vectors`, shape (1 + words, DIMENSIONS + 1): what it is about, then
    1. The first row, of any unknown word, is zero.
    """

    rows: Mapping[str, int]
    vectors: Array

    def of(self, texts: Sequence[str]) -> Array:
        """Mean over the known words of each text, drawn towards zero where they are few, and the
        share of its words that are known: shape (DIMENSIONS + 1, texts).
        """
        words = [find_words(text[:CHARS].lower()) for text in texts]
        for found in words:
            found.append("")  # so that every text has a row to begin at
        counts = np.fromiter(map(len, words), int, len(words))
        flat = chain.from_iterable(words)
        rows = np.fromiter(map(self.rows.get, flat, repeat(0)), int, int(counts.sum()))
        starts = counts.cumsum() - counts
        means = np.add.reduceat(self.vectors.take(rows, axis=0), starts, axis=0).T
        known = means[-1].copy()
        means /= known + 1
        means[-1] = known / np.maximum(counts - 1, 1)
        return np.asarray(means)


@cache
def load_meanings() -> Meanings:
    """The shipped vectors; read once, when the first page comes."""
    with (files("scrubber.extract.scorer") / "meanings.npz").open("rb") as file:
        stored = np.load(file, allow_pickle=False)
        words = stored["words"].tobytes().decode().split("\n")
        scale, small, weights = stored["scale"], stored["vectors"], stored["weights"]
    vectors = np.zeros((len(words) + 1, DIMENSIONS + 1), np.float32)
    vectors[1:, :-1] = small * scale * weights[:, None]
    vectors[1:, -1] = 1.0
    return Meanings({word: row for row, word in enumerate(words, 1)}, vectors)
