"""Types by label and by bytes, decisions by status, refreshes, Retry-After."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.errors import BadResponse, BadStatus, UnsupportedContent
from scrubber.fetch.decision import Accept, Redirect, Reject, decide, may_pass, retry_after
from scrubber.fetch.media import parse_content_type, recognise_type, refuse_early
from scrubber.fetch.refresh import refresh_target
from scrubber.fetch.urls import parse_url

URL = parse_url("https://example.org/a")
NOW = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("text/html; charset=UTF-8", ("text/html", "UTF-8")),
        ('Text/HTML;Charset="koi8-r"', ("text/html", "koi8-r")),
        ("text/html;charset=utf-8, text/html", ("text/html", "utf-8")),
        ("text/html", ("text/html", None)),
        (None, ("", None)),
    ],
)
def test_content_type_is_read(header: str | None, expected: tuple[str, str | None]) -> None:
    assert parse_content_type(header) == expected


@pytest.mark.parametrize(
    ("label", "body", "expected"),
    [
        ("text/html", b"<p>x", "text/html"),
        ("text/html", b"", "text/html"),
        ("text/html", b"just words", "text/html"),
        ("text/plain", b"just words", "text/plain"),
        ("text/plain", b"<!DOCTYPE html><p>x", "text/html"),
        ("text/plain", b"how to write <p> in HTML", "text/plain"),
        ("", b"\n<!-- x --><html><p>x", "text/html"),
        ("", b"words alone", "text/plain"),
        ("application/octet-stream", b"<html>", "text/html"),
        ("application/xhtml+xml", b"<html xmlns='...'>", "application/xhtml+xml"),
        ("text/xml", b"<?xml version='1.0'?><html><p>x", "application/xhtml+xml"),
        (
            "text/html",
            b"<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML'><html>",
            "application/xhtml+xml",
        ),
        ("application/json", b"<!doctype html><p>x", "text/html"),
        ("text/markdown", b"# Title", "text/plain"),
        ("text/html", "<p>utf-16".encode("utf-16"), "text/html"),
    ],
)
def test_type_is_recognised(label: str, body: bytes, expected: str) -> None:
    assert recognise_type(label, body) == expected


@pytest.mark.parametrize(
    ("label", "body", "reason"),
    [
        ("text/html", b"%PDF-1.7 ...", "PDF"),
        ("text/html", b"\x89PNG\r\n\x1a\n", "image"),
        ("text/plain", b"PK\x03\x04....", "archive"),
        ("text/html", b"\x00\x01\x02\x03\x00\x00\x05" * 20, "binary"),
        ("text/html", b'{"a": 1}', "JSON"),
        ("application/json", b"[1, 2]", "JSON"),
        ("application/xml", b"<rss version='2.0'>", "feed"),
        ("text/html", b"<?xml version='1.0'?><feed xmlns='...'>", "feed"),
        ("text/xml", b"<urlset>", "sitemap"),
        ("image/svg+xml", b"<?xml version='1.0'?><svg>", "SVG"),
        ("application/x-unheard-of", b"abc", "x-unheard-of"),
    ],
)
def test_type_is_refused_with_its_reason(label: str, body: bytes, reason: str) -> None:
    with pytest.raises(UnsupportedContent, match=reason):
        recognise_type(label, body)


@given(st.binary(max_size=200), st.sampled_from(["", "text/html", "text/plain", "text/xml"]))
def test_any_bytes_have_a_type_or_a_reason(body: bytes, label: str) -> None:
    with contextlib.suppress(UnsupportedContent):
        assert recognise_type(label, body) in ("text/html", "application/xhtml+xml", "text/plain")


def test_video_is_refused_by_its_label() -> None:
    with pytest.raises(UnsupportedContent, match="a video"):
        refuse_early("video/mp4")


# ---- decisions


@pytest.mark.parametrize("status", [200, 203, 206])
def test_status_is_accepted(status: int) -> None:
    assert decide(status, {}, URL, NOW) == Accept()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_status_redirects(status: int) -> None:
    assert decide(status, {"location": "/b"}, URL, NOW) == Redirect("/b")


def test_redirect_without_location_is_a_bad_response() -> None:
    decision = decide(302, {}, URL, NOW)
    assert isinstance(decision, Reject)
    assert isinstance(decision.error, BadResponse)


@pytest.mark.parametrize(
    ("status", "passes"),
    [(204, False), (304, False), (401, False), (403, False), (404, False), (410, False), (451, False),
     (429, True), (500, True), (501, False), (502, True), (503, True), (504, True), (522, True), (999, False)],
)  # fmt: skip
def test_status_is_rejected_and_may_pass_or_not(status: int, passes: bool) -> None:
    decision = decide(status, {}, URL, NOW)
    assert isinstance(decision, Reject)
    assert isinstance(decision.error, BadStatus)
    assert decision.error.status == status
    assert may_pass(decision.error) is passes


@pytest.mark.parametrize(
    "headers",
    [{"cf-mitigated": "challenge"}, {"x-amzn-waf-action": "captcha"}, {"x-datadome": "protected"}],
)
def test_challenge_is_a_bot_wall_and_not_retried(headers: dict[str, str]) -> None:
    decision = decide(403, headers, URL, NOW)
    assert isinstance(decision, Reject)
    assert decision.error.kind == "bot_wall"
    assert not may_pass(decision.error)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Mon, 04 May 2026 12:01:30 GMT", 90.0),
        ("Mon, 04 May 2026 11:00:00 GMT", 0.0),
        ("99999999999999999", 604800.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOW) == seconds


@given(st.text(max_size=40))
def test_any_retry_after_is_bounded(header: str) -> None:
    seconds = retry_after(header, NOW)
    assert seconds is None or 0 <= seconds <= 604800


# ---- refreshes


@pytest.mark.parametrize(
    ("page", "target"),
    [
        ('<meta http-equiv="refresh" content="0;url=/b">', "/b"),
        ("<META HTTP-EQUIV=Refresh CONTENT='2; URL=\"/b\"'>", "/b"),
        ('<meta content="0; https://x.example/b" http-equiv="refresh">', "https://x.example/b"),
        ('<meta http-equiv="refresh" content="30;url=/b">', None),
        ('<meta http-equiv="refresh" content="300">', None),
        ('<noscript><meta http-equiv="refresh" content="0;url=/b"></noscript>', None),
        ('<!-- <meta http-equiv="refresh" content="0;url=/b"> -->', None),
        ('<meta http-equiv="refresh" content="0;url=/b">' + "<p>Words to read.</p>" * 100, None),
        ("<p>refresh</p>", None),
    ],
)
def test_refresh_is_followed_from_signposts_only(page: str, target: str | None) -> None:
    assert refresh_target(page) == target
