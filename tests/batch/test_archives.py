"""Batches that write web archives and batches that read them."""

from __future__ import annotations

import gzip
import io
import json
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from batching import LOCAL, Site, page_html, run, send_body, send_page, send_status

from scrubber.batch import BatchOptions
from scrubber.batch.books.ledger import failures_path
from scrubber.batch.dryrun import dry_run
from scrubber.batch.sources import read_input
from scrubber.batch.turns.domains import lane_of
from scrubber.errors import InputError, OutputError

pytest.importorskip("warcio", reason="writes archives")
pytest.importorskip("fastwarc", reason="reads archives")


def lines(path: Path) -> list[bytes]:
    return sorted(path.read_bytes().splitlines())


def written(tmp_path: Path, site: Site, count: int = 8) -> tuple[Path, Path]:
    """The output and the archive of a run with redirects, a retry and an error page."""
    site.answers["/moved"] = lambda request, _: send_status(request, 301, Location="/page/99")
    site.answers["/later"] = lambda request, visit: (
        send_status(request, 503) if visit == 1 else send_page(request, 98)
    )
    site.answers["/empty"] = lambda request, _: send_body(
        request, b"<title>Nothing</title>", Content_Type="text/html"
    )
    urls = [site.url(f"/page/{n}") for n in range(count)]
    urls += [site.url("/moved"), site.url("/later"), site.url("/gone"), site.url("/empty")]
    listed, out, warc = tmp_path / "urls.lst", tmp_path / "live.jsonl", tmp_path / "run.warc.gz"
    listed.write_text("\n".join(urls))
    run([str(listed)], out, replace(LOCAL, fetch=replace(LOCAL.fetch, warc=str(warc))))
    return out, warc


def test_run_is_repeated_from_its_archive_byte_for_byte(tmp_path: Path, site: Site) -> None:
    live, warc = written(tmp_path, site)
    site.close()
    again = tmp_path / "again.jsonl"
    summary = run([str(warc)], again)
    assert (summary.done, summary.failed) == (10, 2)
    assert lines(again) == lines(live)
    assert failed(again) == failed(live)


def test_columns_of_a_row_are_repeated_from_an_archive(tmp_path: Path, site: Site) -> None:
    table, out, warc = tmp_path / "in.csv", tmp_path / "out.jsonl", tmp_path / "x.warc.gz"
    table.write_text(f"url,topic,n\n{site.url('/page/1')},rivers,1\n{site.url('/gone')},x,2\n")
    run([str(table)], out, replace(LOCAL, fetch=replace(LOCAL.fetch, warc=str(warc))))
    again = tmp_path / "again.jsonl"
    run([str(warc)], again)
    assert lines(again) == lines(out)
    assert b'"topic":"rivers"' in out.read_bytes()


def test_url_that_was_put_off_is_one_input_of_the_archive(tmp_path: Path, site: Site) -> None:
    site.answers["/later"] = lambda request, visit: (
        send_status(request, 503, Retry_After="1") if visit == 1 else send_page(request, 98)
    )
    out, warc = tmp_path / "out.jsonl", tmp_path / "x.warc.gz"
    run([site.url("/later")], out, replace(LOCAL, fetch=replace(LOCAL.fetch, warc=str(warc))))
    (entry,) = read_input(str(warc), BatchOptions())
    assert entry.url == site.url("/later")
    assert run([str(warc)], tmp_path / "again.jsonl").done == 1


def failed(output: Path) -> list[dict[str, Any]]:
    """The failures of an output, without their moment."""
    rows = map(json.loads, failures_path(output).read_text().splitlines())
    return sorted(({**row, "at": None} for row in rows), key=lambda row: str(row["url"]))


def test_page_that_a_killed_run_did_not_record_is_one_record_of_the_archive(
    tmp_path: Path, site: Site
) -> None:
    """As the run had it that was gone on with."""
    written(tmp_path, site)
    for left in tmp_path.glob("live.jsonl*"):  # killed before anything was on the disk
        left.unlink()
    live, warc = written(tmp_path, site)
    site.close()
    again = tmp_path / "again.jsonl"
    assert run([str(warc)], again).done == 10
    assert lines(again) == lines(live)
    assert failed(again) == failed(live)


