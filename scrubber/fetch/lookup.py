"""Names to addresses, asked of name servers for their TTL and of the system for all else.

    Names ──> NameServers   c-ares: /etc/hosts and the name servers that resolv.conf names, with TTL
          └─> ask_system    getaddrinfo, in threads: knows every source of names, tells no TTL

The system is asked where the name servers give no addresses, where an address of theirs led to no
connection, and in the first place where they might be the wrong ones to ask: where the system's own
order of sources (nsswitch.conf) names one that c-ares does not know, for `.local` names, and on
macOS and Windows, where domains may have name servers of their own. So a program on this machine
sees what every other one sees, and a company's split views hold.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from types import ModuleType
from typing import Any, Final, TypeVar, cast

T = TypeVar("T")

THREADS: Final = 32
# Sources of names that c-ares reads itself or that speak only of names which it does not find.
_KNOWN_SOURCES: Final = frozenset(
    {"files", "dns", "resolve", "myhostname", "mymachines"}
    | {f"mdns{family}{kind}" for family in ("", "4", "6") for kind in ("", "_minimal")}
)
_RESOLVED: Final = frozenset({"127.0.0.53", "127.0.0.54"})  # systemd's, which knows split views


@dataclass(frozen=True, slots=True)
class Answer:
    """The addresses of a name. ttl_s: how long they hold, `None` where nobody says."""

    addresses: Sequence[str]
    ttl_s: float | None = None


Lookup = Callable[[str, int], Awaitable[Answer | Sequence[str]]]


class Names:
    """`await names.ask(host, port)`. Belongs to the event loop in which it is first asked."""

    def __init__(self, servers: NameServers | None, system: Lookup | None = None) -> None:
        self._servers = servers
        self._system = system or System().ask
        self._doubted: set[str] = set()

    async def ask(self, host: str, port: int) -> Answer | Sequence[str]:
        """Raises OSError where there are no addresses."""
        doubted = host in self._doubted
        self._doubted.discard(host)
        if self._servers is not None and not doubted and not host.endswith(".local"):
            with contextlib.suppress(OSError):
                return await self._servers.ask(host, port)
        return await self._system(host, port)

    def doubt(self, host: str) -> None:
        """Ask the system next: what the name servers said of `host` leads nowhere."""
        self._doubted.add(host)

    def close(self) -> None:
        if self._servers is not None:
            self._servers.close()


class NameServers:
    """Asks the name servers of the system's configuration, or those of `servers` ("host:port")."""

    def __init__(self, pycares: ModuleType, servers: Sequence[str] = ()) -> None:
        self._pycares = pycares
        self._wanted = servers
        self._channel: Any = None

    async def ask(self, host: str, port: int) -> Answer:
        """Raises OSError where they give no addresses."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()

        def settle(found: Any, error: int | None) -> None:  # in the channel's own thread
            with contextlib.suppress(RuntimeError):  # the loop was closed: nobody waits any more
                loop.call_soon_threadsafe(self._settle, future, found, error)

        try:
            self._open().getaddrinfo(host, port, type=socket.SOCK_STREAM, callback=settle)
        except (self._pycares.AresError, RuntimeError) as exc:
            raise OSError(f"{host} cannot be asked for: {exc}") from exc
        return await future

    def close(self) -> None:
        """Stop; questions under way are not waited for."""
        if self._channel is not None:
            self._channel.close()

    def _open(self) -> Any:
        if self._channel is None:
            self._channel = self._pycares.Channel(servers=self._wanted)
        return self._channel

    def _settle(self, future: asyncio.Future[Answer], found: Any, error: int | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(OSError(self._pycares.errno.strerror(error)))
        elif not found.nodes:
            future.set_exception(OSError("no addresses"))
        else:
            lives = [record.ttl for record in (*found.nodes, *found.cnames)]
            addresses = [_text(node.addr[0]) for node in found.nodes]
            future.set_result(Answer(addresses, float(min(lives))))


class System:
    """The system's own resolver, in threads of ours.

    A name server that hangs must not use up the event loop's default threads.
    """

    def __init__(self) -> None:
        self._free_threads = asyncio.Semaphore(THREADS)

    async def ask(self, host: str, port: int) -> Sequence[str]:
        """Raises OSError."""
        async with self._free_threads:
            found = await _in_daemon_thread(
                lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            )
        return [str(entry[4][0]) for entry in found]


def own_names(etc: Path = Path("/etc")) -> Names:
    """The names as this machine sees them, with TTL where that is safe and pycares is there."""
    if not sees_all(etc):
        return Names(None)
    try:
        import pycares
    except ImportError:
        return Names(None)
    return Names(NameServers(pycares))


def sees_all(etc: Path, platform: str = sys.platform) -> bool:
    """Whether asking the name servers of resolv.conf gives what the system would."""
    if platform in ("darwin", "win32"):
        return False
    sources = _words_after("hosts:", etc / "nsswitch.conf") or ["files", "dns"]
    sources = [source for source in sources if not source.startswith("[")]
    if "resolve" in sources and not _RESOLVED & set(
        _words_after("nameserver", etc / "resolv.conf")
    ):
        return False
    return set(sources) <= _KNOWN_SOURCES and bool({"dns", "resolve"} & set(sources))


def is_literal(host: str) -> bool:
    """Whether a host is an address already."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _words_after(word: str, path: Path) -> list[str]:
    """What follows `word` at the start of lines of a configuration file."""
    try:
        text = path.read_text("utf-8", "replace")
    except OSError:
        return []
    lines = (line.partition("#")[0].split() for line in text.splitlines())
    return [found for words in lines if words[:1] == [word] for found in words[1:]]


def _text(address: str | bytes) -> str:
    return address.decode("ascii") if isinstance(address, bytes) else address


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
