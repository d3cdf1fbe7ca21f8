"""AMP and print versions and the free beginnings of paid texts are flagged, and read all the same."""

from __future__ import annotations

import pytest

from scrubber import scrub_html
from scrubber.errors import NotAnArticle

PROSE = "<p>The harbour was quiet that morning, and nobody on the quay spoke of the storm.</p>"


def flags(head: str = "", *, url: str = "https://example.org/a", root: str = "", times: int = 40, end: str = "") -> tuple[str, ...]:  # fmt: skip
    html = f"<!doctype html><html{root}><head><title>A storm</title>{head}</head><body><article><h1>A storm</h1>{PROSE * times}{end}</article>"
    return scrub_html(html, url=url).flags


@pytest.mark.parametrize(
    "root", [" amp", " ⚡", " ⚡ lang=en", ' lang="en" amp=""', ' amp lang="de"']
)
def test_amp_page_is_flagged(root: str) -> None:
    assert flags(root=root) == ("amp",)


@pytest.mark.parametrize("root", ["", " lang=en", ' class="amp"', ' data-x="a amp"', " amplified"])
def test_other_page_is_no_amp_page(root: str) -> None:
    assert flags(root=root) == ()


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/print/storm",
        "https://example.org/storm/print",
        "https://example.org/storm.print.html",
        "https://example.org/storm?print=1",
        "https://example.org/storm?id=3&view=print",
        "https://example.org/storm?printable=yes",
        "https://example.org/druckversion/storm",
    ],
)
def test_print_version_is_flagged_and_its_canonical_kept(url: str) -> None:
    canonical = '<link rel=canonical href="https://example.org/storm">'
    assert flags(canonical, url=url) == ("print",)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/blueprint/storm",
        "https://example.org/a-print-of-a-storm",
        "https://example.org/storm?fingerprint=1",
        "https://example.org/storm?printer=hp",
        "pages/print/storm.html",
    ],
)
def test_url_that_speaks_of_printing_is_no_print_version(url: str) -> None:
    assert flags(url=url) == ()


def test_page_whose_usual_url_says_print_is_no_print_version() -> None:
    url = "https://example.org/art/print/storm"
    assert flags(f'<link rel=canonical href="{url}">', url=url) == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "Subscribe to continue reading.",
        "Dieser Artikel ist nur für Abonnenten.",
        "Cet article est réservé aux abonnés.",
        "Contenido exclusivo para suscriptores",
        "Материал доступен только подписчикам",
        "この記事は有料会員限定です",
    ],
)
def test_beginning_of_a_paid_text_is_flagged(sentence: str) -> None:
    assert flags(times=3, end=f"<div>{sentence}</div>") == ("paywall_stub",)


def test_long_text_is_no_stub_whatever_it_says() -> None:
    assert flags(times=40, end="<div>Subscribe to continue reading.</div>") == ()


def test_shell_in_which_nothing_was_found_is_named_as_one() -> None:
    with pytest.raises(NotAnArticle) as caught:
        scrub_html(
            "<!doctype html><title>App</title><div id=root></div><script src=/a.js></script>"
        )
    assert caught.value.kind == "app_shell"
