"""Sets and patterns of many words. The patterns fail quickly: most texts hold none of the words."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass


def set_of(words: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(words.split())


def one_of(words: Iterable[str]) -> str:
    """Alternatives in their order, those of one first letter together: most fail at the first.

    A word written with a colon is matched only before one.
    """
    by_letter: dict[str, list[str]] = {}
    for word in words:
        rest = word[1:]
        by_letter.setdefault(word[0], []).append(
            re.escape(rest) if word[-1] != ":" else rf"{re.escape(rest[:-1])}(?=\s?[:：])"
        )
    return "|".join(
        rf"{re.escape(letter)}(?:{'|'.join(rests)})" for letter, rests in by_letter.items()
    )


@dataclass(frozen=True, slots=True)
class Anywhere:
    """A pattern that matches at a text's start, or behind one of the characters that part words.

    Two patterns, because one for both is tried at every letter instead of behind those characters.
    """

    first: re.Pattern[str]
    behind: re.Pattern[str]

    @classmethod
    def after(cls, parting: str, pattern: str) -> Anywhere:
        """parting: a set of characters, as patterns write it."""
        return cls(re.compile(pattern, re.I), re.compile(parting + pattern, re.I))

    def search(self, text: str, start: int = 0, stop: int = sys.maxsize) -> re.Match[str] | None:
        """The first match from `start` on; its text opens with the character that parts."""
        at_start = self.first.match(text, 0, stop) if not start else None
        return at_start or self.behind.search(text, start, stop)

    def match(self, text: str) -> re.Match[str] | None:
        """The match with which a text opens."""
        return self.first.match(text) or self.behind.match(text)
