"""The learned engine from HTML to Body."""

import json
from dataclasses import replace

import numpy as np
import pytest

from scrubber.errors import NoContent
from scrubber.extract.assembly.footnotes import find_notes
from scrubber.extract.body import reading_text
from scrubber.extract.choice import whole
from scrubber.extract.engines.blocks import extract_body, extract_with
from scrubber.extract.hidden import hidden_segments, is_hidden
from scrubber.extract.scorer.model import load
from scrubber.extract.segments import cut
from scrubber.extract.tree import Tree
from scrubber.models import Block, Page

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


def hidden_texts(html: str) -> list[str]:
    tree = Tree(html)
    segments = cut(tree)
    elements = [n for n, attributes in enumerate(tree.attrs) if is_hidden(attributes)]
    shown = hidden_segments(tree, segments, elements, np.zeros(len(segments), bool)).tolist()
    return [text for text, is_gone in zip(segments.texts, shown, strict=True) if is_gone]


def test_menus_that_unfold_below_links_stay_hidden():
    menus = "<a href=/a>Shop</a><div class=m hidden>Shoes</div>" * 2
    assert hidden_texts(f"<p>{PROSE}</p>{menus}") == ["Shoes", "Shoes"]


def test_list_that_was_mostly_chosen_is_whole_but_for_its_buttons():
    items = (
        "<li><p>a</p><p>b</p><button>Add</button><i>Quick view</i></li><li><p>c</p><p>d</p></li>"
    )
    tree = Tree(f"<ul>{items}<li><p>e</p><p>f</p><button>Add</button><i>Quick view</i></li>g</ul>")
    segments = cut(tree)
    wanted = np.array([text in "abcdfg" for text in segments.texts])
    filled = whole(tree, segments, wanted).tolist()
    assert [t for t, keep in zip(segments.texts, filled, strict=True) if keep] == [*"abcdefg"]


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


def test_posts_in_preloaded_state_keep_their_writers_and_days():
    posts = [
        {
            "cooked": f"<p>{PROSE} {PROSE} {PROSE}</p>",
            "username": "ann",
            "created_at": "2026-05-02",
        },
        {"cooked": "<p>Thanks!</p>", "username": "bo", "created_at": "2026-05-03"},
    ]
    state = json.dumps(posts).replace("'", "&#39;")
    blocks = body_of(f"<body><div data-preloaded='{state}'></div></body>").blocks
    assert [(b.author, b.published) for b in blocks if b.kind == "post"] == [
        ("ann", "2026-05-02"),
        ("bo", "2026-05-03"),
    ]
    assert blocks[-1].text == "Thanks!"


def test_state_in_an_indian_script_under_a_rendered_key_is_read():
    line = "हर साल जुलाई के दूसरे हफ़्ते में चंदनपुर की सड़क नदी बन जाती है और गाँव टापुओं में बँट जाता है। "
    state = json.dumps({"post": {"content": {"rendered": f"<p>{line * 8}</p>"}}})
    html = (
        f"<body><p>Laden</p><script id=__NEXT_DATA__ type=application/json>{state}</script></body>"
    )
    assert "चंदनपुर" in text_of(html)


def test_what_was_visible_instead_of_buried_content_is_told():
    state = json.dumps({"articleBody": f"{PROSE} " * 4}).replace("'", "&#39;")
    html = f"<body><p>Please wait</p><div data-page='{state}'></div></body>"
    assert [r.text for r in body_of(html).removed] == ["Please wait"]


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


FIGURE = "<figure><img src=/s.jpg alt=Ship><figcaption>The ship at dusk</figcaption></figure>"


def test_caption_inside_figure_is_kept():
    blocks = body_of(article(f"{FIGURE}<p>{PROSE} (9)</p>"), "https://example.org/").blocks
    kinds = [(block.kind, block.text) for block in blocks]
    at = kinds.index(("image", ""))
    assert kinds[at + 1] == ("caption", "The ship at dusk")


def test_caption_that_a_blog_marks_by_class_is_kept():
    box = '<div class="wp-caption"><img src=/s.jpg><p class="wp-caption-text">At dusk</p></div>'
    blocks = body_of(article(f"{box}<p>{PROSE} (9)</p>"), "https://example.org/").blocks
    assert ("caption", "At dusk") in [(block.kind, block.text) for block in blocks]


def test_image_between_title_and_text_leads_it():
    html = article().replace(
        "<h1>The harbour</h1>", f"<header><h1>The harbour</h1>{FIGURE}</header>"
    )
    assert [b.kind for b in body_of(html, "https://example.org/").blocks[:2]] == [
        "image",
        "caption",
    ]


def test_hidden_caption_is_left_out():
    hidden = FIGURE.replace("<figcaption>", "<figcaption hidden>")
    assert "dusk" not in text_of(article(f"{hidden}<p>{PROSE} (9)</p>"))


def test_footnotes_that_lead_back_are_kept():
    note = "<section><ol><li id=n1>Lloyd's list. <a href=#r1>↩</a></li></ol></section>"
    html = article(f"{note}").replace("(3)", "<sup><a href=#n1 id=r1>1</a></sup>")
    assert "Lloyd's list." in text_of(html)


def test_a_bibliography_is_no_footnote():
    rows = "".join(
        f"<li id=n{n}>Lane {n}. A very long history of harbours. Press {n}. <a href=#r{n}>↩</a></li>"
        for n in range(60)
    )
    marks = "".join(f"<sup><a href=#n{n} id=r{n}>{n}</a></sup>" for n in range(60))
    html = article(f"<section class=references><ol>{rows}</ol></section>").replace("(3)", marks)
    tree = Tree(html)
    segments = cut(tree)
    chosen = ["Press" not in text for text in segments.texts]
    assert find_notes(tree, segments, chosen) == []


