"""Detection of the language, on our own prose."""

import tomllib
from pathlib import Path

import pytest

from scrubber.lexicon import detect_language
from scrubber.lexicon.build import sources

PROSE = tomllib.loads((Path(__file__).parents[1] / "bench" / "prose.toml").read_text("utf-8"))
KNOWN = {path.stem for path in sources()}
# One written standard in two alphabets, or two that three paragraphs do not tell apart.
TWINS = [{"bs", "hr", "sr"}, {"id", "ms"}]


@pytest.mark.parametrize("language", sorted(KNOWN & PROSE.keys()))
def test_language_of_prose_is_detected(language: str) -> None:
    accepted = next((twins for twins in TWINS if language in twins), {language})
    assert detect_language("\n".join(PROSE[language])) in accepted


def test_too_little_text_has_no_language() -> None:
    assert detect_language("12345 67") is None


def test_japanese_with_many_han_characters_is_japanese() -> None:
    assert detect_language("東京都知事選挙の結果が発表された") == "ja"


def test_a_letter_of_its_own_tells_a_language_from_its_neighbour() -> None:
    assert detect_language("Xəbər bülletenimizə abunə olun və paylaşın") == "az"


def test_a_letter_in_a_name_does_not_make_a_language() -> None:
    assert (
        detect_language("The mayor of Łódź and the mayor of Wrocław met in the old hall.") == "en"
    )
