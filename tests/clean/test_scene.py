"""What the surroundings of a line say: boxes, bylines, bare labels and teasers between paragraphs."""

from collections.abc import Sequence

import pytest
from steps import lines_run

from scrubber.clean import clean_draft
from scrubber.lexicon import matcher
from scrubber.models import Author, Block, Draft, Metadata, PageType

PROSE = [
    "The ferry was late again on Sunday, and nobody in the harbour knew why it was.",
    "By noon the queue of cars had reached the church, and the bakery had sold out.",
    "The captain said that the engine had been repaired twice within a single month.",
]


def _text(text: str) -> Block:
    return Block(kind="paragraph", text=text, markdown=text)


def _heading(text: str) -> Block:
    return Block(kind="heading", text=text, markdown=f"## {text}", level=2)


def _removed(blocks: Sequence[Block], page_type: PageType = "article") -> list[str]:
    author = Author(name="Jane Harbour", kind="person")
    metadata = Metadata(language="en", title="The late ferry", authors=(author,))
    draft = Draft(blocks=tuple(blocks), metadata=metadata, page_type=page_type)
    return [removal.text for removal in clean_draft(draft).removed]


def _between(*blocks: Block) -> list[Block]:
    """Blocks behind two paragraphs of prose and before a third."""
    return [_text(PROSE[0]), _text(PROSE[1]), *blocks, _text(PROSE[2])]


# ---- boxes -------------------------------------------------------------------------------------

BOX = [_heading("Subscribe to our newsletter"), _text("Our newsletter: subscribe and read on.")]


def test_a_newsletter_heading_goes_with_the_line_that_takes_it_up() -> None:
    blocks = [*map(_text, PROSE), *BOX]
    assert _removed(blocks) == [block.text for block in BOX]


def test_a_newsletter_heading_above_a_section_of_prose_is_a_chapter() -> None:
    chapter = "To subscribe to our newsletter took a letter and a stamp in those days, she writes."
    blocks = [*map(_text, PROSE), BOX[0], _text(chapter), _text(PROSE[0]), _text(PROSE[1])]
    assert _removed(blocks) == []


# ---- bylines -----------------------------------------------------------------------------------


def test_a_byline_with_a_known_author_above_the_text_goes() -> None:
    assert _removed([_text("Words by Jane Harbour"), *map(_text, PROSE)]) == [
        "Words by Jane Harbour"
    ]


def test_a_byline_of_somebody_else_stays() -> None:
    assert _removed([_text("Words by Joan Quay"), *map(_text, PROSE)]) == []


def test_a_heading_that_ends_in_the_authors_name_stays_within_the_text() -> None:
    assert _removed(_between(_heading("Meeting Jane Harbour"))) == []


def test_a_byline_in_a_forum_says_whose_a_post_is() -> None:
    assert _removed([_text("Words by Jane Harbour"), *map(_text, PROSE)], "forum") == []


# ---- bare labels and teasers -------------------------------------------------------------------


@pytest.mark.parametrize("label", ["Advertisement", "Sponsored"])
def test_a_bare_advertisement_label_between_paragraphs_goes(label: str) -> None:
    assert _removed(_between(_text(label))) == [label]


def test_an_advertisement_label_as_heading_stays() -> None:
    assert _removed(_between(_heading("Advertisement"))) == []


def test_an_advertisement_label_in_a_listing_stays() -> None:
    assert _removed(_between(_text("Sponsored")), "listing") == []


def test_a_teaser_between_paragraphs_goes() -> None:
    teaser = "Related: The bridge that was never built"
    assert _removed(_between(_text(teaser))) == [teaser]


def test_teasers_that_follow_each_other_between_paragraphs_go() -> None:
    teasers = ["Related: The bridge that was never built", ">> Read also: The island's last mail"]
    assert _removed(_between(*map(_text, teasers))) == teasers


