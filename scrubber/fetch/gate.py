"""What a page in the browser asks for: held, judged and answered by us.

Wanted  a request of a page         Loaded  what it is given
Load    asks for it like the fetcher: guard, robots.txt, turns, bounds
Gate    which of one page's requests may be asked for at all, and how many
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from scrubber.errors import BadResponse, ScrubberError
from scrubber.fetch.options import FetchOptions
from scrubber.fetch.urls import parse_url
from scrubber.models import Page

LOADED: Final = frozenset({"Script", "XHR", "Fetch"})
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


# A way elsewhere that is closed: the page stays. To refuse it would show the browser's own words.
_STAY: Final = Loaded(204, {}, b"")

Load = Callable[[Wanted], Awaitable[Loaded]]


class Gate:
    """Answers the held requests of one page.

    frame: the page's main one. url: where the page is, once its scripts have led it elsewhere.
    """

    def __init__(self, page: Page, load: Load, options: FetchOptions) -> None:
        self.url = page.url or ""
        self.frame = ""
        self._html = page.html
        self._load = load
        self._options = options
        self._requests = self._documents = self._bytes = 0

    async def answer(self, params: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The call of the browser by which a held request gets what it may have."""
        number, request = params["requestId"], params["request"]
        try:
            loaded = await self._judge(params["resourceType"], params.get("frameId"), request)
        except ScrubberError:
            loaded = None
        if loaded is None:
            return "Fetch.failRequest", {"requestId": number, "errorReason": "BlockedByClient"}
        return "Fetch.fulfillRequest", _answer_of(number, loaded)

    async def _judge(self, kind: str, frame: str | None, request: dict[str, Any]) -> Loaded | None:
        """1. the page itself, 2. a frame, 3. a style, 4. scripts and data, 5. the rest."""
        if kind == "Document" and frame == self.frame:
            return await self._document(request)
        if kind == "Document":
            is_own = _origin(request["url"]) == _origin(self.url) and not self._is_spent()
            return await self._counted(request) if is_own else None
        if kind == "Stylesheet":
            return Loaded(200, {"content-type": "text/css"}, b"")
        if kind not in LOADED or self._is_spent():
            return None
        return await self._counted(request)

    async def _document(self, request: dict[str, Any]) -> Loaded | None:
        self._documents += 1
        if self._documents == 1:
            body = self._html.encode("utf-8", "replace")
            return Loaded(200, {"content-type": "text/html; charset=utf-8"}, body)
        if self._documents > 1 + self._options.max_redirects or self._is_spent():
            return _STAY
        try:
            loaded = await self._counted(request)
        except ScrubberError:
            return _STAY
        if not 200 <= loaded.status < 300:
            return _STAY
        self.url = request["url"].partition("#")[0]
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
