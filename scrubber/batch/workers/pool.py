"""The parent's side of the workers: jobs in, answers out, and replacement of those that fail.

    run(job) ── queue ──> worker 1 ── answers in order ──> the caller's future
                     └──> worker 2                          a death: guilty is the oldest job it has

Two jobs are with each worker, so that it finds the next one when it has answered the last. A page
that runs past the deadline costs one failure. One whose worker dies is tried once more in a fresh
one (it may have been killed from outside), then it is a failure too. Other jobs of a dead worker
go back to the head of the queue.
"""

from __future__ import annotations

import asyncio
import pickle
import signal
import socket
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

from scrubber.batch.entries import Facts
from scrubber.batch.workers.jobs import HEADER, Answer, Job, Setup, pack
from scrubber.batch.workers.nurse import Nurse, WorkersUnavailable
from scrubber.batch.workers.spawn import Nursery
from scrubber.errors import ExtractTimeout, ScrubberError, WorkerDied
from scrubber.models import Failure

_AHEAD = 2
_BUFFER_BYTES = 1 << 22  # of a stream: a larger message passes in pieces
_TRIES = 2
_GRACE_S = 5.0  # after the deadline, before the parent itself ends a worker that does not die


@dataclass(slots=True, eq=False)
class _Task:
    job: Job
    done: asyncio.Future[Answer]
    deaths: int = 0


class WorkerPool:
    """Workers that start when there is work for them, up to `size`.

    `async with WorkerPool(2, setup) as pool: answer = await pool.run(job)`. nursery: one that
    loads already.
    """

    def __init__(self, size: int, setup: Setup, nursery: Nursery | None = None) -> None:
        self.size = size
        self._setup = setup
        self._nurse = Nurse(setup, nursery)
        self._queue: deque[_Task] = deque()
        self._changed = asyncio.Condition()
        self._keepers: list[asyncio.Task[None]] = []
        self._idle = 0
        self._closed = False
        self._broken: WorkersUnavailable | None = None
        self.waiting_bytes = 0  # of pages that have not been read yet
        self.replaced = 0
        self.pids: set[int] = set()

    async def __aenter__(self) -> WorkerPool:
        await self._nurse.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closed = True
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await self._nurse.stop()

    async def run(self, job: Job) -> Answer:
        """The answer to a job. Never raises for what the page does to its worker.

        Raises `WorkersUnavailable` where no worker can be had for any page.
        """
        if self._broken is not None:
            raise self._broken
        task = _Task(job, asyncio.get_running_loop().create_future())
        size = len(job.page.text) if job.page is not None else 0
        self.waiting_bytes += size
        try:
            self._queue.append(task)
            if self._idle == 0 and len(self._keepers) < self.size:
                self._keepers.append(asyncio.create_task(self._keep()))
            await self._wake()
            return await task.done
        finally:
            self.waiting_bytes -= size

    async def _wake(self) -> None:
        async with self._changed:
            # All of them: a feeder that is cancelled just now would take a single call with it.
            self._changed.notify_all()

    async def _keep(self) -> None:
        try:
            await self._keep_worker()
        except Exception as exc:
            # Whoever waits for a worker must hear that there will be none.
            self._broken = WorkersUnavailable(f"extraction processes cannot be had: {exc}")
            self._broken.__cause__ = exc
            while self._queue:
                task = self._queue.popleft()
                if not task.done.done():
                    task.done.set_exception(self._broken)

    async def _keep_worker(self) -> None:
        """Keep one worker alive, replacing it as often as it dies."""
        while not self._closed:
            worker = _Worker(self._setup.deadline_s)
            try:
                await worker.start(self._nurse)
                self.pids.add(worker.pid)
                await self._use(worker)
            finally:
                self.pids.discard(worker.pid)
                worker.close()
            if not self._closed:
                self.replaced += 1
                await self._bury(worker)

    async def _use(self, worker: _Worker) -> None:
        """Feed a worker until it dies or retires."""
        feeding = asyncio.create_task(self._feed(worker))
        try:
            while (answer := await worker.answer()) is not None:
                task = worker.under_way.popleft()
                worker.taken.release()
                if not task.done.done():
                    task.done.set_result(answer)
                if answer.retire:
                    return
        finally:
            feeding.cancel()
            with suppress(asyncio.CancelledError):
                await feeding

    async def _feed(self, worker: _Worker) -> None:
        while True:
            await worker.taken.acquire()
            task = await self._next_task()
            worker.under_way.append(task)
            with suppress(ConnectionError):
                await worker.send(task.job)

    async def _next_task(self) -> _Task:
        self._idle += 1
        try:
            async with self._changed:
                await self._changed.wait_for(lambda: bool(self._queue))
                return self._queue.popleft()
        finally:
            self._idle -= 1

    async def _bury(self, worker: _Worker) -> None:
        """Settle what a worker had in hand: blame the oldest job unless it retired in peace."""
        tasks = list(worker.under_way)
        if tasks and not worker.retired:
            status = await self._nurse.exit_status(worker.pid)
            verdict = self._verdict(tasks[0], status, timed_out=worker.timed_out)
            if verdict is not None:
                task = tasks.pop(0)
                if not task.done.done():
                    failure = Failure.of(verdict, task.job.url)
                    task.done.set_result(Answer(None, failure, Facts()))
        self._queue.extendleft(reversed(tasks))
        await self._wake()

    def _verdict(self, task: _Task, status: int | None, *, timed_out: bool) -> ScrubberError | None:
        """The guilty job's error, or `None` where it may be tried again."""
        url = task.job.url
        if timed_out or status == -signal.SIGALRM:
            seconds = f"{self._setup.deadline_s:g}"
            return ExtractTimeout(f"{url} took longer than {seconds} s to read", url=url)
        task.deaths += 1
        if task.deaths < _TRIES:
            return None
        return WorkerDied(f"{url} ended the worker that read it ({_cause(status)})", url=url)


