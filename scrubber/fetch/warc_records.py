"""The records of a WARC file: the only door to fastwarc (`scrubber[warc]`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Final

from scrubber.errors import InputError
from scrubber.fetch.visits import MAX_NOTE_BYTES, Visit, read_note

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

MAX_HEADER_BYTES: Final = 256 * 1024
_CHUNK_BYTES: Final = 1024 * 1024


def check_reader() -> Any:
    """The library. Raises InputError where it is missing."""
    try:
        from fastwarc import warc
    except ImportError as exc:
        raise InputError("reading web archives needs `pip install scrubber[warc]`") from exc
    return warc


def read_records(file: IO[bytes]) -> Iterator[WarcRecord]:
    """All records but requests, from where the file stands. Raises OSError, ValueError."""
    warc = check_reader()
    kinds = warc.WarcRecordType
    records = warc.ArchiveIterator(
        file,
        record_types=kinds.response
        | kinds.resource
        | kinds.conversion
        | kinds.metadata
        | kinds.warcinfo,
        parse_http=True,
        quirks_mode=True,
        auto_decode="none",  # decoded by us, within bounds
        max_header_len=MAX_HEADER_BYTES,
    )
    while True:
        with _careful():
            record = next(records, None)
        if record is None:
            return
        yield record


def holds_records(file: IO[bytes]) -> bool:
    """Whether a file has a record of any type. Raises OSError, ValueError."""
    kinds = check_reader().WarcRecordType
    records = check_reader().ArchiveIterator(
        file, record_types=kinds.any_type, parse_http=False, max_header_len=MAX_HEADER_BYTES
    )
    with _careful():
        return next(records, None) is not None


def kind_of(record: WarcRecord) -> str:
    """What WARC-Type says."""
    return (record.headers.get("WARC-Type") or "").lower()


def target_of(record: WarcRecord) -> str:
    """The URL that it concerns."""
    return (record.headers.get("WARC-Target-URI") or "").strip().strip("<>")


def date_of(record: WarcRecord) -> str:
    """The time of the capture, as it is written."""
    return record.headers.get("WARC-Date") or ""


def content_type_of(record: WarcRecord) -> str | None:
    """Of the answer, else of the record."""
    head = record.http_headers
    return (head if head is not None else record.headers).get("Content-Type")


def read_block(record: WarcRecord, max_bytes: int) -> bytes:
    """The body, or its beginning. Raises OSError."""
    pieces: list[bytes] = []
    with _careful():
        while max_bytes > 0 and (piece := record.reader.read(min(max_bytes, _CHUNK_BYTES))):
            pieces.append(piece)
            max_bytes -= len(piece)
    return b"".join(pieces)


def visit_of(record: WarcRecord) -> Visit:
    """What a metadata record notes. Raises ValueError where it is of another kind."""
    return read_note(read_block(record, MAX_NOTE_BYTES), record.headers.get("WARC-Refers-To"))


@contextmanager
def _careful() -> Iterator[None]:
    """Turn a panic of the native reader, which no `except Exception` stops, into an OSError."""
    try:
        yield
    except BaseException as exc:
        if type(exc).__name__ != "PanicException":
            raise
        raise OSError(f"the archive is broken: {str(exc)[:200]}") from exc
