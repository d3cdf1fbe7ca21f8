"""Whose turn it is: entries in memory by host, one in flight a host, nobody waiting on another.

The journal may hold a million entries; the frontier holds a window of them. Entries of a host that
has its share of the window already stay in the journal and are fetched when its turn comes, so a
list that is sorted by host still keeps many hosts busy. Local pages have no host and no limit.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from scrubber.batch.entries import Entry

WINDOW = 4096  # entries in memory
SHARE = 32  # of one host among them


@dataclass(slots=True)
class _Host:
    name: str
    queue: deque[Entry] = field(default_factory=deque)
    last_id: int = 0  # of the last entry that was queued
    more: bool = False  # the journal has entries of it that were passed over
    busy: bool = False
    ready_at: float = 0.0  # monotonic seconds
    listed: bool = False  # in `_ready` or `_later`


class Frontier:
    """Offers entries whose host may be asked now. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}
        self._ready: deque[_Host] = deque()
        self._later: list[tuple[float, str]] = []
        self._local: deque[Entry] = deque()
        self.size = 0
        self.passed_over = 0  # hosts with `more`

    def room(self) -> bool:
        """Whether the window has room for more entries."""
        return self.size < WINDOW

    def offer(self, entries: Sequence[Entry]) -> list[int]:
        """Queue entries, in ascending order of id for each host; the ids of those that fit."""
        return [entry.id for entry in entries if self._offer(entry)]

    def offer_again(self, entries: Sequence[Entry]) -> None:
        """Queue entries that were put off, whatever their host's share."""
        for entry in entries:
            self._queue(self._host(entry.host), entry)

    def _offer(self, entry: Entry) -> bool:
        if not entry.host:
            self._local.append(entry)
            self.size += 1
            return True
        host = self._host(entry.host)
        if host.more or len(host.queue) >= SHARE:
            self._pass_over(host)
            self._list(host)
            return False
        host.last_id = entry.id
        self._queue(host, entry)
        return True

    def _host(self, name: str) -> _Host:
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = _Host(name)
        return host

    def _queue(self, host: _Host, entry: Entry) -> None:
        host.queue.append(entry)
        self.size += 1
        self._list(host)

    def _pass_over(self, host: _Host) -> None:
        if not host.more:
            host.more = True
            self.passed_over += 1

    def _list(self, host: _Host) -> None:
        """Put a host that has work and is free where `take` finds it."""
        if host.listed or host.busy or not (host.queue or host.more):
            return
        host.listed = True
        heapq.heappush(self._later, (host.ready_at, host.name))

    def take(self, now: float) -> Entry | None:
        """The next entry that may be fetched now; its host is busy until `release`."""
        if self._local:
            self.size -= 1
            return self._local.popleft()
        while self._later and self._later[0][0] <= now:
            host = self._hosts[heapq.heappop(self._later)[1]]
            host.listed = False
            if host.ready_at > now:  # it was paused while it stood here
                self._list(host)
            elif host.queue:
                host.busy = True
                self.size -= 1
                return host.queue.popleft()
            else:
                self._ready.append(host)
        return None

    def starved(self) -> tuple[str, int] | None:
        """A host whose turn it is but whose entries are in the journal, after the given id."""
        if not self._ready:
            return None
        host = self._ready.popleft()
        return host.name, host.last_id

    def refill(self, name: str, entries: Sequence[Entry], *, complete: bool) -> None:
        """Answer to `starved`. complete: the journal has no more of it."""
        host = self._host(name)
        host.more = False
        self.passed_over -= 1
        for entry in entries:
            host.last_id = entry.id
            self._queue(host, entry)
        if not complete:
            self._pass_over(host)
        self._list(host)
        self._forget_if_idle(host)

    def release(self, name: str, ready_at: float) -> None:
        """The host's request has ended; it may be asked again at `ready_at`."""
        if not name:
            return
        host = self._host(name)
        host.busy = False
        host.ready_at = max(host.ready_at, ready_at)
        self._list(host)
        if host.ready_at <= ready_at and len(self._hosts) > WINDOW:
            self._forget_if_idle(host)

    def pause(self, name: str, until: float) -> None:
        """Ask nothing of the host before `until`."""
        if name:
            host = self._host(name)
            host.ready_at = max(host.ready_at, until)

    def next_ready(self) -> float | None:
        """When the next host that has work may be asked."""
        return self._later[0][0] if self._later else None

    def forget_idle(self, now: float) -> None:
        """Drop hosts without work, so that a million hosts do not stay in memory."""
        for host in list(self._hosts.values()):
            if host.ready_at <= now:
                self._forget_if_idle(host)

    def _forget_if_idle(self, host: _Host) -> None:
        if not (host.queue or host.more or host.busy or host.listed):
            self._hosts.pop(host.name, None)

    @property
    def known_hosts(self) -> int:
        """Hosts in memory."""
        return len(self._hosts)
