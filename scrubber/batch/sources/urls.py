"""Normal forms of URLs, so that one page listed in several spellings is fetched once.

The normal form is a key only: what is fetched is the first spelling that the list gave. Rules are
those of RFC 3986, section 6.2 (case, percent-encoding, dot segments, default ports), plus
fragments and parameters that campaigns add; anything that could name another page stays.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit

from scrubber.errors import InputError
from scrubber.fetch.urls import without_dots
from scrubber.logins import without_login

MAX_URL_CHARS = 8192  # longer than servers accept; keeps one line of rubbish out of memory

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_PORT = re.compile(r"[A-Za-z][\w.\-]*:\d+(?:/|\Z)")  # example.org:8080/a
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f]")
# Most URLs of a list are in normal form already: one match instead of taking them apart.
_NORMAL = re.compile(r"https?://[a-z0-9\-]+(?:\.[a-z0-9\-]+)+(?:/[A-Za-z0-9_~\-]+)+/?\Z")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_SAFE = "/%:@!$&'()*+,;=~-._"
_HOST = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_\-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_\-]*[a-z0-9_])?\Z"
)

# Parameters that campaigns and mail programs append; they never choose the page.
_TRACKING = re.compile(
    r"(?:utm_[a-z_]+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|ttclid|yclid|igshid"
    r"|igsh|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi|hsctatracking|mkt_tok|vero_id|oly_anon_id"
    r"|oly_enc_id|wickedid|at_campaign|at_medium|wt_mc|mtm_[a-z_]+|pk_[a-z_]+|srsltid|spm)\Z",
    re.IGNORECASE,
)


def has_scheme(text: str) -> bool:
    """Whether `text` starts like a URL of any scheme."""
    return _SCHEME.match(text) is not None


def normal_form(url: str) -> str:
    """The key of an http(s) URL. Raises `InputError(kind="invalid_url")` where it is none."""
    if _NORMAL.match(url) and len(url) <= MAX_URL_CHARS:
        return url
    parts = _split(url)
    host = _normal_host(parts, url)
    port = _normal_port(parts, url)
    user = parts.netloc.rpartition("@")[0]
    netloc = f"{user}@{host}{port}" if user else host + port
    query = _normal_query(parts.query)
    path = _normal_path(parts.path)
    return f"{parts.scheme.lower()}://{netloc}{path}" + (f"?{query}" if query else "")


def host_of(key: str) -> str:
    """The host, with its port where it is not the default, of a URL in normal form."""
    return key.split("/", 3)[2].rpartition("@")[2]


def _split(url: str) -> SplitResult:
    if len(url) > MAX_URL_CHARS:
        raise _invalid(
            without_login(url)[:80] + "…", f"it is longer than {MAX_URL_CHARS:,} characters"
        )
    if _FORBIDDEN.search(url):
        raise _invalid(url, "it holds spaces or control characters; write %20 for a space")
    try:
        parts = urlsplit(url)
    except ValueError as exc:
        raise _invalid(url, "its host cannot be read") from exc  # the cause would quote a login
    if "\ufffd" in url:  # what stood there is lost, and another page would be asked for
        raise _invalid(url, "it holds bytes that are no UTF-8; save the list in UTF-8")
    if not parts.scheme or _PORT.match(url):
        raise _invalid(url, "it has no scheme; write https://…")
    if parts.scheme.lower() not in ("http", "https"):
        raise _invalid(url, "only http and https are fetched")
    return parts


def _normal_host(parts: SplitResult, url: str) -> str:
    host = (parts.hostname or "").rstrip(".")
    if not host:
        raise _invalid(url, "it names no host")
    if ":" in host:
        return f"[{host}]"
    if not host.isascii():
        host = _ascii_host(host, url)
    if len(host) > 253 or not _HOST.match(host):
        raise _invalid(url, f"{host[:80]!r} is no host name")
    return host


def _ascii_host(host: str, url: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True, transitional=False).decode("ascii")
    except idna.IDNAError as exc:
        raise _invalid(url, f"{host[:80]!r} is no host name") from exc


def _normal_port(parts: SplitResult, url: str) -> str:
    try:
        port = parts.port
    except ValueError as exc:
        raise _invalid(url, "its port is no number from 0 to 65535") from exc
    default = 443 if parts.scheme.lower() == "https" else 80
    return "" if port is None or port == default else f":{port}"


def _normal_path(path: str) -> str:
    path = _normal_escapes(path)
    return without_dots(path) or "/"


def _normal_escapes(text: str) -> str:
    if "%" in text:
        text = _ESCAPE.sub(_normal_escape, text)
    return text if text.isascii() else quote(text, safe=_SAFE + "?")


def _normal_escape(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else match[0].upper()


def _normal_query(query: str) -> str:
    if not query:
        return ""
    kept = [part for part in query.split("&") if part and not _is_tracking(part)]
    return _normal_escapes("&".join(kept)) if kept else ""


def _is_tracking(part: str) -> bool:
    return _TRACKING.match(part.partition("=")[0]) is not None


def _invalid(url: str, why: str) -> InputError:
    shown = without_login(url)
    return InputError(f"{shown} is no URL that can be fetched: {why}", url=url, kind="invalid_url")
