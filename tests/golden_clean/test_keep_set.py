"""Adversarial cases for the cleaner: what must stay and what must go, each with its reason."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from scrubber.clean import clean_draft, read_text
from scrubber.models import Block, Draft, Metadata

CASES: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("cases.toml").read_text("utf-8")
)


def _block(kind: str, text: str) -> Block:
    if kind == "linked":
        lead, _, title = text.partition(": ")
        return Block(
            kind="paragraph", text=text, markdown=f"{lead}: [{title}](https://example.org/)"
        )
    return Block(kind=kind, text=text, markdown=text, level=2 if kind == "heading" else None)


def _clean(case: dict[str, Any]) -> Draft:
    if "text" in case:
        return read_text("\n\n".join(case["text"]), language=case["language"])
    blocks = tuple(_block(kind, text) for kind, text in case["blocks"])
    meta = Metadata(language=case["language"])
    return clean_draft(Draft(blocks=blocks, metadata=meta, page_type=case.get("page_type")))


def _lines(draft: Draft) -> list[str]:
    return [draft.metadata.title or "", *(block.text for block in draft.blocks)]


@pytest.mark.parametrize("name", CASES)
def test_true_lines_stay(name: str) -> None:
    case = CASES[name]
    lines = _lines(_clean(case))
    assert [line for line in case["keep"] if line not in lines] == [], case["why"]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "drop" in case])
def test_residue_goes(name: str) -> None:
    case = CASES[name]
    lines = _lines(_clean(case))
    assert [line for line in case["drop"] if line in lines] == [], case["why"]


def test_set_is_large_and_multilingual() -> None:
    dropping = sum("drop" in case for case in CASES.values())
    assert len(CASES) >= 60
    assert len({case["language"] for case in CASES.values()}) >= 10
    assert 0.4 < dropping / len(CASES) < 0.6


def test_every_case_says_why() -> None:
    assert all(len(case["why"]) > 15 for case in CASES.values())