def test_new_versions_are_repeated_from_an_archive(tmp_path: Path, site: Site) -> None:
    """Of a page that goes back to an old version, too."""
    shown = iter([1, 2, 1, 2])
    site.answers["/page/1"] = lambda request, _: send_page(request, next(shown))
    out, warc = tmp_path / "live.jsonl", tmp_path / "run.warc.gz"
    options = replace(LOCAL, fetch=replace(LOCAL.fetch, warc=str(warc)))
    for number in range(4):
        run([site.url("/page/1")], out, options, refresh=number > 0)
    site.close()
    again = tmp_path / "again.jsonl"
    run([str(warc)], again)
    assert [json.loads(line)["flags"] for line in out.read_bytes().splitlines()] == [
        [],
        *[["new_version"]] * 3,
    ]
    assert lines(again) == lines(out)


def test_attempts_before_a_page_in_vain_are_repeated_from_an_archive(
    tmp_path: Path, site: Site
) -> None:
    site.answers["/empty"] = lambda request, visit: (
        send_status(request, 503, Retry_After="1")
        if visit == 1
        else send_body(request, b"<title>Nothing</title>", Content_Type="text/html")
    )
    out, warc = tmp_path / "live.jsonl", tmp_path / "run.warc.gz"
    fetch = replace(LOCAL.fetch, warc=str(warc), retries=0)
    run([site.url("/empty")], out, replace(LOCAL, fetch=fetch))
    site.close()
    again = tmp_path / "again.jsonl"
    run([str(warc)], again)
    (lost,) = map(json.loads, failures_path(out).read_text().splitlines())
    assert (lost["kind"], lost["attempts"]) == ("no_content", 2)
    assert failed(again) == failed(out)


def test_archive_is_read_once_however_often_it_is_given(tmp_path: Path, site: Site) -> None:
    _, warc = written(tmp_path, site)
    copy = tmp_path / "copy.warc.gz"
    copy.write_bytes(warc.read_bytes())
    again = tmp_path / "again.jsonl"
    assert run([str(warc), str(copy)], again).done == 10
    before = again.read_bytes()
    run([str(warc)], again)
    assert again.read_bytes() == before


def test_restart_begins_the_archive_anew(tmp_path: Path, site: Site) -> None:
    listed, out, warc = tmp_path / "urls.lst", tmp_path / "out.jsonl", tmp_path / "x.warc.gz"
    listed.write_text(site.url("/page/1"))
    options = replace(LOCAL, fetch=replace(LOCAL.fetch, warc=str(warc)))
    run([str(listed)], out, options)
    size = len(list(read_input(str(warc), BatchOptions())))
    run([str(listed)], out, options, restart=True)
    assert len(list(read_input(str(warc), BatchOptions()))) == size == 1


def test_list_of_urls_is_no_page_of_the_archive(tmp_path: Path, site: Site) -> None:
    listed = f"<urlset><url><loc>{site.url('/page/1')}</loc></url></urlset>".encode()
    site.answers["/sitemap.xml"] = lambda request, _: send_body(
        request, listed, Content_Type="application/xml"
    )
    out, warc = tmp_path / "out.jsonl", tmp_path / "x.warc.gz"
    options = replace(LOCAL, fetch=replace(LOCAL.fetch, warc=str(warc)))
    run([site.url("/sitemap.xml")], out, options)
    urls = [entry.url for entry in read_input(str(warc), BatchOptions())]
    assert urls == [site.url("/page/1")]


def test_page_that_did_not_change_is_archived_as_a_whole_answer(tmp_path: Path, site: Site) -> None:
    site.answers["/page/1"] = lambda request, visit: (
        send_body(request, page_html(1).encode(), Content_Type="text/html", ETag='"1"')
        if visit == 1
        else send_status(request, 304)
    )
    out, warc = tmp_path / "out.jsonl", tmp_path / "x.warc.gz"
    options = replace(LOCAL, fetch=replace(LOCAL.fetch, warc=str(warc)))
    run([site.url("/page/1")], out, options)
    assert run([site.url("/page/1")], out, options, refresh=True).unchanged == 1
    archived = gzip.decompress(warc.read_bytes())
    assert archived.count(b"HTTP/1.1 304") == 1
    assert b"WARC-Truncated" not in archived


