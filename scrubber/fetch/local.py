"""Local HTML and text files as pages; `.gz` after their names is unpacked."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

from scrubber.errors import InputError
from scrubber.fetch.charset import decode_html
from scrubber.models import Page

_MAX_FILE_BYTES = 64 * 1024 * 1024  # no page is larger, but archives with its name are


def read_local(url: str, path: Path) -> Page:
    """A local HTML or text file as a page. Raises `InputError(kind="unreadable_file")`."""
    try:
        body = _read_file(path)
        fetched_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, EOFError) as exc:
        reason = getattr(exc, "strerror", None) or exc
        raise InputError(
            f"{url} cannot be read: {reason}", url=url, kind="unreadable_file"
        ) from exc
    if len(body) > _MAX_FILE_BYTES:
        raise InputError(
            f"{url} is larger than {_MAX_FILE_BYTES:,} bytes", url=url, kind="unreadable_file"
        )
    html, charset = decode_html(body)
    is_text = path.name.lower().removesuffix(".gz").endswith((".txt", ".text"))
    return Page(
        html=html,
        url=url,
        requested_url=url,
        content_type="text/plain" if is_text else "text/html",
        charset=charset,
        fetched_at=fetched_at,
    )


def _read_file(path: Path) -> bytes:
    """At most one byte more than the bound, so that the caller sees that it is crossed."""
    if path.suffix.lower() == ".gz":
        with gzip.open(path) as file:
            return file.read(_MAX_FILE_BYTES + 1)
    with path.open("rb") as plain:
        return plain.read(_MAX_FILE_BYTES + 1)
