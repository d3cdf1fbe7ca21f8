"""CSV, safe to open in a spreadsheet.

A cell that begins with `=`, `+`, `-`, `@`, tab or carriage return is executed as a formula by
spreadsheet programs; text of pages is hostile, so such cells get a leading apostrophe (OWASP, "CSV
Injection"). Numbers of our own are left as they are.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from scrubber.batch.writers.base import AppendWriter, Encode, Writer
from scrubber.batch.writers.columns import FLAT, chosen
from scrubber.models import Article, Author, DateValue

_EXECUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def open_writer(output: Path, fields: tuple[str, ...] | None) -> Writer:
    """A writer of CSV with a header line."""
    return AppendWriter(output, header=_line(chosen(fields, FLAT)))


def make_encoder(fields: tuple[str, ...] | None) -> Encode:
    """Article -> one CSV row."""
    names = chosen(fields, FLAT)

    def encode(article: Article, digest: str) -> bytes:
        del digest
        return _line([cell(getattr(article, name)) for name in names])

    return encode


def cell(value: Any) -> str:
    """A field as a CSV cell: authors and tags joined by `; `, nested values as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    text = _text(value)
    # NUL cannot stand in CSV; a formula must not.
    text = text.replace("\0", "")
    return "'" + text if text.startswith(_EXECUTED) else text


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, DateValue):
        return value.value
    if isinstance(value, tuple) and all(isinstance(part, str | Author) for part in value):
        return "; ".join(part.name if isinstance(part, Author) else part for part in value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else str(value)


def _line(cells: Any) -> bytes:
    out = io.StringIO()
    _write_row(out)(cells)
    return out.getvalue().encode("utf-8", "replace")


def _write_row(out: io.StringIO) -> Callable[[Any], Any]:
    return csv.writer(out).writerow
