"""Blocks after extraction."""

import re
from dataclasses import replace

import pytest

from scrubber.clean import CleanOptions, clean_draft
from scrubber.models import Author, Block, DateValue, Draft, Metadata

PROSE = "The harbour froze over in the first week of January, and the boats stayed in until March."


def _draft(*texts: str, heading: str | None = None, title: str | None = None) -> Draft:
    blocks = [
        Block(kind="heading" if text == heading else "paragraph", text=text, markdown=text)
        for text in texts
    ]
    return Draft(blocks=tuple(blocks), metadata=Metadata(language="en", title=title))


def _texts(draft: Draft) -> list[str]:
    return [block.text for block in draft.blocks]


def test_draft_without_residue_is_unchanged() -> None:
    draft = _draft(PROSE, "A second paragraph, which is as ordinary as the first one.")
    assert clean_draft(draft).blocks == draft.blocks


def test_comment_heading_above_prose_stays() -> None:
    draft = _draft(PROSE, "Leave a Reply", PROSE, heading="Leave a Reply")
    assert _texts(clean_draft(draft)) == [PROSE, "Leave a Reply", PROSE]


def test_comment_heading_above_a_form_goes_with_it() -> None:
    form = ["Leave a Reply", "Your email address will not be published.", "Name *", "Post Comment"]
    assert _texts(clean_draft(_draft(PROSE, *form, heading="Leave a Reply"))) == [PROSE]


def test_first_heading_that_repeats_the_title_goes() -> None:
    draft = clean_draft(_draft("Frozen In", PROSE, heading="Frozen In", title="Frozen in"))
    assert [removal.reason for removal in draft.removed] == ["duplicate_title"]


SET_AS_LINES = Draft(
    blocks=(
        Block(
            kind="paragraph",
            text="Local news\nFrozen in\nBy Ada Frost, 4 May 2001",
            markdown="Local news  \n**Frozen in**  \nBy [Ada Frost](/ada), 4 May 2001",
        ),
        Block(kind="paragraph", text=PROSE, markdown=PROSE),
    ),
    metadata=Metadata(
        language="en",
        title="Frozen In",
        authors=(Author(name="Ada Frost"),),
        published=DateValue(value="2001-05-04", precision="day", raw="4 May 2001"),
    ),
    page_type="article",
)


def test_lines_of_a_paragraph_that_repeat_the_metadata_go() -> None:
    draft = clean_draft(SET_AS_LINES)
    assert [block.markdown for block in draft.blocks] == ["Local news", PROSE]
    assert [(removal.reason, removal.text) for removal in draft.removed] == [
        ("duplicate_title", "Frozen in"),
        ("author_box", "By Ada Frost, 4 May 2001"),
    ]


def test_lines_of_a_kept_family_stay() -> None:
    options = CleanOptions(keep=frozenset({"author_box", "reading_time"}))
    assert _texts(clean_draft(SET_AS_LINES, options=options)) == [
        "Local news\nBy Ada Frost, 4 May 2001",
        PROSE,
    ]


def test_lines_that_say_whose_a_post_is_stay() -> None:
    thread = replace(SET_AS_LINES, page_type="forum")
    assert _texts(clean_draft(thread)) == _texts(thread)


def test_title_inside_a_sentence_stays() -> None:
    prose = "Frozen in\nThe boats stayed in until March, and nobody was surprised by it at all."
    draft = _draft(prose, PROSE, title="The boats")
    assert _texts(clean_draft(draft)) == [prose, PROSE]


@pytest.mark.parametrize(
    "markdown",
    [
        "[Next poem](/next) | [Poem of the day](/day)",
        "**Other poems**  \n[Low Water](/low)  \n[To a Bus Shelter](/bus) (4/5/2001)",
        "[ [Prev](/p) ] [ [Random](/r) ]",
    ],
)
def test_links_set_apart_below_the_prose_go(markdown: str) -> None:
    text = re.sub(r"\[(\w[^\]]*)\]\([^)]*\)|\*\*", r"\1", markdown).replace("  \n", "\n")
    bar = Block(kind="paragraph", text=text, markdown=markdown)
    draft = _draft(PROSE, PROSE.upper())
    draft = replace(draft, blocks=(*draft.blocks, bar), page_type="article")
    assert _texts(clean_draft(draft)) == [PROSE, PROSE.upper()]


