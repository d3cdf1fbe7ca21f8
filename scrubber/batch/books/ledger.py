"""Output, failures file and journal as one thing that is settled together.

    1. plan      the journal learns which files will be written      (folders of files only)
    2. write     records and failures become durable in their files
    3. settle    one transaction: the entries' states and how far the files are written

Killed before 3, the files hold more than the journal's mark; `open` takes it off again. Formats
that need many records at once (Parquet's parts), `ordered` and `site_memory` take a way round:
records are settled into the journal's spool, and move from there into the output in the same three
steps.

Everything here runs on one thread and may block.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from scrubber.batch.books.journal import Journal
from scrubber.batch.books.lock import RunLock
from scrubber.batch.books.settings import changed, settings_of
from scrubber.batch.entries import Entry, Outcome
from scrubber.batch.options import BatchOptions
from scrubber.batch.writers import check_name, check_place, format_of, make_encoder, open_writer
from scrubber.batch.writers.base import AppendFile, sync_folder
from scrubber.errors import OutputError
from scrubber.options import Options

_PART_BYTES = 32 << 20  # of records; a part of a format of parts is full by them too
_SPOOL_ROWS, _SPOOL_BYTES = 500, 8 << 20  # read from the spool at once for other formats


def journal_path(output: Path) -> Path:
    """Where the journal of an output stands."""
    return _beside(output, ".journal")


def failures_path(output: Path) -> Path:
    """Where the failures of an output stand."""
    return _beside(output, ".failures.jsonl")


def report_path(output: Path) -> Path:
    """Where the report of an output stands."""
    return _beside(output, ".report.json")


def _beside(output: Path, suffix: str) -> Path:
    check_name(output)
    return output.with_name(output.name + suffix)


class Ledger:
    """What has come of every input, on disk. reading: how its records are made."""

    def __init__(self, output: Path, options: BatchOptions, reading: Options | None = None) -> None:
        check_place(output)
        self.output = output
        self._options = options
        self._reading = reading or Options()
        self._format = format_of(output)
        self._writer = open_writer(output, options.fields)
        self._failures = AppendFile(failures_path(output))
        self._lock = RunLock(journal_path(output))
        self._holds_all = options.site_memory
        self._spools = options.ordered or self._holds_all or self._writer.part_rows is not None
        self.journal: Journal

    @property
    def payload_format(self) -> str:
        """The format in which `settle` takes records."""
        return "held" if self._holds_all else self._format

    # ---- opening ---------------------------------------------------------------------------

    def open(self) -> None:
        """Lock, check, recover; afterwards files and journal say the same.

        Raises `OutputError`: locked, not writable, an output of something else, changed options.
        """
        with _as_output_error(self.output):
            fresh = not journal_path(self.output).exists()
            self._lock.acquire()
            try:
                self.journal = Journal(journal_path(self.output), anew=self._options.restart)
                try:
                    self._prepare()
                except BaseException:
                    self._writer.close()
                    self._failures.close()
                    self.journal.close()
                    raise
            except BaseException:
                if fresh:  # nothing of ours was there, and nothing of ours stays
                    _remove_journal(self.output)
                self._lock.release()
                raise

    def _prepare(self) -> None:
        if self._options.restart:
            self._clear()
        elif self.journal.note("settings") is None:
            self._refuse_foreign_output()
        self._check_settings()
        self.journal.recover()
        self._writer.rewind(self.journal.note("mark"), self.journal.note("plan"))
        self._reopen()
        self._open_failures()
        self._keep_mark()

    def _clear(self) -> None:
        """Begin anew. The journal has forgotten already: killed in between, the old output is left
        alone and refused, never taken for ours."""
        self._writer.remove()
        failures_path(self.output).unlink(missing_ok=True)
        report_path(self.output).unlink(missing_ok=True)

    def _refuse_foreign_output(self) -> None:
        for path in (self.output, failures_path(self.output)):
            if path.is_dir() and not any(path.iterdir()):
                continue
            if path.exists() and (path.is_dir() or path.stat().st_size):
                raise OutputError(
                    f"{path} exists and has no journal to go on from; --restart overwrites it",
                    kind="output_exists",
                )

    def _check_settings(self) -> None:
        """A resumed output cannot change its shape half-way."""
        settings = settings_of(self._format, self._reading, self._options)
        begun = changed(self.journal.note("settings") or settings, settings)
        if begun:
            raise OutputError(
                f"{self.output} was begun with {begun}; give the same, or --restart",
                kind="output_settings",
            )
        with self.journal.transaction():
            self.journal.keep("settings", settings)

    def _reopen(self) -> None:
        """Take up again what is to be tried once more; the failures file must follow."""
        retry = self._options.retry_failed
        with self.journal.transaction():
            reopened = self.journal.forget_lists()
            if retry:
                reopened += self.journal.reopen(retry if isinstance(retry, str) else None)
            if self._options.refresh:
                self.journal.reopen_done()
            if reopened:
                self.journal.keep("failures_mark", None)

    def _open_failures(self) -> None:
        """Cut the failures file to its mark, or write it anew where the journal has moved on."""
        path = failures_path(self.output)
        mark = self.journal.note("failures_mark")
        if mark is None:
            temporary = path.with_name(path.name + ".tmp")
            with temporary.open("wb") as file:
                file.writelines(line.encode() + b"\n" for line in self.journal.failures())
                file.flush()
                os.fsync(file.fileno())
            mark = temporary.stat().st_size
            temporary.replace(path)
            sync_folder(path.parent)
        self._failures.open(mark)

    def _keep_mark(self) -> None:
        mark = self._writer.append(())
        with self.journal.transaction():
            self.journal.keep("mark", mark)
            self.journal.keep("plan", None)
            self.journal.keep("failures_mark", self._failures.length)

    # ---- writing ---------------------------------------------------------------------------

    def settle(self, outcomes: Sequence[Outcome], taken: Sequence[int] = ()) -> None:
        """Make outcomes durable, each with its record or failure line; mark `taken` in flight."""
        with _as_output_error(self.output):
            self._lock.check()
            failures = [o.failure for o in outcomes if o.failure is not None]
            lines = b"".join(failure.model_dump_json().encode() + b"\n" for failure in failures)
            records = [(o.entry.id, o.payload) for o in outcomes if o.payload is not None]
            to_write = [] if self._spools else [payload for _, payload in records]
            mark, written_s = self._write(to_write)
            failures_mark = self._failures.append(lines)
            with self.journal.transaction():
                self.journal.take(taken)
                self.journal.settle(outcomes, written_s)
                if failures:
                    self.journal.keep("failures_mark", failures_mark)
                if records and self._spools:
                    self.journal.spool(records)
                elif records:
                    self._keep_written(mark)
            if self._spools and not self._holds_all:
                self._drain(everything=False)

    def _write(self, payloads: Sequence[bytes]) -> tuple[Any, float]:
        """Steps 1 and 2 for records; the new mark, and the seconds that each of them took."""
        if not payloads:
            return None, 0.0
        began = perf_counter()
        plan = self._writer.plan(payloads)
        if plan is not None:
            with self.journal.transaction():
                self.journal.keep("plan", plan)
        mark = self._writer.append(payloads)
        return mark, (perf_counter() - began) / len(payloads)

    def _keep_written(self, mark: Any) -> None:
        self.journal.keep("mark", mark)
        self.journal.keep("plan", None)

    def _drain(self, *, everything: bool, rewrite: Callable[[bytes], bytes] | None = None) -> None:
        """Move records from the spool to the output, as far as the format and the order allow."""
        part_rows, in_order = self._writer.part_rows, self._options.ordered
        most = (part_rows, _PART_BYTES) if part_rows else (_SPOOL_ROWS, _SPOOL_BYTES)
        while everything or part_rows is None or self._fills_part(*most):
            held = self.journal.spooled(*most, in_order=in_order)
            if not held:
                return
            mark, written_s = self._write(
                [rewrite(payload) if rewrite else payload for _, payload in held]
            )
            with self.journal.transaction():
                self.journal.unspool([id for id, _ in held], written_s)
                self._keep_written(mark)

    def _fills_part(self, rows: int, size: int) -> bool:
        """Asked at every settling, so the records themselves are not read for it."""
        held_rows, held_size = self.journal.spool_size(in_order=self._options.ordered)
        return held_rows >= rows or held_size >= size

    # ---- reading and ending ----------------------------------------------------------------

    def add(self, entries: Sequence[Entry]) -> int:
        """Add inputs; returns how many are new."""
        return self.journal.add(entries)

    def finish(self) -> None:
        """Every entry is settled: write what was held back."""
        with _as_output_error(self.output):
            self._lock.check()
            self._drain(everything=True, rewrite=self._second_look() if self._holds_all else None)
            self._writer.finish(self.journal.failures())

    def _second_look(self) -> Callable[[bytes], bytes]:
        """How held records are written, now that all pages are known; see `writers.held`."""
        from scrubber.batch.writers import held  # loads the pipeline

        memory = held.learn(self.journal.all_spooled(), self.journal.note("site_memory"))
        with self.journal.transaction():
            self.journal.keep("site_memory", memory.dump())
        return held.rewriter(memory.freeze(), make_encoder(self._format, self._options.fields))

    def close(self) -> None:
        """Close everything and let the next run in."""
        self._writer.close()
        self._failures.close()
        self.journal.close()
        self._lock.release()


@contextmanager
def _as_output_error(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise OutputError(f"{output} cannot be written: {exc.strerror or exc}") from exc
    except sqlite3.Error as exc:
        raise OutputError(f"{output} cannot be written: {exc}") from exc


def _remove_journal(output: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        path = journal_path(output)
        path.with_name(path.name + suffix).unlink(missing_ok=True)
