"""Parquet tables as inputs: files, and folders of parts, as our own output is one.

The only place here that loads pyarrow to read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scrubber.errors import InputError

_BATCH_ROWS = 2000


def column_names(path: Path) -> list[str]:
    """The table's columns, of its first part. Raises `InputError` where it is no Parquet."""
    first = next(_parts(path), None)
    if first is None:
        message = f"{path} is a folder without parts (*.parquet)"
        raise InputError(message, url=str(path), kind="unreadable_file")
    with _open(first) as file:
        return list(file.schema_arrow.names)


def rows(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Rows with their numbers, from 1; values that JSON cannot hold become text."""
    number = 0
    for part in _parts(path):
        with _open(part) as file:
            for batch in file.iter_batches(_BATCH_ROWS):
                for row in batch.to_pylist():
                    number += 1
                    yield number, {name: _plain(value) for name, value in row.items()}


def _parts(path: Path) -> Iterator[Path]:
    """A file is its own part. In a folder, what begins with a dot is being written."""
    if not path.is_dir():
        return iter([path])
    return iter(sorted(path.glob("[!.]*.parquet")))


def _open(path: Path) -> Any:
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ImportError as exc:
        message = "reading Parquet needs pyarrow: pip install 'scrubber[parquet]'"
        raise InputError(message, url=str(path)) from exc
    try:
        return ParquetFile(path)
    except (OSError, pyarrow.ArrowException) as exc:
        message = f"{path} cannot be read as Parquet: {exc}"
        raise InputError(message, url=str(path), kind="unreadable_file") from exc


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, bytes):  # many programs do not say of a text column that it is one
        return value.decode("utf-8", "replace")
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {str(name): _plain(part) for name, part in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
