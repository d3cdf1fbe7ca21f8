"""Learn the weights of titles, authors and dates: `python -m scrubber.extract.metadata.train DATA`.

DATA is the folder that holds `wcxb-dev` (WCXB, Foley 2026, CC BY 4.0). Article pages are read as
they are and once more without their scripts; each candidate value is labelled right or wrong
against the annotation, and a log-linear model with an L2 penalty is fitted per field by Newton's
method: a choice among the page's candidates and none, for authors each by itself. Same data, same
weights, byte for byte. Figures for pages of left-out domains:
`python tests/bench/metadata_scores.py --cv`.

Tried on the dates and not kept, all on the same folds: boosted trees over the same features (right
and precise on the same pages within a point), pooled names of meta tags, a feature for days that
only `WebPage` tells, products with "one source", a day told in UTC as a witness for the day before
or after that the page shows, labels only just before the date. What limits the dates is the
annotation: on some twenty pages it holds the day that the page itself calls modified, and for 7 of
100 dated pages, of the stripped ones 18, no source claims the annotated day as that of publication;
a lower threshold finds two pages in 100 more and states a day on four undated ones of 62 more. On
some thirty of the pages without a right day the only day shown is called updated; where a moment is
another day in UTC, the annotation mostly holds that one instead of the local day.

Of the confidence not kept: pages shown once more without what only machines are told, and without
marked elements too. With such pages learned or not, 97 to 100 % of the sure values were right on
them, so what makes a value less sure on other sites is not that sources are missing; but as saved
fewer days were right. A lower bound of the share right (by one standard error) in place of the
share itself made a quarter of the sure titles unsure, and those left no more often right.

Of the authors not kept: "Author:" and "Contributors:" at a page's end as a source of their own,
which is too rare to be told from "Written by".
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from scrubber.extract.metadata import read_claims
from scrubber.extract.metadata.candidates import Candidate, Features
from scrubber.extract.metadata.names import read_names
from scrubber.extract.metadata.persons import name_key
from scrubber.extract.metadata.ranker import WEIGHTS, Model
from scrubber.extract.metadata.resolver import feature_rows
from scrubber.extract.metadata.titles import title_key
from scrubber.extract.metadata.view import View
from scrubber.extract.tree import Tree
from scrubber.models import Claim

FIELDS: Final = ("title", "authors", "published")
FOLDS: Final = 5
_PENALTY: Final = {"title": 7.0, "authors": 10.0, "published": 2.0}  # by cross-validation
_THRESHOLDS: Final = {"title": 0.05, "authors": 0.54, "published": 0.52}
_ALONE: Final = frozenset({"authors"})  # as a choice, fewer names were found and more invented
_SURE: Final = 0.98  # share right that a confidence of 0.9 or more promises
_BINS: Final = 12  # of the calibration; with eight, dates and authors were too coarse to keep it
_NOT_SURE: Final = 0.89
_RARE: Final = 4  # features seen on fewer candidates are left to their family
_STEPS: Final = 30  # of Newton's method at most
_STILL: Final = 1e-6  # a step in which no weight moves further is the last
_SCRIPT: Final = re.compile(r"(?is)<script\b.*?</script\s*>")

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Row = tuple[Candidate, Features]


@dataclass(frozen=True, slots=True)
class Example:
    """One page's candidates of one field with what is right."""

    domain: str
    rows: list[Row]
    labels: list[bool]
    truth: Any
    keeps_scripts: bool = True
    page: str = ""

    @property
    def fold(self) -> int:
        return fold_of(self.domain)


def fold_of(domain: str) -> int:
    """The fold of all pages of a domain, 0..FOLDS - 1; the same in every run."""
    return zlib.crc32(domain.encode()) % FOLDS


# ---- what counts as right ---------------------------------------------------------------------


def title_right(value: str, truth: str) -> bool:
    """Equal but for case, kinds of quotes and dashes, and white space."""
    return title_key(value) == title_key(truth)


def truth_names(truth: str) -> list[str]:
    """The names in an annotation, which writes them as the page does."""
    return [name_key(author.name) for author in read_names(truth)] or [name_key(truth)]


def same_name(one: str, other: str) -> bool:
    """Whether two name keys mean the same: equal, run together, or one with a middle name more."""
    first, second = set(one.split()), set(other.split())
    if first == second or one.replace(" ", "") == other.replace(" ", ""):
        return True
    shared = first & second
    return len(shared) >= 2 and shared in (first, second)


def count_names(value: Sequence[Any], truth: str) -> tuple[int, int, int]:
    """Names claimed, names in the truth, and how many of them are the same."""
    wanted = truth_names(truth)
    left = list(wanted)
    found = 0
    for author in value:
        match = next((name for name in left if same_name(name_key(author.name), name)), None)
        if match is not None:
            left.remove(match)
            found += 1
    return len(value), len(wanted), found


