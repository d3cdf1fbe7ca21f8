"""Whose turn it is: entries in memory by lane, nobody waiting on another.

    lane      a registered domain; one of its entries in flight, then a pause
    address   an IP address; one of its lanes asks it, the others stand in its line

The journal may hold a million entries; the frontier holds a window of them. Entries of a lane that
has its share of the window already stay in the journal and are fetched when its turn comes, so a
list that is sorted by host still keeps many hosts busy. Local pages have no lane and no limit.

Which address a lane has is known once one of its entries asks (`claim`). Nothing that waits, for
a pause or in a line, holds one of the job's places.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from scrubber.batch.entries import Entry

WINDOW = 4096  # entries in memory
FIRST_SHARE = 4  # of one lane among them, before it is known how fast it goes
SHARE = 32  # of a lane that has used up what it had
_LONG_S = 30.0  # a lane that pauses longer gives its place in the window to others


@dataclass(slots=True)
class _Lane:
    name: str
    queue: deque[Entry] = field(default_factory=deque)
    last_id: int = 0  # of the last entry that was queued
    more: bool = False  # the journal has entries of it that were passed over
    busy: bool = False
    ready_at: float = 0.0  # monotonic seconds
    listed: bool = False  # in `_ready`, `_later` or an address's line
    address: str | None = None


@dataclass(slots=True)
class _Address:
    busy: bool = False
    ready_at: float = 0.0
    called: _Lane | None = None  # whose turn it is next; others that come now stand in line
    line: deque[_Lane] = field(default_factory=deque)

    def is_free_for(self, lane: _Lane, now: float) -> bool:
        first = lane is self.called or (self.called is None and not self.line)
        return first and not self.busy and self.ready_at <= now


class Frontier:
    """Offers entries whose lane and address may be asked now. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._lanes: dict[str, _Lane] = {}
        self._addresses: dict[str, _Address] = {}
        self._ready: deque[_Lane] = deque()
        self._later: list[tuple[float, str]] = []
        self._local: deque[Entry] = deque()
        self.size = 0
        self.passed_over = 0  # lanes with `more`
        self._releases = 0

    # ---- filling ---------------------------------------------------------------------------

    def room(self) -> bool:
        """Whether the window has room for more entries."""
        return self.size < WINDOW

    def offer(self, entries: Sequence[Entry]) -> list[int]:
        """Queue entries, in ascending order of id for each lane; the ids of those that fit."""
        return [entry.id for entry in entries if self._offer(entry)]

    def offer_again(self, entries: Sequence[Entry]) -> None:
        """Queue entries that were put off, whatever their lane's share."""
        for entry in entries:
            self._queue(self._lane(entry.lane), entry)

    def starved(self) -> tuple[str, int] | None:
        """A lane whose turn it is but whose entries are in the journal, after the given id."""
        if not self._ready:
            return None
        lane = self._ready.popleft()
        return lane.name, lane.last_id

    def refill(self, name: str, entries: Sequence[Entry], *, last_id: int | None) -> None:
        """Answer to `starved`. last_id: up to where the journal was read, `None` for its end."""
        lane = self._lane(name)
        lane.more = False
        self.passed_over -= 1
        for entry in entries:
            lane.last_id = entry.id
            self._queue(lane, entry)
        if last_id is not None:
            lane.last_id = last_id
            self._pass_over(lane)
        self._list(lane)

    def _offer(self, entry: Entry) -> bool:
        if not entry.lane:
            self._local.append(entry)
            self.size += 1
            return True
        lane = self._lane(entry.lane)
        if lane.more or len(lane.queue) >= FIRST_SHARE:
            self._pass_over(lane)
            self._list(lane)
            return False
        lane.last_id = entry.id
        self._queue(lane, entry)
        return True

    def _lane(self, name: str) -> _Lane:
        lane = self._lanes.get(name)
        if lane is None:
            lane = self._lanes[name] = _Lane(name)
        return lane

    def _queue(self, lane: _Lane, entry: Entry) -> None:
        lane.queue.append(entry)
        self.size += 1
        self._list(lane)

    def _pass_over(self, lane: _Lane) -> None:
        if not lane.more:
            lane.more = True
            self.passed_over += 1

    def _list(self, lane: _Lane) -> None:
        """Put a lane that has work and is free where `take` finds it."""
        if lane.listed or lane.busy or not (lane.queue or lane.more):
            return
        lane.listed = True
        heapq.heappush(self._later, (lane.ready_at, lane.name))

    # ---- taking ----------------------------------------------------------------------------

    def take(self, now: float) -> Entry | None:
        """The next entry that may be fetched now; its lane is busy until `release`."""
        if self._local:
            self.size -= 1
            return self._local.popleft()
        while self._later and self._later[0][0] <= now:
            lane = self._lanes[heapq.heappop(self._later)[1]]
            lane.listed = False
            if lane.ready_at > now:  # it was paused while it stood here
                self._give_up_turn(lane)
                self._list(lane)
            elif not lane.queue:
                self._give_up_turn(lane)
                self._ready.append(lane)
            elif self._enter(lane, now):
                lane.busy = True
                self.size -= 1
                return lane.queue.popleft()
        return None

    def claim(self, entry: Entry, address: str | None, now: float) -> bool:
        """Whether a taken entry may ask this address now; else its lane stands in line for it.

        The entry is then back at the head of its lane, as if it had not been taken. `None`: the
        address is not known, and nobody waits for it.
        """
        lane = self._lane(entry.lane)
        if lane.address == address:
            return True  # `take` has seen to it
        self._leave(lane, now)
        lane.address = address
        if self._enter(lane, now):
            return True
        lane.busy = False
        lane.queue.appendleft(entry)
        self.size += 1
        return False

    def release(
        self, name: str, now: float, *, pause_s: float = 0.0, address_pause_s: float = 0.0
    ) -> None:
        """The lane's request has ended; it and its address may be asked again after a pause."""
        if not name:
            return
        lane = self._lane(name)
        lane.busy = False
        lane.ready_at = max(lane.ready_at, now + pause_s)
        self._leave(lane, now + address_pause_s)
        self._list(lane)
        self._releases += 1
        if self._releases % WINDOW == 0:
            self._forget_idle(now)

    def pause(self, name: str, now: float, pause_s: float) -> list[int]:
        """Ask nothing of the lane for so long. The ids of entries that went back to the journal."""
        if not name:
            return []
        lane = self._lane(name)
        lane.ready_at = max(lane.ready_at, now + pause_s)
        if pause_s < _LONG_S or not lane.queue:
            return []
        ids = [entry.id for entry in lane.queue]
        self.size -= len(ids)
        lane.queue.clear()
        lane.last_id = min(ids) - 1
        self._pass_over(lane)
        self._list(lane)
        return ids

    def next_ready(self) -> float | None:
        """When the next lane that has work may be asked."""
        return self._later[0][0] if self._later else None

    # ---- addresses -------------------------------------------------------------------------

    def _enter(self, lane: _Lane, now: float) -> bool:
        """Take the lane's address, or stand in its line."""
        if lane.address is None:
            return True
        address = self._addresses.setdefault(lane.address, _Address())
        if address.is_free_for(lane, now):
            address.busy, address.called = True, None
            return True
        lane.listed = True
        address.line.append(lane)
        self._call_next(address)
        return False

    def _leave(self, lane: _Lane, ready_at: float) -> None:
        address = self._addresses.get(lane.address or "")
        if address is None:
            return
        address.busy = False
        address.ready_at = max(address.ready_at, ready_at)
        self._call_next(address)

    def _give_up_turn(self, lane: _Lane) -> None:
        """A called lane that cannot go now lets the next one pass."""
        address = self._addresses.get(lane.address or "")
        if address is not None and address.called is lane:
            address.called = None
            self._call_next(address)

    def _call_next(self, address: _Address) -> None:
        if address.busy or address.called is not None:
            return
        while address.line and address.called is None:
            lane = address.line.popleft()
            lane.listed = False
            if lane.ready_at <= address.ready_at:
                lane.ready_at = address.ready_at
                address.called = lane
            self._list(lane)  # one that was paused meanwhile comes back by itself

    # ---- forgetting ------------------------------------------------------------------------

    def _forget_idle(self, now: float) -> None:
        """So that a million hosts do not stay in memory."""
        self._lanes = {
            name: lane
            for name, lane in self._lanes.items()
            if lane.queue or lane.more or lane.busy or lane.listed or lane.ready_at > now
        }
        self._addresses = {
            name: address
            for name, address in self._addresses.items()
            if address.busy or address.called or address.line or address.ready_at > now
        }

    @property
    def busy_hosts(self) -> int:
        """Lanes that have work."""
        return sum([bool(lane.queue or lane.more or lane.busy) for lane in self._lanes.values()])
