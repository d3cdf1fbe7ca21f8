"""One run at a time on one output."""

from __future__ import annotations

import os
from pathlib import Path

from scrubber.errors import OutputError

try:
    import fcntl
except ImportError:  # Windows has no flock; there SQLite's own lock on the journal must do
    fcntl = None  # type: ignore[assignment]


class RunLock:
    """An advisory lock on the journal file, which the kernel drops when the process dies.

    `flock` does not meet the byte-range locks that SQLite takes on the same file. The descriptor
    stays open as long as the journal does, because closing any descriptor of a file drops the
    process's byte-range locks on it, SQLite's among them.
    """

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock or raise `OutputError(kind="output_locked")`."""
        try:
            self._descriptor = os.open(self._journal, os.O_RDWR | os.O_CREAT, 0o600)
            if fcntl is not None:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            self.release()
            raise OutputError(
                f"another run is writing this output: {self._journal} is locked",
                kind="output_locked",
            ) from exc
        except OSError as exc:
            raise OutputError(f"{self._journal} cannot be opened: {exc.strerror}") from exc

    def check(self) -> None:
        """Raise `OutputError` where the journal's file is gone: its folder was removed under us.

        Files that are open can be written for ever after, and all of it would be lost.
        """
        if self._descriptor is not None and not os.fstat(self._descriptor).st_nlink:
            raise OutputError(f"{self._journal} was removed while it was being written")

    def release(self) -> None:
        """Give the lock back; closing the descriptor does it."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
