"""What a line that the lexicon does not know is guessed to be."""

import pytest

from scrubber.lexicon import FAMILIES, matcher
from scrubber.lexicon.guess import GUESS_CHARS, ORDINARY, WEIGHTS, Guesser, features_of, guesser
from scrubber.lexicon.index import load
from scrubber.lexicon.parts import Parts, Rules

UNKNOWN = {
    "en": "Send me a letter when somebody answers my comment",
    "fr": "Votre commentaire attend notre relecture",
    "ja": "コメントは編集部が読んでから載ります",
    "ko": "댓글은 편집자가 읽은 뒤 실립니다",
    "tr": "Yorumunuz bir editör bekliyor",
}


@pytest.mark.parametrize("language", UNKNOWN)
def test_what_speaks_of_the_readers_comment_is_guessed_in_any_language(language: str) -> None:
    text = UNKNOWN[language]
    guess = matcher().guess(text, language)
    assert matcher().match(text, language) is None
    assert guess is not None
    assert (guess.family, guess.odds > 1) == ("comment_form", True)


def test_a_line_with_an_interfaces_words_may_be_ordinary() -> None:
    guess = matcher().guess("Members of the rowing club in 1920", "en")
    assert guess is not None
    assert guess.odds < 0


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The ferry waits for the morning tide", "en"),  # no word of an interface
        ("Your comment", "en"),
        ("Your comment waits. " * (GUESS_CHARS // 20 + 1), "en"),
        ("“Your comment waits for the editor.”", "en"),
        ("Your comment waits for the editor", "xx"),
    ],
)
def test_nothing_is_guessed_of_what_cannot_be_told(text: str, language: str) -> None:
    assert matcher().guess(text, language) is None


def test_every_class_is_a_family_or_ordinary() -> None:
    assert set(guesser().classes) <= {ORDINARY, *FAMILIES}


def test_every_concept_of_the_weights_is_one_of_the_rules() -> None:
    bits = Rules(load().rules).bits
    paired = {part for name in guesser().features if "&" in name for part in name.split("&")}
    assert paired <= bits.keys()


def test_the_weights_are_small() -> None:
    assert WEIGHTS.stat().st_size < 300_000


def test_features_of_scripts_without_spaces_are_told_apart() -> None:
    parts = Parts(1, 0.0, words=(1,))
    names = {"comment": 1}
    assert "unspaced 3" in features_of("コメントは編集部が読んで", parts, names)
    assert "chars 1" in features_of("Your comment waits", parts, names)


def test_training_is_the_same_each_time() -> None:
    pytest.importorskip("scipy")
    from scrubber.lexicon.guess_train import Example, train

    examples = [
        *(Example("en", "share", frozenset({"share", f"n {at % 3}"})) for at in range(9)),
        *(Example("en", ORDINARY, frozenset({"news", f"n {at % 3}"})) for at in range(9)),
    ]
    first, second = train(examples), train(examples)
    assert isinstance(first, Guesser)
    assert first.guess(["share"]) == second.guess(["share"])
    assert first.guess(["share"]).odds > 0 > first.guess(["news"]).odds
