"""Site memory: what repeats across a site's pages is template, whatever the order."""

import random

import pytest

from scrubber.clean import SiteMemory, clean_draft, clean_site
from scrubber.clean.memory import site_of
from scrubber.models import Block, Draft

BOX = "Northern Post, your paper since 1904"
INTRO = "This is one of the stories in our series about people who live on lighthouses in winter."


def _page(number: int, *extra: str, box: bool = True) -> tuple[str, Draft]:
    texts = [f"Story {number} begins on a morning in month {number} and ends at night.", *extra]
    texts += [BOX] if box else []
    blocks = tuple(Block(kind="paragraph", text=text, markdown=text) for text in texts)
    return f"https://www.northern.example/{number}", Draft(blocks=blocks)


def _texts(draft: Draft) -> list[str]:
    return [block.text for block in draft.blocks]


def test_label_on_every_page_is_template() -> None:
    cleaned = clean_site([_page(number) for number in range(5)])
    assert all(BOX not in _texts(draft) for draft in cleaned)


def test_template_is_removed_with_its_step() -> None:
    cleaned = clean_site([_page(number) for number in range(5)])
    assert {(r.step, r.reason) for draft in cleaned for r in draft.removed} == {
        ("clean.site_memory", "template")
    }


def test_label_on_two_pages_is_none() -> None:
    cleaned = clean_site([_page(number, box=number < 2) for number in range(5)])
    assert BOX in _texts(cleaned[0])


def test_series_intro_in_prose_stays() -> None:
    cleaned = clean_site([_page(number, INTRO) for number in range(5)])
    assert all(INTRO in _texts(draft) for draft in cleaned)


def test_refrain_within_one_page_stays() -> None:
    song = _page(1, *["Turn, water, turn"] * 6)
    cleaned = clean_site([song, *(_page(number) for number in range(2, 6))])
    assert _texts(cleaned[0]).count("Turn, water, turn") == 6


@pytest.mark.parametrize("text", ["Condition:", "$ 19.95"])
def test_labels_of_data_and_prices_are_no_template(text: str) -> None:
    cleaned = clean_site([_page(number, text) for number in range(5)])
    assert all(text in _texts(draft) for draft in cleaned)


def test_heading_above_its_own_text_stays() -> None:
    pages = []
    for number in range(5):
        heading = Block(kind="heading", text="What you need", markdown="## What you need", level=2)
        url, draft = _page(number, box=False)
        pages.append((url, Draft(blocks=(heading, *draft.blocks))))
    assert all(_texts(draft)[0] == "What you need" for draft in clean_site(pages))


def test_frozen_memory_does_not_depend_on_the_order() -> None:
    pages = [_page(number, f"Extra {number % 3}") for number in range(40)]
    dumps = set()
    for seed in range(4):
        random.Random(seed).shuffle(pages)
        memory = SiteMemory(max_pages=8)
        for url, draft in pages:
            memory.learn(url, draft.blocks)
        dumps.add(memory.dump())
    assert len(dumps) == 1


def test_merged_memories_equal_one() -> None:
    pages = [_page(number) for number in range(20)]
    one, left, right = SiteMemory(max_pages=6), SiteMemory(max_pages=6), SiteMemory(max_pages=6)
    for number, (url, draft) in enumerate(pages):
        one.learn(url, draft.blocks)
        (left if number % 2 else right).learn(url, draft.blocks)
    assert left.merge(right).dump() == one.dump()


def test_restored_memory_knows_the_same() -> None:
    memory = SiteMemory()
    for number in range(5):
        url, draft = _page(number)
        memory.learn(url, draft.blocks)
    url, draft = _page(9)
    restored = SiteMemory.restore(memory.dump())
    assert (
        restored.template(url, draft.blocks) == memory.template(url, draft.blocks) == [False, True]
    )


def test_memory_of_many_sites_is_bounded() -> None:
    memory = SiteMemory(max_sites=10)
    for number in range(50):
        memory.learn(f"https://site{number}.example/", _page(number)[1].blocks)
    assert memory.dump().count(".example") == 10


def test_learning_memory_judges_a_page_by_those_before_it() -> None:
    memory = SiteMemory()
    kept = []
    for number in range(6):
        url, draft = _page(number)
        kept.append(BOX in _texts(clean_draft(draft, url=url, memory=memory)))
    assert kept == [True, True, True, False, False, False]


def test_page_is_not_its_own_witness() -> None:
    memory = SiteMemory()
    url, draft = _page(1)
    for _ in range(9):
        memory.learn(url, draft.blocks)
    assert memory.template(url, draft.blocks) == [False, False]


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.example.org/a", "example.org"),
        ("https://blog.example.co.uk/", "example.co.uk"),
        ("https://example.de", "example.de"),
        ("not a url", ""),
    ],
)
def test_site_is_the_registered_domain(url: str, site: str) -> None:
    assert site_of(url) == site
