"""The scorer: a small convolutional net over the sequence of segments, run in numpy.

Several nets of one shape, trained from different seeds, are averaged. Each looks at a segment's
features, twice at its neighbourhood (widths 3 and 9) and at a summary of the whole page, because
whether a teaser is content depends on what else the page has to offer. It was trained to maximise
the page's expected F1 itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np

from scrubber.extract.scorer.outlook import Outlook
from scrubber.extract.scorer.vocabulary import Vocabulary

Array = np.ndarray
CLIP: Final = 4.0  # standard deviations; what is further out says no more
STRIDES: Final = (1, 3)  # between the neighbours that a layer looks at, one a layer


@dataclass(frozen=True, slots=True)
class Net:
    """Weights of `nets` nets of equal shape; layers first.

    mean, scale: of the features. entry: (features, nets * width). layers: per layer the weights
    on three neighbours (nets, 3 * width, width), on the page's mean and maximum
    (nets, 2 * width, width), and a bias (nets, 1, width). exit: (nets, width, 1). short: features
    straight to the logit (features, nets).
    """

    mean: Array
    scale: Array
    entry: Array
    entry_bias: Array
    layers: tuple[tuple[Array, Array, Array], ...]
    exit: Array
    short: Array
    bias: Array

    @property
    def nets(self) -> int:
        return len(self.bias)


def run(net: Net, features: Array) -> Array:
    """Probability per segment, shape (n,); features has shape (n, features), n >= 1."""
    with _one_thread():
        return _forward(net, features)


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


def _forward(net: Net, features: Array) -> Array:
    x = np.clip((features - net.mean) * net.scale, -CLIP, CLIP)
    nets = net.nets
    hidden = np.maximum(x @ net.entry + net.entry_bias, 0.0)
    hidden = hidden.reshape(len(x), nets, -1).transpose(1, 0, 2)  # (nets, n, width)
    for (around, page, bias), stride in zip(net.layers, STRIDES, strict=True):
        summary = np.concatenate((hidden.mean(axis=1), hidden.max(axis=1)), axis=1)[:, None]
        hidden = hidden + np.maximum(_beside(hidden, stride) @ around + summary @ page + bias, 0.0)
    logits = (hidden @ net.exit)[..., 0].T + x @ net.short + net.bias
    return np.asarray((1 / (1 + np.exp(-logits))).mean(axis=1))


def _beside(hidden: Array, stride: int) -> Array:
    """Each segment with its neighbours before and after, zeros beyond the ends."""
    nets, count, width = hidden.shape
    beside = np.zeros((nets, count, 3 * width), np.float32)
    if count > stride:
        beside[:, stride:, :width] = hidden[:, :-stride]
        beside[:, :-stride, 2 * width :] = hidden[:, stride:]
    beside[:, :, width : 2 * width] = hidden
    return beside


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
        (wide[f"around_{n}"], wide[f"page_{n}"], wide[f"bias_{n}"]) for n in range(len(STRIDES))
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
        for name, values in zip(("around", "page", "bias"), layer, strict=True):
            stored[f"{name}_{n}"] = values.astype(np.float16)
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


_PLAIN: Final = ("mean", "scale", "entry", "entry_bias", "exit", "short", "bias")
_OUTLOOK: Final = tuple(
    f"outlook_{name}" for name in ("mean", "scale", "types", "type_bias", "trust", "trust_bias")
)


def _table(stored: dict[str, Array], name: str) -> dict[str, float]:
    words = stored[name].tobytes().decode().split("\n")
    return dict(zip(words, stored[name + "_odds"].astype(float).tolist(), strict=True))
