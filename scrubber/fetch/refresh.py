"""Redirects that stand in the page: `<meta http-equiv="refresh">` and the `Refresh` header.

Only a page that is nothing but a signpost is left: a refresh of more than five seconds, one to the
page itself, one inside `<noscript>`, or one on a page with something to read stays where it is.
"""

from __future__ import annotations

import html
import re
from typing import Final

MAX_DELAY_S: Final = 5.0
MAX_READABLE_CHARS: Final = 600
_MAX_HTML_CHARS: Final = 64 * 1024

_META: Final = re.compile(r"<meta\b[^>]*http-equiv\s*=\s*[\"']?\s*refresh\b[^>]*>", re.I)
_CONTENT: Final = re.compile(r"\bcontent\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>]+)", re.I)
_VALUE: Final = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)\s*[;,\s]\s*(?:url\s*=\s*)?(.+)", re.I | re.S)
_UNREAD: Final = re.compile(
    r"<(script|style|noscript|title|template)\b.*?</\1\s*>|<!--.*?-->", re.I | re.S
)
_TAG: Final = re.compile(r"<[^>]*>")


def refresh_target(text: str, header: str | None = None) -> str | None:
    """Where the page sends its readers at once, as it is written; `None` if it stays."""
    if header:
        return _parse(header)
    if len(text) > _MAX_HTML_CHARS or "refresh" not in text[:16384].lower():
        return None
    bare = _UNREAD.sub(" ", text)
    meta = _META.search(bare)
    content = _CONTENT.search(meta[0]) if meta else None
    if content is None or len(" ".join(_TAG.sub(" ", bare).split())) > MAX_READABLE_CHARS:
        return None
    return _parse(html.unescape(content[1].strip("\"'")))


def _parse(value: str) -> str | None:
    found = _VALUE.fullmatch(value)
    if found is None or float(found[1]) > MAX_DELAY_S:
        return None
    return found[2].strip().strip("\"'").strip() or None
