"""The comparison of the golden cases finds what it should, and the rewriting keeps what it may."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from golden import marked
from golden.__main__ import main
from golden.cases import (
    Case,
    byline_cases,
    differences,
    expectation,
    failing_checks,
    fields,
    marked_cases,
    refreshed,
)


def record(**changes: Any) -> dict[str, Any]:
    blocks = [
        {"kind": "heading", "text": "Tides", "level": 2, "markdown": "## Tides"},
        {"kind": "paragraph", "text": "They come twice a day.", "level": None, "markdown": "They"},
    ]
    removed = [{"step": "clean.lexicon", "reason": "share", "text": "Share  this page"}]
    return {
        "title": "Tides",
        "text": "Twice a day.",
        "blocks": blocks,
        "removed": removed,
    } | changes


def test_equal_values_differ_nowhere() -> None:
    assert differences("title", {"title": "Tides"}, record()) == []


def test_only_the_named_keys_of_a_block_are_compared() -> None:
    wanted = [{"kind": "heading", "text": "Tides"}, {"text": "They come twice a day."}]
    assert differences("blocks", {"blocks": wanted}, record()) == []


def test_wrong_key_of_a_block_is_found() -> None:
    wanted = [{"text": "Tides", "level": 3}, {"text": "They come twice a day."}]
    assert differences("blocks", {"blocks": wanted}, record()) == [
        "blocks[0].level: expected 3, found 2"
    ]


def test_block_too_many_is_found() -> None:
    (found,) = differences("blocks", {"blocks": [{"text": "Tides"}]}, record())
    assert found.startswith("blocks: 1 expected, 2 found")


def test_removal_is_found_by_reason_and_piece_of_text() -> None:
    pair = {"reason": "share", "text": "Share this"}
    assert differences("removed", {"removed": [pair]}, record()) == []


def test_removal_for_another_reason_does_not_count() -> None:
    pair = {"reason": "related", "text": "Share this"}
    assert differences("removed", {"removed": [pair]}, record()) == [f"not removed: {pair}"]


def test_lost_text_that_is_still_there_is_found() -> None:
    assert differences("lost", {"lost": ["Twice"]}, record()) == ["still there: 'Twice'"]


def test_reason_for_the_case_is_not_compared() -> None:
    assert fields({"why": "tides matter", "title": "Tides"}) == ["title"]


def test_missing_expectation_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        expectation(Case("x", tmp_path / "page.html", tmp_path / "expected.json"))


def test_rewriting_keeps_the_reason_and_takes_the_value() -> None:
    expected = {"why": "tides matter", "title": "Ebb"}
    assert refreshed(expected, record()) == {"why": "tides matter", "title": "Tides"}


def test_rewriting_gives_new_blocks_the_keys_of_their_kind() -> None:
    expected = {"blocks": [{"kind": "heading", "text": "Ebb", "level": 2}]}
    assert refreshed(expected, record())["blocks"] == [
        {"kind": "heading", "text": "Tides", "level": 2},
        {"kind": "paragraph", "text": "They come twice a day."},
    ]


def test_rewriting_drops_removals_that_no_longer_happen() -> None:
    happens = {"reason": "share", "text": "Share this"}
    gone = {"reason": "share", "text": "Print this"}
    assert refreshed({"removed": [happens, gone]}, record())["removed"] == [happens]


def test_name_that_no_case_holds_differs_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no such case"]) == 0
    assert capsys.readouterr().out == "0 of 0 cases differ\n"


def test_case_that_gives_no_record_fails_in_every_field(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("", encoding="utf-8")
    (tmp_path / "expected.json").write_text(
        '{"title": "Tides", "text": "Twice."}', encoding="utf-8"
    )
    case = Case("empty", tmp_path / "page.html", tmp_path / "expected.json")
    assert failing_checks([case]) == {"empty:title", "empty:text"}


def marked_page(tmp_path: Path) -> Case:
    page = tmp_path / "tides.html"
    page.write_text(
        'url = "http://a.example/"\ncharset = "latin-1"\ntitle = "Tides"\n+++\n'
        "<p>⟦They come t<b>w</b>ice &eacute; day.</p><p>Always à l'heure.⟧</p><p>Menu</p>",
        encoding="utf-8",
    )
    return Case("eras/tides", page, page)


def test_marked_page_expects_the_words_between_its_marks(tmp_path: Path) -> None:
    words = ["They", "come", "twice", "é", "day.", "Always", "à", "l'heure."]
    assert expectation(marked_page(tmp_path)) == {"title": "Tides", "words": words}


def test_marked_page_is_served_without_its_head_and_marks(tmp_path: Path) -> None:
    page, url = marked.given(marked_page(tmp_path).source)
    assert page.startswith(b"<p>They")
    assert b"Always \xe0 l'heure.</p>" in page
    assert url == "http://a.example/"


def test_words_agree_in_any_order_and_case() -> None:
    assert marked.word_f1("Twice a day", "a day, twice") == 1
    assert marked.word_f1("二回", "一回") == 0.5


def test_day_and_names_are_compared_where_an_expectation_gives_them_bare() -> None:
    actual = record(published={"value": "2003-05-04T10:00"}, authors=[{"name": "A. Ebb"}])
    wanted = {"published": "2003-05-04", "authors": ["A. Ebb"]}
    assert [differences(key, wanted, actual) for key in wanted] == [[], []]
    assert differences("published", {"published": "2003-05-05"}, actual)


def test_pages_that_carry_their_expectation_are_not_rewritten() -> None:
    assert main(["eras/", "--update"]) == 0


@pytest.mark.parametrize("case", marked_cases(), ids=lambda case: case.name)
def test_marked_page_says_what_it_expects_in_known_keys(case: Case) -> None:
    expected = expectation(case)
    assert set(expected) <= {"title", "authors", "published", "page_type", "kept", "lost", "words"}
    assert sum(map(len, expected["words"])) > 50
    if "published" in expected:
        date.fromisoformat(expected["published"])


@pytest.mark.parametrize("case", byline_cases(), ids=lambda case: case.name)
def test_byline_page_expects_its_title_writers_and_days(case: Case) -> None:
    expected = expectation(case)
    assert {"title", "published"} <= set(expected) <= {"title", "authors", "published", "modified"}
    for day in filter(None, (expected["published"], expected.get("modified"))):
        date.fromisoformat(day)


def test_day_that_a_page_does_not_give_is_expected_empty() -> None:
    wanted = {"published": ""}
    assert differences("published", wanted, record(published=None)) == []
    assert differences("published", wanted, record(published={"value": "2003-05-04"}))
