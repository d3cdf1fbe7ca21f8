"""From an answer to what it gives: a page, the place where the page is, or an error."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final, Protocol

from scrubber.errors import AddressRefused, BadResponse, FetchError, InputError
from scrubber.fetch.body import Body, read_body, read_prefix
from scrubber.fetch.charset import decode_html
from scrubber.fetch.decision import (
    WALL_STATUSES,
    Redirect,
    Reject,
    bot_wall,
    decide,
    wall_markup,
)
from scrubber.fetch.decoding import encodings_of
from scrubber.fetch.media import TEXT, parse_content_type, recognise_type, refuse_early
from scrubber.fetch.options import FetchOptions
from scrubber.fetch.refresh import refresh_target
from scrubber.fetch.robots import Answer
from scrubber.fetch.urls import Url
from scrubber.models import Page

PRIVATE_HEADERS: Final = frozenset({"set-cookie", "set-cookie2"})
LIST_BYTES: Final = 52_428_800  # a sitemap may be so large, by its protocol
WALL_BYTES: Final = 64 * 1024  # of an error's body, looked at for signs of a bot defence
NOT_MODIFIED: Final = 304
DRAINED_BYTES: Final = 16 * 1024  # of an unwanted body, to keep its connection


class Response(Protocol):
    """An answer whose body is still to be read: httpx's, or one that an archive keeps."""

    status_code: int

    @property
    def headers(self) -> Mapping[str, str]: ...

    def aiter_raw(self) -> AsyncIterator[bytes]: ...


async def read_answer(
    url: Url, response: Response, options: FetchOptions, at: datetime
) -> Page | Redirect:
    """Decide about an answer that began to arrive `at`, and read it. Raises FetchError."""
    redirect = await _judge(url, response, at)
    if redirect is not None:
        return redirect
    headers = dict(response.headers.items())
    page = await _read_page(url, response, headers, options, at)
    target = None
    if page.content_type != TEXT:
        target = refresh_target(page.html, headers.get("refresh"))
    return Redirect(target) if target and _leads_away(url, target, options) else page


async def read_robots(
    url: Url, response: Response, options: FetchOptions, at: datetime
) -> Answer | Redirect:
    """Read a robots.txt. Raises FetchError, also where the server cannot answer now (5xx, 429)."""
    try:
        redirect = await _judge(url, response, at)
    except FetchError as error:
        if error.status is None or error.status >= 500 or error.status == 429:
            raise
        return Answer(error.status)
    return redirect or Answer(200, await _whole_lines(response, options.max_robots_bytes))


async def read_list(
    url: Url, response: Response, options: FetchOptions, at: datetime
) -> bytes | Redirect:
    """The body of a sitemap or feed, of whatever media type. Raises FetchError."""
    redirect = await _judge(url, response, at)
    if redirect is not None:
        return redirect
    bounds = replace(options, max_wire_bytes=LIST_BYTES, max_decoded_bytes=LIST_BYTES)
    return await read_anything(response, bounds)


async def read_range(
    url: Url, response: Response, length: int, options: FetchOptions, at: datetime
) -> bytes:
    """The `length` bytes that were asked for. Raises BadResponse, FetchError."""
    await _judge(url, response, at)
    if response.status_code != 206:
        message = f"{url} does not give parts of files (status {response.status_code})"
        raise BadResponse(message, url=str(url), status=response.status_code)
    body = await read_body(response.aiter_raw(), encodings=[], length=length, options=options)
    if len(body.content) != length:
        message = f"{url} sends {len(body.content)} bytes in place of {length}"
        raise BadResponse(message, url=str(url), kind="truncated")
    return body.content


async def read_anything(response: Response, options: FetchOptions) -> bytes:
    """The body of any answer, whatever its status and type. Raises FetchError."""
    return (await _body(response, dict(response.headers.items()), options)).content


async def drain(response: Response) -> None:
    """Read a small unwanted body to its end, so that its connection can serve the next request."""
    length = response.headers.get("content-length", "")
    if response.status_code == NOT_MODIFIED:
        length = "0"  # the header tells how long the page is that was not sent
    if not (length.isascii() and length.isdigit() and int(length) <= DRAINED_BYTES):
        return
    left = DRAINED_BYTES
    async for chunk in response.aiter_raw():
        left -= len(chunk)
        if left < 0:
            return


async def _judge(url: Url, response: Response, at: datetime) -> Redirect | None:
    """Where an answer leads, `None` where its body is to be read. Raises FetchError."""
    decision = decide(response.status_code, dict(response.headers.items()), url, at)
    if isinstance(decision, Reject):
        raise await _look_for_wall(decision.error, url, response)
    if isinstance(decision, Redirect):
        await drain(response)
        return decision
    return None


async def _read_page(
    url: Url,
    response: Response,
    headers: Mapping[str, str],
    options: FetchOptions,
    at: datetime,
) -> Page:
    media_type, charset = parse_content_type(headers.get("content-type"))
    refuse_early(media_type)
    body = await _body(response, headers, options)
    media_type = recognise_type(media_type, body.content)
    text, charset = decode_html(body.content, header_charset=charset)
    return Page(
        html=text,
        url=str(url),
        status=response.status_code,
        content_type=media_type,
        charset=charset,
        headers={name: headers[name] for name in headers if name not in PRIVATE_HEADERS},
        fetched_at=at,
        truncated=body.truncated,
    )


async def _body(response: Response, headers: Mapping[str, str], options: FetchOptions) -> Body:
    length = headers.get("content-length", "")
    return await read_body(
        response.aiter_raw(),
        encodings=encodings_of(headers.get("content-encoding", "")),
        length=int(length) if length.isascii() and length.isdigit() else None,
        options=options,
    )


async def _prefix(response: Response, max_bytes: int) -> bytes:
    encodings = encodings_of(response.headers.get("content-encoding", ""))
    return await read_prefix(response.aiter_raw(), encodings=encodings, max_bytes=max_bytes)


async def _whole_lines(response: Response, max_bytes: int) -> bytes:
    """The same without a line that the bound cuts: half of a rule may forbid much more."""
    body = await _prefix(response, max_bytes + 1)
    if len(body) <= max_bytes:
        return body
    return body[: max(body.rfind(b"\n"), body.rfind(b"\r"), 0)]


async def _look_for_wall(error: FetchError, url: Url, response: Response) -> FetchError:
    """The same error, or the one that its body calls for: retrying a bot wall is futile."""
    status = response.status_code
    if status not in WALL_STATUSES or error.kind == "bot_wall":
        await drain(response)
        return error
    try:
        mark = wall_markup(await _prefix(response, WALL_BYTES))
    except FetchError:  # the status says enough
        return error
    return bot_wall(status, url, f"its page holds {mark}") if mark else error


def _leads_away(url: Url, target: str, options: FetchOptions) -> bool:
    """Whether a refresh points to another page; one that points nowhere leaves the page."""
    try:
        return str(url.join(target, options.max_url_chars)) != str(url)
    except (InputError, AddressRefused):
        return False
