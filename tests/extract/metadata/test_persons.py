"""What a name looks like."""

from __future__ import annotations

import pytest

from scrubber.extract.metadata.persons import has_given_name, looks_like_person


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("山田太郎", True),
        ("张三", True),
        ("政治", False),
        ("科技", False),
        ("くらし", False),
        ("สมชาย ใจดี", True),
        ("ไลฟ์สไตล์", False),
        ("・", False),
    ],
)
def test_section_in_a_script_without_spaces_is_no_person(text: str, person: bool) -> None:
    assert looks_like_person(text) is person


@pytest.mark.parametrize(
    "name",
    ["Силвия Петрова", "ნინო გელაშვილი", "Անի Պետրոսյան", "रेखा शर्मा", "N. Petrović", "Mei-Lin Ray"],
)
def test_given_names_and_initials_of_many_scripts_are_known(name: str) -> None:
    assert has_given_name(name)


@pytest.mark.parametrize("text", ["U.S. Europe", "brandon-peak", "Rajan Sanomat Oy"])
def test_places_accounts_and_papers_are_no_known_persons(text: str) -> None:
    assert not (has_given_name(text) and looks_like_person(text))
