"""How bylines open, and what joins the names in them."""

from __future__ import annotations

import pytest

from scrubber.extract.metadata.openings import is_joint, listed_names, opens_byline, without_address


@pytest.mark.parametrize(
    ("text", "joint"), [(",", True), (", and", True), ("und", True), ("Editor", False)]
)
def test_line_between_two_names_is_a_joint(text: str, joint: bool) -> None:
    assert is_joint(text) is joint


@pytest.mark.parametrize("text", ["Na wschodzie zmiany", "Ni hablar", "Gan Wei"])
def test_opening_word_that_is_one_of_another_language_needs_a_name(text: str) -> None:
    assert opens_byline(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jane Doe, John Roe", ["Jane Doe", "John Roe"]),
        ("JANE DOE AND JOHN ROE", ["JANE DOE", "JOHN ROE"]),
        ("Jane Doe & John Roe", ["Jane Doe", "John Roe"]),
        ("Hans Müller und Anna Schmidt", ["Hans Müller", "Anna Schmidt"]),
        ("سارة علي و أحمد محمد", ["سارة علي", "أحمد محمد"]),
        ("Jane Doe", []),
        ("Jane Doe, John Roe 2", []),
        ("Jane Doe, of the harbour", []),
    ],
)
def test_list_is_two_or_more_names_and_nothing_else(text: str, expected: list[str]) -> None:
    assert listed_names(text) == expected


@pytest.mark.parametrize("line", ["Jane Doe jane@example.org", "Jane Doe jane at example.org"])
def test_mail_address_is_cut_out_of_a_line(line: str) -> None:
    assert without_address(line) == "Jane Doe"
