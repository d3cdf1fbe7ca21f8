"""The batch: from inputs to settled outcomes, with as many pages under way as are allowed.

    feed       inputs ──> journal                      (thread, in batches)
    dispatch   journal ──> frontier ──> visits         (at most `concurrency` at once)
    visit      fetch ──> worker ──> outcome
    settle     outcomes ──> ledger                     (all that have gathered, in one transaction)

Backpressure runs the other way: outcomes wait for the disk, visits for the workers, and a visit
that waits holds its place, so nothing piles up. The ledger lives on a thread of its own.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from scrubber.batch.entries import Entry, Facts, Outcome
from scrubber.batch.feeder import Feeder, Stream, fingerprint, open_inputs
from scrubber.batch.frontier import SHARE, Frontier
from scrubber.batch.hosts import Breakers
from scrubber.batch.jobs import Job, Setup
from scrubber.batch.ledger import Ledger
from scrubber.batch.log import OutcomeLog
from scrubber.batch.nurse import WorkersUnavailable
from scrubber.batch.options import BatchOptions
from scrubber.batch.progress import Display, Silence, keep_showing
from scrubber.batch.report import write_report
from scrubber.batch.tally import Tally
from scrubber.batch.workers import WorkerPool
from scrubber.batch.writers import format_of
from scrubber.errors import FetchError, HostPaused, InputError, ScrubberError
from scrubber.fetch.archive import Place
from scrubber.fetch.ready import check_ready
from scrubber.models import Failure, Page
from scrubber.pipeline import Options

if TYPE_CHECKING:
    from scrubber.fetch.fetcher import Fetcher

T = TypeVar("T")
_SCAN = 500  # entries read from the journal at once
_PENDING = 256  # outcomes that may wait for the disk
_LONGEST_RETRY_WAIT_S = 2.0
_IDLE_S = 0.5  # between looks for deferred entries whose time has come


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended. done, failed: over the whole job. stopped: why it ended early, if so."""

    done: int
    failed: int
    waiting: int
    settled: int  # in this run
    duplicates: int
    stopped: str | None = None

    @property
    def exit_code(self) -> int:
        """0 all inputs gave a record, 1 some did not, 130 or 143 after Ctrl-C or SIGTERM."""
        if self.stopped in ("SIGINT", "SIGTERM"):
            return 128 + signal.Signals[self.stopped]
        return 1 if self.failed or self.waiting else 0


def run_batch(
    inputs: Sequence[str],
    output: str | os.PathLike[str],
    options: Options | None = None,
    batch: BatchOptions | None = None,
    open_display: Callable[[], Display] = Silence,
) -> Summary:
    """Bring every input to a record in `output` or a line in `OUTPUT.failures.jsonl`.

    Goes on where an earlier run on the same output stopped. Raises `OutputError` and `InputError`
    for what makes the whole job impossible; a single input never raises.
    """
    batch = batch or BatchOptions()
    if options is not None:
        check_ready(options.fetch)
    streams = open_inputs(inputs, batch)
    ledger = Ledger(Path(output), batch)
    with ThreadPoolExecutor(1, thread_name_prefix="scrubber-ledger") as thread:
        thread.submit(ledger.open).result()
        try:
            engine = Engine(streams, ledger, thread, options or Options(), batch)
            return asyncio.run(engine.run(open_display))
        finally:
            thread.submit(ledger.close).result()


