"""What widgets say below an article goes, in many languages, and the article stays."""

import tomllib
from pathlib import Path

import pytest

from scrubber.clean import read_text

HERE = Path(__file__).parent
WIDGETS = tomllib.loads((HERE / "widgets.toml").read_text("utf-8"))
PROSE = tomllib.loads((HERE.parent / "bench" / "prose.toml").read_text("utf-8"))
PROMPTS = tomllib.loads((HERE / "prompts.toml").read_text("utf-8"))
CALLS = tomllib.loads((HERE / "calls.toml").read_text("utf-8"))
LEAST = 0.9  # of a language's texts


@pytest.mark.parametrize(
    ("language", "texts"), [*WIDGETS.items(), *PROMPTS.items()], ids=lambda value: str(value)[:2]
)
def test_a_widgets_text_below_an_article_goes_and_the_article_stays(
    language: str, texts: list[str]
) -> None:
    left = []
    for text in texts:
        draft = read_text("\n\n".join([*PROSE[language], text]))
        kept = {draft.metadata.title, *(block.text for block in draft.blocks)}
        assert kept.issuperset(PROSE[language])
        left += [text] if text in kept else []
    assert len(left) <= (1 - LEAST) * len(texts), left


@pytest.mark.parametrize(("language", "texts"), CALLS.items(), ids=CALLS)
def test_what_sites_call_on_readers_to_do_goes_even_between_two_paragraphs(
    language: str, texts: list[str]
) -> None:
    prose = PROSE[language]
    for text in texts:
        draft = read_text("\n\n".join([prose[0], text, *prose[1:]]))
        assert [removal.text for removal in draft.removed] == [text]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "You might also like..."),  # an ellipsis ends no sentence of the author's
        ("hr", "Pravila o privatnosti i uvjeti pružanja usluge"),  # whose prose may be Serbian
        ("vi", "Hiển thị 12 câu trả lời trước đó"),  # one of its many short words is in the prose
        ("nl", "Onze partners gebruiken cookies; zij verwerken uw gegevens met uw toestemming."),
        ("de", "Jetzt registrieren"),
        ("pl", "Przejdź do głównej treści"),
    ],
)
def test_residue_goes_above_between_and_below_prose(language: str, text: str) -> None:
    prose = PROSE[language]
    for at in range(len(prose) + 1):
        draft = read_text("\n\n".join([*prose[:at], text, *prose[at:]]))
        assert [removal.text for removal in draft.removed] == [text]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "El editor puede abrirse directamente con un archivo usando una de estas órdenes:"),
        ("id", "9.6.13. Perluasan ruang penyimpanan yang dapat digunakan"),
        ("de", "Name des Benutzers, der Eigentümer der Datei ist;"),
    ],
)
def test_a_manuals_sentences_and_numbered_headings_stay(language: str, text: str) -> None:
    prose = PROSE[language]
    draft = read_text("\n\n".join([prose[0], text, *prose[1:]]))
    assert draft.removed == ()