def authors_right(value: Sequence[Any], truth: str) -> bool:
    """Exactly the people that the annotation names."""
    claimed, wanted, found = count_names(value, truth)
    return claimed == wanted == found


def date_right(value: Any, truth: str) -> bool:
    """The same day, or month where the annotation knows no more."""
    return bool(value.value[: len(truth)] == truth)


_RIGHT: Final[dict[str, Callable[[Any, str], bool]]] = {
    "title": title_right,
    "authors": authors_right,
    "published": date_right,
}


# ---- examples ---------------------------------------------------------------------------------


def examples(data: Path) -> dict[str, list[Example]]:
    """Every article page's candidates, labelled, by field: as saved and stripped of scripts."""
    found: dict[str, list[Example]] = {name: [] for name in FIELDS}
    for page, url, html, truth in _pages(data / "wcxb-dev"):
        variants = [html, _SCRIPT.sub("", html)] if "<script" in html.lower() else [html]
        for place, variant in enumerate(variants):
            view = View(Tree(variant), url)
            by_field: dict[str, list[Claim]] = {}
            for claim in read_claims(view):
                by_field.setdefault(claim.field, []).append(claim)
            rows = feature_rows(by_field, view)
            for name in FIELDS:
                wanted = truth[name]
                labels = [
                    wanted is not None and _RIGHT[name](c.value, wanted) for c, _ in rows[name]
                ]
                keeps = place == 0 and len(variants) == 2
                host = (urlsplit(url).hostname or page).removeprefix("www.")
                found[name].append(
                    Example(host, rows[name], labels, wanted, keeps, page if place == 0 else "")
                )
    return found


def _pages(folder: Path) -> Iterator[tuple[str, str, str, dict[str, str | None]]]:
    for path in sorted((folder / "ground-truth").glob("*.json")):
        record = json.loads(path.read_bytes())
        if record["_internal"]["page_type"]["primary"] != "article":
            continue
        html = gzip.decompress((folder / "html" / f"{path.stem}.html.gz").read_bytes())
        said = record["ground_truth"]
        truth = {
            "title": said.get("title") or None,
            "authors": said.get("author") or None,
            "published": said.get("publish_date") or None,
        }
        yield path.stem, record.get("url") or "", html.decode("utf-8", "replace"), truth


# ---- fitting ----------------------------------------------------------------------------------


def fit(field: str, found: Sequence[Example]) -> Model:
    """The model of one field; its calibration comes from folds that it did not see."""
    names = _feature_names(found)
    held: list[tuple[float, bool]] = []
    for fold in range(FOLDS):
        part = _fit_raw(field, [e for e in found if e.fold != fold], names)
        held += [pair for e in found if e.fold == fold and (pair := top(part, e)) is not None]
    model = _fit_raw(field, found, names)
    return replace(model, calibration=calibrate(held, _SURE))


def top(model: Model, example: Example) -> tuple[float, bool] | None:
    """Score and rightness of the best candidate."""
    scores = model.scores([features for _, features in example.rows])
    scored = list(zip(scores, example.labels, strict=True))
    return max(scored, key=lambda pair: pair[0]) if scored else None


def _feature_names(found: Sequence[Example]) -> list[str]:
    counts: dict[str, int] = {}
    for example in found:
        for _, features in example.rows:
            for name, value in features.items():
                counts[name] = counts.get(name, 0) + bool(value)
    return sorted(name for name, count in counts.items() if count >= _RARE)


def _fit_raw(field: str, found: Sequence[Example], names: list[str]) -> Model:
    place = {name: number for number, name in enumerate(names)}
    rows = [features for example in found for _, features in example.rows]
    matrix = np.zeros((len(rows), len(names) + 1))
    matrix[:, -1] = 1.0
    for line, features in enumerate(rows):
        for name, value in features.items():
            if name in place:
                matrix[line, place[name]] = value
    weights = _newton(matrix, _shares(field, found), _pages_of_rows(field, found), _PENALTY[field])
    named = {name: round(float(weight), 3) for name, weight in zip(names, weights, strict=False)}
    bias = round(float(weights[-1]), 3)
    return Model(named, bias, _THRESHOLDS[field], alone=field in _ALONE)


def _shares(field: str, found: Sequence[Example]) -> Floats:
    """What each row should win of its page: 1, or its part where several are right, or 0."""
    winners = [1 if field in _ALONE else max(1, sum(e.labels)) for e in found]
    pairs = zip(found, winners, strict=True)
    return np.array([right / count for e, count in pairs for right in e.labels])


