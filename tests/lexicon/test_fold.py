"""Folding: a long text of many scripts becomes what its words become one by one."""

import pytest

from scrubber.lexicon.fold import fold, fold_words

LATIN = "Lire la suite… Ça “va” l’été Straße ½ or 1⁄2 Ŀl · ŉa x² © Ⓒ ﬁn İstanbul ılık Łódź n\u0303o \u200d"
OTHERS = (
    "كتاب يـوم ة Ёлка й Ωραία ά か゛ ｶﾞ 広告 ไทย हिन्दी שָׁלוֹם Հայ ქართული \ud800 \x00 \ue000 🙂 ﳲ ـ"
)


@pytest.mark.parametrize("text", [LATIN, OTHERS, f"{LATIN} {OTHERS}"])
def test_a_text_folds_as_its_words_do(text: str) -> None:
    words = text.split()
    assert fold(text) == " ".join(filter(None, map(fold, words)))
    assert fold_words(text) == fold(text).split()


def test_a_text_of_very_many_characters_folds_as_its_words_do() -> None:
    words = ["".join(map(chr, range(at, at + 20))) for at in range(0xC0, 0x580, 20)]
    assert fold(" ".join(words)) == " ".join(" ".join(map(fold, words)).split())
