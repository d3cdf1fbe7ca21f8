"""Tags and sections that stand only in what readers see."""

from __future__ import annotations

import pytest

from scrubber.extract.metadata import read_metadata
from scrubber.extract.tree import Tree
from scrubber.models import Metadata, Page

HEADLINE = "<h1>Bees return to the harbour</h1>"


def read(body: str, head: str = "") -> Metadata:
    html = f"<html lang='en'><head><title>Bees return to the harbour</title>{head}</head><body>{body}</body></html>"
    return read_metadata(Tree(html), Page(html=html, url="https://harbour.example/nature/bees"))


def test_tag_links_are_tags() -> None:
    found = read(
        f"<article>{HEADLINE}<p>Text.</p><ul><li><a rel='tag' href='/tag/a'>bees</a></li>"
        "<li><a rel='tag' href='/tag/b'># quay</a></li></ul></article>"
    )
    assert found.tags == ("bees", "quay")


def test_tags_of_other_articles_are_not_taken() -> None:
    found = read(
        f"<article>{HEADLINE}</article><div class='related-posts'>"
        "<a rel='tag' href='/tag/cats'>cats</a></div>"
    )
    assert found.tags == ()


def test_category_link_is_the_section_and_no_tag() -> None:
    found = read(
        f"<article>{HEADLINE}<a rel='category tag' href='/category/nature/'>Nature</a></article>"
    )
    assert (found.section, found.tags) == ("Nature", ())


@pytest.mark.parametrize(
    "trail",
    [
        "<a href='/'>Home</a><a href='/nature'>Nature</a>",
        "<a href='/'>Start</a> / <a href='/nature'>Nature</a>",
        "<a href='https://harbour.example/'>The Post</a><a href='/nature'>Nature</a>"
        "<a href='/nature/bees'>Bees return to the harbour</a>",
    ],
)
def test_breadcrumb_without_its_ends_names_the_section(trail: str) -> None:
    assert read(f"<nav class='breadcrumb'>{trail}</nav><main>{HEADLINE}</main>").section == "Nature"


def test_breadcrumb_of_the_page_alone_is_no_section() -> None:
    trail = "<a href='/'>Home</a><a href='/nature/bees'>Bees return to the harbour</a>"
    assert read(f"<nav class='breadcrumb'>{trail}</nav><main>{HEADLINE}</main>").section is None


def test_stated_section_outweighs_the_breadcrumb() -> None:
    found = read(
        f"<nav class='breadcrumb'><a href='/'>Home</a><a href='/a'>Archive</a></nav><main>{HEADLINE}</main>",
        head="<meta property='article:section' content='Nature'>",
    )
    assert found.section == "Nature"
    assert found.evidence["section"].rejected[0].source == "breadcrumb"
