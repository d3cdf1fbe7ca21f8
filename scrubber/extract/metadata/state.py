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
_DATE: Final = re.compile(  # a record's moment; less sure, since an event's may be called so too
    r"""\\?"date\\?":\\?"((?:19|20)\d\d-\d\d-\d\dT[^"\\]{5,25})"""
)
_CARRIERS: Final = frozenset({"meta", "script"})  # beside custom elements, which have a hyphen
_LONG: Final = 200  # characters of an attribute that may hold state


def read(view: View) -> Iterator[Claim]:
    """The first stated day of publication, and the first that is only called the date."""
    if view.is_dated_for_machines:
        return
    texts = list(_inline_scripts(view))
    found = [
        match[1]
        for text in texts
        if ("ubli" in text and ("ublish" in text or "ublication" in text))
        or "ubDate" in text
        or "ostDate" in text
        for match in _PUBLISHED.finditer(text)
    ] or _in_attributes(view)
    loose = [
        m[1]
        for text in texts
        if '"date' in text and ('"date":' in text or '"date\\":' in text)
        for m in _DATE.finditer(text)
    ][:20]
    yield from _first(view, found, "state.only", "state.first")
    yield from _first(view, loose, "state.date", "state.dates")


def _first(view: View, raws: list[str], only: str, first: str) -> Iterator[Claim]:
    """A claim of the first date; its source tells whether all name one day."""
    source = only if len({raw[:10] for raw in raws}) == 1 else first
    yield from date_claims(view, "published", source, raws[:1])


def _inline_scripts(view: View) -> Iterator[str]:
    seen = 0
    for number in view.tree.find("script"):
        attrs = view.tree.attrs[number]
        if "ld+json" in (attrs.get("type") or "").lower() or "src" in attrs:
            continue
        text = view.tree.raw_text(number)
        seen += len(text)
        if seen > _MAX_CHARS:
            return
        yield text


def _in_attributes(view: View) -> list[str]:
    """Days in the state that a component, a `<meta>` or a `<script>` carries in an attribute."""
    tree = view.tree
    carriers = [tag for tag in tree.by_tag if "-" in tag or tag in _CARRIERS]
    return [
        match[1]
        for number in tree.find(*carriers)
        for value in tree.attrs[number].values()
        if value and len(value) > _LONG and "atePublished" in value
        for match in _PUBLISHED.finditer(value)
    ]
