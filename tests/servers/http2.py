"""A small HTTP/2 server over TLS on loopback: one answer, of less than a window, for everything."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import h2.config
import h2.connection
import h2.events

FRAME_BYTES = 16_384


@asynccontextmanager
async def http2_server(
    tls: ssl.SSLContext, body: bytes, headers: list[tuple[str, str]], seen: list[str]
) -> AsyncIterator[int]:
    """Serve `body`; yields the port, collects the requested paths in `seen`."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        try:
            while data := await reader.read(65536):
                for event in connection.receive_data(data):
                    if isinstance(event, h2.events.RequestReceived):
                        seen.append(dict(event.headers)[b":path"].decode())
                        answer = [(":status", "200"), ("content-type", "text/html"), *headers]
                        connection.send_headers(event.stream_id, answer)
                        for start in range(0, len(body), FRAME_BYTES):
                            connection.send_data(event.stream_id, body[start : start + FRAME_BYTES])
                        connection.end_stream(event.stream_id)
                writer.write(connection.data_to_send())
        except (OSError, asyncio.CancelledError):
            pass  # the client left, or the test is over
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


SETTINGS = b"\0\0\0\x04\0\0\0\0\0"


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3) + bytes([kind, flags]) + stream.to_bytes(4) + payload


HOSTILE_FRAMES = {
    "rubbish": b"\xff" * 200,
    "HTTP/1.1": b"HTTP/1.1 200 OK\r\n\r\n",
    "goaway": SETTINGS + frame(7, 0, 0, b"\0" * 8),
    "reset": SETTINGS + frame(3, 0, 1, b"\0\0\0\x0b"),
    "headers that hpack cannot read": SETTINGS + frame(1, 5, 1, b"\xff\xff\xff\xff\xff\xff"),
    "status of letters": SETTINGS + frame(1, 5, 1, b"\x48\x03abc"),
    "header bomb": SETTINGS
    + frame(1, 5, 1, b"\x88" + b"\x40\x01a\x7f\xa1\x1e" + b"b" * 4000 + b"\xbe" * 8000),
    "data before headers": SETTINGS + frame(0, 1, 1, b"<p>x"),
    "frame larger than allowed": SETTINGS + frame(0, 0, 1, b"x" * 100_000),
    "stream that nobody opened": SETTINGS + frame(0, 0, 7, b"x"),
    "settings that cannot be": frame(4, 0, 0, b"\0\x04\xff\xff\xff\xff"),
    "window of zero": SETTINGS + frame(8, 0, 0, b"\0\0\0\0"),
    "push unasked": SETTINGS + frame(5, 4, 1, b"\0\0\0\x02\x88"),
    "silence": SETTINGS,
    "headers that are continued without end": SETTINGS
    + frame(1, 0, 1, b"\x88")
    + frame(9, 0, 1, b"\x40\x01a\x01b" * 100) * 500,
    "empty frames of data": SETTINGS + frame(1, 4, 1, b"\x88") + frame(0, 0, 1, b"") * 5000,
    "a flood of settings": SETTINGS * 5000,
    "a flood of pings": SETTINGS + frame(6, 0, 0, b"12345678") * 20_000,
}


@asynccontextmanager
async def frame_server(tls: ssl.SSLContext, answer: bytes) -> AsyncIterator[int]:
    """Send these bytes to whoever has sent a request, then wait; yields the port."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read(65536)
            await asyncio.sleep(0.02)
            writer.write(answer)
            await reader.read()
        except (OSError, asyncio.CancelledError):
            pass  # the client left, or the test is over
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
