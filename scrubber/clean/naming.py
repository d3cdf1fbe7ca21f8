"""Say by family what the extractor left out as plain boilerplate.

The extractor knows that a text is no content, not what it is. Nothing is decided here but a
name: lines that the lexicon knows get their family, and its labels ("Accept", "Close") share the
family of the notice that they stand under. All else stays `boilerplate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from scrubber.lexicon.matcher import Matcher
from scrubber.models import Removal

_NAMELESS = "boilerplate"
_MAX_LINES = 400  # a page of a thousand teasers is not worth the time
_MAX_CHARS = 600  # a longer line is no label and no notice
_MAX_TEASERS = 8  # lines below "Related" that are taken for what it announces


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
    """One family a line. Buttons take that of the notice above, teasers that of their label."""
    above, teasers = _NAMELESS, 0
    for line in lines:
        match = matcher.match(line, language) if len(line) <= _MAX_CHARS else None
        if match is not None and (
            match.strength != "weak" or match.family == "related" or above == _NAMELESS
        ):
            above, teasers = match.family, _MAX_TEASERS if match.family == "related" else 0
        elif match is None:
            teasers -= 1
            above = above if teasers > 0 else _NAMELESS
        yield above


def _split(removal: Removal, families: list[str]) -> Iterator[Removal]:
    pairs = zip(families, removal.text.split("\n"), strict=True)
    for family, group in groupby(pairs, key=lambda pair: pair[0]):
        text = "\n".join(line for _, line in group)
        yield Removal(step=removal.step, reason=family, text=text)