def test_dry_run_writes_no_archive(tmp_path: Path, site: Site) -> None:
    warc = tmp_path / "x.warc.gz"
    options = replace(LOCAL, fetch=replace(LOCAL.fetch, warc=str(warc)))
    assert dry_run([site.url("/page/1")], options, BatchOptions(), io.StringIO()) == {"fetch": 1}
    assert not warc.exists()


def test_archive_that_breaks_off_costs_its_rest_alone(tmp_path: Path, site: Site) -> None:
    _, warc = written(tmp_path, site)
    warc.write_bytes(warc.read_bytes()[:-700])
    again = tmp_path / "again.jsonl"
    summary = run([str(warc)], again)
    assert summary.done >= 8
    told = {row["url"] for row in failed(again)}
    assert {url for url in told if "the rest" not in url} <= {site.url("/gone"), site.url("/empty")}


# ---- indexes


def index_line(form: str, url: str, offset: int, length: int, **changes: str) -> str:
    row = {
        "url": url,
        "mime": "text/html",
        "status": "200",
        "length": str(length),
        "offset": str(offset),
        "filename": "crawl/x.warc.gz",
        **changes,
    }
    if form == "json":
        return json.dumps({"urlkey": "test,a)/", "timestamp": "20260504120000", **row})
    if form == "cdxj":
        return "test,a)/ 20260504120000 " + json.dumps(row)
    columns = [row["url"], row["mime"], row["status"], "SHA", "-", "-", row["length"]]
    return " ".join(["test,a)/", "20260504120000", *columns, row["offset"], row["filename"]])


@pytest.fixture
def crawl() -> tuple[bytes, list[tuple[str, int, int]]]:
    """An archive, and where in it each of its captures stands."""
    data, places = b"", []
    for number in range(3):
        url = f"http://a.test/{number}"
        block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page_html(number).encode()
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
            "WARC-Date: 2026-05-04T12:00:00Z\r\nContent-Type: application/http\r\n"
            f"Content-Length: {len(block)}\r\n\r\n"
        )
        member = gzip.compress(head.encode() + block + b"\r\n\r\n")
        places.append((url, len(data), len(member)))
        data += member
    return data, places


@pytest.mark.parametrize("form", ["json", "cdxj", "cdx"])
def test_index_names_captures_in_an_archive_beside_it(
    form: str, crawl: tuple[bytes, list[tuple[str, int, int]]], tmp_path: Path
) -> None:
    data, places = crawl
    (tmp_path / "crawl").mkdir()
    (tmp_path / "crawl" / "x.warc.gz").write_bytes(data)
    index, out = tmp_path / "some.cdxj", tmp_path / "out.jsonl"
    index.write_text("\n".join(index_line(form, *place) for place in places[1:]))
    assert run([str(index)], out).done == 2
    titles = {json.loads(line)["title"] for line in lines(out)}
    assert titles == {"Page 1", "Page 2"}


def test_index_names_captures_in_an_archive_on_a_server(
    crawl: tuple[bytes, list[tuple[str, int, int]]], tmp_path: Path, site: Site
) -> None:
    data, places = crawl
    asked: list[str] = []

    def answer(request: BaseHTTPRequestHandler, _: int) -> None:
        asked.append(request.headers["Range"])
        first, last = map(int, asked[-1].removeprefix("bytes=").split("-"))
        request.send_response(206)
        request.send_header("Content-Length", str(last + 1 - first))
        request.end_headers()
        request.wfile.write(data[first : last + 1])

    site.answers["/data/crawl/x.warc.gz"] = answer
    index, out = tmp_path / "some.cdxj", tmp_path / "out.jsonl"
    index.write_text("\n".join(index_line("cdxj", *place) for place in places))
    run([str(index)], out, archive_base=site.url("/data/"))
    records = [json.loads(line) for line in lines(out)]
    assert {record["url"] for record in records} == {url for url, _, _ in places}
    assert {record["fetched_at"] for record in records} == {"2026-05-04T12:00:00Z"}
    assert len(asked) == 3


