"""Reading dates as pages write them: `DateValue` out, or `None`; never a guess.

    read_date(text)    the text is a date: an attribute, a `<time>`, a JSON-LD value
    find_date(text)    the first date inside a line that a reader sees
    find_dates(text)   that date and the next one behind it

The day is the local day as written; an offset is kept and never applied. A day and month that
could be swapped are read in the order of the page's language, or refused where it is unknown.
Relative dates ("3 hours ago") have a meaning only beside the time the page was fetched.
Some thirty times faster than dateparser and more often right on dates of 62 languages:
`tests/bench/dates_against_peers.py` prints both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from scrubber.extract.metadata.calendars import (
    ERAS,
    FIRST_YEAR,
    LAST_YEAR,
    common_day,
    month_number,
    persian_day,
    solar_day,
    solar_month,
)
from scrubber.extract.metadata.relative import find_relative
from scrubber.models import DatePrecision, DateValue

_MAX_CHARS: Final = 300  # longer texts are no dates, and hostile ones cost time

_CLOCK = (
    r"(?P<hour>[0-2]?\d)[:.h時시点點](?P<minute>[0-5]\d)(?:[:.分]?(?P<second>[0-5]\d))?(?:[.,]\d+)?[分秒]?"
    r"(?:\s?(?P<half>[ap]\.?\s?m\b\.?))?(?:\s?(?P<zone>Z\b|UTC\b|GMT\b))?(?:\s?(?P<offset>[+-]\d{2}:?\d{2}))?"
)
_ISO: Final = re.compile(r"(?<![\d.,/-])(\d{4})([-/.])\s?(\d{1,2})\2\s?(\d{1,2})(?!\d)")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})?(?:\.\d+)?(Z)?)?")
_YEAR_MONTH: Final = re.compile(r"(\d{4})[-/](\d{1,2})")
_NUMERIC: Final = re.compile(
    r"(?<!\d)(?<!\d[.,/-])(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d/-])"
)
_COUNTED: Final = re.compile(  # Chinese, Japanese, Korean; with era names
    rf"({'|'.join(ERAS)})?\s*(\d{{1,4}}|元)\s?[年년]\s?(\d{{1,2}})\s?[月월](?:\s?(\d{{1,2}})\s?[日号號일])?"
)
_VIETNAMESE: Final = re.compile(
    r"(\d{1,2})\s+(?:tháng|thg)\s+(\d{1,2})\s*,?\s*(?:năm\s+)?(\d{4})", re.I
)
_MONGOLIAN: Final = re.compile(
    r"(\d{4})\s?оны\s+(\d{1,2})(?:\s?-?\s?(?:р|дугаар|дүгээр))?\s+сарын\s+(\d{1,2})(?!\d)", re.I
)
_ROMAN_NUMBERS: Final = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"]
_ROMAN: Final = re.compile(
    rf"(?<![\d.,/-])(\d{{1,2}})[.\s-]{{1,2}}({'|'.join(_ROMAN_NUMBERS)})[.\s-]{{1,2}}(\d{{4}})(?!\d)"
)
_DAY_FIRST_IN_DASHES: Final = frozenset(  # elsewhere "03-04-23" may open with the year
    {"nl", "es", "pt", "fr", "it", "id", "da", "de", "el", "tr"}
)
_ROMAN_MONTHS_IN: Final = frozenset(
    {"pl", "hu", "ro", "cs", "sk", "ru", "uk", "bg", "sr", "hr", "lt"}
)
_WORD: Final = re.compile(r"[^\s\d,،;:|()\[\]{}<>\"“”·•/–—_@-]{2,24}")
_FILLER = (  # small words between the day, the month and the year
    r"(?:st|nd|rd|th|of|de|del|di|d|er|en|den|ng|ta|ika|i|ga|gada|a|an|r|lá|dia|day|the|ja|v|"
    r"го|е|ж|жылғы|года|року|г|р|м|m|thi|ye|yil|ին|թ|του|της|الـ|من|ко|e?ko|kua|ren|"
    r"ª|º|°|ম|শে|ই|तारीख|พ\.ศ|ค\.ศ|năm|ឆ្នាំ)"
)
_DAY_BEFORE: Final = re.compile(
    rf"(?<![\d:.,/])(\d{{1,2}})(?:[\s.,'’/-]*{_FILLER}){{0,2}}[\s.,'’/-]*$", re.I
)
_YEAR_AFTER: Final = re.compile(
    rf"[\s.,،'’/-]*(?:{_FILLER}\b[\s.,'’/-]*){{0,2}}(\d{{4}})(?!\d)", re.I
)
_SHORT_YEAR_AFTER: Final = re.compile(  # bare only where nothing but a time or a bar follows
    r"[-\s]?['’-](\d{2})(?!\d)|\.?,?\s(\d{2})(?=\s*(?:$|[|·•)]|[–—-]\s|,?\s\d{1,2}[:.]\d\d))"
)
_DAY_AND_YEAR_AFTER: Final = re.compile(
    r"[\s.,'’-]*(?:the\s)?(\d{1,2})(?:st|nd|rd|th|er|an?|ª|º)?\b[\s.,'’-]*"
    r"(?:(?:of|de|del|at|i)\s+)?(?:\(?(\w{2,9})\)?,?\s+)?(\d{4})(?!\d)",
    re.I,
)
_DAY_AND_LATE_YEAR_AFTER: Final = re.compile(  # "Jul  9 15:41:20 CEST 2002"; "Feb 11 '12"
    r"\s+(\d{1,2})\s+(?:\d\d?:\d\d(?::\d\d)?\s+(?:[A-Z]{2,5}\s+|[+-]\d{4}\s+)?(\d{4})|['’](\d\d))(?!\d)"
)
_LATE_YEAR_AFTER: Final = re.compile(  # "12 Fév 22:51:37 CET 2004"
    r"\s+\d\d?:\d\d(?::\d\d)?\s+(?:[A-Z]{2,5}\s+|[+-]\d{4}\s+)?(\d{4})(?!\d)"
)
_DAY_AFTER: Final = re.compile(r"[\s.,'’-]*(\d{1,2})(?!\d)")
_YEAR_BEFORE: Final = re.compile(
    rf"(?<!\d)(\d{{4}})(?:\s?[-‐]?{_FILLER}|\(e\)ko)?[\s.,'’/-]*(?:{_FILLER}[\s.,]*)?$", re.I
)
_YEAR_DAY_BEFORE: Final = re.compile(
    rf"(?<!\d)(\d{{4}})(?:[\s.-]{{0,2}}{_FILLER})?[\s.,-]*(\d{{1,2}})[\s.,-]*(?:{_FILLER}[\s.,]*)?$",
    re.I,
)
_TIME_AFTER: Final = re.compile(r"[\s,T|@·•–—-]{0,4}(?:[^\W\d]{1,4}\.?\s+){0,2}" + _CLOCK, re.I)
_MAY_DATE: Final = re.compile(  # what every date has
    r"\d{4}|\d\s?[./-]\s?\d|['’-]\d\d|[年년]|\d\.?\s[^\s\d]{3,10}\s\d\d(?!\d)"
)
_EPOCH: Final = re.compile(r"\d{10}|\d{13}")
_TWO_WORD_MONTHS: Final = re.compile(
    r"(كانون|تشرين)\s+(الأول|الثاني)|(Meán|Deireadh)\sFómhair"
    r"|\btháng (?:mười (?:một|hai)|giêng|một|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười|chạp)\b",
    re.I,
)
_ELISION: Final = re.compile(r"\bd['’](?=[^\W\d])", re.I)  # "6 d'agost"
_PERSIAN_DAY: Final = re.compile(r"(?:(?:بیست|سی)\sو\s)?\w{2,8}(?:\u200c?ام)?(?=\s*$)")
_DIGIT: Final = re.compile(r"\d")
_OTHER_DIGIT: Final = re.compile(r"[^\D0-9]")
_BARE_YEAR: Final = re.compile(r"(?:©\s*)?(\d{4})")

_SPACES: Final = {0xA0: " ", 0x202F: " ", 0x2009: " ", 0x200E: None, 0x200F: None}

# English of these places writes the month first; everyone else the day.
_MONTH_FIRST: Final = frozenset({"en", "en-us", "en-ph", "fil", "tl", "es-us", "en-ca"})


@dataclass(frozen=True, slots=True)
class _Found:
    """A date inside a text: where it stands, and its day, month or year."""

    start: int
    stop: int
    year: int
    month: int | None = None
    day: int | None = None

    def typed(self, text: str) -> DateValue:
        raw = text[self.start : self.stop]
        if self.month is None:
            return DateValue(value=f"{self.year:04}", precision="year", raw=raw)
        if self.day is None:
            return DateValue(value=f"{self.year:04}-{self.month:02}", precision="month", raw=raw)
        day = f"{self.year:04}-{self.month:02}-{self.day:02}"
        clock = _TIME_AFTER.match(text, self.stop)
        time = _clock_time(clock) if clock else None
        if clock is None or time is None:
            return DateValue(value=day, precision="day", raw=raw)
        precision: DatePrecision = "second" if clock["second"] else "minute"
        return DateValue(
            value=f"{day}T{time}", precision=precision, raw=text[self.start : clock.end()]
        )


def read_date(
    text: str, language: str | None = None, fetched_at: datetime | None = None
) -> DateValue | None:
    """The date that `text`, a value given as a date, states.

    language: BCP 47, of the page. Besides all that `find_date` reads: compact ISO, month and
    year alone, seconds and milliseconds since 1970. `raw` is the text as given.
    """
    text = text.strip()
    if not 3 <= len(text) <= _MAX_CHARS:
        return None
    found = _read_compact(_digits(text)) or find_date(text, language, fetched_at)
    if found is None or found.value.startswith("1970-01-01"):  # zero, written as a date
        return None
    return found.model_copy(update={"raw": text})


def find_date(
    text: str, language: str | None = None, fetched_at: datetime | None = None
) -> DateValue | None:
    """The first full date (or else month and year) inside `text`; `raw` is its own part of it.

    language: BCP 47, of the page. fetched_at: without it relative dates are not read.
    """
    text = text[:_MAX_CHARS]
    if fetched_at is None and not _DIGIT.search(text):
        return None
    text = _digits(text)
    if not _MAY_DATE.search(text):
        return find_relative(text, fetched_at) if fetched_at else None
    found = _first_found(text, (language or "").lower())
    if found is not None:
        return found.typed(text)
    return find_relative(text, fetched_at) if fetched_at else None


def swapped(found: DateValue) -> DateValue | None:
    """The same date with day and month in the other order; `None` where its writing rules it out.

    "04/05/2026" may be either, whatever the page's language prefers: another date can settle it.
    """
    match = _NUMERIC.search(found.raw)
    if match is None or int(match[1]) > 12 or int(match[3]) > 12 or match[1] == match[3]:
        return None
    year, month, day = found.value[:4], found.value[5:7], found.value[8:10]
    return found.model_copy(update={"value": f"{year}-{day}-{month}{found.value[10:]}"})


def find_dates(
    text: str, language: str | None = None, fetched_at: datetime | None = None
) -> Iterator[DateValue]:
    """The first two dates inside `text`, as `find_date` reads them ("posted ..., updated ...")."""
    first = find_date(text, language, fetched_at)
    if first is None:
        return
    yield first
    stop = text.find(first.raw) + len(first.raw) if first.raw in text else len(text)
    second = find_date(text[stop:], language, fetched_at)
    if second is not None:
        yield second


def _first_found(text: str, language: str) -> _Found | None:
    """The first day in the text; failing that the first month of a year."""
    partial: _Found | None = None
    best: _Found | None = None
    for found in _all_found(text, language):
        if found.day is None:
            partial = partial or found
        elif best is None or found.start < best.start:
            best = found
    return best or partial


def _all_found(text: str, language: str) -> Iterator[_Found]:
    for reader in _READERS_OF_ASCII if _is_plain(text) else _READERS:
        yield from reader(text, language)
    if language[:2] in _ROMAN_MONTHS_IN:
        yield from _roman(text, language)


def _is_plain(text: str) -> bool:
    """Whether a text cannot hold what `_counted`, `_vietnamese` and `_mongolian` read."""
    return text.isascii() and "thg" not in text.lower()


def _digits(text: str) -> str:
    """Digits of every script as ASCII ones; compatibility forms (full width) unified."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text).translate(_SPACES)
    if not _OTHER_DIGIT.search(text):
        return text
    return "".join(
        str(unicodedata.digit(c)) if ord(c) > 127 and unicodedata.category(c) == "Nd" else c
        for c in text
    )


