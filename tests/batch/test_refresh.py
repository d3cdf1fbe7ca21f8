"""Asking again for what is done: conditional requests, new versions, refreshes broken off."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from batching import Site, page_html, run, send_body, send_page, send_status

from scrubber.batch.books.journal import Journal
from scrubber.batch.books.ledger import journal_path, report_path

Answer = Callable[[BaseHTTPRequestHandler, int], None]


def records(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.read_text().splitlines()]


def versioned(current: Callable[[], int], heard: list[tuple[str | None, str | None]]) -> Answer:
    """A page that names its version and sends it only to those who have another."""

    def answer(request: BaseHTTPRequestHandler, visit: int) -> None:
        asked = request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")
        heard.append(asked)
        etag, changed = f'"v{current()}"', f"Mon, 0{current()} Jun 2026 10:00:00 GMT"
        if asked[0] == etag:
            send_status(request, 304, ETag=etag)
        else:
            body = page_html(current()).encode()
            send_body(request, body, Content_Type="text/html", ETag=etag, Last_Modified=changed)

    return answer


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_page_that_did_not_change_is_not_sent_again(
    tmp_path: Path, site: Site, suffix: str
) -> None:
    heard: list[tuple[str | None, str | None]] = []
    site.answers["/page/1"] = versioned(lambda: 1, heard)
    out = tmp_path / f"out.{suffix}"
    run([site.url("/page/1")], out)
    summary = run([site.url("/page/1")], out, refresh=True)
    assert heard == [(None, None), ('"v1"', "Mon, 01 Jun 2026 10:00:00 GMT")]
    assert (summary.done, summary.unchanged, summary.exit_code) == (1, 1, 0)
    assert json.loads(report_path(out).read_text())["unchanged"] == 1


def test_page_that_changed_gives_a_new_version(tmp_path: Path, site: Site) -> None:
    version = 1
    site.answers["/page/1"] = versioned(lambda: version, [])
    out = tmp_path / "out.jsonl"
    run([site.url("/page/1")], out)
    version = 2
    summary = run([site.url("/page/1")], out, refresh=True)
    assert [record["title"] for record in records(out)] == ["Page 1", "Page 2"]
    assert [record["flags"] for record in records(out)] == [[], ["new_version"]]
    assert (summary.done, summary.unchanged) == (1, 0)


def test_same_content_under_another_etag_is_unchanged(tmp_path: Path, site: Site) -> None:
    site.answers["/page/1"] = lambda request, visit: send_body(
        request, page_html(1).encode(), Content_Type="text/html", ETag=f'"{visit}"'
    )
    out = tmp_path / "out.jsonl"
    run([site.url("/page/1")], out)
    assert run([site.url("/page/1")], out, refresh=True).unchanged == 1
    assert len(records(out)) == 1


def test_version_that_a_redirect_led_to_is_asked_for_where_it_was(
    tmp_path: Path, site: Site
) -> None:
    heard: list[tuple[str | None, str | None]] = []
    asked_first: list[str | None] = []

    def moved(request: BaseHTTPRequestHandler, visit: int) -> None:
        asked_first.append(request.headers.get("If-None-Match"))
        send_status(request, 302, Location=site.url("/page/1", host=2))

    site.answers["/old"] = moved
    site.answers["/page/1"] = versioned(lambda: 1, heard)
    out = tmp_path / "out.jsonl"
    run([site.url("/old")], out)
    assert run([site.url("/old")], out, refresh=True).unchanged == 1
    assert (asked_first, heard[1][0]) == ([None, None], '"v1"')


def test_304_that_nobody_asked_for_is_a_failure(tmp_path: Path, site: Site) -> None:
    site.answers["/page/1"] = lambda request, _: send_status(request, 304)
    assert run([site.url("/page/1")], tmp_path / "out.jsonl").failed == 1


def test_refresh_that_was_broken_off_goes_on_with_the_rest(tmp_path: Path, site: Site) -> None:
    urls = [site.url("/page/1"), site.url("/page/2", host=2)]
    out = tmp_path / "out.jsonl"
    run(urls, out)
    journal = Journal(journal_path(out))
    with journal.transaction():
        journal.reopen_done()
        journal._db.execute("UPDATE entry SET state = 3 WHERE id = 1")  # done when it was killed
    journal.close()
    assert run(urls, out, refresh=True).unchanged == 1
    assert (site.visits["/page/1"], site.visits["/page/2"]) == (1, 2)


def test_page_that_is_gone_stays_in_the_output_and_is_told(tmp_path: Path, site: Site) -> None:
    site.answers["/page/1"] = lambda request, visit: (
        send_page(request, 1) if visit == 1 else send_status(request, 410)
    )
    out = tmp_path / "out.jsonl"
    run([site.url("/page/1")], out)
    summary = run([site.url("/page/1")], out, refresh=True)
    assert (summary.failed, len(records(out))) == (1, 1)
