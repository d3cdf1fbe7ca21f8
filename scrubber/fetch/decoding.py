"""Content encodings undone in bounded steps: gzip, deflate (zlib or raw), br, zstd.

A decoder gets at most STEP_BYTES out of its input at a time, and the sum is checked after every
step, so a bomb costs its bound and no more. httpx's own decoders inflate a whole chunk at once:
that is why the raw bytes are read.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol

from scrubber.errors import BadResponse, TooLarge

STEP_BYTES: Final = 256 * 1024
RATIO_FREE_BYTES: Final = 4 * 1024 * 1024  # below this a high ratio is only repetitive markup


class Decoder(Protocol):
    """Undoes one encoding. `feed` yields pieces; `done` is true after the end of the data."""

    done: bool

    def feed(self, data: bytes) -> Iterator[bytes]: ...


class BodyDecoder:
    """The decoders of one response in a row, with the bounds on what comes out.

    encodings: as the Content-Encoding header lists them, first applied first. Raises BadResponse
    for an unknown one or more than `max_encodings`.
    """

    def __init__(
        self, encodings: Sequence[str], *, max_bytes: int, max_ratio: int, max_encodings: int = 2
    ) -> None:
        names = [name for name in encodings if name not in ("", "identity", "none", "utf-8")]
        if len(names) > max_encodings:
            raise BadResponse(f"wraps its body in {len(names)} content encodings")
        self._decoders = [_decoder(name) for name in reversed(names)]
        self._max_bytes = max_bytes
        self._max_ratio = max_ratio
        self._taken = 0
        self._given = 0

    @property
    def complete(self) -> bool:
        """Whether every encoding has reached its own end."""
        return all(decoder.done for decoder in self._decoders)

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield what `data` decodes to. Raises TooLarge at a bound, BadResponse for broken data."""
        self._taken += len(data)
        yield from self._through(0, data)

    def _through(self, stage: int, data: bytes) -> Iterator[bytes]:
        if stage < len(self._decoders):
            for piece in self._decoders[stage].feed(data):
                if stage + 1 < len(self._decoders):
                    self._count(len(piece), inner=True)
                yield from self._through(stage + 1, piece)
            return
        self._count(len(data))
        yield data

    def _count(self, size: int, *, inner: bool = False) -> None:
        self._given += 0 if inner else size
        if self._given > self._max_bytes:
            raise TooLarge(f"inflates to more than {self._max_bytes} bytes")
        if self._given > RATIO_FREE_BYTES and self._given > self._max_ratio * self._taken:
            raise TooLarge(f"inflates to more than {self._max_ratio} times its size")


def encodings_of(header: str) -> list[str]:
    """The names in a Content-Encoding header, in lower case."""
    return [name.strip().lower() for name in header.split(",") if name.strip()]


def accepted() -> str:
    """The Accept-Encoding header for what can be undone here."""
    optional = [name for name, module in (("br", "brotli"), ("zstd", "zstandard")) if _has(module)]
    return ", ".join(["gzip", "deflate", *optional])


def _has(module: str) -> bool:
    from importlib.util import find_spec

    return find_spec(module) is not None


def _decoder(name: str) -> Decoder:
    if name in ("gzip", "x-gzip"):
        return _Gzip()
    if name == "deflate":
        return _Deflate()
    if name == "br" and _has("brotli"):
        return _Brotli()
    if name == "zstd" and _has("zstandard"):
        return _Zstd()
    raise BadResponse(f"uses the content encoding {name[:40]!r}, which nobody asked for")


GZIP_MAGIC: Final = b"\x1f\x8b"
ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_ZSTD_SKIPPED: Final = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")


class _Gzip:
    """Members in a row; what follows the last one and is no member is padding."""

    def __init__(self) -> None:
        self.done = False
        self._inner: Any = zlib.decompressobj(wbits=31)
        self._between = b""  # behind a member, too little to tell whether another one follows

    def feed(self, data: bytes) -> Iterator[bytes]:
        data, self._between = self._between + data, b""
        while data:
            if self.done:
                if data == GZIP_MAGIC[:1]:
                    self._between = data
                    return
                if data[:2] != GZIP_MAGIC:
                    return
                self._inner, self.done = zlib.decompressobj(wbits=31), False
            yield from _inflate(self._inner, data)
            self.done = self._inner.eof
            data = self._inner.unused_data if self.done else b""


class _Deflate:
    """zlib-wrapped as the standard says, or raw as some servers send it: the first bytes tell."""

    def __init__(self) -> None:
        self.done = False
        self._head = b""
        self._inner: Any = None

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inner is None:
            self._head += data
            if len(self._head) < 2:
                return
            first, second = self._head[:2]
            wrapped = first & 0x0F == 8 and (first * 256 + second) % 31 == 0
            self._inner = zlib.decompressobj(wbits=15 if wrapped else -15)
            data = self._head
        if not self.done:
            yield from _inflate(self._inner, data)
            self.done = self._inner.eof


def _inflate(inner: Any, data: bytes) -> Iterator[bytes]:
    try:
        while data and not inner.eof:
            yield inner.decompress(data, STEP_BYTES)
            data = inner.unconsumed_tail
        while not inner.eof and (rest := inner.decompress(b"", STEP_BYTES)):
            yield rest
    except zlib.error as exc:
        raise BadResponse(f"has a broken compressed body ({exc})") from exc


class _Brotli:
    def __init__(self) -> None:
        import brotli

        self.done = False
        self._inner: Any = brotli.Decompressor()
        self._error: Any = brotli.error

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self.done:
            return
        try:
            yield self._inner.process(data, output_buffer_limit=STEP_BYTES)
            while not self._inner.can_accept_more_data():
                yield self._inner.process(b"", output_buffer_limit=STEP_BYTES)
        except self._error as exc:
            raise BadResponse(f"has a broken brotli body ({exc})") from exc
        self.done = self._inner.is_finished()


class _Zstd:
    """Frames in a row, as with gzip; a frame may be one that is only there to be skipped.

    Small slices in, because zstandard gives out all that a slice means at once. A frame may ask for
    a window of gigabytes: more than 8 MiB (RFC 8878's recommendation) is refused.
    """

    SLICE: Final = 64  # at 128 KiB a block and three bytes of header, a slice gives 3 MiB at most

    def __init__(self) -> None:
        import zstandard

        self.done = False
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024)
        self._inner: Any = self._decompressor.decompressobj()
        self._between = b""
        self._error: Any = zstandard.ZstdError

    def feed(self, data: bytes) -> Iterator[bytes]:
        try:
            for start in range(0, len(data), self.SLICE):
                yield from self._step(data[start : start + self.SLICE])
        except self._error as exc:
            raise BadResponse(f"has a broken zstd body ({exc})") from exc

    def _step(self, data: bytes) -> Iterator[bytes]:
        data, self._between = self._between + data, b""
        while data:
            if self.done:
                if len(data) < len(ZSTD_MAGIC):
                    self._between = data
                    return
                if data[:4] != ZSTD_MAGIC and not _ZSTD_SKIPPED.match(data):
                    return
                self._inner, self.done = self._decompressor.decompressobj(), False
            yield self._inner.decompress(data)
            self.done = self._inner.eof
            data = self._inner.unused_data if self.done else b""
