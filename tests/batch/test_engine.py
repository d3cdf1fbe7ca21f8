"""Whole batches over loopback HTTP and local pages."""

from __future__ import annotations

import csv
import json
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from batching import LOCAL, Site, run, send_page, send_status
from outputs import urls_in

from scrubber.batch import BatchOptions
from scrubber.batch.books.ledger import failures_path, journal_path, report_path
from scrubber.batch.engine import run_batch
from scrubber.batch.telling.progress import Silence
from scrubber.batch.telling.report import read_report
from scrubber.batch.telling.tally import Tally
from scrubber.errors import InputError, OutputError


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def url_list(tmp_path: Path, urls: list[str]) -> str:
    path = tmp_path / "urls.lst"
    path.write_text("".join(f"{url}\n" for url in urls))
    return str(path)


def test_batch_itself_loads_nothing_that_reads_pages() -> None:
    code = "import sys, scrubber.batch.engine; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert not loaded & {"numpy", "selectolax", "scrubber.pipeline", "scrubber.lexicon", "httpx"}


def test_every_url_gives_one_record(tmp_path: Path, site: Site) -> None:
    urls = [site.url(f"/page/{n}", host=1 + n % 5) for n in range(20)]
    out = tmp_path / "out.jsonl"
    summary = run([url_list(tmp_path, urls)], out)
    assert sorted(record["url"] for record in lines(out)) == sorted(urls)
    assert (summary.done, summary.failed, summary.exit_code) == (20, 0, 0)


def test_failures_stand_beside_the_output_with_their_reasons(tmp_path: Path, site: Site) -> None:
    urls = [site.url("/page/1"), site.url("/gone"), "http://", "no scheme"]
    out = tmp_path / "out.jsonl"
    summary = run([url_list(tmp_path, urls)], out)
    found = {
        line["url"]: (line["stage"], line["kind"], line["status"])
        for line in lines(failures_path(out))
    }
    assert found == {
        site.url("/gone"): ("fetch", "http_status", 404),
        "http://": ("input", "invalid_url", None),
        "no scheme": ("input", "invalid_url", None),
    }
    assert summary.exit_code == 1


def test_running_again_does_nothing_twice(tmp_path: Path, site: Site) -> None:
    urls = [site.url("/page/1"), site.url("/gone")]
    out = tmp_path / "out.jsonl"
    run([url_list(tmp_path, urls)], out)
    before = out.read_bytes(), failures_path(out).read_bytes()
    summary = run([url_list(tmp_path, urls)], out)
    assert (out.read_bytes(), failures_path(out).read_bytes()) == before
    assert (site.visits["/page/1"], site.visits["/gone"], summary.exit_code) == (1, 1, 1)


def test_a_longer_list_adds_its_new_urls(tmp_path: Path, site: Site) -> None:
    out = tmp_path / "out.jsonl"
    run([url_list(tmp_path, [site.url("/page/1")])], out)
    run([url_list(tmp_path, [site.url("/page/2"), site.url("/page/1")])], out)
    assert [record["title"] for record in lines(out)] == ["Page 1", "Page 2"]


def test_retry_failed_moves_an_input_from_failures_to_output(tmp_path: Path, site: Site) -> None:
    site.answers["/page/1"] = lambda request, visit: (
        send_status(request, 404) if visit == 1 else send_page(request, 1)
    )
    urls = [site.url("/page/1"), site.url("/gone")]
    out = tmp_path / "out.jsonl"
    run([url_list(tmp_path, urls)], out)
    summary = run([url_list(tmp_path, urls)], out, retry_failed=True)
    assert [record["title"] for record in lines(out)] == ["Page 1"]
    assert [line["url"] for line in lines(failures_path(out))] == [site.url("/gone")]
    assert (summary.done, summary.failed) == (1, 1)


def test_retry_failed_of_one_kind_leaves_the_others(tmp_path: Path, site: Site) -> None:
    out = tmp_path / "out.jsonl"
    inputs = [url_list(tmp_path, [site.url("/gone"), "rubbish"])]
    run(inputs, out)
    run(inputs, out, retry_failed="invalid_url")
    assert site.visits["/gone"] == 1


def test_kind_that_no_failure_has_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InputError, match=r"'timeouts'.* kinds are .*\btimeout\b"):
        BatchOptions(retry_failed="timeouts")


@pytest.mark.parametrize("name", ["workers", "deadline_s", "memory_mb"])
@pytest.mark.parametrize("value", [0, -1, float("nan"), "2"])
def test_number_that_makes_no_sense_is_refused(name: str, value: object) -> None:
    with pytest.raises(InputError, match=f"{name} is a number above 0"):
        BatchOptions(**{name: value})  # type: ignore[arg-type]


