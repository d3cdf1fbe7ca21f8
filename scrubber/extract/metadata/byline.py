"""What readers see: bylines and dates in the lines around the headline, and author boxes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scrubber.extract.metadata.claims import author_claims
from scrubber.extract.metadata.dates import find_date
from scrubber.extract.metadata.names import (
    byline_inside,
    has_given_name,
    looks_like_person,
    names_no_writer,
    opens_byline,
    read_names,
)
from scrubber.extract.metadata.time_tags import says_modified
from scrubber.extract.metadata.view import Line, View
from scrubber.models import Author, Claim

_NEAR: Final = 14  # lines after the headline within which a byline stands
_ABOVE: Final = -8
_MAX_BYLINE: Final = 160
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
_PUBLISHED: Final = re.compile(
    r"publi[sck]|posted|veröffentlicht|erschienen|опубликован|pubblicat|geplaatst|julkaistu|发布|發布|公開日|등록|입력|yayın",
    re.I,
)
_CREDITS: Final = (  # as they stand in running text; plain strings, because all of it is searched
    "ritten by", "uthored by", "Article by", "article by", "Words by", "Story by",
    "erfasst von", "eschrieben von", "crit par", "édigé par", "scrito por", "critto da",
    "eschreven door", "Автор:", "Автор статьи:", "作者：", "作者:",
)  # fmt: skip
_COPYRIGHT: Final = re.compile(r"©|\(c\)|copyright|all rights|since \d{4}", re.I)


def read(view: View) -> Iterator[Claim]:
    """Visible bylines and dates."""
    yield from _read_lines(view)
    yield from _read_classes(view)
    yield from _read_links(view)
    yield from _read_far_credits(view)


# ---- lines around the headline ----------------------------------------------------------------


def _read_lines(view: View) -> Iterator[Claim]:
    near = [line for line in view.lines if _ABOVE <= line.distance <= _NEAR]
    names: list[str] = []
    for place, line in enumerate(near):
        if len(line.text) > _MAX_BYLINE:
            if line.distance > 0 and len(line.text) > 250:
                break  # the body has begun
            continue
        odd = ".odd" if view.is_foreign(line.element) else ""
        if odd and view.is_elsewhere(line.element):
            continue
        yield from _byline(line, near[place + 1] if place + 1 < len(near) else None, odd)
        date = _visible_date(view, line, odd)
        if date is not None:
            yield date
            yield from _name_beside(near, place)
            yield from _name_inside(line, date)
        elif len(names) < 6 and line.distance > 0 and _is_name_line(line.text):
            names.append(line.text)
            if len(names) <= 2:
                yield from author_claims(f"byline.name_line{odd}", [line.text])
    if len(names) > 1:
        yield from author_claims("byline.name_lines", names)


def _byline(line: Line, following: Line | None, odd: str) -> Iterator[Claim]:
    """A line that opens with "By"; the name may stand on the next line."""
    if names_no_writer(line.text):
        return
    where = "below" if line.distance > 0 else "above"
    rest = opens_byline(line.text)
    if rest is None and following and len(line.text) <= 20 and opens_byline(f"{line.text} x"):
        rest = following.text if len(following.text) < 80 else None
    short = len(line.text) < 30
    if rest is None:
        rest, where, short = byline_inside(line.text), "inside", False
    if rest is None or len(rest) > 140:
        return
    authors = [a for a in read_names(rest) if _plausible(a.name) or short]
    if authors:
        yield Claim("authors", tuple(authors), f"byline.{where}{odd}", line.text)


def _plausible(name: str) -> bool:
    """Whether a visible name is one: somebody's full name, a body's, or one capitalised word."""
    words = name.split()
    return looks_like_person(name) or (
        len(words) <= 5 and name[:1].isupper() and not name.endswith(".")
    )


def _is_name_line(text: str) -> bool:
    return len(text) <= 40 and looks_like_person(text) and has_given_name(text)


def _visible_date(view: View, line: Line, odd: str) -> Claim | None:
    text = line.text
    if not any(c.isdigit() for c in text) and not view.fetched_at:
        return None
    if _COPYRIGHT.search(text):
        return None
    date = find_date(text, view.language, view.fetched_at)
    if date is None or date.precision == "year":
        return None
    where = "below" if line.distance > 0 else "above"
    before = text[: text.find(date.raw)] if date.raw in text else text
    modified = says_modified(before) and not _PUBLISHED.search(before)
    field = "modified" if modified else "published"
    return Claim(field, date, f"visible.{where}.{_line_kind(text, date.raw)}{odd}", text)


def _line_kind(text: str, raw: str) -> str:
    """How the date stands in its line: labelled, alone, with some words, or inside prose."""
    if _PUBLISHED.search(text):
        return "labelled"
    words = len(text.replace(raw, " ").split())
    return "pure" if words <= 3 else "line" if words <= 14 else "prose"


def _name_beside(near: list[Line], place: int) -> Iterator[Claim]:
    """A line beside the date that is nothing but a person's name."""
    for other in (place - 1, place + 1):
        if 0 <= other < len(near):
            text = near[other].text
            if len(text) <= 60 and looks_like_person(text):
                known = "known" if has_given_name(text) else "unknown"
                yield from author_claims(f"byline.beside_date.{known}", [text])


