"""What an answer means: accept it, follow it, try again, or give up. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

from scrubber.errors import BadResponse, BadStatus, ConnectFailed, FetchError, FetchTimeout
from scrubber.fetch.urls import Url

REDIRECTS: Final = frozenset({300, 301, 302, 303, 307, 308})
PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 527})
EMPTY: Final = frozenset({204, 205})
MAX_RETRY_AFTER_S: Final = 7 * 24 * 3600.0

_ABSENT: Final = "\0"
# Headers by which bot defences say themselves that this is a challenge and not the page.
_WALL_HEADERS: Final[tuple[tuple[str, str], ...]] = (
    ("cf-mitigated", "challenge"),
    ("x-amzn-waf-action", "challenge"),
    ("x-amzn-waf-action", "captcha"),
    ("x-datadome", "protected"),
    ("x-vercel-mitigated", "challenge"),
    ("x-vercel-mitigated", "deny"),
)


# Statuses under which they hide, and what their pages hold and error pages of sites do not.
WALL_STATUSES: Final = frozenset({401, 403, 405, 429, 503})
_WALL_MARKUP: Final = (
    b"_cf_chl_opt",
    b"cf-error-details",
    b"captcha-delivery.com",
    b"px-captcha",
    b"incapsula incident id",
    b"awswaf.com",
    b"sec-if-cpt-container",
    b"errors.edgesuite.net",
    b"/.well-known/ddos-guard/",
    b"/.well-known/vercel/security/",
    b"sucuri website firewall",
    b"anubis_challenge",
    b"smartcaptcha",
)


@dataclass(frozen=True, slots=True)
class Accept:
    """The body is worth reading."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """The answer is elsewhere. location: as the server wrote it."""

    location: str


@dataclass(frozen=True, slots=True)
class Reject:
    """There is no page here: `error` says why, `may_pass` whether a later try makes sense."""

    error: FetchError


Decision = Accept | Redirect | Reject


def decide(status: int, headers: Mapping[str, str], url: Url, now: datetime) -> Decision:
    """Judge an answer by its status and headers (names in lower case)."""
    location = headers.get("location")
    if status in REDIRECTS and location:
        return Redirect(location)
    wall = wall_header(status, headers)
    if wall is not None:
        return Reject(bot_wall(status, url, f"it sends {wall}"))
    if 200 <= status < 300 and status not in EMPTY:
        return Accept()
    if status in REDIRECTS:
        message = f"{url} redirects (status {status}) without saying where"
        return Reject(BadResponse(message, url=str(url), status=status))
    after_s = retry_after(headers.get("retry-after"), now) if status in PASSING else None
    message = f"{url} answers {status} {phrase(status)}".rstrip()
    message += f" and asks to come back in {after_s:,.0f} s" if after_s else ""
    return Reject(BadStatus(message, url=str(url), status=status, retry_after_s=after_s))


def may_pass(error: FetchError) -> bool:
    """Whether the same request may succeed a little later."""
    if isinstance(error, BadStatus):
        return error.status in PASSING and error.kind != "bot_wall"
    if isinstance(error, FetchTimeout):
        return error.kind in ("connect_timeout", "idle_timeout")
    if isinstance(error, ConnectFailed):
        return error.kind in ("connect_failed", "connection_reset", "dns_unavailable")
    return isinstance(error, BadResponse) and error.kind == "truncated"


def retry_wait(error: FetchError, attempt: int, *, backoff_s: float, jitter: float) -> float:
    """Seconds to wait before the next attempt; what the server asked for, if it asked.

    attempt: how many were made. jitter: 0..1, spreads the clients of a host that came back.
    """
    doubled: float = backoff_s * 2 ** (attempt - 1) * (0.5 + jitter)
    return max(doubled, error.retry_after_s or 0.0)


def retry_after(header: str | None, now: datetime) -> float | None:
    """Seconds until the Retry-After header's moment (a number of seconds, or a date)."""
    if not header:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), MAX_RETRY_AFTER_S)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - now).total_seconds()), MAX_RETRY_AFTER_S)


def wall_header(status: int, headers: Mapping[str, str]) -> str | None:
    """The header by which the answer calls itself a challenge, `None` where it does not."""
    for name, value in _WALL_HEADERS:
        if value in headers.get(name, _ABSENT).lower() and (status != 200 or name != "x-datadome"):
            return name
    return None


def wall_markup(body: bytes) -> str | None:
    """What in the body of an error shows that a bot defence sent it, `None` where nothing does."""
    lower = body.lower()
    return next((mark.decode() for mark in _WALL_MARKUP if mark in lower), None)


def bot_wall(status: int, url: Url, reason: str) -> BadStatus:
    """The error of a page that is withheld from machines."""
    message = f"{url} is behind a bot wall ({reason}; status {status})"
    return BadStatus(message, url=str(url), kind="bot_wall", status=status)


def phrase(status: int) -> str:
    """The standard's words for a status, empty for one that it does not know."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
