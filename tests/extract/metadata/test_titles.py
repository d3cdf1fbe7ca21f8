"""Titles without the site's name, and only on evidence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.extract.metadata.titles import likeness, title_key, without_site

HEAD = "Bees return to the harbour"


@pytest.mark.parametrize(
    "separator", [" | ", " - ", " – ", " — ", " · ", " • ", " » ", " :: ", " ~ ", "|", " / "]
)
def test_site_is_cut_behind_any_separator(separator: str) -> None:
    assert without_site(f"{HEAD}{separator}The Harbour Post", ["The Harbour Post"]) == HEAD


def test_site_is_cut_before_the_title() -> None:
    assert without_site(f"Harbour Post: {HEAD}", ["Harbour Post"]) == HEAD


def test_site_is_known_by_its_address() -> None:
    assert without_site(f"{HEAD} - Harbour Post", [], "harbourpost.example") == HEAD


def test_site_is_known_by_its_initials() -> None:
    assert without_site(f"{HEAD} | Harbour Times Media", [], "htm.example") == HEAD


def test_section_before_the_site_goes_with_it() -> None:
    assert without_site(f"{HEAD} | Blog | Harbour Post", ["Harbour Post"]) == HEAD


def test_shown_headline_decides_what_is_the_title() -> None:
    assert without_site(f"{HEAD} - Some Unknown Journal", [], shown=[HEAD]) == HEAD


@pytest.mark.parametrize(
    "title",
    [
        "Spider-Man – the return",
        "A history of tea: from leaf to cup",
        "Python | a snake",
        "90-day plan - step by step",
    ],
)
def test_title_with_hyphens_stays_whole_without_evidence(title: str) -> None:
    assert without_site(title, ["The Harbour Post"], "harbourpost.example") == title


def test_chinese_site_is_cut() -> None:
    assert without_site("港口的蜜蜂回来了_海港日报", ["海港日报"]) == "港口的蜜蜂回来了"


def test_entities_and_tags_are_undone() -> None:
    assert without_site("Tea &amp; <em>cake</em>", []) == "Tea & cake"


def test_kinds_of_quotes_and_dashes_do_not_part_titles() -> None:
    assert title_key("It’s – “now”") == title_key('It\'s - "now"')


@given(st.text(max_size=120), st.text(max_size=20))
def test_cutting_never_adds_and_never_empties(title: str, site: str) -> None:
    cut = without_site(title, [site])
    assert len(cut) <= len(title) * 20
    assert bool(cut) or not title.strip() or not title_key(title)


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_a_share(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)