def _name_inside(line: Line, date: Claim) -> Iterator[Claim]:
    """A person's name in the same line as the date: "Jane Doe · May 4, 2026"."""
    rest = line.text.replace(date.value.raw, " | ")
    names = [
        name
        for piece in re.split(r"[|•·●/–—]| - | on | in ", rest)
        if _is_name_line(name := piece.strip(" ,."))
    ]
    yield from author_claims("byline.with_date", names[:1])


# ---- elements that class names or addresses mark ----------------------------------------------


def _read_classes(view: View) -> Iterator[Claim]:
    tree = view.tree
    seen: set[str] = set()
    dates = 0
    for number in view.marked.classed[:_MAX_CLASSED]:
        if tree.closes[number] - tree.opens[number] > 60:
            continue
        text = tree.text(number)
        if not 2 < len(text) <= _MAX_BYLINE or text in seen:
            continue
        where = "near" if number in view.line_of else "far"
        if view.is_foreign(number):
            if where == "far" or view.is_elsewhere(number):
                continue
            where = "near.odd"
        seen.add(text)
        if view.mark(number) & 1:
            yield from _classed_author(view, number, text, where)
        if dates < 6 and (date := _classed_date(view, number, text, where)) is not None:
            dates += 1
            yield date


def _classed_date(view: View, number: int, text: str, where: str) -> Claim | None:
    """The date in an element whose class promises one, or an author or facts with it."""
    if _COPYRIGHT.search(text):
        return None
    date = find_date(text, view.language, view.fetched_at)
    if date is None or date.precision == "year":
        return None
    kind = "date" if view.mark(number) & 2 else "meta"
    names = view.tree.attrs[number].get("class") or ""
    before = text[: text.find(date.raw)] if date.raw in text else text
    modified = says_modified(f"{names} {before}") and not _PUBLISHED.search(before)
    return Claim("modified" if modified else "published", date, f"class.{kind}.{where}", text)


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
    authors = [a for a in read_names(opened or text) if _plausible(a.name)]
    if authors and (opened or all(_is_short_name(author.name) for author in authors)):
        yield Claim("authors", tuple(authors), f"class.author.{where}", text)
    first = view.first_line_in(number)
    if first and first != text and _is_name_line(first):
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
        if not 2 < len(text) <= 60 or view.is_foreign(number):
            continue
        if names_no_writer(view.words_before(number)) or not all(map(_is_listed, read_names(text))):
            continue
        (near if number in view.line_of else far).setdefault(text, number)
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


def _is_listed(author: Author) -> bool:
    """Whether a link's text is a name rather than a phrase."""
    return author.kind == "handle" or _plausible(author.name)


def _read_far_credits(view: View) -> Iterator[Claim]:
    """ "Written by Jane Doe" anywhere on the page, such as in the box below the article."""
    if "author" in view.metas or any('"author"' in text for text in view.jsonld_texts):
        return  # said better elsewhere; reading all text costs
    text = "\n".join([token for token in view.tree.tokens if token.__class__ is str])
    for needle in _CREDITS:
        place = text.find(needle)
        if place < 0:
            continue
        rest = " ".join(text[place + len(needle) : place + len(needle) + 120].split())
        names = [author for author in read_names(rest.lstrip(" :")) if _plausible(author.name)]
        if names:
            yield Claim("authors", tuple(names[:3]), "byline.far", rest)
