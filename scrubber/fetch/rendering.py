"""Pages as they are once their scripts have run, in a browser that has no network.

    Renderer   a browser, started when it is first needed and anew when it has died
    Tab        one page in it: every request that it makes is held, judged and answered by us

What a page asks for goes through `Load`: the fetcher's guard, robots.txt, turns and bounds, as if
it were a page. Scripts, data and frames of the page's own origin are loaded; images, media, fonts,
other frames, sockets and workers are not, and styles are empty.

A page costs itself alone. Whatever goes wrong with a browser that several pages share (it ends, a
page's process dies) says nothing of any one of them: such a page is rendered once more in a browser
of its own, and what happens to it there is its own doing.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from scrubber.errors import BadResponse, FetchError, FetchTimeout, ScrubberError, TooLarge
from scrubber.fetch.chromium import CALL_S, TOO_LONG, Browser, BrowserGone, CallFailed, find_browser
from scrubber.fetch.options import FetchOptions
from scrubber.fetch.snapshot import COMPOSE
from scrubber.fetch.urls import parse_url
from scrubber.models import Page

T = TypeVar("T")

QUIET_S: Final = 0.5  # without a request, after which a page counts as done
STUCK_S: Final = 5.0  # the same, where a request is under way of which nothing more is heard
SNAPSHOT_S: Final = 10.0  # for an answer to each question about a page, and at most `render_s`
_LOOK_S: Final = 0.05
_LOADED: Final = frozenset({"Script", "XHR", "Fetch"})
_METHODS: Final = frozenset({"GET", "POST"})
MAX_POST_BYTES: Final = 1024 * 1024
# Of a page's own request: the rest is ours to say.
_NOT_PASSED: Final = frozenset(
    {"host", "cookie", "user-agent", "accept-encoding", "connection", "content-length", "from"}
)
_NOT_GIVEN: Final = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive"}
    | {"set-cookie", "set-cookie2", "clear-site-data", "link", "report-to", "nel", "alt-svc"}
)
_NAVIGATION: Final = "navigation"  # a place among the requests for the page's way elsewhere
# Answered when the page's own work that was due before has been done.
_TURN: Final = {
    "expression": "new Promise(done => setTimeout(done))",
    "awaitPromise": True,
    "returnByValue": True,
}
# Ways to the network that are no requests; without one they fail anyway, and so they fail at once.
_NO_SOCKETS: Final = (
    "for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebSocket',"
    " 'WebTransport', 'SharedWorker', 'EventSource']) delete globalThis[name];"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a page asks for. headers: names in lower case."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What it is given."""

    status: int
    headers: Mapping[str, str]
    body: bytes


Load = Callable[[Wanted], Awaitable[Loaded]]


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


