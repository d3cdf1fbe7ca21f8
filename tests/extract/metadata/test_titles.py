"""Titles without the site's name, and only on evidence."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scrubber.extract.metadata import read_metadata
from scrubber.extract.metadata.titles import (
    heading_without_site,
    likeness,
    tidy,
    title_key,
    without_section,
    without_site,
)
from scrubber.extract.tree import Tree
from scrubber.models import Page

HEAD = "Bees return to the harbour"


@pytest.mark.parametrize(
    "separator", [" | ", " - ", " – ", " — ", " · ", " • ", " » ", " :: ", " ~ ", "|", " / "]
)
def test_site_is_cut_behind_any_separator(separator: str) -> None:
    assert without_site(f"{HEAD}{separator}The Harbour Post", ["The Harbour Post"]) == HEAD


def test_site_is_cut_before_the_title() -> None:
    assert without_site(f"Harbour Post: {HEAD}", ["Harbour Post"]) == HEAD


def test_site_is_known_by_its_address() -> None:
    assert without_site(f"{HEAD} - Harbour Post", [], "harbourpost.example") == HEAD


def test_site_is_known_by_its_initials() -> None:
    assert without_site(f"{HEAD} | Harbour Times Media", [], "htm.example") == HEAD


def test_section_before_the_site_goes_with_it() -> None:
    assert without_site(f"{HEAD} | Blog | Harbour Post", ["Harbour Post"]) == HEAD


def test_shown_headline_decides_what_is_the_title() -> None:
    assert without_site(f"{HEAD} - Some Unknown Journal", [], shown=[HEAD]) == HEAD


@pytest.mark.parametrize(
    "title",
    [
        "Spider-Man – the return",
        "A history of tea: from leaf to cup",
        "Python | a snake",
        "90-day plan - step by step",
    ],
)
def test_title_with_hyphens_stays_whole_without_evidence(title: str) -> None:
    assert without_site(title, ["The Harbour Post"], "harbourpost.example") == title


def test_chinese_site_is_cut() -> None:
    assert without_site("港口的蜜蜂回来了_海港日报", ["海港日报"]) == "港口的蜜蜂回来了"


def test_entities_and_tags_are_undone() -> None:
    assert tidy("Tea &amp; <em>cake</em>") == "Tea & cake"


def test_kinds_of_quotes_and_dashes_do_not_part_titles() -> None:
    assert title_key("It’s – “now”") == title_key('It\'s - "now"')


def test_soft_hyphens_do_not_part_titles() -> None:
    assert title_key("Hoch\xadwas\xadser") == title_key("Hochwasser")


@given(st.text(max_size=120), st.text(max_size=20))
@example("\xad", "")
def test_cutting_never_adds_and_never_empties(title: str, site: str) -> None:
    cut = without_site(title, [site])
    assert len(cut) <= len(title) * 20
    assert bool(cut) or not title.strip() or not title_key(title)


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_a_share(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize(
    ("heading", "head"),
    [
        ("Blog: Bees return to the harbour", "Bees return to the harbour"),
        ("Bees return to the harbour (hives.example) 87", "Bees return to the harbour"),
        ("Dec 18 2025 Bees return to the harbour", "Bees return to the harbour"),
        ("Bees return to the harbour / Dec 2025", "Bees return to the harbour"),
        ("Bees return to the harbour ¶", "Bees return to the harbour"),
        ("Bees return to the harbour 2", "Bees return to the harbour 2"),
        ("Bees return to the harbour (again)", "Bees return to the harbour (again)"),
    ],
)
def test_label_or_date_in_the_heading_is_no_title(heading: str, head: str) -> None:
    html = (
        "<html lang='en'><head><title>Bees return to the harbour - Post</title>"
        "<meta property='og:title' content='Bees return to the harbour'></head>"
        f"<body><main><h1>{heading}</h1><p>Text.</p></main></body></html>"
    )
    found = read_metadata(Tree(html), Page(html=html, url="https://post.example/a"))
    assert found.title == head


LINE = "<span class='head-kicker'>Nature</span>"
BARE = "<span class='c4'>Nature</span>"
HEADLINE = "<span class='c5'>Bees return to the harbour</span>"


@pytest.mark.parametrize(
    ("heading", "card", "title"),
    [
        (f"{LINE}<span hidden>: </span>{HEADLINE}", "", "Bees return to the harbour"),
        (f"<div>{LINE}{HEADLINE}</div>", "", "Bees return to the harbour"),
        (f"{BARE}{HEADLINE}", "Bees return to the harbour", "Bees return to the harbour"),
        (f"{HEADLINE} <span>14</span>", "Bees return to the harbour", "Bees return to the harbour"),
        (f"{BARE} {HEADLINE}", "", "Nature Bees return to the harbour"),
        (
            f"<span class='kicker'>Nature reports:</span> {HEADLINE}",
            "",
            "Nature reports: Bees return to the harbour",
        ),
        (f"Why <em>{HEADLINE}</em>", "", "Why Bees return to the harbour"),
    ],
)
def test_line_above_that_shares_the_heading_is_no_title(
    heading: str, card: str, title: str
) -> None:
    html = (
        f"<html lang='en'><head><meta property='og:title' content='{card}'></head>"
        f"<body><main><h1>{heading}</h1><p>Text.</p></main></body></html>"
    )
    found = read_metadata(Tree(html), Page(html=html, url="https://post.example/a"))
    assert found.title == title


def test_heading_in_thousands_of_wrappers_is_read() -> None:
    html = f"<main><h1>{'<span>' * 2_000}Bees return{'</span>' * 2_000}</h1><p>Text.</p></main>"
    assert read_metadata(Tree(html), Page(html=html)).title == "Bees return"


def test_heading_that_names_the_blog_is_not_the_title() -> None:
    html = (
        "<html><head><title>Engora Data Blog: Small adventures with models</title>"
        "<meta property='og:title' content='Small adventures with models'></head>"
        "<body><h1>Engora Data Blog</h1><div><h3>Small adventures with models</h3><p>Text.</p></div>"
        "</body></html>"
    )
    found = read_metadata(Tree(html), Page(html=html, url="https://blog.engora.example/a"))
    assert found.title == "Small adventures with models"


def test_tag_that_the_title_is_about_stays() -> None:
    html = (
        "<html><head><title>The &lt;dialog&gt; element | Reference</title></head>"
        "<body><main><h1>The &lt;dialog&gt; element</h1><p>Text.</p></main></body></html>"
    )
    found = read_metadata(Tree(html), Page(html=html, url="https://reference.example/a"))
    assert found.title == "The <dialog> element"


def test_site_name_at_the_end_of_the_heading_is_cut_off() -> None:
    assert (
        heading_without_site("Best exhibitions of the year – Artlyst", [], "artlyst.example")
        == "Best exhibitions of the year"
    )


@pytest.mark.parametrize("heading", ["Apple: what comes next", "What comes next for us – a view"])
def test_heading_that_only_speaks_of_the_site_stays_whole(heading: str) -> None:
    assert heading_without_site(heading, [], "apple.example") == heading


def test_marks_of_emphasis_are_dropped() -> None:
    assert tidy("*A Treatise on Coffee* (1792)") == "A Treatise on Coffee (1792)"


def test_section_behind_a_bar_is_cut_only_where_the_page_names_it() -> None:
    title = "Bees return to the harbour | Opinion"
    assert without_section(title, ["Opinion"]) == "Bees return to the harbour"
    assert without_section(title, ["News"]) == title


def test_page_that_is_called_by_dots_is_read() -> None:
    html = "<html><head><title>...</title></head><body><h1>...</h1><p>Text.</p></body></html>"
    assert read_metadata(Tree(html), Page(html=html)).title in ("...", None)


def read_title(html: str, url: str = "http://post.example/a/b.html") -> str | None:
    return read_metadata(Tree(html), Page(html=html, url=url)).title


@pytest.mark.parametrize("shown", ["<font size=5>{}</font><br>", "<td><b>{}</b></td>"])
def test_headline_of_a_page_without_headings_is_what_it_sets_apart(shown: str) -> None:
    html = (
        f"<title>Coast News: {HEAD}</title><body><table><tr><td><font size=6>Coast News</font>"
        f"</td></tr><tr><td>{shown.format(HEAD)}By Ada Frost<br>Text.</td></tr></table>"
    )
    assert read_title(html) == HEAD


def test_link_to_another_page_is_not_set_apart_as_headline() -> None:
    html = "<title>Coast: Bees are back</title><body><a href='/x'><b>Bees are back</b></a><p>Text."
    assert read_title(html) == "Coast: Bees are back"


@pytest.mark.parametrize("link", ["/", "/a/"])
def test_heading_that_leads_home_is_a_masthead(link: str) -> None:
    html = (
        f"<title>The bronze yard: {HEAD}</title><body><h1><a href='{link}'>The bronze yard</a></h1>"
        f"<h3>{HEAD}</h3><p>Text.</p>"
    )
    assert read_title(html) == HEAD


def test_heading_that_links_to_its_own_page_is_the_title() -> None:
    html = f"<title>{HEAD}</title><body><h1><a href='/a/b.html'>{HEAD}</a></h1><p>Text.</p>"
    assert read_title(html) == HEAD


def test_underscore_parts_titles_but_no_handles() -> None:
    assert (
        without_site("老渡口今晨停航_新闻中心_江城在线", [], "", ["老渡口今晨停航"])
        == "老渡口今晨停航"
    )
    handle = "winter_guest on trolleys"
    assert without_site(handle, ["winter"]) == handle
