"""Say by family what the extractor left out as plain boilerplate.

The extractor knows that a text is no content, not what it is. Nothing is decided here but a
name: lines that the lexicon knows get their family, and its labels ("Accept", "Close") share the
family of the notice that they stand under. All else stays `boilerplate`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice

from scrubber.lexicon import Match
from scrubber.models import Removal

_NAMELESS = "boilerplate"
_MAX_LINES = 400  # a page of a thousand teasers is not worth the time
_MAX_CHARS = 600  # a longer line is no label and no notice
_MAX_TEASERS = 8  # lines below "Related" that are taken for what it announces


def lines_to_name(removals: Iterable[Removal]) -> list[str]:
    """The lines of which the lexicon is asked; nothing of those that are too long."""
    removals = list(removals)
    lines = [line for at in _nameless(removals) for line in removals[at].text.split("\n")]
    return [line if len(line) <= _MAX_CHARS else "" for line in lines]


def name_removals(
    removals: Iterable[Removal], matches: Iterable[Match | None]
) -> tuple[Removal, ...]:
    """The same text in the same order, split where the family changes.

    matches: what the lexicon says of each of `lines_to_name(removals)`.
    """
    removals = list(removals)
    nameless = _nameless(removals)
    left = iter(matches)
    named: list[Removal] = []
    for at, removal in enumerate(removals):
        if at in nameless:
            own = islice(left, removal.text.count("\n") + 1)
            named.extend(_split(removal, list(_families(own))))
        else:
            named.append(removal)
    return tuple(named)


def _nameless(removals: Sequence[Removal]) -> dict[int, None]:
    """Positions of those to be named, in order: all while the lines are not too many."""
    left = _MAX_LINES
    found: dict[int, None] = {}
    for at, removal in enumerate(removals):
        lines = removal.text.count("\n") + 1
        if removal.reason == _NAMELESS and lines <= left:
            left -= lines
            found[at] = None
    return found


def _families(matches: Iterable[Match | None]) -> Iterator[str]:
    """One family a line. Buttons take that of the notice above, teasers that of their label."""
    above, teasers = _NAMELESS, 0
    for match in matches:
        if match is not None and (
            match.strength != "weak" or match.family == "related" or above == _NAMELESS
        ):
            above, teasers = match.family, _MAX_TEASERS if match.family == "related" else 0
        elif match is None:
            teasers -= 1
            above = above if teasers > 0 else _NAMELESS
        yield above


def _split(removal: Removal, families: list[str]) -> Iterator[Removal]:
    if families.count(removal.reason) == len(families):  # as most have no other
        yield removal
        return
    pairs = zip(families, removal.text.split("\n"), strict=True)
    for family, group in groupby(pairs, key=lambda pair: pair[0]):
        text = "\n".join(line for _, line in group)
        yield Removal(step=removal.step, reason=family, text=text)
