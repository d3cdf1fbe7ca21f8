"""Tables with a URL column: CSV, TSV, JSON lines, Parquet. Other columns go along to the record."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

from scrubber.batch.entries import Entry
from scrubber.batch.sources.lists import (
    bad_entry,
    line_entry,
    open_bytes,
    standard_input,
)
from scrubber.errors import InputError
from scrubber.textfile import as_text, lines

_Row = tuple[int, Mapping[str, Any] | str]  # number, columns or what is wrong with it
_MAX_CELL_CHARS = 1 << 20
_MAX_ROW_CHARS = 16 << 20
_HEAD_ROWS = 20
_MAX_NAMES_CHARS = 500  # of columns, where a message lists them


def read_table(name: str, kind: str, column: str | None) -> Iterator[Entry]:
    """Entries of a table. Raises `InputError(kind="missing_column")` where it lacks its column."""
    folder = None if name == "-" else Path(name).resolve().parent
    if kind == "parquet":
        from scrubber.batch.sources import parquet  # loads pyarrow

        url_column = find_column(parquet.column_names(Path(name)), column, name)
        return _entries(parquet.rows(Path(name)), url_column, name, folder)
    if kind == "jsonl":
        return _json_entries(name, column, folder)
    rows = _csv_rows(name, kind)
    _, header = next(rows)
    return _entries(rows, find_column(header, column, name), name, folder)


def find_column(names: Any, wanted: str | None, table: str) -> str:
    """The URL column's name as the table spells it; `url` in any case unless one is asked for."""
    for name in names:
        if name == wanted or (wanted is None and str(name).strip().lower() == "url"):
            return str(name)
    known = ", ".join(map(str, names))[:_MAX_NAMES_CHARS] or "none"
    raise InputError(
        f"{table} has no column {wanted or 'url'!r}; name one of its own with --column: {known}",
        url=table,
        kind="missing_column",
    )


def _json_entries(name: str, column: str | None, folder: Path | None) -> Iterator[Entry]:
    """JSON lines have no header: the first rows of a file tell how the column is spelled."""
    rows = _json_rows(name)
    head = list(islice(rows, _HEAD_ROWS)) if name != "-" else []  # a pipe may take its time
    names = dict.fromkeys(chain.from_iterable(row for _, row in head if not isinstance(row, str)))
    url_column = find_column(names, column, name) if names else column or "url"
    return _entries(chain(head, rows), url_column, name, folder)


def _entries(rows: Iterator[_Row], column: str, table: str, folder: Path | None) -> Iterator[Entry]:
    for number, row in rows:
        if isinstance(row, str):
            yield bad_entry(f"{table}:{number}", "bad_input", f"line {number} of {table} {row}")
            continue
        url = str(row.get(column) or "").strip()
        if not url:
            message = f"line {number} of {table} has nothing in its column {column!r}"
            yield bad_entry(f"{table}:{number}", "invalid_url", message)
            continue
        others = {name: value for name, value in row.items() if name != column}
        yield replace(line_entry(url, folder), columns=others)


def _csv_rows(name: str, kind: str) -> Iterator[_Row]:
    """The header as row 0, then the rows."""
    csv.field_size_limit(_MAX_CELL_CHARS)
    with _opened(name) as file, as_text(file, newline="") as text:
        source = lines(text, _MAX_ROW_CHARS)
        header = next(source, "")
        delimiter = "\t" if kind == "tsv" else _delimiter(header)
        asked_beyond: list[bool] = []  # the end of the file, as for the end of a quote

        def whole() -> Iterator[str]:
            yield from chain([header] if header else [], source)
            asked_beyond.append(True)

        reader = csv.DictReader(whole(), delimiter=delimiter, restkey="", restval=None)
        yield 0, dict.fromkeys(reader.fieldnames or ())
        while True:
            begins = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield reader.reader.line_num, f"is not CSV: {error}"
                continue
            if asked_beyond:
                yield begins, "opens a quote that nothing closes; it and what follows is not read"
                return
            yield reader.line_num, {name: value for name, value in row.items() if name}


def _delimiter(header: str) -> str:
    """What stands between the columns of a CSV: where commas are for decimals, semicolons."""
    return "," if "," in header else max(";\t", key=header.count)


def _json_rows(name: str) -> Iterator[_Row]:
    with _opened(name) as file, as_text(file) as text:
        for number, line in enumerate(lines(text, _MAX_ROW_CHARS), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError:
                is_cut = len(line) == _MAX_ROW_CHARS
                yield number, "is too long" if is_cut else "is not JSON"
                continue
            except RecursionError:
                yield number, "is nested too deeply"
                continue
            if "\\u" in line:  # JSON can spell half a surrogate pair, which nothing can store
                row = json.loads(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace"))
            if isinstance(row, str):
                row = {"url": row}
            yield number, row if isinstance(row, dict) else "is no JSON object"


def _opened(name: str) -> IO[bytes]:
    return standard_input() if name == "-" else open_bytes(Path(name))
