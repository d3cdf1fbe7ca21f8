"""The learned engine from HTML to Body."""

import json

import pytest

from scrubber.errors import NoContent
from scrubber.extract.engines.blocks import extract_body
from scrubber.extract.tree import Tree
from scrubber.models import Page

PROSE = (
    "The committee met on Tuesday to discuss the plan for the old harbour, which has stood empty"
    " since the last ferry left. Residents, who had waited for hours, asked when work would begin."
)


def body_of(html: str, url: str | None = None):
    return extract_body(Page(html=html, url=url), Tree(html))


def text_of(html: str) -> str:
    return "\n\n".join(block.text for block in body_of(html).blocks)


def article(inside: str = "") -> str:
    paragraphs = "".join(f"<p>{PROSE} ({n})</p>" for n in range(8))
    return (
        "<html><head><title>The harbour</title></head><body>"
        "<nav><ul><li><a href=/>Home</a></li><li><a href=/n>News</a></li></ul></nav>"
        f"<article class=post><h1>The harbour</h1><div class=entry-content>{paragraphs}{inside}</div>"
        "</article><footer class=footer><p>© 2024 Example <a href=/p>Privacy</a></p></footer>"
        "</body></html>"
    )


def test_prose_is_kept_and_navigation_left_out():
    text = text_of(article())
    assert text.count("The committee met") == 8
    assert "News" not in text
    assert "Privacy" not in text


def test_what_is_left_out_is_told_with_a_reason():
    removed = body_of(article()).removed
    assert any(r.reason == "navigation" and "News" in r.text for r in removed)


@pytest.mark.parametrize(
    "mark", ["hidden", 'style="display: none"', 'style="position:absolute;left:-9999px"']
)
def test_hidden_elements_are_not_content(mark):
    assert "secret" not in text_of(article(f"<p {mark}>The secret words. {PROSE}</p>"))


def test_a_page_that_hides_itself_until_its_scripts_run_is_read():
    html = article().replace("<body>", '<body style="visibility:hidden">')
    assert text_of(html).count("The committee met") == 8


def test_confidence_is_a_probability_and_the_type_is_known():
    body = body_of(article())
    assert body.confidence is not None
    assert 0 <= body.confidence <= 1
    assert body.page_type == "article"


def test_a_topic_in_preloaded_state_is_found():
    posts = [{"cooked": f"<p>Post {n}: {PROSE}</p>", "username": "ann"} for n in range(4)]
    state = json.dumps({"topic_1": json.dumps({"post_stream": {"posts": posts}})})
    html = f"<body><div id=data-preloaded data-preloaded='{state}'></div></body>".replace("n't", "")
    assert text_of(html).count("The committee met") == 4


def test_app_state_is_read_where_the_visible_page_is_empty():
    state = json.dumps({"props": {"article": {"body": "\n".join([PROSE] * 4)}}})
    html = f'<body><div id=app>Loading</div><script type="application/json">{state}</script></body>'
    assert text_of(html).count("The committee met") == 4


def test_article_body_of_linked_data_is_read_where_the_visible_page_lacks_it():
    data = json.dumps({"@type": "NewsArticle", "articleBody": " ".join([PROSE] * 4)})
    html = f'<body><p>Menu</p><script type="application/ld+json">{data}</script></body>'
    assert text_of(html).count("The committee met") == 4


def test_linked_data_does_not_replace_a_visible_article():
    data = json.dumps({"@type": "NewsArticle", "articleBody": "Other words entirely here. " * 40})
    html = article(f'<script type="application/ld+json">{data}</script>')
    assert "Other words" not in text_of(html)


def test_noscript_content_is_found():
    posts = "".join(f"<p>Day {day}: {PROSE}</p>" for day in range(5))
    html = f"<body><noscript><div class=post>{posts}</div></noscript></body>"
    assert text_of(html).count("The committee met") == 5


def test_a_refrain_is_kept_wherever_it_stands():
    refrain = (
        "<p>Oh the river runs down, down, down to the sea,<br>and carries the lanterns to me.</p>"
    )
    verses = [
        "<p>There was salt on the table and rain at the door,<br>and the ferryman sang once more.</p>",
        "<p>There was smoke on the water and frost on the oar,<br>and lamps all along the shore.</p>",
        "<p>There was nobody left who could say what it meant,<br>so we followed it where it went.</p>",
    ]
    song = "<h1>The lantern song</h1>" + "".join(verse + refrain for verse in verses)
    html = f"<title>The lantern song</title><nav><a href=/>Home</a></nav><main>{song}</main>"
    assert text_of(html).count("Oh the river runs down") == 3


def test_a_heading_between_paragraphs_stays_whatever_it_says():
    middle = f"<h2>Leave a Reply</h2><p>Thus the note on the door. {PROSE}</p>"
    html = article().replace("</p>", "</p>" + middle, 1)
    assert "Leave a Reply" in text_of(html)


def test_chinese_without_spaces_is_content():
    sentence = "委员会星期二开会讨论旧港口的计划，自从最后一艘渡轮离开以来，那里一直空着。居民们等了几个小时。"
    html = article().replace(PROSE, sentence)
    assert text_of(html).count("委员会") == 8


def test_arabic_is_content():
    sentence = (
        "اجتمعت اللجنة يوم الثلاثاء لمناقشة خطة الميناء القديم، الذي بقي فارغا منذ رحيل آخر عبارة. "
    )
    html = article().replace(PROSE, sentence * 2)
    assert text_of(html).count("اجتمعت") == 16


@pytest.mark.parametrize(
    "html", ["", "<html>", "<script>var a</script>", "<body><img src=a></body>"]
)
def test_a_page_without_text_is_no_content(html):
    with pytest.raises(NoContent):
        body_of(html)
