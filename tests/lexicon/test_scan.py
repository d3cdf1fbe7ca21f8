"""Many lines at once: the scan passes over those that cannot match, and over no other."""

from collections.abc import Sequence

import numpy as np
import pytest

from scrubber.lexicon import matcher
from scrubber.lexicon.hashing import WordTable
from scrubber.lexicon.meaning import ANYTHING, STRANGE, Limits
from scrubber.lexicon.scan import Scanner

LINES = [
    "Leave a Reply",
    "• Share Facebook Twitter",
    "The ferry was late again on Sunday, and nobody in the harbour knew why.",
    "",
    "Read also: Another headline",
    "“Leave a Reply”",
    "By using this site you agree to our use of cookies.",
    "By\u2003using this site you agree\x1fto our use of cookies.",
    "広告",
    "»",
    "Show 3 previous replies",
    "Du Kan Registrera Dig För Att Börja Kommentera.",
    "Contact Us",
    "\ud800 12 Comments",
]


@pytest.mark.parametrize("first", range(len(LINES)))
def test_a_line_is_matched_wherever_it_stands_among_others(first: int) -> None:
    lines = LINES[first:] + LINES[:first]
    assert matcher().match_all(lines, "en") == [matcher().match(line, "en") for line in lines]


@pytest.mark.parametrize("sentences", [1000, 20_000])
def test_more_than_a_batch_of_lines_is_matched_in_parts(sentences: int) -> None:
    prose = "The ferry was late again on Sunday. " * sentences
    lines = ["Leave a Reply", *[prose] * 10, "Share on Facebook", prose, prose, "Cancel reply"]
    found = matcher().match_all(lines, "en")
    assert [at for at, match in enumerate(found) if match] == [0, 11, 14]


def _scanner(known: Sequence[str], asked: list[str]) -> Scanner:
    """Takes a line for a label where all its words are known."""

    def judge(word: str) -> int:
        asked.append(word)
        return ANYTHING if word.lower().strip(".,") in known else STRANGE

    return Scanner(judge, Limits(160, 220, 20, 200, 150, 0.66))


def _places(scanner: Scanner, lines: Sequence[str]) -> list[int]:
    return [at for at, _ in scanner.candidates(lines)]


def test_each_word_is_judged_once() -> None:
    asked: list[str] = []
    scanner = _scanner(["share"], asked)
    lines = ["share this share", "share", "this"]
    assert [_places(scanner, lines) for _ in range(2)] == [[0, 1], [0, 1]]
    assert sorted(asked) == ["share", "this"]


def test_words_that_fold_alike_are_judged_once() -> None:
    asked: list[str] = []
    assert _places(_scanner(["share"], asked), ["Share", "SHARE.", "share,", "other"]) == [0, 1, 2]
    assert sorted(asked) == ["Share", "other"]


def test_a_mark_that_may_part_a_lead_makes_another_word() -> None:
    asked: list[str] = []
    _scanner([], asked).candidates(["share", "share:", "sh-are", "sh.are"])
    assert sorted(asked) == ["sh-are", "sh.are", "share", "share:"]


@pytest.mark.parametrize("length", [1, 7, 8, 9, 16, 17, 30])
def test_marks_behind_a_word_are_none_of_it(length: int) -> None:
    asked: list[str] = []
    word = "internationalizationmanagement"[:length]
    _scanner([], asked).candidates([word, f"{word},", f"{word.upper()}.)"])
    assert asked == [word]


def test_long_words_are_told_apart_by_any_of_their_letters() -> None:
    asked: list[str] = []
    words = ["a" * at + "b" + "a" * (60 - at) for at in range(60)]
    _scanner([], asked).candidates([*words, *words])
    assert sorted(asked) == sorted(words)


def test_a_word_with_an_odd_space_within_may_be_anything() -> None:
    assert _places(_scanner([], []), ["some\u3000thing", "something"]) == [0]


def test_words_that_share_a_slot_keep_their_bits() -> None:
    words = np.array(["one", "two"])
    table = WordTable({"one": 1, "two": 2}.__getitem__)
    hashes = np.array([5, 6], dtype=np.uint64)  # the upper bits, which choose the slot, are equal
    for _ in range(2):
        assert table.look_up(hashes, words.__getitem__).tolist() == [1, 2]


def test_a_table_that_is_full_judges_again_what_it_forgot() -> None:
    table = WordTable(lambda word: int(word))
    hashes = np.arange(1, 41, 2, dtype=np.uint64)  # all want the same slot
    for _ in range(2):
        assert table.look_up(hashes, lambda places: map(str, places)).tolist() == list(range(20))
