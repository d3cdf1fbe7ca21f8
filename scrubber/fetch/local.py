"""Local HTML and text files as pages; `.gz` and `.zst` after their names are unpacked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from scrubber.errors import InputError, UnsupportedContent
from scrubber.fetch.charset import decode_html
from scrubber.fetch.media import refuse_binary
from scrubber.models import Page
from scrubber.textfile import name_unpacked, open_unpacked

_MAX_FILE_BYTES = 64 * 1024 * 1024  # no page is larger, but archives with its name are


def read_local(url: str, path: Path) -> Page:
    """A local HTML or text file as a page.

    Raises `InputError(kind="unreadable_file")`, and `UnsupportedContent` for what is no text
    whatever its name says.
    """
    try:
        with open_unpacked(path) as file:  # one byte more than the bound shows that it is crossed
            body = file.read(_MAX_FILE_BYTES + 1)
        fetched_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as exc:
        reason = exc.strerror or exc
        raise InputError(
            f"{url} cannot be read: {reason}", url=url, kind="unreadable_file"
        ) from exc
    if len(body) > _MAX_FILE_BYTES:
        raise InputError(
            f"{url} is larger than {_MAX_FILE_BYTES:,} bytes", url=url, kind="unreadable_file"
        )
    try:
        refuse_binary(body)
    except UnsupportedContent as exc:
        raise UnsupportedContent(f"{url} {exc.message}", url=url) from exc
    html, charset = decode_html(body)
    is_text = name_unpacked(path.name).endswith((".txt", ".text"))
    return Page(
        html=html,
        url=url,
        requested_url=url,
        content_type="text/plain" if is_text else "text/html",
        charset=charset,
        fetched_at=fetched_at,
    )
