"""One request: the guard's first question, the host's turn, the GET, its deadline.

Everything that is asked of a server, pages and robots.txt alike, goes through `Client.get`.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import httpx

from scrubber.errors import AddressRefused, ConnectFailed, FetchError, FetchTimeout, InputError
from scrubber.fetch.decoding import accepted
from scrubber.fetch.guard import Guard
from scrubber.fetch.identity import Identities, read_identities
from scrubber.fetch.lookup import Lookup
from scrubber.fetch.options import FetchOptions
from scrubber.fetch.politeness import Politeness
from scrubber.fetch.proxy import check_name, read_proxy
from scrubber.fetch.recording import Recorder, Tape
from scrubber.fetch.resolver import Resolver
from scrubber.fetch.transport import GuardedTransport
from scrubber.fetch.trip import Trip
from scrubber.fetch.urls import Url

ACCEPT: Final = "text/html, application/xhtml+xml, text/plain;q=0.9, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Ask:
    """What a request says beside its URL. as_us: with the host's headers from the hosts file."""

    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    as_us: bool = True
    recorded: bool = True


PLAIN: Final = Ask()


@dataclass(frozen=True, slots=True)
class Arrival:
    """An answer, and when it began to arrive (UTC)."""

    response: httpx.Response
    at: datetime


