"""What one visit carries from hop to hop: its remaining time, its cookies, where it has been."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from scrubber.fetch.urls import Url
from scrubber.fetch.validators import Validators


class Trip:
    """One attempt at a URL with all its redirects.

    left_s: time for requests, not for waiting. unless: the stored version that need not be sent.
    """

    def __init__(self, left_s: float, unless: Validators | None = None) -> None:
        self.left_s = left_s
        self._unless = unless
        self._visited: set[tuple[str, str]] = set()
        self._cookies: httpx.Cookies | None = None

    def branch(self, left_s: float) -> Trip:
        """A side trip with time of its own and the same cookies: what a page loads."""
        side = Trip(left_s)
        side._cookies = self._cookies = self._cookies or httpx.Cookies()
        return side

    def seen(self, url: Url) -> bool:
        """Whether the trip was here before with the same cookies; remembers that it was.

        A site may send its visitors round once to set a cookie: that is no loop.
        """
        state = (str(url), self._cookie_names())
        if state in self._visited:
            return True
        self._visited.add(state)
        return False

    @asynccontextmanager
    async def clock(self) -> AsyncIterator[None]:
        """Let the trip's time run. Raises TimeoutError when it is up."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        try:
            async with asyncio.timeout(max(self.left_s, 0.0)):
                yield
        finally:
            self.left_s -= loop.time() - started

    def keep_cookies(self, response: httpx.Response) -> None:
        """Keep what a hop set; the jar gives cookies only to the sites that they belong to."""
        if "set-cookie" in response.headers:
            if self._cookies is None:
                self._cookies = httpx.Cookies()
            self._cookies.extract_cookies(response)

    def asks_for_changes(self, url: Url) -> bool:
        """Whether the request for `url` is a conditional one."""
        return self._unless is not None and self._unless.url == str(url)

    def add_cookies(self, request: httpx.Request) -> None:
        """Send the cookies of this site, beside those of its identity; and the conditions."""
        if self._unless is not None and self._unless.url == str(request.url):
            request.headers.update(self._unless.headers())
        if self._cookies is None:
            return
        own = request.headers.get("cookie")
        self._cookies.set_cookie_header(request)
        gathered = request.headers.get("cookie")
        if own and gathered and own != gathered:
            request.headers["cookie"] = f"{own}; {gathered}"

    def _cookie_names(self) -> str:
        jar = self._cookies.jar if self._cookies is not None else ()
        return "; ".join(sorted(f"{cookie.domain}{cookie.path}{cookie.name}" for cookie in jar))
