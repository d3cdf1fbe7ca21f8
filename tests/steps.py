"""Work counted in lines of Python, so that tests of what it costs need no clock."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def lines_run() -> Iterator[list[int]]:
    """Counts the lines of Python run inside: a measure of work that is the same on any machine."""
    counted = [0]

    def trace(frame: FrameType, event: str, argument: object) -> object:
        counted[0] += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        yield counted
    finally:
        sys.settrace(before)