def test_a_label_that_only_style_sheets_part_from_its_link_is_a_teaser() -> None:
    text = "Read also The bridge that was never built"
    marked = "**Read also** [The bridge that was never built](/bridge)"
    teaser = Block(kind="paragraph", text=text, markdown=marked)
    assert _removed(_between(teaser)) == [text]
    plain = Block(
        kind="paragraph",
        text=text.replace("Read also", "He wrote"),
        markdown=marked.replace("Read also", "He wrote"),
    )
    assert _removed(_between(plain)) == []


@pytest.mark.parametrize("teaser", ["(Related: The bridge that was never built)"])
def test_an_aside_in_brackets_stays(teaser: str) -> None:
    assert _removed(_between(_text(teaser))) == []


def test_a_teaser_on_a_page_of_documentation_stays() -> None:
    teaser = "Related: The bridge that was never built"
    assert _removed(_between(_text(teaser)), "documentation") == []


def test_a_last_line_that_says_whose_the_text_is_goes() -> None:
    source = "Written by: Joan Quay"
    assert _removed([*map(_text, PROSE), _text(source)]) == [source]
    assert _removed(_between(_text(source))) == []


# ---- wrapped lines -----------------------------------------------------------------------------


def test_a_line_of_a_notice_that_runs_on_into_the_next_is_wrapped_prose() -> None:
    wrapped = "JavaScript was enabled. Your browser had to support what a script asked of the"
    rest = "server, and for the first time a page could change without being loaded anew."
    assert _removed(_between(_text(wrapped), _text(rest))) == []
    assert _removed(_between(_text("Please enable JavaScript in your browser"), _text(rest))) == []
    alone = _text("Please enable JavaScript in your browser")
    assert _removed(_between(alone)) == [alone.text]


def test_a_prompt_of_several_words_alone_below_an_article_goes_but_no_link_of_its_own() -> None:
    for text in ("Choose a plan", "Sign up now"):
        assert _removed([*map(_text, PROSE), _text(text)]) == [text]
        assert _removed(_between(_text(text))) == []
    assert _removed([*map(_text, PROSE), _text("Learn more")]) == []


@pytest.mark.parametrize(
    ("language", "label"),
    [("es", "Publicidad"), ("fr", "Publicité"), ("de", "Werbung"), ("it", "Pubblicità")],
)
def test_the_word_for_advertising_alone_is_an_advertisement_label(
    language: str, label: str
) -> None:
    found = matcher().match(label, language)
    assert found is not None
    assert (found.family, found.strength) == ("advertisement", "weak")


# ---- stray buttons -----------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["Show settings", "12 comments", "Sort by newest"])
def test_a_comment_sections_button_between_paragraphs_goes(label: str) -> None:
    assert _removed(_between(_text(label))) == [label]


@pytest.mark.parametrize("label", ["Comments", "4. Edit, edit, edit!", "Learn more"])
def test_what_may_head_a_paragraph_is_no_stray_button(label: str) -> None:
    assert _removed(_between(_text(label))) == []


def test_a_label_that_the_next_paragraph_takes_up_heads_it() -> None:
    chapter = (
        "In 1931 the office counted 12 comments on its plan for the harbour, all of them rude."
    )
    assert _removed([_text(PROSE[0]), _text("12 comments"), _text(chapter)]) == []


def test_a_comment_sections_label_on_a_forum_stays() -> None:
    assert _removed(_between(_text("Show settings")), page_type="forum") == []


def test_teasers_in_long_rows_cost_linear_steps() -> None:
    def steps(count: int) -> int:
        teasers = [
            Block(kind="paragraph", text=text, markdown=f"[{text}](/{n})")
            for n in range(count)
            for text in [f"Read also: Ferry {n} is late"]
        ]
        prose = [_text(text) for text in PROSE * 9]
        with lines_run() as counted:
            removed = _removed([*prose, *teasers, *prose])
        assert removed
        return counted[0]

    steps(400)  # what is loaded and remembered once
    assert steps(400) < 2.5 * steps(200)
