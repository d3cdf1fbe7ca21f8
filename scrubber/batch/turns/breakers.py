"""When hosts that fail are given up: a circuit breaker above the fetcher's own.

The fetcher pauses a host after a few connection failures in a row and then refuses its URLs for a
while. Here such a URL waits for the pause to end, without holding a slot; a host that fails after
every pause is given up, and what is left of it fails as `host_paused`.
"""

from __future__ import annotations

from scrubber.errors import FetchError, HostPaused

_LONGEST_PAUSE_S = 600.0
PAUSES = 2  # after so many in a row a host is given up


class Breakers:
    """The pauses of hosts, in a row without an answer between them."""

    def __init__(self) -> None:
        self._pauses: dict[str, int] = {}

    def given_up(self, host: str) -> bool:
        """Whether nothing of the host is tried any more in this run."""
        return self._pauses.get(host, 0) > PAUSES

    def paused(self, host: str, error: HostPaused) -> float | None:
        """Seconds until the host is tried again, `None` where it is given up."""
        self._pauses[host] = self._pauses.get(host, 0) + 1
        if self.given_up(host):
            return None
        return min(error.retry_after_s or 60.0, _LONGEST_PAUSE_S)

    def answered(self, host: str) -> None:
        """The host works."""
        if self._pauses:
            self._pauses.pop(host, None)

    def refusal(self, host: str, url: str) -> FetchError:
        """The error of a URL whose host is given up."""
        return HostPaused(f"{host} kept failing, so {url} was not tried", url=url)
