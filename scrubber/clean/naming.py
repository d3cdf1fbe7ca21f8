"""Say by family what the extractor left out as plain boilerplate.

The extractor knows that a text is no content, not what it is. Nothing is decided here but a
name: lines that the lexicon knows get their family, and its labels ("Accept", "Close") share the
family of the notice that they stand under. All else stays `boilerplate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from scrubber.lexicon.matcher import Match, Matcher
from scrubber.models import Removal

_NAMELESS = "boilerplate"
_MAX_LINES = 400  # a page of a thousand teasers is not worth the time
_MAX_CHARS = 600  # a longer line is no label and no notice


def name_removals(
    removals: Iterable[Removal], matcher: Matcher, language: str | None
) -> tuple[Removal, ...]:
    """The same text in the same order, split where the family changes."""
    left = _MAX_LINES
    named: list[Removal] = []
    for removal in removals:
        lines = removal.text.split("\n")
        if removal.reason != _NAMELESS or len(lines) > left:
            named.append(removal)
            continue
        left -= len(lines)
        named.extend(_split(removal, list(_families(lines, matcher, language))))
    return tuple(named)


def _families(lines: Iterable[str], matcher: Matcher, language: str | None) -> Iterator[str]:
    above = _NAMELESS
    for line in lines:
        match = matcher.match(line, language) if len(line) <= _MAX_CHARS else None
        if match is None:
            above = _NAMELESS
        elif above == _NAMELESS or not _is_button(match):
            above = match.family if not _is_button(match) else _NAMELESS
        yield above


def _is_button(match: Match) -> bool:
    return match.strength == "weak"


def _split(removal: Removal, families: list[str]) -> Iterator[Removal]:
    pairs = zip(families, removal.text.split("\n"), strict=True)
    for family, group in groupby(pairs, key=lambda pair: pair[0]):
        text = "\n".join(line for _, line in group)
        yield Removal(step=removal.step, reason=family, text=text)
