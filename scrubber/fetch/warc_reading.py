"""Pages at places in web archives."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from scrubber.errors import BadResponse, FetchError, InputError, TooLarge
from scrubber.fetch.archive import Capture, Place, capture_of_text, fold, moment_of, read_page
from scrubber.fetch.options import FetchOptions
from scrubber.fetch.validators import without_validators
from scrubber.fetch.visits import Visit, error_of
from scrubber.fetch.warc_records import (
    content_type_of,
    date_of,
    kind_of,
    read_block,
    read_records,
    target_of,
    visit_of,
)
from scrubber.models import Page

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord


def read_capture(place: Place, options: FetchOptions) -> Page:
    """The page at a local place. Raises InputError, FetchError: also why a visit found none."""
    try:
        with Path(place.source).open("rb") as file:
            file.seek(place.offset)
            page = _first_page(file, options, place)
            if place.rendered is None:
                return page
            file.seek(place.rendered)
            return _as_rendered(page, _first_record(file, place), options)
    except OSError as exc:
        raise _unreadable(place, exc) from exc


def read_visit(place: Place) -> Visit | None:
    """The visit that found the page of a local place, `None` where it tells no more than that.

    Raises InputError.
    """
    if place.note is None:
        return None
    try:
        with Path(place.source).open("rb") as file:
            file.seek(place.note)
            record = next(read_records(file), None)
            return None if record is None else visit_of(record)
    except ValueError:
        return None
    except OSError as exc:
        raise _unreadable(place, exc) from exc


def read_slice(data: bytes, options: FetchOptions, place: Place) -> Page:
    """The page in the bytes of one record. Raises BadResponse, FetchError."""
    try:
        return _first_page(io.BytesIO(data), options, place)
    except OSError as exc:
        raise _not_there(place) from exc


def _first_page(file: IO[bytes], options: FetchOptions, place: Place) -> Page:
    record = _first_record(file, place)
    if kind_of(record) == "metadata":
        raise _error(record, place)
    return read_page(_capture(record, options), options)


def _first_record(file: IO[bytes], place: Place) -> WarcRecord:
    """The record where the file stands. Raises BadResponse."""
    try:
        record = next(read_records(file), None)
    except ValueError as exc:
        raise _not_there(place) from exc
    if record is None or kind_of(record) == "warcinfo":
        raise _not_there(place)
    return record


def _error(record: WarcRecord, place: Place) -> FetchError:
    """Why a visit found no page."""
    try:
        failure = visit_of(record).failure
    except ValueError:
        failure = None
    return _not_there(place) if failure is None else error_of(failure)


def _capture(record: WarcRecord, options: FetchOptions) -> Capture:
    url, at = target_of(record), moment_of(date_of(record))
    body = read_block(record, options.max_wire_bytes + 1)
    head = record.http_headers
    if head is None:
        return capture_of_text(url, content_type_of(record) or "", at, body)
    headers = fold(list(head.items_bytes()))
    cut = record.headers.get("WARC-Truncated") is not None
    return Capture(url, head.status_code or 0, headers, at, body, cut)


def _as_rendered(sent: Page, record: WarcRecord, options: FetchOptions) -> Page:
    """The page once its scripts had run, as the fetcher gave it on."""
    max_bytes = 2 * options.max_decoded_bytes  # as much as a browser may hand over
    body = read_block(record, max_bytes + 1)
    if len(body) > max_bytes:
        raise TooLarge(f"{sent.url} had grown to more than {max_bytes} bytes", url=sent.url)
    html, headers = body.decode("utf-8", "replace"), without_validators(sent.headers)
    return replace(sent, html=html, url=target_of(record), headers=headers)


def _unreadable(place: Place, error: OSError) -> InputError:
    message = f"{place.source} cannot be read: {error.strerror or error}"
    return InputError(message, url=place.source, kind="unreadable_file")


def _not_there(place: Place) -> BadResponse:
    message = f"{place.source} has no record of an answer at offset {place.offset}"
    return BadResponse(message, url=place.source)