class Client:
    """The requests of one fetcher; belongs to the event loop in which it was opened.

    Raises InputError where `options` cannot be followed (a hosts file, a network).
    """

    def __init__(
        self,
        options: FetchOptions,
        lookup: Lookup | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._options = options
        self._guard = Guard(options)
        self._resolver = Resolver(
            lookup, kept_s=options.dns_s, max_ttl_s=options.max_dns_s, clock=clock
        )
        self._politeness = Politeness(
            max_failures=options.max_host_failures, rest_s=options.host_pause_s
        )
        self._identities = (
            read_identities(options.hosts_file) if options.hosts_file else Identities()
        )
        self._proxy = read_proxy(options.proxy, self._identities) if options.proxy else None
        self.agent = options.agent(_version())
        self._headers = _standing_headers(options, self.agent)
        self._extensions = {"timeout": {"read": options.idle_s, "write": options.idle_s}}
        self._transport: GuardedTransport | None = None
        self.recorder: Recorder | None = None

    def open(self) -> None:
        """Raises InputError, OutputError where `options.warc` cannot be written."""
        if self._options.warc:
            self.recorder = Recorder(self._options, self.agent)
        self._transport = GuardedTransport(self._options, self._guard, self._resolver, self._proxy)

    async def close(self) -> None:
        self._resolver.close()
        if self._transport is not None:
            await self._transport.aclose()
            self._transport = None
        if self.recorder is not None:
            self.recorder.close()
            self.recorder = None

    def check(self, url: Url) -> None:
        """Refuse what the guard refuses unresolved. Raises AddressRefused."""
        try:
            self._guard.check_url(url)
        except AddressRefused as error:
            raise _about(url, error) from error

    async def check_resolved(self, url: Url) -> None:
        """Refuse what the guard refuses once resolved. Raises AddressRefused, ConnectFailed."""
        self.check(url)
        if self._proxy is not None:
            return check_name(self._guard, url.host)
        try:
            addresses = await self._resolver.addresses(url.host, url.port)
            self._guard.check_addresses(url.host, url.port, addresses)
        except AddressRefused as error:
            raise _about(url, error) from error
        except OSError as exc:
            message = f"{url}: {url.host} cannot be resolved"
            raise ConnectFailed(message, url=str(url), kind="dns_failed") from exc

    @asynccontextmanager
    async def get(
        self, url: Url, trip: Trip, *, pause_s: float, follow_up: bool, ask: Ask = PLAIN
    ) -> AsyncIterator[Arrival]:
        """Wait for the host's turn, ask, and give the answer while the trip's time lasts.

        pause_s, follow_up: see `Politeness.turn`. The body is not read yet. Raises FetchError that
        names the URL, also for what goes wrong while the caller reads.
        """
        self.check(url)
        async with (
            self._politeness.turn(url, pause_s=pause_s, follow_up=follow_up),
            self._recorded(url, trip, ask) as arrival,
        ):
            yield arrival

    async def address_of(self, url: Url) -> str | None:
        """One address that stands for the URL's server; `None` where it cannot be resolved.

        Behind a proxy no name is resolved here.
        """
        if self._proxy is not None:
            return None
        try:
            return min(await self._resolver.addresses(url.host, url.port))
        except OSError:
            return None

    def rest_s(self, url: Url) -> float:
        """Seconds until the URL's host may be asked again."""
        return self._politeness.rest_s(url)

    def back_off(self, url: Url, seconds: float) -> None:
        """Let the URL's host rest for longer than usual."""
        self._politeness.back_off(url, seconds)

    @asynccontextmanager
    async def _recorded(self, url: Url, trip: Trip, ask: Ask) -> AsyncIterator[Arrival]:
        """`_send`, with a copy for the WARC file where one is written."""
        recorder = self.recorder
        if recorder is None or not ask.recorded:
            async with self._send(url, trip, ask) as arrival:
                yield arrival
            return
        begun: list[tuple[Arrival, Tape]] = []
        error: FetchError | None = None
        try:
            async with self._send(url, trip, ask) as arrival:
                begun.append((arrival, recorder.watch(arrival.response)))
                yield arrival
        except FetchError as exc:
            error = exc
            raise
        finally:
            secrets = self._identities.headers_for(url) if ask.as_us else {}
            for arrival, tape in begun:
                await recorder.keep(url, arrival.response, tape, arrival.at, secrets, error)

    @asynccontextmanager
    async def _send(self, url: Url, trip: Trip, ask: Ask) -> AsyncIterator[Arrival]:
        if self._transport is None:
            raise RuntimeError("open the fetcher first: `async with Fetcher() as f:`")
        request = self._request(url, ask)
        trip.add_cookies(request)
        try:
            async with trip.clock():
                response = await self._transport.handle_async_request(request)
                try:
                    self._politeness.answered(url)
                    yield Arrival(response, datetime.now(UTC))
                finally:
                    await response.aclose()
        except FetchError as error:
            if isinstance(error, ConnectFailed) or error.kind == "connect_timeout":
                self._politeness.failed(url)
            raise _about(url, error) from error.__cause__
        except TimeoutError as exc:
            message = f"{url}: not done within {self._options.timeout_s:g} seconds"
            raise FetchTimeout(message, url=str(url)) from exc

    def _request(self, url: Url, ask: Ask) -> httpx.Request:
        own = self._identities.headers_for(url) if ask.as_us else {}
        headers = {**self._headers, **ask.headers, **own}
        try:
            request = httpx.Request(
                ask.method,
                str(url),
                headers=headers,
                content=ask.body,
                extensions=self._extensions,
            )
        except httpx.InvalidURL as exc:
            message = f"{url} is no valid URL: {exc}"
            raise InputError(message, url=str(url), kind="invalid_url") from exc
        if request.url.host != url.host and request.url.raw_host.decode() != url.host:
            # Two readings of one URL: whatever was checked, it may not be what is asked.
            raise AddressRefused(f"{url} can be read in two ways", url=str(url))
        return request


def _about(url: Url, error: FetchError) -> FetchError:
    """The same error, saying which URL it concerns."""
    if error.url is not None:
        return error
    about = type(error)(f"{url}: {error.message}", url=str(url), kind=error.kind)
    about.status, about.retry_after_s = error.status, error.retry_after_s
    return about


def _standing_headers(options: FetchOptions, agent: str) -> dict[str, str]:
    headers = {"user-agent": agent, "accept": ACCEPT, "accept-encoding": accepted()}
    if options.accept_language:
        headers["accept-language"] = options.accept_language
    if options.from_address:
        headers["from"] = options.from_address
    return headers


def _version() -> str:
    try:
        return version("scrubber")
    except PackageNotFoundError:
        return "0"
