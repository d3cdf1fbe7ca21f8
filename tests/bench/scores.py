"""How an extraction is scored against its annotation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class PageScore:
    """One page's figures. Word scores are `None` where the page has no full truth.

    present_found of present and absent_found of absent count snippets.
    """

    page_type: str
    f1: float | None
    precision: float | None
    recall: float | None
    present: int
    present_found: int
    absent: int
    absent_found: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Mean figures of many pages; 0..1. `snippet_f1` is over the counts of all snippets."""

    pages: int
    f1: float
    precision: float
    recall: float
    with_rate: float  # of the snippets that must be there, the share that is
    without_left: float  # of the snippets that must not be there, the share that is
    snippet_f1: float


def score_page(
    text: str, truth: str | None, present: Sequence[str], absent: Sequence[str], page_type: str
) -> PageScore:
    """Score one extracted text. Words are lower-cased runs of `\\w`, compared as multisets."""
    precision, recall, f1 = word_scores(text, truth) if truth is not None else (None,) * 3
    folded = _fold(text)
    return PageScore(
        page_type=page_type,
        f1=f1,
        precision=precision,
        recall=recall,
        present=len(present),
        present_found=sum(_fold(snippet) in folded for snippet in present),
        absent=len(absent),
        absent_found=sum(_fold(snippet) in folded for snippet in absent),
    )


def word_scores(text: str, truth: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of the words of `text` against those of `truth`."""
    found, wanted = Counter(_WORD.findall(text.lower())), Counter(_WORD.findall(truth.lower()))
    if not found or not wanted:
        same = float(not found and not wanted)
        return same, same, same
    shared = (found & wanted).total()
    precision, recall = shared / found.total(), shared / wanted.total()
    f1 = 2 * precision * recall / (precision + recall) if shared else 0.0
    return precision, recall, f1


def summarise(scores: Iterable[PageScore]) -> Summary:
    """Means over pages for word scores, ratios of counts for snippets."""
    scores = list(scores)
    worded = [score for score in scores if score.f1 is not None]
    present = sum(score.present for score in scores)
    present_found = sum(score.present_found for score in scores)
    absent_found = sum(score.absent_found for score in scores)
    absent = sum(score.absent for score in scores)
    wrong = absent_found + (present - present_found)
    return Summary(
        pages=len(scores),
        f1=_mean(score.f1 for score in worded),
        precision=_mean(score.precision for score in worded),
        recall=_mean(score.recall for score in worded),
        with_rate=present_found / present if present else 0.0,
        without_left=absent_found / absent if absent else 0.0,
        snippet_f1=2 * present_found / (2 * present_found + wrong) if present_found else 0.0,
    )


def _mean(values: Iterable[float | None]) -> float:
    known = [value for value in values if value is not None]
    return fmean(known) if known else 0.0


def _fold(text: str) -> str:
    return " ".join(text.split())
