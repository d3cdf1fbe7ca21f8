"""Writers and days in elements that class names mark, and links to writers' pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scrubber.extract.metadata.byline import MAX_BYLINE, PROSE
from scrubber.extract.metadata.claims import author_claims
from scrubber.extract.metadata.date_labels import (
    is_label,
    says_published,
)
from scrubber.extract.metadata.dates import find_dates, read_date
from scrubber.extract.metadata.name_parts import names_apart
from scrubber.extract.metadata.names import read_names
from scrubber.extract.metadata.openings import names_no_writer, opens_byline
from scrubber.extract.metadata.persons import is_listed, is_name_line, looks_like_person, plausible
from scrubber.extract.metadata.shown_dates import COPYRIGHT, field_of, for_readers
from scrubber.extract.metadata.view import View
from scrubber.extract.tree import INLINE
from scrubber.models import Claim, DateValue

_NOT_AUTHOR_CLASS: Final = re.compile(
    r"avatar|image|photo|img|bio\b|desc|social|role|title\b|(?<![a-z])job|review|position|link-icon|count",
    re.I,
)
_MAX_CLASSED: Final = 80  # marked elements looked at
_ABOUT: Final = re.compile(
    r"(?:about (?:the )?(?:author|writer)s?|über (?:den|die) autor(?:in)?|à propos de l.auteure?"
    r"|sobre (?:el|la|o|a) autora?|об авторе|l'autore|o autorze|meet the author|author)\s*:?\s*",
    re.I,
)


def read(view: View) -> Iterator[Claim]:
    """Claims of elements whose class promises a writer, a day or facts, then of links."""
    yield from _read_classes(view)
    yield from _read_links(view)


def _read_classes(view: View) -> Iterator[Claim]:
    tree = view.tree
    seen: set[tuple[str, str]] = set()
    dates = 0
    for number in view.marked.classed[:_MAX_CLASSED]:
        if tree.closes[number] - tree.opens[number] > 60:
            continue
        text = tree.text(number)
        said = (text, tree.attr(number, "title"))
        if not 2 < len(text) <= MAX_BYLINE or said in seen:
            continue
        where = "near" if view.distance(number) is not None else "far"
        if view.is_foreign(number):
            if where == "far" or view.is_elsewhere(number):
                continue
            where = "near.odd"
        seen.add(said)
        if view.mark(number) & 1:
            yield from _classed_author(view, number, text, where)
        if dates < 6 and (date := _classed_date(view, number, text, where)) is not None:
            dates += 1
            yield date


def _classed_date(view: View, number: int, text: str, where: str) -> Claim | None:
    """The date in an element whose class promises one, or an author or facts with it."""
    date = next(iter(for_readers(find_dates(text, view.language, view.fetched_at))), None)
    if date is None and view.mark(number) & 2:
        date = _date_in_attributes(view, number)
    if date is None or date.precision == "year" or COPYRIGHT.search(text):
        return None
    kind = "date" if view.mark(number) & 2 else "meta"
    names = view.tree.attrs[number].get("class") or ""
    before = text[: text.find(date.raw)] if date.raw in text else text
    if not before.strip() and is_label(words := view.words_before(number)):
        before = words
    field = field_of(before, names)
    labelled = ".labelled" if says_published(before) else ""
    return Claim(field, date, f"class.{kind}.{where}{labelled}", text) if field else None


def _date_in_attributes(view: View, number: int) -> DateValue | None:
    """The day that an element keeps for machines where readers see "12:34" or "2 years ago"."""
    values = (
        value.strip()
        for name, value in view.tree.attrs[number].items()
        if value and (name in _DATE_ATTRIBUTES or name.startswith("data-"))
    )
    dates = (read_date(value, view.language) for value in values if _FULL_DAY.match(value))
    return next((date for date in dates if date is not None), None)


_DATE_ATTRIBUTES: Final = frozenset({"title", "datetime", "content"})
_FULL_DAY: Final = re.compile(r"(?:19|20)\d\d-\d\d-\d\d|1\d{9}(?:\d{3})?$|\d\d?[./]\d\d?[./]\d{4}")


def _classed_author(view: View, number: int, text: str, where: str) -> Iterator[Claim]:
    """The names in an element whose class promises an author."""
    if _NOT_AUTHOR_CLASS.search(view.tree.attrs[number].get("class") or ""):
        return
    if (
        names_no_writer(text)
        or _ABOUT.fullmatch(text)
        or names_no_writer(view.words_before(number))
    ):
        return
    text = _ABOUT.sub("", text, count=1) if _ABOUT.match(text) else text
    opened = opens_byline(text)
    apart = names_apart(view.parts_in(number), opened or text)
    authors = [a for a in read_names(apart) if plausible(a.name)]
    if authors and (opened or all(_is_short_name(author.name) for author in authors)):
        yield Claim("authors", tuple(authors), f"class.author.{where}", text)
    first = view.first_line_in(number)
    if first and first != text and is_name_line(first):
        yield from author_claims(f"class.author_first.{where}", [first])


def _is_short_name(name: str) -> bool:
    return looks_like_person(name) or len(name.split()) < 4


def _read_links(view: View) -> Iterator[Claim]:
    """Links to authors' pages."""
    tree = view.tree
    near: dict[str, int] = {}
    far: dict[str, int] = {}
    for number in view.marked.author_links[:60]:
        text = tree.text(number)
        if not 2 < len(text) <= 60 or view.is_foreign(number) or _is_in_prose(view, number):
            continue
        if names_no_writer(view.words_before(number)) or not all(map(is_listed, read_names(text))):
            continue
        (far if view.distance(number) is None else near).setdefault(text, number)
    for found, where in ((near, "near"), (far, "far")):
        if 1 < len(found) <= 6:
            for text in found:
                yield from author_claims(f"link.one.{where}", [text])
        if 0 < len(found) <= 6:
            single = (
                view.absolute(tree.attr(next(iter(found.values())), "href"))
                if len(found) == 1
                else None
            )
            yield from author_claims(f"link.author.{where}", found, url=single)


def _is_in_prose(view: View, number: int) -> bool:
    """Whether a link stands inside a sentence, which tells of somebody."""
    tree = view.tree
    block = next((n for n in tree.ancestors(number) if tree.tags[n] not in INLINE), None)
    return block is not None and tree.tags[block] == "p" and len(tree.text(block)) > PROSE
