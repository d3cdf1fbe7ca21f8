"""What every output format offers the batch, and the append-only file that most are made of."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from scrubber.errors import OutputError
from scrubber.models import Article

Mark = Any  # JSON: how far an output has been written
Encode = Callable[[Article, str], bytes]  # article, a digest that names its input -> payload


class Writer(Protocol):
    """Writes payloads so that a run killed at any moment can take back what was not settled.

    part_rows: records that are held in the journal until there are so many, `None` to write at
    once. Every method raises `OSError` (or sqlite3.Error) where the disk or the path fails.
    """

    part_rows: int | None

    def rewind(self, mark: Mark | None, plan: Any) -> None:
        """Open, and take off everything beyond `mark`; `None` starts an empty output.

        plan: what `plan` returned for a write of which it is not known how far it came.
        """

    def plan(self, payloads: Sequence[bytes]) -> Any:
        """What must be durable before `append`, so that `rewind` finds it; `None` for nothing."""

    def append(self, payloads: Sequence[bytes]) -> Mark:
        """Write; when this returns they are durable, and the mark says where the output ends."""

    def close(self) -> None:
        """Close what `rewind` opened."""

    def finish(self, failures: Iterable[str]) -> None:
        """The job is complete: leave the output as it is best read. failures: as JSON."""

    def remove(self) -> None:
        """Remove what a batch has made, and nothing else; called in place of `rewind`, before."""


class AppendFile:
    """A file that grows at its end, and is cut back to a known length."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None
        self.length = 0

    def open(self, length: int) -> None:
        """Open at `length` bytes, cutting off what is beyond. Raises `OutputError` if shorter."""
        self.close()
        is_new = not self.path.exists()
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        if is_new:
            sync_folder(self.path.parent)
        actual = os.fstat(self._descriptor).st_size
        if actual < length:
            self.close()
            raise OutputError(
                f"{self.path} is shorter ({actual:,} bytes) than its journal says ({length:,}):"
                " it was changed or removed; --restart begins anew"
            )
        if actual > length:
            os.ftruncate(self._descriptor, length)
            os.fsync(self._descriptor)
        os.lseek(self._descriptor, length, os.SEEK_SET)
        self.length = length

    def append(self, data: bytes) -> int:
        """Write and make durable; returns the new length. On failure the file is as before."""
        if self._descriptor is None:
            raise ValueError(f"{self.path} is not open")
        if data:
            if not os.fstat(self._descriptor).st_nlink:
                raise OutputError(f"{self.path} was removed while it was being written")
            try:
                self._write(self._descriptor, data)
            except OSError:
                # A full disk must not leave half a record where a reader looks for whole ones.
                os.ftruncate(self._descriptor, self.length)
                os.lseek(self._descriptor, self.length, os.SEEK_SET)
                raise
            self.length += len(data)
        return self.length

    def _write(self, descriptor: int, data: bytes) -> None:
        # kill -9 ends a long write between two pages of memory; one call a line leaves whole lines.
        for line in data.splitlines(keepends=True):
            rest = memoryview(line)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)

    def close(self) -> None:
        """Close; opening again is allowed."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class AppendWriter:
    """A writer whose output is one file of concatenated payloads, perhaps packed in batches."""

    part_rows: int | None = None

    def __init__(self, path: Path, *, header: bytes = b"") -> None:
        self._file = AppendFile(path)
        self._header = header

    def rewind(self, mark: Mark | None, plan: Any) -> None:
        """See `Writer`; the mark is the file's length in bytes."""
        del plan
        self._file.open(mark or 0)
        if not mark and self._header:
            self._file.append(self.pack(self._header))

    def plan(self, payloads: Sequence[bytes]) -> Any:
        """Nothing: a length is all that is needed to take an append back."""
        del payloads

    def append(self, payloads: Sequence[bytes]) -> Mark:
        """See `Writer`."""
        return self._file.append(self.pack(b"".join(payloads)))

    def pack(self, data: bytes) -> bytes:
        """What goes into the file for a batch of payloads."""
        return data

    def close(self) -> None:
        """See `Writer`."""
        self._file.close()

    def finish(self, failures: Iterable[str]) -> None:
        """Nothing to do: the file is whole at every mark."""
        del failures

    def remove(self) -> None:
        """See `Writer`. A link stays: it leads to where the output is wanted."""
        self._file.path.resolve().unlink(missing_ok=True)


def sync_folder(folder: Path) -> None:
    """Make new names durable; a file's own fsync does not cover its folder's entry."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder whose own name is durable."""
    folder.mkdir(parents=True, exist_ok=True)
    sync_folder(folder.parent)
