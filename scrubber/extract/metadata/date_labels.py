"""The words beside a date that say what it is the day of, in all languages of the lexicon."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal

_KINDS: Final[tuple[Literal["published", "modified"], ...]] = ("published", "modified")
_MOST: Final = 25  # characters of a line that is nothing but a label


@lru_cache(maxsize=2048)
def says_modified(text: str) -> bool:
    """Whether a date's words say "updated"."""
    return _pattern("modified").search(text) is not None


@lru_cache(maxsize=2048)
def says_published(text: str) -> bool:
    """Whether a date's words say "published"."""
    return _pattern("published").search(text) is not None


def last_label(text: str) -> Literal["published", "modified"] | None:
    """What the last of the words in a text that label dates says of the date behind it."""
    places = {
        kind: max((match.end() for match in _pattern(kind).finditer(text)), default=0)
        for kind in _KINDS
    }
    last = max(_KINDS, key=places.__getitem__)
    return last if places[last] else None


def is_label(text: str) -> bool:
    """Whether a text is but a label for the date behind it: "Published", "Stand:"."""
    short = len(text) <= _MOST and not any(map(str.isdigit, text))
    return short and (says_published(text) or says_modified(text))


@cache
def _pattern(kind: Literal["published", "modified"]) -> re.Pattern[str]:
    table = tomllib.loads(Path(__file__).with_name("date_labels.toml").read_text("utf-8"))
    words = sorted({word for language in table.values() for word in language[kind]})
    return re.compile("|".join(map(_escaped, words)), re.I)


def _escaped(word: str) -> str:
    return rf"\b{re.escape(word[1:])}" if word.startswith("^") else re.escape(word)
