"""What every engine promises, whichever it is."""

from __future__ import annotations

from typing import Any

import pytest

from scrubber.errors import ExtractError, InputError, NoContent, NotAnArticle
from scrubber.extract import ExtractOptions, extract
from scrubber.extract.engines import ENGINES, load_engine
from scrubber.models import Block, Draft, Page

URL = "https://example.org/a/page"
FILLER = (
    "The river had risen during the night, and by the morning the lower fields stood under water. "
    "People carried what they could to the upper floors, and waited for the boats to come."
)
PAGE = f"""<!doctype html><html lang="en"><head><title>The flood - Valley News</title></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<main><article>
<h1>The flood in the valley</h1>
<p>{FILLER} It was the <strong>highest level</strong> since <a href="/1962">1962</a>.</p>
<h2>What was lost</h2>
<p>{FILLER} Nobody was hurt, said the mayor, who had been awake all night.</p>
<ul><li>Forty sheep of the upper farm</li><li>Two bridges over the old mill stream</li>
<li>The road to the station, in three places</li></ul>
<table><tr><th>Place</th><th>Level in metres</th></tr><tr><td>Mill bridge</td><td>4.20</td></tr>
<tr><td>Station road</td><td>3.85</td></tr></table>
<blockquote><p>We have never seen the water so high in all our lives, not even in that year.</p></blockquote>
<p>{FILLER} The gauge is read by a small program, which runs every quarter of an hour:</p>
<pre><code class="language-python">def read(gauge):
    level = gauge.level()

    return level * 0.01
</code></pre>
<figure><img src="/flood.jpg" alt="The bridge under water"></figure>
<p>{FILLER} The repairs will take until spring, the council expects.</p>
</article></main>
<footer><p>Copyright Valley News</p></footer></body></html>"""


@pytest.fixture(scope="module", params=sorted(ENGINES))
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def draft(engine: str) -> Draft:
    return extract(Page(html=PAGE, url=URL), ExtractOptions(engine=engine))


def of_kind(draft: Draft, kind: str) -> list[Block]:
    return [block for block in draft.blocks if block.kind == kind]


def test_draft_names_its_engine(draft: Draft, engine: str) -> None:
    assert draft.engine == engine


def test_every_paragraph_of_the_article_is_there_in_order(draft: Draft) -> None:
    text = "\n".join(block.text for block in draft.blocks)
    places = [text.find(end) for end in ("since 1962.", "all night.", "of an hour:", "expects.")]
    assert -1 not in places
    assert places == sorted(places)


def test_navigation_and_footer_are_left_out(draft: Draft) -> None:
    text = "\n".join(block.text for block in draft.blocks)
    assert "Home" not in text
    assert "Copyright" not in text


def test_heading_has_its_level(draft: Draft) -> None:
    found = [(block.text, block.level) for block in of_kind(draft, "heading")]
    assert ("What was lost", 2) in found


def test_list_has_its_items(draft: Draft) -> None:
    (block,) = of_kind(draft, "list")
    assert [item.text for item in block.items][1] == "Two bridges over the old mill stream"
    assert block.ordered is False


def test_table_has_its_rows_and_cells(draft: Draft) -> None:
    # A scorer may leave out a cell, but what it keeps stands in its row and column.
    (block,) = of_kind(draft, "table")
    values = [[cell.text for cell in row][-1] for row in block.rows]
    assert values[-2:] == ["4.20", "3.85"]
    assert {len(row) for row in block.rows} == {2}


def test_quote_is_a_quote(draft: Draft) -> None:
    (block,) = of_kind(draft, "quote")
    assert block.text.startswith("We have never seen")
    assert block.markdown == f"> {block.text}"


def test_code_keeps_its_lines(draft: Draft) -> None:
    (block,) = of_kind(draft, "code")
    assert block.text == "def read(gauge):\n    level = gauge.level()\n\n    return level * 0.01"


def test_image_has_an_absolute_address(draft: Draft) -> None:
    (block,) = of_kind(draft, "image")
    assert block.src == "https://example.org/flood.jpg"
    assert block.alt == "The bridge under water"


def test_links_and_emphasis_stand_in_the_markdown(draft: Draft) -> None:
    markdown = "\n".join(block.markdown for block in draft.blocks)
    assert "**highest level** since [1962](https://example.org/1962)" in markdown


def test_comments_are_only_given_when_asked_for(draft: Draft) -> None:
    assert draft.comments == ()


@pytest.mark.parametrize(
    "html",
    ["", " \n ", "<html></html>", "\x00"],
)
def test_nothing_to_read_is_no_content(engine: str, html: str) -> None:
    with pytest.raises(NoContent) as caught:
        extract(Page(html=html, url=URL), ExtractOptions(engine=engine))
    assert caught.value.url == URL


def test_a_page_of_scripts_alone_is_an_empty_shell(engine: str) -> None:
    with pytest.raises(NotAnArticle) as caught:
        extract(
            Page(html="<html><body><script>var a = 1;</script></body></html>", url=URL),
            ExtractOptions(engine=engine),
        )
    assert caught.value.kind == "app_shell"


def test_binary_sent_as_a_page_is_no_content(engine: str) -> None:
    rubbish = bytes(range(256)).decode("latin-1") * 4
    with pytest.raises(NoContent, match="no text"):
        extract(Page(html=rubbish, url=URL), ExtractOptions(engine=engine))


def test_page_that_stands_in_for_another_is_refused_by_kind(engine: str) -> None:
    html = (
        "<html><head><title>404 - Page not found</title></head><body><h1>Page not found</h1>"
        "<p>Sorry, the page you are looking for does not exist.</p></body></html>"
    )
    with pytest.raises(NotAnArticle) as caught:
        extract(Page(html=html, url=URL), ExtractOptions(engine=engine))
    assert (caught.value.kind, caught.value.url) == ("soft_404", URL)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 20_000 + FILLER,
        f"<p>{FILLER}" * 300,
        "<table><tr><td>" * 2_000 + FILLER,
        "<ul><li>" * 3_000 + FILLER,
        "<b><i>" * 3_000 + FILLER,
        f"<p>{FILLER}</p><a href='http://[bad'>x</a><img src='http://[bad'><td colspan=-9e9>y",
        "<blockquote>" * 2_000 + FILLER,
        "<p>\ud800 lone surrogate " + FILLER,
        "<!--" + FILLER,
    ],
    ids=[
        "divs",
        "open-p",
        "tables",
        "lists",
        "inline",
        "bad-urls",
        "quotes",
        "surrogate",
        "comment",
    ],
)
def test_hostile_markup_gives_a_draft_or_a_typed_error(engine: str, html: str) -> None:
    try:
        draft = extract(Page(html=html, url=URL), ExtractOptions(engine=engine))
    except ExtractError as error:
        outcome: object = error.url
    else:
        outcome = URL if any(block.text for block in draft.blocks) else None
    assert outcome == URL


def test_unknown_engine_is_refused_with_the_known_names() -> None:
    with pytest.raises(ValueError, match="trafilatura"):
        load_engine("nonsense")


@pytest.mark.parametrize("name", ["nonsense", None, ["blocks"]])
def test_options_refuse_an_engine_that_there_is_not(name: Any) -> None:
    with pytest.raises(InputError, match="engine is one of blocks, trafilatura, not"):
        ExtractOptions(engine=name)
