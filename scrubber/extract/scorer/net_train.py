"""Training the net of `model.py` in JAX; for training only.

The loss is 1 - (expected) F1 of each page, computed from word counts, plus a little cross-entropy
that keeps the probabilities honest. Whole pages are batched with pages of like length.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np

from scrubber.extract.scorer.model import CLIP, STRIDES, Net

WIDTH: Final = 64
EPOCHS: Final = 25
RATE: Final = 2e-3
DROP: Final = 0.1
ENTROPY: Final = 0.3
KEEP: Final = 0.995  # of the running average of the weights
BUCKETS: Final = (64, 128, 192, 256, 384, 512, 768, 1024, 1536)
BATCH: Final = 8192  # segments

Weights = dict[str, Any]
Array = np.ndarray


@dataclass(slots=True)
class Example:
    """One page: features (n, f), words and truth words per segment, words of the whole truth."""

    features: Array
    counts: Array
    hits: Array
    total: float


def train_nets(examples: Sequence[Example], seeds: Sequence[int]) -> Net:
    """Train one net a seed on the same pages and stack them."""
    stacked = np.concatenate([e.features for e in examples])
    mean = stacked.mean(axis=0, dtype=np.float64)
    scale = 1 / (stacked.std(axis=0, dtype=np.float64) + 1e-3)
    mean, scale = (a.astype(np.float16).astype(np.float32) for a in (mean, scale))
    scaled = [np.clip((e.features - mean) * scale, -CLIP, CLIP) for e in examples]
    nets = [_train(examples, scaled, seed) for seed in seeds]
    return _stack(nets, mean, scale)


def _start(key: Any, features: int) -> Weights:
    keys = iter(jax.random.split(key, 16))

    def normal(*shape: int, size: float | None = None) -> Any:
        return jax.random.normal(next(keys), shape) * (size or shape[0] ** -0.5)

    weights = {"entry": normal(features, WIDTH), "entry_bias": jnp.zeros(WIDTH)}
    for layer in range(len(STRIDES)):
        weights[f"around_{layer}"] = normal(3 * WIDTH, WIDTH)
        weights[f"page_{layer}"] = normal(2 * WIDTH, WIDTH)
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


def _logits(weights: Weights, x: Any, mask: Any, key: Any) -> Any:
    """The same computation as `model.run`, batched over pages, with dropped-out features."""
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
        hidden = hidden + drop(jax.nn.relu(update), keys[layer + 1])
    return hidden @ weights["exit"] + x @ weights["short"] + weights["bias"]


def _loss(weights: Weights, batch: tuple[Any, ...], key: Any) -> Any:
    x, mask, counts, hits, total = batch
    logits = _logits(weights, x, mask, key)
    probability = jax.nn.sigmoid(logits)
    found = (probability * hits).sum(1)
    f1 = 2 * found / ((probability * counts).sum(1) + total + 1e-6)
    share = hits / jnp.maximum(counts, 1)
    weight = jnp.sqrt(counts) * mask
    weight = weight / (weight.sum(1, keepdims=True) + 1e-6)
    entropy = (weight * (jnp.logaddexp(0, logits) - share * logits)).sum(1)
    return ((1 - f1) + ENTROPY * entropy).mean()


@jax.jit
def _step(state: tuple[Any, ...], batch: tuple[Any, ...], key: Any, t: Any, rate: Any) -> Any:
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


def _train(examples: Sequence[Example], scaled: Sequence[Array], seed: int) -> Weights:
    rng = np.random.default_rng(seed)
    weights = _start(jax.random.PRNGKey(seed), scaled[0].shape[1])
    zeros = jax.tree.map(jnp.zeros_like, weights)
    state = (weights, zeros, zeros, weights)
    key = jax.random.PRNGKey(seed + 1)
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
    examples: Sequence[Example], scaled: Sequence[Array], rng: np.random.Generator
) -> Iterator[tuple[float, tuple[Array, ...]]]:
    """Batches of pages of like length in random order, and how far through the epoch each is."""
    buckets: dict[int, list[int]] = defaultdict(list)
    for index in rng.permutation(len(examples)):
        size = len(scaled[index])
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
        yield done / len(plan), tuple(np.stack(column) for column in zip(*pages, strict=True))


def _padded(example: Example, x: Array, length: int, rng: np.random.Generator) -> tuple[Any, ...]:
    """One page as fixed-length arrays; of a page that is longer, a random stretch."""
    start = int(rng.integers(0, len(x) - length + 1)) if len(x) > length else 0
    part = slice(start, start + length)
    size = min(len(x), length)
    padded = [np.zeros((length, *a.shape[1:]), np.float32) for a in (x, x[:, 0], x[:, 0], x[:, 0])]
    for target, source in zip(
        padded, (x, np.ones(len(x)), example.counts, example.hits), strict=True
    ):
        target[:size] = source[part]
    whole = len(x) <= length
    total = max(example.total, padded[3].sum()) if whole else padded[3].sum() + 1
    return (*padded, np.float32(total))


def _stack(nets: Sequence[Weights], mean: Array, scale: Array) -> Net:
    """Several nets as one; rounded to float16, as they are stored."""

    def half(values: Any) -> Array:
        return np.asarray(values, np.float32).astype(np.float16).astype(np.float32)

    def stacked(name: str) -> Array:
        return half(np.stack([net[name] for net in nets]))

    layers = tuple(
        (stacked(f"around_{n}"), stacked(f"page_{n}"), stacked(f"bias_{n}")[:, None])
        for n in range(len(STRIDES))
    )
    return Net(
        mean,
        scale,
        half(np.concatenate([net["entry"] for net in nets], axis=1)),
        half(np.concatenate([net["entry_bias"] for net in nets])),
        layers,
        stacked("exit")[..., None],
        half(np.stack([net["short"] for net in nets], axis=1)),
        stacked("bias"),
    )
