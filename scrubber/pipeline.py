"""The main path: fetch, extract, clean.

`scrub_page` is the whole of it for one page and touches no network: batch runs it in worker
processes, `scrub_html` on what the caller holds, and `AsyncScrubber` after fetching. `Scrubber`
is `AsyncScrubber` for callers without an event loop (or with one that they must not block).
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Iterable,
    Iterator,
)
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from weakref import WeakSet

from scrubber.clean import SiteMemory, clean_draft, read_text
from scrubber.errors import ExtractError, FetchError, InputError, NoContent, ScrubberError
from scrubber.extract import extract
from scrubber.extract.body import reading_text
from scrubber.fetch.charset import decode_html
from scrubber.logins import without_login
from scrubber.models import Article, Block, Draft, Failure, Page, Removal
from scrubber.options import Options, require

if TYPE_CHECKING:
    from anyio.from_thread import BlockingPortal

    from scrubber.fetch.fetcher import Fetcher


# ---- one page ----------------------------------------------------------------------------------


def scrub(url: str, options: Options | None = None) -> Article:
    """Fetch one URL and return its article; raise a `ScrubberError` where there is none."""
    with Scrubber(options) as scrubber:
        return scrubber.scrub(url)


def scrub_html(
    html: bytes | str,
    url: str | None = None,
    *,
    charset: str | None = None,
    options: Options | None = None,
) -> Article:
    """Return the article of one HTML page, without network.

    url: makes links and images absolute and is one of the metadata's sources. charset: what the
    server's header said of bytes; a byte order mark overrules it, `<meta>` and detection follow.
    """
    options = _checked(options)
    require(str | None, url, "url")
    require(str | None, charset, "charset")
    used_charset = charset
    if isinstance(html, bytes):
        html, used_charset = decode_html(html, header_charset=charset)
    elif not isinstance(html, str):
        raise InputError(f"HTML is given as bytes or str, not {type(html).__name__}", url=url)
    page = Page(html=html, url=without_login(url) if url else url, charset=used_charset)
    return scrub_page(page, options)


def scrub_text(
    text: str,
    url: str | None = None,
    language: str | None = None,
    *,
    options: Options | None = None,
) -> Article:
    """Return the article in already-extracted text, such as a crawl dump's.

    language: BCP 47, where it is known; otherwise it is detected.
    """
    if not isinstance(text, str):
        raise InputError(f"text is given as str, not {type(text).__name__}", url=url)
    options = _checked(options)
    require(str | None, url, "url")
    require(str | None, language, "language")
    url = without_login(url) if url else url
    if not text.isascii():  # half a surrogate pair is no character, and cannot be written
        text = text.encode("utf-8", "replace").decode()
    draft = read_text(text, url=url, language=language, options=options.clean)
    return _finish(draft, Page(html="", url=url))


def scrub_page(page: Page, options: Options, drafted: Callable[[], None] | None = None) -> Article:
    """Extract and clean one decoded page: a pure function.

    drafted: called between the two, so that they can be timed apart; not for plain text.
    Whatever goes wrong inside on a hostile page arrives as a `ScrubberError` that names the page.
    """
    try:
        if page.content_type == "text/plain":
            draft = read_text(page.html, url=page.url, options=options.clean)
        else:
            draft = extract(page, options.extract)
            if drafted is not None:
                drafted()
            draft = clean_draft(draft, url=page.url, options=options.clean)
        return _finish(draft, page)
    except ScrubberError as error:
        error.url = error.url or page.url
        raise
    except RecursionError as exc:
        raise ExtractError(f"{_name(page)} is nested too deeply", url=page.url) from exc
    except Exception as exc:
        # The one broad net: no page may take a batch down, and the cause stays chained.
        message = f"{_name(page)} could not be read: {type(exc).__name__}: {exc}"
        raise ExtractError(message, url=page.url) from exc


def _finish(draft: Draft, page: Page) -> Article:
    """The record of a cleaned draft; `NoContent` where nothing is left to read."""
    content = _content(draft.blocks)
    if not content["text"]:
        raise NoContent(f"{_name(page)} has nothing to read", url=page.url)
    meta = draft.metadata
    return Article(
        url=page.url,
        canonical_url=meta.canonical_url,
        title=meta.title,
        meta_title=meta.meta_title,
        authors=meta.authors,
        published=meta.published,
        modified=meta.modified,
        language=meta.language,
        site_name=meta.site_name,
        description=meta.description,
        image=meta.image,
        section=meta.section,
        tags=meta.tags,
        paywalled=meta.paywalled,
        page_type=draft.page_type,
        comments=draft.comments,
        removed=draft.removed,
        confidence=draft.confidence,
        evidence=dict(meta.evidence),
        flags=("truncated", *draft.flags) if page.truncated else draft.flags,
        fetched_at=page.fetched_at,
        **content,
    )


def _content(blocks: tuple[Block, ...]) -> dict[str, Any]:
    """The fields of a record that say its blocks in other ways."""
    text = reading_text(blocks)
    return {
        "text": text,
        "markdown": "\n\n".join([block.markdown for block in blocks if block.markdown]),
        "blocks": blocks,
        "word_count": count_words(text),
        "content_hash": hashlib.sha256(text.encode()).hexdigest(),
    }


# Han, kana and Hangul-free East Asian text has no spaces: each such character counts as a word.
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def count_words(text: str) -> int:
    """Words of `text`: runs between spaces, and each Han or kana character on its own."""
    if text.isascii():
        return len(text.split())
    unspaced = _UNSPACED.findall(text)
    return len(unspaced) + len((_UNSPACED.sub(" ", text) if unspaced else text).split())


def _name(page: Page) -> str:
    return page.url or "the page"


def _checked(options: Options | None) -> Options:
    if options is None:
        return _USUAL
    require(Options, options, "options")
    return options


_USUAL = Options()  # which cannot be changed, and whose checks take their time


# ---- many pages --------------------------------------------------------------------------------


def strip_templates(articles: Iterable[Article]) -> list[Article]:
    """Return the articles, in their order, without the blocks that their sites repeat.

    A second look at records that are there already: each is judged by all others of its site, so
    that no record depends on the order in which servers answered. What goes is in `removed`, step
    `clean.site_memory`. A site of fewer than four pages, an article without a URL, and one that
    would be left empty stay as they are. `scrubber.clean.memory` says what counts as repeated.
    """
    articles = list(articles)
    memory = SiteMemory()
    for article in articles:
        if article.url is not None:
            memory.learn(article.url, article.blocks)
    memory.freeze()
    return [without_template(article, memory) for article in articles]


def without_template(article: Article, memory: SiteMemory) -> Article:
    """The article without the blocks that its site repeats, by a memory of the site's pages."""
    if article.url is None:
        return article
    repeated = memory.template(article.url, article.blocks)
    pairs = list(zip(article.blocks, repeated, strict=True))
    content = _content(tuple(block for block, is_template in pairs if not is_template))
    if not any(repeated) or not content["text"]:
        return article
    gone = [
        Removal(step="clean.site_memory", reason="template", text=block.text)
        for block, is_template in pairs
        if is_template
    ]
    return article.model_copy(update={**content, "removed": (*article.removed, *gone)})


