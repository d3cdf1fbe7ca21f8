"""Host names to addresses, cached, and the first of several addresses that answers.

Names are resolved by the system, in threads of our own: a name server that hangs must not use up
the event loop's default threads. The system does not tell a record's TTL. Asking name servers
ourselves would, and would pass over /etc/hosts, nsswitch, mDNS and a company's split views: other
addresses than every other program on the machine sees, for a guard the wrong thing to look at. So
    - an answer is kept for `FetchOptions.dns_s`, one minute, whatever its TTL; the system's own
      cache, which knows the TTL, is asked again after that;
    - an answer that leads to no connection is forgotten at once, so a retry follows a server that
      has moved within its minute;
    - nothing rests on the lifetime: each connection is made to an address that was checked for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Final, TypeVar, cast

T = TypeVar("T")
Lookup = Callable[[str, int], Awaitable[Sequence[str]]]

FAILURE_KEPT_S: Final = 10.0
MAX_NAMES: Final = 50_000
STAGGER_S: Final = 0.25  # RFC 8305, "connection attempt delay"
THREADS: Final = 32


class Resolver:
    """`await resolver.addresses(host, port)`, cached; concurrent callers share one lookup.

    kept_s: how long an answer is good for, in seconds; failures not longer than 10.
    """

    def __init__(self, lookup: Lookup | None = None, *, kept_s: float = 60.0) -> None:
        self._lookup = lookup or self._ask_system
        self._kept_s = kept_s
        self._free_threads = asyncio.Semaphore(THREADS)
        self._answers: dict[str, tuple[float, Sequence[str] | OSError]] = {}
        self._pending: dict[str, asyncio.Task[Sequence[str]]] = {}

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """The addresses of `host`, IPv6 and IPv4 in turns. Raises OSError where there are none."""
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

    def close(self) -> None:
        """Stop; lookups under way are not waited for."""
        for task in self._pending.values():
            task.cancel()

    def _cached(self, host: str) -> Sequence[str] | None:
        entry = self._answers.get(host)
        if entry is None or entry[0] <= asyncio.get_running_loop().time():
            return None
        if isinstance(entry[1], OSError):
            raise entry[1]
        return entry[1]

    async def _resolve(self, host: str, port: int) -> Sequence[str]:
        try:
            answer: Sequence[str] | OSError = in_turns(await self._lookup(host, port))
            if not answer:
                answer = socket.gaierror(socket.EAI_NONAME, "no addresses")
        except UnicodeError as exc:
            answer = socket.gaierror(socket.EAI_NONAME, str(exc))
        except OSError as exc:
            answer = exc
        finally:
            self._pending.pop(host, None)
        self._remember(host, answer)
        if isinstance(answer, OSError):
            raise answer
        return answer

    def _remember(self, host: str, answer: Sequence[str] | OSError) -> None:
        if len(self._answers) >= MAX_NAMES:
            self._answers.clear()
        kept_s = self._kept_s
        if isinstance(answer, OSError):
            kept_s = min(kept_s, FAILURE_KEPT_S)
        self._answers[host] = (asyncio.get_running_loop().time() + kept_s, answer)

    async def _ask_system(self, host: str, port: int) -> Sequence[str]:
        async with self._free_threads:
            found = await _in_daemon_thread(
                lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            )
        return [str(entry[4][0]) for entry in found]


async def _in_daemon_thread(call: Callable[[], T]) -> T:
    """The result of a blocking call, in a thread that does not keep the interpreter from ending."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: Exception | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(cast(T, result))

    def work() -> None:
        result, error = None, None
        try:
            result = call()
        except Exception as exc:
            error = exc
        with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=work, name="scrubber-dns", daemon=True).start()
    return await future


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
