"""What goes wrong around a batch: disks, clocks, servers, folders, lists without end."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from batching import LOCAL, Site, page_html, run, send_page, send_status
from ledgers import add, failure, opened, record
from outputs import FORMATS, urls_in

from scrubber.batch import BatchOptions
from scrubber.batch.books.journal import Journal
from scrubber.batch.books.ledger import Ledger, failures_path, journal_path
from scrubber.batch.sources import read_input
from scrubber.batch.sources.lists import url_entry
from scrubber.errors import OutputError

ROOT = Path(__file__).resolve().parents[2]


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


# ---- the disk ------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [name for name in FORMATS if name != "sqlite"])
@pytest.mark.parametrize("seed", range(2))
def test_disk_that_fills_at_any_moment_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, seed: int
) -> None:
    """Every call that writes fails one time in four; the job is resumed until it is done."""
    dice, out, failed = random.Random(f"{suffix} {seed}"), tmp_path / f"out.{suffix}", 0

    def treacherous(call: Callable[..., Any]) -> Callable[..., Any]:
        def attempt(*args: Any, **named: Any) -> Any:
            if dice.random() < 0.25:
                raise OSError(errno.ENOSPC, "No space left on device")
            return call(*args, **named)

        return attempt

    with opened(out) as ledger:
        add(ledger, 24)
    with monkeypatch.context() as patch:
        for owner, name in ((os, "write"), (os, "fsync"), (os, "link"), (Path, "replace")):
            patch.setattr(owner, name, treacherous(getattr(owner, name)))
        for _ in range(400):
            try:
                with opened(out) as ledger:
                    while entries := ledger.journal.waiting(0, 3):
                        ledger.settle([failure(entries[0]), *(record(out, e) for e in entries[1:])])
                    ledger.finish()
                    break
            except OutputError:
                failed += 1
                urls_in(out)  # readable after every accident
    told = [line["url"] for line in lines(failures_path(out))]
    assert failed > 0
    assert sorted([*urls_in(out), *told]) == sorted(f"u{n}" for n in range(24))


@pytest.mark.parametrize("suffix", FORMATS)
def test_journal_never_runs_ahead_of_what_is_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    """Losing power right after a commit must find every file that the commit speaks of."""
    out, durable = tmp_path / f"out.{suffix}", dict[str, int]()
    fsync = os.fsync

    def watch(descriptor: int) -> None:
        fsync(descriptor)
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        size = path.stat().st_size if path.is_file() else len(list(path.iterdir()))
        durable[path.name] = size

    commits = []
    keep = Journal.keep

    def check(journal: Journal, name: str, value: Any) -> None:
        if name == "failures_mark" and value:
            commits.append(name)
            assert durable[failures_path(out).name] >= value
        if name == "mark" and value and suffix not in ("sqlite", "parquet", "md"):
            commits.append(name)
            assert durable[out.name] >= value
        if name == "mark" and value and suffix in ("parquet", "md"):
            commits.append(name)
            assert durable[out.name] >= value  # the folder, with so many names in it
        keep(journal, name, value)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("needs /proc to see which file was synced")
    monkeypatch.setattr(os, "fsync", watch)
    monkeypatch.setattr(Journal, "keep", check)
    with opened(out) as ledger:
        first, *others = add(ledger, 9)
        ledger.settle([failure(first)])
        for entry in others:
            ledger.settle([record(out, entry)])
        ledger.finish()
    assert "failures_mark" in commits
    assert "mark" in commits or suffix == "sqlite"


@pytest.mark.parametrize("suffix", ["jsonl", "md", "parquet", "sqlite"])
def test_output_folder_that_is_removed_ends_the_job(
    tmp_path: Path, site: Site, suffix: str
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()

    def remove(request: BaseHTTPRequestHandler, _: int) -> None:
        shutil.rmtree(folder)
        send_page(request, 2)

    site.answers["/page/2"] = remove
    urls = [site.url(f"/page/{n}") for n in range(1, 5)]
    with pytest.raises(OutputError, match="was removed"):
        run(urls, folder / f"out.{suffix}", commit_interval_s=0)


def test_output_file_that_is_removed_ends_the_job(tmp_path: Path, site: Site) -> None:
    out = tmp_path / "out.jsonl"

    def remove(request: BaseHTTPRequestHandler, _: int) -> None:
        out.unlink()
        send_page(request, 2)

    site.answers["/page/2"] = remove
    with pytest.raises(OutputError, match="was removed"):
        run([site.url(f"/page/{n}") for n in (1, 2)], out, commit_interval_s=0)


@pytest.fixture
def unprivileged() -> Iterator[Path]:
    """A folder, and nobody's rights in it: root may write even what is read-only."""
    folder = Path(tempfile.mkdtemp())
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
        yield folder
        os.seteuid(0)
    else:
        yield folder
    shutil.rmtree(folder)


