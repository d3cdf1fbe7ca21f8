"""Blocks after extraction."""

from scrubber.clean import CleanOptions, clean_draft
from scrubber.models import Block, Draft, Metadata

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


def test_kept_family_stays() -> None:
    draft = _draft(PROSE, "Share this article")
    kept = clean_draft(draft, options=CleanOptions(keep=frozenset({"share"})))
    assert _texts(kept) == [PROSE, "Share this article"]


def test_protected_line_stays() -> None:
    draft = _draft(PROSE, "All rights reserved")
    kept = clean_draft(draft, options=CleanOptions(protect=("rights",)))
    assert _texts(kept) == [PROSE, "All rights reserved"]
