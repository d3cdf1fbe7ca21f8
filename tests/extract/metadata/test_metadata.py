"""The whole of metadata: a page in, fields and their evidence out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scrubber.extract.metadata import read_metadata
from scrubber.extract.tree import Tree
from scrubber.models import Author, Metadata, Page

FULL = """<!doctype html><html lang="en-GB"><head>
<title>Bees return to the harbour - The Harbour Post</title>
<meta property="og:title" content="Bees return to the harbour | The Harbour Post">
<meta property="og:site_name" content="The Harbour Post">
<meta property="og:description" content="Hives on the quay.">
<meta property="og:image" content="/img/bees.jpg">
<meta property="article:section" content="Nature">
<meta property="article:modified_time" content="2026-03-09T08:00:00+01:00">
<link rel="canonical" href="https://post.example/bees">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",
"headline":"Bees return to the harbour","datePublished":"2026-03-07T23:40:00-05:00",
"author":[{"@type":"Person","name":"Ada Quill","url":"https://post.example/ada"},
{"@type":"Person","name":"Bo Marsh"}],"keywords":["bees","harbour"],"isAccessibleForFree":false}
</script></head><body><header><h1>The Harbour Post</h1></header>
<article><h1>Bees return to the harbour</h1><p>By Ada Quill and Bo Marsh</p>
<time datetime="2026-03-07T23:40:00-05:00">7 March 2026</time><p>Text.</p></article></body></html>"""


def read(html: str, url: str | None = "https://post.example/bees?x=1") -> Metadata:
    page = Page(html=html, url=url, fetched_at=datetime(2026, 5, 4, 12, tzinfo=UTC))
    return read_metadata(Tree(html), page)


def test_title_is_the_headline_without_the_site() -> None:
    assert read(FULL).title == "Bees return to the harbour"


def test_meta_title_is_kept_where_it_differs() -> None:
    assert read(FULL).meta_title == "Bees return to the harbour | The Harbour Post"


def test_co_authors_are_kept_in_page_order() -> None:
    assert [author.name for author in read(FULL).authors] == ["Ada Quill", "Bo Marsh"]


def test_author_url_is_kept() -> None:
    assert read(FULL).authors[0] == Author(name="Ada Quill", url="https://post.example/ada")


def test_day_is_the_local_day_as_written() -> None:
    published = read(FULL).published
    assert published is not None
    assert published.value == "2026-03-07T23:40:00-05:00"
    assert str(published.day) == "2026-03-07"


def test_modified_is_kept_apart() -> None:
    modified = read(FULL).modified
    assert modified is not None
    assert modified.value.startswith("2026-03-09")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "en-GB"),
        ("site_name", "The Harbour Post"),
        ("description", "Hives on the quay."),
        ("image", "https://post.example/img/bees.jpg"),
        ("section", "Nature"),
        ("tags", ("bees", "harbour")),
        ("paywalled", True),
        ("canonical_url", "https://post.example/bees"),
    ],
)
def test_plain_field_is_filled(field: str, value: object) -> None:
    assert getattr(read(FULL), field) == value


def test_evidence_names_agreeing_sources() -> None:
    evidence = read(FULL).evidence["published"]
    assert evidence.source == "jsonld.article.datePublished"
    assert any(source.startswith("time.") for source in evidence.agreeing)
    assert evidence.confidence > 0.9


def test_empty_page_says_nothing() -> None:
    metadata = read("", url=None)
    assert metadata == Metadata()


def test_evidence_gives_a_reason_for_what_was_rejected() -> None:
    rejected = read(FULL).evidence["title"].rejected
    assert any(claim.raw == "The Harbour Post" and claim.reason for claim in rejected)