def test_links_set_apart_between_prose_stay() -> None:
    bar = Block(kind="paragraph", text="One | Two", markdown="[One](/1) | [Two](/2)")
    draft = _draft(PROSE, PROSE.upper())
    draft = replace(draft, blocks=(draft.blocks[0], bar, draft.blocks[1]), page_type="article")
    assert _texts(clean_draft(draft)) == [PROSE, "One | Two", PROSE.upper()]


def test_kept_family_stays() -> None:
    draft = _draft(PROSE, "Share this article")
    kept = clean_draft(draft, options=CleanOptions(keep=frozenset({"share"})))
    assert _texts(kept) == [PROSE, "Share this article"]


def test_protected_line_stays() -> None:
    draft = _draft(PROSE, "All rights reserved")
    kept = clean_draft(draft, options=CleanOptions(protect=("rights",)))
    assert _texts(kept) == [PROSE, "All rights reserved"]


def _page(*blocks: tuple[str, str], page_type: str | None = "article") -> Draft:
    made = []
    for kind, text in blocks:
        linked = f"[{text}](https://example.org/)"
        markdown = linked if kind == "link" else text
        kind = "paragraph" if kind == "link" else kind
        level = 2 if kind == "heading" else None
        made.append(Block(kind=kind, text=text, markdown=markdown, level=level))
    return Draft(blocks=tuple(made), metadata=Metadata(language="en"), page_type=page_type)


def test_table_of_contents_goes_though_its_entries_are_no_links() -> None:
    contents = (
        ("heading", "Table of Contents"),
        ("paragraph", "The thaw"),
        ("paragraph", "The boats"),
    )
    chapters = ("heading", "The thaw"), ("paragraph", PROSE), ("heading", "The boats")
    draft = _page(("paragraph", PROSE), *contents, *chapters, ("paragraph", PROSE))
    assert _texts(clean_draft(draft)) == [PROSE, "The thaw", PROSE, "The boats", PROSE]


def test_label_that_every_teaser_repeats_goes() -> None:
    teasers = [("paragraph", PROSE), ("paragraph", "Read more")] * 3
    assert _texts(clean_draft(_page(*teasers))) == [PROSE] * 3


def test_link_of_a_service_page_stays() -> None:
    draft = _page(("paragraph", PROSE), ("link", "Learn more"), page_type="service")
    assert _texts(clean_draft(draft)) == [PROSE, "Learn more"]


def test_heading_with_nothing_below_it_goes() -> None:
    draft = _page(("paragraph", PROSE), ("heading", "About the author"))
    assert _texts(clean_draft(draft)) == [PROSE]


def test_code_does_not_make_an_article_a_listing() -> None:
    code = ("code", "x = 1\n" * 400)
    draft = _page(("paragraph", PROSE), code, ("paragraph", PROSE), ("paragraph", "Share this"))
    assert _texts(clean_draft(draft))[-1] == PROSE


def test_trail_above_the_title_goes() -> None:
    draft = _page(
        ("paragraph", "Home » Winters » Frozen In"), ("heading", "Frozen In"), ("paragraph", PROSE)
    )
    assert _texts(clean_draft(draft)) == ["Frozen In", PROSE]


def test_sizes_and_prices_are_no_buttons() -> None:
    draft = _page(("paragraph", PROSE), ("paragraph", "2 x 2 x 2"), ("paragraph", "Save $10"))
    assert _texts(clean_draft(draft)) == [PROSE, "2 x 2 x 2", "Save $10"]


def test_header_of_a_post_in_a_forum_stays() -> None:
    date = DateValue(value="2024-05-03", precision="day", raw="May 3, 2024")
    meta = Metadata(language="en", published=date)
    texts = ["raoul May 3, 2024", PROSE]
    blocks = tuple(Block(kind="paragraph", text=text, markdown=text) for text in texts)
    for page_type, kept in (("forum", texts), ("article", [PROSE])):
        draft = Draft(blocks=blocks, metadata=meta, page_type=page_type)
        assert _texts(clean_draft(draft)) == kept
