"""Lines of JSON are what the record itself gives as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from math import inf, nan

import pytest

from scrubber.batch.writers import make_encoder
from scrubber.models import Article, Author, Block, DateValue

ARTICLE = Article(
    url="https://example.org/ü",
    title='"Rivers" \u2028 and 川',
    authors=(Author(name="Ada"),),
    published=DateValue(value="2026-05", precision="month", raw="May 2026"),
    blocks=(Block(kind="paragraph", text="A river.", markdown="A river."),),
    input={"n": 1, "x": nan, "y": [inf, None, {"z": 0.1}]},
    fetched_at=datetime(2026, 5, 4, 9, 30, tzinfo=UTC),
    confidence=0.5,
)


@pytest.mark.parametrize("fields", [None, ("title", "url", "input"), ("fetched_at",)])
def test_line_is_the_records_own_json(fields: tuple[str, ...] | None) -> None:
    include = None if fields is None else set(fields)
    line = ARTICLE.model_dump_json(include=include).encode() + b"\n"
    assert make_encoder("jsonl", fields)(ARTICLE, "0" * 32) == line
