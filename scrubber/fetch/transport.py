"""The only door to httpx and httpcore: pooled connections to addresses that were checked.

    httpx.Request ──> GuardedTransport ──> a kept connection of that origin, or a new one:
                      ──> httpx.Response     resolve, check every address, race them, TLS, ALPN

No httpx client stands around it: redirects, cookies and passwords are decided hop by hop in the
fetcher, while a client builds the next request from the Location header before anyone has looked at
it. httpx's own transport is passed over for three reasons. It resolves names inside the connection,
where no guard can see the address; its pool looks at every open connection on every request, which
is quadratic over many hosts; and its cap on the header block is fixed. The protocols themselves
(HTTP/1.1 and HTTP/2) are httpcore's.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpcore
import httpx

from scrubber.errors import BadResponse, ConnectFailed, FetchTimeout, TooLarge
from scrubber.fetch.guard import Guard
from scrubber.fetch.options import FetchOptions
from scrubber.fetch.proxy import Proxy, check_name
from scrubber.fetch.resolver import Resolver, first_to_connect
from scrubber.fetch.wire import Http11, Stream, raise_as_fetch_error, reason_of

Origin = tuple[bytes, bytes, int]


@dataclass(frozen=True, slots=True)
class Connection:
    """A protocol and the wire that it speaks over."""

    protocol: Http11 | httpcore.AsyncHTTP2Connection
    stream: Stream
    proxy: Proxy | None = None  # that is asked itself, without a tunnel

    def is_reusable(self) -> bool:
        protocol = self.protocol
        if not protocol.is_idle() or protocol.has_expired():
            return False
        return not (isinstance(protocol, Http11) and protocol.has_leftovers())

    def spoke_something_else(self) -> bool:
        """Whether the first bytes of the answer are no HTTP/1 status line."""
        start = self.stream.first
        return isinstance(self.protocol, Http11) and not b"HTTP/".startswith(start[:5])

    async def aclose(self) -> None:
        await self.protocol.aclose()


class GuardedTransport(httpx.AsyncBaseTransport):
    """Raises `FetchError`s for whatever goes wrong below; they carry no URL yet."""

    def __init__(
        self, options: FetchOptions, guard: Guard, resolver: Resolver, proxy: Proxy | None = None
    ) -> None:
        self._options = options
        self._dialer = Dialer(options, guard, resolver, proxy)
        self._idle: OrderedDict[Origin, list[Connection]] = OrderedDict()
        self._idle_count = 0
        self._closed = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        origin = _origin(request.url)
        # A kept connection may turn out closed; only what can be sent again goes over one.
        kept = await self._take_idle(origin) if request.method == "GET" else None
        if kept is not None:
            try:
                return await self._send(kept, origin, request)
            except (BadResponse, ConnectFailed):
                # It may have been closed by the server just now: a GET can be sent again.
                await kept.aclose()
        return await self._send(await self._dialer.dial(origin), origin, request)

    async def aclose(self) -> None:
        self._closed = True
        for connections in self._idle.values():
            for connection in connections:
                await connection.aclose()
        self._idle.clear()

    async def _send(
        self, connection: Connection, origin: Origin, request: httpx.Request
    ) -> httpx.Response:
        scheme, host, port = origin
        target, headers = request.url.raw_path, request.headers.raw
        if connection.proxy is not None:
            target = b"http://" + request.url.netloc + target
            headers = [*headers, *connection.proxy.headers]
        core_request = httpcore.Request(
            method=request.method.encode("ascii"),
            url=httpcore.URL(scheme=scheme, host=host, port=port, target=target),
            headers=headers,
            content=request.read(),
            extensions=request.extensions,
        )
        try:
            response = await connection.protocol.handle_async_request(core_request)
        except BaseException as exc:
            await connection.aclose()
            if isinstance(exc, httpcore.RemoteProtocolError) and connection.spoke_something_else():
                raise BadResponse("the answer is not HTTP") from exc
            raise_as_fetch_error(exc)
        headers = response.headers
        if sum(len(name) + len(value) + 4 for name, value in headers) > (
            self._options.max_header_bytes
        ):
            await connection.aclose()
            raise TooLarge(f"sends more than {self._options.max_header_bytes} bytes of headers")
        if len({value for name, value in headers if name.lower() == b"location"}) > 1:
            # Joined, as headers are, they would name a third place that nobody meant.
            await connection.aclose()
            raise BadResponse("redirects to two places at once")
        return httpx.Response(
            status_code=response.status,
            headers=headers,
            request=request,
            stream=_Body(response, connection, self, origin),
            extensions={
                "http_version": response.extensions["http_version"],
                "peer": None if self._options.proxy else connection.stream.peer(),
            },
        )

    # -- the pool: idle connections only; those in use belong to their response

    async def _take_idle(self, origin: Origin) -> Connection | None:
        connections = self._idle.get(origin)
        while connections:
            connection = connections.pop()
            self._idle_count -= 1
            if not connections:
                del self._idle[origin]
            if connection.is_reusable():
                return connection
            await connection.aclose()
        return None

    async def give_back(self, origin: Origin, connection: Connection) -> None:
        unwanted = self._closed or self._options.max_idle_connections < 1
        if unwanted or not connection.is_reusable():
            await connection.aclose()
            return
        self._idle.setdefault(origin, []).append(connection)
        self._idle.move_to_end(origin)
        self._idle_count += 1
        while self._idle_count > self._options.max_idle_connections:
            _, oldest = self._idle.popitem(last=False)
            self._idle_count -= len(oldest)
            for old in oldest:
                await old.aclose()


class _Body(httpx.AsyncByteStream):
    """A response's raw chunks; closing it gives the connection back to the pool."""

    def __init__(
        self,
        response: httpcore.Response,
        connection: Connection,
        pool: GuardedTransport,
        origin: Origin,
    ) -> None:
        self._response = response
        self._connection = connection
        self._pool = pool
        self._origin = origin
        self._closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._response.aiter_stream():
                yield chunk
        except Exception as exc:
            raise_as_fetch_error(exc)

    async def aclose(self) -> None:
        if self._closed:
            return
        self._closed = True
        try:
            await self._response.aclose()
            await self._pool.give_back(self._origin, self._connection)
        except BaseException:  # cancelled between the two, nobody would own it
            self._connection.stream.close()
            raise


