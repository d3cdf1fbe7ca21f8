"""The batch's fetcher, opened for the first URL: a job of local pages loads no network code."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from scrubber.batch.entries import Entry
from scrubber.fetch import FetchOptions
from scrubber.fetch.validators import Validators
from scrubber.models import Page

if TYPE_CHECKING:
    from scrubber.fetch.fetcher import Fetcher

_LONGEST_RETRY_WAIT_S = 2.0


class Net:
    """`async with Net(options) as net: page = await net.fetch(entry)`.

    What a server names as a time to wait is the journal's affair: a deferred URL holds no place.
    """

    def __init__(self, options: FetchOptions) -> None:
        self.delay_s = options.delay_s
        budget_s = min(options.retry_budget_s, _LONGEST_RETRY_WAIT_S)
        self._options = replace(options, retry_budget_s=budget_s, sit_out=False)
        self._fetcher: Fetcher | None = None
        self._opening = asyncio.Lock()

    async def __aenter__(self) -> Net:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._fetcher is not None:
            await self._fetcher.__aexit__(None, None, None)

    async def fetch(self, entry: Entry) -> Page:
        """The entry's page; one of status 304 where its stored version still holds."""
        fetcher = self._fetcher or await self._open()
        return await fetcher.fetch(entry.url, unless=_validators(entry))

    async def fetch_list(self, url: str) -> bytes:
        """A sitemap or feed. Raises `FetchError`, `InputError`."""
        return await (self._fetcher or await self._open()).fetch_list(url)

    async def allowed(self, url: str) -> None:
        """Raise what `fetch` would raise before asking for the page itself."""
        await (self._fetcher or await self._open()).allowed(url)

    async def address_of(self, url: str) -> str | None:
        """The address that will be asked, `None` where it cannot be known."""
        return await (self._fetcher or await self._open()).address_of(url)

    def rest_s(self, url: str) -> float:
        """Seconds until the URL's host may be asked again (Crawl-delay, Retry-After)."""
        return self._fetcher.rest_s(url) if self._fetcher is not None else 0.0

    async def _open(self) -> Fetcher:
        from scrubber.fetch.fetcher import Fetcher

        async with self._opening:
            if self._fetcher is None:
                self._fetcher = await Fetcher(self._options).__aenter__()
            return self._fetcher


def _validators(entry: Entry) -> Validators | None:
    if not (entry.etag or entry.last_modified):
        return None
    return Validators(entry.final_url or entry.url, entry.etag, entry.last_modified)
