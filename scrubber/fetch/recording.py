"""What was asked and what was answered, kept as it went over the wire: for a WARC file.

    transport ──> Tape (copies each chunk as it is read) ──> Exchange ──> WarcWriter, in its thread

An exchange is written before its page is handed on, so an archive holds every page that a record
was made of. Passwords, cookies and what else the hosts file says are never in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, TypeVarTuple

import httpx

from scrubber.errors import FetchError, FetchTimeout, TooLarge
from scrubber.fetch.decision import phrase
from scrubber.fetch.options import FetchOptions
from scrubber.fetch.urls import Url
from scrubber.fetch.visits import Visit
from scrubber.models import Page

if TYPE_CHECKING:
    from scrubber.fetch.warc_writing import WarcWriter

Ts = TypeVarTuple("Ts")
Cut = Literal["length", "time", "disconnect", "unspecified"]  # as WARC-Truncated says it

_SECRET: Final = frozenset({b"authorization", b"proxy-authorization", b"cookie"})
_COOKIES: Final = frozenset({b"set-cookie", b"set-cookie2"})
_FRAMING: Final = frozenset({b"transfer-encoding", b"connection", b"keep-alive"})


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer. body: as sent, without chunk frames. cut: why it is not whole."""

    url: str
    at: datetime
    request: bytes  # its head
    response: bytes  # its head
    body: bytes = field(repr=False)
    cut: Cut | None = None
    address: str | None = None  # of the server
    protocol: str = "http/1.1"


class Tape(httpx.AsyncByteStream):
    """A response's raw chunks, of which a copy is kept."""

    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream
        self._pieces: list[bytes] = []
        self.whole = False
        self.broken = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for chunk in self._stream:
                self._pieces.append(chunk)
                yield chunk
            self.whole = True
        except FetchError:
            self.broken = True
            raise

    async def aclose(self) -> None:
        await self._stream.aclose()

    @property
    def body(self) -> bytes:
        return b"".join(self._pieces)


class Recorder:
    """Writes the exchanges of one fetcher. Raises InputError, OutputError for the file."""

    def __init__(self, options: FetchOptions, agent: str) -> None:
        from scrubber.fetch.warc_writing import WarcWriter  # loads warcio

        robots = "obey" if options.respect_robots else "ignore"
        about = {"robots": robots, "http-header-user-agent": agent}
        self._writer: WarcWriter = WarcWriter(Path(options.warc or ""), about)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="scrubber-warc")

    def watch(self, response: httpx.Response) -> Tape:
        """Begin to copy what is read of an answer."""
        assert isinstance(response.stream, httpx.AsyncByteStream)
        tape = Tape(response.stream)
        response.stream = tape
        return tape

    async def keep(
        self,
        url: Url,
        response: httpx.Response,
        tape: Tape,
        at: datetime,
        secrets: Collection[str],
        error: BaseException | None,
    ) -> None:
        """Write one exchange. secrets: names of the headers that were nobody else's business."""
        cut = None if tape.whole else _why_cut(tape, error)
        request = response.request
        exchange = Exchange(
            url=str(url),
            at=at,
            request=_request_head(request, secrets),
            response=_response_head(response, private=bool(secrets)),
            body=b"" if cut == "length" else tape.body,  # a bomb is not worth its room
            cut=cut,
            address=response.extensions.get("peer"),
            protocol=_protocol(response),
        )
        await self._in_thread(self._writer.write_exchange, exchange)

    async def keep_rendered(self, page: Page, sent: Page) -> None:
        """Write what a page had become once its scripts had run. sent: the page before that."""
        await self._in_thread(self._writer.write_rendered, page, sent)

    async def note(self, visit: Visit) -> None:
        """Write what became of a URL: of what was kept before, what it refers to was its page."""
        await self._in_thread(self._writer.write_visit, visit)

    async def _in_thread(self, write: Callable[[*Ts], None], *values: *Ts) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, write, *values)

    def close(self) -> None:
        self._thread.shutdown()
        self._writer.close()


def _why_cut(tape: Tape, error: BaseException | None) -> Cut:
    if isinstance(error, TooLarge):
        return "length"
    if isinstance(error, (TimeoutError, FetchTimeout)):
        return "time"
    return "disconnect" if tape.broken else "unspecified"


def _request_head(request: httpx.Request, secrets: Collection[str]) -> bytes:
    hidden = _SECRET | {name.encode("latin-1") for name in secrets}
    lines = [request.method.encode() + b" " + request.url.raw_path + b" HTTP/1.1"]
    lines += [
        name + b": " + value for name, value in request.headers.raw if name.lower() not in hidden
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _response_head(response: httpx.Response, *, private: bool) -> bytes:
    """The head; headers that spoke about the connection get another name, as they hold no more."""
    lines = [f"HTTP/1.1 {response.status_code} {phrase(response.status_code)}".rstrip().encode()]
    for name, value in response.headers.raw:
        lower = name.lower()
        if private and lower in _COOKIES:
            continue
        kept = b"X-Archive-Orig-" + name if lower in _FRAMING else name
        lines.append(kept + b": " + value)
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _protocol(response: httpx.Response) -> str:
    return "h2" if response.extensions.get("http_version") == b"HTTP/2" else "http/1.1"
