"""Learning what unknown lines are likely to be; for training only.

`tests/bench/guess_training.py` puts the examples together and writes `guesses.npz`: the same
examples give the same weights.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize

from scrubber.lexicon.guess import ORDINARY, Guesser

LEAST_COUNT: Final = 3  # examples of a feature that is kept
RIDGE: Final = 1.0
ROUNDS: Final = 80
LANGUAGE_WEIGHT: Final = 1500  # examples that a language weighs at most
ORDINARY_WEIGHT: Final = 1.5  # of ordinary lines beside all residue of a language
FEW_WEIGHT: Final = 0.1  # of an example where a language has only residue, or none


class Example(NamedTuple):
    """A line: its language, its family or `ORDINARY`, and its features."""

    language: str
    family: str
    features: frozenset[str]


def train(examples: Sequence[Example]) -> Guesser:
    """Multinomial logistic regression, in which residue and ordinary text of a language weigh
    nearly the same, so that a language says nothing."""
    counts = Counter(name for example in examples for name in example.features)
    names = sorted(name for name, count in counts.items() if count >= LEAST_COUNT)
    classes = [ORDINARY, *sorted({example.family for example in examples} - {ORDINARY})]
    known = {name: at for at, name in enumerate(names)}
    rows = _matrix([example.features for example in examples], known)
    labels = np.array([classes.index(example.family) for example in examples])
    weights = _fit(rows, labels, _weights(examples), len(classes))
    return Guesser(known, weights.astype(np.float16).astype(np.float32), classes)


def _matrix(lines: Iterable[Iterable[str]], known: dict[str, int]) -> sparse.csr_matrix:
    columns, ends = [], [0]
    for features in lines:
        columns += sorted(known[name] for name in features if name in known)
        ends.append(len(columns))
    ones = np.ones(len(columns))
    return sparse.csr_matrix((ones, columns, ends), shape=(len(ends) - 1, len(known)))


def _weights(examples: Sequence[Example]) -> NDArray[np.float64]:
    """What each example weighs, 1 on average."""
    kinds = [(example.language, example.family == ORDINARY) for example in examples]
    counts = Counter(kinds)
    weights = np.full(len(examples), FEW_WEIGHT)
    for at, (language, is_ordinary) in enumerate(kinds):
        residue, ordinary = counts[language, False], counts[language, True]
        if residue and ordinary:
            total = min(residue, 3 * ordinary, LANGUAGE_WEIGHT)
            weights[at] = total / (ordinary if is_ordinary else residue)
            weights[at] *= ORDINARY_WEIGHT if is_ordinary else 1
    scaled: NDArray[np.float64] = weights / weights.mean()
    return scaled


def _fit(
    rows: sparse.csr_matrix, labels: NDArray[np.int64], weights: NDArray[np.float64], classes: int
) -> NDArray[np.float64]:
    """Weights of shape (features + 1, classes)."""
    count, width = rows.shape
    columns = rows.T.tocsr()
    truth = np.eye(classes)[labels]

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        table = flat.reshape(width + 1, classes)
        scores = rows @ table[:-1] + table[-1]
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        sums = shares.sum(axis=1, keepdims=True)
        told = scores[np.arange(count), labels] - np.log(sums[:, 0])
        slope = (shares / sums - truth) * weights[:, None]
        value = -(weights @ told) + RIDGE / 2 * (table[:-1] ** 2).sum()
        steps = np.vstack([columns @ slope + RIDGE * table[:-1], slope.sum(axis=0)])
        return float(value), steps.ravel()

    start = np.zeros((width + 1) * classes)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS})
    table: NDArray[np.float64] = found.x.reshape(width + 1, classes)
    return table
