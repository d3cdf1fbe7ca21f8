"""Our date reader beside dateparser on dates as people of many languages write them.

    python tests/bench/dates_against_peers.py

Dates are written by babel (Unicode CLDR's patterns: long, medium and full) in each language that
`months.toml` knows and babel has; each reader is told the language. A figure is the share of
dates read as the right day; wrong days are worse than none and are counted apart.
"""

from __future__ import annotations

import sys
import time
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

from scrubber.extract.metadata import dates

_DAYS = [date(2025, month, day) for month in range(1, 13) for day in (3, 17, 28)]
_MONTHS = Path(dates.__file__).with_name("months.toml")
Reader = Callable[[str, str], date | None]


def ours(text: str, language: str) -> date | None:
    found = dates.read_date(text, language)
    return found.day if found else None


def dateparsers(text: str, language: str) -> date | None:
    import dateparser

    try:
        found = dateparser.parse(text, languages=[language])
    except ValueError:  # a language that it does not know
        return None
    return found.date() if found else None


def main() -> int:
    try:
        from babel.core import UnknownLocaleError
        from babel.dates import format_date
    except ImportError:
        print("dates: skipped, babel is not installed")
        return 0
    languages = []
    written: list[tuple[str, str, date]] = []
    for language in tomllib.loads(_MONTHS.read_text("utf-8")):
        try:
            rows = [
                (format_date(day, style, locale=language), language, day)
                for day in _DAYS
                for style in ("long", "medium", "full")
            ]
        except UnknownLocaleError:
            continue
        languages.append(language)
        written += rows
    print(f"{len(written)} dates in {len(languages)} languages")
    for name, reader in (("scrubber", ours), ("dateparser", dateparsers)):
        _show(name, reader, written, languages)
    return 0


def _show(
    name: str, reader: Reader, written: list[tuple[str, str, date]], languages: list[str]
) -> None:
    reader("3 May 2025", "en")  # load tables before the clock starts
    start = time.process_time()
    read = [(reader(text, language), language, day) for text, language, day in written]
    spent = 1e6 * (time.process_time() - start) / len(written)
    right = sum(found == day for found, _, day in read) / len(read)
    wrong = sum(found is not None and found != day for found, _, day in read) / len(read)
    weak = [
        code
        for code in languages
        if sum(f == d for f, c, d in read if c == code) < 0.9 * sum(c == code for _, c, _ in read)
    ]
    print(f"{name:12} right {right:.3f}  wrong day {wrong:.3f}  {spent:8.0f} us a date")
    print(f"{'':12} languages below 0.9 ({len(weak)}): {' '.join(weak)}")


if __name__ == "__main__":
    sys.exit(main())
