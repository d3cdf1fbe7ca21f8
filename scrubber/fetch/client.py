"""One request: the guard's first question, the host's turn, the GET, its deadline.

Everything that is asked of a server, pages and robots.txt alike, goes through `Client.get`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Final

import httpx

from scrubber.errors import AddressRefused, ConnectFailed, FetchError, FetchTimeout, InputError
from scrubber.fetch.decoding import accepted
from scrubber.fetch.guard import Guard
from scrubber.fetch.identity import Identities, read_identities
from scrubber.fetch.options import FetchOptions
from scrubber.fetch.politeness import Politeness
from scrubber.fetch.resolver import Lookup, Resolver
from scrubber.fetch.transport import GuardedTransport
from scrubber.fetch.trip import Trip
from scrubber.fetch.urls import Url

ACCEPT: Final = "text/html, application/xhtml+xml, text/plain;q=0.9, */*;q=0.1"
DRAINED_BYTES: Final = 16 * 1024  # of an unwanted body, to keep its connection


class Client:
    """The requests of one fetcher; belongs to the event loop in which it was opened.

    Raises InputError where `options` cannot be followed (a hosts file, a network).
    """

    def __init__(self, options: FetchOptions, lookup: Lookup | None) -> None:
        self._options = options
        self._guard = Guard(options)
        self._resolver = Resolver(lookup)
        self._politeness = Politeness(
            max_failures=options.max_host_failures, rest_s=options.host_pause_s
        )
        self._identities = (
            read_identities(options.hosts_file) if options.hosts_file else Identities()
        )
        self.agent = options.agent(_version())
        self._headers = _standing_headers(options, self.agent)
        self._extensions = {"timeout": {"read": options.idle_s, "write": options.idle_s}}
        self._transport: GuardedTransport | None = None

    def open(self) -> None:
        self._transport = GuardedTransport(self._options, self._guard, self._resolver)

    async def close(self) -> None:
        self._resolver.close()
        if self._transport is not None:
            await self._transport.aclose()
            self._transport = None

    def check(self, url: Url) -> None:
        """Refuse what the guard refuses unresolved. Raises AddressRefused."""
        try:
            self._guard.check_url(url)
        except AddressRefused as error:
            raise _about(url, error) from error

    async def check_resolved(self, url: Url) -> None:
        """Refuse what the guard refuses once resolved. Raises AddressRefused, ConnectFailed."""
        self.check(url)
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
        self, url: Url, trip: Trip, *, pause_s: float, follow_up: bool
    ) -> AsyncIterator[httpx.Response]:
        """Wait for the host's turn, ask, and give the answer while the trip's time lasts.

        pause_s, follow_up: see `Politeness.turn`. The body is not read yet. Raises FetchError that
        names the URL, also for what goes wrong while the caller reads.
        """
        self.check(url)
        async with (
            self._politeness.turn(url, pause_s=pause_s, follow_up=follow_up),
            self._send(url, trip) as response,
        ):
            yield response

    async def address_of(self, url: Url) -> str | None:
        """One address that stands for the URL's server; `None` where it cannot be resolved."""
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
    async def _send(self, url: Url, trip: Trip) -> AsyncIterator[httpx.Response]:
        if self._transport is None:
            raise RuntimeError("open the fetcher first: `async with Fetcher() as f:`")
        request = self._request(url)
        trip.add_cookies(request)
        try:
            async with trip.clock():
                response = await self._transport.handle_async_request(request)
                try:
                    self._politeness.answered(url)
                    yield response
                finally:
                    await response.aclose()
        except FetchError as error:
            if isinstance(error, ConnectFailed) or error.kind == "connect_timeout":
                self._politeness.failed(url)
            raise _about(url, error) from error.__cause__
        except TimeoutError as exc:
            message = f"{url}: not done within {self._options.timeout_s:g} seconds"
            raise FetchTimeout(message, url=str(url)) from exc

    def _request(self, url: Url) -> httpx.Request:
        headers = {**self._headers, **self._identities.headers_for(url)}
        try:
            request = httpx.Request("GET", str(url), headers=headers, extensions=self._extensions)
        except httpx.InvalidURL as exc:
            message = f"{url} is no valid URL: {exc}"
            raise InputError(message, url=str(url), kind="invalid_url") from exc
        if request.url.host != url.host and request.url.raw_host.decode() != url.host:
            # Two readings of one URL: whatever was checked, it may not be what is asked.
            raise AddressRefused(f"{url} can be read in two ways", url=str(url))
        return request


async def drain(response: httpx.Response) -> None:
    """Read a small unwanted body to its end, so that its connection can serve the next request."""
    length = response.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length) <= DRAINED_BYTES:
        async for _ in response.aiter_raw():
            pass


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
