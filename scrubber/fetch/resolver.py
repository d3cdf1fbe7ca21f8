"""Host names to addresses, cached for as long as they hold, and the first that answers.

- An answer whose TTL is known is kept for its TTL, between 1 second and `FetchOptions.max_dns_s`;
  one without (see `lookup`) for `FetchOptions.dns_s`; a failure for at most 10 seconds.
- An answer that leads to no connection is forgotten at once, so a retry follows a server that has
  moved within its TTL.
- Nothing rests on the lifetime: each connection is made to an address that was checked for it.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine, Sequence
from copy import copy
from typing import Final, TypeVar

from scrubber.fetch.lookup import Answer, Lookup, Names, is_literal, own_names

T = TypeVar("T")

MIN_TTL_S: Final = 1.0
FAILURE_KEPT_S: Final = 10.0
MAX_NAMES: Final = 50_000
STAGGER_S: Final = 0.25  # RFC 8305, "connection attempt delay"


class Resolver:
    """`await resolver.addresses(host, port)`, cached; concurrent callers share one lookup.

    kept_s: how long an answer without a TTL is good for, in seconds; failures not longer than 10.
    max_ttl_s: the longest that a TTL is believed. clock: seconds.
    """

    def __init__(
        self,
        lookup: Lookup | None = None,
        *,
        kept_s: float = 60.0,
        max_ttl_s: float = 3600.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._names: Names | None = None if lookup else own_names()
        self._lookup = lookup or self._names.ask  # type: ignore[union-attr]
        self._kept_s = kept_s
        self._max_ttl_s = max_ttl_s
        self._clock = clock
        self._answers: dict[str, tuple[float, Sequence[str] | OSError]] = {}
        self._pending: dict[str, asyncio.Task[Sequence[str]]] = {}

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """The addresses of `host`, IPv6 and IPv4 in turns. Raises OSError where there are none."""
        if is_literal(host):
            return [host]
        cached = self._cached(host)
        if cached is not None:
            return cached
        task = self._pending.get(host)
        if task is None:
            task = asyncio.create_task(self._resolve(host, port))
            self._pending[host] = task
            task.add_done_callback(_retrieve)
        return await asyncio.shield(task)

    def forget(self, host: str) -> None:
        """Ask again next time: the addresses of `host` lead nowhere."""
        self._answers.pop(host, None)
        if self._names is not None:
            self._names.doubt(host)

    def close(self) -> None:
        """Stop; lookups under way are not waited for."""
        for task in self._pending.values():
            task.cancel()
        if self._names is not None:
            self._names.close()

    def _cached(self, host: str) -> Sequence[str] | None:
        entry = self._answers.get(host)
        if entry is None or entry[0] <= self._clock():
            return None
        if isinstance(entry[1], OSError):
            raise copy(entry[1])
        return entry[1]

    async def _resolve(self, host: str, port: int) -> Sequence[str]:
        try:
            found = await self._ask(host, port)
        except OSError as error:
            # A copy: what is raised gathers frames, and holds them.
            self._remember(host, copy(error), min(self._kept_s, FAILURE_KEPT_S))
            raise
        finally:
            self._pending.pop(host, None)
        self._remember(host, found.addresses, self._lifetime_s(found))
        return found.addresses

    async def _ask(self, host: str, port: int) -> Answer:
        try:
            found = await self._lookup(host, port)
        except UnicodeError as exc:
            raise socket.gaierror(socket.EAI_NONAME, str(exc)) from exc
        answer = found if isinstance(found, Answer) else Answer(found)
        if not answer.addresses:
            raise socket.gaierror(socket.EAI_NONAME, "no addresses")
        return Answer(in_turns(answer.addresses), answer.ttl_s)

    def _lifetime_s(self, found: Answer) -> float:
        if found.ttl_s is None:
            return self._kept_s
        return min(max(found.ttl_s, MIN_TTL_S), self._max_ttl_s)

    def _remember(self, host: str, answer: Sequence[str] | OSError, kept_s: float) -> None:
        if len(self._answers) >= MAX_NAMES:
            self._answers.clear()
        self._answers[host] = (self._clock() + kept_s, answer)


def _retrieve(task: asyncio.Task[Sequence[str]]) -> None:
    """Take note of a failure that all callers have stopped waiting for."""
    if not task.cancelled():
        task.exception()


def in_turns(addresses: Sequence[str]) -> Sequence[str]:
    """IPv6 and IPv4 alternating, the family that came first leading (RFC 8305, section 4)."""
    unique = list(dict.fromkeys(addresses))
    if len(unique) < 2:
        return unique
    leads = ":" in unique[0]
    first = [address for address in unique if (":" in address) == leads]
    second = [address for address in unique if (":" in address) != leads]
    mixed = [address for pair in zip(first, second, strict=False) for address in pair]
    rest = max(first, second, key=len)[min(len(first), len(second)) :]
    return mixed + rest


async def first_to_connect(
    addresses: Sequence[str], connect: Callable[[str], Coroutine[None, None, T]]
) -> T:
    """Connect to the addresses in order, each with a head start of 250 ms; the first wins.

    Raises the first OSError where none answers. The losers are cancelled.
    """
    if len(addresses) == 1:
        return await connect(addresses[0])
    failures: list[OSError] = []
    waiting = list(addresses)
    under_way: set[asyncio.Task[T]] = set()
    try:
        while waiting or under_way:
            if waiting:
                under_way.add(asyncio.create_task(connect(waiting.pop(0))))
            done, under_way = await asyncio.wait(
                under_way,
                timeout=STAGGER_S if waiting else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for task in done:
                error = task.exception()
                if error is None:
                    return task.result()
                if not isinstance(error, OSError):
                    raise error
                failures.append(error)
        raise failures[0]
    finally:
        for task in under_way:
            task.add_done_callback(_discard)
            task.cancel()


def _discard(task: asyncio.Task[T]) -> None:
    """Close a loser that had connected before the cancellation reached it."""
    if not task.cancelled() and task.exception() is None:
        close = getattr(task.result(), "close", None)
        if close is not None:
            close()
