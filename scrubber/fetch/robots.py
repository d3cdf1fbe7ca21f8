"""robots.txt after RFC 9309: asked for once a day and host, and what its absence means.

200            its rules (`scrubber.fetch.rules`), from the whole lines of the first 500 KiB
4xx, a sixth redirect       there are none: all is allowed
5xx, 429, silence, broken   unknown: nothing is allowed for now (asked again after a minute)
no such host, refused, TLS  the page's own failure, reported as that
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from copy import copy
from dataclasses import dataclass
from typing import Final

from scrubber.errors import AddressRefused, ConnectFailed, FetchError, RobotsDisallowed
from scrubber.fetch.rules import Rules, parse_rules
from scrubber.fetch.urls import Url

KEPT_S: Final = 24 * 3600.0
FAILURE_KEPT_S: Final = 60.0
MAX_HOSTS: Final = 10_000
MAX_RULES: Final = 200_000  # of all hosts together, 40 MB; one file can hold 50,000
MAX_REDIRECTS: Final = 5  # RFC 9309, section 2.3.1.2


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said when asked for /robots.txt. body: cut at the bound.

    A server that says it cannot answer now (5xx, 429) raises instead.
    """

    status: int
    body: bytes = b""


Get = Callable[[Url], Awaitable[Answer]]


class Robots:
    """`await robots.check(url)`; concurrent callers share one request per origin.

    get: asks for a URL, following redirects; raises FetchError. agent: the product token by which
    robots.txt names us.
    """

    def __init__(self, get: Get, agent: str) -> None:
        self._get = get
        self._agent = agent
        self._asking: dict[str, asyncio.Task[Rules | FetchError]] = {}
        self._kept: dict[str, tuple[float, Rules | FetchError]] = {}  # the oldest first
        self._rules = 0  # in all that is kept

    async def check(self, url: Url) -> Rules:
        """The rules of the URL's host. Raises RobotsDisallowed where they forbid the URL."""
        rules = await self.rules(url)
        if not rules.allow(url):
            message = f"robots.txt of {url.authority} disallows {url.target}"
            raise RobotsDisallowed(message, url=str(url))
        return rules

    async def rules(self, url: Url) -> Rules:
        """The rules of the URL's host. Raises FetchError where they cannot be had."""
        expires, known = self._kept.get(url.origin, (0.0, None))
        if known is None or expires < _now():
            known = await self._asked(url)
        if isinstance(known, FetchError):
            # Each caller gets its own: an error carries the URL that it concerns.
            raise _unreachable(known, url) from known
        return known

    def close(self) -> None:
        """Stop asking."""
        for task in self._asking.values():
            task.cancel()

    async def _asked(self, url: Url) -> Rules | FetchError:
        task = self._asking.get(url.origin)
        if task is None:
            task = self._asking[url.origin] = asyncio.create_task(self._ask(url))
            task.add_done_callback(lambda _: self._asking.pop(url.origin))
        return await asyncio.shield(task)

    async def _ask(self, url: Url) -> Rules | FetchError:
        try:
            answer = await self._get(Url(url.scheme, url.host, url.port, "/robots.txt"))
        except FetchError as error:
            # A copy: the error itself holds every frame that it came through, 14 KB a host.
            return self._keep(url, copy(error), FAILURE_KEPT_S)
        rules = parse_rules(answer.body, self._agent) if answer.status == 200 else Rules()
        return self._keep(url, rules, KEPT_S)

    def _keep(self, url: Url, found: Rules | FetchError, kept_s: float) -> Rules | FetchError:
        self._drop(url.origin)
        self._kept[url.origin] = (_now() + kept_s, found)
        self._rules += _count(found)
        while len(self._kept) > MAX_HOSTS or (self._rules > MAX_RULES and len(self._kept) > 1):
            self._drop(next(iter(self._kept)))
        return found

    def _drop(self, origin: str) -> None:
        _, found = self._kept.pop(origin, (0.0, None))
        self._rules -= _count(found)


def _count(found: Rules | FetchError | None) -> int:
    return found.count if isinstance(found, Rules) else 0


def _now() -> float:
    return asyncio.get_running_loop().time()


def _unreachable(error: FetchError, url: Url) -> FetchError:
    """Why the page cannot be fetched, when its robots.txt could not."""
    if isinstance(error, (ConnectFailed, AddressRefused)) and error.kind != "connection_reset":
        message = f"{url}: {error.message.removeprefix(f'{error.url}: ')}"
        same = type(error)(message, url=str(url), kind=error.kind)
        same.attempts, same.retry_after_s = error.attempts, error.retry_after_s
        return same
    return RobotsDisallowed(
        f"robots.txt of {url.authority} cannot be had: {error.message}",
        url=str(url),
        kind="robots_unreachable",
        status=error.status,
        attempts=error.attempts,
        retry_after_s=max(FAILURE_KEPT_S, error.retry_after_s or 0.0),
    )
