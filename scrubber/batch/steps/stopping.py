"""Why a run ends before its inputs do, and the signals that ask for it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALS = ("SIGINT", "SIGTERM")


class Stop:
    """The first to ask lets what is in flight finish; once more, and that is given up too.

    wake: called at the first asking. at_once: called when it is asked for again.
    """

    def __init__(self, wake: Callable[[], None], at_once: Callable[[], None]) -> None:
        self.reason: str | None = None
        self._wake = wake
        self._at_once = at_once

    def ask(self, reason: str) -> None:
        """Ask the run to end. reason: a signal's name, or a snake_case word."""
        if self.reason is not None:
            self._at_once()
        self.reason = self.reason or reason
        self._wake()

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Listen to Ctrl-C and SIGTERM within."""
        loop = asyncio.get_running_loop()
        try:
            for name in SIGNALS:
                loop.add_signal_handler(signal.Signals[name], self.ask, name)
        except (RuntimeError, ValueError, NotImplementedError):
            yield  # not the main thread: signals are the caller's
            return
        try:
            yield
        finally:
            for name in SIGNALS:
                loop.remove_signal_handler(signal.Signals[name])
