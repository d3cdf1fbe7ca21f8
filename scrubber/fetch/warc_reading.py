"""Reading WARC, WET and WACZ files: the only door to fastwarc (`scrubber[warc]`)."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from scrubber.errors import BadResponse, InputError
from scrubber.fetch.archive import (
    Capture,
    Place,
    capture_of_text,
    fold,
    may_be_page,
    moment_of,
    read_page,
)
from scrubber.fetch.options import FetchOptions
from scrubber.models import Page

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

MAX_HEADER_BYTES: Final = 256 * 1024
_CHUNK_BYTES: Final = 1024 * 1024
_LOCAL_HEADER_BYTES: Final = 30  # of a ZIP member, before its name and extra field
_PAGES: Final = ("pages/pages.jsonl", "pages/extraPages.jsonl")


@dataclass(frozen=True, slots=True)
class Listed:
    """A capture that may be a page. date: as the archive writes it."""

    url: str
    date: str
    place: Place


def list_captures(path: Path) -> Iterator[Listed]:
    """The captures of a WARC, WET or WACZ file that may be pages, in the file's order.

    Of a WACZ that names its pages only these, wherever they redirect to. Raises InputError.
    """
    _fastwarc()
    if path.suffix.lower() != ".wacz":
        return _of_warc(path, 0, None, None)
    members, wanted = _open_wacz(path)
    return chain.from_iterable(_of_warc(path, *member, wanted) for member in members)


def read_capture(place: Place, options: FetchOptions) -> Page:
    """The page at a local place. Raises InputError, FetchError."""
    try:
        with Path(place.source).open("rb") as file:
            file.seek(place.offset)
            return _first_page(file, options, place)
    except OSError as exc:
        message = f"{place.source} cannot be read: {exc.strerror or exc}"
        raise InputError(message, url=place.source, kind="unreadable_file") from exc


def read_slice(data: bytes, options: FetchOptions, place: Place) -> Page:
    """The page in the bytes of one record. Raises BadResponse, FetchError."""
    try:
        return _first_page(io.BytesIO(data), options, place)
    except OSError as exc:
        raise _not_there(place) from exc


# ---- files -------------------------------------------------------------------------------------


def _of_warc(path: Path, start: int, size: int | None, wanted: set[str] | None) -> Iterator[Listed]:
    """Captures of a WARC file that fills a part of `path`."""
    with path.open("rb") as file:
        file.seek(start)
        source: Any = file if size is None else _Part(file, start, size)
        for record in _records(source):
            listed = _listed(record, path, start if size is not None else 0)
            if wanted is not None and not _is_wanted(record, wanted):
                continue
            if listed is not None:
                yield listed


def _open_wacz(path: Path) -> tuple[list[tuple[int, int]], set[str] | None]:
    """Where in the file its WARC files begin and how long they are; the URLs of its pages."""
    try:
        with zipfile.ZipFile(path) as packed:
            infos = [info for info in packed.infolist() if _is_warc(info.filename)]
            wanted = _page_urls(packed)
    except (zipfile.BadZipFile, OSError) as exc:
        raise InputError(f"{path} is no WACZ file: {exc}", kind="unreadable_file") from exc
    for info in infos:
        if info.compress_type != zipfile.ZIP_STORED:
            message = f"{path} packs {info.filename} once more, against the format; unzip it first"
            raise InputError(message, url=str(path), kind="unreadable_file")
    return [(_data_offset(path, info), info.compress_size) for info in infos], wanted


def _is_warc(name: str) -> bool:
    return name.startswith("archive/") and name.lower().endswith((".warc", ".warc.gz"))


def _data_offset(path: Path, info: zipfile.ZipInfo) -> int:
    """Where a stored member's bytes begin: so that each record can be read without the rest."""
    with path.open("rb") as file:
        file.seek(info.header_offset + _LOCAL_HEADER_BYTES - 4)
        lengths = file.read(4)
    name, extra = int.from_bytes(lengths[:2], "little"), int.from_bytes(lengths[2:], "little")
    return info.header_offset + _LOCAL_HEADER_BYTES + name + extra


