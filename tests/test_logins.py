"""User and password in URLs are neither shown nor written down."""

from __future__ import annotations

import pickle

import pytest

import scrubber
from scrubber.logins import without_login, without_logins


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("http://user:secret@example.org/a", "http://example.org/a"),
        ("https://secret@example.org/", "https://example.org/"),
        ("http://user:sec@ret@example.org/", "http://example.org/"),
        ("http:user:secret@example.org/", "http:example.org/"),
        ("http:\\\\user:secret@example.org", "http:\\\\example.org"),
        ("http://user:sec/ret@example.org/", "http://example.org/"),
        ("http://user:sec#ret@example.org/", "http://example.org/"),
        ("ftp://user:secret@example.org/", "ftp://example.org/"),
        ("user:secret@example.org/", "user:example.org/"),
        (f"http://{9_000 * 's'}@example.org/", "http://example.org/"),
    ],
)
def test_login_is_left_out(given: str, shown: str) -> None:
    assert without_login(given) == shown


@pytest.mark.parametrize(
    "url",
    [
        "https://medium.example/@writer/a-post",
        "http://example.org:8000/@writer",
        "http://[::1]:8000/@writer",
        "http://example.org/?mail=a:b@example.org",
        "mailto:writer@example.org",
        "C:\\pages\\@home.html",
        "pages/a:b@c.html",
    ],
)
def test_other_addresses_stay_as_they_are(url: str) -> None:
    assert without_login(url) == url
    assert without_logins(f"see {url} or ask a@example.org") == f"see {url} or ask a@example.org"


def test_error_shows_no_login_on_either_side_of_a_process_border() -> None:
    url = "http://user:secret@example.org/a"
    error = scrubber.FetchError(f"{url}: no answer, see {url}", url=url)
    for each in (error, pickle.loads(pickle.dumps(error))):
        assert str(each) == "http://example.org/a: no answer, see http://example.org/a"
        assert each.url == "http://example.org/a"


def test_record_of_given_html_has_no_login_in_its_addresses() -> None:
    html = "<article><h1>Rivers</h1>" + "<p>A river bends <a href=/b>here</a> and there.</p>" * 9
    article = scrubber.scrub_html(html, url="http://user:secret@example.org/a")
    assert article.url == "http://example.org/a"
    assert "secret" not in article.model_dump_json()


@pytest.mark.parametrize(
    "url", ["http://user:se/cret@h", "http://user:secret@[x]/", "http://u:secret@h:0"]
)
def test_url_that_cannot_be_read_is_told_without_its_login(url: str) -> None:
    with pytest.raises(scrubber.ScrubberError) as caught:
        scrubber.scrub(url)
    assert "cret" not in str(caught.value)
