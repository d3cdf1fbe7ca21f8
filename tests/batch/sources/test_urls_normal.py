"""Normal forms: equal for spellings of one page, different for pages that may differ."""

from __future__ import annotations

import pytest

from scrubber.batch.sources.urls import host_of, normal_form
from scrubber.errors import InputError


@pytest.mark.parametrize(
    "spelling",
    [
        "HTTP://Example.ORG/a",
        "http://example.org:80/a",
        "http://example.org./a",
        "http://example.org/a#section",
        "http://example.org/a?utm_source=mail&fbclid=x",
        "http://example.org/b/../a",
        "http://example.org/./a",
        "http://example.org/%61",
    ],
)
def test_spellings_of_one_page_are_equal(spelling: str) -> None:
    assert normal_form(spelling) == "http://example.org/a"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.org/a", "http://example.org/a/"),
        ("http://example.org/a", "https://example.org/a"),
        ("http://example.org/a", "http://example.org/A"),
        ("http://example.org/?id=1", "http://example.org/?id=2"),
        ("http://example.org/?a=1&b=2", "http://example.org/?b=2&a=1"),
        ("http://example.org/a%2Fb", "http://example.org/a/b"),
        ("http://example.org:8080/", "http://example.org/"),
        ("http://www.example.org/", "http://example.org/"),
    ],
)
def test_pages_that_may_differ_stay_apart(one: str, other: str) -> None:
    assert normal_form(one) != normal_form(other)


def test_no_path_is_the_root() -> None:
    assert normal_form("https://example.org") == "https://example.org/"


def test_parameters_beside_tracking_stay_in_order() -> None:
    found = normal_form("https://example.org/?z=1&utm_medium=x&a=2&gclid=y")
    assert found == "https://example.org/?z=1&a=2"


def test_escapes_are_upper_case() -> None:
    assert normal_form("http://example.org/%c3%a9") == normal_form("http://example.org/é")


def test_international_host_equals_its_ascii_form() -> None:
    assert normal_form("http://BÜCHER.example/") == "http://xn--bcher-kva.example/"


@pytest.mark.parametrize(
    "rubbish",
    [
        "http://",
        "http:///path",
        "ftp://example.org/",
        "javascript:alert(1)",
        "http://example.org:99999/",
        "http://exa mple.org/",
        "http://example.org/\x00",
        "http://[::1/",
        "http://-example-.org/",
        "http://example.org/" + "a" * 9000,
    ],
)
def test_rubbish_is_refused_as_an_invalid_url(rubbish: str) -> None:
    with pytest.raises(InputError) as caught:
        normal_form(rubbish)
    assert caught.value.kind == "invalid_url"


def test_more_dots_than_folders_stay_at_the_root() -> None:
    assert normal_form("http://example.org/../../a") == "http://example.org/a"


def test_host_keeps_an_unusual_port() -> None:
    assert host_of(normal_form("http://u:p@Example.org:8080/x")) == "example.org:8080"
