"""The page as a whole: which type it is, and how far the choice can be trusted.

Both are linear models over a summary of the page: the mean of its features, their mean over what
is probably content, and the presence of signs that pages give away about themselves (words of the
address, of title and description, `og:type`, schema.org types, class names of `html` and `body`,
whole short texts such as "Add to cart"). The signs were dropped at random in training: archives
strip scripts, callers may not know the address, and a page in another language has few known ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

import numpy as np

from scrubber.extract.tree import Tree
from scrubber.models import PageType

Array = np.ndarray
TYPES: Final[tuple[PageType, ...]] = get_args(PageType)
_SCHEMA_TYPE: Final = re.compile(r'"@type"\s*:\s*\[?\s*"(?:https?://schema\.org/)?(\w{2,30})"')
_WORD: Final = re.compile(r"[A-Za-z]{1,24}")
_SPOKEN: Final = re.compile(r"[^\W\d_]{2,}")
_MAX_SCRIPT: Final = 50_000  # characters looked at
_MAX_SPOKEN: Final = 1_000
_LABEL_CHARS: Final = 40  # longer texts are rarely the same on two sites


@dataclass(frozen=True, slots=True)
class Outlook:
    """signs: known sign -> its column. mean, scale: of the summary. types: (columns, 7).

    trust: weights of the logistic model of P(F1 >= 0.9) over `trust_numbers`.
    """

    signs: Mapping[str, int]
    mean: Array
    scale: Array
    types: Array
    type_bias: Array
    trust: Array
    trust_bias: Array

    def type_probabilities(self, summary: Array, signs: Iterable[str]) -> Array:
        """Probability of each of TYPES, shape (7,)."""
        logits = np.clip((summary - self.mean) * self.scale, -4, 4) @ self.types[: len(summary)]
        # Sorted: a set is in another order in every run, and the sum would differ in its last bits.
        rows = sorted(len(summary) + self.signs[sign] for sign in signs if sign in self.signs)
        logits = logits + self.types[rows].sum(axis=0) + self.type_bias
        odds = np.exp(logits - logits.max())
        return np.asarray(odds / odds.sum())

    def confidence(self, numbers: Array) -> float:
        return float(1 / (1 + np.exp(-(numbers @ self.trust + self.trust_bias[0]))))


def summarise(features: Array, probabilities: Array) -> Array:
    """Mean of the features over all segments and over what is probably content."""
    weight = probabilities + 1e-3
    return np.concatenate((features.mean(axis=0), weight @ features / weight.sum()))


def trust_numbers(probabilities: Array, counts: Array, types: Array) -> Array:
    """What the confidence is judged by: expected precision, recall and F1, doubt, size, type."""
    chosen = probabilities > 0.5
    counts = np.maximum(counts, 0.1)
    expected = counts * probabilities
    inside, total, size = expected[chosen].sum(), expected.sum(), counts[chosen].sum()
    precision, recall = inside / max(size, 0.1), inside / max(total, 0.1)
    f1 = 2 * inside / max(size + total, 0.1)
    doubt = (counts * probabilities * (1 - probabilities)).sum() / max(total, 0.1)
    cut = 0.1
    return np.array(
        [
            _logit(precision), _logit(recall), _logit(f1), precision, recall, f1,
            doubt, np.sqrt(doubt), np.log1p(size) / 5, min(np.log1p(size), 5) / 5,
            size / counts.sum(), float((np.abs(probabilities - 0.5) < cut).mean()),
            float(chosen.any()), np.log1p(len(counts)) / 5, *types,
        ]
    )  # fmt: skip


def _logit(share: float) -> float:
    share = min(max(float(share), 0.01), 0.99)
    return float(np.log(share / (1 - share))) / 4


def read_signs(tree: Tree, url: str | None, texts: Sequence[str]) -> set[str]:
    """What the page gives away about itself, as strings such as `og:article` or `path:forum`.

    texts: of its segments.
    """
    signs = {f"og:{value.partition(' ')[0][:30]}" for value in _metas(tree, "og:type")}
    for number in tree.find("html", "body")[:2]:
        words = _WORD.findall(tree.attr(number, "class")[:300].lower())
        signs.update(f"{tree.tags[number]}:{word}" for word in words)
    signs.update(f"generator:{v.partition(' ')[0][:30]}" for v in _metas(tree, "generator"))
    for number in tree.find("script"):
        if "ld+json" in tree.attr(number, "type"):
            found = _SCHEMA_TYPE.findall(tree.raw_text(number)[:_MAX_SCRIPT])
            signs.update(f"schema:{name.lower()}" for name in found)
    return signs | _spoken_signs(tree, texts) | _address_signs(url or _canonical(tree))


def _spoken_signs(tree: Tree, texts: Sequence[str]) -> set[str]:
    """The words of title, first headings and description, and the short texts of the page."""
    titles = [tree.text(n) for n in (*tree.find("title")[:1], *tree.find("h1")[:2])]
    signs = {f"title:{word}" for word in _spoken(" ".join(titles))}
    signs.update(f"about:{word}" for word in _spoken(" ".join(_metas(tree, "description"))))
    signs.update([f"says:{text.lower()}" for text in texts if len(text) < _LABEL_CHARS])
    return signs


def _spoken(text: str) -> list[str]:
    return _SPOKEN.findall(text[:_MAX_SPOKEN].lower())


def _metas(tree: Tree, name: str) -> list[str]:
    return [
        tree.attr(number, "content").lower()
        for number in tree.find("meta")
        if name in (tree.attr(number, "property"), tree.attr(number, "name"))
    ]


def _canonical(tree: Tree) -> str:
    for number in tree.find("link"):
        if tree.attr(number, "rel").lower() == "canonical":
            return tree.attr(number, "href")
    return ""


def _address_signs(url: str) -> set[str]:
    host, _, path = url.partition("://")[2].partition("/")
    path = path.partition("?")[0].strip("/")
    signs = {f"host:{word.lower()}" for word in _WORD.findall(host)}
    signs |= {f"path:{word.lower()}" for word in _WORD.findall(path)}
    return signs | {f"steps:{min(path.count('/') + bool(path), 5)}"} if url else set()
