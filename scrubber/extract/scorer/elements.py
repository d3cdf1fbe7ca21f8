"""The page's elements as arrays: parents, names' verdicts, looks, counts inside."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

import numpy as np

from scrubber.extract.scorer.vocabulary import Vocabulary
from scrubber.extract.tree import Attributes, Tree

Array = np.ndarray

_COUNTED: Final = {
    "images": frozenset(["img", "picture", "video", "svg"]),
    "inputs": frozenset(["input", "button", "select", "textarea"]),
    "headings": frozenset(["h1", "h2", "h3", "h4", "h5", "h6"]),
}
_HIDING: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:left|top|text-indent)\s*:\s*-\d{4,}", re.I
)


_REVEALING: Final = re.compile(
    r"tab(?!le)|accord|collaps|toggle|panel|faq|answer|expand|slide|spoiler|more|fade|anim", re.I
)


@dataclass(slots=True)
class Elements:
    """Arrays over the tree's elements.

    parents: the root is its own parent here. look: number of the element's tag and classes,
    equal for elements that look the same. alike: siblings (itself included) that look the same.
    stops: number after the last element inside.
    """

    parents: Array
    depth: Array
    look: Array
    alike: Array
    hidden: Array
    tag_score: Array
    token_score: Array
    token_low: Array
    token_high: Array
    stops: Array
    tags: list[str]
    counts: dict[str, Array] = field(default_factory=dict)

    def counted(self, name: str) -> Array:
        """Per element, how many elements of that kind stand inside it."""
        if name not in self.counts:
            kinds = _COUNTED[name]
            sums = np.zeros(len(self.tags) + 1)
            np.cumsum([tag in kinds for tag in self.tags], out=sums[1:])
            self.counts[name] = sums[self.stops] - sums[:-1]
        return self.counts[name]


def is_hidden(attributes: Attributes) -> bool:
    """Whether the element itself says that it is not shown."""
    if "hidden" in attributes:
        return attributes["hidden"] != "until-found"
    style = attributes.get("style")
    return bool(style and _HIDING.search(style))


_Key = tuple[str, str, str, str, str]


def is_revealed(attributes: Attributes) -> bool:
    """Whether a reader's click shows what is hidden: tab panels, accordions, carousels."""
    if attributes.get("role") == "tabpanel" or "aria-labelledby" in attributes:
        return True
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return bool(_REVEALING.search(names))


def read_elements(tree: Tree, vocabulary: Vocabulary) -> Elements:
    """Look at every element once; linear in their number."""
    keys: dict[_Key, int] = {}
    numbers: list[int] = []
    depth: list[int] = []
    hidden: list[int] = []
    for number, (tag, attributes, parent) in enumerate(
        zip(tree.tags, tree.attrs, tree.parents, strict=True)
    ):
        key: _Key = (tag, "", "", "", "")
        if attributes:
            get = attributes.get
            key = (
                tag, get("class") or "", get("id") or "", get("role") or "", get("itemprop") or "",
            )  # fmt: skip
            if ("style" in attributes or "hidden" in attributes) and is_hidden(attributes):
                hidden.append(number)
        numbers.append(keys.setdefault(key, len(keys)))
        depth.append(depth[parent] + 1 if number else 0)
    return _arrays(tree, keys, numbers, depth, hidden, vocabulary)


def _arrays(
    tree: Tree,
    keys: dict[_Key, int],
    numbers: list[int],
    depth: list[int],
    hidden: list[int],
    vocabulary: Vocabulary,
) -> Elements:
    judge = vocabulary.judge
    key = np.array(numbers, np.int64)
    parents = np.maximum(np.array(tree.parents, np.int64), 0)
    judged = np.fromiter(
        chain.from_iterable([judge(k[1], k[2], k[3], k[4]) for k in keys]), float, 3 * len(keys)
    ).reshape(-1, 3)[key]
    tag_score = np.array([vocabulary.tags.get(k[0], 0.0) for k in keys])[key]
    # Ids differ between siblings that are alike, so a look is the tag and the classes alone.
    looks: dict[tuple[str, str], int] = {}
    look = np.array([looks.setdefault(k[:2], len(looks)) for k in keys], np.int64)[key]
    _, group, counts = np.unique(
        parents * (len(looks) + 1) + look, return_inverse=True, return_counts=True
    )
    shown = np.zeros(len(key))
    shown[hidden] = 1.0
    return Elements(
        parents=parents,
        depth=np.array(depth),
        look=look,
        alike=counts[group],
        hidden=shown,
        tag_score=tag_score,
        token_score=judged[:, 0],
        token_low=judged[:, 1],
        token_high=judged[:, 2],
        stops=np.searchsorted(np.array(tree.opens), np.array(tree.closes)),
        tags=tree.tags,
    )
