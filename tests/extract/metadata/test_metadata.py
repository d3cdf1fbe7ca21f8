"""The whole of metadata: a page in, fields and their evidence out."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scrubber.extract.metadata import meta_tags, owner, read_metadata
from scrubber.extract.metadata.view import View
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
    assert any(claim.raw.endswith("The Harbour Post") and claim.reason for claim in rejected)


def test_site_is_what_the_title_adds_and_the_home_link_says() -> None:
    found = read(
        "<html><head><title>Bees return - Beekeepers Corner</title></head><body>"
        "<a href='/'>Beekeepers Corner</a><main><h1>Bees return</h1><p>Text.</p></main></body></html>"
    )
    assert found.site_name == "Beekeepers Corner"


def test_what_the_title_adds_is_no_site_where_nothing_bears_it_out() -> None:
    found = read(
        "<html><head><title>Bees return - A short story</title></head>"
        "<body><main><h1>Bees return</h1><p>Text.</p></main></body></html>"
    )
    assert found.site_name is None


def test_written_minute_gets_no_seconds() -> None:
    found = read(
        "<html lang='en'><head><title>Bees return</title></head><body><main><h1>Bees return</h1>"
        "<p>Published 7 March 2026, 18:05</p><p>Text.</p></main></body></html>"
    )
    assert found.published is not None
    assert (found.published.value, found.published.precision) == ("2026-03-07T18:05", "minute")


@pytest.mark.parametrize(
    "name", ["Colin Watson's blog", "Colin Watson", "The blog of Colin Watson"]
)
def test_site_named_for_a_person_claims_that_person_as_writer(name: str) -> None:
    html = f"<html><head><title>Bees</title><meta property='og:site_name' content=\"{name}\"></head></html>"
    claims = list(owner.read(View(Tree(html), "https://bees.example/a")))
    assert [author.name for claim in claims for author in claim.value] == ["Colin Watson"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("© 2025 Toby Hede. All rights reserved.", ["Toby Hede"]),
        ("Copyright 2019–2025 by Anna Schmidt", ["Anna Schmidt"]),
        ("© 2025 The Harbour Post", []),
        ("© 2025", []),
    ],
)
def test_person_who_holds_the_copyright_is_claimed_as_writer(line: str, names: list[str]) -> None:
    html = f"<html><head><title>Bees</title></head><body><p>Text.</p><footer>{line}</footer></body></html>"
    claims = list(owner.read(View(Tree(html), "https://bees.example/a")))
    assert [author.name for claim in claims for author in claim.value] == names


def test_writers_told_and_linked_together_are_all_kept() -> None:
    found = read(
        "<html lang='en'><head><title>Bees return</title><script type='application/ld+json'>"
        '{"@type":"NewsArticle","headline":"Bees return","author":[{"name":"Lorena Bastida"},'
        '{"name":"Tomás Iriarte"}]}</script></head><body><main><h1>Bees return</h1><p>'
        "<a rel='author' href='/a'>Lorena Bastida</a> / <a rel='author' href='/b'>Tomás Iriarte</a></p>"
        "<p class='author'>Lorena Bastida</p><p>Text.</p></main></body></html>"
    )
    assert [author.name for author in found.authors] == ["Lorena Bastida", "Tomás Iriarte"]


def test_moment_in_utc_is_dated_by_the_pages_own_writing_of_it() -> None:
    found = read(
        "<html lang='en'><head><title>Bees return</title>"
        "<meta property='article:published_time' content='2025-12-19T03:05:00+00:00'></head><body>"
        "<main><h1>Bees return</h1><time datetime='2025-12-18T19:05:00-08:00'>December 18, 2025</time>"
        "<p>Text.</p></main></body></html>"
    )
    assert found.published is not None
    assert found.published.value == "2025-12-18T19:05:00-08:00"
    assert "article:published_time" in {
        found.evidence["published"].source,
        *found.evidence["published"].agreeing,
    }


def test_scholars_list_is_kept_whole_where_each_is_shown_alone() -> None:
    writers = ["Jennifer Huber", "Lena Green", "Linda Lark"]
    tags = "".join(f"<meta name='citation_author' content='{name}'>" for name in writers)
    shown = "".join(f"<p><span class='author'>{name}</span></p>" for name in writers)
    found = read(
        f"<html lang='en'><head><title>Bees return</title>{tags}</head>"
        f"<body><main><h1>Bees return</h1>{shown}<p>Text.</p></main></body></html>"
    )
    assert [author.name for author in found.authors] == writers


def test_home_link_that_is_a_persons_name_claims_that_person_as_writer() -> None:
    html = "<title>Bees</title><body><a href='/'>Anna Schmidt</a><h1>Bees</h1><p>Text.</p>"
    claims = list(owner.read(View(Tree(html), "https://bees.example/a")))
    assert [(c.source, c.value[0].name) for c in claims] == [("owner.home", "Anna Schmidt")]


def test_anchor_that_leads_nowhere_is_no_home_link() -> None:
    html = "<title>Bees</title><a id=top>Anna Schmidt</a><a href=''>John Roe</a>"
    assert list(owner.read(View(Tree(html), "https://bees.example/a"))) == []


def test_date_under_an_unlisted_name_counts_only_where_no_listed_one_is() -> None:
    moved = "<meta name='published-time' content='2026-03-09'>"
    stated = "<meta name='published-date' content='2021-02-16'>"

    def days(head: str) -> list[str]:
        return [claim.value.value for claim in meta_tags.read(View(Tree(head)))]

    assert (days(moved), days(moved + stated)) == (["2026-03-09"], ["2021-02-16"])
