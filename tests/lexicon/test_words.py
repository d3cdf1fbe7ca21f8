"""What lets most words through unjudged, and the memories of languages."""

from __future__ import annotations

import pytest

from scrubber.lexicon import matcher
from scrubber.lexicon.index import Known, Sieve

SIEVE = Sieve(
    Known(frozenset({"reply"}), {"comment", "sub", "subscri"}, {"cookie"}),
    Known(frozenset({"top"}), {"a"}),
)


@pytest.mark.parametrize(
    "word",
    ["reply", "top", "comment", "comments", "sub", "subway", "subscribe", "webcookies", "apple"],
)
def test_a_sieve_lets_a_word_through_that_is_or_holds_what_is_known(word: str) -> None:
    assert SIEVE.passes(word)


@pytest.mark.parametrize("word", ["replying", "stop", "com", "zebra", "cook", "0", ""])
def test_a_sieve_holds_back_what_is_not_known(word: str) -> None:
    assert not SIEVE.passes(word)


def test_a_sieve_of_nothing_holds_back_everything() -> None:
    assert not Sieve().passes("reply")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Voir l'article d'origine", "fr"),  # whose stem stands behind an apostrophe
        ("התחברותבפייסבוק שיתוף בפייסבוק", "he"),  # a name behind a prefix
        ("Zobrazit 3rd komentáře", "cs"),
        ("クッキーの使用に同意する", "ja"),
    ],
)
def test_a_word_means_the_same_whether_it_was_met_before(text: str, language: str) -> None:
    first = matcher().match_all([text] * 8, language)
    assert first == [matcher().match(text, language)] * 8


def test_more_languages_than_are_remembered_are_matched_as_before() -> None:
    labels = {"de": "Kommentar schreiben", "fr": "Laisser un commentaire", "pl": "Dodaj komentarz"}
    labels |= {"es": "Deja un comentario", "it": "Lascia un commento", "en": "Leave a reply"}
    before = {tag: matcher().match(label, tag) for tag, label in labels.items()}
    again = {tag: matcher().match(label, tag) for tag, label in labels.items()}
    assert before == again
    assert all(match is not None and match.strength == "strong" for match in again.values())
