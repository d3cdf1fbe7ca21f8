"""Cells of the database hold what the record says, nested values as JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from scrubber.batch.writers import make_encoder
from scrubber.batch.writers.columns import ALL
from scrubber.models import Article, Author, Block, DateValue

ARTICLE = Article(
    url="https://example.org/ü",
    title='"Rivers" and 川',
    authors=(Author(name="Ada"), Author(name="Desk", kind="organization")),
    published=DateValue(value="2026-05", precision="month", raw="May 2026"),
    tags=("a", "ü"),
    paywalled=True,
    blocks=(Block(kind="paragraph", text="A river.", markdown="A river."),),
    input={"n": 1, "y": [None, {"z": 0.1}]},
    fetched_at=datetime(2026, 5, 4, 9, 30, tzinfo=UTC),
    confidence=0.5,
)


def test_cells_say_what_the_record_says() -> None:
    row, people = json.loads(make_encoder("sqlite", None)(ARTICLE, "0" * 32))
    said = ARTICLE.model_dump(mode="json") | {"published": "2026-05"}
    for name, cell in zip(ALL, row, strict=True):
        nested = isinstance(said[name], dict | list)
        assert (json.loads(cell) if nested else cell) == said[name], name
    assert people == [["Ada", "person", None], ["Desk", "organization", None]]


def test_authors_that_are_not_asked_for_have_no_rows() -> None:
    assert json.loads(make_encoder("sqlite", ("title",))(ARTICLE, "")) == [[ARTICLE.title], []]
