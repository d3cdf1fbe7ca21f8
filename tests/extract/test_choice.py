"""What belongs to the scorer's choice: the standfirst of an article."""

from __future__ import annotations

import numpy as np
import pytest

from scrubber.extract.choice import is_english, standfirst
from scrubber.extract.segments import cut
from scrubber.extract.tree import Tree

LEAD = (
    "Seit drei Wochen kommt niemand mehr über den Fluss. Der Betreiber wartet auf ein Ersatzteil."
)
STORY = "Auf der Rampe liegt Laub, die Kette ist vorgelegt, und an der Tafel hängt ein Zettel."


def lead_of(head: str, likely: float = 0.2) -> str | None:
    """The standfirst of a page of which the last paragraph alone was chosen."""
    tree = Tree(f"<h1>Die Fähre bleibt am Ufer</h1>{head}<p>{STORY}</p>")
    segments = cut(tree)
    chosen = [False] * (len(segments) - 1) + [True]
    found = standfirst(tree, segments, np.full(len(segments), likely), chosen)
    return None if found is None else segments.texts[found]


@pytest.mark.parametrize(
    "head",
    [
        f"<p class=lead>{LEAD}</p>",
        f"<h2>{LEAD}</h2><p>Von Wiebke Harms</p>",
        f"<header><div>{LEAD}</div><button>Teilen</button></header>",
        f"<p>09.02.2023, 06:00 Uhr, aktualisiert am 10.02.2023.</p><div>{LEAD}</div>",
    ],
)
def test_standfirst_below_the_headline_is_found(head: str) -> None:
    assert lead_of(head) == LEAD


@pytest.mark.parametrize(
    "head",
    [
        "<p>Von Wiebke Harms und Uwe Cordes, Redaktion</p>",
        f"<p><a href=/abo>{LEAD}</a></p>",
        f"<figure><figcaption>{LEAD}</figcaption></figure>",
        f"<form><p>{LEAD}</p></form>",
        f"<p>{STORY[:60]}</p>",
    ],
)
def test_bylines_links_captions_and_repeated_text_are_no_standfirst(head: str) -> None:
    assert lead_of(head) is None


def test_text_that_is_hardly_content_is_no_standfirst() -> None:
    assert lead_of(f"<p>{LEAD}</p>", likely=0.01) is None


@pytest.mark.parametrize(
    ("lang", "text", "english"),
    [("en-GB", STORY, True), ("de", STORY, False), (None, STORY, False), (None, "x", True)],
)
def test_language_is_the_page_s_own_word_or_else_its_text_s(
    lang: str | None, text: str, english: bool
) -> None:
    html = f"<html lang={lang}>" if lang else "<html>"
    assert is_english(Tree(f"{html}<body><p>{text}</p>"), [text]) is english
