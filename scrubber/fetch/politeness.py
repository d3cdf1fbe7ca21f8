"""One request at a time per host, a pause between them, and patience with hosts that struggle.

Every host has a lane of its own with a first-come-first-served lock, so callers by the hundred may
wait here without holding up those for other hosts. Lanes that nobody waits in and whose pause is
over are dropped: a batch meets millions of hosts.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from scrubber.errors import HostPaused
from scrubber.fetch.urls import DEFAULT_PORTS, Url

PRUNE_EVERY: Final = 4096  # turns
MAX_FAILING: Final = 10_000  # lanes kept for nothing but their failures, those that came last


@dataclass(slots=True)
class Lane:
    """The state of one host. Times are the event loop's."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    free_at: float = 0.0  # the next request may start then
    failures: int = 0  # connections in a row that failed
    rests_until: float = 0.0


class Politeness:
    """The lanes of one fetcher; belongs to one event loop.

    max_failures: connections in a row that may fail before a host rests for `rest_s`; 0 = any.
    """

    def __init__(self, *, max_failures: int, rest_s: float) -> None:
        self._max_failures = max_failures
        self._rest_s = rest_s
        self._lanes: dict[str, Lane] = {}
        self._turns = 0

    @asynccontextmanager
    async def turn(
        self, url: Url, *, pause_s: float, follow_up: bool = False
    ) -> AsyncIterator[None]:
        """Wait for this URL's host to be free, and hold it.

        pause_s: how long the host rests after this request. follow_up: part of what a visit needs
        (robots.txt, a redirect), which waits in line but not for the pause. Raises HostPaused.
        """
        key = lane_key(url)
        lane = self._lanes.setdefault(key, Lane())
        lane.users += 1
        self._prune()
        try:
            self._check_rest(lane, url)
            async with lane.lock:
                self._check_rest(lane, url)
                if not follow_up:
                    await _until(lane)
                try:
                    yield
                finally:
                    lane.free_at = max(lane.free_at, _now() + pause_s)
        finally:
            lane.users -= 1

    def back_off(self, url: Url, seconds: float) -> None:
        """Let the host rest: it asked for that, or is overloaded."""
        lane = self._lanes.setdefault(lane_key(url), Lane())
        lane.free_at = max(lane.free_at, _now() + seconds)

    def rest_s(self, url: Url) -> float:
        """Seconds until the host's next request may start."""
        lane = self._lanes.get(lane_key(url))
        return max(0.0, lane.free_at - _now()) if lane is not None else 0.0

    def failed(self, url: Url) -> None:
        """A connection to the host failed; after too many in a row it is paused."""
        lane = self._lanes.setdefault(lane_key(url), Lane())
        lane.failures += 1
        if 0 < self._max_failures <= lane.failures:
            lane.rests_until = _now() + self._rest_s
            lane.failures = self._max_failures - 1  # after the pause, one try decides

    def answered(self, url: Url) -> None:
        """The host works."""
        lane = self._lanes.get(lane_key(url))
        if lane is not None:
            lane.failures = 0

    def _check_rest(self, lane: Lane, url: Url) -> None:
        left_s = lane.rests_until - _now()
        if left_s > 0:
            message = (
                f"{url.authority} failed {self._max_failures} times in a row; it is given a rest"
            )
            raise HostPaused(message, url=str(url), retry_after_s=left_s)

    def _prune(self) -> None:
        self._turns += 1
        if self._turns % PRUNE_EVERY:
            return
        now = _now()
        in_use = {
            key: lane
            for key, lane in self._lanes.items()
            if lane.users or max(lane.free_at, lane.rests_until) > now
        }
        failing = [
            (key, lane) for key, lane in self._lanes.items() if lane.failures and key not in in_use
        ]
        self._lanes = dict(failing[-MAX_FAILING:]) | in_use


def lane_key(url: Url) -> str:
    """What counts as one host: http and https together, an unusual port apart."""
    return url.host if url.port in DEFAULT_PORTS.values() else f"{url.host}:{url.port}"


async def _until(lane: Lane) -> None:
    while (wait_s := lane.free_at - _now()) > 0:
        await asyncio.sleep(wait_s)


def _now() -> float:
    return asyncio.get_running_loop().time()
