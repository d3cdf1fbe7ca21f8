"""What stands in an article's elements that are none of it: comments, boxes, the next article."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from steps import lines_run

from scrubber.extract.boxes import drop_boxes, drop_comments, drop_next_articles
from scrubber.extract.segments import Segments, cut
from scrubber.extract.tree import Tree

STORY = "The button on Alder Street does nothing, and has done nothing for twenty years. " * 2
SIGN_UP = "One letter a month, no spam."


def left(drop: Callable[[Tree, Segments, list[bool]], None], html: str) -> list[str]:
    tree = Tree(html)
    segments = cut(tree)
    chosen = [True] * len(segments)
    drop(tree, segments, chosen)
    return [text for text, keep in zip(segments.texts, chosen, strict=True) if keep]


def texts_without_comments(html: str) -> list[str]:
    return left(drop_comments, html)


@pytest.mark.parametrize(
    "names", ["class='comments-body'", "id='komentarze'", "class='box trackbacks'", "id='binhluan'"]
)
def test_elements_named_for_comments_are_no_part_of_an_article(names: str) -> None:
    html = f"<p>{STORY}</p><div {names}><p>Mine neither.</p></div><p>The end.</p>"
    assert texts_without_comments(html) == [STORY.strip(), "The end."]


@pytest.mark.parametrize(
    "html",
    [
        f"<div class='kommentar'><p>{STORY}</p></div>",
        f"<p>{STORY}</p><div class='no-comments'>Two</div>",
        f"<p>{STORY}</p><div class='comment-policy'>Two</div>",
    ],
)
def test_opinion_called_a_comment_stays(html: str) -> None:
    assert texts_without_comments(html) == texts_without_comments(html.replace("class", "data-x"))


def test_comments_of_a_long_page_are_dropped_in_linear_steps() -> None:
    def steps(count: int) -> int:
        tree = Tree(f"<p>{STORY}</p>" + "<div><p>w</p></div><div class=comment><p>w" * count)
        segments = cut(tree)
        chosen = [True] * len(segments)
        with lines_run() as counted:
            drop_comments(tree, segments, chosen)
        assert not any(chosen[2:])
        return counted[0]

    # Eight times the page: a quadratic step would run sixty-four times as often.
    assert steps(160) < 10 * steps(20)


@pytest.mark.parametrize(
    "names",
    [
        "class='newsletter-signup'",
        "class='kg-card kg-signup-card'",
        "class='elementor-widget elementor-widget-call-to-action'",
        "class='lire-aussi'",
        "class='box-czytaj-takze'",
        "class='Newsletterstyled-sc-50'",
        "id='hirlevel_doboz' class='hirlevel'",
    ],
)
def test_boxes_named_for_what_no_article_says_are_dropped(names: str) -> None:
    html = f"<p>{STORY}</p><div {names}><p>{SIGN_UP}</p></div><p>The end.</p>"
    assert left(drop_boxes, html) == [STORY.strip(), "The end."]


@pytest.mark.parametrize("names", ["has-newsletter", "related-words", "infobox", "faq"])
def test_boxes_of_other_names_stay(names: str) -> None:
    html = f"<p>{STORY}</p><div class='{names}'><p>{SIGN_UP}</p></div><p>The end.</p>"
    assert left(drop_boxes, html) == [STORY.strip(), SIGN_UP, "The end."]


def test_boxes_that_are_much_of_the_page_stay() -> None:
    html = f"<p>{STORY}</p>" + f"<div class='cta'><p>{SIGN_UP}</p></div>" * 4
    assert left(drop_boxes, html) == [STORY.strip(), *[SIGN_UP] * 4]


FIRST = f"<div class='record'><h1 class='t'>The button</h1><p>{STORY}</p></div>"


@pytest.mark.parametrize("headline", ["<h1>The fish</h1>", "<h2 class='t'><a>The fish</a></h2>"])
def test_article_that_scrolling_would_load_is_dropped(headline: str) -> None:
    html = f"<body>{FIRST}<div class='record'>{headline}<p>A fish was caught.</p></div></body>"
    assert left(drop_next_articles, html) == ["The button", STORY.strip()]


@pytest.mark.parametrize(
    "html",
    [
        f"{FIRST}<div class='record'><h2>A chapter</h2><p>A fish was caught.</p></div>",
        f"{FIRST}<div class='note'><h1>A chapter</h1><p>A fish was caught.</p></div>",
    ],
)
def test_chapters_of_an_article_stay(html: str) -> None:
    assert left(drop_next_articles, html) == [
        "The button",
        STORY.strip(),
        "A chapter",
        "A fish was caught.",
    ]


@pytest.mark.parametrize("drop", [drop_boxes, drop_next_articles])
def test_boxes_of_a_long_page_are_dropped_in_linear_steps(
    drop: Callable[[Tree, Segments, list[bool]], None],
) -> None:
    def steps(count: int) -> int:
        tree = Tree(f"<body>{FIRST}" + "<div class='record cta'><h1>a</h1><p>w" * count)
        segments = cut(tree)
        with lines_run() as counted:
            drop(tree, segments, [True] * len(segments))
        return counted[0]

    # Eight times the page: a quadratic step would run sixty-four times as often.
    assert steps(160) < 10 * steps(20)
