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
