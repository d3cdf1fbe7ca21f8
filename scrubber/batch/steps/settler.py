"""From outcomes to the ledger: all that have gathered, in one transaction."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from scrubber.batch.books.desk import Desk
from scrubber.batch.entries import Outcome
from scrubber.batch.options import BatchOptions
from scrubber.batch.steps.dispatcher import Dispatcher
from scrubber.batch.telling.log import OutcomeLog
from scrubber.batch.telling.tally import Tally

_PENDING = 256  # outcomes that may wait for the disk


class Settler:
    """Visits `put` outcomes and wait where the disk is slow; `settle_all` writes them down."""

    def __init__(
        self, desk: Desk, options: BatchOptions, tally: Tally, dispatcher: Dispatcher
    ) -> None:
        self._desk = desk
        self._ledger = desk.ledger
        self._tally = tally
        self._dispatcher = dispatcher
        self._interval_s = options.commit_interval_s
        self._log = OutcomeLog(options.log) if options.log is not None else None
        self._outcomes: asyncio.Queue[Outcome | None] = asyncio.Queue(_PENDING)

    async def put(self, outcome: Outcome) -> None:
        """Hand an outcome over."""
        await self._outcomes.put(outcome)

    async def end(self) -> None:
        """No more outcomes will come."""
        await self._outcomes.put(None)

    async def settle_all(self) -> None:
        """Settle what has gathered, at most once an interval, until the end."""
        ended, settled_at = False, 0.0
        while not ended:
            batch = [await self._outcomes.get()]
            await asyncio.sleep(settled_at + self._interval_s - time.monotonic())
            while not self._outcomes.empty():
                batch.append(self._outcomes.get_nowait())
            ended = batch[-1] is None
            await self._settle([outcome for outcome in batch if outcome is not None])
            settled_at = time.monotonic()

    async def _settle(self, outcomes: Sequence[Outcome]) -> None:
        taken = self._dispatcher.taken()
        if outcomes or taken:
            await self._desk.do(self._ledger.settle, outcomes, taken)
        if self._log is not None:
            self._log.write(outcomes)
        self._tally.count(outcomes)
        self._tally.hosts = self._dispatcher.frontier.busy_hosts
        put_off = any(outcome.not_before is not None for outcome in outcomes)
        if put_off or self._tally.deferred:
            journal = self._ledger.journal
            self._tally.deferred = await self._desk.do(journal.deferred_count)
            next_due = await self._desk.do(journal.next_due)
            self._tally.next_due = next_due or 0.0
        self._dispatcher.let_go(outcome.entry.id for outcome in outcomes)
