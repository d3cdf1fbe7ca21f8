"""One page in the browser: opened, waited for, and read once it is quiet."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from typing import Any, Final, TypeVar

from scrubber.errors import FetchError, TooLarge
from scrubber.fetch.chromium import CALL_S, TOO_LONG, Browser, BrowserGone, CallFailed
from scrubber.fetch.gate import LOADED, Gate, Load
from scrubber.fetch.options import FetchOptions
from scrubber.fetch.snapshot import COMPOSE
from scrubber.models import Page

T = TypeVar("T")

NO_CONTENT: Final = 204

QUIET_S: Final = 0.5  # without a request, after which a page counts as done
STUCK_S: Final = 5.0  # the same, where a request is under way of which nothing more is heard
SNAPSHOT_S: Final = 10.0  # for an answer to each question about a page, and at most `render_s`
_LOOK_S: Final = 0.05
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
        self._gate = Gate(page, load, options)
        self._options = options
        self._agent = agent
        self._clock = clock
        self._session = self._context = self._target = ""
        self._answers: set[asyncio.Task[None]] = set()
        self._under_way: set[str] = set()  # requests that the page has not seen the end of
        self._shown = False  # it is loaded
        self._failure: Exception | None = None
        self._active_at = 0.0

    async def open(self) -> None:
        """Make the tab and send it to the page."""
        call = self._browser.call
        self._context = (await call("Target.createBrowserContext"))["browserContextId"]
        blank = {"url": "about:blank", "browserContextId": self._context}
        self._target = (await call("Target.createTarget", blank))["targetId"]
        self._gate.frame = self._target
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
        self._spawn(self._ignoring(self._call("Page.navigate", {"url": self._gate.url})))

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
        return replace(self._page, html=html, url=self._gate.url)

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
            if params.get("type") in LOADED and params["request"]["url"].startswith("http"):
                self._under_way.add(params["requestId"])
        elif method in ("Network.loadingFinished", "Network.loadingFailed"):
            self._under_way.discard(params["requestId"])
        elif method == "Page.frameRequestedNavigation" and params["frameId"] == self._target:
            self._under_way.add(_NAVIGATION)
        elif method == "Page.frameNavigated" and params["frame"]["id"] == self._target:
            self._under_way.discard(_NAVIGATION)
            self._shown = False
        elif method == "Page.frameStoppedLoading" and params["frameId"] == self._target:
            self._shown = True  # without a load event, where it was about to go elsewhere
        else:
            return
        self._touch()

    async def _answer(self, params: dict[str, Any]) -> None:
        method, answer = await self._gate.answer(params)
        await self._ignoring(self._call(method, answer))
        if answer.get("responseCode") == NO_CONTENT:
            self._under_way.discard(_NAVIGATION)
        self._touch()

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
