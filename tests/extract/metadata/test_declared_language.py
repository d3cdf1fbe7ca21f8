"""Declared and detected languages."""

from __future__ import annotations

import pytest

from scrubber.extract.metadata.language import canonical_tag, language_claims
from scrubber.models import Claim


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        ("en_US", "en-US"), ("EN", "en"), ("pt-br", "pt-BR"), ("zh-hant-tw", "zh-Hant-TW"),
        ("German", "de"), ("de_DE.UTF-8", "de-DE"), ("jp", "ja"), ("en-US, fr", "en-US"),
    ],
)  # fmt: skip
def test_declaration_becomes_a_tag(declared: str, tag: str) -> None:
    assert canonical_tag(declared) == tag


@pytest.mark.parametrize("declared", ["", "xx", "und", "%lang%", "12", "language"])
def test_what_is_no_language_is_none(declared: str) -> None:
    assert canonical_tag(declared) is None


def test_japanese_text_contradicts_declared_english() -> None:
    text = "港にミツバチが戻ってきた。今年の春はとても早かったと住民は話している。"
    claims = [Claim("language", "en", "html.lang", "en")]
    assert [claim.value for claim in language_claims(claims, text)] == ["ja"]


def test_latin_text_does_not_contradict_german() -> None:
    claims = [Claim("language", "de", "html.lang", "de")]
    (claim,) = language_claims(claims, "The bees came back to the harbour this spring.")
    assert (claim.value, claim.source) == ("de", "html.lang")


def test_declared_claim_in_the_right_script_is_kept() -> None:
    claims = [Claim("language", "ru_RU", "html.lang", "ru_RU")]
    assert [c.value for c in language_claims(claims, "Пчёлы вернулись в гавань этой весной")] == [
        "ru-RU"
    ]


def test_contradicted_declaration_gives_way_to_the_next() -> None:
    claims = [
        Claim("language", "en", "html.lang", "en"),
        Claim("language", "ru_RU", "og:locale", "ru_RU"),
    ]
    kept = language_claims(claims, "Пчёлы вернулись в гавань этой весной раньше обычного")
    assert [claim.source for claim in kept] == ["og:locale"]


GERMAN = (
    "Die Bienen sind in diesem Jahr früh in den Hafen zurückgekehrt, und niemand weiß so recht, warum. "
    "Am Kai stehen seit dem Frühjahr zwölf Körbe, die der Verein selbst gebaut hat. Wer vorbeikommt, "
    "bleibt stehen und hört ihnen zu, bis die Fähre kommt und alles andere übertönt."
)


def test_english_over_a_german_text_is_disbelieved() -> None:
    found = language_claims([Claim("language", "en-US", "html.lang", "en-US")], GERMAN)
    assert [(claim.value, claim.source) for claim in found] == [
        ("de", "detected"),
        ("en-US", "html.lang"),
    ]


def test_english_over_a_list_of_names_is_believed() -> None:
    text = "Jane Doe John Roe Ann Poe " * 20
    found = language_claims([Claim("language", "en", "html.lang", "en")], text)
    assert found[0].value == "en"


def test_english_over_goods_with_foreign_names_is_believed() -> None:
    text = (
        "Spot 400 lumens lamp Della Serra non slip sono Il Forno stove gel burner che Una Prima $275"
        " propane regulator igniter piezo knob steel torch USB charging dock cable braided black white"
        " silver mug large Trail runner mesh upper size ten gray orange blanket fleece queen king twin"
        " full navy headset wireless Della Luna jacket che Il Mare sono boots non slip Una Donna"
        " ceramic lid glass"
    )
    found = language_claims([Claim("language", "en", "html.lang", "en")], text)
    assert found[0].value == "en"
