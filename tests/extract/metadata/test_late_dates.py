"""Days that stand late, in pieces, or for machines only, and pages without a heading."""

from __future__ import annotations

import pytest
from steps import lines_run

from scrubber.extract.metadata import read_metadata
from scrubber.extract.metadata.ranker import Model
from scrubber.extract.metadata.view import View
from scrubber.extract.tree import Tree
from scrubber.models import Metadata, Page

HEADLINE = "<h1>Die Brücke am Hafen öffnet</h1>"
PROSE = "<p>" + "Die alte Brücke am Hafen ist seit gestern wieder für alle offen. " * 5 + "</p>"


def read(body: str, lang: str = "de", head: str = "") -> Metadata:
    lang = f" lang='{lang}'" if lang else ""
    title = "<title>Die Brücke am Hafen öffnet</title>"
    html = f"<html{lang}><head>{title}{head}</head><body>{body}</body></html>"
    return read_metadata(Tree(html), Page(html=html, url="https://harbour.example/bridge"))


def day(metadata: Metadata) -> str | None:
    return metadata.published.value[:10] if metadata.published else None


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "This entry was posted in <a href='/x'>News</a> on March 3, 2023 by Jane"),
        ("de", "Dieser Eintrag wurde am Freitag, 3. März 2023 um 12:30 Uhr erstellt"),
        ("de", "Eingestellt von Hans am 3. März 2023"),
        ("de", "Hans Müller, 03.03.2023"),
        ("de", "Berlin, den 3. März 2023"),
        ("de", "(03.03.2023)"),
        ("fr", "Publié par Jeanne le 3 mars 2023 dans Ville"),
        ("fr", "Paris, le 3 mars 2023"),
        ("es", "Publicado por Juan el 3 de marzo de 2023"),
        ("it", "Pubblicato da Mario il 3 marzo 2023"),
        ("pt", "Postado por João às 12:30, 3 de março de 2023"),
        ("pl", "Źródło: PAP, 3 marca 2023"),
        ("pl", "Wpis opublikowany 3 marca 2023 przez Jan"),
        ("cs", "Příspěvek byl publikován 3. 3. 2023 | Rubrika: Město"),
        ("ro", "Acest articol a fost publicat vineri, 3 martie 2023"),
        ("ru", "Автор: Иван, 3 марта 2023"),
        ("el", "Αναρτήθηκε από Νίκος στις 3 Μαρτίου 2023"),
        ("zh", "本文发表于 2023年3月3日"),
        ("hu", "Szerző: Péter, 2023. március 3."),
    ],
)
def test_day_that_signs_the_end_is_read(lang: str, line: str) -> None:
    assert day(read(f"<div>{HEADLINE}{PROSE * 4}<p>{line}</p></div>", lang)) == "2023-03-03"


def test_day_below_many_buttons_is_read() -> None:
    buttons = "".join(f"<li>Knopf {number}</li>" for number in range(18))
    found = read(f"<div>{HEADLINE}<ul>{buttons}</ul><p>03.03.2023, 12:30 Uhr</p>{PROSE * 2}</div>")
    assert day(found) == "2023-03-03"


@pytest.mark.parametrize(
    "end",
    [
        "<p>Das Buch dazu kam am 3. März 2010 heraus.</p>",
        "<p>Zuletzt aktualisiert: 3. März 2010</p>",
        "<p>© 3. März 2010</p>",
        "<div id='comments'><p>Hans</p><p>3. März 2010</p></div>",
        "<aside class='related'><p>3. März 2010</p></aside>",
    ],
)
def test_other_day_at_the_end_is_not_taken(end: str) -> None:
    assert day(read(f"<div>{HEADLINE}{PROSE * 4}{end}</div>")) is None


@pytest.mark.parametrize(
    "opening",
    ["03.03.2023 · ", "(03.03.2023) ", "3. März 2023: ", "Berlin, 03.03.2023. ", "03.03.2023 "],
)
def test_day_that_opens_the_lead_is_read(opening: str) -> None:
    lead = PROSE.replace("<p>", f"<p>{opening}")
    assert day(read(f"<div>{HEADLINE}{lead}{PROSE}</div>")) == "2023-03-03"


def test_day_that_opens_the_first_sentence_is_no_dateline() -> None:
    lead = PROSE.replace("<p>", "<p>Am 3. März 2010 brannte sie. ")
    assert day(read(f"<div>{HEADLINE}{lead}{PROSE}</div>")) is None


@pytest.mark.parametrize(
    "leaf",
    [
        "<div>3</div><div>März</div><div>2023</div>",
        "<div>Mär</div><div>03</div><div>2023</div>",
        "<div>März 2023</div><div>3</div>",
        "<div>3.</div><div>März 2023</div>",
    ],
)
def test_leaf_of_a_calendar_is_put_together(leaf: str) -> None:
    assert day(read(f"<div>{leaf}{HEADLINE}{PROSE * 2}</div>")) == "2023-03-03"


@pytest.mark.parametrize(
    "mark",
    [
        "<abbr class='published' title='2023-03-03T12:34:00+0100'>12:34</abbr>",
        "<span class='date' title='2023-03-03 12:34'>vor 2 Jahren</span>",
        "<span class='timestamp' data-time='1677843240'>vor 2 Jahren</span>",
        "<relative-time datetime='2023-03-03T12:34:00Z'>vor 2 Jahren</relative-time>",
    ],
)
def test_day_kept_in_an_attribute_is_read(mark: str) -> None:
    assert day(read(f"<div>{HEADLINE}<p>{mark}</p>{PROSE * 2}</div>")) == "2023-03-03"


def test_headline_that_is_not_marked_up_anchors_the_day() -> None:
    menu = "".join(f"<div><a href='/{number}'>Menü {number}</a></div>" for number in range(40))
    story = f"<b>Die Brücke am Hafen öffnet</b><br>3. März 2023<br>{PROSE * 2}"
    assert day(read(f"{menu}<table><tr><td>{story}</td></tr></table>")) == "2023-03-03"


@pytest.mark.parametrize("lang", ["", "en-US"])
def test_order_of_day_and_month_follows_the_text(lang: str) -> None:
    french = "<p>" + "Le pont a été ouvert hier par le maire de la ville, qui était content. " * 5
    assert day(read(f"<div>{HEADLINE}<p>03/04/2023</p>{french}</p></div>", lang)) == "2023-04-03"


@pytest.mark.parametrize(("scores", "stated"), [([0.47, 0.44], True), ([0.47, 0.1], False)])
def test_one_of_two_days_is_stated_where_both_together_are_likely(
    scores: list[float], stated: bool
) -> None:
    assert Model({}, 0.0, threshold=0.55).is_worth_stating(scores) is stated


def test_day_that_one_kind_of_witness_tells_is_never_sure() -> None:
    found = read(f"<article>{HEADLINE}<p>Von Anna Schmidt, 3. März 2023</p>{PROSE * 2}</article>")
    assert day(found) == "2023-03-03"
    assert found.evidence["published"].confidence < 0.9


def test_the_end_of_a_deeply_nested_article_is_found_in_linear_steps() -> None:
    def steps(count: int) -> int:
        html = "<div>" * count + HEADLINE + "<i>w</i></div>" * count
        view = View(Tree(html), "https://harbour.example/bridge")
        assert view.anchor is not None
        with lines_run() as counted:
            assert view.late_lines
        return counted[0]

    # Eight times the page: a quadratic step would run sixty-four times as often.
    assert steps(400) < 10 * steps(50)
