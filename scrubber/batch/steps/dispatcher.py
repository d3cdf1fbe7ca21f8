"""From the journal to visits, as many at once as there are places."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress

from scrubber.batch.books.desk import Desk
from scrubber.batch.entries import Entry
from scrubber.batch.steps.stopping import Stop
from scrubber.batch.telling.tally import Tally
from scrubber.batch.turns.frontier import SHARE, Frontier

_SCAN = 500  # entries read from the journal at once
_IDLE_S = 0.5  # between looks for deferred entries whose time has come


class Dispatcher:
    """Starts visits as places and lanes become free, until nothing is left to do.

    visit: brings one entry to its end; must not raise.
    """

    def __init__(
        self,
        desk: Desk,
        places: int,
        visit: Callable[[Entry], Awaitable[None]],
        tally: Tally,
        *,
        longest_deferral_s: float,
    ) -> None:
        self.frontier = Frontier()
        self.stop = Stop(self.wake, self._give_up_visits)
        self._desk = desk
        self._journal = desk.ledger.journal
        self._places = places
        self._visit = visit
        self._tally = tally
        self._longest_deferral_s = longest_deferral_s
        self._held: set[int] = set()  # entries in the frontier, in flight or not yet settled
        self._begun: list[int] = []  # since the last settling
        self._visits: set[asyncio.Task[None]] = set()
        self._scanned_to = 0
        self._scan_done = False
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """Look again what can be begun."""
        self._awake.set()

    def added(self) -> None:
        """The journal has got new entries."""
        self._scan_done = False
        self._awake.set()

    def begun(self, entry: Entry) -> None:
        """A visit has found its lane and address free: the entry is in flight."""
        self._begun.append(entry.id)

    def taken(self) -> list[int]:
        """The entries that were begun since the last call."""
        taken, self._begun = self._begun, []
        return taken

    def pause(self, lane: str, pause_s: float) -> None:
        """Ask nothing of a lane for so long."""
        self.let_go(self.frontier.pause(lane, time.monotonic(), pause_s))

    def let_go(self, ids: Iterable[int]) -> None:
        """The journal alone knows these entries now: they are settled, or wait for later."""
        self._held.difference_update(ids)
        self._awake.set()

    async def run(self, feeding: asyncio.Task[None]) -> None:
        """Dispatch until everything that `feeding` brings has been visited, or the run stops."""
        while self.stop.reason is None:
            self._awake.clear()
            fed = feeding.done()
            more = await self._fill_frontier()
            self._start_visits()
            if more:
                continue
            if fed and await self._all_begun():
                break
            with suppress(TimeoutError):
                async with asyncio.timeout(self._patience_s()):
                    await self._awake.wait()
        self._tally.stopping = self.stop.reason is not None
        while self._visits:
            await asyncio.wait(self._visits)

    async def abandon(self) -> None:
        """End the visits that are under way."""
        self._give_up_visits()
        await asyncio.gather(*self._visits, return_exceptions=True)

    # ---- visits ----------------------------------------------------------------------------

    def _start_visits(self) -> None:
        now = time.monotonic()
        while len(self._visits) < self._places:
            entry = self.frontier.take(now)
            if entry is None:
                break
            visit = asyncio.create_task(self._bring(entry))
            self._visits.add(visit)
            visit.add_done_callback(self._visited)
        self._tally.in_flight = len(self._visits)

    async def _bring(self, entry: Entry) -> None:
        await self._visit(entry)

    def _visited(self, visit: asyncio.Task[None]) -> None:
        self._visits.discard(visit)
        self._tally.in_flight = len(self._visits)
        self._awake.set()

    def _give_up_visits(self) -> None:
        for visit in self._visits:
            visit.cancel()

    # ---- the frontier ----------------------------------------------------------------------

    async def _fill_frontier(self) -> bool:
        """Bring some waiting entries from the journal. Whether there is room and work for more."""
        if self.frontier.room() and not self._scan_done:
            found = await self._desk.do(self._journal.waiting, self._scanned_to, _SCAN)
            self._scan_done = len(found) < _SCAN
            if found:
                self._scanned_to = found[-1].id
                self._held.update(self.frontier.offer(self._fresh(found)))
        while (starved := self.frontier.starved()) is not None:
            found = await self._desk.do(self._journal.waiting_of, *starved, SHARE)
            fresh = self._fresh(found)
            self._held.update(entry.id for entry in fresh)
            last_id = found[-1].id if len(found) == SHARE else None
            self.frontier.refill(starved[0], fresh, last_id=last_id)
        if self._tally.deferred:
            await self._take_due()
        return self.frontier.room() and not self._scan_done

    async def _take_due(self) -> None:
        due = await self._desk.do(self._journal.due, time.time(), _SCAN, self._longest_deferral_s)
        fresh = self._fresh(due)
        self._held.update(entry.id for entry in fresh)
        self.frontier.offer_again(fresh)

    def _fresh(self, entries: Sequence[Entry]) -> list[Entry]:
        return [entry for entry in entries if entry.id not in self._held]

    async def _all_begun(self) -> bool:
        """Whether nothing waits any more, anywhere."""
        frontier = self.frontier
        if self._visits or self._held or not self._scan_done:
            return False
        if frontier.size or frontier.passed_over:
            return False
        return await self._desk.do(self._journal.next_due) is None

    def _patience_s(self) -> float:
        """How long the loop may sleep when nothing wakes it."""
        ready = self.frontier.next_ready()
        if ready is None or len(self._visits) >= self._places:
            return _IDLE_S
        return min(max(ready - time.monotonic(), 0.001), _IDLE_S)
