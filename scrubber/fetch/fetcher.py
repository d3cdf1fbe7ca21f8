"""The fetcher: a URL in, a decoded `Page` out, or a `FetchError` that says why not.

    fetch ── attempts ── hops ── one hop:  guard the URL, ask robots.txt, wait for the host's turn,
                                           request, decide, read the body within bounds
                                           └─ redirect: the next hop, guarded like the first

It is made to be called by hundreds of tasks at once: hosts wait in lines of their own, connections
are shared, and no time spent waiting in line counts against a deadline.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Final, Self, TypeVar

import httpx

from scrubber.errors import (
    AddressRefused,
    ConnectFailed,
    FetchError,
    FetchTimeout,
    InputError,
    TooManyRedirects,
)
from scrubber.fetch.body import Body, read_body, read_prefix
from scrubber.fetch.charset import decode_html
from scrubber.fetch.decision import (
    WALL_STATUSES,
    Redirect,
    Reject,
    bot_wall,
    decide,
    may_pass,
    retry_wait,
    wall_markup,
)
from scrubber.fetch.decoding import accepted, encodings_of
from scrubber.fetch.guard import Guard
from scrubber.fetch.identity import Identities, read_identities
from scrubber.fetch.media import TEXT, parse_content_type, recognise_type, refuse_early
from scrubber.fetch.options import FetchOptions
from scrubber.fetch.politeness import Politeness
from scrubber.fetch.refresh import refresh_target
from scrubber.fetch.resolver import Lookup, Resolver
from scrubber.fetch.robots import MAX_REDIRECTS as MAX_ROBOTS_REDIRECTS
from scrubber.fetch.robots import Answer, Robots, agent_token
from scrubber.fetch.transport import GuardedTransport
from scrubber.fetch.trip import Trip
from scrubber.fetch.urls import Url, parse_url
from scrubber.models import Page

T = TypeVar("T")

ACCEPT: Final = "text/html, application/xhtml+xml, text/plain;q=0.9, */*;q=0.1"
PRIVATE_HEADERS: Final = frozenset({"set-cookie", "set-cookie2"})
WALL_BYTES: Final = 64 * 1024  # of an error's body, looked at for signs of a bot defence
DRAINED_BYTES: Final = 16 * 1024  # of an unwanted body, to keep its connection


class Fetcher:
    """Fetches pages; `async with Fetcher(options) as f: page = await f.fetch(url)`.

    Belongs to the event loop in which it was opened. lookup: resolves names in place of the
    system, as `async (host, port) -> addresses`.
    """

    def __init__(
        self, options: FetchOptions | None = None, *, lookup: Lookup | None = None
    ) -> None:
        self.options = options = options or FetchOptions()
        agent = options.agent(_version())
        self._guard = Guard(options)
        self._resolver = Resolver(lookup)
        self._politeness = Politeness(
            max_failures=options.max_host_failures, rest_s=options.host_pause_s
        )
        self._robots = Robots(self._get_robots, agent_token(agent))
        self._identities = (
            read_identities(options.hosts_file) if options.hosts_file else Identities()
        )
        self._headers = _standing_headers(options, agent)
        self._extensions = {"timeout": {"read": options.idle_s, "write": options.idle_s}}
        self._transport: GuardedTransport | None = None

    async def __aenter__(self) -> Self:
        self._transport = GuardedTransport(self.options, self._guard, self._resolver)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._robots.close()
        self._resolver.close()
        if self._transport is not None:
            await self._transport.aclose()
            self._transport = None

    async def fetch(self, url: str) -> Page:
        """Fetch one page: retries, redirects and all.

        Raises InputError for what is no URL, otherwise a FetchError; its `retry_after_s` says when
        a retry makes sense, where that is known.
        """
        start = parse_url(url, max_chars=self.options.max_url_chars)
        return await self._try_and_retry(lambda: self._visit(start, url))

    async def allowed(self, url: str) -> None:
        """Raise what `fetch` would raise before asking for the page itself.

        That is InputError, AddressRefused, RobotsDisallowed, or why robots.txt cannot be had.
        """
        target = parse_url(url, max_chars=self.options.max_url_chars)
        self._check(target)
        if self.options.respect_robots:
            await self._robots.check(target)
            return
        try:
            addresses = await self._resolver.addresses(target.host, target.port)
        except OSError as exc:
            message = f"{target.host} cannot be resolved"
            raise ConnectFailed(message, url=str(target), kind="dns_failed") from exc
        try:
            self._guard.check_addresses(target.host, target.port, addresses)
        except AddressRefused as error:
            raise _about(target, error) from error

    def _check(self, url: Url) -> None:
        try:
            self._guard.check_url(url)
        except AddressRefused as error:
            raise _about(url, error) from error

    # -- attempts and hops

    async def _try_and_retry(self, step: Callable[[], Awaitable[T]]) -> T:
        """The result of `step`, repeated while its failure may pass and attempts are left."""
        attempt = 1
        while True:
            try:
                return await step()
            except FetchError as error:
                # An error that comes from robots.txt has its own attempts behind it.
                error.attempts = attempt = max(attempt, error.attempts)
                wait_s = self._wait_before_retry(error, attempt)
                if wait_s is None:
                    raise
            await asyncio.sleep(wait_s)
            attempt += 1

    def _wait_before_retry(self, error: FetchError, attempt: int) -> float | None:
        """Seconds to the next attempt; `None` where the error is to be raised."""
        options = self.options
        if attempt > options.retries or not may_pass(error):
            return None
        wait_s = retry_wait(error, attempt, backoff_s=options.backoff_s, jitter=random.random())
        return wait_s if wait_s <= options.retry_budget_s else None

    async def _visit(self, start: Url, requested: str) -> Page:
        """One attempt: hop from redirect to redirect until there is a page."""
        trip = Trip(self.options.timeout_s)
        url = start
        for hop in range(self.options.max_redirects + 1):
            if trip.seen(url):
                message = f"{start} redirects in a loop, back to {url}"
                raise TooManyRedirects(message, url=str(start), kind="redirect_loop")
            page_or_location = await self._hop(url, trip, follow_up=hop > 0)
            if isinstance(page_or_location, Page):
                return replace(page_or_location, requested_url=requested)
            url = url.join(page_or_location, self.options.max_url_chars)
        message = f"{start} redirects more than {self.options.max_redirects} times"
        raise TooManyRedirects(message, url=str(start))

    async def _hop(self, url: Url, trip: Trip, *, follow_up: bool) -> Page | str:
        """Ask one URL: a page, or the location it points to."""
        self._check(url)
        pause_s = self.options.delay_s
        if self.options.respect_robots:
            rules = await self._robots.check(url)
            asked_s = min(rules.crawl_delay_s or 0.0, self.options.max_crawl_delay_s)
            pause_s = max(pause_s, asked_s)
        async with (
            self._politeness.turn(url, pause_s=pause_s, follow_up=follow_up),
            self._request(url, trip) as response,
        ):
            return await self._read(url, response, trip)

    async def _read(self, url: Url, response: httpx.Response, trip: Trip) -> Page | str:
        headers = _lower(response.headers)
        decision = decide(response.status_code, headers, url, datetime.now(UTC))
        if isinstance(decision, Redirect):
            trip.keep_cookies(response)
            await _drain(response)
        elif isinstance(decision, Reject):
            decision = await self._look_for_wall(decision, url, response, headers)
        match decision:
            case Redirect(location):
                return location
            case Reject(error):
                if error.retry_after_s:
                    self._politeness.back_off(
                        url, min(error.retry_after_s, self.options.retry_budget_s)
                    )
                raise error
        media_type, charset = parse_content_type(headers.get("content-type"))
        refuse_early(media_type)
        body = await self._body(response, headers)
        media_type = recognise_type(media_type, body.content)
        text, charset = decode_html(body.content, header_charset=charset)
        page = _page(url, response.status_code, headers, media_type, charset, text, body)
        target = None if media_type == TEXT else refresh_target(text, headers.get("refresh"))
        if target is None or not self._leads_away(url, target):
            return page
        trip.keep_cookies(response)
        return target

    def _leads_away(self, url: Url, target: str) -> bool:
        """Whether a refresh points to another page; one that points nowhere leaves the page."""
        try:
            return str(url.join(target, self.options.max_url_chars)) != str(url)
        except (InputError, AddressRefused):
            return False

    async def _look_for_wall(
        self, reject: Reject, url: Url, response: httpx.Response, headers: Mapping[str, str]
    ) -> Reject:
        """The same rejection, or the one that its body calls for: retrying a wall is futile."""
        status = response.status_code
        if status not in WALL_STATUSES or reject.error.kind == "bot_wall":
            await _drain(response)
            return reject
        try:
            body = await read_prefix(
                response.aiter_raw(),
                encodings=encodings_of(headers.get("content-encoding", "")),
                max_bytes=WALL_BYTES,
            )
        except FetchError:
            return reject
        mark = wall_markup(body)
        return Reject(bot_wall(status, url, f"its page holds {mark}")) if mark else reject

    async def _body(self, response: httpx.Response, headers: Mapping[str, str]) -> Body:
        length = headers.get("content-length", "")
        return await read_body(
            response.aiter_raw(),
            encodings=encodings_of(headers.get("content-encoding", "")),
            length=int(length) if length.isascii() and length.isdigit() else None,
            options=self.options,
        )

    # -- one request

    @asynccontextmanager
    async def _request(self, url: Url, trip: Trip) -> AsyncIterator[httpx.Response]:
        """Send a GET and give its response while the trip's time lasts; errors name the URL."""
        if self._transport is None:
            raise RuntimeError("open the fetcher first: `async with Fetcher() as f:`")
        request = self._get(url)
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
            message = f"{url}: not done within {self.options.timeout_s:g} seconds"
            raise FetchTimeout(message, url=str(url)) from exc

    def _get(self, url: Url) -> httpx.Request:
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

    async def _get_robots(self, url: Url) -> Answer:
        return await self._try_and_retry(lambda: self._visit_robots(url))

    async def _visit_robots(self, url: Url) -> Answer:
        """What a host says to /robots.txt; its redirects are guarded, but need no permission."""
        trip = Trip(self.options.timeout_s)
        for _ in range(MAX_ROBOTS_REDIRECTS + 1):
            self._check(url)
            async with (
                self._politeness.turn(url, pause_s=0.0, follow_up=True),
                self._request(url, trip) as response,
            ):
                headers = _lower(response.headers)
                location = headers.get("location")
                if not (300 <= response.status_code < 400 and location):
                    return await self._robots_answer(url, response, headers)
            url = url.join(location, self.options.max_url_chars)
        return Answer(404)

    async def _robots_answer(
        self, url: Url, response: httpx.Response, headers: Mapping[str, str]
    ) -> Answer:
        """Raises BadStatus where the server says that it cannot answer now."""
        status = response.status_code
        if status != 200:
            await _drain(response)
            decision = decide(status, headers, url, datetime.now(UTC))
            if isinstance(decision, Reject) and (status >= 500 or status == 429):
                raise decision.error
            return Answer(status)
        encodings = encodings_of(headers.get("content-encoding", ""))
        body = await read_prefix(
            response.aiter_raw(), encodings=encodings, max_bytes=self.options.max_robots_bytes
        )
        return Answer(200, body)


# ---- small steps -------------------------------------------------------------------------------


def _page(
    url: Url,
    status: int,
    headers: Mapping[str, str],
    media_type: str,
    charset: str,
    text: str,
    body: Body,
) -> Page:
    shown = {name: value for name, value in headers.items() if name not in PRIVATE_HEADERS}
    return Page(
        html=text,
        url=str(url),
        status=status,
        content_type=media_type,
        charset=charset,
        headers=shown,
        fetched_at=datetime.now(UTC),
        truncated=body.truncated,
    )


def _about(url: Url, error: FetchError) -> FetchError:
    """The same error, saying which URL it concerns."""
    if error.url is not None:
        return error
    about = type(error)(f"{url}: {error.message}", url=str(url), kind=error.kind)
    about.status, about.retry_after_s = error.status, error.retry_after_s
    return about


def _lower(headers: httpx.Headers) -> dict[str, str]:
    """Names in lower case; values of repeated headers joined by a comma."""
    return dict(headers.items())


async def _drain(response: httpx.Response) -> None:
    """Read a small unwanted body to its end, so that its connection can serve the next request."""
    length = response.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length) <= DRAINED_BYTES:
        async for _ in response.aiter_raw():
            pass


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
