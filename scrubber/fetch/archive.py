"""Captures in web archives, and the pages that they hold: no network, no optional library.

    Place     where a capture stands: a local file or a URL, an offset, a length
    Capture   one answer as an archive keeps it
    read_page Capture -> Page, by the very steps that a live answer goes through

An archive is no more trusted than a server: bounds, charset and type are decided here as there.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Self, TypeVar

from scrubber.errors import BadResponse, InputError, ScrubberError
from scrubber.fetch.decision import EMPTY, Redirect
from scrubber.fetch.decoding import GZIP_MAGIC
from scrubber.fetch.media import TEXT, parse_content_type, refuse_early
from scrubber.fetch.options import FetchOptions
from scrubber.fetch.reading import read_answer
from scrubber.fetch.urls import parse_url
from scrubber.models import Page

T = TypeVar("T")
_MARK: Final = "warc:"
_PLACE: Final = re.compile(r"warc:(\d+)(?:\+(\d+))?(?:~(\d+))?(?:\^(\d+))?:(.+)", re.S)
_CHUNK_SIZE: Final = re.compile(rb"([0-9a-fA-F]{1,8})[^\n]{0,200}\n")
_GZIP_NAMES: Final = frozenset({"gzip", "x-gzip"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a capture begins. source: a path or an http(s) URL; length: in bytes, where known.

    rendered: where the record begins that keeps what scripts had made of it, where one does.
    note: where the visit is noted that found it, where that tells more than is listed.
    """

    source: str
    offset: int
    length: int | None = None
    rendered: int | None = None
    note: int | None = None

    @property
    def is_remote(self) -> bool:
        return self.source.startswith(("http://", "https://"))

    def __str__(self) -> str:
        length = "" if self.length is None else f"+{self.length}"
        rendered = "" if self.rendered is None else f"~{self.rendered}"
        note = "" if self.note is None else f"^{self.note}"
        return f"{_MARK}{self.offset}{length}{rendered}{note}:{self.source}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The place that `str(place)` names, `None` for a plain path."""
        found = _PLACE.fullmatch(text)
        if found is None:
            return None
        offset, *rest = (int(text) if text else None for text in found.group(1, 2, 3, 4))
        return cls(found[5], offset or 0, *rest)


@dataclass(frozen=True, slots=True)
class Capture:
    """One answer. headers: names in lower case. cut: the archive says that it is not whole."""

    url: str
    status: int
    headers: Mapping[str, str]
    at: datetime
    body: bytes = field(repr=False)
    cut: bool = False


def may_be_page(url: str, status: int, content_type: str | None) -> bool:
    """Whether a capture, by what its headers say, is worth reading as a page.

    Answers that are none (redirects, errors, images, scripts) are no inputs; robots.txt neither.
    """
    if not 200 <= status < 300 or status in EMPTY:
        return False
    try:
        refuse_early(parse_content_type(content_type)[0])
        return parse_url(url).target != "/robots.txt"
    except ScrubberError:
        return False


def read_page(capture: Capture, options: FetchOptions) -> Page:
    """The page in a capture. Raises FetchError where a live answer of that kind would."""
    url = parse_url(capture.url, max_chars=options.max_url_chars)
    answer = _settled(read_answer(url, _Recorded(capture), options, capture.at))
    if isinstance(answer, Redirect):
        message = f"{url} only leads to {answer.location}"
        raise BadResponse(message, url=str(url), kind="redirect")
    return answer


def moment_of(text: str | None) -> datetime:
    """A WARC-Date or a CDX timestamp; the epoch where it cannot be read."""
    digits = (text or "").strip()
    try:
        if digits.isascii() and digits.isdigit():
            return datetime.strptime(digits[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return datetime.fromisoformat(digits).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.fromtimestamp(0, UTC)


def fold(pairs: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by name in lower case; what is repeated is joined by commas, as HTTP means it."""
    folded: dict[str, str] = {}
    for raw_name, raw_value in pairs:
        name = raw_name.decode("latin-1").strip().lower()
        try:
            value = raw_value.decode("utf-8").strip()
        except UnicodeDecodeError:
            value = raw_value.decode("latin-1").strip()
        folded[name] = f"{folded[name]}, {value}" if name in folded else value
    return folded


def capture_of_text(url: str, content_type: str, at: datetime, body: bytes) -> Capture:
    """A document that the archive keeps without its HTTP answer; a WET file's text is UTF-8."""
    media_type, charset = parse_content_type(content_type)
    if media_type == TEXT and charset is None:
        content_type = f"{media_type}; charset=utf-8"
    return Capture(url, 200, {"content-type": content_type}, at, body)


class _Recorded:
    """A capture in the shape of an answer that is read from the network."""

    def __init__(self, capture: Capture) -> None:
        self.status_code = capture.status
        self._body = _dechunked(capture)
        self.headers = _honest(capture.headers, self._body)
        self._cut = capture.cut

    async def aiter_raw(self) -> AsyncIterator[bytes]:
        yield self._body
        if self._cut:
            raise BadResponse("the archive holds only its beginning", kind="truncated")


def _honest(headers: Mapping[str, str], body: bytes) -> dict[str, str]:
    """The headers without an encoding that the archive has undone already, as many do."""
    kept = dict(headers)
    names = kept.get("content-encoding", "").lower().split(",")
    undone = names[-1].strip() in _GZIP_NAMES and not body.startswith(GZIP_MAGIC)
    start = body[:64].lstrip()[:9]
    plain = start[:1] == b"<" and start.isascii()  # as br and zstd practically never begin
    if body and names[-1].strip() and (undone or plain):
        del kept["content-encoding"]
        kept.pop("content-length", None)
    return kept


def _dechunked(capture: Capture) -> bytes:
    """The body without the chunk frames that some archives keep."""
    body = capture.body
    if "chunked" not in capture.headers.get("transfer-encoding", "").lower():
        return body
    pieces: list[bytes] = []
    position = 0
    while (found := _CHUNK_SIZE.match(body, position)) is not None:
        size = int(found[1], 16)
        if size == 0:
            return b"".join(pieces)
        pieces.append(body[found.end() : found.end() + size])
        position = found.end() + size
        position += 2 if body[position : position + 2] == b"\r\n" else 1
    # No frames at all: the archive has undone them. Frames that break off: what there was.
    return b"".join(pieces) if pieces else body


def _settled(steps: Coroutine[Any, Any, T]) -> T:
    """The result of a coroutine that never waits: all that it reads is at hand."""
    try:
        steps.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    steps.close()
    raise InputError("reading an archive must not wait")  # pragma: no cover - a slip of ours