class Engine:
    """One run of a batch; see the module."""

    def __init__(
        self,
        streams: Sequence[Stream],
        ledger: Ledger,
        thread: ThreadPoolExecutor,
        options: Options,
        batch: BatchOptions,
    ) -> None:
        self._streams = streams
        self._ledger = ledger
        self._thread = thread
        self._options = options
        self._batch = batch
        self._frontier = Frontier()
        self._breakers = Breakers()
        self._tally = Tally()
        self._held: set[int] = set()  # entries in the frontier, in flight or not yet settled
        self._taken: list[int] = []  # begun since the last settling
        self._visits: set[asyncio.Task[None]] = set()
        self._scanned_to = 0
        self._scan_done = False
        self._new_failures = 0
        self._broken: WorkersUnavailable | None = None
        self._stopped: str | None = None
        self._wake: asyncio.Event
        self._outcomes: asyncio.Queue[Outcome | None]
        self._fetcher: Fetcher | None = None
        self._opening = asyncio.Lock()
        self._pool: WorkerPool
        self._log = OutcomeLog(batch.log) if batch.log is not None else None

    async def run(self, open_display: Callable[[], Display]) -> Summary:
        """Run to the end, or to the first signal."""
        self._wake, self._outcomes = asyncio.Event(), asyncio.Queue(_PENDING)
        feeder = Feeder(await self._unread())
        await self._count_known()
        display = open_display()
        async with WorkerPool(self._batch.workers or _cores(), self._setup()) as self._pool:
            with self._signals():
                try:
                    async with asyncio.TaskGroup() as group:
                        settling = group.create_task(self._settle_all())
                        showing = group.create_task(keep_showing(display, self._tally))
                        feeding = group.create_task(self._feed(feeder))
                        await self._dispatch(feeding)
                        feeder.stop()
                        feeding.cancel()
                        await self._outcomes.put(None)
                        await settling
                        showing.cancel()
                except* ScrubberError as group_error:
                    raise group_error.exceptions[0] from None
                finally:
                    feeder.stop()
                    await self._abandon_visits()
                    await self._close_fetcher()
            if self._stopped is None:
                await self._on_ledger(self._ledger.finish)
            await self._on_ledger(
                write_report, self._ledger.journal, self._ledger.output, self._about_run()
            )
        display.close(self._tally)
        if self._broken is not None:
            raise self._broken
        return await self._summary()

    # ---- feed ------------------------------------------------------------------------------

    async def _unread(self) -> list[Stream]:
        """The inputs without the lists that earlier runs have read, unchanged since."""
        journal = self._ledger.journal
        return [
            (name, stream)
            for name, stream in self._streams
            if (mark := fingerprint(name)) is None
            or await self._on_ledger(journal.note, _read_note(name, self._batch)) != mark
        ]

    async def _feed(self, feeder: Feeder) -> None:
        feeder.start()
        while (item := await feeder.next()) is not None:
            if isinstance(item, tuple):
                await self._on_ledger(self._keep_fingerprint, *item)
                continue
            added = await self._on_ledger(self._ledger.add, item)
            self._tally.lines += len(item)
            self._tally.duplicates += len(item) - added
            self._tally.total += added
            self._scan_done = False
            self._wake.set()
        self._tally.complete = True
        self._wake.set()

    def _keep_fingerprint(self, name: str, mark: object) -> None:
        if mark is not None:
            with self._ledger.journal.transaction():
                self._ledger.journal.keep(_read_note(name, self._batch), mark)

    # ---- dispatch --------------------------------------------------------------------------

    async def _dispatch(self, feeding: asyncio.Task[None]) -> None:
        """Start visits as places and hosts become free, until nothing is left to do."""
        while self._stopped is None:
            self._wake.clear()
            fed = feeding.done()
            await self._fill_frontier()
            self._start_visits()
            if fed and await self._all_begun():
                break
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience_s()):
                    await self._wake.wait()
        while self._visits:
            await asyncio.wait(self._visits)

    def _start_visits(self) -> None:
        now = time.monotonic()
        while len(self._visits) < self._options.concurrency:
            entry = self._frontier.take(now)
            if entry is None:
                break
            self._taken.append(entry.id)
            visit = asyncio.create_task(self._visit(entry))
            self._visits.add(visit)
            visit.add_done_callback(self._visited)
        self._tally.in_flight = len(self._visits)
        self._tally.hosts = self._frontier.known_hosts

    def _visited(self, visit: asyncio.Task[None]) -> None:
        self._visits.discard(visit)
        self._wake.set()

    async def _fill_frontier(self) -> None:
        """Bring waiting entries from the journal, as far as there is room."""
        journal, frontier = self._ledger.journal, self._frontier
        while frontier.room() and not self._scan_done:
            found = await self._on_ledger(journal.waiting, self._scanned_to, _SCAN)
            self._scan_done = len(found) < _SCAN
            if found:
                self._scanned_to = found[-1].id
                self._offer(found)
        while (starved := frontier.starved()) is not None:
            found = await self._on_ledger(journal.waiting_of, *starved, SHARE)
            fresh = [entry for entry in found if entry.id not in self._held]
            self._held.update(entry.id for entry in fresh)
            frontier.refill(starved[0], fresh, complete=len(found) < SHARE)
        if self._tally.deferred:
            await self._take_due()

    def _offer(self, entries: Sequence[Entry]) -> None:
        fresh = [entry for entry in entries if entry.id not in self._held]
        accepted = self._frontier.offer(fresh)
        self._held.update(accepted)

    async def _take_due(self) -> None:
        due = await self._on_ledger(self._ledger.journal.due, time.time(), _SCAN)
        fresh = [entry for entry in due if entry.id not in self._held]
        self._held.update(entry.id for entry in fresh)
        self._frontier.offer_again(fresh)

    async def _all_begun(self) -> bool:
        """Whether nothing waits any more, anywhere."""
        if self._visits or self._frontier.size or self._frontier.passed_over or not self._scan_done:
            return False
        if not self._outcomes.empty() or self._held:
            return False
        return await self._on_ledger(self._ledger.journal.next_due) is None

    def _patience_s(self) -> float:
        """How long `_dispatch` may sleep when nothing wakes it."""
        ready = self._frontier.next_ready()
        full = len(self._visits) >= self._options.concurrency
        if ready is None or full:
            return _IDLE_S
        return min(max(ready - time.monotonic(), 0.001), _IDLE_S)

    async def _abandon_visits(self) -> None:
        for visit in self._visits:
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)

    # ---- visit -----------------------------------------------------------------------------

    async def _visit(self, entry: Entry) -> None:
        """Bring one entry to its outcome."""
        try:
            if entry.problem is not None:
                outcome = _failed(entry, InputError(entry.problem[1], kind=entry.problem[0]))
            elif entry.path is not None and not entry.host:
                outcome = await self._read(entry, None, 0.0)
            else:
                outcome = await self._fetch_and_read(entry)
        except WorkersUnavailable as error:
            self._broken = error  # no fault of this entry: it waits for another run
            self._stop("workers_unavailable")
            return
        except ScrubberError as error:
            outcome = _failed(entry, error)
        except Exception as exc:
            # The one broad net: whatever a server or a page finds, it costs its own record only.
            message = f"{entry.url} could not be had: {type(exc).__name__}: {exc}"
            outcome = _failed(entry, FetchError(message, url=entry.url))
        self._watch_failures(outcome)
        await self._outcomes.put(outcome)

    def _watch_failures(self, outcome: Outcome) -> None:
        self._new_failures += outcome.failure is not None
        limit = self._batch.max_failures
        if limit is not None and self._new_failures > limit and self._stopped is None:
            self._stop("max_failures")

    async def _fetch_and_read(self, entry: Entry) -> Outcome:
        started = time.monotonic()
        ready_at = 0.0
        try:
            if self._breakers.given_up(entry.host):
                raise self._breakers.refusal(entry.host, entry.url)
            page = await self._obtain(await self._open_fetcher(), entry)
            ready_at = time.monotonic() + self._options.fetch.delay_s
            self._breakers.answered(entry.host)
        except FetchError as error:
            if error.status is not None:
                self._breakers.answered(entry.host)
            ready_at = time.monotonic() + self._options.fetch.delay_s
            return self._deferred(entry, error) or _failed(entry, error)
        finally:
            # The host is free for its next page while this one is read.
            self._frontier.release(entry.host, ready_at)
            self._wake.set()
        return await self._read(entry, page, time.monotonic() - started)

    async def _read(self, entry: Entry, page: Page | None, fetch_s: float) -> Outcome:
        job = Job(
            url=entry.url,
            digest=_digest(entry),
            page=page,
            path=entry.path if page is None else None,
            columns=entry.columns,
            unless_hash=entry.content_hash,
        )
        answer = await self._pool.run(job)
        if page is not None and self._is_to_be_rendered(answer.failure):
            fetcher = await self._open_fetcher()
            job = replace(job, page=await fetcher.render(page))
            answer = await self._pool.run(job)
        headers = page.headers if page is not None else {}
        facts = replace(
            answer.facts,
            fetch_s=fetch_s,
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
        )
        failure = answer.failure
        if failure is not None and entry.attempts:
            failure = failure.model_copy(update={"attempts": failure.attempts + entry.attempts})
        return Outcome(entry, payload=answer.payload, failure=failure, facts=facts)

    def _is_to_be_rendered(self, failure: Failure | None) -> bool:
        auto = self._options.fetch.render == "auto"
        return auto and failure is not None and failure.kind == "app_shell"

    async def _obtain(self, fetcher: Fetcher, entry: Entry) -> Page:
        """The page itself, or what an archive on a server keeps of it."""
        place = Place.parse(entry.path) if entry.path is not None else None
        return await (fetcher.fetch(entry.url) if place is None else fetcher.fetch_capture(place))

    def _deferred(self, entry: Entry, error: FetchError) -> Outcome | None:
        """The entry put off, where server or fetcher named a time; `None` where it fails now."""
        if isinstance(error, HostPaused):
            if self._breakers.given_up(entry.host):
                return None
            wait_s = self._breakers.paused(entry.host, error)
            entry = replace(entry, attempts=entry.attempts - 1)  # it was not asked for
        elif entry.attempts < self._batch.deferrals:
            wait_s = error.retry_after_s
        else:
            return None
        if wait_s is None or wait_s > self._batch.longest_deferral_s:
            return None
        self._frontier.pause(entry.host, time.monotonic() + wait_s)
        return Outcome(entry, not_before=time.time() + wait_s)

    # ---- settle ----------------------------------------------------------------------------

    async def _settle_all(self) -> None:
        """Settle what has gathered, at most once an interval, until `None` comes."""
        ended, settled_at = False, 0.0
        while not ended:
            batch = [await self._outcomes.get()]
            await asyncio.sleep(settled_at + self._batch.commit_interval_s - time.monotonic())
            while not self._outcomes.empty():
                batch.append(self._outcomes.get_nowait())
            ended = batch[-1] is None
            await self._settle([outcome for outcome in batch if outcome is not None])
            settled_at = time.monotonic()

    async def _settle(self, outcomes: list[Outcome]) -> None:
        taken, self._taken = self._taken, []
        if outcomes or taken:
            await self._on_ledger(self._ledger.settle, outcomes, taken)
        if self._log is not None:
            self._log.write(outcomes)
        self._held.difference_update(outcome.entry.id for outcome in outcomes)
        self._tally.count(outcomes)
        put_off = sum(outcome.not_before is not None for outcome in outcomes)
        if put_off or self._tally.deferred:
            counts = await self._on_ledger(self._ledger.journal.deferred_count)
            self._tally.deferred = counts
        self._wake.set()

    # ---- the frame -------------------------------------------------------------------------

    async def _on_ledger(self, call: Callable[..., T], *values: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, partial(call, *values)
        )

    async def _count_known(self) -> None:
        counts = await self._on_ledger(self._ledger.journal.counts)
        self._tally.total = sum(counts.values())
        self._tally.done, self._tally.deferred = counts["done"], counts["deferred"]
        self._tally.failures.update(await self._on_ledger(self._ledger.journal.failure_counts))

    def _setup(self) -> Setup:
        return Setup(
            options=self._options,
            format=format_of(self._ledger.output),
            fields=self._batch.fields,
            deadline_s=self._batch.deadline_s,
            memory_mb=self._batch.memory_mb,
        )

    async def _open_fetcher(self) -> Fetcher:
        """The fetcher, opened for the first URL: a job of local pages loads no network code."""
        async with self._opening:
            return self._fetcher or await self._opened_fetcher()

    async def _opened_fetcher(self) -> Fetcher:
        from scrubber.fetch.fetcher import Fetcher

        warc = self._options.fetch.warc
        if warc is not None and self._batch.restart:
            Path(warc).unlink(missing_ok=True)
        # Longer waits than this are the journal's affair: a deferred URL holds no place.
        budget_s = min(self._options.fetch.retry_budget_s, _LONGEST_RETRY_WAIT_S)
        fetcher = Fetcher(replace(self._options.fetch, retry_budget_s=budget_s))
        self._fetcher = await fetcher.__aenter__()
        return self._fetcher

    async def _close_fetcher(self) -> None:
        if self._fetcher is not None:
            await self._fetcher.__aexit__(None, None, None)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """The first Ctrl-C or SIGTERM lets what is in flight finish, the second does not."""
        loop = asyncio.get_running_loop()
        names = ("SIGINT", "SIGTERM")
        try:
            for name in names:
                loop.add_signal_handler(signal.Signals[name], self._stop, name)
        except (RuntimeError, ValueError, NotImplementedError):
            yield  # not the main thread: signals are the caller's
            return
        try:
            yield
        finally:
            for name in names:
                loop.remove_signal_handler(signal.Signals[name])

    def _stop(self, reason: str) -> None:
        if self._stopped is not None:
            for visit in self._visits:
                visit.cancel()
        self._stopped = self._stopped or reason
        self._wake.set()

    def _about_run(self) -> dict[str, object]:
        """What the report says about this run beside the whole job."""
        return {
            **self._tally.snapshot(),
            "stopped": self._stopped,
            "workers_replaced": self._pool.replaced,
        }

    async def _summary(self) -> Summary:
        counts = await self._on_ledger(self._ledger.journal.counts)
        return Summary(
            done=counts["done"],
            failed=counts["failed"],
            waiting=counts["waiting"] + counts["deferred"] + counts["in_flight"],
            settled=self._tally.settled,
            duplicates=self._tally.duplicates,
            stopped=self._stopped,
        )


def _failed(entry: Entry, error: ScrubberError) -> Outcome:
    failure = Failure.of(error, entry.url)
    if entry.attempts:
        failure = failure.model_copy(update={"attempts": failure.attempts + entry.attempts})
    return Outcome(entry, failure=failure, facts=Facts())


def _digest(entry: Entry) -> str:
    name = entry.path or entry.url
    return hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=16).hexdigest()


def _read_note(name: str, batch: BatchOptions) -> str:
    """The journal's note that a list has been read, under the options that shaped the reading."""
    return f"read:{Path(name).resolve()}:{batch.column}:{batch.input_type}:{batch.since}"


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