class Tab:
    """One page in a browser context of its own: own process, no cookies, no storage."""

    def __init__(
        self,
        browser: Browser,
        page: Page,
        load: Load,
        options: FetchOptions,
        agent: str,
        clock: Callable[[], float],
    ) -> None:
        self._browser = browser
        self._page = page
        self._load = load
        self._options = options
        self._agent = agent
        self._clock = clock
        self._session = self._context = self._target = ""
        self._answers: set[asyncio.Task[None]] = set()
        self._requests = self._documents = self._bytes = 0
        self._url = page.url or ""
        self._under_way: set[str] = set()  # requests that the page has not seen the end of
        self._shown = False  # the load event has come
        self._failure: Exception | None = None
        self._active_at = 0.0

    async def open(self) -> None:
        """Make the tab and send it to the page."""
        call = self._browser.call
        self._context = (await call("Target.createBrowserContext"))["browserContextId"]
        blank = {"url": "about:blank", "browserContextId": self._context}
        self._target = (await call("Target.createTarget", blank))["targetId"]
        attach = {"targetId": self._target, "flatten": True}
        self._session = (await call("Target.attachToTarget", attach))["sessionId"]
        self._browser.hear(self._session, self._hear)
        await self._call("Page.enable")
        await self._call("Inspector.enable")
        await self._call("Network.enable", {"maxTotalBufferSize": 0, "maxResourceBufferSize": 0})
        await self._call("Network.setBypassServiceWorker", {"bypass": True})
        await self._call("Emulation.setUserAgentOverride", {"userAgent": self._agent})
        await self._call("Page.addScriptToEvaluateOnNewDocument", {"source": _NO_SOCKETS})
        await self._call("Fetch.enable", {"patterns": [{"urlPattern": "*"}]})
        self._touch()
        # Answered once the page is there, which is for `read` to wait for.
        self._spawn(self._ignoring(self._call("Page.navigate", {"url": self._url})))

    async def read(self) -> Page:
        """The page once it is quiet, or as it is when its time is up.

        Raises FetchError, BrowserGone, CallFailed, TimeoutError.
        """
        deadline = self._clock() + self._options.render_s
        while self._clock() < deadline and not await self._is_done(deadline):
            self._check()
            await asyncio.sleep(_LOOK_S)
        try:
            html = await self._composed() or await self._serialised()
        except (CallFailed, TimeoutError):
            self._check()
            raise
        html = html.encode("utf-8", "replace").decode()  # scripts can write half a character
        return replace(self._page, html=html, url=self._url)

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure
        if self._browser.gone.is_set():
            raise BrowserGone("while rendering")

    async def _composed(self) -> str | None:
        """The page with its shadow trees and frames, `None` where it has none."""
        world = {"frameId": self._target, "worldName": "scrubber"}
        context = await self._ask("Page.createIsolatedWorld", world)
        script = {
            "expression": COMPOSE,
            "contextId": context["executionContextId"],
            "returnByValue": True,
        }
        answer = await self._ask("Runtime.evaluate", script)
        html: str | None = answer["result"].get("value")
        return html

    async def _serialised(self) -> str:
        document = await self._ask("DOM.getDocument", {"depth": 0})
        node = {"nodeId": document["root"]["nodeId"]}
        return str((await self._ask("DOM.getOuterHTML", node))["outerHTML"])

    async def _ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        wait_s = min(SNAPSHOT_S, self._options.render_s)
        return await self._until(self._clock() + wait_s, self._call(method, params))

    async def close(self) -> None:
        """Leave nothing of it behind."""
        for answer in self._answers:
            answer.cancel()
        self._browser.hear(self._session, None)
        if self._context:
            await self._ignoring(
                self._browser.call(
                    "Target.disposeBrowserContext",
                    {"browserContextId": self._context},
                    timeout_s=SNAPSHOT_S,
                )
            )

    async def _is_done(self, deadline: float) -> bool:
        """Whether the page is there, quiet, and has done what was due; false while it hangs."""
        if not self._is_quiet():
            return False
        active_at = self._active_at
        try:
            await self._until(deadline, self._call("Runtime.evaluate", _TURN))
        except (CallFailed, TimeoutError):  # it went elsewhere meanwhile, or hangs
            return False
        return active_at == self._active_at and self._is_quiet()

    def _is_quiet(self) -> bool:
        # The navigation's own task is among the answers until the page is there.
        quiet_s = asyncio.get_running_loop().time() - self._active_at
        least_s = STUCK_S if self._under_way else QUIET_S
        return self._shown and not self._answers and quiet_s >= least_s

    async def _until(self, deadline: float, steps: Coroutine[Any, Any, T]) -> T:
        """The result of `steps`. Raises TimeoutError where there is none at `deadline`, and what
        ended the page meanwhile."""
        task = asyncio.create_task(steps)
        try:
            while not task.done():
                self._check()
                if self._clock() >= deadline:
                    raise TimeoutError
                await asyncio.wait({task}, timeout=_LOOK_S)
            return task.result()
        finally:
            task.cancel()

    # -- events

    def _hear(self, method: str, params: dict[str, Any]) -> None:
        if method.startswith(("Network.", "Page.frame")):
            self._follow(method, params)
        elif method == "Fetch.requestPaused":
            self._touch()
            self._spawn(self._answer(params))
        elif method == "Page.loadEventFired":
            self._touch()
            self._shown = True
        elif method == "Inspector.targetCrashed":
            self._failure = BrowserGone("the page's process")
        elif method == TOO_LONG:
            self._failure = TooLarge("grows without end in the browser")
        elif method == "Page.javascriptDialogOpening":
            self._spawn(
                self._ignoring(self._call("Page.handleJavaScriptDialog", {"accept": False}))
            )

    def _follow(self, method: str, params: dict[str, Any]) -> None:
        """Know what the page itself still waits for: on a slow machine answers take their time."""
        if method == "Network.requestWillBeSent":
            # Only of what is answered by us here; the end of what a worker loads is not heard.
            if params.get("type") in _LOADED and params["request"]["url"].startswith("http"):
                self._under_way.add(params["requestId"])
        elif method in ("Network.loadingFinished", "Network.loadingFailed"):
            self._under_way.discard(params["requestId"])
        elif method == "Page.frameRequestedNavigation" and params["frameId"] == self._target:
            self._under_way.add(_NAVIGATION)
        elif method == "Page.frameNavigated" and params["frame"]["id"] == self._target:
            self._under_way.discard(_NAVIGATION)
        else:
            return
        self._touch()

    async def _answer(self, params: dict[str, Any]) -> None:
        """Give a held request what it may have."""
        number, request = params["requestId"], params["request"]
        try:
            loaded = await self._judge(params["resourceType"], params.get("frameId"), request)
        except ScrubberError:
            loaded = None
        if loaded is None:
            refusal = {"requestId": number, "errorReason": "BlockedByClient"}
            await self._ignoring(self._call("Fetch.failRequest", refusal))
        else:
            await self._ignoring(self._call("Fetch.fulfillRequest", _answer_of(number, loaded)))
        self._touch()

    async def _judge(self, kind: str, frame: str | None, request: dict[str, Any]) -> Loaded | None:
        """1. the page itself, 2. a frame, 3. a style, 4. scripts and data, 5. the rest."""
        if kind == "Document" and frame == self._target:
            return await self._document(request)
        if kind == "Document":
            is_own = _origin(request["url"]) == _origin(self._url) and not self._is_spent()
            return await self._counted(request) if is_own else None
        if kind == "Stylesheet":
            return Loaded(200, {"content-type": "text/css"}, b"")
        if kind not in _LOADED or self._is_spent():
            return None
        return await self._counted(request)

    async def _document(self, request: dict[str, Any]) -> Loaded | None:
        self._documents += 1
        if self._documents == 1:
            body = self._page.html.encode("utf-8", "replace")
            return Loaded(200, {"content-type": "text/html; charset=utf-8"}, body)
        if self._documents > self._options.max_redirects or self._is_spent():
            return None
        self._shown = False
        loaded = await self._counted(request)
        if 200 <= loaded.status < 300:
            self._url = request["url"].partition("#")[0]
        return loaded

    async def _counted(self, request: dict[str, Any]) -> Loaded:
        self._requests += 1
        loaded = await self._load(_wanted(request))
        self._bytes += len(loaded.body)
        return loaded

    def _is_spent(self) -> bool:
        options = self._options
        return (
            self._requests >= options.max_render_requests or self._bytes > options.max_render_bytes
        )

    # -- small things

    async def _call(
        self, method: str, params: dict[str, Any] | None = None, timeout_s: float = CALL_S
    ) -> dict[str, Any]:
        return await self._browser.call(method, params, session=self._session, timeout_s=timeout_s)

    def _spawn(self, steps: Any) -> None:
        task = asyncio.create_task(steps)
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def _ignoring(self, call: Awaitable[Any]) -> None:
        """A call whose failure shows elsewhere: the page went on, or the browser is gone."""
        with contextlib.suppress(BrowserGone, CallFailed, TimeoutError, FetchError):
            await call

    def _touch(self) -> None:
        self._active_at = asyncio.get_running_loop().time()


