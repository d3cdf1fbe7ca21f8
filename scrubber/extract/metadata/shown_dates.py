"""The days that readers see in a line, and what its words say that they are the days of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from scrubber.extract.metadata.date_labels import (
    is_label,
    last_label,
    says_modified,
    says_published,
)
from scrubber.extract.metadata.dates import find_date, find_dates
from scrubber.extract.metadata.view import Line, View
from scrubber.models import Claim, DateValue

_BEHIND: Final = 12  # characters behind a date in which its label may stand
_MAX_OPENING: Final = 30  # characters of a line before a label that still opens it
_ANOTHER_DAY: Final = re.compile(  # of something else: of an account, an event, a manuscript
    r"\bjoin(?:ed|s)?\b|registered|registration|registriert|member since|\bborn\b|expir|deadline"
    r"|valid until|due (?:date|by)|\b(?:visitors|hits)\b|\breceived\b|\bsubmitted:|\baccepted\b"
    r"|preprint|kayıt|inscri"
    r"|\b(?:date of )?(?:birth|death)\b|\bdied\b|\bgeboren\b|\bgestorben\b|\bnaissance\b|\bdécès\b"
    r"|nacimiento|nascimento|\bnascita\b|\bgeboorte|\burodzon|\bnarozen|\bszületett"
    r"|дата (?:рождения|смерти)|\bродил|народився"
    r"|\bfødt\b|\bfödd\b|syntynyt|γεννήθηκε|doğum tarihi|生年月日|生まれ|出生"
    r"|gültig|dołączył|зарегистрир|зареєстр|geregistreerd|attivo dal|lid sinds|登録日|注册|加入日",
    re.I,
)
_DATELINE: Final = re.compile(  # a place before a day, and a dash behind it
    r"(?!\d)[^\W\d_][^\d:;!?]{1,30}[,(]\s?[^:;!?]{0,8}\d[^:;!?]{3,20}?[\d.)]{2,}(?:\s?[^\W\d_]{1,2}\.)?"
    r"(?:\s?/[^/\d]{2,20}/)?\s?[-–—:]+\s"  # of an agency
)
_FOR_MACHINES: Final = re.compile(r"\dT\d\d:")
COPYRIGHT: Final = re.compile(
    r"©|\(c\)|copyright|all rights|since \d{4}|tous droits|alle rechte|todos (?:los|os) d[ei]re"
    r"|tutti i diritti|wszelkie prawa|všechna práva|все права|всі права|版权所有|版權所有|無断転載",
    re.I,
)


def visible_dates(
    view: View, near: Sequence[Line], place: int, where: str, odd: str = ""
) -> Iterator[Claim]:
    """The first day of a line, and a second that its own words tell from the first.

    What stands alone above the line may label a date with which it begins. where, odd: parts of
    the claims' source.
    """
    text = near[place].text
    found = for_readers(find_dates(text, view.language, view.fetched_at))
    if not found or COPYRIGHT.search(text) or _is_span(text, found):
        return
    label = _label_above(near, place)
    stop = 0
    fields: set[str] = set()
    for date in found:
        start = text.find(date.raw, stop)
        before = text[stop : max(start, stop)] if start >= 0 else text
        if start >= 0 and len(found) == 1 and last_label(before) is None:
            before += _label_behind(text[start + len(date.raw) :])  # "2024年5月1日 更新"
        if label and 0 <= start <= 3 and not fields:
            before = f"{label} {before}"
        stop = start + len(date.raw)
        field = field_of(before)
        if date.precision == "year" or field is None or field in fields:
            return
        if not fields or says_published(before) or field == "modified":
            fields.add(field)
            how = "labelled" if says_published(before) else _line_kind(text, date.raw)
            yield Claim(field, date, f"visible.{where}.{how}{odd}", text)


def _label_above(near: Sequence[Line], place: int) -> str:
    """The label that has the line above a date to itself: "Published", "Born:"; may be empty."""
    while place > 0 and len(near[place - 1].text) <= 2:  # a bar or dot between them
        place -= 1
    above = near[place - 1].text if place > 0 else ""
    is_other = len(above) <= _MAX_OPENING and _ANOTHER_DAY.search(above) is not None
    return above if is_other or is_label(above) else ""


def _is_span(text: str, dates: Sequence[DateValue]) -> bool:
    """Whether two days are the ends of one time: of an event, of a life."""
    if len(dates) < 2:
        return False
    between = text.partition(dates[0].raw)[2].partition(dates[1].raw)[0]
    return between.strip().casefold() in _TO


_TO: Final = frozenset(
    {"-", "–", "—", "to", "until", "bis", "au", "al", "tot", "do", "до", "〜", "~"}
)


def _label_behind(text: str) -> str:
    """The words just behind a date, unless they lead up to another number: "(updated 3/13)"."""
    return text[:_BEHIND] if not _LEADS_ON.match(text) else ""


_LEADS_ON: Final = re.compile(rf"\D{{1,{_BEHIND}}}\d")


def for_readers(dates: Iterable[DateValue]) -> list[DateValue]:
    """Dates without a first one that is written for machines, beside one written for readers."""
    found = list(dates)
    return found[1:] if len(found) > 1 and _FOR_MACHINES.search(found[0].raw) else found


def field_of(before: str, names: str = "") -> str | None:
    """What the words before a date make it; `None` where it is the day of something else.

    names: of the element's classes.
    """
    if _ANOTHER_DAY.search(f"{names} {before}"):
        return None
    said = last_label(before)
    return said or ("modified" if says_modified(names) else "published")


def _line_kind(text: str, raw: str) -> str:
    """How the date stands in its line: labelled, alone, with some words, or inside prose."""
    if says_published(text):
        return "labelled"
    words = len(text.replace(raw, " ").split())
    return "pure" if words <= 3 else "line" if words <= 14 else "prose"


def leaf_of_calendar(
    view: View, near: Sequence[Line], place: int, where: str, odd: str
) -> Iterator[Claim]:
    """A day whose number, month and year stand on lines of their own, the number on this one."""
    if not _LONE_DAY.fullmatch(near[place].text):
        return
    for before, behind in _LEAVES:
        parts = [line.text for line in near[max(0, place - before) : place + behind + 1]]
        if any((own := find_date(part)) and own.precision == "day" for part in parts):
            continue  # the number counts the comments below a whole date
        for text in (" ".join(parts), " ".join(reversed(parts))):
            date = find_date(text, view.language) if len(text) <= _MAX_LEAF else None
            if date is not None and date.precision == "day":
                yield Claim("published", date, f"visible.{where}.pure{odd}", text)
                return


_LONE_DAY: Final = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.?")
_LEAVES: Final = ((0, 2), (1, 1), (2, 0), (0, 1), (1, 0))  # lines before and behind the day
_MAX_LEAF: Final = 24  # characters of all of them


def dateline(view: View, line: Line, past: int) -> Iterator[Claim]:
    """The day with which the first long line opens: "Köln, 14. März 2021 - Die Brücke ..."."""
    if past > 1 or line.distance <= 0:
        return
    place = _DATELINE.match(line.text)
    opening = place[0] if place else line.text[:_MAX_DATELINE]
    date = find_date(opening, view.language)
    if date is None or date.precision == "year" or view.is_foreign(line.element):
        return
    if date.raw in opening and (place or _opens_with(opening, date)):
        yield Claim("published", date, "visible.below.line", opening)


def _opens_with(text: str, date: DateValue) -> bool:
    """Whether a text opens with a full date, no part of its sentence: "(4.5.2026) Die Brücke"."""
    before, _, behind = text.partition(date.raw)
    parted = _PARTED.match(behind) or (date.raw[-1].isdigit() and _NUMBERS.fullmatch(date.raw))
    return len(date.value) > 7 and _BEFORE_DATELINE.fullmatch(before) is not None and bool(parted)


_MAX_DATELINE: Final = 70
_BEFORE_DATELINE: Final = re.compile(  # nothing, a weekday, or a place and a comma
    r"[(\[]?(?:[^\W\d_]{2,14}\.?,?\s+|[^\d,.;:!?()]{2,30},\s?)?"
)
_PARTED: Final = re.compile(r"(?:\s?(?:Uhr|h|г\.|r\.))?(?:\s?[)\]·|•:–—]|\s-\s|\.\s)")
_NUMBERS: Final = re.compile(r"\d{1,4}[./-]\s?\d\d?[./-]\s?\d{2,4}")