def test_index_leaves_out_what_is_no_page(tmp_path: Path) -> None:
    index = tmp_path / "some.cdxj"
    index.write_text(
        "\n".join(
            [
                index_line("cdxj", "http://a.test/1", 0, 9, mime="image/png"),
                index_line("cdxj", "http://a.test/2", 0, 9, status="404"),
                index_line("cdxj", "http://a.test/robots.txt", 0, 9, mime="text/plain"),
                index_line("cdxj", "http://a.test/3", 0, 9),
            ]
        )
    )
    entries = list(read_input(str(index), BatchOptions()))
    assert [entry.url for entry in entries] == ["http://a.test/3"]


def test_captures_on_a_server_fall_under_its_politeness(tmp_path: Path) -> None:
    index = tmp_path / "some.cdxj"
    index.write_text(index_line("cdxj", "http://a.test/1", 0, 9))
    options = BatchOptions(archive_base="https://data.archive.test/crawls/")
    (entry,) = read_input(str(index), options)
    assert (entry.host, entry.lane) == ("data.archive.test", lane_of("data.archive.test"))


@pytest.mark.parametrize("name", ["../x.warc.gz", "/../../etc/passwd", "a/../../x", "..\\x"])
def test_index_reaches_only_below_its_base(name: str, tmp_path: Path) -> None:
    index = tmp_path / "some.cdxj"
    index.write_text(index_line("cdxj", "http://a.test/1", 0, 9, filename=name))
    (entry,) = read_input(str(index), BatchOptions())
    assert entry.problem is not None


@pytest.mark.parametrize("line", ["rubbish", "{", '{"url": 1}', "a b {}", "[]", "a " * 11])
def test_line_that_names_no_place_is_a_failure_of_its_own(line: str, tmp_path: Path) -> None:
    index = tmp_path / "some.cdxj"
    index.write_text(line)
    (entry,) = read_input(str(index), BatchOptions())
    assert entry.problem is not None


def test_missing_archive_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_input(str(tmp_path / "none.warc.gz"), BatchOptions())


def test_command_line_reads_what_it_wrote(tmp_path: Path, site: Site) -> None:
    from scrubber.cli import main

    warc, out = tmp_path / "x.warc.gz", tmp_path / "out.jsonl"
    given: list[Any] = ["run", site.url("/page/1"), "-o", out, "--warc", warc]
    assert main([str(arg) for arg in [*given, "--allow-private", "--delay", "0"]]) == 0
    assert main(["run", str(warc), "-o", str(tmp_path / "again.jsonl")]) == 0
    assert (tmp_path / "again.jsonl").read_bytes() == out.read_bytes()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"warc": "x.zip"}, InputError),
        ({"warc": "no/such/folder/x.warc.gz"}, OutputError),
        ({"render": "auto", "browser": "/no/such/browser"}, InputError),
        ({"proxy": "socks5://x:1"}, InputError),
        ({"hosts_file": "/no/such/file"}, InputError),
        ({"allow_networks": ("10.0.0.1/8",)}, InputError),
    ],
)
def test_option_that_cannot_be_followed_ends_the_job_before_it_begins(
    changes: dict[str, Any], error: type[Exception], tmp_path: Path
) -> None:
    options = replace(LOCAL, fetch=replace(LOCAL.fetch, **changes))
    with pytest.raises(error):
        run(["http://127.0.0.1:1/"], tmp_path / "out.jsonl", options)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("rubbish", [b"no archive\n" * 99, gzip.compress(b"neither"), bytes(999)])
def test_file_without_a_record_is_no_archive(tmp_path: Path, rubbish: bytes) -> None:
    path = tmp_path / "x.warc.gz"
    path.write_bytes(rubbish)
    with pytest.raises(InputError, match="holds no WARC record"):
        read_input(str(path), BatchOptions())


def test_empty_archive_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    path.touch()
    assert list(read_input(str(path), BatchOptions())) == []
