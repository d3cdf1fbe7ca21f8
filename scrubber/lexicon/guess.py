"""What a line that the lexicon does not know is likely to be: learned, and a guess only.

The rules of `scrubber.lexicon.parts` want all of a label's words to be an interface's. Here a line
is weighed instead: which concepts it has and which of them together, how much of it is strange, how
long it is and how it ends. Concepts are the same in all languages, so that what is learned of one
holds for the others. One linear model gives every family and ordinary text a score.

`scrubber.lexicon.guess_train` makes the weights (`guesses.npz`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scrubber.lexicon.fold import is_unspaced
from scrubber.lexicon.parts import Parts

WEIGHTS = Path(__file__).with_name("guesses.npz")
ORDINARY = "ordinary"  # the class of text that is no residue
GUESS_CHARS = 160  # no longer line is guessed at
_LEAST_WORDS = 3
_LEAST_UNSPACED = 7  # characters, where words are unspaced
_PAIRED_CONCEPTS = 10  # of a line; one with more is a paragraph
_ENDS = {
    **dict.fromkeys(".。।۔", "stop"),
    **dict.fromkeys("?？؟;", "question"),
    **dict.fromkeys("!！", "call"),
    **dict.fromkeys(":：", "colon"),
    "…": "ellipsis",
}
_COMMAS = frozenset(",،、，")
_QUOTES = frozenset('"“”«»„「」『』')


class Guess(NamedTuple):
    """The likeliest family, and the log-odds that the line is residue of any."""

    family: str
    odds: float


class Guesser:
    """A linear model over the features of lines.

    features: position by name; weights: (features + 1, classes), the last row for any line;
    classes: `ORDINARY` first, then families.
    """

    def __init__(
        self,
        features: Mapping[str, int],
        weights: NDArray[np.float32],
        classes: Sequence[str],
    ) -> None:
        self.features = features
        self._weights = weights
        self.classes = classes

    def save(self, path: Path) -> None:
        """Store it as `guesser` reads it."""
        np.savez_compressed(
            path,
            features=np.array("\n".join(self.features)),
            classes=np.array("\n".join(self.classes)),
            weights=self._weights.astype(np.float16),
        )

    def guess(self, features: Iterable[str]) -> Guess:
        """What a line of these `features_of` is likely to be."""
        known = self.features
        rows = {known[name] for name in features if name in known}
        scores = self._weights[[*rows, -1]].sum(axis=0)
        families = scores[1:]
        best = int(families.argmax())
        odds = families[best] + np.log(np.exp(families - families[best]).sum()) - scores[0]
        return Guess(self.classes[1 + best], float(odds))


def may_guess(text: str) -> bool:
    """False for a line that is too long, or too short to tell from a heading."""
    if len(text) > GUESS_CHARS:
        return False
    if is_unspaced(text):
        return sum(map(str.isalnum, text)) >= _LEAST_UNSPACED
    return text.count(" ") >= _LEAST_WORDS - 1


def features_of(text: str, parts: Parts, bits: Mapping[str, int]) -> Iterator[str]:
    """The names of what a line has. bits: of the concepts, see `scrubber.lexicon.parts.Rules`."""
    yield from _shape(text)
    words = len(text) // 2 if is_unspaced(text) else text.count(" ") + 1
    told = min(len(parts.words), 6)
    yield f"told {told}"
    yield f"told {told} of {min(words, 12)}"
    concepts = [concept for concept, bit in bits.items() if parts.concepts & bit]
    strange = round(6 * parts.strange)
    yield f"strange {strange}"
    yield f"{min(len(concepts), 6)} concepts"
    yield f"{min(len(concepts), 6)} concepts strange {strange}"
    if parts.narrates:
        yield "narrates"
    yield from concepts
    if len(concepts) <= _PAIRED_CONCEPTS:
        yield from map("&".join, combinations(concepts, 2))
        yield from (f"{concept} strange {round(3 * parts.strange)}" for concept in concepts)
    for place, at in (("first", 0), ("last", -1)):
        if parts.words:
            yield from (f"{c} {place}" for c in concepts if parts.words[at] & bits[c])
    for concept in concepts:
        if sum(word & bits[concept] != 0 for word in parts.words) > 1:
            yield f"{concept} twice"


def _shape(text: str) -> Iterator[str]:
    """How long a line is, how it begins and ends, and its marks: the same for every language."""
    unspaced = is_unspaced(text)
    yield f"unspaced {min(len(text) // 4, 9)}" if unspaced else f"chars {min(len(text) // 12, 9)}"
    words = text.split()
    yield f"words {min(len(words), 14)}"
    if text[-1] in _ENDS or text.endswith("..."):
        yield f"ends in {'ellipsis' if text.endswith('...') else _ENDS[text[-1]]}"
    if len(words) > 1:
        capitals = sum(word[0].isupper() for word in words[1:])
        yield f"capitals {round(3 * capitals / (len(words) - 1))}"
    if any(map(str.isdigit, text)):
        yield "digit"
        if any(sum(map(str.isdigit, word)) == 4 for word in words):
            yield "year"
    if text[0].islower():
        yield "lower"
    if not _COMMAS.isdisjoint(text):
        yield "comma"
    if not _QUOTES.isdisjoint(text):
        yield "quotes"


@lru_cache(maxsize=1)
def guesser() -> Guesser:
    """The model of all languages; read once in a process."""
    with np.load(WEIGHTS, allow_pickle=False) as stored:
        names = str(stored["features"]).split("\n")
        classes = str(stored["classes"]).split("\n")
        weights = stored["weights"].astype(np.float32)
    return Guesser({name: at for at, name in enumerate(names)}, weights, classes)


__all__ = ["GUESS_CHARS", "ORDINARY", "Guess", "Guesser", "features_of", "guesser"]
