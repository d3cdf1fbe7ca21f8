"""Files of text as people save them: UTF-8, with a mark or without, or UTF-16, as of Windows."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from io import BufferedReader, TextIOWrapper
from typing import IO, cast


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
    buffer = cast(BufferedReader, file)  # gzip's files are as good
    return TextIOWrapper(buffer, encoding_of(buffer.peek(2)), errors="replace", newline=newline)
