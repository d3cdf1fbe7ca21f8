"""The text from which the project was created, and a sibling of our own writing."""

from pathlib import Path

import pytest

from scrubber.clean import read_text

SEED = Path(__file__).parents[2] / ".." / "shared" / "seed" / "seed.txt"
RESIDUE = {
    "News": "section_label",
    "Leave a Reply": "comment_form",
    "By continuing to use the site, you agree to the use of cookies. more information": "cookie_consent",
    "Close": "cookie_consent",
}

DUMP = """Local News

Will the ferry come back to Aldersund?

For nineteen years the white ferry crossed the sound six times a day, until the engine failed in March. The island has lived on a borrowed barge since then, and patience is wearing thin.

The council met on Tuesday to hear three offers from shipyards. Two of them would take more than a year; the third, from a yard in Gdynia, promises delivery before the autumn storms.

What does the barge cost?

According to the treasurer, the barge takes a third of the island's yearly budget. “We cannot close the school to pay for a boat,” she said.

Leave a Reply

We use cookies to make this site work and to measure its audience. Learn more

If you stay on this website without changing your cookie settings, you consent to this.

Accept

Close
"""


def _seed() -> str:
    if not SEED.exists():
        pytest.skip("the seed text is not beside the repository")
    return SEED.read_text("utf-8")


def _body(text: str) -> list[str]:
    """The seed's lines that are article: all but title and residue."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [
        line
        for line in lines
        if line not in RESIDUE
        and not line.startswith(("What Putin wants", "The cookie settings on this website"))
    ]


def test_seed_title_is_its_headline() -> None:
    assert read_text(_seed()).metadata.title == "What Putin wants from Kazakhstan?"


def test_seed_paragraphs_stay_unchanged_and_in_order() -> None:
    text = _seed()
    assert [block.text for block in read_text(text).blocks] == _body(text)


def test_seed_subheading_is_a_heading() -> None:
    headings = [block.text for block in read_text(_seed()).blocks if block.kind == "heading"]
    assert headings == ["What is Putin expecting?"]


def test_seed_residue_is_removed_with_its_reasons() -> None:
    removed = {removal.text: removal.reason for removal in read_text(_seed()).removed}
    banner = next(text for text in removed if text.startswith("The cookie settings"))
    assert removed == RESIDUE | {banner: "cookie_consent"}


def test_dump_keeps_its_article_and_loses_its_residue() -> None:
    draft = read_text(DUMP)
    assert draft.metadata.title == "Will the ferry come back to Aldersund?"
    assert [block.kind for block in draft.blocks] == ["paragraph"] * 2 + ["heading", "paragraph"]
    assert [removal.reason for removal in draft.removed] == [
        "section_label",
        "comment_form",
        *["cookie_consent"] * 4,
    ]


def test_every_removal_names_its_step() -> None:
    assert {removal.step for removal in read_text(DUMP).removed} == {"clean.text"}


def test_language_is_detected() -> None:
    assert read_text(DUMP).metadata.language == "en"