_OPEN = "it is open already; make another scrubber for another `with`"
_CLOSED = "the scrubber was closed before all its results were read"


class AsyncScrubber:
    """Scrubs many URLs, keeping connections and politeness between them.

    It uses no site memory: one that learns as pages complete would make a record depend on the
    order in which servers answered. `strip_templates` is the second look at what came out.

    Extraction runs in one thread of its own, so that the event loop stays free while a page is
    read; for all cores and for pages that must be killable use `scrubber run`.
    """

    def __init__(self, options: Options | None = None) -> None:
        self.options = _checked(options)
        self._fetcher: Fetcher | None = None
        self._reader: ThreadPoolExecutor | None = None
        self._runs: WeakSet[_Visits] = WeakSet()

    async def __aenter__(self) -> Self:
        from scrubber.fetch.fetcher import Fetcher  # loads httpx: not at import time

        if self._fetcher is not None:
            raise RuntimeError(_OPEN)
        self._fetcher = await Fetcher(self.options.fetch).__aenter__()
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="scrubber-extract")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for visits in list(self._runs):  # whose results nobody can read any more
            await visits.give_up()
        if self._fetcher is not None:
            await self._fetcher.__aexit__(kind, error, trace)
        if self._reader is not None:
            self._reader.shutdown(cancel_futures=True)
        self._fetcher = self._reader = None

    def __reduce__(self) -> tuple[type[Self], tuple[Options]]:
        return type(self), (self.options,)  # a copy, also in another process, is not open

    async def scrub(self, url: str) -> Article:
        """Fetch one URL and return its article; raise a `ScrubberError` where there is none."""
        fetcher = self._open()
        async with fetcher.visit(url) as page:
            if self.options.fetch.renders(page):
                page = await fetcher.render(page)
            try:
                return await self._read(page)
            except ScrubberError as error:
                if not self.options.fetch.renders(page, error.kind):
                    raise
            return await self._read(await fetcher.render(page))

    def _open(self) -> Fetcher:
        if self._fetcher is None:
            raise RuntimeError("open the scrubber first: `async with AsyncScrubber() as s:`")
        return self._fetcher

    async def _read(self, page: Page) -> Article:
        read = partial(scrub_page, page, self.options)
        return await asyncio.get_running_loop().run_in_executor(self._reader, read)

    async def run(
        self, urls: Iterable[str] | AsyncIterable[str]
    ) -> AsyncGenerator[Article | Failure, None]:
        """Yield an `Article` or `Failure` for each URL, in completion order.

        Reads `urls` lazily: no more than `options.concurrency` are under way at once. What is done
        does not wait for the next URL, so an asynchronous source may live on what comes out.
        """
        _refuse_single(urls)
        visits, source = _Visits(self), _each(urls)
        coming: asyncio.Task[tuple[str, ...]] | None = None
        is_read = False
        try:
            while visits.count or not is_read:
                if coming is None and not is_read and visits.has_room():
                    coming = asyncio.create_task(_next(source))
                await visits.wait(coming)
                for result in visits.finished():
                    yield result
                    visits.require_open()
                if coming is not None and coming.done():
                    found, coming = coming.result(), None
                    is_read = not found
                    visits.begin(*found)
        finally:
            await visits.give_up(coming)

    async def _attempt(self, url: str) -> Article | Failure:
        try:
            return await self.scrub(url)
        except ScrubberError as error:
            return Failure.of(error, str(url))
        except Exception as exc:
            # The broad net of `scrub_page` once more: one URL must not cost the others.
            message = f"{url} could not be had: {type(exc).__name__}: {exc}"
            return Failure.of(FetchError(message), str(url))


