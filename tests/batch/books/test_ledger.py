"""Output, failures file and journal are settled together: every order of death between them."""

from __future__ import annotations

import errno
import itertools
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ledgers import add, failure, opened, record
from outputs import FORMATS, urls_in

from scrubber.batch import BatchOptions
from scrubber.batch.books.journal import Journal
from scrubber.batch.books.ledger import Ledger, failures_path, journal_path
from scrubber.batch.entries import Entry, Facts, Outcome
from scrubber.clean import CleanOptions
from scrubber.errors import OutputError
from scrubber.extract import ExtractOptions
from scrubber.fetch import FetchOptions
from scrubber.options import Options


@pytest.mark.parametrize("suffix", FORMATS)
def test_records_written_but_not_settled_are_taken_back(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out.{suffix}"
    with opened(out) as ledger:
        entries = add(ledger, 4)
        ledger.settle([record(out, entries[0])])
        ledger._drain(everything=True)
        # Killed after the write and before the settling:
        ledger._write([record(out, entry).payload or b"" for entry in entries[1:3]])
    with opened(out) as ledger:
        assert urls_in(out) == ["u0"]
        assert [entry.url for entry in ledger.journal.waiting(0, 9)] == ["u1", "u2", "u3"]
        ledger.settle([record(out, entry) for entry in entries[1:]])
        ledger.finish()
    assert urls_in(out) == ["u0", "u1", "u2", "u3"]


def test_failures_written_but_not_settled_are_taken_back(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with opened(out) as ledger:
        entries = add(ledger, 2)
        ledger.settle([failure(entries[0])])
        ledger._failures.append(b'{"url": "u1"}\n{"half')
    with opened(out):
        assert failures_path(out).read_text().count("\n") == 1


def test_killed_between_reopening_failures_and_rewriting_their_file(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with opened(out) as ledger:
        ledger.settle([failure(entry) for entry in add(ledger, 3)])
        with ledger.journal.transaction():
            ledger.journal.reopen(None)
            ledger.journal.keep("failures_mark", None)
    with opened(out) as ledger:
        assert failures_path(out).read_bytes() == b""
        assert ledger.journal.counts()["waiting"] == 3


def test_what_was_in_flight_waits_again(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with opened(out) as ledger:
        add(ledger, 2)
        ledger.settle([], taken=[1])
        assert ledger.journal.counts()["in_flight"] == 1
    with opened(out) as ledger:
        assert ledger.journal.counts()["waiting"] == 2


def test_deferred_entries_stay_deferred_until_their_time(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with opened(out) as ledger:
        (entry,) = add(ledger, 1)
        ledger.settle([Outcome(entry, not_before=2_000_000_000.0)])
    with opened(out) as ledger:
        assert ledger.journal.due(1_999_999_999.0, 9) == []
        assert [due.attempts for due in ledger.journal.due(2_000_000_000.0, 9)] == [1]


def test_other_spellings_are_recorded_as_duplicates(tmp_path: Path) -> None:
    with opened(tmp_path / "out.jsonl") as ledger:
        ledger.add([Entry(url="first", key="k"), Entry(url="second", key="k")])
        ledger.add([Entry(url="first", key="k"), Entry(url="second", key="k")])
        assert ledger.journal.query("SELECT url, entry FROM duplicate") == [("second", 1)]


def test_clock_that_jumps_back_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"
    with opened(out) as ledger:
        entries = add(ledger, 2)
        ledger.settle([record(out, entries[0])])
        monkeypatch.setattr("scrubber.batch.books.journal.time.time", lambda: 0.0)
        ledger.settle([record(out, entries[1])])
    assert urls_in(out) == ["u0", "u1"]


def test_part_is_full_by_its_bytes_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.parquet"
    with opened(out) as ledger:
        outcomes = [record(out, entry) for entry in add(ledger, 5)]
        size = len(outcomes[0].payload or b"")
        monkeypatch.setattr("scrubber.batch.books.ledger._PART_BYTES", 2 * size - 1)
        for outcome in outcomes:
            ledger.settle([outcome])
        assert urls_in(out) == ["u0", "u1", "u2", "u3"]
        ledger.finish()
    assert urls_in(out) == ["u0", "u1", "u2", "u3", "u4"]
    assert len(list(out.iterdir())) == 3


def test_part_of_many_records_has_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyarrow import parquet

    monkeypatch.setattr("scrubber.batch.writers.parquet._GROUP_ROWS", 2)
    out = tmp_path / "out.parquet"
    with opened(out) as ledger:
        ledger.settle([record(out, entry) for entry in add(ledger, 5)])
        ledger.finish()
    (part,) = out.iterdir()
    assert parquet.ParquetFile(part).num_row_groups == 3
    assert urls_in(out) == ["u0", "u1", "u2", "u3", "u4"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_held_records_are_written_few_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    for bound in ("_SPOOL_BYTES", "_PART_BYTES"):
        monkeypatch.setattr(f"scrubber.batch.books.ledger.{bound}", 1)
    out = tmp_path / f"out.{suffix}"
    with opened(out, ordered=True) as ledger:
        first, *others = add(ledger, 4)
        ledger.settle([record(out, entry) for entry in others])
        assert ledger.journal.spool_size() > (2, 0)
        assert ledger.journal.spool_size(in_order=True) == (0, 0)
        ledger.settle([record(out, first)])
        assert ledger.journal.spool_size() == (0, 0)
    assert urls_in(out) == ["u0", "u1", "u2", "u3"]


@pytest.mark.parametrize("suffix", FORMATS)
def test_record_bears_its_share_of_the_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    ticks = itertools.count()
    out = tmp_path / f"out.{suffix}"
    with opened(out) as ledger:
        entries = add(ledger, 4)
        outcomes = [
            replace(record(out, entry), facts=Facts(write_s=10.0 * entry.id)) for entry in entries
        ]
        monkeypatch.setattr("scrubber.batch.books.ledger.perf_counter", lambda: next(ticks))
        ledger.settle(outcomes)
        ledger.finish()
        rows = ledger.journal.query("SELECT write_s FROM entry ORDER BY id")
    assert rows == [(10.25,), (20.25,), (30.25,), (40.25,)]


@pytest.mark.parametrize("suffix", FORMATS)
def test_full_disk_leaves_whole_records_and_a_job_to_resume(tmp_path: Path, suffix: str) -> None:
    """A process whose files may not grow beyond a bound fails as on a full disk."""
    out = tmp_path / f"out.{suffix}"
    done = _settle_in_child(out, limit_bytes=150_000)
    assert done.returncode == 3, done.stderr
    assert "cannot be written" in done.stderr
    before = urls_in(out)
    again = _settle_in_child(out, limit_bytes=None)
    assert again.returncode == 0, again.stderr
    assert set(before) < set(urls_in(out))
    assert urls_in(out) == sorted(f"u{n}" for n in range(300))


def _settle_in_child(out: Path, limit_bytes: int | None) -> subprocess.CompletedProcess[str]:
    """Settle 300 records of 2 KB that do not compress, ten at a time, under the bound."""
    code = """
import os, resource, signal, sys
sys.path[:0] = sys.argv[3:]
from pathlib import Path
from ledgers import Entry, opened, record
from scrubber.clean import CleanOptions
from scrubber.errors import OutputError
from scrubber.extract import ExtractOptions
from scrubber.fetch import FetchOptions
from scrubber.options import Options
out, limit = Path(sys.argv[1]), int(sys.argv[2])
try:
    with opened(out) as ledger:
        ledger.add([Entry(url=f"u{n}", key=f"u{n}", host="h") for n in range(300)])
        if limit:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        while entries := ledger.journal.waiting(0, 10):
            ledger.settle([record(out, entry, os.urandom(1000).hex()) for entry in entries])
        ledger.finish()
except OutputError as error:
    print(error, file=sys.stderr)
    sys.exit(3)
"""
    here = Path(__file__).resolve().parent
    return subprocess.run(
        [
            sys.executable,
            "-c",
            code,
            str(out),
            str(limit_bytes or 0),
            *(str(folder) for folder in (here, here.parent, here.parents[2])),
        ],
        capture_output=True,
        text=True,
        check=False,
    )


def test_failed_append_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"
    with opened(out) as ledger:
        entries = add(ledger, 2)
        ledger.settle([record(out, entries[0])])
        before = out.read_bytes()
        write = os.write

        def half(descriptor: int, data: bytes) -> int:
            if len(data) < 100:
                raise OSError(errno.ENOSPC, "No space left on device")
            return write(descriptor, data[: len(data) // 2])

        monkeypatch.setattr("scrubber.batch.writers.base.os.write", half)
        with pytest.raises(OutputError, match="No space left"):
            ledger.settle([record(out, entries[1])])
        assert out.read_bytes() == before


def test_journal_of_something_else_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    journal_path(out).write_bytes(
        b"this is no database, but it is long enough to be looked at" * 99
    )
    with pytest.raises(OutputError, match="journal"), opened(out):
        pass
    assert journal_path(out).exists()


def test_journal_can_be_read_while_it_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with opened(out) as ledger:
        ledger.settle([record(out, add(ledger, 1)[0])])
        reader = Journal(journal_path(out), read_only=True)
        assert reader.counts()["done"] == 1
        reader.close()


def test_markdown_never_overwrites_a_file_that_stands_there(tmp_path: Path) -> None:
    out = tmp_path / "out.md"
    with opened(out) as ledger:
        (entry,) = add(ledger, 1)
        name = (record(out, entry).payload or b"").partition(b"\n")[0].decode()
        (out / name).write_text("precious")
        ledger.settle([record(out, entry)])
    assert (out / name).read_text() == "precious"
    assert len(list(out.glob("*.md"))) == 2


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        ({"extract": ExtractOptions(engine="trafilatura")}, "begun with --engine blocks; give"),
        ({"extract": ExtractOptions(include_comments=True)}, "with include_comments False; give"),
        (
            {"clean": CleanOptions(keep=frozenset({"tags"}))},
            r"with keep \[\]; give the same, or --r",
        ),
    ],
)
def test_output_is_not_gone_on_with_by_another_reading(
    tmp_path: Path, stage: dict[str, Any], told: str
) -> None:
    out = tmp_path / "out.jsonl"
    with opened(out):
        pass
    with pytest.raises(OutputError, match=told) as caught:
        Ledger(out, BatchOptions(), Options(**stage)).open()
    assert caught.value.kind == "output_settings"
    for restart in (True, False):
        ledger = Ledger(out, BatchOptions(restart=restart), Options(**stage))
        ledger.open()
        ledger.close()


def test_how_pages_are_had_may_change_on_the_way(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with opened(out):
        pass
    ledger = Ledger(out, BatchOptions(), Options(fetch=FetchOptions(render="auto")))
    ledger.open()
    ledger.close()
