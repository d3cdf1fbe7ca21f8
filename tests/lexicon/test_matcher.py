"""What the lexicon says of one line."""

import pytest

from scrubber.lexicon import matcher
from scrubber.lexicon.fold import fold
from scrubber.lexicon.index import compile_index
from scrubber.lexicon.matcher import Matcher
from scrubber.lexicon.notices import sentences


def _match(text: str, language: str = "en") -> tuple[str, str] | None:
    found = matcher().match(text, language)
    return found and (found.family, found.strength)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Lire la suite…", "lire la suite"),
        ("３ Comments (12)", "0 comments 0"),
        ("déjà  VU", "deja vu"),
        ("می\u200cکنیم", "میکنیم"),
        ("كتاب", "کتاب"),
        ("İstanbul'da", "istanbulda"),
        ("हिन्दी में", "हिन्दी में"),
        ("© 2026", "© 0"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Leave a Reply", ("comment_form", "strong")),
        ("LEAVE A REPLY »", ("comment_form", "strong")),
        ("Close", ("cookie_consent", "weak")),
        ("Share on Facebook", ("share", "strong")),
        ("Facebook Twitter Share", ("share", "strong")),
        ("Reply to Jane Doe", ("comment_form", "weak")),
        ("Read also: Another headline", ("related", "lead")),
        (">>> Read also: Another headline", ("related", "lead")),
        ("We use cookies to improve our website and your visit.", ("cookie_consent", "pattern")),
        ("12 people reacted with a smile", ("comment_form", "pattern")),
    ],
)
def test_evidence(text: str, expected: tuple[str, str]) -> None:
    assert _match(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "The ferry left at noon.",
        "“Leave a Reply”",
        "print(x)",
        "1. Overview",
        "The minister said that we use cookies on our website.",
        "“We use cookies on our website to improve your experience,” it read.",
        "",
        "…",
    ],
)
def test_no_evidence(text: str) -> None:
    assert _match(text) is None


def test_name_within_unspaced_text_is_found() -> None:
    assert _match("Facebookで共有", "ja") == ("share", "strong")


def test_latin_word_within_unspaced_text_opens_a_pattern() -> None:
    found = _match("このサイトはより良い体験のためCookieを使用しています。", "ja")
    assert found == ("cookie_consent", "pattern")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("取消回应 Example", "zh"),
        ("Example をリアクションする", "ja"),
        ("Example에 댓글 쓰기", "ko"),
    ],
)
def test_latin_word_at_an_edge_of_another_script_is_a_name(text: str, language: str) -> None:
    assert _match(text, language) == ("comment_form", "strong")


def test_word_that_names_a_button_of_a_share_row_is_a_word_too() -> None:
    assert _match("Preferências de email", "pt") == ("newsletter", "strong")


def test_line_on_what_a_site_is_made_with_may_be_half_names() -> None:
    assert _match("Propulsé par Plume | Thème - Encre", "fr") == ("copyright", "strong")


def test_heading_that_names_a_method_is_no_label() -> None:
    assert _match("Zoom の設定を変更する方法", "ja") is None


def test_name_that_begins_a_line_of_its_own_script_may_be_any_word() -> None:
    assert _match("Storms delete comments", "en") is None


def test_functions_are_of_a_notice_where_a_bracket_says_that_they_are_required() -> None:
    assert _match("Wesentliche Funktionen (erforderlich)", "de") == ("cookie_consent", "strong")
    assert _match("Wesentliche Funktionen", "de") is None


def test_inflected_name_is_a_name() -> None:
    assert _match("Jaa Facebookissa", "fi") is not None


def _small(**families: dict[str, list[object]]) -> Matcher:
    facts = {"spaced": True, "common": ["xo", "yo"], "address": [], "reporting": []}
    data = {"names": [], "rules": {"labels": [], "weak": [], "notices": []}}
    return Matcher(compile_index(data | {"languages": {"aa": facts | families}}))


def test_short_label_of_another_language_is_weak() -> None:
    small = _small(share={"strong": ["delat", "delat detta vidare"]})
    found = [small.match(text, "bb") for text in ("Delat", "Delat detta vidare")]
    assert [match and match.strength for match in found] == ["weak", "strong"]


def test_pattern_of_a_language_that_is_not_spoken_does_not_hold() -> None:
    groups = [{"none": False, "any": ["kaka"]}, {"none": False, "any": ["nos*"]}]
    small = _small(cookie_consent={"patterns": [groups]})
    assert small.match("kaka nostra", "bb") is None
    assert small.match("kaka nostra xo yo", "bb") is not None


def test_negated_group_excludes() -> None:
    groups = [{"none": False, "any": ["kaka"]}, {"none": True, "any": ["nos*"]}]
    small = _small(cookie_consent={"patterns": [groups]})
    assert small.match("kaka vostra", "aa") is not None
    assert small.match("kaka nostra", "aa") is None


def test_sentences_of_all_scripts_are_told_apart() -> None:
    assert len(sentences("One. Two! Три? 一。二。ایک۔ दो। three")) == 8


def test_a_foreign_notice_is_of_the_language_whose_words_it_has() -> None:
    notice = "Du kan välja vilka typer av cookies och spårningstekniker du tillåter."
    found = matcher().match(notice, "en")
    assert found is not None
    assert (found.family, found.language) == ("cookie_consent", "sv")


def test_a_foreign_notice_is_found_whatever_the_case_of_its_function_words() -> None:
    found = matcher().match("Du Kan Registrera Dig För Att Börja Kommentera.", "en")
    assert found is not None
    assert found.family == "comment_form"


def test_many_lines_are_matched_as_one_by_one() -> None:
    lines = [
        "Leave a Reply",
        "• Share Facebook Twitter",
        "12 Comments",
        "Read also: Another headline",
        "Show 3 previous replies",
        "The ferry was late again on Sunday, and nobody in the harbour knew why.",
        "By using this site you agree to our use of cookies.",
        "広告",
        "»",
        "",
    ]
    together = matcher().match_all(lines, "en")
    assert together == [matcher().match(line, "en") for line in lines]
    assert [found is not None for found in together].count(True) == 7


@pytest.mark.parametrize(
    ("text", "language", "family"),
    [
        ("Показать ещё 12 ответа(ов)", "ru", "comment_form"),
        ("A(z) Example hozzájárulás engedélyezése", "hu", "cookie_consent"),
        ("Javoblarni koʻrsatish", "uz", "comment_form"),
    ],
)
def test_optional_endings_and_apostrophes_that_are_letters_are_no_code_and_no_gap(
    text: str, language: str, family: str
) -> None:
    assert _match(text, language) == (family, "strong")


def test_a_call_with_one_letter_is_code() -> None:
    assert _match("Share print(x)", "en") is None
