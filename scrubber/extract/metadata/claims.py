"""Making claims: the few steps that several sources share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scrubber.extract.metadata.dates import read_date
from scrubber.extract.metadata.names import read_names
from scrubber.extract.metadata.titles import tidy
from scrubber.extract.metadata.view import View
from scrubber.models import Author, AuthorKind, Claim


def text_claim(view: View, field: str, name: str) -> Iterator[Claim]:
    """The first content of a meta tag as plain text."""
    raw = view.meta(name)
    if raw and (text := tidy(raw)):
        yield Claim(field, text, name, raw)


def date_claims(view: View, field: str, source: str, raws: Iterable[str]) -> Iterator[Claim]:
    """A claim for each text that is a date."""
    for raw in raws:
        date = read_date(raw, view.language, view.fetched_at)
        if date is not None:
            yield Claim(field, date, source, raw)


def author_claims(
    source: str, raws: Iterable[str], kind: AuthorKind | None = None, url: str | None = None
) -> Iterator[Claim]:
    """One claim that all names in these texts wrote the page; none where they name nobody."""
    found: dict[str, Author] = {}
    kept: list[str] = []
    for raw in raws:
        authors = read_names(raw, kind=kind, url=url)
        if authors:
            kept.append(raw)
        for author in authors:
            found.setdefault(author.name.casefold(), author)
    if found:
        yield Claim("authors", tuple(found.values()), source, "; ".join(kept))
