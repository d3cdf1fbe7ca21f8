"""The lexicon's data: what every language must have, and must not."""

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from scrubber.lexicon.build import FOLDER, sources
from scrubber.lexicon.families import FAMILIES
from scrubber.lexicon.fold import fold, is_unspaced

FILES = sources()
MAIN_FAMILIES = (
    "cookie_consent",
    "comment_form",
    "share",
    "newsletter",
    "paywall_login",
    "related",
    "navigation",
    "advertisement",
    "copyright",
    "section_label",
)
# Single words that are a heading or a line of dialogue somewhere: never strong in any language.
COMMON_ENGLISH = {
    "comments", "news", "close", "share", "name", "search", "tags", "more", "home", "menu",
    "print", "next", "previous", "email", "ok", "save", "reply", "video", "cookies", "privacy",
}  # fmt: skip


def _load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


def _labels(data: dict[str, Any], strength: str) -> list[tuple[str, str]]:
    """(family, label) of every label of one strength that has no gaps."""
    return [
        (family, label)
        for family in FAMILIES
        for label in data.get(family, {}).get(strength, [])
        if "{" not in label
    ]


every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def test_at_least_sixty_languages_have_a_file() -> None:
    assert len({path.stem.partition("-")[0] for path in FILES}) >= 60


@every_file
def test_main_families_have_entries(path: Path) -> None:
    data = _load(path)
    missing = [
        family for family in MAIN_FAMILIES if sum(map(len, data.get(family, {}).values())) < 2
    ]
    assert missing == []


@every_file
def test_facts_of_the_language_are_given(path: Path) -> None:
    data = _load(path)
    assert len(data["common"]) >= 20
    assert len(data["address"]) >= 5
    assert len(data["reporting"]) >= 7


@every_file
def test_no_weak_label_is_also_strong(path: Path) -> None:
    data = _load(path)
    strong = {(family, fold(label)) for family, label in _labels(data, "strong")}
    both = [label for family, label in _labels(data, "weak") if (family, fold(label)) in strong]
    assert both == []


@every_file
def test_no_label_stands_twice_in_one_list(path: Path) -> None:
    data = _load(path)
    for family in FAMILIES:
        for strength in ("weak", "leads"):
            labels = data.get(family, {}).get(strength, [])
            counts = Counter(labels)
            assert [label for label, count in counts.items() if count > 1] == []


@every_file
def test_no_strong_label_is_one_short_word(path: Path) -> None:
    single = [
        label
        for _, label in _labels(_load(path), "strong")
        if " " not in fold(label)
        and len(fold(label)) < 5
        and not is_unspaced(label)
        and not label.isascii()
    ]
    assert single == []


@every_file
def test_no_strong_label_is_a_common_word(path: Path) -> None:
    strong = {fold(label) for _, label in _labels(_load(path), "strong") if label[-1] != ":"}
    assert strong & COMMON_ENGLISH == set()


def test_every_file_is_named_after_its_language() -> None:
    assert all(_load(path)["language"] == path.stem for path in FILES)
    assert FILES[0].parent == FOLDER


@every_file
def test_no_word_of_narration_folds_to_another_function_word(path: Path) -> None:
    data = _load(path)
    narration = {fold(word): word for word in data.get("others", [])}
    folded = {fold(word): word for word in data["common"]}
    clashing = [
        (word, folded[key])
        for key, word in narration.items()
        if key in folded and folded[key].lower() != word.lower()
    ]
    assert clashing == []
