"""Weighing candidates: a log-linear model per field whose weights are readable data.

Titles and dates are chosen among a page's candidates and "none of them" (a softmax whose last
score is zero); of authors each list is judged by itself, since lists share names.

`weights.json` holds for each field the weight of each named feature (learned by `train.py`), a
threshold below which the page is taken not to say, and the calibration that maps raw scores to
probabilities. A source that the weights do not know counts like its family.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

_SHARED: Final = 0.45  # least probability of the better of two days that ...
_TOGETHER: Final = 0.8  # ... together are this likely: one of them is right, one moment mostly
WEIGHTS: Final = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Model:
    """weights: by feature name. threshold: least probability, 0..1, of a value worth stating.

    calibration: (raw probability, observed share) points of a rising curve, linear between.
    alone: whether each candidate is judged by itself instead of against the others.
    """

    weights: Mapping[str, float]
    bias: float
    threshold: float
    calibration: Sequence[tuple[float, float]] = ((0.0, 0.0), (1.0, 1.0))
    alone: bool = False

    def scores(self, rows: Sequence[Mapping[str, float]]) -> list[float]:
        """Raw probability, 0..1, that each of a page's candidates is right, by their features."""
        odds = [math.exp(max(-30.0, min(30.0, self._sum(features)))) for features in rows]
        if self.alone:
            return [one / (1 + one) for one in odds]
        every = 1 + sum(odds)
        return [one / every for one in odds]

    def _sum(self, features: Mapping[str, float]) -> float:
        weights = self.weights
        return self.bias + sum(
            weights[name] * value for name, value in features.items() if value and name in weights
        )

    def is_worth_stating(self, scores: Sequence[float]) -> bool:
        """Whether the first of a page's scores, best first, is likely enough to be the value."""
        best = max(scores, default=0.0)
        if best >= self.threshold:
            return True
        return not self.alone and best >= _SHARED and sum(scores) >= _TOGETHER

    def confidence(self, score: float) -> float:
        """The calibrated probability, 0..1, behind a raw score."""
        points = self.calibration
        place = bisect_right([point[0] for point in points], score)
        if place == 0:
            return points[0][1]
        if place == len(points):
            return points[-1][1]
        (x0, y0), (x1, y1) = points[place - 1], points[place]
        return y0 + (y1 - y0) * (score - x0) / (x1 - x0)


@cache
def models(path: Path = WEIGHTS) -> Mapping[str, Model]:
    """The model of each ranked field."""
    table: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return {
        name: Model(
            weights=entry["weights"],
            bias=entry["bias"],
            threshold=entry["threshold"],
            calibration=tuple((x, y) for x, y in entry["calibration"]),
            alone=entry["alone"],
        )
        for name, entry in table.items()
    }
