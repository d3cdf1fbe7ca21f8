"""How long a lane rests after a request."""

from __future__ import annotations

from scrubber.batch.turns.pace import LONGEST_PAUSE_S, Pace
from scrubber.errors import BadStatus, FetchTimeout

OVERLOADED = BadStatus("busy", status=503)


def test_healthy_server_gets_the_plain_delay() -> None:
    pace = Pace(1.0)
    pace.note("a", 0.1)
    assert pace.pause_s("a") == pace.pause_s("unknown") == 1.0


def test_slow_server_rests_as_long_as_its_answers_take() -> None:
    pace = Pace(1.0)
    for _ in range(20):
        pace.note("a", 4.0)
    assert round(pace.pause_s("a"), 3) == 4.0


def test_overload_doubles_the_pause_and_answers_halve_it() -> None:
    pace = Pace(1.0)
    pauses = []
    for error in (OVERLOADED, FetchTimeout("late"), None, None, None):
        pace.note("a", 0.1, error)
        pauses.append(pace.pause_s("a"))
    assert pauses == [2.0, 4.0, 2.0, 1.0, 1.0]


def test_missing_page_is_no_sign_of_overload() -> None:
    pace = Pace(1.0)
    pace.note("a", 0.1, BadStatus("gone", status=404))
    assert pace.pause_s("a") == 1.0


def test_pause_has_a_bound_but_never_undercuts_the_delay() -> None:
    for delay_s, bound_s in ((5.0, LONGEST_PAUSE_S), (100.0, 100.0)):
        pace = Pace(delay_s)
        for _ in range(20):
            pace.note("a", 0.1, OVERLOADED)
        assert pace.pause_s("a") == bound_s


def test_without_delay_there_are_no_pauses() -> None:
    pace = Pace(0.0)
    pace.note("a", 5.0, OVERLOADED)
    assert pace.pause_s("a") == 0.0