def _pages_of_rows(field: str, found: Sequence[Example]) -> Integers:
    """The number of each row's page; every row has one to itself where it is judged alone."""
    if field in _ALONE:
        return np.arange(sum(len(example.rows) for example in found))
    filled = [example for example in found if example.rows]
    return np.repeat(np.arange(len(filled)), [len(example.rows) for example in filled])


def _newton(matrix: Floats, shares: Floats, pages: Integers, penalty: float) -> Floats:
    """The weights of a choice among each page's rows and none of them, damped Newton steps.

    An L2 penalty on all but the bias (the last column). Where each row has a page to itself this
    is logistic regression.
    """
    weights = np.zeros(matrix.shape[1])
    ridge = np.full(matrix.shape[1], penalty)
    ridge[-1] = 1e-6
    starts = np.flatnonzero(np.diff(pages, prepend=-1))

    def lose(weights: Floats) -> tuple[float, Floats]:
        sums = np.clip(matrix @ weights, -30, 30)
        odds = np.exp(sums)
        every = 1 + np.add.reduceat(odds, starts)
        loss = np.log(every).sum() - shares @ sums + 0.5 * ridge @ weights**2
        return float(loss), odds / every[pages]

    loss, chance = lose(weights)
    for _ in range(_STEPS):
        likely = matrix * chance[:, None]
        means = np.add.reduceat(likely, starts, axis=0)
        slope = matrix.T @ (chance - shares) + ridge * weights
        curve = matrix.T @ likely - means.T @ means + np.diag(ridge + 1e-6)
        step, before = np.linalg.solve(curve, slope), loss
        loss, chance = lose(weights - step)
        while loss > before and np.abs(step).max() > _STILL:
            step /= 2
            loss, chance = lose(weights - step)
        weights = weights - step
        if np.abs(step).max() < _STILL:
            break
    return weights


def calibrate(
    pairs: Sequence[tuple[float, bool]], sure: float = 0.0, bins: int = _BINS
) -> tuple[tuple[float, float], ...]:
    """Points of a rising curve from score to share right: equal bins, then pooled to rise."""
    ordered = sorted(pairs)
    blocks: list[list[float]] = []  # sum of scores, sum right, count
    for chunk in np.array_split(np.arange(len(ordered)), bins):
        if len(chunk) == 0:
            continue
        blocks.append(
            [sum(ordered[i][0] for i in chunk), sum(ordered[i][1] for i in chunk), len(chunk)]
        )
        while len(blocks) > 1 and blocks[-1][1] / blocks[-1][2] < blocks[-2][1] / blocks[-2][2]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    return _with_sure_top(blocks, sure)


def _with_sure_top(
    blocks: Sequence[Sequence[float]], sure: float
) -> tuple[tuple[float, float], ...]:
    """The curve's points, 0.9 and more only where that share of the values from there on is right.

    Who keeps values of 0.9 and more wants nearly none wrong; the share right of those alone is
    lower where the curve passes 0.9. What lies between is said to be a little less sure than it is.
    """
    start, right, count = len(blocks), 0.0, 0.0
    for place in range(len(blocks) - 1, -1, -1):
        right, count = right + blocks[place][1], count + blocks[place][2]
        if right < sure * count:
            break
        start = place
    points: list[tuple[float, float]] = []
    for place, (scores, rights, size) in enumerate(blocks):
        score, share = scores / size, rights / size
        if place == start and points:  # no slope from the lower block up through 0.9
            points.append((round((points[-1][0] + score) / 2, 4), _NOT_SURE))
        points.append(
            (round(score, 4), round(share if place >= start else min(share, _NOT_SURE), 4))
        )
    return tuple(points)


# ---- in and out -------------------------------------------------------------------------------


def held_out(field: str, found: Sequence[Example]) -> Iterator[tuple[Example, Model]]:
    """Each example with a model that saw no page of its domain."""
    for fold in range(FOLDS):
        model = fit(field, [e for e in found if e.fold != fold])
        yield from ((example, model) for example in found if example.fold == fold)


def models_without(found: Mapping[str, Sequence[Example]], fold: int) -> dict[str, Model]:
    """The models of all fields, learned without one fold's domains."""
    return {name: fit(name, [e for e in found[name] if e.fold != fold]) for name in FIELDS}


def write(fitted: dict[str, Model], path: Path = WEIGHTS) -> None:
    """Write the weights as readable JSON."""
    table = {
        name: {
            "threshold": model.threshold,
            "bias": model.bias,
            "alone": model.alone,
            "calibration": [list(point) for point in model.calibration],
            "weights": dict(sorted(model.weights.items())),
        }
        for name, model in fitted.items()
    }
    path.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", "utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="train", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args(argv)
    found = examples(arguments.data)
    write({name: fit(name, found[name]) for name in FIELDS}, arguments.out)
    sys.stdout.write(f"wrote {arguments.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
