"""Dates in application state: the JSON that apps and data layers leave in inline scripts.

Read only where nothing better dates the page, and only for keys that can mean nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scrubber.extract.metadata.claims import date_claims
from scrubber.extract.metadata.view import View
from scrubber.models import Claim

_MAX_CHARS: Final = 400_000  # of all scripts together
_PUBLISHED: Final = re.compile(
    r"""["'](?:datePublished|publishedDate|publishDate|published_date|publish_date|publication_?[dD]ate"""
    r"""|published_?[aA]t|firstPublished(?:Date|At|On)?|published_time|pubDate|datePublication"""
    r"""|pagePostDate|postDate|articlePublishDate)\\?["']\s*[:,]\s*\\?["']([^"'\\]{8,35})"""
)

_DATE: Final = re.compile(r"""\\?"date\\?":\\?"((?:19|20)\d\d-\d\d-\d\dT[^"\\]{5,25})""")


def read(view: View) -> Iterator[Claim]:
    """The first stated day of publication, if all that say one agree."""
    if view.is_dated_for_machines:
        return
    found: list[str] = []
    loose: list[str] = []
    seen = 0
    for number in view.tree.find("script"):
        kind = (view.tree.attrs[number].get("type") or "").lower()
        if "ld+json" in kind or "src" in view.tree.attrs[number]:
            continue
        text = view.tree.raw_text(number)
        seen += len(text)
        if seen > _MAX_CHARS:
            break
        if "ubli" in text or "ostDate" in text:
            found += [match[1] for match in _PUBLISHED.finditer(text)][:20]
        if '"date' in text:
            loose += [match[1] for match in _DATE.finditer(text)][:5]
    if not found:
        for _, attrs in view.tree.start_tags:
            for value in attrs.values() if attrs else ():
                if value and len(value) > 200 and "atePublished" in value:
                    found += [match[1] for match in _PUBLISHED.finditer(value)][:20]
    days = {raw[:10] for raw in found}
    if found:
        source = "state.only" if len(days) == 1 else "state.first"
        yield from date_claims(view, "published", source, found[:1])
    if loose:
        source = "state.date" if len({raw[:10] for raw in loose}) == 1 else "state.dates"
        yield from date_claims(view, "published", source, loose[:1])
