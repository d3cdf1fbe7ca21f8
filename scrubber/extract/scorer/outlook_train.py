"""Training the page type and the confidence; for training only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_array, vstack

from scrubber.extract.scorer.outlook import TYPES, Outlook, trust_numbers

MIN_DOMAINS: Final = 8
DECAY: Final = 0.05
SIGN_DECAY: Final = 0.0005
STEPS: Final = 400
Array = np.ndarray


@dataclass(slots=True)
class PageCase:
    """One page left out by the nets that scored it. good: its word F1 was at least 0.9. is_ours:
    written for this project.
    """

    summary: Array
    signs: set[str]
    domain: str
    page_type: str
    probabilities: Array
    counts: Array
    good: bool
    is_ours: bool


def train_outlook(cases: Sequence[PageCase], inner: Sequence[int]) -> Outlook:
    """Fit both models; inner: a fold per case, so that the confidence sees honest types.

    The confidence is about pages as annotators judge them: our own pages teach the types alone.
    """
    types = np.zeros((len(cases), len(TYPES)))
    for fold in sorted(set(inner)):
        part = _train_types([c for c, f in zip(cases, inner, strict=True) if f != fold])
        for row, (case, at) in enumerate(zip(cases, inner, strict=True)):
            if at == fold:
                types[row] = part.type_probabilities(case.summary, case.signs)
    whole = _train_types(cases)
    judged = [(c, t) for c, t in zip(cases, types, strict=True) if not c.is_ours]
    numbers = np.stack([trust_numbers(c.probabilities, c.counts, t) for c, t in judged])
    good = np.array([[c.good, not c.good] for c, _ in judged], float)
    weights, bias = _softmax_regression([numbers], good, np.full(numbers.shape[1], 0.002))
    return Outlook(
        whole.signs, whole.mean, whole.scale, whole.types, whole.type_bias,
        weights[:, 0] - weights[:, 1], np.array([bias[0] - bias[1]]),
    )  # fmt: skip


def _known_signs(cases: Sequence[PageCase]) -> dict[str, int]:
    domains: dict[str, set[str]] = defaultdict(set)
    for case in cases:
        for sign in case.signs:
            domains[sign].add(case.domain)
    known = sorted(sign for sign, seen in domains.items() if len(seen) >= MIN_DOMAINS)
    return {sign: column for column, sign in enumerate(known)}


def _train_types(cases: Sequence[PageCase]) -> Outlook:
    """Softmax regression; every page three times: all its signs, half of them, none."""
    signs = _known_signs(cases)
    summaries = np.stack([case.summary for case in cases])
    mean, scale = summaries.mean(axis=0), 1 / (summaries.std(axis=0) + 1e-3)
    plain = np.clip((summaries - mean) * scale, -4, 4)
    marks = np.zeros((len(cases), len(signs)))
    for row, case in enumerate(cases):
        marks[row, [signs[sign] for sign in case.signs if sign in signs]] = 1
    kept = np.random.default_rng(0).random(marks.shape) < 0.5
    # A page has a hundred of some thousand signs: sparse, they cost a tenth of the time.
    shown = vstack([csr_array(m) for m in (marks, marks * kept, marks * 0)], format="csr")
    x = [np.tile(plain, (3, 1)), shown]
    y = np.tile(np.eye(len(TYPES))[[TYPES.index(c.page_type) for c in cases]], (3, 1))
    decay = np.concatenate((np.full(plain.shape[1], DECAY), np.full(len(signs), SIGN_DECAY)))
    weights, bias = _softmax_regression(x, y, decay)
    none = np.zeros(1)
    return Outlook(signs, mean, scale, weights, bias, none, none)


def _softmax_regression(
    x: Sequence[Array | csr_array], y: Array, decay: Array
) -> tuple[Array, Array]:
    """Multinomial logistic regression by Adam on all rows; decay: squared-norm penalty a column.

    x: the columns in parts, some of which may be sparse.
    """
    weights, bias = np.zeros((len(decay), y.shape[1])), np.zeros(y.shape[1])
    parts = np.split(weights, np.cumsum([part.shape[1] for part in x])[:-1])  # views
    first = [np.zeros_like(weights), np.zeros_like(bias)]
    second = [np.zeros_like(weights), np.zeros_like(bias)]
    for step in range(1, STEPS + 1):
        logits = sum(part @ w for part, w in zip(x, parts, strict=True)) + bias
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        error = (odds / odds.sum(axis=1, keepdims=True) - y) / len(y)
        slope = np.concatenate([part.T @ error for part in x])
        gradients = (slope + decay[:, None] * weights, error.sum(axis=0))
        rate = 0.05 * (1 - step / (STEPS + 1))
        for at, (target, g) in enumerate(zip((weights, bias), gradients, strict=True)):
            first[at] = 0.9 * first[at] + 0.1 * g
            second[at] = 0.99 * second[at] + 0.01 * g * g
            m, v = first[at] / (1 - 0.9**step), second[at] / (1 - 0.99**step)
            target -= rate * m / (np.sqrt(v) + 1e-8)
    return weights, bias
