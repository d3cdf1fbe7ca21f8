"""Text mode: what it repairs, splits and finds, and what it leaves alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.clean import CleanOptions, read_text
from scrubber.clean.mend import mend
from scrubber.clean.paragraphs import split_paragraphs

PROSE = "The harbour froze over in the first week of January, and the boats stayed in until March."


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("The cafÃ© in SÃ£o Paulo", "The café in São Paulo"),
        ("itâ€™s late", "it's late"),
        ("Fish &amp; chips", "Fish & chips"),
        ("caf&#233; cr&egrave;me", "café crème"),
        ("zero\u200bwidth soft\u00adhyphen\ufeff", "zerowidth softhyphen"),
        ("one\u00a0space  two\tthree", "one space two three"),
        ("line\r\nline\rline", "line\nline\nline"),
        ("an &nbsp; entity &#8203;that is odd", "an entity that is odd"),
        ("a\x00b \x7fand cafÃ©&nbsp;c", "ab and café c"),
    ],
)
def test_characters_are_mended(broken: str, mended: str) -> None:
    assert mend(broken).replace("’", "'") == mended


@pytest.mark.parametrize(
    "text",
    ["می‌کنیم", "क्‍ष", "R&D and AT&T", "a < b & c > d", "naïve Ærøskøbing", "“CAFÉ”", "Ça va?"],
)
def test_sound_text_is_left_alone(text: str) -> None:
    assert mend(text) == text


def test_wrapped_lines_become_one_paragraph() -> None:
    text = (
        "The harbour froze over in the first week of January,\n"
        "and the boats stayed in until the ice broke in March,\n"
        "when the first of them went out again."
    )
    assert [p.text for p in split_paragraphs(text)] == [text.replace("\n", " ")]


def test_broken_word_is_joined_only_where_the_text_has_it_whole() -> None:
    text = (
        "The lighthouse keeper wrote about the harbour and the light-\n"
        "house every day, and every evening he lit the well-\n"
        "known lamp above the rocks and went to bed."
    )
    (paragraph,) = split_paragraphs(text)
    assert "the lighthouse every day" in paragraph.text
    assert "well-known lamp" in paragraph.text


def test_thousands_of_wrapped_lines_are_one_paragraph() -> None:
    lines = [
        f"{number} terraces of vines that go on and on along the road to" for number in range(8000)
    ]
    (paragraph,) = split_paragraphs("\n".join(lines))
    assert paragraph.text == " ".join(lines)


def test_verse_keeps_its_lines() -> None:
    stanza = (
        "The wheel goes round\nand the corn goes down,\nthe flour is white\nand the night is brown"
    )
    draft = read_text(f"Song\n\n{stanza}\n\n{PROSE}")
    assert stanza in [block.text for block in draft.blocks]


def test_bullets_become_a_list() -> None:
    draft = read_text(f"{PROSE}\n\n- rope\n- tar\n- nails\n\n{PROSE}")
    (listed,) = [block for block in draft.blocks if block.kind == "list"]
    assert [item.text for item in listed.items] == ["rope", "tar", "nails"]


def test_numbered_line_above_prose_is_a_heading() -> None:
    draft = read_text(f"A title\n\n1. News\n\n{PROSE}\n\n2. Close\n\n{PROSE}")
    assert [b.text for b in draft.blocks if b.kind == "heading"] == ["1. News", "2. Close"]


def test_short_line_above_items_is_their_heading() -> None:
    draft = read_text(f"A title\n\n{PROSE}\n\nYou will need\n\n- two ropes\n- a boat")
    assert [b.kind for b in draft.blocks] == ["paragraph", "heading", "list"]


def test_numbers_make_the_list_ordered() -> None:
    draft = read_text(f"{PROSE}\n\n1. Cut the rope\n2. Tie the knot")
    assert draft.blocks[-1].ordered is True


def test_lines_without_blank_ones_are_paragraphs() -> None:
    draft = read_text(f"Frozen In\n{PROSE}\n{PROSE} Nobody minded.\n{PROSE} The cold was dry.")
    assert draft.metadata.title == "Frozen In"
    assert len(draft.blocks) == 3


def test_text_without_a_title_has_none() -> None:
    assert read_text(f"{PROSE}\n\n{PROSE}").metadata.title is None


def test_url_helps_to_find_the_title() -> None:
    text = f"The Northern Post\n\nHarbour frozen for weeks\n\n{PROSE}"
    draft = read_text(text, url="https://northern.example/2026/harbour-frozen-for-weeks.html")
    assert draft.metadata.title == "Harbour frozen for weeks"


def test_title_has_its_evidence() -> None:
    assert read_text(f"Frozen In\n\n{PROSE}").metadata.evidence["title"].source == "text.first_line"


def test_given_language_is_kept() -> None:
    assert read_text(PROSE, language="en-GB").metadata.language == "en-GB"


def test_repair_can_be_switched_off() -> None:
    draft = read_text("Fish &amp; chips", options=CleanOptions(repair=False))
    assert draft.blocks[0].text == "Fish &amp; chips"


def test_users_phrase_is_residue() -> None:
    options = CleanOptions(phrases={"share": ("Send to a colleague",)})
    draft = read_text(f"{PROSE}\n\nSend to a colleague!\n\n{PROSE}", options=options)
    assert [(r.reason, r.text) for r in draft.removed] == [("share", "Send to a colleague!")]


@given(st.text(max_size=400))
def test_no_text_raises(text: str) -> None:
    draft = read_text(text)
    assert len(draft.blocks) <= len(text)


@given(
    st.lists(
        st.sampled_from(["rope tar nails", PROSE, "Share", "News", "Close", "\n"]), max_size=12
    )
)
def test_words_are_kept_or_removed_but_never_changed(parts: list[str]) -> None:
    text = "\n\n".join(parts)
    draft = read_text(text)
    found = [draft.metadata.title or "", *(b.text for b in draft.blocks)]
    found += [removal.text for removal in draft.removed]
    assert sorted(" ".join(found).split()) == sorted(text.split())


def test_a_banner_below_an_article_about_banners_goes() -> None:
    subject = (
        "Cookie banners annoy readers, said the regulator, and notices should be simpler to refuse."
    )
    banner = "By continuing to use the site, you agree to the use of cookies."
    draft = read_text(f"Why cookie banners must go\n\n{subject}\n\n{PROSE}\n\n{banner}")
    assert [block.text for block in draft.blocks] == [subject, PROSE]
