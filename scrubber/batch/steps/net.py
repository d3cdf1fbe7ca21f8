"""The batch's fetcher, opened for the first URL: a job of local pages loads no network code.

What is asked for an entry is its URL, or the place in an archive on a server that keeps it.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.batch.entries import Entry, Outcome
from scrubber.errors import FetchError
from scrubber.fetch import FetchOptions
from scrubber.fetch.archive import Place
from scrubber.fetch.validators import Validators
from scrubber.fetch.visits import Visit, record_id
from scrubber.models import Page

if TYPE_CHECKING:
    from scrubber.fetch.fetcher import Fetcher

_LONGEST_RETRY_WAIT_S = 2.0


class Net:
    """`async with Net(options) as net: page = await net.fetch(entry)`.

    What a server names as a time to wait is the journal's affair: a deferred URL holds no place.
    anew: an archive that is written begins anew too.
    """

    def __init__(self, options: FetchOptions, *, anew: bool = False) -> None:
        self.delay_s = options.delay_s
        self._anew = anew
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
        """The entry's page as it was sent; of status 304 where its stored version still holds."""
        fetcher = self._fetcher or await self._open()
        place = _place(entry)
        if place is not None:
            return await fetcher.fetch_capture(place)
        # A page that is to be rendered may change though what is sent for it does not.
        unless = None if self._options.render == "always" else _validators(entry)
        return await fetcher.fetch_as_sent(entry.url, unless=unless)

    def renders(self, page: Page, kind: str | None = None) -> bool:
        """Whether a page is to be rendered: as it comes, or once it failed as `kind`."""
        return self._options.renders(page, kind)

    async def render(self, page: Page) -> Page:
        """The page once its scripts have run. Raises `FetchError`."""
        return await (self._fetcher or await self._open()).render(page)

    def kept(self, page: Page) -> str | None:
        """The id of the record that the archive keeps of a page, `None` where none is written."""
        if self._options.warc is None or page.url is None or page.fetched_at is None:
            return None
        return record_id(page.url, page.fetched_at)

    async def note(self, outcome: Outcome) -> None:
        """Note in the archive, where one is written, what became of a URL that was asked for.

        What failed before (no URL, no worker) is no affair of an archive. Raises `OutputError`.
        """
        entry, failure = outcome.entry, outcome.failure
        if self._options.warc is None or self._fetcher is None or entry.path is not None:
            return
        if outcome.sent is not None:
            failure = None  # reading the page again tells it again
        elif failure is None or failure.stage != FetchError.stage:
            return
        visit = Visit(
            entry.url,
            outcome.sent,
            failure,
            entry.columns,
            replaces=entry.content_hash or "",
            attempts=entry.attempts,
        )
        await self._fetcher.note(visit)

    async def fetch_list(self, url: str) -> bytes:
        """A sitemap or feed. Raises `FetchError`, `InputError`."""
        return await (self._fetcher or await self._open()).fetch_list(url)

    async def allowed(self, url: str) -> None:
        """Raise what `fetch` would raise before asking for the page itself."""
        await (self._fetcher or await self._open()).allowed(url)

    async def address_of(self, entry: Entry) -> str | None:
        """The address that will be asked, `None` where it cannot be known."""
        return await (self._fetcher or await self._open()).address_of(_asked_url(entry))

    def rest_s(self, entry: Entry) -> float:
        """Seconds until the entry's host may be asked again (Crawl-delay, Retry-After)."""
        return self._fetcher.rest_s(_asked_url(entry)) if self._fetcher is not None else 0.0

    async def _open(self) -> Fetcher:
        from scrubber.fetch.fetcher import Fetcher

        async with self._opening:
            if self._fetcher is None:
                if self._anew and self._options.warc is not None:
                    Path(self._options.warc).unlink(missing_ok=True)
                self._fetcher = await Fetcher(self._options).__aenter__()
            return self._fetcher


def _place(entry: Entry) -> Place | None:
    return Place.parse(entry.path) if entry.path is not None else None


def _asked_url(entry: Entry) -> str:
    place = _place(entry)
    return entry.url if place is None else place.source


def _validators(entry: Entry) -> Validators | None:
    if not (entry.etag or entry.last_modified):
        return None
    return Validators(entry.final_url or entry.url, entry.etag, entry.last_modified)
