"""The XML of sitemaps and feeds, as programs write it, as text that a strict parser takes.

a bare `&`              `&amp;`, but in CDATA, where it is right
control characters      left out, also where a reference names one
bytes of no character   U+FFFD, so that they cost the one address in which they stand
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from io import TextIOWrapper
from typing import IO, Any, Final

from scrubber.fetch.charset_labels import CODECS, label_to_name
from scrubber.textfile import encoding_of

_PIECE_CHARS: Final = 1 << 16
_HEAD_BYTES: Final = 1024
_DECLARED: Final = re.compile(rb"\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:+-]{2,40})")
_WITHOUT_MARK: Final = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_CONTROLS: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SUSPECT: Final = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][\w.-]{0,40});)?",
    re.DOTALL,
)


def mended(file: IO[Any]) -> Iterator[str]:
    """The document in pieces that end with a tag. file: bytes that can be peeked into."""
    held, inside = "", False
    head = file.peek(_HEAD_BYTES)  # type: ignore[attr-defined]
    with TextIOWrapper(file, _encoding(head), errors="replace", newline="") as text:
        piece = text.read(_PIECE_CHARS).lstrip("\ufeff \t\r\n")  # plugins leave it before all else
        while piece:
            held += piece
            cut = held.rfind(">") + 1 or len(held)
            begun = _CDATA if inside else ""
            whole, held = begun + held[:cut], held[cut:]
            inside = whole.rfind(_CDATA) > whole.rfind(_CDATA_END)
            yield _mend(whole)[len(begun) :]
            piece = text.read(_PIECE_CHARS)
    yield _mend(held)


def _encoding(head: bytes) -> str:
    """What a byte order mark says, else the declaration, else UTF-8."""
    by_mark = encoding_of(head)
    declared = _DECLARED.search(head)
    name = label_to_name(declared[1].decode()) if declared else None
    if name is None or name.startswith(("utf-", "x-user")):
        return _WITHOUT_MARK.get(head[:2], by_mark)
    return CODECS[name]


def _mend(text: str) -> str:
    text = _CONTROLS.sub("", text)
    return _SUSPECT.sub(_mend_suspect, text) if "&" in text else text


def _mend_suspect(match: re.Match[str]) -> str:
    whole, reference = match[0], match[1]
    if reference is None:
        return "&amp;" if whole == "&" else whole
    if reference.startswith("#"):
        return escape(_CONTROLS.sub("", unescape(whole)))
    return whole
