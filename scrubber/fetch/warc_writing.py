"""Writing WARC/1.1 files: the only door to warcio (`scrubber[warc]`)."""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from scrubber.errors import OutputError
from scrubber.fetch.ready import check_warc
from scrubber.fetch.visits import NOTED, Visit, record_id, warc_date
from scrubber.models import Page

if TYPE_CHECKING:
    from scrubber.fetch.recording import Exchange

_STEP: Final = 1024 * 1024


class WarcWriter:
    """Appends records to a `.warc.gz` file, each a gzip member of its own.

    What a killed run left half written at the end is taken off first. about: goes into the file's
    first record. Raises InputError where warcio is missing, OutputError for the file.
    """

    def __init__(self, path: Path, about: Mapping[str, str]) -> None:
        check_warc(path)
        self._path = path
        try:
            self._file = path.open("r+b" if path.exists() else "x+b")
            end = sound_length(self._file)
            self._file.truncate(end)
            self._file.seek(end)
        except OSError as exc:
            raise OutputError(f"{path} cannot be written: {exc.strerror or exc}") from exc
        self._writer = _warcio_writer(self._file)
        if not end:
            self._write_about(about)

    def write_exchange(self, exchange: Exchange) -> None:
        """Write a request and its response. Raises OutputError."""
        headers = {
            "WARC-Record-ID": record_id(exchange.url, exchange.at),
            "WARC-Date": warc_date(exchange.at),
            "WARC-Protocol": exchange.protocol,
        }
        if exchange.address:
            headers["WARC-IP-Address"] = exchange.address
        cut = {"WARC-Truncated": exchange.cut} if exchange.cut else {}
        response = self._record(
            exchange.url, "response", exchange.response, exchange.body, {**headers, **cut}
        )
        request = self._record(exchange.url, "request", exchange.request, b"", {})
        self._put(self._writer.write_request_response_pair, request, response)

    def write_rendered(self, page: Page, sent: Page) -> None:
        """Write a page as it was once its scripts had run. Raises OutputError."""
        assert sent.url is not None
        assert sent.fetched_at is not None
        headers = {
            "WARC-Date": warc_date(sent.fetched_at),
            "WARC-Refers-To": record_id(sent.url, sent.fetched_at),
        }
        body = page.html.encode()
        self._write("conversion", page.url or "", "text/html; charset=utf-8", body, headers)

    def write_visit(self, visit: Visit) -> None:
        """Write what became of a URL. Raises OutputError."""
        headers = {"WARC-Date": warc_date(datetime.now(UTC))}
        if visit.page is not None:
            headers["WARC-Refers-To"] = visit.page
        self._write("metadata", visit.target, "application/json", visit.note(), headers)

    def close(self) -> None:
        self._file.close()

    def _write_about(self, about: Mapping[str, str]) -> None:
        from importlib.metadata import version

        info = {
            "software": f"scrubber/{version('scrubber')}",
            "format": "WARC File Format 1.1",
            NOTED[0]: NOTED[1],
            **about,
        }
        self._put(
            self._writer.write_record, self._writer.create_warcinfo_record(self._path.name, info)
        )

    def _write(
        self, kind: str, url: str, content_type: str, body: bytes, headers: dict[str, str]
    ) -> None:
        record = self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            warc_content_type=content_type,
            warc_headers_dict=headers,
        )
        self._put(self._writer.write_record, record)

    def _record(
        self, url: str, kind: str, head: bytes, body: bytes, headers: dict[str, str]
    ) -> Any:
        return self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),  # else warcio copies it into a temporary file
            http_headers=_head(head),
            warc_headers_dict=headers,
        )

    def _put(self, write: Any, *records: Any) -> None:
        try:
            write(*records)
        except OSError as exc:
            message = f"{self._path} cannot be written: {exc.strerror or exc}"
            raise OutputError(message) from exc


def sound_length(file: IO[bytes]) -> int:
    """Up to where a file is made of whole gzip members, in bytes. Leaves it read to its end."""
    file.seek(0)
    end = read = 0
    inner = zlib.decompressobj(wbits=31)
    while data := file.read(_STEP):
        read += len(data)
        try:
            while data:
                inner.decompress(data, _STEP)
                data = inner.unconsumed_tail
                while not inner.eof and not data and inner.decompress(b"", _STEP):
                    pass
                if inner.eof:
                    data = inner.unused_data
                    end = read - len(data)
                    inner = zlib.decompressobj(wbits=31)
        except zlib.error:
            break
    return end


def _warcio_writer(file: IO[bytes]) -> Any:
    from warcio.warcwriter import WARCWriter

    return WARCWriter(file, gzip=True, warc_version="1.1")


def _head(raw: bytes) -> Any:
    """An HTTP head that is written byte by byte as it was sent: warcio would re-encode it."""
    from warcio.statusandheaders import StatusAndHeaders

    class Head(StatusAndHeaders):  # type: ignore[misc]
        def compute_headers_buffer(self, header_filter: object = None) -> None:  # noqa: ARG002
            self.headers_buff = raw

    return Head(raw.partition(b"\r\n")[0].decode("latin-1"), [])
