"""What a run has done so far, for the people who watch it."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from scrubber.batch.entries import Outcome

_RATE_WINDOW_S = 30.0


@dataclass(slots=True)
class Tally:
    """Counts over the whole job (done, failed, total), and of this run (settled, bytes).

    total: inputs known so far; `complete` says that all have been read. in_flight: being fetched
    or read. deferred: waiting for a time that their server named.
    """

    total: int = 0
    done: int = 0
    deferred: int = 0
    next_due: float = 0.0  # of the deferred, seconds since the epoch
    in_flight: int = 0
    hosts: int = 0
    duplicates: int = 0  # lines of this run's reading that named something known
    lines: int = 0
    complete: bool = False
    stopping: bool = False  # nothing is begun any more, what is in flight ends
    ended: bool = False
    settled: int = 0
    unchanged: int = 0
    bytes: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    started: float = field(default_factory=time.monotonic)
    _marks: deque[tuple[float, int, int]] = field(default_factory=deque)

    @property
    def failed(self) -> int:
        """Failures over the whole job."""
        return self.failures.total()

    @property
    def elapsed_s(self) -> float:
        """Seconds since this run began."""
        return time.monotonic() - self.started

    def count(self, outcomes: Sequence[Outcome]) -> None:
        """Take settled outcomes into account."""
        for outcome in outcomes:
            if outcome.not_before is not None:
                continue
            self.settled += 1
            self.bytes += outcome.facts.bytes
            if outcome.failure is not None:
                self.failures[outcome.failure.kind] += 1
            else:
                self.done += 1
                self.unchanged += outcome.payload is None
        now = time.monotonic()
        if not self._marks:
            self._marks.append((self.started, 0, 0))
        self._marks.append((now, self.settled, self.bytes))
        while len(self._marks) > 2 and now - self._marks[0][0] > _RATE_WINDOW_S:
            self._marks.popleft()

    def rates(self) -> tuple[float, float]:
        """Pages and bytes a second, over the last half minute; over the whole run at its end."""
        then, settled, size = (self.started, 0, 0)
        if self._marks and not self.ended:
            then, settled, size = self._marks[0]
        span = max(time.monotonic() - then, 1e-3)
        return (self.settled - settled) / span, (self.bytes - size) / span

    def remaining_s(self) -> float | None:
        """Seconds until the end at the present rate; `None` while it cannot be said."""
        rate = self.rates()[0]
        left = self.total - self.done - self.failed
        if self.complete and not left:
            return 0.0
        if not self.complete or not (rate > 0 or self.deferred):
            return None
        return max(left / rate if rate > 0 else 0.0, self.next_due_s())

    def next_due_s(self) -> float:
        """Seconds until the next deferred input's time comes; 0 where none is deferred."""
        return max(0.0, self.next_due - time.time()) if self.deferred else 0.0

    def snapshot(self) -> dict[str, object]:
        """The same as JSON."""
        pages, size = self.rates()
        remaining = self.remaining_s()
        return {
            "done": self.done,
            "failed": self.failed,
            "total": self.total,
            "all_inputs_read": self.complete,
            "stopping": self.stopping,
            "failures": dict(self.failures),
            "in_flight": self.in_flight,
            "deferred": self.deferred,
            "hosts": self.hosts,
            "pages_per_s": round(pages, 2),
            "bytes_per_s": round(size),
            "elapsed_s": round(self.elapsed_s, 1),
            "remaining_s": None if remaining is None else round(remaining, 1),
        }