def _cause(status: int | None) -> str:
    if status is None:
        return "cause unknown"
    if status < 0:
        with suppress(ValueError):
            return signal.Signals(-status).name
    return f"exit status {status}"


class _Worker:
    """One worker process and what it has in hand."""

    def __init__(self, deadline_s: float) -> None:
        self.pid = 0
        self.under_way: deque[_Task] = deque()
        self.taken = asyncio.Semaphore(_AHEAD)
        self.retired = False
        self.timed_out = False
        self._patience_s = deadline_s + _GRACE_S
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter | None = None
        self._answers: asyncio.StreamWriter | None = None
        self._nurse: Nurse

    async def start(self, nurse: Nurse) -> None:
        """Have it forked and connect to it."""
        # Two sockets, one for each direction: where one end closes with something unread in it,
        # the other end loses what it has not read yet, and an answer must not be lost for that.
        (our_jobs, their_jobs), (our_answers, their_answers) = (
            socket.socketpair(),
            socket.socketpair(),
        )
        self._nurse = nurse
        try:
            with their_jobs, their_answers:
                self.pid = await nurse.fork(their_jobs, their_answers)
        except BaseException:
            our_jobs.close()
            our_answers.close()
            raise
        _, self._writer = await asyncio.open_unix_connection(sock=our_jobs)
        self._reader, self._answers = await asyncio.open_unix_connection(
            sock=our_answers, limit=_BUFFER_BYTES
        )

    async def send(self, job: Job) -> None:
        """Give it a job; waits while its socket is full."""
        assert self._writer is not None
        self._writer.write(pack(job))
        await self._writer.drain()

    async def answer(self) -> Answer | None:
        """Its next answer, or `None` when it has died."""
        try:
            head = await self._first_bytes()
            answer: Answer = pickle.loads(await self._reader.readexactly(HEADER.unpack(head)[0]))
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        self.retired = answer.retire
        return answer

    async def _first_bytes(self) -> bytes:
        """Waits without end while it has nothing to do, else little longer than the deadline."""
        reading = asyncio.ensure_future(self._reader.readexactly(HEADER.size))
        try:
            while not reading.done():
                oldest = self.under_way[0] if self.under_way else None
                await asyncio.wait([reading], timeout=self._patience_s)
                same = self.under_way and self.under_way[0] is oldest
                if oldest is not None and same and not reading.done():
                    self.timed_out = True
                    await self._nurse.kill(self.pid)
                    await asyncio.wait([reading], timeout=_GRACE_S)
                    break
            if not reading.done():
                raise ConnectionResetError
            return reading.result()
        finally:
            reading.cancel()

    def close(self) -> None:
        """Close its sockets, which ends it."""
        for writer in (self._writer, self._answers):
            if writer is not None:
                writer.close()
