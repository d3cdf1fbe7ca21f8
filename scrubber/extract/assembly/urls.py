"""Addresses of links and images, made absolute.

`urllib.parse.urljoin` costs more than all else about a link, so the common shapes (absolute,
rooted, fragment) are joined by hand and only the rest goes through it.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urljoin, urlsplit

_WEB: Final = ("http://", "https://")
_LINKABLE: Final = (*_WEB, "mailto:", "tel:", "ftp://")
MAX_URL_CHARS: Final = 2_000  # longer ones are data, not addresses


class Urls:
    """Joins addresses to one page's base; without a base they stay as written."""

    def __init__(self, page_url: str | None, base_href: str = "") -> None:
        base = page_url if page_url and page_url.startswith(_WEB) else ""
        self._base = _join(base, base_href) if base_href else base
        self._page = base.partition("#")[0]
        self._origin, self._scheme = _origin(self._base)

    def link(self, href: str) -> str | None:
        """Absolute address of a link, or None where it leads nowhere (scripts, empty, huge)."""
        if not href or len(href) > MAX_URL_CHARS:
            return None
        if href.startswith("#"):
            return self._page + href if len(href) > 1 else None
        url = self.absolute(href)
        return url if url is None or ":" not in url or url.startswith(_LINKABLE) else None

    def image(self, src: str) -> str | None:
        """Absolute address of an image, or None where it is no address (inline data)."""
        if not src or len(src) > MAX_URL_CHARS:
            return None
        url = self.absolute(src)
        return url if url and (":" not in url or url.startswith(_WEB)) else None

    def absolute(self, url: str) -> str | None:
        if url.startswith(_WEB) and "[" not in url:
            return url
        if self._origin and "./" not in url:
            if url.startswith("//"):
                return self._scheme + ":" + url
            if url.startswith("/"):
                return self._origin + url
        return _join(self._base, url) or None


def _origin(base: str) -> tuple[str, str]:
    try:
        parts = urlsplit(base)
    except ValueError:
        return "", ""
    return (f"{parts.scheme}://{parts.netloc}", parts.scheme) if parts.netloc else ("", "")


def _join(base: str, url: str) -> str:
    try:
        return urljoin(base, url)
    except ValueError:  # brackets that are no IPv6 address
        return ""
