"""How long a lane rests after a request: longer for servers that are slow or in trouble.

    pause = delay x strain, and never shorter than the answer took

Strain doubles with every sign of overload (429, 5xx, a timeout, a broken connection) and halves
with every answer. With a delay of 0, which is for servers of one's own, there are no pauses.
"""

from __future__ import annotations

from dataclasses import dataclass

from scrubber.errors import BadStatus, ConnectFailed, FetchError, FetchTimeout

LONGEST_PAUSE_S = 60.0
_MOST_STRAIN = 64.0
_REMEMBERED = 10_000  # lanes; beyond that all are taken for healthy again


@dataclass(slots=True)
class _Health:
    latency_s: float = 0.0  # smoothed
    strain: float = 1.0


class Pace:
    """The health of lanes."""

    def __init__(self, delay_s: float) -> None:
        self._delay_s = delay_s
        self._lanes: dict[str, _Health] = {}

    def note(self, lane: str, seconds: float, error: FetchError | None = None) -> None:
        """A request has ended after so many seconds."""
        if not self._delay_s or not lane:
            return
        if len(self._lanes) > _REMEMBERED:
            self._lanes.clear()
        health = self._lanes.setdefault(lane, _Health(seconds))
        health.latency_s = (health.latency_s + seconds) / 2
        factor = 2.0 if error is not None and is_overload(error) else 0.5
        health.strain = min(max(1.0, health.strain * factor), _MOST_STRAIN)

    def pause_s(self, lane: str) -> float:
        """Seconds until the lane's next request."""
        health = self._lanes.get(lane)
        if health is None:
            return self._delay_s
        slowed = min(max(self._delay_s * health.strain, health.latency_s), LONGEST_PAUSE_S)
        return max(self._delay_s, slowed)


def is_overload(error: FetchError) -> bool:
    """Whether the server may be in trouble, so that asking less often would help it."""
    if isinstance(error, BadStatus):
        return error.status == 429 or (error.status or 0) >= 500
    return isinstance(error, FetchTimeout | ConnectFailed)
