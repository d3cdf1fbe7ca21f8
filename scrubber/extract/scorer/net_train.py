"""Training the net of `model.py` in JAX; for training only.

The loss is 1 - (expected) F1 of each page, computed from word counts, plus a little cross-entropy
that keeps the probabilities honest, plus the cross-entropy against what a net that never saw the
page's domain makes of it: annotators differ in what they count, and such a guess holds what most of
them would (after "Born-Again Neural Networks", Furlanello et al. 2018; never a net's own page, so
that it stays a guess). Whole pages are batched with pages of like length, some of them in other
markup, since sites may be older than semantic tags or name their boxes by machine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np

from scrubber.extract.scorer.corpus import Example
from scrubber.extract.scorer.features import Description
from scrubber.extract.scorer.model import CLIP, STRIDES, Layer, Net
from scrubber.extract.scorer.places import POOLED

WIDTH: Final = 64
EPOCHS: Final = 25
RATE: Final = 2e-3
DROP: Final = 0.1
ENTROPY: Final = 0.3
TAUGHT: Final = 0.5  # weight of the guesses
OTHER: Final = 0.15  # share of pages that are shown in other markup, of each kind
KEEP: Final = 0.995  # of the running average of the weights
BUCKETS: Final = (64, 128, 192, 256, 384, 512, 768, 1024, 1536)
BATCH: Final = 8192  # segments

Weights = dict[str, Any]
Batch = dict[str, Any]
Array = np.ndarray


def train_net(examples: Sequence[Example]) -> Net:
    """Train a net on these pages; seeded. Their features are scaled where they stand: twice they
    would not fit into memory.
    """
    average, deviation = _moments([e.views[0].page.matrix for e in examples])
    parts = (average, 1 / (deviation + 1e-3))
    mean, scale = (part.astype(np.float16).astype(np.float32) for part in parts)
    scaled = [[_scaled(v.page, mean, scale) for v in e.views] for e in examples]
    return _as_stored(_train(examples, scaled), mean, scale)


def _moments(matrices: Sequence[Array]) -> tuple[Array, Array]:
    """Mean and standard deviation of each column over all rows of the matrices."""
    rows = sum(map(len, matrices))
    mean = sum(m.sum(axis=0, dtype=np.float64) for m in matrices) / rows
    square = sum(((m - mean) ** 2).sum(axis=0) for m in matrices) / rows
    return mean, np.sqrt(square)


def _scaled(page: Description, mean: Array, scale: Array) -> Array:
    matrix = page.matrix
    matrix -= mean
    matrix *= scale
    return np.clip(matrix, -CLIP, CLIP, out=matrix)


def _start(key: Any, features: int) -> Weights:
    keys = iter(jax.random.split(key, 16))

    def normal(*shape: int, size: float | None = None) -> Any:
        return jax.random.normal(next(keys), shape) * (size or shape[0] ** -0.5)

    weights = {"entry": normal(features, WIDTH), "entry_bias": jnp.zeros(WIDTH)}
    for layer in range(len(STRIDES)):
        weights[f"around_{layer}"] = normal(3 * WIDTH, WIDTH)
        weights[f"page_{layer}"] = normal(2 * WIDTH, WIDTH)
        weights[f"nest_{layer}"] = normal(POOLED * WIDTH, WIDTH, size=(2 * WIDTH) ** -0.5)
        for kin in ("near", "far"):
            weights[f"{kin}_{layer}"] = normal(WIDTH, WIDTH, size=(2 * WIDTH) ** -0.5)
        weights[f"bias_{layer}"] = jnp.zeros(WIDTH)
    return weights | {
        "exit": normal(WIDTH, size=0.1),
        "short": normal(features, size=0.01),
        "bias": jnp.zeros(()),
    }


def _shift(hidden: Any, by: int) -> Any:
    gap = jnp.zeros_like(hidden[:, : abs(by)])
    parts = [hidden[:, by:], gap] if by > 0 else [gap, hidden[:, :by]]
    return jnp.concatenate(parts, axis=1)


def _means(hidden: Any, ranges: Any) -> Any:
    """Means of `hidden` (pages, n, width) over ranges of segments, (pages, n, 2)."""
    sums = jnp.concatenate((jnp.zeros_like(hidden[:, :1]), jnp.cumsum(hidden, axis=1)), axis=1)
    taken = jnp.take_along_axis
    total = taken(sums, ranges[..., 1:], 1) - taken(sums, ranges[..., :1], 1)
    return total / jnp.maximum(ranges[..., 1:] - ranges[..., :1], 1)


def _logits(weights: Weights, batch: Batch, key: Any) -> Any:
    """The same computation as `model.run`, batched over pages, with dropped-out features."""
    x, mask = batch["x"], batch["mask"]
    keys = jax.random.split(key, 1 + len(STRIDES))

    def drop(values: Any, key: Any) -> Any:  # one draw a page: its segments stay comparable
        kept = jax.random.bernoulli(key, 1 - DROP, (len(values), 1, values.shape[-1]))
        return values * kept / (1 - DROP)

    x = drop(x, keys[0])
    hidden = jax.nn.relu(x @ weights["entry"] + weights["entry_bias"])
    for layer, stride in enumerate(STRIDES):
        hidden = hidden * mask[..., None]
        beside = jnp.concatenate((_shift(hidden, -stride), hidden, _shift(hidden, stride)), -1)
        mean = hidden.sum(1) / mask.sum(1)[:, None]
        summary = jnp.concatenate((mean, hidden.max(1)), -1) @ weights[f"page_{layer}"]
        update = beside @ weights[f"around_{layer}"] + summary[:, None] + weights[f"bias_{layer}"]
        nests = [_means(hidden, batch["nests"][:, :, nest]) for nest in range(POOLED)]
        update += jnp.concatenate(nests, -1) @ weights[f"nest_{layer}"]
        for kin in ("near", "far"):
            sorted_ = jnp.take_along_axis(hidden, batch[f"{kin}_order"][..., None], 1)
            update += _means(sorted_, batch[kin]) @ weights[f"{kin}_{layer}"]
        hidden = hidden + drop(jax.nn.relu(update), keys[layer + 1])
    return hidden @ weights["exit"] + x @ weights["short"] + weights["bias"]


def _loss(weights: Weights, batch: Batch, key: Any) -> Any:
    mask, counts, hits, total = (batch[name] for name in ("mask", "counts", "hits", "total"))
    logits = _logits(weights, batch, key)
    probability = jax.nn.sigmoid(logits)
    found = (probability * hits).sum(1)
    f1 = 2 * found / ((probability * counts).sum(1) + total + 1e-6)
    share = hits / jnp.maximum(counts, 1)
    weight = jnp.sqrt(counts) * mask
    weight = weight / (weight.sum(1, keepdims=True) + 1e-6)
    entropy = (weight * (jnp.logaddexp(0, logits) - share * logits)).sum(1)
    taught = (weight * (jnp.logaddexp(0, logits) - batch["guess"] * logits)).sum(1)
    return ((1 - f1) + ENTROPY * entropy + TAUGHT * batch["is_taught"] * taught).mean()


@jax.jit
def _step(state: tuple[Any, ...], batch: Batch, key: Any, t: Any, rate: Any) -> Any:
    """One step of Adam, gradients clipped to norm 1, with a running average of the weights."""
    weights, first, second, average = state
    tree = jax.tree.map
    gradient = jax.grad(_loss)(weights, batch, key)
    norm = jnp.sqrt(sum((g**2).sum() for g in jax.tree.leaves(gradient)))
    gradient = tree(lambda g: g * jnp.minimum(1.0, 1 / norm), gradient)
    first = tree(lambda m, g: 0.9 * m + 0.1 * g, first, gradient)
    second = tree(lambda v, g: 0.99 * v + 0.01 * g * g, second, gradient)

    def moved(w: Any, m: Any, v: Any) -> Any:
        return w - rate * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.99**t)) + 1e-8)

    weights = tree(moved, weights, first, second)
    average = tree(lambda a, w: KEEP * a + (1 - KEEP) * w, average, weights)
    return weights, first, second, average


def _train(examples: Sequence[Example], scaled: Sequence[Sequence[Array]]) -> Weights:
    rng = np.random.default_rng(0)
    weights = _start(jax.random.PRNGKey(0), scaled[0][0].shape[1])
    zeros = jax.tree.map(jnp.zeros_like, weights)
    state = (weights, zeros, zeros, weights)
    key = jax.random.PRNGKey(1)
    step = 0
    for epoch in range(EPOCHS):
        for part, batch in _batches(examples, scaled, rng):
            step += 1
            key, now = jax.random.split(key)
            done = (epoch + part) / EPOCHS
            rate = RATE * min(1, step / 100) * (0.51 + 0.5 * np.cos(np.pi * done))
            state = _step(state, batch, now, step, rate)
    return {name: np.asarray(value) for name, value in state[3].items()}


def _batches(
    examples: Sequence[Example], scaled: Sequence[Sequence[Array]], rng: np.random.Generator
) -> Iterator[tuple[float, Batch]]:
    """Batches of pages of like length in random order, and how far through the epoch each is."""
    buckets: dict[int, list[int]] = defaultdict(list)
    for index in rng.permutation(len(examples)):
        size = len(scaled[index][0])
        buckets[next((b for b in BUCKETS if size <= b), BUCKETS[-1])].append(int(index))
    plan = []
    for length, members in sorted(buckets.items()):
        width = max(1, min(16, BATCH // length))
        plan += [
            (length, members[k : k + width]) for k in range(0, len(members) - width + 1, width)
        ]
    for done, at in enumerate(rng.permutation(len(plan))):
        length, members = plan[at]
        pages = [_padded(examples[i], scaled[i], length, rng) for i in members]
        yield done / len(plan), {name: np.stack([p[name] for p in pages]) for name in pages[0]}


def _padded(
    example: Example, scaled: Sequence[Array], length: int, rng: np.random.Generator
) -> Batch:
    """One page as fixed-length arrays; of a page that is longer, a random stretch."""
    other = int(rng.random() / OTHER)
    which = other + 1 if other + 1 < len(example.views) else 0
    view, x = example.views[which], scaled[which]
    places = view.page.places
    start = int(rng.integers(0, len(x) - length + 1)) if len(x) > length else 0
    part, size = slice(start, start + length), min(len(x), length)

    def fitted(values: Array, dtype: type = np.float32) -> Array:
        target = np.zeros((length, *values.shape[1:]), dtype)
        target[:size] = values[part]
        return target

    nests = np.stack((places.firsts[:, :POOLED], places.lasts[:, :POOLED]), axis=-1)
    batch: Batch = {
        "x": fitted(x),
        "mask": fitted(np.ones(len(x))),
        "counts": fitted(view.counts),
        "hits": fitted(view.hits),
        "guess": fitted(view.hits if view.guess is None else view.guess),
        "is_taught": np.float32(view.guess is not None),
        "nests": fitted(np.clip(nests - start, 0, size), np.int32),
    }
    for name, kin in (("near", places.near), ("far", places.far)):
        group = np.full(length, len(kin.counts))
        group[:size] = kin.group[part]
        order = np.argsort(group, kind="stable")
        ends = [np.searchsorted(group[order], group, side) for side in ("left", "right")]
        batch[name] = np.stack(ends, axis=-1).astype(np.int32)
        batch[f"{name}_order"] = order.astype(np.int32)
    found = batch["hits"].sum()
    batch["total"] = np.float32(max(view.total, found) if len(x) <= length else found + 1)
    return batch


def _as_stored(weights: Weights, mean: Array, scale: Array) -> Net:
    """The net rounded to float16, as it is stored."""
    half = {
        name: np.asarray(values, np.float32).astype(np.float16).astype(np.float32)
        for name, values in weights.items()
    }
    parts = [part.name for part in fields(Layer)]
    layers = tuple(
        Layer(**{part: half[f"{part}_{n}"] for part in parts}) for n in range(len(STRIDES))
    )
    plain = {name: half[name] for name in ("entry", "entry_bias", "exit", "short", "bias")}
    return Net(mean, scale, layers=layers, **plain)
