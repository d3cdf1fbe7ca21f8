"""Showing a run on stderr: lines that move on a terminal, a JSON line every few seconds else."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import IO, TYPE_CHECKING, Protocol

from scrubber.batch.telling.tally import Tally
from scrubber.textfile import let_go

if TYPE_CHECKING:
    from rich.table import Table

_JSON_EVERY_S = 5.0
_LINE_EVERY_S = 0.25
_BAR_COLUMNS = 24
_KINDS = 4  # of failures, the most frequent


class Display(Protocol):
    """Something that shows a tally again and again. every_s: how often it wants to."""

    every_s: float

    def show(self, tally: Tally) -> None:
        """Show the present state."""

    def close(self, tally: Tally) -> None:
        """Show the last state."""


class JsonLines:
    """For logs: one object a line."""

    every_s = _JSON_EVERY_S

    def __init__(self, out: IO[str]) -> None:
        self._out = out

    def show(self, tally: Tally) -> None:
        """One line."""
        self._tell("progress", tally)

    def close(self, tally: Tally) -> None:
        """The last line says that it is the last."""
        self._tell("end", tally)

    def _tell(self, event: str, tally: Tally) -> None:
        try:
            print(json.dumps({"event": event, **tally.snapshot()}), file=self._out, flush=True)
        except BrokenPipeError:  # whoever read it has gone, which is no reason to end the job
            let_go(self._out)
        except OSError:  # its disk is full, but not that of the output: later lines may be written
            pass


class TerminalLines:
    """For people: how far it is, and what goes on just now."""

    every_s = _LINE_EVERY_S

    def __init__(self, out: IO[str]) -> None:
        from rich.console import Console
        from rich.live import Live

        self._live = Live(console=Console(file=out), auto_refresh=False)
        self._live.start()

    def show(self, tally: Tally) -> None:
        """Redraw the lines."""
        self._live.update(_drawn(tally), refresh=True)

    def close(self, tally: Tally) -> None:
        """Leave the last state standing."""
        self.show(tally)
        self._live.stop()


def _drawn(tally: Tally) -> Table:
    """A bar with what is done; below it what is under way. What does not fit is cut off."""
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    settled = tally.done + tally.failed
    total = tally.total if tally.complete else None
    bar = ProgressBar(
        total=total or None, completed=settled, width=_BAR_COLUMNS, pulse=total is None
    )
    share = f"{100 * settled // total:3d} %" if total else ""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(min_width=_BAR_COLUMNS)
    grid.add_column(no_wrap=True, overflow="ellipsis")
    grid.add_row(bar, Text(" · ".join(filter(None, [share, describe(tally)]))))
    grid.add_row("", Text(describe_present(tally), style="dim"))
    return grid


class Silence:
    """For callers that watch for themselves."""

    every_s = 3600.0

    def show(self, tally: Tally) -> None:
        """Nothing."""

    def close(self, tally: Tally) -> None:
        """Nothing."""


def open_display(out: IO[str] | None = None) -> Display:
    """Moving lines where `out` (stderr) is a terminal, JSON lines otherwise."""
    out = out or sys.stderr
    return TerminalLines(out) if out.isatty() else JsonLines(out)


async def keep_showing(display: Display, tally: Tally) -> None:
    """Show the tally until cancelled."""
    while True:
        await asyncio.sleep(display.every_s)
        display.show(tally)


def describe(tally: Tally) -> str:
    """`1,204 done · 8 failed · 93.1 pages/s · 7.2 MB/s · 0:01:12 left`; at the end `in 0:00:13`."""
    pages, size = tally.rates()
    parts = [
        f"{tally.done:,} done",
        f"{tally.failed:,} failed",
        f"{pages:.1f} pages/s",
        f"{size / 1e6:.1f} MB/s" if size >= 1e6 else f"{size / 1e3:.0f} kB/s",
    ]
    remaining = tally.remaining_s()
    if tally.ended:
        parts.append(f"{'in' if remaining == 0 else 'stopped after'} {clock(tally.elapsed_s)}")
    elif tally.stopping:
        parts.append("stopping")
    elif remaining is not None:
        parts.append(f"{clock(remaining)} left")
    elif not tally.complete:
        parts.append("reading inputs")
    return " · ".join(parts)


def describe_present(tally: Tally) -> str:
    """`64 in flight · 151 hosts · 12 deferred, next in 0:00:42 · failed: 5 timeout`."""
    parts = []
    if tally.in_flight:
        ending = " to be finished; Ctrl-C again gives them up" if tally.stopping else ""
        parts.append(f"{tally.in_flight} in flight{ending}")
    if tally.hosts:
        parts.append(f"{tally.hosts:,} {'host' if tally.hosts == 1 else 'hosts'}")
    if tally.deferred:
        next_in = f", next in {clock(tally.next_due_s())}" if not tally.in_flight else ""
        parts.append(f"{tally.deferred:,} deferred{next_in}")
    if tally.failures:
        kinds = tally.failures.most_common(_KINDS)
        parts.append("failed: " + ", ".join(f"{count:,} {kind}" for kind, count in kinds))
    return " · ".join(parts)


def clock(seconds: float) -> str:
    """`h:mm:ss`."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