class _Visits:
    """The URLs of one `run` that are under way; used in the event loop alone."""

    def __init__(self, scrubber: AsyncScrubber) -> None:
        self._scrubber = scrubber
        self._fetcher = scrubber._open()
        scrubber._runs.add(self)
        self._tasks: set[asyncio.Task[Article | Failure]] = set()

    @property
    def count(self) -> int:
        return len(self._tasks)

    def has_room(self) -> bool:
        return self.count < self._scrubber.options.concurrency

    def begin(self, *urls: str) -> None:
        self._tasks.update(asyncio.create_task(self._scrubber._attempt(url)) for url in urls)

    async def wait(self, coming: asyncio.Task[Any] | None = None) -> None:
        """Wait for the first that is done, or for the next URL."""
        await asyncio.wait(self._with(coming), return_when=asyncio.FIRST_COMPLETED)

    def finished(self) -> list[Article | Failure]:
        """What has come of those that are done."""
        self.require_open()
        done = {task for task in self._tasks if task.done()}
        self._tasks -= done
        return [task.result() for task in done]

    def require_open(self) -> None:
        if self._scrubber._fetcher is not self._fetcher:
            raise RuntimeError(_CLOSED)

    async def give_up(self, coming: asyncio.Task[Any] | None = None) -> None:
        """Cancel all of them, and the reading of the next URL, and wait until they have ended."""
        tasks = self._with(coming)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _with(self, coming: asyncio.Task[Any] | None) -> set[asyncio.Task[Any]]:
        return {*self._tasks, *([] if coming is None else [coming])}


