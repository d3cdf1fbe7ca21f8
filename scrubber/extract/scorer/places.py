"""Where segments stand together: in one container, or in places of one kind.

Markup wraps wrappers in wrappers, so the parents of a segment say little by their number. Its
*nests* are the elements around it that hold more segments than the one before: the list item with
its heading and teaser, the list, the column. Its *kin* are the segments anywhere on the page whose
nearest elements look the same (tag and classes): the prices of all cards, the dates of all posts.
What is true of a segment's nests and kin is mostly true of it; the features describe them and the
net averages over them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from scrubber.extract.scorer.elements import Elements

Array = np.ndarray
NESTS: Final = 5  # looked at around each segment, innermost first
POOLED: Final = 3  # of them, those over which the net averages
_MIX: Final = np.array([1, 31, 1_009, 30_011, 900_007, 27_000_011], np.int64)


@dataclass(frozen=True, slots=True)
class Kin:
    """The segments of a page in groups. group: number of each one's group, shape (n,).

    order: the segments sorted by group. starts, counts: where each group begins in `order`, and
    its size, shape (groups,). share: what each segment is of its group's mean, shape (groups, 1),
    float32.
    """

    group: Array
    order: Array
    starts: Array
    counts: Array
    share: Array


@dataclass(frozen=True, slots=True)
class Pools:
    """The POOLED innermost nests of all segments, each once: segments share most of them.

    firsts, lasts: the range of segments in each, shape (pools,). own: the numbers of each segment's
    nests among them, shape (n, POOLED). share: what each segment is of a nest's mean, shape
    (pools, 1), float32.
    """

    firsts: Array
    lasts: Array
    own: Array
    share: Array


@dataclass(frozen=True, slots=True)
class Places:
    """nests: element numbers, shape (n, NESTS); the root where there are no more. depth: how many
    there are, shape (n,). firsts, lasts: the range of segments in each nest, shape (n, NESTS).
    near, far: kin by the three and by the six innermost elements.
    """

    nests: Array
    depth: Array
    firsts: Array
    lasts: Array
    pools: Pools
    near: Kin
    far: Kin


def find_places(elements: Elements) -> Places:
    """The nests and kin of every segment; linear in their number."""
    firsts, lasts = elements.firsts, elements.lasts
    nests, depth = _nests(elements.above, lasts - firsts)
    look = elements.look.take(elements.above[:, : len(_MIX)])
    return Places(
        nests=nests,
        depth=depth,
        firsts=firsts.take(nests),
        lasts=lasts.take(nests),
        pools=_pools(nests[:, :POOLED], firsts, lasts),
        near=_kin(look[:, 0] * np.int64(1_000_003) + look[:, 1] * np.int64(10_007) + look[:, 2]),
        far=_kin((look * _MIX).sum(axis=1)),
    )


def _nests(above: Array, width: Array) -> tuple[Array, Array]:
    """Of the elements above each segment, those that hold more segments than any below them."""
    widths = width.take(above)
    reached = np.maximum.accumulate(widths, axis=1)
    grows = np.empty(above.shape, bool)
    grows[:, 0] = widths[:, 0] > 1
    grows[:, 1:] = widths[:, 1:] > np.maximum(reached[:, :-1], 1)
    rank = grows.cumsum(axis=1)
    nests = np.zeros((len(above), NESTS), np.int64)
    rows, levels = np.nonzero(grows & (rank <= NESTS))
    nests[rows, rank[rows, levels] - 1] = above[rows, levels]
    return nests, np.minimum(rank[:, -1], NESTS + 1)


def _pools(nests: Array, firsts: Array, lasts: Array) -> Pools:
    is_nest = np.zeros(len(firsts), bool)
    is_nest[nests] = True
    numbers = is_nest.cumsum() - 1
    firsts, lasts = firsts[is_nest], lasts[is_nest]
    return Pools(firsts, lasts, numbers.take(nests), _shares(lasts - firsts))


def _shares(counts: Array) -> Array:
    return np.asarray(1 / np.maximum(counts, 1).astype(np.float32))[:, None]


def _kin(keys: Array) -> Kin:
    order = np.argsort(keys, kind="stable")
    ordered = keys.take(order)
    is_first = np.ones(len(keys), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    starts = np.flatnonzero(is_first)
    group = np.empty(len(keys), np.int64)
    group[order] = is_first.cumsum() - 1
    counts = np.diff(starts, append=len(keys))
    return Kin(group, order, starts, counts, _shares(counts))
