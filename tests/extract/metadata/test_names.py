"""Names out of bylines: who wrote it, and who did not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.extract.metadata.names import read_names
from scrubber.extract.metadata.persons import name_key


def names(text: str) -> list[str]:
    return [author.name for author in read_names(text)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("By Jane Doe", "Jane Doe"),
        ("Von Hans Müller", "Hans Müller"),
        ("Par Jean Dupont", "Jean Dupont"),
        ("Por María Pérez", "María Pérez"),
        ("A cura di Paolo Rossi", "Paolo Rossi"),
        ("Di Maria Bianchi", "Maria Bianchi"),
        ("Door Pieter de Vries", "Pieter de Vries"),
        ("Autor: Jan Kowalski", "Jan Kowalski"),
        ("Автор: Иван Петров", "Иван Петров"),
        ("Yazar: Ayşe Yılmaz", "Ayşe Yılmaz"),
        ("作者：王小明", "王小明"),
        ("文／王小明", "王小明"),
        ("بقلم أحمد محمد", "أحمد محمد"),
        ("מאת דוד כהן", "דוד כהן"),
        ("Oleh Budi Santoso", "Budi Santoso"),
        ("Γράφει η Μαρία Παππά", "Μαρία Παππά"),
        ("Rozmawiała Anna Nowak", "Anna Nowak"),
        ("Vložil Jan Novák", "Jan Novák"),
        ("Пише: Јелена Петровић", "Јелена Петровић"),
        ("Аўтар: Алесь Каваль", "Алесь Каваль"),
        ("ავტორი: ნინო გელაშვილი", "ნინო გელაშვილი"),
        ("Հեղինակ՝ Անի Պետրոսյան", "Անի Պետրոսյան"),
        ("تحریر: احمد علی", "احمد علی"),
        ("توسط مریم احمدی", "مریم احمدی"),
        ("Das Gespräch führte Anna Schmidt", "Anna Schmidt"),
    ],
)
def test_byline_word_of_many_languages_is_cut(text: str, name: str) -> None:
    assert names(text) == [name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Danielle Doe, Donna Roe, and Natalie Poe", ["Danielle Doe", "Donna Roe", "Natalie Poe"]),
        ("Benjamin Fischer und Marcus Theurer", ["Benjamin Fischer", "Marcus Theurer"]),
        ("Jean Dupont et Marie Curie", ["Jean Dupont", "Marie Curie"]),
        ("Linny & Peter", ["Linny", "Peter"]),
        ("By Jane Doe, Senior Editor and John Roe | May 4, 2026", ["Jane Doe", "John Roe"]),
    ],
)
def test_co_authors_are_kept(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Food and Drug Administration",
        "Center for Drug Evaluation and Research",
        "Department of Health and Human Services",
    ],
)
def test_and_inside_a_body_is_kept(text: str) -> None:
    (author,) = read_names(text)
    assert (author.name, author.kind) == (text, "organization")


@pytest.mark.parametrize(
    "text",
    [
        "Medically reviewed by Ann Poe, MD. Written by Jane Doe",
        "Written by Jane Doe Edited by John Roe",
        "Jane Doe | Photos by Ann Poe",
        "Text: Jane Doe / Fotos: Ann Poe",
        "By Jane Doe; translated by Max Roe",
    ],
)
def test_other_crafts_are_left_out(text: str) -> None:
    assert names(text) == ["Jane Doe"]


@pytest.mark.parametrize(
    "text",
    [
        "Jane Doe, Senior Editor",
        "Jane Doe, MS, RD, FAND",
        "Jane Doe, Ph.D.",
        "Jane Doe, Director of Operations, Example Lines",
        "Jane Doe 5 min read",
        "By Jane Doe on May 4, 2026",
        "Jane Doe · Published March 2, 2026 at 9:30 am",
        "Jane Doe on Friday",
        "Jane Doe (jane@example.org)",
        "Jane Doe1",
    ],
)
def test_what_is_glued_to_a_name_is_cut(text: str) -> None:
    assert names(text) == ["Jane Doe"]


@pytest.mark.parametrize(
    "text",
    [
        "admin",
        "By admin",
        "Webmaster",
        "Undefined",
        "[object Object]",
        "https://x.example/jane",
        "2024",
        "Friday",
        "{{author}}",
        "",
    ],
)
def test_placeholder_is_nobody(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Jane Doe", "person"),
        ("The Example Team", "organization"),
        ("Redaktion", "organization"),
        ("Daily News", "organization"),
        ("janedoe42", "handle"),
        ("@jane_doe", "handle"),
        ("王小明", "person"),
    ],
)
def test_kind_is_told_from_the_name(text: str, kind: str) -> None:
    assert [author.kind for author in read_names(text)] == [kind]


def test_body_named_as_such_is_never_split() -> None:
    (author,) = read_names("Ben & Jerry", kind="organization")
    assert author.name == "Ben & Jerry"


def test_surname_first_is_turned() -> None:
    assert name_key(names("Kaufman, Jeff T.")[0]) == name_key("Jeff T. Kaufman")


@given(st.text(max_size=200))
def test_no_text_breaks_the_parser(text: str) -> None:
    for author in read_names(text):
        assert 2 <= len(author.name) <= 80
        assert author.name == author.name.strip()


_WORD = st.text("abcdefghijklmnop", min_size=3, max_size=8).map(lambda word: "Q" + word)


@given(st.lists(st.tuples(_WORD, _WORD), min_size=1, max_size=4, unique=True))
def test_names_joined_by_commas_come_apart_again(pairs: list[tuple[str, str]]) -> None:
    joined = ", ".join(f"{given} {family}" for given, family in pairs)
    assert len(names(joined)) == len({name_key(f"{given} {family}") for given, family in pairs})


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Written By: Tom May", ["Tom May"]),  # a month, and a word of every sentence
        ("By Will Smith and Can Yaman", ["Will Smith", "Can Yaman"]),
        ("John Crenshaw in SEO", ["John Crenshaw"]),
        ("Janez Novak in Ana Kranjc", ["Janez Novak", "Ana Kranjc"]),  # "in" is "and" in Slovenian
        ("Niko Poe on behalf of the Vision group", ["Niko Poe"]),
        ("Jane Doe | Categories: Uncategorized", ["Jane Doe"]),
        ("Amanda · One comment so far", ["Amanda"]),
        ("Anna Schmidt | Keine Kommentare", ["Anna Schmidt"]),
        ("Jane Doe, Director at Example - 10+ Years in the Industry", ["Jane Doe"]),
        ("Supermove Last updated", ["Supermove"]),
        ("Anna Schmidt und Peter Müller, Berlin", ["Anna Schmidt", "Peter Müller"]),
        ("Jane Doe, Reuters", ["Jane Doe"]),
        ("Procter and Gamble", ["Procter and Gamble"]),
        ("Johnson & Johnson", ["Johnson & Johnson"]),
        ("Anna and Tom", ["Anna", "Tom"]),
        ("김철수 기자", ["김철수"]),
        ("記者王小明／台北報導", ["王小明"]),
    ],
)
def test_what_stands_beside_the_name_is_cut_off(line: str, names: list[str]) -> None:
    assert [author.name for author in read_names(line)] == names


def test_generated_account_is_nobody() -> None:
    assert names("mdoetorreq6vkpg2ma0ci") == []


def test_handle_with_a_year_is_somebody() -> None:
    assert names("janedoephotography2020") == ["janedoephotography2020"]


def test_italian_company_is_no_person() -> None:
    assert [author.kind for author in read_names("Luigi Rossi SPA")] == ["organization"]


@pytest.mark.parametrize(
    "text", ["Jane DoeSenior Reporter", "Jane DoeStaff Writer", "Jane DoeAuthor"]
)
def test_role_glued_to_a_name_is_cut_off(text: str) -> None:
    assert [author.name for author in read_names(text)] == ["Jane Doe"]


@pytest.mark.parametrize("name", ["Jane McDonald", "Ann DeAngelo"])
def test_capital_inside_a_surname_is_no_glued_role(name: str) -> None:
    assert [author.name for author in read_names(name)] == [name]


def test_place_behind_a_dash_is_no_second_writer() -> None:
    assert [author.name for author in read_names("Por João Silva — São Paulo")] == ["João Silva"]


@pytest.mark.parametrize(
    "text",
    ["Postado por Ana Sá às 18:22", "Publicado por Ana Sá en 10:40", "Von Ana Sá um 9:15 Uhr"],
)
def test_word_before_the_hour_is_no_part_of_the_name(text: str) -> None:
    assert names(text) == ["Ana Sá"]


def test_question_is_nobody() -> None:
    assert names("Por qué cierra?") == []


def test_address_of_an_account_is_no_part_of_the_name() -> None:
    assert names("Ana Sá @ana@crumbs.example") == ["Ana Sá"]


@pytest.mark.parametrize("name", ["Lê Hoài Thu", "Nguyễn Thị Mai"])
def test_name_that_is_a_weekday_elsewhere_is_kept(name: str) -> None:
    assert names(name) == [name]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vesna Petrović, vodič", ["Vesna Petrović"]),
        ("Solfrid Hansen, hageentusiast i Bergen", ["Solfrid Hansen"]),
        ("Jane Doe ⋅ Senior Editor ⋅", ["Jane Doe"]),
        ("Олена Коваль | Переглядів: 9 817", ["Олена Коваль"]),
        ("李明远 | 字号：大 中 小", ["李明远"]),
    ],
)
def test_what_its_bearer_is_or_counts_is_no_second_name(text: str, expected: list[str]) -> None:
    assert names(text) == expected
