"""Pages as they are once their scripts have run, in a browser that has no network.

    Renderer   a browser, started when it is first needed and anew when it has died
    Tab        one page in it, waited for and read
    Gate       every request that it makes, held, judged and answered by us

What a page asks for goes through `Load`: the fetcher's guard, robots.txt, turns and bounds, as if
it were a page. Scripts, data and frames of the page's own origin are loaded; images, media, fonts,
other frames, sockets and workers are not, and styles are empty.

A page costs itself alone. Whatever goes wrong with a browser that several pages share (it ends, a
page's process dies) says nothing of any one of them: such a page is rendered once more in a browser
of its own, and what happens to it there is its own doing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from scrubber.errors import BadResponse, FetchTimeout, TooLarge
from scrubber.fetch.chromium import Browser, BrowserGone, CallFailed, find_browser
from scrubber.fetch.gate import Load
from scrubber.fetch.options import FetchOptions
from scrubber.fetch.tab import Tab
from scrubber.models import Page


class Renderer:
    """Renders pages for one fetcher. Raises InputError where there is no browser.

    clock: seconds, by which pages are given their time.
    """

    def __init__(
        self, options: FetchOptions, agent: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._options = options
        self._agent = agent
        self._clock = clock
        self._path = find_browser(options.browser)
        self._browser: Browser | None = None
        self._starting = asyncio.Lock()
        self._places = asyncio.Semaphore(max(1, options.render_tabs))

    async def render(self, page: Page, load: Load) -> Page:
        """The page after its scripts. Raises FetchError."""
        async with self._places:
            try:
                return await self._in_tab(await self._shared(), page, load)
            except (BrowserGone, CallFailed):
                pass  # maybe by a neighbour's doing: once more, alone
            browser = await self._launch()
            try:
                return await self._in_tab(browser, page, load)
            except (BrowserGone, CallFailed) as exc:
                message = f"{page.url} crashes the browser"
                raise BadResponse(message, url=page.url, kind="render_crashed") from exc
            finally:
                await browser.close()

    async def close(self) -> None:
        if self._browser is not None:
            await self._browser.close()
            self._browser = None

    async def _in_tab(self, browser: Browser, page: Page, load: Load) -> Page:
        """Raises FetchError, BrowserGone, CallFailed."""
        tab = Tab(browser, page, load, self._options, self._agent, self._clock)
        try:
            await tab.open()
            return await tab.read()
        except TimeoutError as exc:
            message = f"{page.url}: its scripts did not come to an end"
            raise FetchTimeout(message, url=page.url, kind="render_timeout") from exc
        except TooLarge as exc:
            raise TooLarge(f"{page.url} {exc.message}", url=page.url) from exc
        finally:
            await tab.close()

    async def _shared(self) -> Browser:
        async with self._starting:
            if self._browser is not None and self._browser.gone.is_set():
                await self._browser.close()
                self._browser = None
            if self._browser is None:
                self._browser = await self._launch()
            return self._browser

    async def _launch(self) -> Browser:
        # A page travels in JSON, where a letter may take six bytes.
        max_message_bytes = 2 * self._options.max_decoded_bytes
        return await Browser.launch(self._path, max_message_bytes, self._options.max_render_memory)
