"""Pages as they are once their scripts have run, in a browser that has no network.

    Renderer   a browser, started when it is first needed and anew when it has died
    Tab        one page in it: every request that it makes is held, judged and answered by us

What a page asks for goes through `Load`: the fetcher's guard, robots.txt, turns and bounds, as if
it were a page. Scripts, data and frames of the page's own origin are loaded; images, media, fonts,
other frames, sockets and workers are not, and styles are empty. A page that hangs or brings the
browser down costs itself alone.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from scrubber.errors import BadResponse, FetchError, FetchTimeout, ScrubberError
from scrubber.fetch.chromium import Browser, BrowserGone, CallFailed, find_browser
from scrubber.fetch.options import FetchOptions
from scrubber.fetch.snapshot import COMPOSE
from scrubber.fetch.urls import parse_url
from scrubber.models import Page

QUIET_S: Final = 0.5  # without a request, after which a page counts as done
SNAPSHOT_S: Final = 5.0
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
    """Renders pages for one fetcher. Raises InputError where there is no browser."""

    def __init__(self, options: FetchOptions, agent: str) -> None:
        self._options = options
        self._agent = agent
        self._path = find_browser(options.browser)
        self._browser: Browser | None = None
        self._starting = asyncio.Lock()
        self._places = asyncio.Semaphore(max(1, options.render_tabs))

    async def render(self, page: Page, load: Load) -> Page:
        """The page after its scripts. Raises FetchError."""
        async with self._places:
            try:
                return await self._in_tab(await self._shared(), page, load)
            except BrowserGone:
                pass  # maybe by a neighbour's doing: once more, alone
            browser = await self._launch()
            try:
                return await self._in_tab(browser, page, load)
            except BrowserGone as exc:
                raise _crashed(page) from exc
            finally:
                await browser.close()

    async def close(self) -> None:
        if self._browser is not None:
            await self._browser.close()
            self._browser = None

    async def _in_tab(self, browser: Browser, page: Page, load: Load) -> Page:
        tab = Tab(browser, page, load, self._options, self._agent)
        try:
            await tab.open()
            return await tab.read()
        except TimeoutError as exc:
            message = f"{page.url}: its scripts did not come to an end"
            raise FetchTimeout(message, url=page.url, kind="render_timeout") from exc
        except CallFailed as exc:
            raise _crashed(page) from exc
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
        return await Browser.launch(self._path, 2 * self._options.max_decoded_bytes)


class Tab:
    """One page in a browser context of its own: own process, no cookies, no storage."""

    def __init__(
        self, browser: Browser, page: Page, load: Load, options: FetchOptions, agent: str
    ) -> None:
        self._browser = browser
        self._page = page
        self._load = load
        self._options = options
        self._agent = agent
        self._session = self._context = self._target = ""
        self._answers: set[asyncio.Task[None]] = set()
        self._requests = self._documents = self._bytes = 0
        self._url = page.url or ""
        self._shown = False  # the load event has come
        self._crashed = False
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
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._options.render_s
        while loop.time() < deadline and not self._is_done(loop.time()):
            if self._crashed:
                raise _crashed(self._page)
            if self._browser.gone.is_set():
                raise BrowserGone("while rendering")
            await asyncio.sleep(_LOOK_S)
        try:
            html = await self._composed() or await self._serialised()
        except (CallFailed, TimeoutError):
            if self._crashed:
                raise _crashed(self._page) from None
            raise
        html = html.encode("utf-8", "replace").decode()  # scripts can write half a character
        return replace(self._page, html=html, url=self._url)

    async def _composed(self) -> str | None:
        """The page with its shadow trees and frames, `None` where it has none."""
        world = {"frameId": self._target, "worldName": "scrubber"}
        context = await self._call("Page.createIsolatedWorld", world, SNAPSHOT_S)
        script = {
            "expression": COMPOSE,
            "contextId": context["executionContextId"],
            "returnByValue": True,
        }
        answer = await self._call("Runtime.evaluate", script, SNAPSHOT_S)
        html: str | None = answer["result"].get("value")
        return html

    async def _serialised(self) -> str:
        document = await self._call("DOM.getDocument", {"depth": 0}, SNAPSHOT_S)
        node = {"nodeId": document["root"]["nodeId"]}
        return str((await self._call("DOM.getOuterHTML", node, SNAPSHOT_S))["outerHTML"])

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

    def _is_done(self, now: float) -> bool:
        # The navigation's own task is among the answers until the page is there.
        return self._shown and not self._answers and now - self._active_at >= QUIET_S

    # -- events

    def _hear(self, method: str, params: dict[str, Any]) -> None:
        if method == "Fetch.requestPaused":
            self._touch()
            self._spawn(self._answer(params))
        elif method == "Page.loadEventFired":
            self._touch()
            self._shown = True
        elif method == "Inspector.targetCrashed":
            self._crashed = True
        elif method == "Page.javascriptDialogOpening":
            self._spawn(
                self._ignoring(self._call("Page.handleJavaScriptDialog", {"accept": False}))
            )

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
        self, method: str, params: dict[str, Any] | None = None, timeout_s: float = 30.0
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


def _crashed(page: Page) -> BadResponse:
    return BadResponse(f"{page.url} crashes the browser", url=page.url, kind="render_crashed")
