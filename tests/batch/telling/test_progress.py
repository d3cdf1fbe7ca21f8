"""What people and programs see of a run."""

from __future__ import annotations

import io
import json
import time

from scrubber.batch.entries import Entry, Facts, Outcome
from scrubber.batch.telling.progress import JsonLines, TerminalLines, describe, describe_present
from scrubber.batch.telling.tally import Tally
from scrubber.models import Failure


def tally() -> Tally:
    """Two done, one failed, of ten; a minute after the start."""
    found = Tally(total=10, complete=True, in_flight=3, hosts=2)
    found.started -= 60
    entry = Entry(url="u", key="u")
    failure = Failure(url="u", stage="fetch", kind="timeout", message="m")
    done = Outcome(entry, payload=b"{}", facts=Facts(bytes=3_000_000))
    found.count([done, done, Outcome(entry, failure=failure)])
    return found


def test_first_line_says_how_far_it_is() -> None:
    said = describe(tally())
    assert said.startswith("2 done · 1 failed · ")
    assert said.endswith(" left")


def test_second_line_says_what_goes_on_and_why_inputs_failed() -> None:
    assert describe_present(tally()) == "3 in flight · 2 hosts · failed: 1 timeout"


def test_run_that_was_asked_to_stop_says_what_it_waits_for() -> None:
    stopping = tally()
    stopping.stopping = True
    assert describe(stopping).endswith(" · stopping")
    assert describe_present(stopping).startswith("3 in flight to be finished; Ctrl-C again gives")


def test_last_line_says_how_long_it_took() -> None:
    ended = tally()
    ended.ended = True
    assert describe(ended).endswith(" · stopped after 0:01:00")
    ended.total = 3
    assert describe(ended) == "2 done · 1 failed · 0.0 pages/s · 100 kB/s · in 0:01:00"
    assert ended.snapshot()["remaining_s"] == 0


def test_what_is_only_deferred_takes_until_its_time() -> None:
    waiting = Tally(total=1, complete=True, deferred=1, next_due=time.time() + 3600.5)
    assert 3599 < (waiting.remaining_s() or 0) < 3601
    assert "1 deferred, next in 1:00:00" in describe_present(waiting)


def test_terminal_lines_fit_the_terminal() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    display = TerminalLines(out)
    display.close(tally())
    shown = out.getvalue()
    assert "2 done" in shown
    assert "3 in flight" in shown


def test_logs_get_json_lines_that_end_with_the_end() -> None:
    out = io.StringIO()
    display = JsonLines(out)
    display.show(tally())
    display.close(tally())
    first, last = (json.loads(line) for line in out.getvalue().splitlines())
    assert (first["event"], last["event"]) == ("progress", "end")
    assert (last["done"], last["failures"]) == (2, {"timeout": 1})
