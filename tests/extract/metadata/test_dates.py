"""Dates in many languages, and what must never be read as one."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.extract.metadata.calendars import solar_day
from scrubber.extract.metadata.dates import find_date, read_date

FETCHED = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("May 4, 2026", "en", "2026-05-04"),
        ("Tue Jul  9 15:41:20 CEST 2002", None, "2002-07-09"),
        ("Fri Nov 6 21:40 2009", "en", "2009-11-06"),
        ("asked Feb 11 '12 at 19:03", "en", "2012-02-11T19:03"),
        ("4th of September, 2025", "en", "2025-09-04"),
        ("Published: Sept. 4th, 2025 at 5 pm", "en", "2025-09-04"),
        ("4. Mai 2026, 14:05 Uhr", "de", "2026-05-04T14:05"),
        ("4 de mayo de 2026", "es", "2026-05-04"),
        ("1er août 2025", "fr", "2025-08-01"),
        ("2026. május 4.", "hu", "2026-05-04"),
        ("2026 m. gegužės 4 d.", "lt", "2026-05-04"),
        ("4 мая 2026 г.", "ru", "2026-05-04"),
        ("2025ko irailaren 4a", "eu", "2025-09-04"),
        ("Ngày 4 tháng 9 năm 2025", "vi", "2025-09-04"),
        ("2025年9月4日 10:22", "zh", "2025-09-04T10:22"),
        ("2025년 9월 4일", "ko", "2025-09-04"),
        ("١٤ مايو ٢٠٢٦", "ar", "2026-05-14"),
        ("14 كانون الثاني 2025", "ar", "2025-01-14"),
        ("Mon, 04 May 2026 09:30:00 +0200", None, "2026-05-04T09:30:00+02:00"),
        ("2026-05-04T23:30:00.123-0500", None, "2026-05-04T23:30:00-05:00"),
        ("6 d'agost del 2019", "ca", "2019-08-06"),
        ("Jeu 12 Fév 22:51:37 CET 2004", "fr", "2004-02-12"),
        ("Su Tou 18, 2008 10:31", "fi", "2008-05-18T10:31"),
        ("04 نونبر 2013", "ar", "2013-11-04"),
        ("چهارشنبه یکم دی ۱۳۸۹", "fa", "2010-12-22"),
        ("شنبه بیست و پنجم اسفند ۱۳۸۵", "fa", "2007-03-16"),
        ("سی‌ام دی ۱۳۸۹", "fa", "2011-01-20"),
        ("20250904", None, "2025-09-04"),
        ("Hans Müller/01.02.2025", "de", "2025-02-01"),
        ("5. Jan 25", "de", "2025-01-05"),
        ("15 août 25 | 12:30", "fr", "2025-08-15T12:30"),
        ("03-04-25", "nl", "2025-04-03"),
        ("Napisane przez Jan, 3 marca 2025", "pl", "2025-03-03"),
        ("3. břez 2025", "cs", "2025-03-03"),
        ("3 берез. 2025", "uk", "2025-03-03"),
        ("3 Tháng Mười Hai, 2025", "vi", "2025-12-03"),
        ("Tháng Ba 3, 2025", "vi", "2025-03-03"),
    ],
)
def test_written_date_is_read(text: str, language: str | None, value: str) -> None:
    found = read_date(text, language)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("令和7年9月4日", "ja", "2025-09-04"),
        ("平成元年1月8日", "ja", "1989-01-08"),
        ("民國114年9月4日", "zh", "2025-09-04"),
        ("4 กันยายน 2568", "th", "2025-09-04"),
        ("04/09/2568", "th", "2025-09-04"),
        ("4 ก.ย. 68", "th", "2025-09-04"),
        ("114年9月4日", "zh", "2025-09-04"),
        ("۱۴ اردیبهشت ۱۴۰۴", "fa", "2025-05-04"),
        ("1404/02/14", "fa", "2025-05-04"),
    ],
)
def test_era_is_converted(text: str, language: str, value: str) -> None:
    found = read_date(text, language)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "text",
    [
        "17 ذو القعدة 1447",
        "© 2024",
        "04/09/2568",
        "0001-01-01",
        "1970-01-01T00:00:00Z",
        "2025-13-40",
        "5 March 12 people came",
        "5 May 12:30",
    ],
)
def test_what_is_no_date_of_ours_is_refused(text: str) -> None:
    assert read_date(text, "en") is None


def test_month_comes_first_in_american_english() -> None:
    found = find_date("04/05/2026", "en-US")
    assert found is not None
    assert found.value == "2026-04-05"


def test_day_comes_first_elsewhere() -> None:
    found = find_date("04/05/2026", "fr")
    assert found is not None
    assert found.value == "2026-05-04"


def test_swappable_day_and_month_are_refused_without_a_language() -> None:
    assert find_date("04/05/2026") is None


def test_month_name_with_two_meanings_follows_the_language() -> None:
    polish, croatian = find_date("12 listopada 2025", "pl"), find_date("12 listopada 2025", "hr")
    assert polish is not None
    assert croatian is not None
    assert (polish.value, croatian.value) == ("2025-11-12", "2025-10-12")


def test_month_name_with_two_meanings_is_refused_without_a_language() -> None:
    assert find_date("12 listopada 2025") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("3 hours ago", "2026-05-04"), ("vor 2 Tagen", "2026-05-02"), ("вчера", "2026-05-03")],
)
def test_relative_date_counts_from_the_fetch(text: str, value: str) -> None:
    found = find_date(text, "en", FETCHED)
    assert found is not None
    assert found.value == value


def test_relative_date_means_nothing_without_a_fetch_time() -> None:
    assert find_date("3 hours ago", "en") is None


@given(st.dates(date(1827, 4, 1), date(2098, 12, 31)))
def test_every_iso_day_is_read_as_itself(day: date) -> None:
    found = read_date(day.isoformat())
    assert found is None or found.day == day
    assert found is not None or day == date(1970, 1, 1)


@given(st.text(max_size=80), st.sampled_from([None, "en", "de", "th", "fa", "ja"]))
def test_no_text_breaks_the_parser(text: str, language: str | None) -> None:
    found = read_date(text, language, FETCHED)
    assert found is None or (found.raw == text.strip() and found.value[:4].isdigit())


def test_solar_new_year_falls_on_the_equinox() -> None:
    assert solar_day(1403, 1, 1) == date(2024, 3, 20)
    assert solar_day(1404, 1, 1) == date(2025, 3, 21)
    assert solar_day(1399, 12, 30) == date(2021, 3, 20)


@pytest.mark.parametrize("text", ["14 III 2026", "14.III.2026 r.", "14-III-2026"])
def test_roman_month_is_read_where_it_is_in_use(text: str) -> None:
    found = find_date(text, "pl")
    assert found is not None
    assert found.value == "2026-03-14"
    assert find_date(text, "en") is None
