"""Every error that scrubber raises, and the `kind` under which a batch records it.

    ScrubberError                 stage    kind (the default; an instance may be more exact)
    ├── InputError                input    bad_input           also invalid_url, unreadable_file
    ├── FetchError                fetch    fetch_failed
    │   ├── AddressRefused        fetch    address_refused
    │   ├── RobotsDisallowed      fetch    robots_disallowed   also robots_unreachable
    │   ├── ConnectFailed         fetch    connect_failed      also dns_failed, tls_failed
    │   ├── FetchTimeout          fetch    timeout
    │   ├── BadStatus             fetch    http_status
    │   ├── BadResponse           fetch    bad_response        malformed HTTP, broken encodings
    │   ├── TooLarge              fetch    too_large
    │   ├── TooManyRedirects      fetch    too_many_redirects  also redirect_loop
    │   ├── UnsupportedContent    fetch    unsupported_content PDF, images, JSON, binary
    │   └── HostPaused            fetch    host_paused         the host kept failing
    ├── ExtractError              extract  extract_failed
    │   ├── NoContent             extract  no_content
    │   ├── NotAnArticle          extract  not_an_article      also bot_wall, soft_404
    │   ├── ExtractTimeout        extract  extract_timeout
    │   └── WorkerDied            extract  worker_died
    └── OutputError               output   output_failed       also output_locked, output_exists,
                                                        output_settings

`except ScrubberError` catches all of them. Each carries the URL it concerns, a sentence that says
what and where, and, where a server answered, the HTTP status.
"""

from __future__ import annotations

from typing import ClassVar, Final

from scrubber.logins import without_login, without_logins

# Every kind that one input of a batch can fail as, by stage; the README says what each means.
FAILURE_KINDS: Final = (
    *("bad_input", "missing_column", "invalid_url", "unreadable_file"),
    *("address_refused", "robots_disallowed", "robots_unreachable", "dns_failed"),
    *("dns_unavailable", "connect_failed", "connection_reset", "tls_failed", "proxy_refused"),
    *("timeout", "connect_timeout", "idle_timeout", "too_slow", "http_status", "bot_wall"),
    *("bad_response", "truncated", "too_large", "too_many_redirects", "redirect_loop"),
    *("redirect", "unsupported_content", "render_timeout", "render_crashed", "host_paused"),
    "fetch_failed",
    *("no_content", "not_an_article", "soft_404", "parked_domain", "consent_only"),
    *("login_wall", "app_shell", "extract_timeout", "worker_died", "extract_failed"),
)


class ScrubberError(Exception):
    """Base of all errors; `str(error)` is one sentence for a person.

    url: the URL or path concerned, where there is one. Neither in it nor in the sentence is a URL
    shown with the user and password that it was given with. kind: a stable snake_case word for
    programs. status: the HTTP status, where a server answered. attempts: requests made.
    retry_after_s: seconds until a retry makes sense, where the server said so.
    """

    stage: ClassVar[str] = "scrub"
    default_kind: ClassVar[str] = "error"

    def __init__(
        self,
        message: str,
        *,
        url: str | None = None,
        kind: str | None = None,
        status: int | None = None,
        attempts: int = 1,
        retry_after_s: float | None = None,
    ) -> None:
        message = without_logins(message)
        super().__init__(message)
        self.message = message
        self.url = None if url is None else without_login(url)
        self.kind = kind or self.default_kind
        self.status = status
        self.attempts = attempts
        self.retry_after_s = retry_after_s

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders in batch; keyword-only arguments need this to unpickle.
        return (_rebuild, (type(self), self.message, self.__dict__))


def _rebuild(cls: type[ScrubberError], message: str, state: dict[str, object]) -> ScrubberError:
    error = cls(message)
    error.__dict__.update(state)
    return error


class InputError(ScrubberError):
    """What the caller gave cannot be read: a URL, a file, a list, a column."""

    stage = "input"
    default_kind = "bad_input"


class FetchError(ScrubberError):
    """The page could not be fetched."""

    stage = "fetch"
    default_kind = "fetch_failed"


class AddressRefused(FetchError):
    """The URL leads to an address, port or scheme that the guard does not open."""

    default_kind = "address_refused"


class RobotsDisallowed(FetchError):
    """robots.txt forbids the URL, or could not be had (RFC 9309: then all is forbidden)."""

    default_kind = "robots_disallowed"


class ConnectFailed(FetchError):
    """No connection, or it broke: DNS, TCP, TLS, reset."""

    default_kind = "connect_failed"


class FetchTimeout(FetchError):
    """Connecting, waiting or the whole request took longer than allowed."""

    default_kind = "timeout"


class BadStatus(FetchError):
    """The server answered with a status that is no page (`status` says which)."""

    default_kind = "http_status"


class BadResponse(FetchError):
    """The answer is not well-formed HTTP, or its encoding is broken."""

    default_kind = "bad_response"


class TooLarge(FetchError):
    """Headers or body, on the wire or inflated, exceed their bound."""

    default_kind = "too_large"


class TooManyRedirects(FetchError):
    """More redirects than allowed, or a loop."""

    default_kind = "too_many_redirects"


class UnsupportedContent(FetchError):
    """The body is no HTML, XHTML or plain text."""

    default_kind = "unsupported_content"


class HostPaused(FetchError):
    """The host kept failing, so its remaining URLs are given up."""

    default_kind = "host_paused"


class ExtractError(ScrubberError):
    """The page was fetched but could not be turned into a draft."""

    stage = "extract"
    default_kind = "extract_failed"


class NoContent(ExtractError):
    """The page has nothing to read."""

    default_kind = "no_content"


class NotAnArticle(ExtractError):
    """The page is a stand-in: a bot wall, a soft 404, a parked domain, a bare consent screen."""

    default_kind = "not_an_article"


class ExtractTimeout(ExtractError):
    """Extraction ran past its deadline and its worker was replaced."""

    default_kind = "extract_timeout"


class WorkerDied(ExtractError):
    """The worker process crashed or outgrew its memory on this page."""

    default_kind = "worker_died"


class OutputError(ScrubberError):
    """The output, failures file or journal cannot be opened or written."""

    stage = "output"
    default_kind = "output_failed"
