"""The words beside a date that say what it is the day of, in all languages of the lexicon.

Most texts hold none of them, which one pattern tells; the last one is then looked for one by one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal

from scrubber.extract.metadata.patterns import one_of

Kind = Literal["published", "modified"]
Words = tuple[str, ...]
_KINDS: Final = ("published", "modified", "original")
_MOST: Final = 25  # characters of a line that is nothing but a label


def says_modified(text: str) -> bool:
    """Whether a date's words say "updated"."""
    return _last_end("modified", text) > 0


def says_published(text: str) -> bool:
    """Whether a date's words say "published"."""
    return _last_end("published", text) > 0


def says_original(text: str) -> bool:
    """Whether a date's words say "originally published", as beside the day of a revision."""
    return _last_end("original", text) > 0


def last_label(text: str) -> Kind | None:
    """What the last of the words in a text that label dates says of the date behind it."""
    published, modified = _last_end("published", text), _last_end("modified", text)
    if not published and not modified:
        return None
    return "published" if published >= modified else "modified"


def label_start(text: str) -> int:
    """Where the label that a text ends with begins, as in "Jane Doe Published: "; its length where
    it ends with none.
    """
    words = text.split(" ")
    for count in (1, 2, 3):
        if len(words) > count and is_label(label := " ".join(words[-count:])) and label.strip():
            return len(text) - len(label)
    return len(text)


def is_label(text: str) -> bool:
    """Whether a text is but a label for the date behind it: "Published", "Stand:"."""
    return len(text) <= _MOST and last_label(text) is not None and not _has_digit(text)


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


@lru_cache(maxsize=4096)
def _last_end(kind: str, text: str) -> int:
    """Where the last of the kind's words in a text ends; 0 where it has none."""
    lower = text.lower()
    sign, anywhere, at_start = _words()[kind, lower.isascii()]
    if sign.search(lower) is None:
        return 0
    last = 0
    for word in anywhere:
        if word in lower:
            last = max(last, lower.rfind(word) + len(word))
    for word in at_start:
        place = lower.rfind(word)
        if place >= 0 and not (place and (lower[place - 1].isalnum() or lower[place - 1] == "_")):
            last = max(last, place + len(word))
    return last


@cache
def _words() -> Mapping[tuple[str, bool], tuple[re.Pattern[str], Words, Words]]:
    """By kind, and whether for texts in ASCII alone: a pattern of all words, those that count
    anywhere, and those that count at a word's start.
    """
    table = tomllib.loads(Path(__file__).with_name("date_labels.toml").read_text("utf-8"))
    found: dict[tuple[str, bool], tuple[re.Pattern[str], Words, Words]] = {}
    for kind in _KINDS:
        words = sorted({word for language in table.values() for word in language.get(kind, ())})
        for ascii_only in (True, False):
            kept = [word for word in words if word.isascii() or not ascii_only]
            found[kind, ascii_only] = (
                re.compile(one_of(word.removeprefix("^") for word in kept)),
                tuple(word for word in kept if not word.startswith("^")),
                tuple(word[1:] for word in kept if word.startswith("^")),
            )
    return found
