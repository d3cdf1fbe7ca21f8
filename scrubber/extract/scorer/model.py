"""The scorer: a small net over the page's segments, run in numpy.

It looks at a segment's features, twice at its neighbours, at the means of its nests and kin (see
`places.py`) and at a summary of the whole page, because whether a teaser is content depends on what
else the page has to offer. It was trained to maximise the page's expected F1 itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np

from scrubber.extract.scorer.features import Description
from scrubber.extract.scorer.outlook import Outlook
from scrubber.extract.scorer.places import POOLED, Kin, Places, Pools
from scrubber.extract.scorer.vocabulary import Vocabulary

Array = np.ndarray
CLIP: Final = 4.0  # standard deviations; what is further out says no more
STRIDES: Final = (1, 3)  # between the neighbours that a layer looks at, one a layer


@dataclass(frozen=True, slots=True)
class Layer:
    """Weights of one layer: on a segment and its two neighbours (3 * width, width), on the page's
    mean and maximum (2 * width, width), on the means of its nests (POOLED * width, width), of its
    near and of its far kin (width, width), and a bias (width,).
    """

    around: Array
    page: Array
    nest: Array
    near: Array
    far: Array
    bias: Array


@dataclass(frozen=True, slots=True)
class Net:
    """mean, scale: of the features. entry: (features, width). exit: (width,). short: features
    straight to the logit (features,). bias: one number, shape ().
    """

    mean: Array
    scale: Array
    entry: Array
    entry_bias: Array
    layers: tuple[Layer, ...]
    exit: Array
    short: Array
    bias: Array


def run(net: Net, page: Description) -> Array:
    """Probability per segment that it is content, shape (n,)."""
    with _one_thread():
        return _forward(net, page)


@cache
def _blas() -> Any:
    try:
        from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]
    except ImportError:
        return None
    return ThreadpoolController()


def _one_thread() -> AbstractContextManager[object]:
    """Matrices this small gain nothing from BLAS threads, which spin and double the CPU bill."""
    controller = _blas()
    return nullcontext() if controller is None else controller.limit(limits=1, user_api="blas")


def _forward(net: Net, page: Description) -> Array:
    x = page.matrix - net.mean
    x *= net.scale
    np.clip(x, -CLIP, CLIP, out=x)
    hidden = x @ net.entry
    hidden += net.entry_bias
    np.maximum(hidden, 0.0, out=hidden)
    for layer, stride in zip(net.layers, STRIDES, strict=True):
        update = _update(layer, hidden, stride, page.places)
        np.maximum(update, 0.0, out=update)
        hidden += update
    logits = hidden @ net.exit + x @ net.short + net.bias
    return np.asarray(1 / (1 + np.exp(-logits)))


def _update(layer: Layer, hidden: Array, stride: int, places: Places) -> Array:
    """What one layer adds to `hidden`, shape (n, width), before its ramp."""
    width = hidden.shape[1]
    before, own, after = layer.around.reshape(3, width, width)
    update = hidden @ own
    update[stride:] += hidden[:-stride] @ before
    update[:-stride] += hidden[stride:] @ after
    mean = hidden.sum(axis=0) / np.float32(len(hidden))
    update += mean @ layer.page[:width] + hidden.max(axis=0) @ layer.page[width:] + layer.bias
    means = _pool_means(hidden, places.pools)
    for nests, weights in zip(
        places.pools.own.T, layer.nest.reshape(POOLED, width, width), strict=True
    ):
        update += (means @ weights).take(nests, axis=0)
    for kin, weights in ((places.near, layer.near), (places.far, layer.far)):
        update += (_kin_means(hidden, kin) @ weights).take(kin.group, axis=0)
    return np.asarray(update)


def _pool_means(hidden: Array, pools: Pools) -> Array:
    """Means over nests: (pools, width)."""
    count, width = hidden.shape
    sums = np.zeros((count + 1, width), np.float32)
    hidden.cumsum(axis=0, out=sums[1:])
    means = sums.take(pools.lasts, axis=0)
    means -= sums.take(pools.firsts, axis=0)
    means *= pools.share
    return np.asarray(means)


def _kin_means(hidden: Array, kin: Kin) -> Array:
    """Means over groups: (groups, width)."""
    means = np.add.reduceat(hidden.take(kin.order, axis=0), kin.starts, axis=0)
    means *= kin.share
    return np.asarray(means)


@dataclass(frozen=True, slots=True)
class Weights:
    """All that training learned. outlook: see `outlook.py`."""

    net: Net
    vocabulary: Vocabulary
    outlook: Outlook


@cache
def load() -> Weights:
    """The shipped weights; read once, when the first page comes."""
    with (files("scrubber.extract.scorer") / "weights.npz").open("rb") as file:
        return unpack(dict(np.load(file, allow_pickle=False)))


def unpack(stored: dict[str, Array]) -> Weights:
    """Weights from the arrays of a file: stored small (float16), used as float32."""
    wide = {name: a.astype(np.float32) for name, a in stored.items() if a.dtype.kind == "f"}
    layers = tuple(
        Layer(**{part: wide[f"{part}_{n}"] for part in _PARTS}) for n in range(len(STRIDES))
    )
    plain = {name: wide[name] for name in _PLAIN}
    tables = {name: _table(stored, name) for name in ("names", "tags", "signs")}
    return Weights(
        Net(layers=layers, **plain),
        Vocabulary(tables["names"], tables["tags"]),
        Outlook(
            {sign: row for row, sign in enumerate(tables["signs"])},
            *(wide[name] for name in _OUTLOOK),
        ),
    )


def pack(weights: Weights) -> dict[str, Array]:
    """The reverse of `unpack`."""
    net, outlook = weights.net, weights.outlook
    stored = {name: getattr(net, name).astype(np.float16) for name in _PLAIN}
    for n, layer in enumerate(net.layers):
        for part in _PARTS:
            stored[f"{part}_{n}"] = getattr(layer, part).astype(np.float16)
    for name in _OUTLOOK:
        stored[name] = getattr(outlook, name.removeprefix("outlook_")).astype(np.float32)
    tables: dict[str, Mapping[str, float]] = {
        "names": weights.vocabulary.names,
        "tags": weights.vocabulary.tags,
        "signs": dict.fromkeys(outlook.signs, 0.0),
    }
    for name, table in tables.items():
        stored[name] = np.frombuffer("\n".join(table).encode(), np.uint8)
        stored[name + "_odds"] = np.array(list(table.values()), np.float16)
    return stored


_PARTS: Final = tuple(part.name for part in fields(Layer))
_PLAIN: Final = ("mean", "scale", "entry", "entry_bias", "exit", "short", "bias")
_OUTLOOK: Final = tuple(
    f"outlook_{name}" for name in ("mean", "scale", "types", "type_bias", "trust", "trust_bias")
)


def _table(stored: dict[str, Array], name: str) -> dict[str, float]:
    words = stored[name].tobytes().decode().split("\n")
    return dict(zip(words, stored[name + "_odds"].astype(float).tolist(), strict=True))
