"""Sitemaps and feeds on servers, read by the job's own fetcher."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from batching import LOCAL, Site, run, send_body, send_status

from scrubber.batch import BatchOptions
from scrubber.batch.books.ledger import failures_path
from scrubber.batch.dryrun import dry_run, refused

Answer = Callable[[BaseHTTPRequestHandler, int], None]


def titles(out: Path) -> list[str]:
    return sorted(json.loads(line)["title"] for line in out.read_text().splitlines())


def failures(out: Path) -> list[tuple[str, str]]:
    lines = map(json.loads, failures_path(out).read_text().splitlines())
    return [(line["url"], line["kind"]) for line in lines]


def sends(body: str | bytes, media_type: str = "application/xml") -> Answer:
    data = body.encode() if isinstance(body, str) else body
    return lambda request, _: send_body(request, data, Content_Type=media_type)


def urlset(*urls: str, changed: str = "2026-05-01") -> str:
    items = "".join(f"<url><loc>{url}</loc><lastmod>{changed}</lastmod></url>" for url in urls)
    return f"<urlset>{items}</urlset>"


def index(*urls: str) -> str:
    items = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return f"<sitemapindex>{items}</sitemapindex>"


def test_sitemap_index_is_followed_to_its_packed_parts(tmp_path: Path, site: Site) -> None:
    packed = gzip.compress(urlset(site.url("/page/2")).encode())
    site.answers["/sitemap.xml"] = sends(index(site.url("/a.xml"), site.url("/b.xml.gz")))
    site.answers["/a.xml"] = sends(urlset(site.url("/page/1")))
    site.answers["/b.xml.gz"] = sends(packed, "application/octet-stream")
    out = tmp_path / "out.jsonl"
    summary = run([site.url("/sitemap.xml")], out)
    assert (titles(out), summary.exit_code) == (["Page 1", "Page 2"], 0)


def test_since_leaves_old_pages_and_old_parts_unfetched(tmp_path: Path, site: Site) -> None:
    part = f"<sitemap><loc>{site.url('/old.xml')}</loc><lastmod>2020-01-01</lastmod></sitemap>"
    site.answers["/sitemap.xml"] = sends(
        index(site.url("/new.xml")).replace("</sitemapindex>", part + "</sitemapindex>")
    )
    old = f"<url><loc>{site.url('/page/1')}</loc><lastmod>2020-01-01</lastmod></url></urlset>"
    site.answers["/new.xml"] = sends(urlset(site.url("/page/2")).replace("</urlset>", old))
    out = tmp_path / "out.jsonl"
    run([site.url("/sitemap.xml")], out, since=datetime(2026, 1, 1, tzinfo=UTC))
    assert titles(out) == ["Page 2"]
    assert (site.visits["/old.xml"], site.visits["/page/1"]) == (0, 0)


def test_feed_that_names_its_pages_relatively_is_read(tmp_path: Path, site: Site) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/page/3"}]}
    site.answers["/feed.json"] = sends(json.dumps(feed), "application/feed+json")
    out = tmp_path / "out.jsonl"
    run([site.url("/feed.json")], out)
    assert titles(out) == ["Page 3"]


def test_feed_without_a_telling_name_is_read_when_told_so(tmp_path: Path, site: Site) -> None:
    item = f"<item><link>{site.url('/page/4')}</link></item>"
    site.answers["/news?format=rss"] = sends(f"<rss><channel>{item}</channel></rss>", "text/html")
    out = tmp_path / "out.jsonl"
    run([site.url("/news?format=rss")], out, input_type="feed")
    assert titles(out) == ["Page 4"]


def test_list_that_cannot_be_had_is_one_failure_and_the_rest_goes_on(
    tmp_path: Path, site: Site
) -> None:
    site.answers["/sitemap.xml"] = sends(index(site.url("/lost.xml"), site.url("/a.xml")))
    site.answers["/a.xml"] = sends(urlset(site.url("/page/1")))
    out = tmp_path / "out.jsonl"
    summary = run([site.url("/sitemap.xml")], out)
    assert (titles(out), failures(out)) == (["Page 1"], [(site.url("/lost.xml"), "http_status")])
    assert summary.exit_code == 1


def test_list_that_could_not_be_had_is_asked_for_again(tmp_path: Path, site: Site) -> None:
    def later(request: BaseHTTPRequestHandler, visit: int) -> None:
        if visit == 1:
            send_status(request, 404)
        else:
            sends(urlset(site.url("/page/1")))(request, visit)

    site.answers["/sitemap.xml"] = later
    out = tmp_path / "out.jsonl"
    assert run([site.url("/sitemap.xml")], out).failed == 1
    assert run([site.url("/sitemap.xml")], out).exit_code == 0
    assert (titles(out), failures(out)) == (["Page 1"], [])


def test_list_that_a_local_index_names_is_asked_for_again(tmp_path: Path, site: Site) -> None:
    names = tmp_path / "index.xml"
    names.write_text(index(site.url("/lost.xml"), site.url("/a.xml")))
    site.answers["/a.xml"] = sends(urlset(site.url("/page/1")))
    out = tmp_path / "out.jsonl"
    for _ in range(2):
        assert run([str(names)], out).exit_code == 1
        assert failures(out) == [(site.url("/lost.xml"), "http_status")]
    site.answers["/lost.xml"] = sends(urlset(site.url("/page/2")))
    assert run([str(names)], out).exit_code == 0
    assert (titles(out), failures(out)) == (["Page 1", "Page 2"], [])


def test_rest_of_a_damaged_list_is_a_failure_until_it_can_be_read(
    tmp_path: Path, site: Site
) -> None:
    names = tmp_path / "urls.gz"
    lines = "".join(f"{site.url(f'/page/{number}')}\n" for number in range(3)).encode()
    parts = gzip.compress(lines), gzip.compress("".join(f"# {n}\n" for n in range(50_000)).encode())
    names.write_bytes(b"".join(parts)[:-4])
    out = tmp_path / "out.jsonl"
    for _ in range(2):
        run([str(names)], out)
        assert (len(titles(out)), failures(out)) == (3, [(f"{names}: the rest", "unreadable_file")])
    names.write_bytes(b"".join(parts))
    assert run([str(names)], out).exit_code == 0
    assert (len(titles(out)), failures(out)) == (3, [])


def test_index_that_lists_itself_ends(tmp_path: Path, site: Site) -> None:
    site.answers["/sitemap.xml"] = sends(index(site.url("/sitemap.xml"), site.url("/a.xml")))
    site.answers["/a.xml"] = sends(urlset(site.url("/page/1")))
    out = tmp_path / "out.jsonl"
    run([site.url("/sitemap.xml")], out)
    assert (titles(out), site.visits["/sitemap.xml"]) == (["Page 1"], 2)


def test_lists_obey_robots(tmp_path: Path, site: Site) -> None:
    site.answers["/robots.txt"] = sends("User-agent: *\nDisallow: /sitemap.xml", "text/plain")
    site.answers["/sitemap.xml"] = sends(urlset(site.url("/page/1")))
    out = tmp_path / "out.jsonl"
    run([site.url("/sitemap.xml")], out)
    assert failures(out) == [(site.url("/sitemap.xml"), "robots_disallowed")]
    assert site.visits["/sitemap.xml"] == 0


def test_lists_on_private_addresses_are_refused(tmp_path: Path, site: Site) -> None:
    public = replace(LOCAL, fetch=replace(LOCAL.fetch, allow_private=False, allow_networks=()))
    out = tmp_path / "out.jsonl"
    run([site.url("/sitemap.xml")], out, public)
    assert failures(out) == [(site.url("/sitemap.xml"), "address_refused")]
    assert site.visits.total() == 0


def test_page_that_is_no_list_is_a_failure_that_says_so(tmp_path: Path, site: Site) -> None:
    site.answers["/sitemap.xml"] = sends("<html><p>Not here<br></html>", "text/html")
    out = tmp_path / "out.jsonl"
    run([site.url("/sitemap.xml")], out)
    assert failures(out) == [(site.url("/sitemap.xml"), "unreadable_file")]


def test_dry_run_reads_lists_and_fetches_no_page(tmp_path: Path, site: Site) -> None:
    site.answers["/sitemap.xml"] = sends(urlset(site.url("/page/1"), site.url("/page/1#top")))
    said = io.StringIO()
    verdicts = dry_run([site.url("/sitemap.xml")], LOCAL, BatchOptions(), said)
    assert verdicts == {"fetch": 1, "duplicate": 1}
    assert not refused(verdicts)
    plan: list[dict[str, Any]] = [json.loads(line) for line in said.getvalue().splitlines()]
    assert [line["verdict"] for line in plan] == ["fetch", "duplicate"]
    assert site.visits["/page/1"] == 0


def test_list_behind_a_cookie_is_had_and_a_loop_is_named(tmp_path: Path, site: Site) -> None:
    def behind_a_cookie(request: BaseHTTPRequestHandler, visit: int) -> None:
        if request.headers["Cookie"] == "seen=1":
            send_body(request, urlset(site.url("/page/1")).encode(), Content_Type="text/xml")
        else:
            send_status(request, 302, Location="/a.xml", Set_Cookie="seen=1")

    site.answers["/a.xml"] = behind_a_cookie
    site.answers["/b.xml"] = lambda request, _: send_status(request, 302, Location="/b.xml")
    out = tmp_path / "out.jsonl"
    run([site.url("/a.xml"), site.url("/b.xml")], out)
    assert titles(out) == ["Page 1"]
    assert failures(out) == [(site.url("/b.xml"), "redirect_loop")]


def test_plain_text_sitemap_is_read(tmp_path: Path, site: Site) -> None:
    text = f"{site.url('/page/1')}\n\n# a comment\n{site.url('/page/2')}\n"
    site.answers["/sitemap.xml"] = sends(text.encode("utf-16"), "text/plain")
    out = tmp_path / "out.jsonl"
    assert run([site.url("/sitemap.xml")], out).exit_code == 0
    assert titles(out) == ["Page 1", "Page 2"]
