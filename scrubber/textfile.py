"""Files of text as people save them: UTF-8 or UTF-16, with a mark or without, perhaps packed.

And text that is written to where nobody reads it any more.
"""

from __future__ import annotations

import os
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from io import BufferedReader, RawIOBase, TextIOWrapper
from pathlib import Path
from typing import IO, Any, Final, TextIO, cast

_SLICE_BYTES: Final = 1024  # of zstd, which gives out at once all that a slice means


class Damaged(OSError):
    """A packed file that cannot be unpacked, or not to its end."""


def open_unpacked(path: Path) -> BufferedReader:
    """Open a file to read; `.gz` and `.zst` after its name are unpacked.

    Raises OSError, and while it is read `Damaged`.
    """
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return BufferedReader(_Gzip(path))
    if suffix == ".zst":
        return BufferedReader(_Zstd(path))
    return path.open("rb")


def name_unpacked(name: str) -> str:
    """A file's name in lower case, without what says that it is packed."""
    return name.lower().removesuffix(".gz").removesuffix(".zst")


class _Gzip(RawIOBase):
    def __init__(self, path: Path) -> None:
        from gzip import BadGzipFile, GzipFile
        from zlib import error

        self._file = GzipFile(path)
        self._errors = (BadGzipFile, EOFError, error)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            return int(self._file.readinto(buffer))
        except self._errors as exc:
            raise Damaged(str(exc)) from exc

    def close(self) -> None:
        self._file.close()
        super().close()


class _Zstd(RawIOBase):
    """Frames in a row. zstandard's own reader takes a file that was cut off for a whole one."""

    def __init__(self, path: Path) -> None:
        from zstandard import ZstdDecompressor, ZstdError

        self._file = path.open("rb")
        self._decompressor, self._error = ZstdDecompressor(), ZstdError
        self._frame: Any = None  # that has begun and not ended
        self._packed = self._found = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._found and self._read_on():
            pass
        piece, self._found = self._found[: len(buffer)], self._found[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)

    def _read_on(self) -> bool:
        """Unpack the next slice. Whether there was one."""
        data = self._packed or self._file.read(_SLICE_BYTES)
        if not data:
            if self._frame is not None:
                raise Damaged("the file ends in the middle of a zstd frame")
            return False
        frame = self._frame or self._decompressor.decompressobj()
        try:
            self._found = frame.decompress(data)
        except self._error as exc:
            raise Damaged(f"the file is not sound zstd: {exc}") from exc
        self._packed, self._frame = frame.unused_data, None if frame.eof else frame
        return True

    def close(self) -> None:
        self._file.close()
        super().close()


def is_utf16(head: bytes) -> bool:
    """True where a file that begins with `head` says that it is UTF-16."""
    return head[:2] in (BOM_UTF16_LE, BOM_UTF16_BE)


def encoding_of(head: bytes) -> str:
    """The name of the encoding of a file that begins with `head`; it drops the mark."""
    return "utf-16" if is_utf16(head) else "utf-8-sig"


def as_text(file: IO[bytes], newline: str | None = None) -> TextIOWrapper:
    """Text out of an open file; what cannot be decoded becomes U+FFFD.

    file: one that can be peeked into. newline: as of `open`. To close the text closes the file.
    """
    buffer = cast(BufferedReader, file)
    return TextIOWrapper(buffer, encoding_of(buffer.peek(2)), errors="replace", newline=newline)


def lines(text: TextIO, most_chars: int) -> Iterator[str]:
    """Lines with their ends; of one that is longer than `most_chars`, its beginning alone.

    A file without line breaks must not become one huge string.
    """
    while line := text.readline(most_chars):
        yield line
        while line and not line.endswith(("\n", "\r")):
            line = text.readline(most_chars)


def let_go(out: IO[str]) -> None:
    """What is still written to `out` goes nowhere: its reader has gone, as that of `| head` does.

    Python, as it ends, would else try once more to write what is left.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, out.fileno())
    os.close(nowhere)
