"""The samples are whole: pages, expectations and the list agree."""

from __future__ import annotations

import re

import pytest
from golden.cases import SAMPLES, Case, defect_cases, expectation, sample_cases

from scrubber.extract.body import reading_text
from scrubber.models import Article, Block

_NOT_ARTICLE = ("why", "kept", "lost", "removed")


def test_there_are_at_least_16_pages() -> None:
    assert len(list(SAMPLES.glob("pages/*.html"))) >= 16


def test_pages_are_in_at_least_10_languages() -> None:
    languages = {expectation(c)["language"].split("-")[0] for c in sample_cases()}
    assert len(languages) >= 10


def test_pages_cover_every_page_type() -> None:
    types = {expectation(c).get("page_type") for c in sample_cases()} - {None}
    assert len(types) == 7


def test_list_names_every_page_and_text_once() -> None:
    lines = (SAMPLES / "urls.txt").read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if line and not line.startswith("#")]
    assert sorted(listed) == sorted(
        c.source.relative_to(SAMPLES).as_posix() for c in sample_cases()
    )


def test_no_expectation_is_left_without_its_page() -> None:
    stems = {case.source.stem for case in sample_cases()}
    assert {path.stem for path in SAMPLES.glob("expected/*.json")} == stems


@pytest.mark.parametrize("case", sample_cases() + defect_cases(), ids=lambda case: case.name)
def test_expectation_fits_the_model(case: Case) -> None:
    expected = expectation(case)
    Article.model_validate({k: v for k, v in expected.items() if k not in _NOT_ARTICLE})


@pytest.mark.parametrize("case", sample_cases(), ids=lambda case: case.name)
def test_expected_text_is_the_expected_blocks(case: Case) -> None:
    expected = expectation(case)
    blocks = [Block(kind=b["kind"], text=b.get("text", "")) for b in expected["blocks"]]
    assert expected["text"] == reading_text(blocks)


@pytest.mark.parametrize(
    ("name", "charset"),
    [("news-ru", "windows-1251"), ("localpaper-ja", "shift_jis"), ("portal-utf16-el", "utf-16")],
)
def test_legacy_page_is_in_the_charset_that_it_names(name: str, charset: str) -> None:
    body = (SAMPLES / "pages" / f"{name}.html").read_bytes()
    named = re.search(r'charset="?([\w-]+)', body.decode(charset))
    assert named is not None
    assert named[1].lower() == charset
