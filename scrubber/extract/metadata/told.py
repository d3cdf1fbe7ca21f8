"""Writers that machines are told, where readers are shown the same names in words of no byline.

{"@type": "NewsArticle", "author": "City Desk"}  beside  <p>City Desk | Dec 2, 2021</p>
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from scrubber.extract.metadata.candidates import SHOWN, family
from scrubber.extract.metadata.persons import name_key
from scrubber.extract.metadata.titles import squash
from scrubber.extract.metadata.view import View
from scrubber.models import Claim

_MAX_CHARS: Final = 120  # of a line that is no prose
_NEAREST: Final = range(-4, 9)  # lines from the headline
_SEPARATOR: Final = re.compile(r"\s*[|·•/–—]\s*|\s-\s|,\s")
_TOLD: Final = frozenset({"jsonld", "card", "meta"})


def read(view: View, claims: Sequence[Claim]) -> Iterator[Claim]:
    """One more claim for each list of writers that is told, in no byline, but shown."""
    signed = [claim for claim in claims if claim.field == "authors"]
    shown = {_key(claim) for claim in signed if family(claim.source) in SHOWN}
    told = {_key(claim): claim for claim in signed if family(claim.source) in _TOLD}
    pieces = _pieces(view) if told.keys() - shown else frozenset()
    for key, claim in told.items():
        names = [author.name for author in claim.value]
        own = any(squash(name) in view.logo_names for name in names)  # the site's name stands above
        if key not in shown and pieces.issuperset(names) and not own:
            yield Claim("authors", claim.value, "byline.told", "; ".join(names))


def _key(claim: Claim) -> frozenset[str]:
    return frozenset(name_key(author.name) for author in claim.value)


def _pieces(view: View) -> frozenset[str]:
    """What is set apart in the short lines around the headline and behind the last paragraph."""
    near = [line for line in view.lines if line.distance in _NEAREST]
    return frozenset(
        piece.strip(" ,;:")
        for line in (*near, *view.foot)
        if len(line.text) <= _MAX_CHARS
        for part in line.parts
        for piece in _SEPARATOR.split(part)
    )
