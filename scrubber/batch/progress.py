"""Showing a run on stderr: a line that moves on a terminal, a JSON line every few seconds else."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import IO, TYPE_CHECKING, Protocol

from scrubber.batch.tally import Tally

if TYPE_CHECKING:
    from rich.progress import Progress

_JSON_EVERY_S = 5.0
_LINE_EVERY_S = 0.25


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
        print(json.dumps({"event": "progress", **tally.snapshot()}), file=self._out, flush=True)

    def close(self, tally: Tally) -> None:
        """The last line says that it is the last."""
        print(json.dumps({"event": "end", **tally.snapshot()}), file=self._out, flush=True)


class TerminalLine:
    """For people: one line that moves."""

    every_s = _LINE_EVERY_S

    def __init__(self, out: IO[str]) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._progress: Progress = Progress(
            BarColumn(bar_width=None),
            TextColumn("{task.description}"),
            console=Console(file=out),
            transient=False,
            auto_refresh=False,
            expand=True,
        )
        self._bar = self._progress.add_task("starting", total=None)
        self._progress.start()

    def show(self, tally: Tally) -> None:
        """Redraw the line."""
        self._progress.update(
            self._bar,
            description=describe(tally),
            completed=tally.done + tally.failed,
            total=tally.total if tally.complete else None,
        )
        self._progress.refresh()

    def close(self, tally: Tally) -> None:
        """Leave the last state standing."""
        self.show(tally)
        self._progress.stop()


class Silence:
    """For callers that watch for themselves."""

    every_s = 3600.0

    def show(self, tally: Tally) -> None:
        """Nothing."""

    def close(self, tally: Tally) -> None:
        """Nothing."""


def open_display(out: IO[str] | None = None) -> Display:
    """A moving line where `out` (stderr) is a terminal, JSON lines otherwise."""
    out = out or sys.stderr
    return TerminalLine(out) if out.isatty() else JsonLines(out)


async def keep_showing(display: Display, tally: Tally) -> None:
    """Show the tally until cancelled."""
    while True:
        await asyncio.sleep(display.every_s)
        display.show(tally)


def describe(tally: Tally) -> str:
    """`1,204 done · 8 failed (8 timeout) · 93.1 pages/s · 7.2 MB/s · 0:01:12 left`."""
    pages, size = tally.rates()
    parts = [
        f"{tally.done:,} done",
        _failures(tally),
        f"{pages:.1f} pages/s",
        f"{size / 1e6:.1f} MB/s",
    ]
    if tally.in_flight:
        parts.append(f"{tally.in_flight} in flight, {tally.hosts:,} hosts")
    if tally.deferred:
        parts.append(f"{tally.deferred:,} deferred")
    remaining = tally.remaining_s()
    if remaining is not None:
        parts.append(f"{clock(remaining)} left")
    elif not tally.complete:
        parts.append("reading inputs")
    return " · ".join(parts)


def _failures(tally: Tally) -> str:
    if not tally.failures:
        return "0 failed"
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in tally.failures.most_common(3))
    return f"{tally.failed:,} failed ({kinds})"


def clock(seconds: float) -> str:
    """`h:mm:ss`."""
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