def test_read_only_journal_is_a_clear_error(unprivileged: Path) -> None:
    out = unprivileged / "out.jsonl"
    with opened(out) as ledger:
        add(ledger, 1)
    journal_path(out).chmod(0o444)
    with pytest.raises(OutputError, match="journal cannot be opened: Permission denied"):
        Ledger(out, BatchOptions()).open()


def test_folder_that_cannot_be_read_is_a_failure_and_costs_no_page(unprivileged: Path) -> None:
    for name in ("a", "b"):
        (unprivileged / name).mkdir()
        (unprivileged / name / "x.html").write_text(page_html(1))
    (unprivileged / "a").chmod(0)
    lost, page = sorted(read_input(str(unprivileged), BatchOptions()), key=lambda e: e.url)
    (unprivileged / "a").chmod(0o700)
    assert page.problem is None
    assert lost.problem == ("unreadable_file", f"{lost.url} cannot be read: Permission denied")
    assert lost.url == str(unprivileged / "a")


def test_restart_leaves_files_alone_that_no_batch_made(tmp_path: Path, pages: Path) -> None:
    out = tmp_path / "out.md"
    run([str(pages)], out)
    (out / "README.md").write_text("precious")
    run([str(pages)], out, restart=True)
    assert (out / "README.md").read_text() == "precious"
    assert len(list(out.glob("*.md"))) == 13


def test_journal_of_another_version_is_refused_until_restart(tmp_path: Path, pages: Path) -> None:
    out = tmp_path / "out.jsonl"
    run([str(pages)], out)
    journal = Journal(journal_path(out))
    journal._db.execute("PRAGMA user_version = 1")
    journal.close()
    with pytest.raises(OutputError, match="--restart"):
        run([str(pages)], out)
    assert run([str(pages)], out, restart=True).done == 12


# ---- the clock -----------------------------------------------------------------------------------


def test_clock_that_jumped_back_leaves_nothing_deferred_for_ever(
    tmp_path: Path, site: Site
) -> None:
    out = tmp_path / "out.jsonl"
    with opened(out) as ledger:
        ledger.add([url_entry(site.url("/page/1"))])
        (entry,) = ledger.journal.waiting(0, 1)
        ledger.settle([replace(failure(entry), failure=None, not_before=time.time() + 1e7)])
    assert run([site.url("/page/1")], out).done == 1


# ---- servers -------------------------------------------------------------------------------------


def test_server_that_is_busy_for_a_while_is_asked_until_it_answers(
    tmp_path: Path, site: Site
) -> None:
    site.answers["/page/1"] = lambda request, visit: (
        send_status(request, 503) if visit < 8 else send_page(request, 1)
    )
    options = replace(LOCAL, fetch=replace(LOCAL.fetch, backoff_s=0.001))
    summary = run([site.url("/page/1")], tmp_path / "out.jsonl", options, busy_wait_s=0.01)
    assert (summary.done, summary.failed) == (1, 0)


def test_retry_after_as_a_date_is_obeyed(tmp_path: Path, site: Site) -> None:
    asked: list[float] = []

    def busy(request: BaseHTTPRequestHandler, visit: int) -> None:
        asked.append(time.time())
        if visit == 1:
            send_status(request, 429, Retry_After=formatdate(asked[0] + 2, usegmt=True))
        else:
            send_page(request, 1)

    site.answers["/page/1"] = busy
    assert run([site.url("/page/1")], tmp_path / "out.jsonl").done == 1
    assert asked[1] >= int(asked[0]) + 2 - 0.01


def test_url_that_is_put_off_holds_no_place(tmp_path: Path, site: Site) -> None:
    order: list[str] = []

    def busy(request: BaseHTTPRequestHandler, _: int) -> None:
        order.append("busy")
        send_status(request, 503, Retry_After="3000")

    def quick(request: BaseHTTPRequestHandler, _: int) -> None:
        order.append("quick")
        send_page(request, 2)

    site.answers.update({"/busy": busy, "/quick/1": quick, "/quick/2": quick})
    urls = [site.url("/busy"), site.url("/quick/1", host=2), site.url("/quick/2", host=2)]
    # The last one's failure ends the job, long before the busy server may be asked again.
    urls.append(site.url("/gone", host=2))
    options = replace(LOCAL, concurrency=1)
    summary = run(urls, tmp_path / "out.jsonl", options, max_failures=0)
    assert order == ["busy", "quick", "quick"]
    assert (summary.done, summary.waiting) == (2, 1)


def test_crawl_delay_is_waited_for_without_holding_a_place(tmp_path: Path, site: Site) -> None:
    order: list[str] = []

    def robots(request: BaseHTTPRequestHandler, _: int) -> None:
        slow = request.headers["Host"].startswith("127.0.0.1:")
        send_text(request, "User-agent: *\nCrawl-delay: 2500\n" if slow else "")

    def noted(request: BaseHTTPRequestHandler, _: int) -> None:
        order.append(request.headers["Host"].partition(":")[0][-1])
        send_page(request, 1)

    paths = [f"/noted/{n}" for n in range(6)]
    site.answers.update({"/robots.txt": robots, **dict.fromkeys(paths, noted)})
    urls = [site.url(paths[0]), site.url(paths[1])]
    # The last one's failure ends the job, long before the slow host may be asked again.
    urls += [site.url(path, host=2) for path in [*paths[2:], "/gone"]]
    fetch = replace(LOCAL.fetch, max_crawl_delay_s=3000)
    options = replace(LOCAL, concurrency=1, fetch=fetch)
    run(urls, tmp_path / "out.jsonl", options, max_failures=0)
    assert order == ["1", "2", "2", "2", "2"]


