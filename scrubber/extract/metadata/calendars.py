"""Month names, eras and calendars: which day of our calendar a written day is.

Three counts of years besides the common one are read, because their mapping is exact: Buddhist
(Thai, common year + 543), Japanese eras and the Republic of China's, and the solar Hijri calendar
of Iran (33-year leap cycle, right for 1206 to 1498, that is 1827 to 2119). Lunar Hijri dates hang
on the sighting of the moon and are refused, as is every year that only a guess could place.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

FIRST_YEAR: Final = 1800  # before it, a four-digit number on a web page is no publication year
LAST_YEAR: Final = 2099

ERAS: Final = {  # the year before the era's first
    "令和": 2018,
    "平成": 1988,
    "昭和": 1925,
    "大正": 1911,
    "明治": 1867,
    "民國": 1911,
    "民国": 1911,
}

_SOLAR_MONTHS: Final = (
    "فروردین",
    "اردیبهشت",
    "خرداد",
    "تیر",
    "مرداد",
    "شهریور",
    "مهر",
    "آبان",
    "آذر",
    "دی",
    "بهمن",
    "اسفند",
)
_SOLAR_LEAP: Final = frozenset({1, 5, 9, 13, 17, 22, 26, 30})  # of the year modulo 33
_BUDDHIST_LANGUAGES: Final = frozenset({"th", "lo", "km"})


def fold(word: str) -> str:
    """Lower case without accents, also where the accent is part of the letter; Indic signs stay."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    if plain.isascii():
        return plain
    return "".join(c for c in plain if ord(c) > 0x600 or not unicodedata.combining(c))


@cache
def month_words() -> Mapping[str, Mapping[str, int]]:
    """Folded month name -> language -> month, 1..12."""
    path = Path(__file__).with_name("months.toml")
    found: dict[str, dict[str, int]] = {}
    for language, months in tomllib.loads(path.read_text("utf-8")).items():
        for number, words in enumerate(months, start=1):
            for word in words.split():
                found.setdefault(fold(word), {})[language] = number
    return found


@lru_cache(maxsize=8192)
def month_number(word: str, language: str | None = None) -> int | None:
    """The month that `word` names; `None` if none, or if only an unknown language could tell."""
    meanings = month_words().get(fold(word).rstrip("."))
    if meanings is None:
        return None
    language = "no" if language in {"nb", "nn"} else language
    if language is not None and language in meanings:
        return meanings[language]
    numbers = set(meanings.values())
    return numbers.pop() if len(numbers) == 1 else None


@cache
def _solar_words() -> Mapping[str, int]:
    return {fold(word): number for number, word in enumerate(_SOLAR_MONTHS, start=1)}


@lru_cache(maxsize=8192)
def solar_month(word: str) -> int | None:
    """The month of the solar Hijri calendar that `word` names, 1..12."""
    return _solar_words().get(fold(word))


_PERSIAN_DAYS: Final = {  # the numbers of the first 20 days
    "یکم": 1, "دوم": 2, "سوم": 3, "چهارم": 4, "پنجم": 5,
    "ششم": 6, "هفتم": 7, "هشتم": 8, "نهم": 9, "دهم": 10,
    "یازدهم": 11, "دوازدهم": 12, "سیزدهم": 13, "چهاردهم": 14, "پانزدهم": 15,
    "شانزدهم": 16, "هفدهم": 17, "هجدهم": 18, "نوزدهم": 19, "بیستم": 20,
}  # fmt: skip


def persian_day(words: str) -> int | None:
    """The day of a month that Persian words for its number name, 1..31."""
    tens, _, last = words.rpartition(" و ")
    if last in {"سی‌ام", "سیام"} and not tens:
        return 30
    day, more = _PERSIAN_DAYS.get(last), {"": 0, "بیست": 20, "سی": 30}.get(tens)
    return None if day is None or more is None else day + more


def solar_day(year: int, month: int, day: int) -> date | None:
    """The common date of a solar Hijri one, or `None` where that calendar has no such day."""
    if not (1206 <= year <= 1498 and 1 <= month <= 12 and 1 <= day <= _solar_length(year, month)):
        return None
    start = date(2021, 3, 21)  # 1 Farvardin 1400
    for other in range(min(year, 1400), max(year, 1400)):
        start += timedelta(_solar_year_length(other) * (1 if year > 1400 else -1))
    return start + timedelta(31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day - 1)


def _solar_year_length(year: int) -> int:
    return 366 if year % 33 in _SOLAR_LEAP else 365


def _solar_length(year: int, month: int) -> int:
    if month <= 6:
        return 31
    return 30 if month < 12 or year % 33 in _SOLAR_LEAP else 29


def common_day(year: int, month: int, day: int, language: str | None = None) -> date | None:
    """The common date of a day as written, its year in the count that `language` suggests.

    Buddhist years are read in Thai, Lao and Khmer, solar Hijri ones in Persian; elsewhere years
    outside FIRST_YEAR..LAST_YEAR are refused.
    """
    if 1206 <= year <= 1498 and language == "fa":
        return solar_day(year, month, day)
    if 2400 <= year <= 2700 and language in _BUDDHIST_LANGUAGES:
        year -= 543
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