def test_formula_between_paragraphs_is_a_block_of_its_own():
    tex = '<annotation encoding="application/x-tex">a = b^2</annotation>'
    formula = f'<div><math display="block"><semantics><mi>a</mi>{tex}</semantics></math></div>'
    blocks = body_of(article(f"{formula}<p>{PROSE} (9)</p>")).blocks
    assert ("math", "a = b^2", "$$a = b^2$$") in [(b.kind, b.text, b.markdown) for b in blocks]


def test_heading_with_nothing_below_is_left_out_at_the_end():
    assert "Support our work" not in text_of(article("<h3>Support our work</h3>"))


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


def test_captions_of_images_are_not_read_with_the_text():
    def block(kind, text=""):
        return Block(kind=kind, text=text)

    blocks = [block("paragraph", "a"), block("image"), block("caption", "c"), block("caption", "t")]
    assert reading_text(blocks) == "a\n\nt"


# ---- what a click unfolds ------------------------------------------------------------------------

ANSWERS = {
    "How long does a letter take?": "A letter within the valley takes two days, and three when the "
    "pass is closed. In December we ask for a week, since the van carries parcels first.",
    "Can I send cheese?": "Cheese travels well if it is hard and wrapped in paper. Soft cheese is "
    "refused at the counter, whatever the weather, because of the summer of 2011.",
    "What if a letter is lost?": "If it has not come after ten days, fill in the green form. We "
    "look for it for a month and pay back the stamp, though not the letter.",
    "When is the counter open?": "From eight to noon, on market days until four. Stamps are sold "
    "at the bakery as well, and parcels can be left with Mrs Moser.",
}


def valley_post(inside: str) -> str:
    return (
        "<html><head><title>The valley post</title></head><body>"
        "<nav><ul><li><a href=/>Home</a></li><li><a href=/n>News</a></li></ul></nav>"
        f"<main><h1>The valley post</h1>{inside}</main>"
        "<footer class=footer><p>© 2024 Example <a href=/p>Privacy</a></p></footer></body></html>"
    )


def test_summary_of_unfolded_details_is_kept():
    first, *rest = (f"<p>{answer}</p>" for answer in ANSWERS.values())
    details = f"<details><summary>In winter</summary>{rest[0]}</details>"
    assert "In winter" in text_of(valley_post(f"{first}{details}{''.join(rest[1:])}"))


def test_answer_that_a_control_opens_is_content():
    folded = "".join(
        f'<div><h3 aria-controls="a{n}" aria-expanded=false>{question}</h3>'
        f'<div id="a{n}" style="display:none"><p>{answer}</p></div></div>'
        for n, (question, answer) in enumerate(ANSWERS.items())
    )
    assert "Cheese travels well" in text_of(valley_post(folded))


def test_answers_of_one_look_below_their_questions_are_content():
    folded = "".join(
        f'<div><h3>{question}</h3><div class="css-1x" style="display:none"><p>{answer}</p></div>'
        "</div>"
        for question, answer in ANSWERS.items()
    )
    assert "Cheese travels well" in text_of(valley_post(folded))


def test_rest_of_a_text_above_its_button_is_content():
    first, *rest = (f"<p>{answer}</p>" for answer in ANSWERS.values())
    rest = f'<div style="display:none">{"".join(rest)}</div><button>More</button>'
    assert "Cheese travels well" in text_of(valley_post(f"<div class=text>{first}{rest}</div>"))


def test_line_that_hides_in_a_paragraph_is_not_read():
    html = article(
        f"<p>{PROSE} <span style='display:none'>Unseen.</span> <b hidden>Nor that</b></p>"
    )
    assert "Unseen." not in text_of(html)


def test_line_that_a_click_shows_in_a_paragraph_is_read():
    assert "And more." in text_of(article(f"<p>{PROSE} <span id=more hidden>And more.</span></p>"))


def test_page_without_anything_likely_has_nothing_to_read_unless_it_is_tiny():
    shipped = load()
    doubting = replace(shipped, net=replace(shipped.net, bias=shipped.net.bias - 30))
    with pytest.raises(NoContent):
        extract_with(doubting, Page(html=article()), Tree(article()))
    tiny = "<p>Hello world.</p>"
    assert extract_with(doubting, Page(html=tiny), Tree(tiny)).blocks[0].text == "Hello world."


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Hello</p><p>World</p>", "Hello\n\nWorld"),
        ("<div><div>First line</div><div>Second line</div></div>", "First line\n\nSecond line"),
        (
            "<nav><a href=/>Home</a></nav><p>Shut till May.</p><footer>Foo</footer>",
            "Shut till May.",
        ),
    ],
)
def test_tiny_page_is_read_but_for_its_furniture(html, expected):
    assert text_of(html) == expected


def test_part_that_react_streams_after_the_page_is_content():
    html = article().replace("<article", '<div hidden id="S:0"><article', 1)
    html = html.replace("</article>", "</article></div><p>Other words to see. " * 9, 1)
    assert "The committee met" in text_of(html)


def test_declarative_shadow_root_is_read():
    html = article().replace("<article", "<news-story><template shadowrootmode=open><article", 1)
    html = html.replace("</article>", "</article></template></news-story>", 1)
    assert text_of(html).count("The committee met") == 8


def test_template_without_shadow_root_is_not_read():
    assert "secret" not in text_of(
        article(f"<template><p>The secret words. {PROSE}</p></template>")
    )


def test_heading_in_a_wrapper_between_paragraphs_stays():
    heading = "<div class=h><h2>Leave a Reply</h2></div>"
    assert "Leave a Reply" in text_of(article(f"{heading}<p>{PROSE}</p>"))
