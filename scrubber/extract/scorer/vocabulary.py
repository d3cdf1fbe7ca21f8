"""What the names in class, id, role and itemprop attributes say about content.

Markup is written in English nearly everywhere, whatever language the page is in, so the names are
a language-free sign. Each known name carries the log-odds, learned in training, that text below an
element so named is content.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

_PART: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_GAPS: Final = "".join(c if c.islower() else " " for c in map(chr, range(128)))
MAX_WORDS: Final = 12  # of one element; the soups of utility classes say little
_MAX_CACHED: Final = 20_000

Verdict = tuple[int, float, float, float]  # known names, sum, lowest, highest of their log-odds
_UNKNOWN: Final[Verdict] = (0, 0.0, 0.0, 0.0)
_NEUTRAL: Final = (0.0, 0.0, 0.0)


def _parts(word: str) -> list[str]:
    """The pieces of one class or id that case, hyphens and digits part."""
    word = word[:60]
    if word.isascii() and word.islower():  # most are, and splitting costs half of matching
        return [word] if word.isalpha() else word.translate(_GAPS).split()
    return [part.lower() for part in _PART.findall(word)]


def names_of(word: str) -> tuple[str, ...]:
    """The names in one class or id: `postBody-2` gives `post`, `body` and `post-body`."""
    parts = _parts(word)
    pairs = map("-".join, pairwise(parts))
    return tuple(dict.fromkeys([*[part for part in parts if len(part) > 1], *pairs]))


def words_of(
    classes: str | None, identity: str | None, role: str | None, itemprop: str | None
) -> list[str]:
    """The words of one element's attributes; those of role and itemprop are marked as such."""
    words = classes[:400].split(None, MAX_WORDS)[:MAX_WORDS] if classes else []
    if identity:
        words.append(identity)
    if role:
        words.append("role=" + role.lower()[:30])
    if itemprop:
        words.append("prop=" + itemprop.lower()[:30])
    return words


@dataclass(slots=True)
class Vocabulary:
    """Log-odds per name and per tag; 0 is average.

    words: the verdicts on words met so far, as pages repeat them endlessly.
    """

    names: Mapping[str, float]
    tags: Mapping[str, float]
    words: dict[str, Verdict] = field(default_factory=dict)

    def judge(
        self, classes: str | None, identity: str | None, role: str | None, itemprop: str | None
    ) -> tuple[float, float, float]:
        """Mean, lowest and highest log-odds of one element's names; zeros where none is known."""
        count, total, low, high = 0, 0.0, 9.0, -9.0
        words = self.words
        for word in words_of(classes, identity, role, itemprop):
            known = words.get(word) or self._learn(word)
            if known[0]:
                count += known[0]
                total += known[1]
                if known[2] < low:
                    low = known[2]
                if known[3] > high:
                    high = known[3]
        return (total / count, low, high) if count else _NEUTRAL

    def _learn(self, word: str) -> Verdict:
        odds = self._odds_of(word).values()
        verdict = (len(odds), sum(odds), min(odds), max(odds)) if odds else _UNKNOWN
        if len(self.words) >= _MAX_CACHED:
            self.words.clear()
        self.words[word] = verdict
        return verdict

    def _odds_of(self, word: str) -> dict[str, float]:
        """Of the names in a word (see `names_of`) those that are known."""
        names = self.names
        parts = [word] if "=" in word else _parts(word)
        known = {part: names[part] for part in parts if part in names}
        for one, two in pairwise(parts):
            # Training met the parts wherever it met the pair: without them it is not known.
            if (one in known or len(one) == 1) and (two in known or len(two) == 1):
                name = f"{one}-{two}"
                if name in names:
                    known[name] = names[name]
        return known
