"""What a body is: HTML, XHTML or plain text, whatever its label says; or why it is none of them."""

from __future__ import annotations

import re
from typing import Final

from scrubber.errors import UnsupportedContent
from scrubber.fetch.decoding import GZIP_MAGIC

HTML: Final = "text/html"
XHTML: Final = "application/xhtml+xml"
TEXT: Final = "text/plain"

_HEAD_BYTES: Final = 4096
_XML_TYPES: Final = frozenset({"application/xml", "text/xml"})
_HTML_TYPES: Final = frozenset({HTML, XHTML, "application/vnd.wap.xhtml+xml", "text/x-html"})
_UNKNOWN_TYPES: Final = frozenset(
    {"", "*/*", "application/octet-stream", "application/unknown", "unknown/unknown", "text/*"}
)
_NAMES: Final = {
    "application/pdf": "a PDF document",
    "application/json": "JSON data",
    "application/ld+json": "JSON data",
    "application/zip": "an archive",
    "application/gzip": "an archive",
    "application/rss+xml": "a feed",
    "application/atom+xml": "a feed",
    "application/feed+json": "a feed",
    "text/css": "a stylesheet",
    "text/javascript": "a script",
    "application/javascript": "a script",
    "text/csv": "a table (CSV)",
    "text/calendar": "a calendar",
    "multipart/x-mixed-replace": "a stream",
    "text/event-stream": "a stream",
}
_FAMILIES: Final = {"image": "an image", "audio": "sound", "video": "a video", "font": "a font"}

# The first bytes of files that are served under wrong labels.
_MAGIC: Final = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"BM\x00", "an image"),
    (b"RIFF", "an image or sound"),
    (b"PK\x03\x04", "an archive or office document"),
    (GZIP_MAGIC, "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"Rar!", "an archive"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"OggS", "sound"),
    (b"ID3", "sound"),
    (b"wOFF", "a font"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript document"),
)
_FEED: Final = re.compile(rb"<(rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]", re.I)
_HTML_START: Final = re.compile(
    rb"<(!doctype\s+html|html|head|body|title|meta|script|style|link|div|p|h1|table|a|br|b|font|iframe|article|main|section)\b",
    re.I,
)
_JSON_START: Final = re.compile(rb"\s*(\{\s*\"|\[\s*(\{|\"|\[|\d))")
_BEFORE_TEXT: Final = b"\xef\xbb\xbf \t\r\n\f"
_CONTROLS: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def parse_content_type(header: str | None) -> tuple[str, str | None]:
    """The media type in lower case (empty where there is none) and the charset parameter."""
    if not header:
        return "", None
    media_type, _, rest = header.partition(";")
    found = re.search(r"charset\s*=\s*[\"']?([^\s\"';,]+)", rest, re.I)
    media_type = media_type.split(",")[0].strip().lower()
    return media_type, found[1] if found else None


def refuse_early(media_type: str) -> None:
    """Raise UnsupportedContent where the label alone says that the body is not worth sending."""
    family = media_type.partition("/")[0]
    name = _NAMES.get(media_type) or _FAMILIES.get(family)
    if name and media_type != "image/svg+xml":
        raise UnsupportedContent(f"is {name} ({media_type}), not a page of text")


def recognise_type(media_type: str, body: bytes) -> str:
    """HTML, XHTML or TEXT, by label and by the bytes. Raises UnsupportedContent."""
    refuse_binary(body)
    head = body[:_HEAD_BYTES]
    start = head.lstrip(_BEFORE_TEXT)
    looks_html = bool(_HTML_START.match(start) or _HTML_START.search(_without_comments(start)))
    if media_type in _XML_TYPES or start.startswith(b"<?xml"):
        return _xml_type(head)
    if media_type == TEXT:
        return HTML if re.match(rb"<!doctype\s+html|<html\b", start, re.I) else TEXT
    if _JSON_START.match(head) and not looks_html:
        raise UnsupportedContent("is JSON data, not a page of text")
    if media_type in _HTML_TYPES:
        return XHTML if media_type == XHTML else HTML
    if media_type in _UNKNOWN_TYPES or "/" not in media_type:
        return HTML if looks_html else TEXT
    if looks_html:
        return HTML
    if media_type.startswith("text/"):
        return TEXT
    raise UnsupportedContent(f"is {media_type[:60]}, not a page of text")


def refuse_binary(body: bytes) -> None:
    """Raise UnsupportedContent where the first bytes are of something else than text."""
    head = body[:_HEAD_BYTES]
    start = head.lstrip(_BEFORE_TEXT)
    for magic, name in _MAGIC:
        if start.startswith(magic):
            raise UnsupportedContent(f"is {name}, whatever its label says")
    if head[4:8] == b"ftyp":
        raise UnsupportedContent("is a video, whatever its label says")
    if _is_utf16(head):
        return
    if len(_CONTROLS.findall(head)) * 10 > len(head):
        raise UnsupportedContent("is binary data, not a page of text")


def _is_utf16(head: bytes) -> bool:
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or head[:4] == b"\x00\x00\xfe\xff":
        return True
    zeros = (head[0::2].count(0), head[1::2].count(0))
    return max(zeros) * 3 > len(head) and min(zeros) * 20 < len(head)


def _xml_type(head: bytes) -> str:
    if _FEED.search(head):
        raise UnsupportedContent("is a feed or sitemap, not a page of text")
    if re.search(rb"<html[\s>]", head, re.I) or b"//DTD XHTML" in head:
        return XHTML
    if b"<svg" in head:
        raise UnsupportedContent("is an image (SVG), not a page of text")
    raise UnsupportedContent("is XML data, not a page of text")


def _without_comments(head: bytes) -> bytes:
    return re.sub(rb"<!--.*?-->", b"", head, flags=re.S)
