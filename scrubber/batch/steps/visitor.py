"""One visit: an entry to its outcome.

claim      its lane's address is free?  else the entry goes back, and holds no place
fetch      a page, or why there is none; what may pass later is deferred
read       in a worker: a record or a failure
render     where options say so, before reading, or after it for what turned out to be a shell
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import replace

from scrubber.batch.entries import Entry, Facts, Outcome
from scrubber.batch.options import BatchOptions
from scrubber.batch.steps.dispatcher import Dispatcher
from scrubber.batch.steps.net import Net
from scrubber.batch.steps.turnstile import Turnstile
from scrubber.batch.turns.breakers import Breakers
from scrubber.batch.turns.pace import Pace
from scrubber.batch.workers.jobs import Answer, Job, PackedPage
from scrubber.batch.workers.pool import WorkerPool
from scrubber.errors import BadStatus, FetchError, HostPaused, InputError, ScrubberError
from scrubber.models import Failure

_NOT_MODIFIED = 304
_BUSY = (429, 503)
_AHEAD_BYTES = 4 << 20  # of pages for each worker to read: a fifth of a second's work


class Visitor:
    """Visits entries; belongs to one run."""

    def __init__(
        self, dispatcher: Dispatcher, net: Net, pool: WorkerPool, options: BatchOptions
    ) -> None:
        self._dispatcher = dispatcher
        self._frontier = dispatcher.frontier
        self._net = net
        self._pool = pool
        self._turnstile = Turnstile(lambda: pool.waiting_bytes, _AHEAD_BYTES * pool.size)
        self._options = options
        own = options.address_delay_s
        self._address_delay_s = net.delay_s if own is None else own
        self._pace = Pace(net.delay_s)
        self._breakers = Breakers()

    async def visit(self, entry: Entry) -> Outcome | None:
        """The outcome of an entry, `None` where it could not begin and waits in the frontier.

        Raises `WorkersUnavailable` where no page can be read any more.
        """
        if entry.problem is None and entry.host:
            async with self._turnstile:
                stopped = self._dispatcher.stop.reason is not None
                return None if stopped else await self._fetch_and_read(entry)
        self._dispatcher.begun(entry)
        if entry.problem is not None:
            return failed(entry, InputError(entry.problem[1], kind=entry.problem[0]))
        return await self._read(entry, None, 0.0)

    async def note(self, outcome: Outcome) -> None:
        """Note an outcome in the archive, where one is written. Raises `OutputError`."""
        if outcome.not_before is None and not outcome.is_unchanged:
            await self._net.note(outcome)

    # ---- fetching --------------------------------------------------------------------------

    async def _fetch_and_read(self, entry: Entry) -> Outcome | None:
        if not await self._claim(entry):
            return None
        self._dispatcher.begun(entry)
        started = time.monotonic()
        found: PackedPage | FetchError
        try:
            found = await self._fetch(entry)
            self._breakers.answered(entry.host)
        except FetchError as error:
            found = error
            if error.status is not None:
                self._breakers.answered(entry.host)
        finally:
            # The lane is free for its next page while this one is read.
            self._release(entry)
        seconds = time.monotonic() - started
        if isinstance(found, FetchError):
            self._pace.note(entry.lane, seconds, found)
            return self._deferred(entry, found) or failed(entry, found)
        self._pace.note(entry.lane, seconds)
        if found.about.status == _NOT_MODIFIED:
            return Outcome(entry, facts=Facts(fetch_s=seconds))
        return await self._read(entry, found, seconds)

    async def _claim(self, entry: Entry) -> bool:
        try:
            address = await self._net.address_of(entry)
        except BaseException:
            self._frontier.release(entry.lane, time.monotonic())
            raise
        return self._frontier.claim(entry, address, time.monotonic())

    async def _fetch(self, entry: Entry) -> PackedPage:
        if self._breakers.given_up(entry.host):
            raise self._breakers.refusal(entry.host, entry.url)
        return PackedPage.of(await self._net.fetch(entry))

    def _release(self, entry: Entry) -> None:
        pause_s = max(self._pace.pause_s(entry.lane), self._net.rest_s(entry))
        self._frontier.release(
            entry.lane,
            time.monotonic(),
            pause_s=pause_s,
            address_pause_s=self._address_delay_s,
        )
        self._dispatcher.wake()

    def _deferred(self, entry: Entry, error: FetchError) -> Outcome | None:
        """The entry put off, where a later try makes sense; `None` where it fails now."""
        if isinstance(error, HostPaused):
            if self._breakers.given_up(entry.host):
                return None
            wait_s = self._breakers.paused(entry.host, error)
            entry = replace(entry, attempts=entry.attempts - 1)  # it was not asked for
        elif entry.attempts < self._options.deferrals:
            wait_s = self._named_wait_s(entry, error)
        else:
            return None
        if wait_s is None or wait_s > self._options.longest_deferral_s:
            return None
        self._dispatcher.pause(entry.lane, wait_s)
        return Outcome(entry, not_before=time.time() + wait_s)

    def _named_wait_s(self, entry: Entry, error: FetchError) -> float | None:
        """What the server asked for; a busy one that names no time gets more of it each time."""
        if error.retry_after_s is not None:
            return error.retry_after_s
        if isinstance(error, BadStatus) and error.status in _BUSY and error.kind != "bot_wall":
            return float(self._options.busy_wait_s * 2**entry.attempts)
        return None

    # ---- reading ---------------------------------------------------------------------------

    async def _read(self, entry: Entry, page: PackedPage | None, fetch_s: float) -> Outcome:
        sent = self._net.kept(page.about) if page is not None else None
        if page is not None and entry.path is None:
            page, answer = await self._read_live(entry, page)
        else:
            answer = await self._pool.run(_job(entry, page))
        headers: Mapping[str, str] = page.about.headers if page is not None else {}
        facts = replace(
            answer.facts,
            fetch_s=answer.facts.fetch_s if page is None else fetch_s,
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
        )
        failure = _with_attempts(answer.failure, entry) if answer.failure else None
        return Outcome(entry, payload=answer.payload, failure=failure, facts=facts, sent=sent)

    async def _read_live(self, entry: Entry, page: PackedPage) -> tuple[PackedPage, Answer]:
        """What comes of a page of the live web, and the page as it was read, maybe rendered."""
        if self._net.renders(page.about):
            page = await self._rendered(page)
        answer = await self._pool.run(_job(entry, page))
        if answer.failure is not None and self._net.renders(page.about, answer.failure.kind):
            page = await self._rendered(page)
            answer = await self._pool.run(_job(entry, page))
        return page, answer

    async def _rendered(self, page: PackedPage) -> PackedPage:
        return PackedPage.of(await self._net.render(page.unpacked()))


def failed(entry: Entry, error: ScrubberError) -> Outcome:
    """The outcome of an entry that gave no record."""
    return Outcome(entry, failure=_with_attempts(Failure.of(error, entry.url), entry))


def _job(entry: Entry, page: PackedPage | None) -> Job:
    return Job(
        url=entry.url,
        digest=_digest(entry),
        page=page,
        path=entry.path if page is None else None,
        columns=entry.columns,
        unless_hash=entry.content_hash,
    )


def _with_attempts(failure: Failure, entry: Entry) -> Failure:
    if not entry.attempts:
        return failure
    return failure.model_copy(update={"attempts": failure.attempts + entry.attempts})


def _digest(entry: Entry) -> str:
    name = entry.path or entry.url
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
