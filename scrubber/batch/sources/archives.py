"""Web archives as inputs: WARC, WET and WACZ files, and the indexes of crawls (CDX, CDXJ).

Each capture that may be a page is an entry of its own, named by its URL and read from its place in
the archive. An index names places in archives that lie beside it, below another folder or on a
server, from which only the records that are read are fetched.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrubber.batch.entries import Entry
from scrubber.batch.sources.lists import bad_entry, open_bytes
from scrubber.batch.sources.urls import host_of, normal_form
from scrubber.batch.turns.domains import lane_of
from scrubber.errors import InputError
from scrubber.fetch.archive import Place, may_be_page
from scrubber.fetch.warc_listing import Listed, list_captures

_MAX_LINE_BYTES = 65_536


def read_archive(name: str) -> Iterator[Entry]:
    """Entries of a WARC, WET or WACZ file. Raises `InputError` at once where it is unreadable."""
    path = Path(name)
    open_bytes(path).close()
    captures = list_captures(path)
    return map(_entry, captures)


def read_index(name: str, base: str | None) -> Iterator[Entry]:
    """Entries of a CDX index in JSON, with or without keys before it, or in eleven columns.

    base: the URL or folder that its file names are relative to; by default the index's own folder.
    """
    path = Path(name)
    open_bytes(path).close()
    return _index_entries(path, base or str(path.resolve().parent))


def _index_entries(path: Path, base: str) -> Iterator[Entry]:
    with open_bytes(path) as file:
        number = 0
        while raw := file.readline(_MAX_LINE_BYTES):
            number += 1
            line = raw.decode("utf-8", "replace").strip()
            if not line or line.startswith(("CDX ", "!")):
                continue
            try:
                entry = _index_entry(line, base)
            except (ValueError, KeyError, TypeError):
                message = f"line {number} of {path} names no place in an archive"
                entry = bad_entry(f"{path}:{number}", "bad_input", message)
            if entry is not None:
                yield entry


def _index_entry(line: str, base: str) -> Entry | None:
    """The entry of a line; `None` for a capture that is no page."""
    row = _row(line)
    url, status = str(row["url"]), str(row.get("status", "-"))
    place = Place(_join(base, str(row["filename"])), int(row["offset"]), _number(row.get("length")))
    if place.is_remote and place.length is None:
        raise ValueError("a range needs its length")
    if not may_be_page(url, int(status) if status.isdigit() else 200, row.get("mime")):
        return None
    return _entry(Listed(url, str(row.get("timestamp", "")), place))


def _row(line: str) -> Mapping[str, Any]:
    """1. JSON alone, 2. `key timestamp {JSON}`, 3. the eleven columns of CDX."""
    if line.startswith("{"):
        found: Mapping[str, Any] = json.loads(line)
        return found
    head, brace, rest = line.partition("{")
    fields = head.split()
    if brace:
        return {"timestamp": fields[1], **json.loads(brace + rest)}
    names = ("", "timestamp", "url", "mime", "status", "", "", "", "length", "offset", "filename")
    return dict(zip(names, fields, strict=True))


def _number(value: object) -> int | None:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else None


def _join(base: str, name: str) -> str:
    """Where an archive lies; a name reaches only below its base, as an index is not trusted."""
    if ".." in name.split("/") or "\\" in name:
        raise ValueError("leads out of its base")
    if base.startswith(("http://", "https://")):
        return f"{base.rstrip('/')}/{name.lstrip('/')}"
    path = (Path(base) / name.lstrip("/")).resolve()
    if not path.is_relative_to(Path(base).resolve()):
        raise ValueError("leads out of its base")
    return str(path)


def _entry(found: Listed) -> Entry:
    """One capture: two of one URL are two inputs, the same one in two files is one."""
    url, place = found.url, found.place
    try:
        key = normal_form(url)
        host = urlsplit(place.source).netloc if place.is_remote else ""
        if host:
            host = host_of(normal_form(place.source))
    except InputError as error:
        return bad_entry(url, error.kind, error.message)
    key = f"{key}@{found.date}"
    lane = lane_of(host)
    return Entry(url=url, key=key, host=host, lane=lane, path=str(place), columns=found.columns)
