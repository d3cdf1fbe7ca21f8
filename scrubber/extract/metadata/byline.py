"""What readers see: bylines and dates in the lines around the headline, and author boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scrubber.extract.metadata.claims import author_claims
from scrubber.extract.metadata.dates import find_date
from scrubber.extract.metadata.names import (
    looks_like_person,
    names_no_writer,
    opens_byline,
    read_names,
)
from scrubber.extract.metadata.time_tags import says_modified
from scrubber.extract.metadata.view import Line, View
from scrubber.models import Claim

_NEAR: Final = 14  # lines after the headline within which a byline stands
_ABOVE: Final = -8
_MAX_BYLINE: Final = 160
_AUTHOR_CLASS: Final = re.compile(
    r"author|byline|writer|contributor|creator|autor|auteur|posted-?by|written-?by", re.I
)
_DATE_CLASS: Final = re.compile(r"date|publish|posted-?on|time|fecha|datum", re.I)
_NOT_AUTHOR_CLASS: Final = re.compile(
    r"avatar|image|photo|img|bio\b|desc|social|role|title\b|job|review|position|link-icon|count",
    re.I,
)
_ABOUT: Final = re.compile(
    r"(?:about (?:the )?(?:author|writer)s?|über (?:den|die) autor(?:in)?|à propos de l.auteure?"
    r"|sobre (?:el|la|o|a) autora?|об авторе|l'autore|o autorze|meet the author|author)\s*:?\s*",
    re.I,
)
_PUBLISHED: Final = re.compile(
    r"publi[sck]|posted|veröffentlicht|erschienen|опубликован|pubblicat|geplaatst|julkaistu|发布|發布|公開日|등록|입력|yayın",
    re.I,
)
_COPYRIGHT: Final = re.compile(r"©|\(c\)|copyright|all rights|since \d{4}", re.I)


def read(view: View) -> Iterator[Claim]:
    """Visible bylines and dates."""
    yield from _read_lines(view)
    yield from _read_classes(view)
    yield from _read_links(view)


# ---- lines around the headline ----------------------------------------------------------------


def _read_lines(view: View) -> Iterator[Claim]:
    near = [line for line in view.lines if _ABOVE <= line.distance <= _NEAR]
    dates = 0
    for place, line in enumerate(near):
        if len(line.text) > _MAX_BYLINE:
            if line.distance > 0 and len(line.text) > 250:
                break  # the body has begun
            continue
        if view.is_foreign(line.element):
            continue
        yield from _byline(line, near[place + 1] if place + 1 < len(near) else None)
        date = _visible_date(view, line)
        if date is not None:
            dates += date.field == "published"
            yield date
            yield from _name_beside(near, place)


def _byline(line: Line, following: Line | None) -> Iterator[Claim]:
    """A line that opens with "By"; the name may stand on the next line."""
    if names_no_writer(line.text):
        return
    rest = opens_byline(line.text)
    if rest is None and following and len(line.text) <= 20 and opens_byline(f"{line.text} x"):
        rest = following.text if len(following.text) < 80 else None
    if rest is None or len(rest) > 140:
        return
    authors = [a for a in read_names(rest) if _plausible(a.name)]
    if authors:
        where = "below" if line.distance > 0 else "above"
        yield Claim("authors", tuple(authors), f"byline.{where}", line.text)


def _plausible(name: str) -> bool:
    """Whether a visible name is one: somebody's full name, a body's, or one capitalised word."""
    words = name.split()
    return looks_like_person(name) or (
        len(words) <= 5 and name[:1].isupper() and not name.endswith(".")
    )


def _visible_date(view: View, line: Line) -> Claim | None:
    text = line.text
    if not any(c.isdigit() for c in text) and not view.fetched_at:
        return None
    if _COPYRIGHT.search(text):
        return None
    date = find_date(text, view.language, view.fetched_at)
    if date is None or date.precision == "year":
        return None
    words = len(text.replace(date.raw, " ").split())
    kind = "pure" if words <= 3 else "line"
    if kind == "line" and words > 14 and not _PUBLISHED.search(text):
        kind = "prose"
    if _PUBLISHED.search(text):
        kind = "labelled"
    where = "below" if line.distance > 0 else "above"
    before = text[: text.find(date.raw)] if date.raw in text else text
    field = "modified" if says_modified(before) and not _PUBLISHED.search(before) else "published"
    return Claim(field, date, f"visible.{where}.{kind}", text)


def _name_beside(near: list[Line], place: int) -> Iterator[Claim]:
    """A line beside the date that is nothing but a person's name."""
    for other in (place - 1, place + 1):
        if 0 <= other < len(near) and near[other].distance not in {0}:
            text = near[other].text
            if len(text) <= 60 and looks_like_person(text):
                yield from author_claims("byline.beside_date", [text])


# ---- elements that class names or addresses mark ----------------------------------------------


def _read_classes(view: View) -> Iterator[Claim]:
    tree = view.tree
    seen: set[str] = set()
    dates = 0
    for number in view.marked.classed[:80]:
        name = tree.attrs[number].get("class") or ""
        is_author, is_date = bool(_AUTHOR_CLASS.search(name)), bool(_DATE_CLASS.search(name))
        if not is_author and not is_date:
            continue
        if tree.closes[number] - tree.opens[number] > 60 or view.is_foreign(number):
            continue
        text = tree.text(number)
        if not 2 < len(text) <= _MAX_BYLINE:
            continue
        where = "near" if number in view.line_of else "far"
        if is_author and not _NOT_AUTHOR_CLASS.search(name) and text not in seen:
            seen.add(text)
            yield from _classed_author(text, where)
        if is_date and dates < 4 and not _COPYRIGHT.search(text):
            date = find_date(text, view.language, view.fetched_at)
            if date is not None and date.precision != "year":
                modified = says_modified(f"{name} {text}") and not _PUBLISHED.search(text)
                dates += not modified
                yield Claim(
                    "modified" if modified else "published", date, f"class.date.{where}", text
                )


def _classed_author(text: str, where: str) -> Iterator[Claim]:
    if names_no_writer(text) or _ABOUT.fullmatch(text):
        return
    text = _ABOUT.sub("", text, count=1) if _ABOUT.match(text) else text
    opened = opens_byline(text)
    authors = [a for a in read_names(opened or text) if _plausible(a.name)]
    if authors and (
        opened or all(looks_like_person(a.name) or len(a.name.split()) < 4 for a in authors)
    ):
        yield Claim("authors", tuple(authors), f"class.author.{where}", text)


def _read_links(view: View) -> Iterator[Claim]:
    """Links to authors' pages."""
    tree = view.tree
    near: dict[str, int] = {}
    far: dict[str, int] = {}
    for number in view.marked.author_links[:60]:
        text = tree.text(number)
        if not 2 < len(text) <= 60 or view.is_foreign(number) or not read_names(text):
            continue
        (near if number in view.line_of else far).setdefault(text, number)
    for found, where in ((near, "near"), (far, "far")):
        if 0 < len(found) <= 6:
            single = (
                view.absolute(tree.attr(next(iter(found.values())), "href"))
                if len(found) == 1
                else None
            )
            yield from author_claims(f"link.author.{where}", found, url=single)