def _page_urls(packed: zipfile.ZipFile) -> set[str] | None:
    """The URLs of the pages that a WACZ lists, `None` where it lists none."""
    urls: set[str] = set()
    for name in _PAGES:
        if name not in packed.namelist():
            continue
        with packed.open(name) as file:
            for line in file:
                try:
                    row = json.loads(line)
                except ValueError:
                    continue
                if isinstance(row, dict) and isinstance(row.get("url"), str):
                    urls.add(row["url"].partition("#")[0])
    return urls or None


def _is_wanted(record: WarcRecord, wanted: set[str]) -> bool:
    """Whether it is of a wanted page; where one redirects to becomes wanted too."""
    url = _target(record)
    if url not in wanted:
        return False
    head = record.http_headers
    location = head.get("Location") if head is not None else None
    if location:
        from urllib.parse import urljoin

        wanted.add(urljoin(url, location).partition("#")[0])
    return True


class _Part(io.RawIOBase):
    """A stretch of a file as a file of its own, which the reader can skip in."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        self._file = file
        self._start = start
        self._end = start + size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: self._start, io.SEEK_CUR: self._file.tell(), io.SEEK_END: self._end}
        return self._file.seek(max(self._start, base[whence] + offset)) - self._start

    def tell(self) -> int:
        return self._file.tell() - self._start

    def readinto(self, buffer: Any) -> int:
        left = max(0, self._end - self._file.tell())
        data = self._file.read(min(len(buffer), left))
        buffer[: len(data)] = data
        return len(data)


# ---- records -----------------------------------------------------------------------------------


def _fastwarc() -> Any:
    try:
        from fastwarc import warc
    except ImportError as exc:
        raise InputError("reading web archives needs `pip install scrubber[warc]`") from exc
    return warc


def _records(file: IO[bytes]) -> Iterator[WarcRecord]:
    warc = _fastwarc()
    kinds = warc.WarcRecordType.response | warc.WarcRecordType.resource
    records = warc.ArchiveIterator(
        file,
        record_types=kinds | warc.WarcRecordType.conversion,
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


@contextmanager
def _careful() -> Iterator[None]:
    """Turn a panic of the native reader, which no `except Exception` stops, into an OSError."""
    try:
        yield
    except BaseException as exc:
        if type(exc).__name__ != "PanicException":
            raise
        raise OSError(f"the archive is broken: {str(exc)[:200]}") from exc


def _listed(record: WarcRecord, path: Path, start: int) -> Listed | None:
    url, head = _target(record), record.http_headers
    status = (head.status_code or 0) if head is not None else 200
    if not may_be_page(url, status, _content_type(record)):
        return None
    place = Place(str(path.resolve()), start + record.stream_pos)
    return Listed(url, record.headers.get("WARC-Date") or "", place)


def _first_page(file: IO[bytes], options: FetchOptions, place: Place) -> Page:
    try:
        record = next(_records(file), None)
        capture = None if record is None else _capture(record, options)
    except ValueError as exc:
        raise _not_there(place) from exc
    if capture is None:
        raise _not_there(place)
    return read_page(capture, options)


def _capture(record: WarcRecord, options: FetchOptions) -> Capture:
    url, at = _target(record), moment_of(record.headers.get("WARC-Date"))
    body = _read(record, options.max_wire_bytes + 1)
    head = record.http_headers
    if head is None:
        return capture_of_text(url, _content_type(record) or "", at, body)
    headers = fold(list(head.items_bytes()))
    cut = record.headers.get("WARC-Truncated") is not None
    return Capture(url, head.status_code or 0, headers, at, body, cut)


def _read(record: WarcRecord, max_bytes: int) -> bytes:
    pieces: list[bytes] = []
    with _careful():
        while max_bytes > 0 and (piece := record.reader.read(min(max_bytes, _CHUNK_BYTES))):
            pieces.append(piece)
            max_bytes -= len(piece)
    return b"".join(pieces)


def _content_type(record: WarcRecord) -> str | None:
    head = record.http_headers
    return (head if head is not None else record.headers).get("Content-Type")


def _target(record: WarcRecord) -> str:
    return (record.headers.get("WARC-Target-URI") or "").strip().strip("<>")


def _not_there(place: Place) -> BadResponse:
    message = f"{place.source} has no record of an answer at offset {place.offset}"
    return BadResponse(message, url=place.source)
