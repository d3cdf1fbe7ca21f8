"""What passes between the batch and its workers.

Messages are a length (4 bytes, big endian) and a pickle; only our own processes hold the ends of
these sockets.
"""

from __future__ import annotations

import pickle
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from scrubber.batch.entries import Facts
from scrubber.models import Failure, Page
from scrubber.options import Options

HEADER = struct.Struct("!I")  # length of the message that follows


@dataclass(frozen=True, slots=True)
class Setup:
    """What every worker is told once. format, fields: of the output, for the encoder."""

    options: Options
    format: str
    fields: tuple[str, ...] | None
    deadline_s: float
    memory_mb: int


@dataclass(frozen=True, slots=True)
class PackedPage:
    """A page that waits for its worker: one emoji in it makes text take four bytes a character.

    about: all but its text, which is UTF-8.
    """

    about: Page
    text: bytes

    @classmethod
    def of(cls, page: Page) -> Self:
        """Pack a page."""
        return cls(replace(page, html=""), page.html.encode("utf-8", "surrogatepass"))

    def unpacked(self) -> Page:
        """The page again."""
        return replace(self.about, html=self.text.decode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Job:
    """One page to read: fetched already (`page`), or in a local file or archive (`path`)."""

    url: str
    digest: str  # names the input in file names
    page: PackedPage | None = None
    path: str | None = None
    columns: Mapping[str, Any] | None = None
    unless_hash: str | None = None  # the content that is stored already: then no record


@dataclass(frozen=True, slots=True)
class Answer:
    """A record as bytes, or a failure, or neither where the content is as it was.

    retire: this was the last answer; the process has grown and ends.
    """

    payload: bytes | None
    failure: Failure | None
    facts: Facts
    retire: bool = False


def pack(value: object) -> bytes:
    """One message."""
    data = pickle.dumps(value, protocol=5)
    return HEADER.pack(len(data)) + data


def send(connection: socket.socket, value: object) -> None:
    """Send one message."""
    connection.sendall(pack(value))


def receive(connection: socket.socket) -> Any:
    """The next message, or `None` when the other end has closed."""
    head = _read(connection, HEADER.size)
    return (
        None if head is None else pickle.loads(_read(connection, HEADER.unpack(head)[0]) or b"N.")
    )


def _read(connection: socket.socket, size: int) -> bytearray | None:
    data = bytearray(size)
    view = memoryview(data)
    while view:
        got = connection.recv_into(view)
        if not got:
            return None
        view = view[got:]
    return data