class Scrubber:
    """`AsyncScrubber` for synchronous code; works inside a running event loop too (notebooks)."""

    def __init__(self, options: Options | None = None) -> None:
        self._inner = AsyncScrubber(options)
        self._exits: ExitStack | None = None
        self._portal: BlockingPortal | None = None
        self._process = 0  # that opened it: its thread and connections are no other's

    @property
    def options(self) -> Options:
        """The options that it was made with."""
        return self._inner.options

    def __enter__(self) -> Self:
        from anyio.from_thread import start_blocking_portal  # loads asyncio machinery lazily

        if self._portal is not None:
            raise RuntimeError(_OPEN)
        with ExitStack() as exits:
            self._portal = exits.enter_context(start_blocking_portal())
            exits.enter_context(self._portal.wrap_async_context_manager(self._inner))
            self._exits = exits.pop_all()
        self._process = os.getpid()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process not in (0, os.getpid()):
            return  # and nothing let go of: to close it would wait for a thread of the parent's
        exits, self._exits, self._portal = self._exits, None, None
        if exits is not None:
            exits.__exit__(kind, error, trace)

    def __reduce__(self) -> tuple[type[Self], tuple[Options]]:
        return type(self), (self.options,)  # a copy, also in another process, is not open

    def scrub(self, url: str) -> Article:
        """Fetch one URL and return its article; raise a `ScrubberError` where there is none."""
        article: Article = self._call(self._open(), self._inner.scrub, url)
        return article

    def run(self, urls: Iterable[str]) -> Iterator[Article | Failure]:
        """Yield an `Article` or `Failure` for each URL, in completion order; never raises for one.

        Reads `urls` lazily and in the caller's thread, as database cursors want it; fetching goes
        on in the background while the caller, or `urls`, takes its time.
        """
        _refuse_single(urls)
        portal = self._open()
        visits = portal.call(_Visits, self._inner)
        try:
            for url in urls:
                self._call(portal, visits.begin, url)
                yield from self._finished(portal, visits, wait=not visits.has_room())
            while visits.count:
                yield from self._finished(portal, visits, wait=True)
        finally:
            if self._portal is portal:
                portal.call(visits.give_up)

    def _finished(
        self, portal: BlockingPortal, visits: _Visits, *, wait: bool
    ) -> Iterator[Article | Failure]:
        if wait:
            self._call(portal, visits.wait)
        for result in self._call(portal, visits.finished):
            yield result
            self._require(portal)

    def _call(self, portal: BlockingPortal, step: Callable[..., Any], *values: object) -> Any:
        """The result of a step in the event loop. Raises RuntimeError where it was closed, be it
        by another thread just now."""
        self._require(portal)
        try:
            return portal.call(step, *values)
        except (RuntimeError, CancelledError):
            self._require(portal)
            raise

    def _require(self, portal: BlockingPortal) -> None:
        if self._portal is not portal:
            raise RuntimeError(_CLOSED)

    def _open(self) -> BlockingPortal:
        if self._portal is None:
            raise RuntimeError("open the scrubber first: `with Scrubber() as s:`")
        if self._process != os.getpid():
            raise RuntimeError("the scrubber was opened before a fork; open one in each process")
        return self._portal


def _refuse_single(urls: object) -> None:
    """A string is an iterable too, of letters."""
    if isinstance(urls, str | bytes):
        raise InputError("`run` takes several URLs; for one there is `scrub`")


async def _next(source: AsyncIterator[str]) -> tuple[str, ...]:
    """The next URL, or nothing at the end."""
    async for url in source:
        return (url,)
    return ()


async def _each(urls: Iterable[str] | AsyncIterable[str]) -> AsyncIterator[str]:
    if isinstance(urls, AsyncIterable):
        async for url in urls:
            yield url
    else:
        for url in urls:
            yield url
