"""Text to `Url`: the same cleaning that browsers do, and nothing that is not http or https.

Rules after the WHATWG URL standard: outer spaces and controls go, tabs and line breaks inside go,
backslashes count as slashes, the fragment is dropped, the host is lower case ASCII (IDNA).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote, unquote, urljoin, urlsplit

from scrubber.errors import AddressRefused, InputError
from scrubber.logins import without_login

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_OUTER: Final = "".join(map(chr, range(0x21)))
_INNER: Final = str.maketrans("", "", "\t\r\n")
_KEPT_IN_PATH: Final = "/%:@!$&'()*+,;=~-._|[]"
_KEPT_IN_QUERY: Final = _KEPT_IN_PATH + "?{}"
_HOST: Final = re.compile(
    r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?"
)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Url:
    """An absolute http(s) URL.

    host: lower case ASCII, IPv6 without brackets. target: path and query.
    login: (user, password) when the URL carried them; never part of `str(url)`.
    """

    scheme: str
    host: str
    port: int
    target: str
    login: tuple[str, str] | None = field(default=None, repr=False)

    @property
    def authority(self) -> str:
        """Host, and the port where it is not the scheme's own: the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"

    def join(self, location: str, max_chars: int) -> Url:
        """The URL that `location` (a Location header, a link) means on this page.

        Raises what `parse_url` raises.
        """
        cleaned = _clean(location)
        scheme = _SCHEME.match(cleaned)
        if scheme is None or scheme[0][:-1].lower() in DEFAULT_PORTS:
            cleaned = _slashes(cleaned)
        try:
            joined = urljoin(str(self), cleaned)
        except ValueError as exc:
            shown = without_login(cleaned)[:200]
            raise _invalid(shown, "has no host and port that can be read") from exc
        return parse_url(joined, max_chars=max_chars)


def parse_url(text: str, *, max_chars: int = 8192) -> Url:
    """Read a URL that a person or a page wrote.

    Raises InputError (`invalid_url`) for what is no URL, AddressRefused for a scheme other than
    http and https.
    """
    if not isinstance(text, str):
        raise _invalid(f"{text!r:.200}", "is no URL: that is a str")
    cleaned = _clean(text)
    shown = without_login(cleaned)[:200]
    if len(cleaned) > max_chars:
        raise _invalid(shown, f"is longer than {max_chars} characters")
    scheme = cleaned.partition(":")[0].lower()
    if not _SCHEME.match(cleaned) or not cleaned:
        raise _invalid(shown, "has no scheme; write https://...")
    if scheme not in DEFAULT_PORTS:
        if re.match(r"[^/:]*\.[^/:]*:\d+(/|$)|localhost:\d", cleaned):
            raise _invalid(shown, "has no scheme; write https://...")
        raise AddressRefused(f"{shown} is not http or https", url=shown)
    return _split(scheme, _slashes(cleaned), shown)


def _split(scheme: str, cleaned: str, shown: str) -> Url:
    rest = cleaned[len(scheme) + 1 :].lstrip("/")
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        host, port = parts.hostname or "", parts.port
    except ValueError as exc:  # whose words would quote a login
        raise _invalid(shown, "has no host and port that can be read") from exc
    if port == 0:
        raise _invalid(shown, "has no usable port")
    login = None
    if parts.username is not None:
        login = (unquote(parts.username), unquote(parts.password or ""))
    return Url(
        scheme,
        _ascii_host(host, shown),
        port or DEFAULT_PORTS[scheme],
        _target(parts.path, parts.query, "?" in rest.partition("#")[0]),
        login,
    )


def _target(path: str, query: str, has_query: bool) -> str:
    """Path and query in ASCII; escapes that are there stay as they are."""
    target = quote(without_dots(path) or "/", safe=_KEPT_IN_PATH)
    return f"{target}?{quote(query, safe=_KEPT_IN_QUERY)}" if has_query else target


def without_dots(path: str) -> str:
    """A path from the root on without its dot segments (RFC 3986, section 5.2.4)."""
    if "/." not in path:
        return path
    kept: list[str] = []
    parts = path.split("/")[1:]
    for part in parts:
        if part == "..":
            del kept[-1:]
        elif part != ".":
            kept.append(part)
    if parts[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _ascii_host(host: str, shown: str) -> str:
    if ":" in host:  # IPv6: urlsplit has taken the brackets and checked the shape
        return host
    host = unquote(host)
    if not host.isascii():
        import idna

        try:
            host = idna.encode(host, uts46=True, transitional=False).decode("ascii")
        except idna.IDNAError as exc:
            raise _invalid(shown, f"has a host name that cannot exist ({exc})") from exc
    host = host.lower()
    if len(host) > 254 or not _HOST.fullmatch(host):
        raise _invalid(shown, "has no valid host name")
    return host.rstrip(".")


def _slashes(text: str) -> str:
    path, mark, query = text.partition("?")
    return path.replace("\\", "/") + mark + query


def _clean(text: str) -> str:
    if not text.isascii():  # half a surrogate pair is no character, and cannot be sent
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.strip(_OUTER).translate(_INNER)


def _invalid(shown: str, why: str) -> InputError:
    return InputError(f"{shown or 'an empty line'} {why}", url=shown, kind="invalid_url")
