"""The fetcher: a URL in, a decoded `Page` out, or a `FetchError` that says why not.

    fetch ── attempts ── hops ── one hop:  ask robots.txt, wait for the host's turn,
                                           request, decide, read the body within bounds
                                           └─ redirect: the next hop, guarded like the first

It is made to be called by hundreds of tasks at once: hosts wait in lines of their own, connections
are shared, and no time spent waiting in line counts against a deadline.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import lru_cache
from types import TracebackType
from typing import Self, TypeVar

from scrubber.errors import (
    AddressRefused,
    BadResponse,
    FetchError,
    InputError,
    ScrubberError,
    TooLarge,
    TooManyRedirects,
)
from scrubber.fetch.archive import Place
from scrubber.fetch.client import Ask, Client
from scrubber.fetch.decision import Redirect, may_pass, retry_wait
from scrubber.fetch.gate import Loaded, Wanted
from scrubber.fetch.lookup import Lookup
from scrubber.fetch.options import FetchOptions
from scrubber.fetch.reading import (
    NOT_MODIFIED,
    drain,
    read_answer,
    read_anything,
    read_list,
    read_range,
    read_robots,
)
from scrubber.fetch.rendering import Renderer
from scrubber.fetch.robots import MAX_REDIRECTS as MAX_ROBOTS_REDIRECTS
from scrubber.fetch.robots import Answer, Robots
from scrubber.fetch.rules import agent_token
from scrubber.fetch.trip import Trip
from scrubber.fetch.urls import Url, parse_url
from scrubber.fetch.validators import Validators, without_validators
from scrubber.fetch.visits import Visit
from scrubber.models import Failure, Page

T = TypeVar("T")


# An archive is a list of pages: another list in it would be taken for one of them.
_LIST = Ask(recorded=False)

_parsed = lru_cache(maxsize=1024)(parse_url)  # of URLs whose visit is under way


class Fetcher:
    """Fetches pages; `async with Fetcher(options) as f: page = await f.fetch(url)`.

    Belongs to the event loop in which it was opened. lookup: resolves names in place of the
    system, as `async (host, port) -> addresses`, or `Answer`. clock: seconds, by which addresses
    are kept and rendered pages given their time. Raises InputError where `options` cannot be
    followed (a hosts file, a network).
    """

    def __init__(
        self,
        options: FetchOptions | None = None,
        *,
        lookup: Lookup | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.options = options or FetchOptions()
        self._client = Client(self.options, lookup, clock)
        self._clock = clock
        self._renderer: Renderer | None = None
        self._robots = Robots(self._get_robots, agent_token(self._client.agent))

    async def __aenter__(self) -> Self:
        if self.options.render != "never":
            self._renderer = Renderer(self.options, self._client.agent, self._clock)
        self._client.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._robots.close()
        if self._renderer is not None:
            await self._renderer.close()
        await self._client.close()

    async def fetch(self, url: str) -> Page:
        """Fetch one page: retries, redirects and, where every page is to be rendered, scripts.

        Raises InputError for what is no URL, otherwise a FetchError; its `retry_after_s` says when
        a retry makes sense, where that is known.
        """
        async with self.visit(url) as page:
            return await self.render(page) if self.options.renders(page) else page

    @asynccontextmanager
    async def visit(self, url: str) -> AsyncIterator[Page]:
        """The page as it was sent, for the caller to render and read before the visit ends.

        How it ended is noted in the archive, where one is written. Raises as `fetch` does.
        """
        page = None
        try:
            page = await self.fetch_as_sent(url)
            yield page
        except FetchError as error:
            await self.note(Visit(url, failure=Failure.of(error, url)))
            raise
        except ScrubberError:
            if page is not None:  # it was read, in vain
                await self.note(Visit.to(url, page))
            raise
        await self.note(Visit.to(url, page))

    async def note(self, visit: Visit) -> None:
        """Note the end of a visit in the archive, where one is written. Raises OutputError."""
        if self._client.recorder is not None:
            await self._client.recorder.note(visit)

    async def fetch_as_sent(self, url: str, *, unless: Validators | None = None) -> Page:
        """Fetch one page and render it in no case.

        unless: a version that is stored; where it still holds, the page has status 304 and no
        text. Raises as `fetch` does.
        """
        start = parse_url(url, max_chars=self.options.max_url_chars)
        page = await self._try_and_retry(lambda: self._visit(start, unless))
        return replace(page, requested_url=url)

    async def render(self, page: Page) -> Page:
        """The page as it is once its scripts have run. Raises FetchError.

        What it loads is guarded, asked of robots.txt, bounded and paced like pages. It has no
        validators: those of what was sent say nothing of what its scripts load.
        """
        if self._renderer is None or page.url is None:
            raise InputError("rendering is not switched on", url=page.url)
        home = parse_url(page.url, max_chars=self.options.max_url_chars)
        trip = Trip(self.options.render_s)
        rendered = await self._renderer.render(page, lambda wanted: self._load(wanted, home, trip))
        if self._client.recorder is not None:
            await self._client.recorder.keep_rendered(rendered, page)
        return replace(rendered, headers=without_validators(rendered.headers))

    async def _load(self, wanted: Wanted, home: Url, trip: Trip) -> Loaded:
        """What a rendered page asks for. Raises FetchError, InputError."""
        url = parse_url(wanted.url, max_chars=self.options.max_url_chars)
        self._client.check(url)
        if self.options.respect_robots:
            await self._robots.check(url)
        # The hosts file's passwords are for what we ask: a page of another site gets none of them.
        as_us = url.origin == home.origin
        ask = Ask(wanted.method, wanted.headers, wanted.body, as_us=as_us)
        side, pause_s = trip.branch(self.options.render_s), self.options.delay_s
        async with self._client.get(url, side, pause_s=pause_s, follow_up=True, ask=ask) as arrival:
            trip.keep_cookies(arrival.response)
            body = await read_anything(arrival.response, self.options)
            headers = dict(arrival.response.headers.items())
            return Loaded(arrival.response.status_code, headers, body)

    async def allowed(self, url: str) -> None:
        """Raise what `fetch` would raise before asking for the page itself.

        That is InputError, AddressRefused, RobotsDisallowed, or why robots.txt cannot be had.
        """
        target = parse_url(url, max_chars=self.options.max_url_chars)
        if self.options.respect_robots:
            self._client.check(target)
            await self._robots.check(target)
        else:
            await self._client.check_resolved(target)

    async def fetch_list(self, url: str) -> bytes:
        """Fetch a sitemap or feed as bytes, whatever its media type; bounds and manners hold.

        Raises as `fetch` does.
        """
        start = parse_url(url, max_chars=self.options.max_url_chars)
        return await self._try_and_retry(lambda: self._visit_list(start))

    async def address_of(self, url: str) -> str | None:
        """The address that stands for a URL's server, `None` where there is none to be known."""
        try:
            return await self._client.address_of(_parsed(url))
        except (InputError, AddressRefused):
            return None

    def rest_s(self, url: str) -> float:
        """Seconds until the host of a URL may be asked again, after what it and its robots.txt
        asked for."""
        try:
            return self._client.rest_s(_parsed(url))
        except (InputError, AddressRefused):
            return 0.0

    async def fetch_capture(self, place: Place) -> Page:
        """The page that a web archive on a server keeps at `place`: asked for as a byte range.

        The archive was named by the caller, not found on a page, so its robots.txt is not asked;
        the guard and all bounds hold. Raises FetchError.
        """
        url = parse_url(place.source, max_chars=self.options.max_url_chars)
        data = await self._try_and_retry(lambda: self._get_range(url, place))
        from scrubber.fetch.warc_reading import read_slice  # loads fastwarc

        return read_slice(data, self.options, place)

    async def _get_range(self, url: Url, place: Place) -> bytes:
        trip = Trip(self.options.timeout_s)
        length = place.length or 0
        if not 0 < length <= self.options.max_wire_bytes:
            raise TooLarge(f"{url}: a record of {length} bytes is not read", url=str(url))
        wanted = f"bytes={place.offset}-{place.offset + length - 1}"
        ask = Ask(headers={"range": wanted, "accept-encoding": "identity"}, recorded=False)
        pause_s = self.options.delay_s
        async with self._client.get(
            url, trip, pause_s=pause_s, follow_up=False, ask=ask
        ) as arrival:
            return await read_range(url, arrival.response, length, self.options, arrival.at)

    # -- attempts

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
        if error.retry_after_s and not options.sit_out:
            return None
        wait_s = retry_wait(error, attempt, backoff_s=options.backoff_s, jitter=random.random())
        return wait_s if wait_s <= options.retry_budget_s else None

    # -- hops

    async def _visit(self, start: Url, unless: Validators | None) -> Page:
        """One attempt at a page."""
        trip = Trip(self.options.timeout_s, unless)
        return await self._follow(
            start, trip, lambda url, follow_up: self._hop(url, trip, follow_up=follow_up)
        )

    async def _visit_list(self, start: Url) -> bytes:
        """One attempt at a list."""
        trip = Trip(self.options.timeout_s)
        return await self._follow(
            start, trip, lambda url, follow_up: self._list_hop(url, trip, follow_up=follow_up)
        )

    async def _follow(
        self, start: Url, trip: Trip, hop: Callable[[Url, bool], Awaitable[T | Redirect]]
    ) -> T:
        """Hop from redirect to redirect until there is an answer.

        hop: asks one URL; told whether it follows up another. Raises TooManyRedirects.
        """
        url = start
        for number in range(self.options.max_redirects + 1):
            if trip.seen(url):
                message = f"{start} redirects in a loop, back to {url}"
                raise TooManyRedirects(message, url=str(start), kind="redirect_loop")
            answer = await hop(url, number > 0)
            if not isinstance(answer, Redirect):
                return answer
            url = self._next(url, answer)
        message = f"{start} redirects more than {self.options.max_redirects} times"
        raise TooManyRedirects(message, url=str(start))

    async def _hop(self, url: Url, trip: Trip, *, follow_up: bool) -> Page | Redirect:
        """Ask one URL: a page, or the place where it is."""
        pause_s = await self._permitted(url)
        async with self._client.get(url, trip, pause_s=pause_s, follow_up=follow_up) as arrival:
            response = arrival.response
            if response.status_code == NOT_MODIFIED and trip.asks_for_changes(url):
                await drain(response)
                headers = dict(response.headers.items())
                return Page(html="", url=str(url), status=NOT_MODIFIED, headers=headers)
            try:
                answer = await read_answer(url, response, self.options, arrival.at)
            except FetchError as error:
                if error.retry_after_s:
                    rest_s = min(error.retry_after_s, self.options.retry_budget_s)
                    self._client.back_off(url, rest_s)
                raise
            if isinstance(answer, Redirect):
                trip.keep_cookies(response)
            return answer

    async def _list_hop(self, url: Url, trip: Trip, *, follow_up: bool) -> bytes | Redirect:
        """The same for a list, whose bytes are wanted."""
        pause_s = await self._permitted(url)
        async with self._client.get(
            url, trip, pause_s=pause_s, follow_up=follow_up, ask=_LIST
        ) as arrival:
            answer = await read_list(url, arrival.response, self.options, arrival.at)
            if isinstance(answer, Redirect):
                trip.keep_cookies(arrival.response)
            return answer

    async def _permitted(self, url: Url) -> float:
        """How long the host rests after this request. Raises what forbids the request."""
        self._client.check(url)
        if not self.options.respect_robots:
            return self.options.delay_s
        rules = await self._robots.check(url)
        asked_s = min(rules.crawl_delay_s or 0.0, self.options.max_crawl_delay_s)
        return max(self.options.delay_s, asked_s)

    def _next(self, url: Url, redirect: Redirect) -> Url:
        """Where a redirect leads. Raises BadResponse, AddressRefused for another scheme."""
        try:
            return url.join(redirect.location, self.options.max_url_chars)
        except InputError as exc:
            message = f"{url} redirects to what is no URL: {exc.message}"
            raise BadResponse(message, url=str(url)) from exc

    # -- robots.txt

    async def _get_robots(self, url: Url) -> Answer:
        return await self._try_and_retry(lambda: self._visit_robots(url))

    async def _visit_robots(self, url: Url) -> Answer:
        """What a host says to /robots.txt; its redirects are guarded, but need no permission."""
        trip = Trip(self.options.timeout_s)
        for _ in range(MAX_ROBOTS_REDIRECTS + 1):
            async with self._client.get(url, trip, pause_s=0.0, follow_up=True) as arrival:
                answer = await read_robots(url, arrival.response, self.options, arrival.at)
            if isinstance(answer, Answer):
                return answer
            url = self._next(url, answer)
        return Answer(404)  # RFC 9309: what lies beyond five redirects counts as absent
