"""Everything about fetching that can be set, with its default."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final, Literal, get_args

from scrubber.errors import InputError
from scrubber.fetch.media import TEXT
from scrubber.models import Page

KIB: Final = 1024
MIB: Final = 1024 * KIB

WEB_PORTS: Final = (80, 443, 8000, 8008, 8080, 8443, 8888)


Render = Literal["never", "auto", "always"]


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """Who we say we are, how polite we are, how much we take, and where we may go.

    Raises InputError for what could not be followed, or would be followed in another sense: a name
    where several are asked for would open each of its letters.
    """

    # -- identity
    contact: str | None = None  # URL or mail address, shown in the User-Agent
    user_agent: str | None = (
        None  # replaces the whole User-Agent; its first word names us to robots
    )
    from_address: str | None = None  # mail address for the `From` header
    accept_language: str | None = None  # such as "de, en;q=0.5"; servers choose when absent
    hosts_file: str | None = None  # TOML with headers, cookies, passwords per host; mode 0600

    # -- manners
    respect_robots: bool = True
    delay_s: float = 1.0  # between the end of one request to a host and the start of the next
    max_crawl_delay_s: float = 30.0  # a longer Crawl-delay in robots.txt is cut to this
    retries: int = 2  # further attempts after a failure that may pass
    backoff_s: float = 0.5  # before the first retry; doubles, with jitter
    retry_budget_s: float = 10.0  # longest wait for a retry; beyond it the error carries the wait
    sit_out: bool = True  # wait for a Retry-After within that budget; else the error carries it
    max_host_failures: int = 8  # connection failures in a row before a host is paused; 0 = never
    host_pause_s: float = 120.0  # how long it then stays paused

    # -- bounds
    timeout_s: float = 60.0  # one whole attempt, all redirects included, waiting in line excluded
    connect_s: float = 10.0  # DNS, TCP and TLS together
    idle_s: float = 20.0  # without a byte from the server
    min_bytes_per_s: int = 128  # of the body, after the first ten seconds
    max_wire_bytes: int = 10 * MIB  # of the body as sent
    max_decoded_bytes: int = 20 * MIB  # of the body once inflated
    max_ratio: int = 250  # inflated / sent, from the fourth inflated MiB on
    max_encodings: int = 2  # around one body; more are refused
    max_header_bytes: int = 64 * KIB
    max_url_chars: int = 8192
    max_redirects: int = 10
    max_robots_bytes: int = 500 * KIB

    # -- rendering
    # "never" is the default: to run strangers' scripts is for the caller to decide, and records
    # must not depend on which machine has a browser. "auto" renders what is an empty shell.
    render: Render = "never"
    browser: str | None = None  # name or path; the system's Chromium where it is absent
    render_s: float = 20.0  # of one page, from its first script to its snapshot
    render_tabs: int = 2  # pages in the browser at once
    max_render_requests: int = 100  # of one page
    max_render_bytes: int = 20 * MIB  # of all that one page loads, inflated
    max_render_memory: int = 2048 * MIB  # of each process of the browser; a page has its own

    # -- archive
    warc: str | None = None  # a .warc.gz file that requests and answers are appended to

    # -- where to
    allow_private: bool = False  # opens loopback, private and carrier-grade NAT addresses
    allow_hosts: tuple[
        str, ...
    ] = ()  # names opened whatever their address and port; ".x.org" = all below
    allow_networks: tuple[str, ...] = ()  # such as "10.1.0.0/16": opened whatever the port
    ports: tuple[int, ...] = WEB_PORTS  # of addresses that are not opened explicitly
    proxy: str | None = None  # http://host:port; environment variables are never looked at
    http2: bool = True  # where the server offers it
    ca_file: str | None = None  # PEM bundle in place of certifi's
    dns_s: float = 60.0  # how long addresses are kept whose TTL nobody tells
    max_dns_s: float = 3600.0  # the longest that a TTL is believed; the shortest is one second
    keepalive_s: float = 30.0
    max_idle_connections: int = 256  # kept open, over all hosts

    def __post_init__(self) -> None:
        for option in fields(self):
            value, usual = getattr(self, option.name), option.default
            if isinstance(usual, tuple) and isinstance(value, str | bytes):
                raise InputError(f"{option.name} takes several: write ({value!r},)")
            is_number = isinstance(usual, int | float) and not isinstance(usual, bool)
            if is_number and not (isinstance(value, int | float) and value >= 0):
                raise InputError(f"{option.name} is a number from 0 on, not {value!r}")
        if self.render not in get_args(Render):
            raise InputError(f"render is one of {', '.join(get_args(Render))}, not {self.render!r}")

    def renders(self, page: Page, kind: str | None = None) -> bool:
        """Whether a page is to be rendered: as it comes, or once it failed as `kind`."""
        if self.render == "always":
            return kind is None and page.content_type != TEXT
        return self.render == "auto" and kind == "app_shell"

    def agent(self, version: str) -> str:
        """The User-Agent header's value."""
        if self.user_agent:
            return self.user_agent
        where = f"+{self.contact}" if self.contact and "://" in self.contact else self.contact
        return f"scrubber/{version} ({where})" if where else f"scrubber/{version}"