# ---- values that are nothing but a date ---------------------------------------------------------


def _read_compact(text: str) -> DateValue | None:
    match = _COMPACT.fullmatch(text)
    if match and (day := common_day(int(match[1]), int(match[2]), int(match[3]))):
        if match[4] is None:
            return DateValue(value=day.isoformat(), precision="day", raw=text)
        second = f":{match[6]}" if match[6] else ""
        time = f"{match[4]}:{match[5]}{second}{'+00:00' if match[7] else ''}"
        return _checked(f"{day}T{time}", "second" if match[6] else "minute", text)
    match = _YEAR_MONTH.fullmatch(text)
    if match and 1 <= int(match[2]) <= 12 and FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        return DateValue(value=f"{match[1]}-{int(match[2]):02}", precision="month", raw=text)
    if _EPOCH.fullmatch(text):
        return _read_epoch(text)
    match = _BARE_YEAR.fullmatch(text)
    if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR and "©" not in text:
        return DateValue(value=match[1], precision="year", raw=text)
    return None


def _read_epoch(text: str) -> DateValue | None:
    moment = datetime.fromtimestamp(int(text[:10]), UTC)
    if not 1990 <= moment.year <= LAST_YEAR:
        return None
    return DateValue(value=moment.isoformat(), precision="second", raw=text)


