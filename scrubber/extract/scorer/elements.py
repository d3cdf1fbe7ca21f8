"""The page's elements as arrays: parents, names' verdicts, looks, counts inside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from scrubber.extract.hidden import is_hidden
from scrubber.extract.scorer.vocabulary import Vocabulary
from scrubber.extract.segments import Segments
from scrubber.extract.tree import Tree

Array = np.ndarray
LEVELS: Final = 14  # how far up the ancestors are looked at

COUNTED: Final = {
    "images": frozenset(["img", "picture", "video", "svg"]),
    "inputs": frozenset(["input", "button", "select", "textarea"]),
    "headings": frozenset(["h1", "h2", "h3", "h4", "h5", "h6"]),
}


@dataclass(slots=True)
class Elements:
    """Arrays over the tree's elements.

    parents: the root is its own parent here. firsts, lasts: the range of segments inside. above:
    numbers of the elements around each segment, nearest block first, shape (segments, LEVELS); the
    last column may repeat the root. look: number of the element's tag and classes, equal for
    elements that look the same. alike: siblings (itself included) that look the same. counted: how
    many elements of the COUNTED kinds stand inside, shape (kinds, elements). tag: row of the
    element's tag in `tags`.
    """

    parents: Array
    firsts: Array
    lasts: Array
    above: Array
    depth: Array
    look: Array
    alike: Array
    hidden: Array
    tag: Array
    tag_score: Array
    token_score: Array
    token_low: Array
    token_high: Array
    counted: Array
    tags: dict[str, int]


def read_elements(tree: Tree, segments: Segments, vocabulary: Vocabulary) -> Elements:
    """Look at every kind of start tag once, then spread what was found over the elements.

    Names are judged only around text: a third of a page's names stand on icons, images and empty
    boxes, and judging is the dearest step here. Those others have zeros.
    """
    parents = np.maximum(_integers(tree.parents), 0)
    kind = _integers(tree.kinds)
    above = _above(parents, segments)
    start_tags = tree.start_tags
    tags: dict[str, int] = {}
    tag = np.array([tags.setdefault(name, len(tags)) for name, _ in start_tags]).take(kind)
    # Ids differ between siblings that are alike: a look is the tag and the classes alone.
    looks: dict[tuple[str, str | None], int] = {}
    look = np.array(
        [looks.setdefault((name, a.get("class") or None), len(looks)) for name, a in start_tags]
    ).take(kind)
    hidden = np.zeros(len(start_tags))
    for number, (_, attributes) in enumerate(start_tags):
        if ("style" in attributes or "hidden" in attributes) and is_hidden(attributes):
            hidden[number] = 1.0
    _, group, counts = np.unique(
        parents * (len(looks) + 1) + look, return_inverse=True, return_counts=True
    )
    stops = np.searchsorted(_integers(tree.opens), _integers(tree.closes))
    near = np.bincount(kind.take(above).ravel(), minlength=len(start_tags))
    near += np.bincount(kind.take(segments.inners), minlength=len(start_tags))
    judged = _judged(tree, np.flatnonzero(near).tolist(), vocabulary).take(kind, axis=1)
    return Elements(
        parents=parents,
        firsts=_integers(segments.firsts),
        lasts=_integers(segments.lasts),
        above=above,
        depth=_depths(stops),
        look=look,
        alike=counts.take(group),
        hidden=hidden.take(kind),
        tag=tag,
        tag_score=np.array([vocabulary.tags.get(name, 0.0) for name in tags]).take(tag),
        token_score=judged[0],
        token_low=judged[1],
        token_high=judged[2],
        counted=_counted(tags, tag, stops),
        tags=tags,
    )


def _integers(values: Sequence[int]) -> Array:
    """The values as an array, in half the time that `np.array` takes to find out what they are."""
    return np.fromiter(values, np.int64, len(values))


def _above(parents: Array, segments: Segments) -> Array:
    above = np.empty((LEVELS, len(segments)), np.int64)
    above[0] = segments.containers
    for level in range(1, LEVELS):
        parents.take(above[level - 1], out=above[level])
    return np.ascontiguousarray(above.T)


def _counted(tags: Iterable[str], tag: Array, stops: Array) -> Array:
    """Per kind and element, how many elements of that kind stand inside it."""
    is_kind = np.array([[tag in kind for tag in tags] for kind in COUNTED.values()])
    sums = np.zeros((len(COUNTED), len(tag) + 1), np.int64)
    is_kind.take(tag, axis=1).cumsum(axis=1, out=sums[:, 1:])
    return np.asarray(sums.take(stops, axis=1) - sums[:, :-1])


def _depths(stops: Array) -> Array:
    """Elements around each element: those that opened before it, without those that closed."""
    count = len(stops)
    closed = np.bincount(stops, minlength=count + 1).cumsum()
    return np.asarray(np.arange(count) - closed[:count])


def _judged(tree: Tree, kinds: list[int], vocabulary: Vocabulary) -> Array:
    """Mean, lowest and highest log-odds of the names in these start tags, shape (3, all kinds)."""
    judge, start_tags = vocabulary.judge, tree.start_tags
    known: dict[tuple[str | None, ...], tuple[float, float, float]] = {}
    judged = np.zeros((3, len(start_tags)))
    verdicts: list[float] = []
    for kind in kinds:
        get = start_tags[kind][1].get
        key = get("class"), get("id"), get("role"), get("itemprop")
        verdict = known.get(key)
        if verdict is None:
            verdict = known[key] = judge(*key)
        verdicts += verdict
    judged[:, kinds] = np.array(verdicts).reshape(-1, 3).T
    return judged
