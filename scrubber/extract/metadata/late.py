"""Days and names far below the headline: behind buttons and a picture, or at the article's end.

    "Hans Müller, 3. März 2023", "This entry was posted on ... and is filed under ..."

Read only where nothing above or for machines dates or signs the page: see `read_claims`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scrubber.extract.metadata.shown_dates import visible_dates
from scrubber.extract.metadata.signature import read_signature
from scrubber.extract.metadata.view import Line, View
from scrubber.models import Claim

_MAX_CHARS: Final = 200  # of a line; "This entry was posted on ... and is filed under ..." is long
_MAX_OPENING: Final = 35  # characters before the date of a line that is about nothing else
_MAX_WORDS: Final = 5  # beside a date that nothing labels


def read_names(view: View) -> Iterator[Claim]:
    """Who signs below the last paragraph."""
    yield from read_signature(view, view.foot)


def read_days(view: View) -> Iterator[Claim]:
    """The first days of the short lines around the lead and below the last paragraph."""
    lines = view.late_lines
    for place, line in enumerate(lines):
        if len(line.text) > _MAX_CHARS:
            continue
        claims = visible_dates(view, lines, place, "late")
        yield from (claim for claim in claims if _is_no_prose(line, claim))


def _is_no_prose(line: Line, claim: Claim) -> bool:
    """Whether a line signs or files the article, instead of being its last sentence."""
    before, _, behind = line.text.partition(claim.value.raw)
    is_sentence = behind.endswith(".")
    if claim.source.endswith("labelled"):
        is_filed = bool(line.links)  # under its sections and tags
        return len(before) <= _MAX_OPENING or is_filed or not (behind and is_sentence)
    words = len(before.split()) + len(behind.strip(" .").split())
    return words <= (2 if is_sentence else _MAX_WORDS)