def _origin(url: str) -> str:
    """Raises InputError, AddressRefused for what is no http(s) URL."""
    return parse_url(url.partition("#")[0]).origin


def _wanted(request: dict[str, Any]) -> Wanted:
    """Raises BadResponse for a request that is not made for a page."""
    url, method = request["url"].partition("#")[0], request["method"]
    if method not in _METHODS:
        raise BadResponse(f"{url}: a page may not send {method}")
    body = None
    if method == "POST":
        body = b"".join(
            base64.b64decode(entry.get("bytes", "")) for entry in request.get("postDataEntries", ())
        )
        if len(body) > MAX_POST_BYTES:
            raise BadResponse(f"{url}: a page may not send {len(body)} bytes")
    headers = {name.lower(): value for name, value in request.get("headers", {}).items()}
    passed = {
        name: value
        for name, value in headers.items()
        if name not in _NOT_PASSED and not name.startswith(("sec-", "proxy-"))
    }
    return Wanted(url, method, passed, body)


def _answer_of(number: str, loaded: Loaded) -> dict[str, Any]:
    headers = [
        {"name": name, "value": value.replace("\n", " ")}
        for name, value in loaded.headers.items()
        if name not in _NOT_GIVEN
    ]
    return {
        "requestId": number,
        "responseCode": loaded.status,
        "responseHeaders": headers,
        "body": base64.b64encode(loaded.body).decode("ascii"),
    }