# ---- new connections ---------------------------------------------------------------------------


class Dialer:
    """Opens connections: the guard's second question is asked here, right before connecting."""

    def __init__(
        self, options: FetchOptions, guard: Guard, resolver: Resolver, proxy: Proxy | None
    ) -> None:
        self._options = options
        self._proxy = proxy
        self._guard = guard
        self._resolver = resolver
        self._tls: ssl.SSLContext | None = None

    async def dial(self, origin: Origin) -> Connection:
        """Raises AddressRefused, ConnectFailed, FetchTimeout."""
        scheme, raw_host, port = origin
        host = raw_host.decode("ascii")
        try:
            async with asyncio.timeout(self._options.connect_s):
                stream = await self._reach(host, port, tunnel=scheme == b"https")
                if scheme == b"https":
                    await self._start_tls(stream, host)
        except TimeoutError as exc:
            self._resolver.forget(host)
            message = f"no connection to {host} within {self._options.connect_s:g} seconds"
            raise FetchTimeout(message, kind="connect_timeout") from exc
        return self._speak(origin, stream)

    async def _reach(self, host: str, port: int, *, tunnel: bool) -> Stream:
        """A wire to the host, or to the proxy that was named."""
        if self._proxy is None:
            return await self._connect(host, port)
        check_name(self._guard, host)
        stream = await self._connect(self._proxy.host, self._proxy.port, guarded=False)
        if tunnel:
            try:
                await self._proxy.tunnel(stream, host, port)
            except BaseException as exc:
                stream.close()
                raise_as_fetch_error(exc)
        return stream

    async def _connect(self, host: str, port: int, *, guarded: bool = True) -> Stream:
        try:
            addresses = await self._resolver.addresses(host, port)
        except OSError as exc:
            temporary = getattr(exc, "errno", None) == socket.EAI_AGAIN
            kind = "dns_unavailable" if temporary else "dns_failed"
            raise ConnectFailed(f"{host} cannot be resolved: {reason_of(exc)}", kind=kind) from exc
        if guarded:
            self._guard.check_addresses(host, port, addresses)

        async def open_one(address: str) -> Stream:
            loop = asyncio.get_running_loop()
            _, stream = await loop.create_connection(Stream, address, port)
            return stream

        try:
            return await first_to_connect(addresses, open_one)
        except OSError as exc:
            self._resolver.forget(host)
            message = f"no connection to {host} port {port}: {reason_of(exc)}"
            raise ConnectFailed(message) from exc

    async def _start_tls(self, stream: Stream, host: str) -> None:
        try:
            await stream.upgrade(self._tls_context(), host)
        except (OSError, ssl.CertificateError) as exc:
            stream.close()
            message = f"no secure connection to {host}: {reason_of(exc)}"
            raise ConnectFailed(message, kind="tls_failed") from exc
        except BaseException:
            stream.close()
            raise

    def _tls_context(self) -> ssl.SSLContext:
        if self._tls is None:
            context = httpx.create_ssl_context(trust_env=False)
            if self._options.ca_file:
                context = ssl.create_default_context(cafile=self._options.ca_file)
            context.set_alpn_protocols(["h2", "http/1.1"] if self._options.http2 else ["http/1.1"])
            self._tls = context
        return self._tls

    def _speak(self, origin: Origin, stream: Stream) -> Connection:
        core_origin = httpcore.Origin(*origin)
        keep = self._options.keepalive_s
        tls = stream.get_extra_info("ssl_object")
        if tls is not None and tls.selected_alpn_protocol() == "h2":
            http2 = httpcore.AsyncHTTP2Connection(core_origin, stream, keepalive_expiry=keep)
            return Connection(http2, stream)
        asked = self._proxy if tls is None else None
        return Connection(Http11(core_origin, stream, keepalive_expiry=keep), stream, asked)


def _origin(url: httpx.URL) -> Origin:
    return (
        url.raw_scheme,
        url.raw_host,
        url.port or (443 if url.scheme == "https" else 80),
    )
