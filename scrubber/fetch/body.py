"""A response's raw chunks to its bytes, within every bound of `FetchOptions`."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from scrubber.errors import BadResponse, ConnectFailed, FetchError, FetchTimeout, TooLarge
from scrubber.fetch.decoding import STEP_BYTES, BodyDecoder
from scrubber.fetch.options import FetchOptions

RATE_GRACE_S: Final = 10.0
MAX_PREFIX_RATIO: Final = 1000
WORTH_KEEPING_BYTES: Final = 2048  # of a cut-off body whose true length nobody told


@dataclass(frozen=True, slots=True)
class Body:
    """content: inflated. wire_bytes: as sent. truncated: it ended early, most of it there."""

    content: bytes
    wire_bytes: int
    truncated: bool = False


async def read_body(
    chunks: AsyncIterator[bytes],
    *,
    encodings: list[str],
    length: int | None,
    options: FetchOptions,
) -> Body:
    """Collect and inflate a body. length: what Content-Length says, in bytes on the wire.

    Raises TooLarge, FetchTimeout (`too_slow`), BadResponse, ConnectFailed.
    """
    if length is not None and length > options.max_wire_bytes:
        raise TooLarge(f"is {length} bytes long, more than {options.max_wire_bytes}")
    decoder = BodyDecoder(
        encodings,
        max_bytes=options.max_decoded_bytes,
        max_ratio=options.max_ratio,
        max_encodings=options.max_encodings,
    )
    pieces: list[bytes] = []
    wire = 0
    started = time.monotonic()
    try:
        async for chunk in chunks:
            wire += len(chunk)
            _check_progress(wire, time.monotonic() - started, options)
            pieces.extend(decoder.feed(chunk))
    except (BadResponse, ConnectFailed) as error:
        return _cut_off(b"".join(pieces), wire, length, error)
    content = b"".join(pieces)
    if encodings and content and not decoder.complete:
        return _cut_off(content, wire, length, BadResponse("the compressed body ends too early"))
    return Body(content, wire)


def _check_progress(wire: int, elapsed_s: float, options: FetchOptions) -> None:
    if wire > options.max_wire_bytes:
        raise TooLarge(f"sends more than {options.max_wire_bytes} bytes")
    if elapsed_s > RATE_GRACE_S and wire < options.min_bytes_per_s * elapsed_s:
        rate = f"{wire / elapsed_s:.0f} bytes a second"
        raise FetchTimeout(f"sends only {rate}", kind="too_slow")


def _cut_off(content: bytes, wire: int, length: int | None, error: FetchError) -> Body:
    """Keep a body that ended too early when most of it is there; else raise why it ended."""
    most = wire * 2 >= length if length is not None else len(content) >= WORTH_KEEPING_BYTES
    closed = b"</html>" in content[-64:].lower()
    if content and (most or closed):
        return Body(content, wire, truncated=not closed)
    raise error


async def read_prefix(
    chunks: AsyncIterator[bytes], *, encodings: list[str], max_bytes: int
) -> bytes:
    """The first `max_bytes` of a body; what follows, or a broken end, does not matter."""
    decoder = BodyDecoder(encodings, max_bytes=max_bytes + STEP_BYTES, max_ratio=MAX_PREFIX_RATIO)
    content = bytearray()
    try:
        async for chunk in chunks:
            for piece in decoder.feed(chunk):
                content += piece
                if len(content) >= max_bytes:
                    return bytes(content[:max_bytes])
    except (BadResponse, ConnectFailed, TooLarge):
        if not content:
            raise
    return bytes(content[:max_bytes])