def test_spellings_of_one_url_are_fetched_once(tmp_path: Path, site: Site) -> None:
    urls = [
        site.url("/page/1"),
        site.url("/page/1#top"),
        site.url("/page/1?utm_source=x"),
        site.url("/page/1"),
    ]
    out = tmp_path / "out.jsonl"
    summary = run([url_list(tmp_path, urls)], out)
    assert (len(lines(out)), site.visits.total(), summary.duplicates) == (1, 2, 3)  # and robots.txt


def test_columns_of_the_input_row_reach_the_record(tmp_path: Path, site: Site) -> None:
    table = tmp_path / "rows.csv"
    table.write_text(f"url,topic\n{site.url('/page/1')},rivers\n")
    out = tmp_path / "out.jsonl"
    run([str(table)], out)
    assert lines(out)[0]["input"] == {"topic": "rivers"}


def test_existing_output_without_journal_is_not_touched(tmp_path: Path, pages: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("precious\n")
    with pytest.raises(OutputError) as caught:
        run([str(pages)], out)
    assert (caught.value.kind, out.read_text()) == ("output_exists", "precious\n")
    assert not journal_path(out).exists()


def test_restart_begins_anew(tmp_path: Path, pages: Path) -> None:
    out = tmp_path / "out.jsonl"
    run([str(pages)], out)
    (pages / "00.html").unlink()
    run([str(pages)], out, restart=True)
    assert len(lines(out)) == 11


@pytest.mark.parametrize("suffix", [".jsonl", ".sqlite"])
def test_restart_writes_where_a_link_leads(tmp_path: Path, pages: Path, suffix: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    link, target = tmp_path / f"out{suffix}", disk / f"out{suffix}"
    link.symlink_to(target)
    for restart in (False, True):
        run([str(pages)], link, restart=restart)
        assert link.is_symlink()
        assert [path.name for path in disk.iterdir()] == [target.name]
        assert target.stat().st_size


def test_output_that_was_cut_is_noticed(tmp_path: Path, pages: Path) -> None:
    out = tmp_path / "out.jsonl"
    run([str(pages)], out)
    out.unlink()
    with pytest.raises(OutputError, match="shorter"):
        run([str(pages)], out)


def test_what_stands_beyond_the_mark_is_taken_off(tmp_path: Path, pages: Path) -> None:
    out = tmp_path / "out.jsonl"
    run([str(pages)], out)
    with out.open("a") as file:
        file.write('{"url": "written by a killed run')
    run([str(pages)], out)
    assert len(lines(out)) == 12


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.failures.jsonl"])
def test_input_that_the_run_would_overwrite_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text('{"url": "https://a.example/"}\n')
    with pytest.raises(OutputError, match="is an input and belongs to the output too"):
        run([str(path)], tmp_path / "out.jsonl", restart=True)
    assert path.read_text() == '{"url": "https://a.example/"}\n'


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.failures.jsonl", "pages/00.html"])
@pytest.mark.parametrize("kind", ["log", "warc"])
def test_log_or_archive_in_anothers_place_is_refused(
    tmp_path: Path, pages: Path, kind: str, name: str
) -> None:
    before = (pages / "00.html").read_bytes()
    fetch, batch = LOCAL.fetch, {}
    if kind == "log":
        batch["log"] = tmp_path / name
    else:
        fetch = replace(fetch, warc=str(tmp_path / name))
    with pytest.raises(OutputError, match="belongs to the output"):
        run([str(pages / "00.html")], tmp_path / "out.jsonl", replace(LOCAL, fetch=fetch), **batch)
    assert (pages / "00.html").read_bytes() == before
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("restart", [False, True])
def test_file_that_is_no_journal_is_left_alone(tmp_path: Path, pages: Path, restart: bool) -> None:
    journal = journal_path(tmp_path / "out.jsonl")
    journal.write_text("A diary, not a database.\n" * 50)
    with pytest.raises(OutputError, match="remove it, then --restart begins anew"):
        run([str(pages)], tmp_path / "out.jsonl", restart=restart)
    assert journal.read_text().startswith("A diary")


@pytest.mark.parametrize("read", [read_report, lambda out: run(["https://a.example/"], out)])
def test_damaged_journal_is_told_with_the_way_on(
    tmp_path: Path, pages: Path, read: Callable[[Path], object]
) -> None:
    out = tmp_path / "out.jsonl"
    run([str(pages)], out)
    journal = journal_path(out)
    head, rest = journal.read_bytes()[:4096], len(journal.read_bytes()) - 4096
    journal.write_bytes(head + b"X" * rest)
    with pytest.raises(OutputError, match="is damaged; remove it, then --restart begins anew"):
        read(out)


def test_display_is_closed_whatever_ends_the_job(tmp_path: Path, site: Site) -> None:
    class Shown(Silence):
        closed = False

        def close(self, tally: Tally) -> None:
            self.closed = True

    out, display = tmp_path / "out.jsonl", Shown()

    def remove(request: BaseHTTPRequestHandler, _: int) -> None:
        out.unlink()
        send_page(request, 1)

    site.answers["/page/1"] = remove
    with pytest.raises(OutputError, match="was removed"):
        run_batch([site.url("/page/1")], out, LOCAL, BatchOptions(workers=1), lambda: display)
    assert display.closed


def test_output_folder_that_does_not_exist_is_a_clear_error(tmp_path: Path, pages: Path) -> None:
    with pytest.raises(OutputError, match=r"there is no folder .*; make it first"):
        run([str(pages)], tmp_path / "missing" / "out.jsonl")


def test_unknown_suffix_names_the_known_ones(tmp_path: Path, pages: Path) -> None:
    with pytest.raises(OutputError, match=r"\.parquet"):
        run([str(pages)], tmp_path / "out.docx")


def test_unknown_field_is_refused_before_anything_is_written(tmp_path: Path, pages: Path) -> None:
    with pytest.raises(OutputError, match="titel"):
        run([str(pages)], tmp_path / "out.jsonl", fields=("titel",))
    assert [path.name for path in tmp_path.iterdir()] == ["pages"]


def test_fields_choose_and_order_the_columns(tmp_path: Path, pages: Path) -> None:
    out = tmp_path / "out.csv"
    run([str(pages)], out, fields=("word_count", "title"))
    rows = list(csv.reader(out.read_text().splitlines()))
    assert rows[0] == ["word_count", "title"]
    assert sorted(row[1] for row in rows[1:])[0] == "Page 0"


def test_changed_fields_cannot_be_mixed_into_one_output(tmp_path: Path, pages: Path) -> None:
    out = tmp_path / "out.csv"
    run([str(pages)], out)
    with pytest.raises(OutputError, match="--fields"):
        run([str(pages)], out, fields=("title",))


def test_ordered_output_follows_the_input(tmp_path: Path, site: Site) -> None:
    urls = [site.url(f"/page/{n}", host=1 + n % 3) for n in range(15)]
    urls.insert(4, site.url("/gone"))
    out = tmp_path / "out.jsonl"
    run([url_list(tmp_path, urls)], out, ordered=True)
    assert [record["title"] for record in lines(out)] == [f"Page {n}" for n in range(15)]


def test_wrong_input_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        run(["missing.txt"], tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


def test_server_that_asks_for_patience_gets_it(tmp_path: Path, site: Site) -> None:
    def busy(request: BaseHTTPRequestHandler, visit: int) -> None:
        if visit <= 3:  # the fetcher's own attempts are used up: the entry must be deferred
            send_status(request, 503, Retry_After="1")
        else:
            send_page(request, 1)

    site.answers["/page/1"] = busy
    urls = [site.url("/page/1"), *[site.url(f"/page/{n}", host=2) for n in range(2, 6)]]
    out = tmp_path / "out.jsonl"
    summary = run([url_list(tmp_path, urls)], out)
    assert (summary.done, summary.failed) == (5, 0)
    assert "Page 1" in {line["title"] for line in lines(out)}


def test_reset_connections_are_failures_and_the_rest_goes_on(tmp_path: Path, site: Site) -> None:
    def reset(request: BaseHTTPRequestHandler, visit: int) -> None:
        linger = struct.pack("ii", 1, 0)
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        request.close_connection = True
        request.connection.close()

    site.answers["/reset"] = reset
    out = tmp_path / "out.jsonl"
    summary = run([url_list(tmp_path, [site.url("/reset"), site.url("/page/1")])], out)
    assert (summary.done, summary.failed) == (1, 1)
    (failure,) = lines(failures_path(out))
    assert failure["stage"] == "fetch"
    assert failure["message"].endswith("/reset: the connection broke: Connection reset by peer")


def test_max_failures_stops_the_job(tmp_path: Path, site: Site) -> None:
    urls = [site.url(f"/gone/{n}") for n in range(30)]
    out = tmp_path / "out.jsonl"
    summary = run([url_list(tmp_path, urls)], out, max_failures=3, commit_interval_s=0)
    assert summary.stopped == "max_failures"
    assert summary.waiting > 0


def test_job_that_was_asked_to_stop_when_nothing_was_left_is_complete(
    tmp_path: Path, site: Site
) -> None:
    urls = [site.url("/page/1"), site.url("/gone/2"), site.url("/gone/3")]  # one after the other
    out = tmp_path / "out.parquet"
    summary = run([url_list(tmp_path, urls)], out, max_failures=1)
    assert (summary.stopped, summary.failed, summary.exit_code) == (None, 2, 1)
    assert urls_in(out) == [site.url("/page/1")]


@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz", "jsonl.zst", "csv", "md"])
def test_second_run_on_one_output_is_refused(tmp_path: Path, pages: Path, suffix: str) -> None:
    from scrubber.batch import BatchOptions
    from scrubber.batch.books.ledger import Ledger

    out = tmp_path / f"out.{suffix}"
    first = Ledger(out, BatchOptions())
    first.open()
    try:
        with pytest.raises(OutputError) as caught:
            run([str(pages)], out)
        assert caught.value.kind == "output_locked"
    finally:
        first.close()


def test_report_counts_what_the_batch_came_to(tmp_path: Path, site: Site) -> None:
    out = tmp_path / "out.jsonl"
    urls = [site.url("/page/1"), site.url("/page/2", host=2), site.url("/gone")]
    run([url_list(tmp_path, urls)], out)
    report = json.loads(report_path(out).read_text())
    assert (report["inputs"]["done"], report["failures"]) == (2, {"http_status": 1})
    assert report["languages"] == {"en": 2}
    for stage in ("fetch", "extract", "clean", "write"):
        assert set(report["seconds"][stage]) == {"p50", "p95", "p99"}
    assert {host["host"] for host in report["slowest_hosts"]} == {
        f"127.0.0.1:{site.port}",
        f"127.0.0.2:{site.port}",
    }


def test_plain_text_is_read_and_cleaned_but_not_extracted(tmp_path: Path) -> None:
    page = tmp_path / "note.txt"
    page.write_text("A line of plain text that stands in a file.\n")
    out = tmp_path / "out.jsonl"
    run([str(page)], out, input_type="page")
    seconds = json.loads(report_path(out).read_text())["seconds"]
    assert [stage for stage, times in seconds.items() if times] == ["fetch", "clean", "write"]


def test_log_has_a_line_for_every_input(tmp_path: Path, site: Site) -> None:
    log = tmp_path / "log.jsonl"
    urls = [site.url("/page/1"), site.url("/gone")]
    run([url_list(tmp_path, urls)], tmp_path / "out.jsonl", log=log)
    assert {line["url"]: line["outcome"] for line in lines(log)} == {
        urls[0]: "done",
        urls[1]: "failed",
    }


def test_refresh_adds_only_what_changed(tmp_path: Path, site: Site) -> None:
    site.answers["/page/1"] = lambda request, visit: send_page(request, visit)
    inputs = [url_list(tmp_path, [site.url("/page/1"), site.url("/page/2")])]
    out = tmp_path / "out.jsonl"
    run(inputs, out)
    run(inputs, out, refresh=True)
    assert sorted(record["title"] for record in lines(out)) == ["Page 1", "Page 2", "Page 2"]
    assert site.visits["/page/2"] == 2


def test_host_that_does_not_answer_is_given_up(tmp_path: Path, site: Site) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.9", 0))
        dead = closed.getsockname()[1]
    urls = [f"http://127.0.0.9:{dead}/{n}" for n in range(12)]
    fetch = replace(
        LOCAL.fetch, max_host_failures=2, host_pause_s=2.0, retries=0, respect_robots=False
    )
    out = tmp_path / "out.jsonl"
    inputs = [url_list(tmp_path, [*urls, site.url("/page/1")])]
    summary = run(inputs, out, replace(LOCAL, fetch=fetch))
    kinds = [line["kind"] for line in lines(failures_path(out))]
    assert (summary.done, len(kinds)) == (1, 12)
    assert kinds.count("host_paused") >= 6


def test_one_slow_host_does_not_slow_the_others(tmp_path: Path, site: Site) -> None:
    order: list[str] = []
    release = threading.Event()

    def slow(request: BaseHTTPRequestHandler, visit: int) -> None:
        release.wait(200)
        order.append("slow")
        send_page(request, 0)

    def quick(request: BaseHTTPRequestHandler, visit: int) -> None:
        order.append("quick")
        if order.count("quick") == 8:
            release.set()
        send_page(request, 1)

    site.answers.update({"/slow": slow, **{f"/quick/{n}": quick for n in range(8)}})
    urls = [site.url("/slow"), *[site.url("/slow?{n}") for n in range(20)]]
    urls += [site.url(f"/quick/{n}", host=2) for n in range(8)]
    patient = replace(LOCAL.fetch, timeout_s=300.0, idle_s=300.0)
    options = replace(LOCAL, concurrency=2, fetch=patient)
    run([url_list(tmp_path, urls)], tmp_path / "out.jsonl", options)
    assert order[:9] == ["quick"] * 8 + ["slow"]
