"""The batch: from inputs to settled outcomes, with as many pages under way as are allowed.

    intake       inputs ──> journal                    (thread, in batches)
    dispatcher   journal ──> frontier ──> visits       (at most `concurrency` at once)
    visitor      fetch ──> worker ──> outcome
    settler      outcomes ──> ledger                   (all that have gathered, in one transaction)

Backpressure runs the other way: outcomes wait for the disk, visits for the workers, and a visit
that waits holds its place, so nothing piles up. The ledger lives on a thread of its own, the desk.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from scrubber.batch.books.desk import Desk
from scrubber.batch.books.ledger import Ledger, failures_path, journal_path, report_path
from scrubber.batch.entries import Entry, Outcome
from scrubber.batch.options import BatchOptions
from scrubber.batch.steps.dispatcher import Dispatcher
from scrubber.batch.steps.feeder import Feeder, Stream, open_inputs
from scrubber.batch.steps.intake import Intake
from scrubber.batch.steps.net import Net
from scrubber.batch.steps.remote import RemoteLists
from scrubber.batch.steps.settler import Settler
from scrubber.batch.steps.stopping import SIGNALS
from scrubber.batch.steps.visitor import Visitor, failed
from scrubber.batch.telling.progress import Display, Silence, keep_showing
from scrubber.batch.telling.report import write_report
from scrubber.batch.telling.tally import Tally
from scrubber.batch.workers.jobs import Setup
from scrubber.batch.workers.nurse import WorkersUnavailable
from scrubber.batch.workers.pool import WorkerPool
from scrubber.batch.workers.spawn import Nursery
from scrubber.errors import FetchError, OutputError, ScrubberError
from scrubber.fetch.ready import check_ready
from scrubber.options import Options


@dataclass(frozen=True, slots=True)
class Summary:
    """How a run ended. done, failed: over the whole job. stopped: why it ended early, if so."""

    done: int
    failed: int
    waiting: int
    settled: int  # in this run
    duplicates: int
    unchanged: int = 0
    stopped: str | None = None
    all_read: bool = True  # the inputs, to their end

    @property
    def exit_code(self) -> int:
        """0 all inputs gave a record, 1 some did not, 130 or 143 after Ctrl-C or SIGTERM."""
        if self.stopped in SIGNALS:
            return 128 + signal.Signals[self.stopped]
        return 1 if self.failed or self.waiting else 0


def run_batch(
    inputs: Sequence[str],
    output: str | os.PathLike[str],
    options: Options | None = None,
    batch: BatchOptions | None = None,
    open_display: Callable[[], Display] = Silence,
    nursery: Nursery | None = None,
) -> Summary:
    """Bring every input to a record in `output` or a line in `OUTPUT.failures.jsonl`.

    Goes on where an earlier run on the same output stopped. nursery: one that loads already, to be
    stopped by the caller. Raises `OutputError` and `InputError` for what makes the whole job
    impossible; a single input never raises.
    """
    batch = batch or BatchOptions()
    options = options or Options()
    beside = [Path(path) for path in (batch.log, options.fetch.warc) if path is not None]
    _refuse_own_files(inputs, Path(output), beside)
    check_ready(options.fetch)
    lists = RemoteLists()
    streams = open_inputs(inputs, batch, lists.fetch)
    with Desk(Ledger(Path(output), batch, options)) as desk:
        return asyncio.run(Engine(desk, options, batch, nursery).run(streams, lists, open_display))


class Engine:
    """One run of a batch; see the module."""

    def __init__(
        self, desk: Desk, options: Options, batch: BatchOptions, nursery: Nursery | None = None
    ) -> None:
        self._desk = desk
        self._nursery = nursery
        self._options = options
        self._batch = batch
        self._tally = Tally()
        self._dispatcher = Dispatcher(
            desk,
            options.concurrency,
            self._visit,
            self._tally,
            longest_deferral_s=batch.longest_deferral_s,
        )
        self._stop = self._dispatcher.stop
        self._settler = Settler(desk, batch, self._tally, self._dispatcher)
        self._new_failures = 0
        self._broken: WorkersUnavailable | OutputError | None = None  # the latter of an archive
        self._visitor: Visitor

    async def run(
        self, streams: Sequence[Stream], lists: RemoteLists, open_display: Callable[[], Display]
    ) -> Summary:
        """Run to the end, or to the first signal."""
        intake = Intake(self._desk, self._batch, self._tally, self._dispatcher.added)
        feeder = Feeder(await intake.unread(streams))
        await self._count_known()
        display = open_display()
        ledger = self._desk.ledger
        async with AsyncExitStack() as exits:
            exits.callback(display.close, self._tally)  # whatever happens: it holds the terminal
            pool = await exits.enter_async_context(
                WorkerPool(self._batch.workers or _cores(), self._setup(), self._nursery)
            )
            net = await exits.enter_async_context(
                Net(self._options.fetch, anew=self._batch.restart)
            )
            exits.push_async_callback(self._dispatcher.abandon)
            exits.callback(feeder.stop)
            lists.serve(net)
            self._visitor = Visitor(self._dispatcher, net, pool, self._batch)
            with self._stop.on_signals():
                await self._run_tasks(intake, feeder, display)
            if self._stop.reason is None or await self._nothing_is_left():
                self._stop.reason = None
                await self._desk.do(ledger.finish)
            about = self._about_run(pool)
            await self._desk.do(write_report, ledger.journal, ledger.output, about)
        if self._broken is not None:
            raise self._broken
        return await self._summary()

    async def _run_tasks(self, intake: Intake, feeder: Feeder, display: Display) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                settling = group.create_task(self._settler.settle_all())
                showing = group.create_task(keep_showing(display, self._tally))
                feeding = group.create_task(intake.take_all(feeder))
                await self._dispatcher.run(feeding)
                feeder.stop()
                feeding.cancel()
                await self._settler.end()
                await settling
                showing.cancel()
        except* ScrubberError as group_error:
            raise group_error.exceptions[0] from None
        finally:
            self._tally.ended = True

    # ---- visits ----------------------------------------------------------------------------

    async def _visit(self, entry: Entry) -> None:
        """Bring one entry to its outcome, and that to the settler."""
        try:
            outcome = await self._outcome(entry)
            if outcome is None:
                return
            await self._visitor.note(outcome)
        except (WorkersUnavailable, OutputError) as error:
            self._broken = error  # no fault of this entry: it waits for another run
            self._stop.ask(error.kind)
            return
        self._watch_failures(outcome.failure is not None)
        await self._settler.put(outcome)

    async def _outcome(self, entry: Entry) -> Outcome | None:
        try:
            return await self._visitor.visit(entry)
        except (WorkersUnavailable, OutputError):
            raise
        except ScrubberError as error:
            return failed(entry, error)
        except Exception as exc:
            # The one broad net: whatever a server or a page finds, it costs its own record only.
            message = f"{entry.url} could not be had: {type(exc).__name__}: {exc}"
            return failed(entry, FetchError(message, url=entry.url))

    def _watch_failures(self, is_failure: bool) -> None:
        self._new_failures += is_failure
        limit = self._batch.max_failures
        if limit is not None and self._new_failures > limit and self._stop.reason is None:
            self._stop.ask("max_failures")

    # ---- the frame -------------------------------------------------------------------------

    async def _count_known(self) -> None:
        journal = self._desk.ledger.journal
        counts = await self._desk.do(journal.counts)
        self._tally.total = sum(counts.values())
        self._tally.done, self._tally.deferred = counts["done"], counts["deferred"]
        self._tally.failures.update(await self._desk.do(journal.failure_counts))

    async def _nothing_is_left(self) -> bool:
        """Whether a run that was asked to stop had come to its end all the same."""
        counts = await self._desk.do(self._desk.ledger.journal.counts)
        return self._tally.complete and sum(counts.values()) == counts["done"] + counts["failed"]

    def _setup(self) -> Setup:
        return Setup(
            options=self._options,
            format=self._desk.ledger.payload_format,
            fields=self._batch.fields,
            deadline_s=self._batch.deadline_s,
            memory_mb=self._batch.memory_mb,
        )

    def _about_run(self, pool: WorkerPool) -> dict[str, object]:
        """What the report says about this run beside the whole job."""
        return {
            **self._tally.snapshot(),
            "stopped": self._stop.reason,
            "workers_replaced": pool.replaced,
        }

    async def _summary(self) -> Summary:
        counts = await self._desk.do(self._desk.ledger.journal.counts)
        return Summary(
            done=counts["done"],
            failed=counts["failed"],
            waiting=counts["waiting"] + counts["deferred"] + counts["in_flight"],
            settled=self._tally.settled,
            duplicates=self._tally.duplicates,
            unchanged=self._tally.unchanged,
            stopped=self._stop.reason,
            all_read=self._tally.complete,
        )


def _refuse_own_files(inputs: Sequence[str], output: Path, beside: Sequence[Path]) -> None:
    """Raise `OutputError` where two would write one file, or an input would be read meanwhile.

    beside: the log and the archive, where there are any.
    """
    ours = (output, failures_path(output), journal_path(output), report_path(output))
    for path in beside:
        if any(path.resolve() == one.resolve() for one in ours):
            raise OutputError(f"{path} belongs to the output already; choose another name")
    for path in (output, failures_path(output), *beside):
        if path.exists() and any(_is_file(name, path) for name in inputs):
            raise OutputError(f"{path} is an input and belongs to the output too; rename one")


def _is_file(name: str, path: Path) -> bool:
    return os.path.exists(name) and path.samefile(name)  # noqa: PTH110 - URLs make no paths


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
