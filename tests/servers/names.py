"""A name server on loopback that answers what a test tells it, with the TTL that it tells.

    with NameServer({"a.test": [("1.2.3.4", 60)]}) as names:
        names.address  # "127.0.0.1:port"
        names.asked    # [("a.test", "A"), ("a.test", "AAAA")]

A zone's value is a list of (address or name, TTL), or a failure: SERVFAIL, SILENT, GARBAGE. It may be
changed while the server runs. A name that is not in the zone does not exist.
"""

from __future__ import annotations

import socket
import struct
import threading
from dataclasses import dataclass, field
from ipaddress import ip_address

SERVFAIL, SILENT, GARBAGE = "servfail", "silent", "garbage"
NO_SUCH_NAME, SERVER_FAILED = 3, 2
TYPES = {1: "A", 28: "AAAA", 5: "CNAME"}
Zone = dict[str, list[tuple[str, int]] | str]


@dataclass
class NameServer:
    """Speaks UDP; belongs to one test."""

    zone: Zone
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __enter__(self) -> NameServer:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()
        self._socket.close()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def _serve(self) -> None:
        while not self._stopped.is_set():
            try:
                question, peer = self._socket.recvfrom(4096)
            except TimeoutError:
                continue
            answer = self._answer(question)
            if answer:
                self._socket.sendto(answer, peer)

    def _answer(self, message: bytes) -> bytes:
        name, end = _name(message, 12)
        (kind,) = struct.unpack_from("!H", message, end)
        self.asked.append((name, TYPES.get(kind, str(kind))))
        found = self.zone.get(name.lower())
        if found == SILENT:
            return b""
        if found == GARBAGE:
            return message[:2] + b"\x81\x80" + b"\xff" * 40
        code = NO_SUCH_NAME if found is None else SERVER_FAILED if found == SERVFAIL else 0
        records = self._records(name.lower(), kind) if isinstance(found, list) else []
        head = message[:2] + struct.pack("!5H", 0x8180 | code, 1, len(records), 0, 0)
        return head + message[12 : end + 4] + b"".join(records)

    def _records(self, name: str, wanted: int) -> list[bytes]:
        """Those of one type, led to by the aliases before them."""
        records = []
        found = self.zone.get(name)
        for value, ttl in found if isinstance(found, list) else ():
            kind, data = _data(value)
            if kind in (wanted, 5):
                head = _labels(name) + struct.pack("!HHIH", kind, 1, ttl, len(data))
                records.append(head + data)
            if kind == 5:
                records += self._records(value, wanted)
        return records


def _data(value: str) -> tuple[int, bytes]:
    try:
        address = ip_address(value)
    except ValueError:
        return 5, _labels(value)
    return (1 if address.version == 4 else 28), address.packed


def _labels(name: str) -> bytes:
    return b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0"


def _name(message: bytes, at: int) -> tuple[str, int]:
    labels = []
    while length := message[at]:
        labels.append(message[at + 1 : at + 1 + length].decode("latin-1"))
        at += 1 + length
    return ".".join(labels), at + 1
