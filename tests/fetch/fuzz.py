"""Coverage-guided fuzzing of what reads strangers' bytes; not part of the test suite.

    python tests/fetch/fuzz.py url|charset|response|capture|note|refresh [-max_total_time=60]

Needs `pip install atheris`. A finding is any error but the typed ones.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import atheris

with atheris.instrument_imports(include=["scrubber", "h11"]):
    import httpcore
    import httpx

    from scrubber.errors import ScrubberError
    from scrubber.fetch import FetchOptions
    from scrubber.fetch.archive import Capture, fold, read_page
    from scrubber.fetch.charset import decode_html
    from scrubber.fetch.guard import Guard, is_global
    from scrubber.fetch.reading import read_answer
    from scrubber.fetch.refresh import refresh_target
    from scrubber.fetch.resolver import Resolver
    from scrubber.fetch.transport import Connection, GuardedTransport
    from scrubber.fetch.urls import parse_url
    from scrubber.fetch.visits import error_of, read_note
    from scrubber.fetch.wire import Http11, Stream

OPTIONS = FetchOptions(max_wire_bytes=100_000, max_decoded_bytes=300_000)
GUARD = Guard(OPTIONS)
NOW = datetime(2026, 5, 4, tzinfo=UTC)
URL = parse_url("http://example.org/")


def url(data: bytes) -> None:
    """What passes unresolved is a name or a literal that is global, and reads the same again."""
    text = data.decode("utf-8", "surrogateescape")
    found = parse_url(text)
    GUARD.check_url(found)
    assert found.login or parse_url(str(found)) == found
    with contextlib.suppress(ValueError):
        assert is_global(ip_address(found.host))
    found.join(text, 8192)


def charset(data: bytes) -> None:
    text, name = decode_html(data, header_charset=data[:12].decode("latin-1"))
    assert isinstance(text, str)
    assert name


def refresh(data: bytes) -> None:
    refresh_target(data.decode("utf-8", "replace"))


def capture(data: bytes) -> None:
    head, _, body = data.partition(b"\n\n")
    pairs = [tuple(line.partition(b":")[::2]) for line in head.split(b"\n")]
    read_page(Capture("http://example.org/", 200, fold(pairs), NOW, body), OPTIONS)


def note(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert isinstance(error_of(read_note(data, None).failure), ScrubberError)
    with contextlib.suppress(ValueError):
        assert read_note(data, "<urn:x>").page


class Wire(asyncio.Transport):
    """Takes what is sent and gives nothing."""

    def write(self, data: Any) -> None: ...

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...

    def abort(self) -> None: ...

    def is_closing(self) -> bool:
        return False


def response(data: bytes) -> None:
    asyncio.run(_answered(data))


async def _answered(data: bytes) -> None:
    stream = Stream()
    stream.connection_made(Wire())
    stream.data_received(data)
    stream.eof_received()
    origin = httpcore.Origin(b"http", b"example.org", 80)
    connection = Connection(Http11(origin, stream), stream)
    pool = GuardedTransport(OPTIONS, GUARD, Resolver())
    request = httpx.Request("GET", "http://example.org/")
    answer = await pool._send(connection, (b"http", b"example.org", 80), request)
    try:
        await read_answer(URL, answer, OPTIONS, NOW)
    finally:
        await answer.aclose()


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (url, charset, refresh, capture, note, response)
}


# Where the search begins: from nothing it would not find its way past the first check.
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
SEEDS: dict[str, list[bytes]] = {
    "url": [b"http://a.example:8080/b?c#d", b"https://u:p@[::ffff:10.0.0.1]/", b"http://0x7f.1/"],
    "charset": [b'<meta charset="gb18030">\x84\x31\xa4\x37', "\ufeff<p>ä".encode("utf-16")],
    "refresh": [b'<meta http-equiv="refresh" content="0; url=/b">'],
    "capture": [
        b"Content-Encoding: gzip\nTransfer-Encoding: chunked\n\n3\r\n<p>\r\n0\r\n\r\n",
        b"Content-Type: text/html; charset=utf-16\nRefresh: 0;url=/b\n\n<\0p\0>\0",
    ],
    "note": [b'{"url": "http://a/", "failure": {"stage": "x", "kind": "y", "message": "z"}}'],
    "response": [
        _HEAD + b"Content-Length: 3\r\n\r\n<p>",
        _HEAD + b"Transfer-Encoding: chunked\r\n\r\n3;x\r\n<p>\r\n0\r\nA: b\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: //b/\r\nSet-Cookie: a=b\r\n\r\n",
    ],
}


def main() -> None:
    name = sys.argv.pop(1)
    target = TARGETS[name]
    folder = Path(tempfile.mkdtemp(prefix=f"scrubber-fuzz-{name}-"))
    for number, seed in enumerate(SEEDS[name]):
        (folder / str(number)).write_bytes(seed)

    def once(data: bytes) -> None:
        with contextlib.suppress(ScrubberError):
            target(data)

    atheris.Setup([*sys.argv, str(folder)], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
