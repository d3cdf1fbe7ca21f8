"""SQLite: articles, their authors and the failures, with a full-text index over title and text.

    SELECT a.url, a.title FROM search JOIN articles a ON a.id = search.rowid
    WHERE search MATCH 'bridge' ORDER BY rank

Rows are only ever added at the end, so the mark is the last row's id. Two databases cannot commit
as one: the output commits first, and rows beyond the mark are deleted before a run goes on.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from scrubber.batch.writers.base import Encode, Mark, Writer
from scrubber.batch.writers.columns import ALL, chosen
from scrubber.errors import OutputError
from scrubber.models import Article, DateValue

_TYPES = {"word_count": "INTEGER", "confidence": "REAL", "paywalled": "INTEGER"}
_PATIENCE_S = 30.0  # with someone else who writes into the database
_SEARCHED = ("title", "text")
_FAILURE = ("url", "stage", "kind", "message", "attempts", "status", "at")


def open_writer(output: Path, fields: tuple[str, ...] | None) -> Writer:
    """A writer into the database `output`."""
    return Database(output, chosen(fields, ALL))


def make_encoder(fields: tuple[str, ...] | None) -> Encode:
    """Article -> JSON: the row's values, then the authors'."""
    names = chosen(fields, ALL)

    def encode(article: Article, digest: str) -> bytes:
        del digest
        row = [_cell(getattr(article, name)) for name in names]
        authors = article.authors if "authors" in names else ()
        people = [(author.name, author.kind, author.url) for author in authors]
        return to_json([row, people], inf_nan_mode="null")

    return encode


def _cell(value: Any) -> Any:
    """Dates as they are written; what is nested as JSON."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, DateValue):
        return value.value
    written = to_json(value, inf_nan_mode="null").decode()
    return written.strip('"') if isinstance(value, datetime) else written


class Database:
    """Adds rows in transactions."""

    part_rows: int | None = None

    def __init__(self, path: Path, names: Sequence[str]) -> None:
        self._path = path
        self._names = names
        self._db: sqlite3.Connection | None = None
        self._last = 0

    def rewind(self, mark: Mark | None, plan: Any) -> None:
        """Open, and delete the rows that were not settled."""
        del plan
        if mark and not self._path.exists():
            raise OutputError(f"{self._path} was removed; --restart begins anew")
        # It is used on the ledger's thread only, which may not be the one that opens it.
        self._db = db = sqlite3.connect(
            self._path, isolation_level=None, check_same_thread=False, timeout=_PATIENCE_S
        )
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.executescript(f"BEGIN IMMEDIATE; {_schema(self._names)} COMMIT;")
        self._last = mark or 0
        found = db.execute("SELECT coalesce(max(id), 0) FROM articles").fetchone()[0]
        if found < self._last:
            raise OutputError(f"{self._path} lacks rows; --restart begins anew")
        with db:
            db.execute("BEGIN IMMEDIATE")
            db.execute("DELETE FROM articles WHERE id > ?", (self._last,))
            db.execute("DELETE FROM authors WHERE article > ?", (self._last,))

    def plan(self, payloads: Sequence[bytes]) -> Any:
        """Nothing: the last id is all that is needed."""
        del payloads

    def append(self, payloads: Sequence[bytes]) -> Mark:
        """Add rows in one transaction."""
        if not payloads:
            return self._last
        if not self._path.exists():
            raise OutputError(f"{self._path} was removed while it was being written")
        assert self._db is not None, "rewind opens it"
        rows: list[tuple[Any, ...]] = []
        people: list[tuple[Any, ...]] = []
        for id, payload in enumerate(payloads, self._last + 1):
            row, authors = json.loads(payload)
            rows.append((id, *row))
            people.extend((id, place, *author) for place, author in enumerate(authors, 1))
        holes = ", ".join("?" * (len(self._names) + 1))
        with self._db as db:
            db.execute("BEGIN IMMEDIATE")
            db.executemany(f"INSERT INTO articles VALUES ({holes})", rows)
            db.executemany("INSERT INTO authors VALUES (?, ?, ?, ?, ?)", people)
        self._last += len(rows)
        return self._last

    def close(self) -> None:
        """Close; the write-ahead log is folded into the database."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def finish(self, failures: Iterable[str]) -> None:
        """Write the failures down and leave one file, which opens anywhere."""
        assert self._db is not None, "rewind opens it"
        found = (json.loads(failure) for failure in failures)
        holes = ", ".join("?" * len(_FAILURE))
        with self._db as db:
            db.execute("BEGIN IMMEDIATE")
            db.execute("DELETE FROM failures")
            db.executemany(
                f"INSERT INTO failures VALUES ({holes})",
                ([failure[name] for name in _FAILURE] for failure in found),
            )
        with suppress(sqlite3.OperationalError):  # someone reads it just now: it stays as it is
            self._db.execute("PRAGMA journal_mode = DELETE")

    def remove(self) -> None:
        """Remove the database and what stands beside it; a link to it stays."""
        path = self._path.resolve()
        for suffix in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _schema(names: Sequence[str]) -> str:
    columns = ", ".join(f"{name} {_TYPES.get(name, 'TEXT')}" for name in names)
    script = f"""
        CREATE TABLE IF NOT EXISTS articles (id INTEGER PRIMARY KEY, {columns});
        CREATE TABLE IF NOT EXISTS authors
            (article INTEGER NOT NULL, position INTEGER, name TEXT, kind TEXT, url TEXT);
        CREATE INDEX IF NOT EXISTS authors_of ON authors (article);
        CREATE TABLE IF NOT EXISTS failures ({", ".join(_FAILURE)});
    """
    searched = [name for name in _SEARCHED if name in names]
    return script + _search_schema(searched) if searched else script


def _search_schema(names: Sequence[str]) -> str:
    """The index keeps no copy of the text; triggers keep it in step with the table."""
    listed = ", ".join(names)
    new, old = (", ".join(f"{row}.{name}" for name in names) for row in ("new", "old"))
    return f"""
        CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5
            ({listed}, content='articles', content_rowid='id',
             tokenize="unicode61 remove_diacritics 2");
        CREATE TRIGGER IF NOT EXISTS search_added AFTER INSERT ON articles BEGIN
            INSERT INTO search (rowid, {listed}) VALUES (new.id, {new});
        END;
        CREATE TRIGGER IF NOT EXISTS search_deleted AFTER DELETE ON articles BEGIN
            INSERT INTO search (search, rowid, {listed}) VALUES ('delete', old.id, {old});
        END;
    """
