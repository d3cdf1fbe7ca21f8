"""A web server on loopback that speaks bytes: what it answers need not be HTTP at all.

    with RawServer({"/page": respond(b"<p>hi</p>")}) as server:
        server.url("/page"); server.requests  # [(method, target, headers)]

A behaviour is `async def (exchange) -> None`; it writes what it likes and may hang up. It runs in a
thread of its own, so synchronous and asynchronous tests use it alike.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field


@dataclass
class Exchange:
    """One request, and the way to answer it."""

    target: str
    headers: dict[str, str]
    writer: asyncio.StreamWriter
    reader: asyncio.StreamReader
    keep: bool = False  # whether the connection lives on after the answer
    count: int = 1  # how many requests for this target came so far, this one included

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()
        await asyncio.sleep(0)  # drain alone lets an endless sender starve all other answers

    def reset(self) -> None:
        """Tear the connection down with RST instead of FIN."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Behaviour = Callable[[Exchange], Awaitable[None]]


def respond(
    body: bytes = b"",
    *,
    status: str = "200 OK",
    content_type: str | None = "text/html; charset=utf-8",
    headers: Mapping[str, str] | None = None,
    length: int | None = -1,
) -> Behaviour:
    """A well-formed answer. length: what Content-Length claims; -1 the truth, `None` no header."""
    lines = [f"HTTP/1.1 {status}"]
    if content_type:
        lines.append(f"Content-Type: {content_type}")
    if length is not None:
        lines.append(f"Content-Length: {len(body) if length == -1 else length}")
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    data = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body

    async def behave(exchange: Exchange) -> None:
        exchange.keep = length == -1
        await exchange.send(data)

    return behave


def send(data: bytes) -> Behaviour:
    """Exactly these bytes, then hang up."""

    async def behave(exchange: Exchange) -> None:
        await exchange.send(data)

    return behave


def redirect(location: str, status: str = "302 Found") -> Behaviour:
    return respond(b"", status=status, headers={"Location": location})


@dataclass
class RawServer:
    """Serves `routes`; a target that is not among them gets 404, so robots.txt allows all."""

    routes: Mapping[str, Behaviour] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    port: int = 0
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list, repr=False)
    connections: int = 0

    def __enter__(self) -> RawServer:
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(600)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(10)

    def url(self, target: str = "/", *, host: str | None = None) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{host or self.host}:{self.port}{target}"

    def targets(self) -> list[str]:
        """What was asked for, robots.txt aside, in order."""
        return [target for target, _ in self.requests if target != "/robots.txt"]

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stopped = asyncio.Event()
        self._open: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        server = await asyncio.start_server(
            self._connected, self.host, self.port, ssl=self.tls, backlog=1024
        )
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopped.wait()
        server.close()
        await asyncio.sleep(0.01)  # connections that were just accepted get to their first line
        while self._open:
            for task in self._open:
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0.01)  # and closed transports to their last

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        self._writers.add(writer)
        self.connections += 1
        try:
            while await self._exchange(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the client left, or the test is over
        finally:
            self._open.discard(task)
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()
                self._writers.discard(writer)

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.split("\r\n")
        target = first.split(" ")[1]
        pairs = (line.partition(":") for line in lines if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        self.requests.append((target, headers))
        count = sum(1 for seen, _ in self.requests if seen == target)
        exchange = Exchange(target, headers, writer, reader, count=count)
        behave = self.routes.get(target) or respond(b"no such page", status="404 Not Found")
        await behave(exchange)
        return exchange.keep