def _checked(value: str, precision: DatePrecision, raw: str) -> DateValue | None:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return None
    return DateValue(value=value, precision=precision, raw=raw)


def _clock_time(match: re.Match[str]) -> str | None:
    """The time of day with its offset, ISO 8601, or `None` where there is no such time."""
    hour = int(match["hour"])
    half = (match["half"] or "")[:1].lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23:
        return None
    offset = match["offset"] or ("+00:00" if match["zone"] else "")
    if offset and ":" not in offset:
        offset = f"{offset[:3]}:{offset[3:]}"
    if offset and (int(offset[1:3]) > 14 or int(offset[4:]) > 59):
        offset = ""
    second = f":{match['second']}" if match["second"] else ""
    return f"{hour:02}:{match['minute']}{second}{offset}"


# ---- dates inside a text ------------------------------------------------------------------------


def _day(match: re.Match[str], day: date | None) -> Iterator[_Found]:
    if day is not None:
        yield _Found(match.start(), match.end(), day.year, day.month, day.day)


def _iso(text: str, language: str) -> Iterator[_Found]:
    for match in _ISO.finditer(text):
        day = common_day(int(match[1]), int(match[3]), int(match[4]), language[:2])
        yield from _day(match, day)


def _numeric(text: str, language: str) -> Iterator[_Found]:
    for match in _NUMERIC.finditer(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if len(match[4]) == 2:
            if not language or (match[2] == "-" and language[:2] not in _DAY_FIRST_IN_DASHES):
                continue
            year += 2000 if year < 70 else 1900
        month_first = _month_first(first, second, match[2], language)
        if month_first is None:
            continue
        month, day = (first, second) if month_first else (second, first)
        yield from _day(match, common_day(year, month, day, language[:2]))


def _month_first(first: int, second: int, separator: str, language: str) -> bool | None:
    """Whether 04/05 is April the 5th; `None` where nothing says so."""
    if first > 12 or second > 12:
        return second > 12
    if first == second or separator == ".":  # dots part days from months everywhere
        return False
    if not language:
        return None
    return language in _MONTH_FIRST


def _counted(text: str, _language: str) -> Iterator[_Found]:
    for match in _COUNTED.finditer(text):
        era = match[1]
        if era is None and match[2] == "元":
            continue
        year = (1 if match[2] == "元" else int(match[2])) + ERAS.get(era or "", 0)
        if era is None and len(match[2]) == 3 and match[4]:  # of the Republic, as Taiwan counts
            year += ERAS["民國"]
        if match[4]:
            yield from _day(match, common_day(year, int(match[3]), int(match[4])))
        elif FIRST_YEAR <= year <= LAST_YEAR and 1 <= int(match[3]) <= 12:
            yield _Found(match.start(), match.end(), year, int(match[3]))


def _vietnamese(text: str, _language: str) -> Iterator[_Found]:
    for match in _VIETNAMESE.finditer(text):
        yield from _day(match, common_day(int(match[3]), int(match[2]), int(match[1])))


def _mongolian(text: str, _language: str) -> Iterator[_Found]:
    for match in _MONGOLIAN.finditer(text):
        yield from _day(match, common_day(int(match[1]), int(match[2]), int(match[3])))


def _roman(text: str, language: str) -> Iterator[_Found]:
    """Months as Roman numerals: "14 III 2021", "14.III.2021"."""
    for match in _ROMAN.finditer(text):
        month = _ROMAN_NUMBERS.index(match[2]) + 1
        yield from _day(match, common_day(int(match[3]), month, int(match[1]), language[:2]))


def _named(text: str, language: str) -> Iterator[_Found]:
    """Dates around a month's name, in whatever order day and year stand beside it."""
    if not text.isascii():
        text = _TWO_WORD_MONTHS.sub(lambda match: match[0].replace(" ", "‿"), text)  # same length
    if "'" in text or "’" in text:
        text = _ELISION.sub("d ", text)  # same length
    for match in _WORD.finditer(text):
        word = match[0].replace("‿", "_").strip("'’").lstrip(".").rstrip(".׳ٔ")
        month = month_number(word, language[:2] or None)
        if month is not None:
            yield from _around(text, match, month, language)
        elif (solar := solar_month(word)) is not None:
            yield from _around_solar(text, match, solar)


def _around(text: str, name: re.Match[str], month: int, language: str) -> Iterator[_Found]:
    """The cases: d M y; y d M; M d y, and with the time before the year; y M d; M y."""
    counting = "th" if "\u0e00" <= name[0][0] <= "\u0e7f" else language[:2]
    before, start, stop = text[: name.start()], name.start(), name.end()
    day, year = _DAY_BEFORE.search(before), _YEAR_AFTER.match(text, stop)
    if day and not year:
        short = _SHORT_YEAR_AFTER.match(text, stop)
        if short:
            century = 2500 if counting == "th" else 2000
            year_of = century + int(short[1] or short[2])
            yield from _placed(day.start(), short.end(), year_of, month, day[1], counting)
            return
        if (late := _LATE_YEAR_AFTER.match(text, stop)) is not None:
            yield from _placed(day.start(), late.end(), int(late[1]), month, day[1], counting)
            return
    if day and year:
        yield from _placed(day.start(), year.end(), int(year[1]), month, day[1], counting)
        return
    if (both := _YEAR_DAY_BEFORE.search(before)) is not None:
        yield from _placed(both.start(), stop, int(both[1]), month, both[2], counting)
        return
    both = _DAY_AND_YEAR_AFTER.match(text, stop)
    if both is not None and (both[2] is None or month_number(both[2]) is None):
        yield from _placed(start, both.end(), int(both[3]), month, both[1], counting)
        return  # the other case: "by Jan, 3 March 2023"
    if (late := _DAY_AND_LATE_YEAR_AFTER.match(text, stop)) is not None:
        told = int(late[2] or 2000 + int(late[3]))
        yield from _placed(start, late.end(), told, month, late[1], counting)
        return
    first, after = _YEAR_BEFORE.search(before), _DAY_AFTER.match(text, stop)
    if first and after:
        yield from _placed(first.start(), after.end(), int(first[1]), month, after[1], counting)
    elif year and FIRST_YEAR <= int(year[1]) <= LAST_YEAR and _month_may_stand_alone(name[0]):
        yield _Found(start, year.end(), int(year[1]), month)


_READERS: Final = (_iso, _numeric, _counted, _vietnamese, _mongolian, _named)
_READERS_OF_ASCII: Final = (_iso, _numeric, _named)


def _month_may_stand_alone(word: str) -> bool:
    return len(word) > 3  # "may 2020", "mar 2020", "set 2020" are too often something else


def _placed(
    start: int, stop: int, year: int, month: int, day: str, language: str
) -> Iterator[_Found]:
    found = common_day(year, month, int(day), language if language != "fa" else None)
    if found is not None:
        yield _Found(start, stop, found.year, found.month, found.day)


def _around_solar(text: str, name: re.Match[str], month: int) -> Iterator[_Found]:
    before, year = text[: name.start()], _YEAR_AFTER.match(text, name.end())
    day, word = _DAY_BEFORE.search(before), _PERSIAN_DAY.search(before)
    number = int(day[1]) if day else persian_day(word[0]) if word else None
    start = day.start() if day else word.start() if word else 0
    if number and year:
        common = solar_day(int(year[1]), month, number)
        if common is not None:
            yield _Found(start, year.end(), common.year, common.month, common.day)
