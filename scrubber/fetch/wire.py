"""One connection's wire, and its errors in our terms: the lower half of the door to httpcore."""

from __future__ import annotations

import asyncio
import os
import ssl
from typing import Any, Final, NoReturn

import h11
import httpcore

from scrubber.errors import BadResponse, ConnectFailed, FetchError, FetchTimeout, TooLarge

MAX_INTERIM: Final = 32
BUFFER_BYTES: Final = 256 * 1024  # read ahead of the parser, then the peer must wait


class Http11(httpcore.AsyncHTTP11Connection):
    """httpcore's HTTP/1.1 with our bound on what may come before the body."""

    MAX_INCOMPLETE_EVENT_SIZE = 64 * 1024
    _interim = 0  # answers of status 1xx since the last final one

    async def _receive_event(self, timeout: float | None = None) -> Any:
        event = await super()._receive_event(timeout)
        if isinstance(event, h11.InformationalResponse):
            self._interim += 1
            if self._interim > MAX_INTERIM:  # each is complete, so no other bound would stop them
                raise TooLarge("sends endless interim answers")
        elif isinstance(event, h11.Response):
            self._interim = 0
        return event

    def has_leftovers(self) -> bool:
        """Whether more came than the answer's length said: the start of a forged next answer?"""
        return bool(self._h11_state.trailing_data[0])


class Stream(asyncio.Protocol, httpcore.AsyncNetworkStream):
    """One TCP or TLS connection, as httpcore wants to read and write it.

    Straight on asyncio's transports: it costs a third of httpcore's own backend, and a reader that
    falls behind stops the peer after BUFFER_BYTES.
    """

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._ended = False
        self._failure: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._paused = False
        self.first = b""  # bytes of the answer to what was written last

    # -- asyncio's side

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if len(self.first) < 5:
            self.first += data[:5]
        if len(self._buffer) > BUFFER_BYTES and not self._paused and self._transport:
            self._transport.pause_reading()
            self._paused = True
        self._wake()

    def eof_received(self) -> bool:
        self._ended = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._failure = exc
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # -- httpcore's side

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if not self._buffer and not self._ended:
            await self._wait(timeout)
        if not self._buffer and self._failure is not None:
            raise httpcore.ReadError(reason_of(self._failure)) from self._failure
        data = bytes(self._buffer[:max_bytes])
        del self._buffer[:max_bytes]
        if self._paused and len(self._buffer) < BUFFER_BYTES // 2 and self._transport:
            self._transport.resume_reading()
            self._paused = False
        return data

    async def _wait(self, timeout: float | None) -> None:
        loop = asyncio.get_running_loop()
        waiter = self._waiter = loop.create_future()
        expiry = loop.call_later(timeout, _expire, waiter) if timeout is not None else None
        try:
            await waiter
        finally:
            self._waiter = None
            if expiry is not None:
                expiry.cancel()

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        if self._transport is None or self._transport.is_closing():
            raise httpcore.WriteError("the connection is closed")
        self.first = b""
        self._transport.write(buffer)  # requests are small: there is nothing to wait for

    async def aclose(self) -> None:
        self.close()

    def close(self) -> None:
        # abort, not close: a peer that does not read must not keep the socket alive
        if self._transport is not None:
            self._transport.abort()

    async def upgrade(self, context: ssl.SSLContext, host: str) -> None:
        """Start TLS on this connection. Raises OSError, TimeoutError."""
        assert self._transport is not None
        secured = await asyncio.get_running_loop().start_tls(
            self._transport, self, context, server_hostname=host
        )
        if secured is None:
            raise ConnectionResetError("the server closed the connection")
        self._transport = secured

    def peer(self) -> str | None:
        """The address at the other end."""
        name = self._transport.get_extra_info("peername") if self._transport else None
        return str(name[0]) if name else None

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":
            return bool(self._buffer) or self._ended
        return self._transport.get_extra_info(info) if self._transport else None


def _expire(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_exception(httpcore.ReadTimeout())


# ---- errors ------------------------------------------------------------------------------------


def raise_as_fetch_error(exc: BaseException) -> NoReturn:
    """Re-raise what httpcore raised in our terms; ours and cancellation pass unchanged."""
    if isinstance(exc, httpcore.TimeoutException):
        raise FetchTimeout("the server fell silent", kind="idle_timeout") from exc
    if isinstance(exc, httpcore.NetworkError):
        message = f"the connection broke: {reason_of(exc)}"
        raise ConnectFailed(message, kind="connection_reset") from exc
    if isinstance(exc, httpcore.ProtocolError):
        raise _protocol_error(reason_of(exc)) from exc
    if isinstance(exc, (FetchError, TimeoutError)) or not isinstance(exc, Exception):
        raise exc
    # httpcore lets some errors of h2 and hpack through as they are; the peer caused them all.
    raise BadResponse(f"the answer breaks the protocol: {reason_of(exc)}") from exc


def _protocol_error(reason: str) -> FetchError:
    if "disconnected" in reason:
        return ConnectFailed("the server closed without an answer", kind="connection_reset")
    if "Receive buffer too long" in reason:
        return TooLarge("sends endless headers")
    if "incomplete" in reason or "without sending complete" in reason:
        return BadResponse("the body ends too early", kind="truncated")
    return BadResponse(f"the answer is not well-formed HTTP: {reason}")


def reason_of(exc: BaseException) -> str:
    text = str(getattr(exc, "strerror", None) or str(exc) or type(exc).__name__).strip()
    if text.startswith("Connect call failed") and isinstance(exc, OSError) and exc.errno:
        return os.strerror(exc.errno)  # asyncio names the address in its place
    return text
