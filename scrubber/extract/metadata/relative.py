"""Relative dates ("3 hours ago", "gestern"), which mean something only beside a known moment."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final, Literal

from scrubber.models import DateValue

_Unit = Literal["minute", "hour", "day", "week", "month", "year"]
_UNITS: Final[tuple[_Unit, ...]] = ("minute", "hour", "day", "week", "month", "year")
_AMOUNT: Final = re.compile(r"(?<![\d.,])(\d{1,3})\s?([^\W\d]{1,12})", re.UNICODE)
_DIGIT: Final = re.compile(r"\d")
_MAX_LINE: Final = 60  # characters; "yesterday" inside prose dates nothing


def find_relative(text: str, fetched_at: datetime) -> DateValue | None:
    """The date that `text`, a short line, states relative to `fetched_at`.

    Minutes to weeks give a day, months a month, years a year: no more is said.
    """
    line = text.strip().casefold()
    if len(line) > _MAX_LINE:
        return None
    for match in _AMOUNT.finditer(line):
        unit = _unit_of(match[2], line)
        if unit is not None:
            return _back(fetched_at, int(match[1]), unit, text.strip())
    days = _named_days().get(line.rstrip(".,"))
    if days is None:
        return None
    return _on(fetched_at.date() - timedelta(days), text.strip())


def before_relative(text: str) -> str:
    """A short line without the "3 hours ago" in it and what follows; whole where it has none."""
    if len(text) > _MAX_LINE or not _DIGIT.search(text):
        return text
    line = text.casefold()
    if len(line) != len(text):
        return text
    for match in _AMOUNT.finditer(line):
        if _unit_of(match[2], line) is not None:
            before = line[: match.start()].rstrip()
            past = next((past for past in _pasts() if before.endswith(f" {past}")), "")
            return text[: len(before) - len(past)].rstrip(" ·•|,–—-") or text
    return text


def _unit_of(word: str, line: str) -> _Unit | None:
    """The unit that `word` opens with in a language whose "ago" the line holds."""
    for unit, pasts in _meanings().get(word, ()):
        if any(past in line for past in pasts):
            return unit
    return None


def _back(moment: datetime, amount: int, unit: _Unit, raw: str) -> DateValue:
    if unit == "year":
        return DateValue(value=f"{moment.year - amount:04}", precision="year", raw=raw)
    if unit == "month":
        months = moment.year * 12 + moment.month - 1 - amount
        value = f"{months // 12:04}-{months % 12 + 1:02}"
        return DateValue(value=value, precision="month", raw=raw)
    step = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7}[unit]
    return _on((moment - timedelta(days=amount * step)).date(), raw)


def _on(day: date, raw: str) -> DateValue:
    return DateValue(value=day.isoformat(), precision="day", raw=raw)


@cache
def _table() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("relative.toml").read_text("utf-8"))


@cache
def _languages() -> tuple[tuple[tuple[str, ...], dict[_Unit, frozenset[str]]], ...]:
    return tuple(
        (tuple(words["past"]), {unit: frozenset(words[unit]) for unit in _UNITS})
        for words in _table().values()
    )


@cache
def _meanings() -> Mapping[str, list[tuple[_Unit, tuple[str, ...]]]]:
    """The units that a word may name, in the order of the languages, with what makes each past.

    In scripts that set no space between unit and "ago" a word may hold both.
    """
    found: dict[str, list[tuple[_Unit, tuple[str, ...]]]] = {}
    for pasts, units in _languages():
        for unit, names in units.items():
            for name in names:
                found.setdefault(name, []).append((unit, pasts))
        for unit, names in units.items():
            for name in names:
                for past in pasts:
                    found.setdefault(name + past, []).append((unit, (past,)))
    return found


@cache
def _pasts() -> tuple[str, ...]:
    """What makes an amount of time past in some language, the longest first."""
    found = {past for pasts, _ in _languages() for past in pasts}
    return tuple(sorted(found, key=len, reverse=True))


@cache
def _named_days() -> Mapping[str, int]:
    found: dict[str, int] = {}
    for words in _table().values():
        found |= dict.fromkeys(words["today"], 0) | dict.fromkeys(words["yesterday"], 1)
    return found
