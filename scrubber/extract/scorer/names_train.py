"""Learning what names in the markup say about content; for training only."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

import numpy as np

from scrubber.extract.scorer.corpus import Sample
from scrubber.extract.scorer.vocabulary import Vocabulary, names_of, words_of

MIN_DOMAINS: Final = 3
PRIOR: Final = 0.45  # share of content under an average name
WEIGHT: Final = 3.0  # of the prior, in domains

Shares = dict[str, float]


def shares_of(sample: Sample) -> tuple[Shares, Shares]:
    """Per name and per tag on one page: which share of the words below it is content."""
    counts = np.concatenate(([0.0], np.cumsum(sample.counts)))
    hits = np.concatenate(([0.0], np.cumsum(sample.hits)))
    names: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    tags: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    segments = sample.segments
    for number, attributes in enumerate(sample.tree.attrs):
        first, last = segments.firsts[number], segments.lasts[number]
        count, hit = counts[last] - counts[first], hits[last] - hits[first]
        if not count:
            continue
        entries = [tags[sample.tree.tags[number]]]
        entries += [names[name] for name in _names(attributes)]
        for entry in entries:
            entry[0] += hit
            entry[1] += count
    return tuple({k: a / b for k, (a, b) in t.items()} for t in (names, tags))  # type: ignore[return-value]


def _names(attributes: object) -> Iterable[str]:
    get = attributes.get  # type: ignore[attr-defined]
    words = words_of(*map(get, ("class", "id", "role", "itemprop")))
    return {name for w in words for name in ((w,) if "=" in w else names_of(w))}


def learn_names(samples: Iterable[tuple[Sample, tuple[Shares, Shares]]]) -> Vocabulary:
    """Smoothed log-odds per name and tag, every domain one vote."""
    votes: tuple[dict[str, dict[str, list[float]]], ...] = (defaultdict(dict), defaultdict(dict))
    for sample, tables in samples:
        for vote, table in zip(votes, tables, strict=True):
            for name, share in table.items():
                vote[name].setdefault(sample.domain, []).append(share)
    names, tags = (
        {name: _odds(d) for name, d in sorted(vote.items()) if len(d) >= MIN_DOMAINS}
        for vote in votes
    )
    return Vocabulary(names, tags)


def _odds(domains: dict[str, list[float]]) -> float:
    total = sum(sum(shares) / len(shares) for shares in domains.values())
    share = min(max((total + WEIGHT * PRIOR) / (len(domains) + WEIGHT), 0.01), 0.99)
    odds = math.log(share / (1 - share)) - math.log(PRIOR / (1 - PRIOR))
    return float(np.float16(odds))  # as it is stored, so that training sees what inference sees
