"""Patterns of many words: what they match is what one plain pattern would."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from scrubber.extract.metadata.patterns import Anywhere, one_of

WORDS = ["by", "posted by", "text:", "von"]
TEXTS = st.lists(st.sampled_from([*WORDS, " ", "|", ":", "Jane", "b", "x"])).map("".join)


@given(TEXTS, st.integers(0, 12), st.integers(0, 30))
def test_word_anywhere_is_found_where_one_pattern_finds_it(
    text: str, start: int, stop: int
) -> None:
    pattern = rf"(?:{one_of(WORDS)})"
    whole = re.compile(rf"(?:^|[ |]){pattern}", re.I)
    found = Anywhere.after("[ |]", pattern).search(text, start, stop)
    expected = whole.search(text, start, stop)
    assert (found and found.span()) == (expected and expected.span())


@given(TEXTS)
def test_words_of_one_letter_together_match_what_they_match_alone(text: str) -> None:
    plain = "|".join(word.replace(":", r"(?=\s?[:：])") for word in WORDS)
    found, expected = re.search(one_of(WORDS), text), re.search(plain, text)
    assert (found and found.span()) == (expected and expected.span())
