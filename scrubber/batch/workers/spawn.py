"""Starting the nursery's process.

It is the longest way to a first record, so the command line starts it before anything else, and
both load at the same time: this module imports nothing that takes long.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

COMMAND = struct.Struct("!cI")  # to the nursery: `F` and 0, or `K` and a process id

HELD_BACK = (signal.SIGINT, signal.SIGTERM)  # until the nursery has settled them

# One thread a worker: the workers are the parallelism, and thread pools do not survive a fork.
_ENVIRONMENT = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Nursery:
    """A `scrubber.batch.workers.nursery` that loads; it waits for its setup on `control`."""

    def __init__(self) -> None:
        self.control, theirs = socket.socketpair()
        with theirs, _signals_held_back():
            descriptor = theirs.fileno()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scrubber.batch.workers.nursery", str(descriptor)],
                pass_fds=[descriptor],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # the batch's own output may be a pipe that is parsed
                env={**os.environ, **_ENVIRONMENT},
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End it, and with it its workers; once is enough, twice does no harm."""
        self.control.close()
        self.process.kill()
        self.process.wait()


@contextmanager
def _signals_held_back() -> Iterator[None]:
    """What is started within is born deaf to Ctrl-C until it can say what that means to it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HELD_BACK)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