def send_text(request: BaseHTTPRequestHandler, text: str) -> None:
    request.send_response(200)
    request.send_header("Content-Type", "text/plain")
    request.send_header("Content-Length", str(len(text)))
    request.end_headers()
    request.wfile.write(text.encode())


def test_hosts_on_one_address_are_asked_one_at_a_time(tmp_path: Path, site: Site) -> None:
    lock, most, now = threading.Lock(), 0, 0

    def count(request: BaseHTTPRequestHandler, _: int) -> None:
        nonlocal most, now
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.05)
        with lock:
            now -= 1
        send_page(request, 1)

    paths = [f"/counted/{n}" for n in range(4)]
    site.answers.update(dict.fromkeys(paths, count))
    hosts = ["127.0.0.1", "localhost"]
    urls = [f"http://{hosts[n % 2]}:{site.port}{path}" for n, path in enumerate(paths)]
    options = replace(LOCAL, fetch=replace(LOCAL.fetch, respect_robots=False))
    assert run(urls, tmp_path / "out.jsonl", options).done == 4
    assert most == 1


def test_server_that_drips_costs_its_own_page_only(tmp_path: Path, site: Site) -> None:
    def drip(request: BaseHTTPRequestHandler, _: int) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/html")
        request.send_header("Content-Length", "100000")
        request.end_headers()
        try:
            for _ in range(200):
                request.wfile.write(b"<p>")
                time.sleep(0.05)
        except OSError:
            request.close_connection = True

    site.answers["/drip"] = drip
    out = tmp_path / "out.jsonl"
    fetch = replace(LOCAL.fetch, timeout_s=1.0, retries=0, respect_robots=False)
    (tmp_path / "here.html").write_text(page_html(1))  # no slowness of this machine costs it
    inputs = [site.url("/drip"), str(tmp_path / "here.html")]
    summary = run(inputs, out, replace(LOCAL, fetch=fetch))
    assert (summary.done, [line["kind"] for line in lines(failures_path(out))]) == (1, ["timeout"])


# ---- runs and lists ------------------------------------------------------------------------------


def test_second_process_on_one_output_is_refused_and_the_first_goes_on(
    tmp_path: Path, site: Site
) -> None:
    said: list[subprocess.CompletedProcess[str]] = []
    out = tmp_path / "out.jsonl"

    def intrude(request: BaseHTTPRequestHandler, _: int) -> None:
        command = [sys.executable, "-m", "scrubber", "run", site.url("/page/2"), "-o", str(out)]
        said.append(subprocess.run(command, capture_output=True, text=True, check=False))
        send_page(request, 1)

    site.answers["/page/1"] = intrude
    options = replace(LOCAL, fetch=replace(LOCAL.fetch, timeout_s=300.0, idle_s=300.0))
    assert run([site.url("/page/1")], out, options).done == 1
    assert said[0].returncode == 2
    assert "another run is writing this output" in said[0].stderr


def test_list_on_standard_input_is_begun_before_it_ends(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    code = (
        "import sys; from scrubber.batch.engine import run_batch;"
        "sys.exit(run_batch(['-'], sys.argv[1]).exit_code)"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(out)],
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdin is not None
    rubbish = b"".join(b"rubbish %d\n" % number for number in range(65))
    process.stdin.write(rubbish)
    process.stdin.flush()
    while not (failures_path(out).exists() and failures_path(out).read_bytes()):
        assert process.poll() is None
        time.sleep(0.05)
    process.stdin.close()
    assert process.wait() == 1
    assert len(lines(failures_path(out))) == 65


def test_folder_on_a_file_system_without_links_is_written(
    tmp_path: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert run([str(pages)], tmp_path / "out.md").done == 12
    assert len(urls_in(tmp_path / "out.md")) == 12
    assert not list((tmp_path / "out.md").glob(".scrubber-*"))


def test_file_names_in_no_encoding_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    folder.mkdir()
    for name in (b"\xff\xfe.html", b"\xff\xfd.html", b'a #?%20b";\n.html'):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_text(page_html(1))
    for out in (tmp_path / "out.jsonl", tmp_path / "out.md"):
        assert run([str(folder)], out).done == 3
        assert len(urls_in(out)) == 3


def test_half_a_character_in_a_column_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page_html(1))
    (tmp_path / "rows.jsonl").write_text('{"url": "a.html", "note": "\\ud800!"}\n')
    assert run([str(tmp_path / "rows.jsonl")], tmp_path / "out.jsonl").done == 1
    assert lines(tmp_path / "out.jsonl")[0]["input"] == {"note": "?!"}
