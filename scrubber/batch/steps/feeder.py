"""Reading inputs into the journal while the job already runs, in a thread of its own.

The thread is a daemon: a list on standard input may never end, and the job must be able to.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from scrubber.batch.entries import Entry
from scrubber.batch.options import BatchOptions
from scrubber.batch.sources import FetchList, read_input
from scrubber.batch.sources.lists import bad_entry
from scrubber.errors import InputError

_FIRST = 64  # entries: the first pages are fetched while the rest is still read
_BATCH = 2000

Fingerprint = list[Any] | None  # of a file: size, time of change, inode
Stream = tuple[str, Iterator[Entry]]  # an input's name and what it holds


def open_inputs(
    inputs: Sequence[str], options: BatchOptions, fetch: FetchList | None = None
) -> list[Stream]:
    """Open every input, so that a wrong one raises its `InputError` before anything is written."""
    return [(name, read_input(name, options, fetch)) for name in inputs]


class Feeder:
    """Yields batches of entries of all inputs, with the fingerprint of each input at its end."""

    def __init__(self, streams: Sequence[Stream]) -> None:
        self._streams = streams
        self._loop = asyncio.get_running_loop()
        self._batches: asyncio.Queue[list[Entry] | tuple[str, Fingerprint] | None] = asyncio.Queue(
            2
        )
        self._stopped = threading.Event()

    def start(self) -> None:
        """Begin to read."""
        threading.Thread(target=self._read_all, name="scrubber-inputs", daemon=True).start()

    def stop(self) -> None:
        """Read no more."""
        self._stopped.set()

    async def next(self) -> list[Entry] | tuple[str, Fingerprint] | None:
        """A batch; or a name and fingerprint, when that input has been read; `None` at the end."""
        return await self._batches.get()

    def _read_all(self) -> None:
        size = _FIRST
        with suppress(RuntimeError, CancelledError):  # the loop has gone: the job is over
            for name, stream in self._streams:
                before = fingerprint(name)
                for batch in _batches(guarded(name, stream), size):
                    if any(entry.is_list for entry in batch):
                        before = None  # so that the next run reads it again, and asks for those
                    self._put(batch)
                    size = _BATCH
                    if self._stopped.is_set():
                        return
                self._put((name, before))
            self._put(None)

    def _put(self, item: list[Entry] | tuple[str, Fingerprint] | None) -> None:
        asyncio.run_coroutine_threadsafe(self._batches.put(item), self._loop).result()


def fingerprint(name: str) -> Fingerprint:
    """Tells whether a list is the same as when it was read; `None` for what is no plain file."""
    try:
        path = Path(name)
        status = path.stat()
    except OSError:
        return None
    if name == "-" or not path.is_file():
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ino]


def _batches(stream: Iterator[Entry], first: int) -> Iterator[list[Entry]]:
    size = first
    while batch := list(islice(stream, size)):
        yield batch
        size = _BATCH


def guarded(name: str, stream: Iterator[Entry]) -> Iterator[Entry]:
    """What makes the rest of an input unreadable is a failure of its own, whatever it is: the job
    would wait for ever for a thread that died. It holds until the next run reads the input again.
    """
    try:
        yield from stream
    except InputError as error:
        yield _rest(name, error.kind, error.message)
    except Exception as error:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        message = f"the rest of {name} cannot be read: {reason}"
        yield _rest(name, "unreadable_file", message)


def _rest(name: str, kind: str, message: str) -> Entry:
    return replace(bad_entry(f"{name}: the rest", kind, message), is_list=True)
