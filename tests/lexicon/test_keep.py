"""Prose about cookies, comments and newsletters is no notice, in any language."""

import tomllib
from pathlib import Path

import pytest

from scrubber.clean import read_text

KEEP = tomllib.loads(Path(__file__).with_name("keep.toml").read_text("utf-8"))


def test_forty_languages_have_three_sentences_to_keep() -> None:
    assert len(KEEP) >= 40
    assert [language for language, texts in KEEP.items() if len(texts) < 3] == []


@pytest.mark.parametrize("language", KEEP)
def test_prose_on_the_subjects_of_notices_is_kept(language: str) -> None:
    draft = read_text("\n\n".join(KEEP[language]), language=language)
    assert [removal.text for removal in draft.removed] == []


@pytest.mark.parametrize("language", KEEP)
def test_a_lone_sentence_on_the_subject_of_a_notice_is_kept(language: str) -> None:
    removed = [
        removal.text
        for text in KEEP[language]
        for removal in read_text(text, language=language).removed
    ]
    assert removed == []
