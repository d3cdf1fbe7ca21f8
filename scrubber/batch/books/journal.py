"""The journal: what every input has come to, in SQLite beside the output.

    waiting ──> in_flight ──> done | failed
                  └────> deferred, until its time comes: then in_flight again

A batch of results is settled in one transaction together with the *mark*: how far the output and
the failures file had been written when these results were in them, durably. Whatever a file holds
beyond the committed mark belongs to no settled entry and is taken off before a run goes on. So a
record and its journal entry stand together or not at all, wherever the process is killed.

All calls come from one thread. WAL with `synchronous=FULL`: a commit that returned survives power
loss, and readers (`scrubber report`) never wait for the writer.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from scrubber.batch.entries import Entry, Outcome
from scrubber.errors import OutputError

WAITING, DEFERRED, IN_FLIGHT, DONE, FAILED = range(5)
STATES = ("waiting", "deferred", "in_flight", "done", "failed")
SCHEMA_VERSION = 3

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entry (
    id INTEGER PRIMARY KEY,       -- order of input
    key BLOB NOT NULL UNIQUE,     -- digest of the normal form
    url TEXT NOT NULL,            -- as first given
    host TEXT NOT NULL,
    lane TEXT NOT NULL,           -- its registered domain: one request at a time
    path TEXT,                    -- of a local page, or a place in an archive
    columns TEXT,                 -- JSON, the other columns of the input row
    problem TEXT,                 -- JSON, why the input cannot be used
    is_list INTEGER NOT NULL,     -- a list that could not be had: asked for again in every run
    state INTEGER NOT NULL DEFAULT 0,
    not_before REAL,              -- of a deferred one, seconds since the epoch
    attempts INTEGER NOT NULL DEFAULT 0,
    failure TEXT, kind TEXT, page_type TEXT, language TEXT, bytes INTEGER, settled_at REAL,
    fetch_s REAL, extract_s REAL, clean_s REAL, write_s REAL,
    -- of the last record, to ask whether it still holds:
    version INTEGER NOT NULL DEFAULT 0, final_url TEXT, content_hash TEXT, etag TEXT,
    last_modified TEXT, unchanged_at REAL
);
CREATE INDEX IF NOT EXISTS entry_waiting ON entry (lane, id) WHERE state = 0;
CREATE INDEX IF NOT EXISTS entry_deferred ON entry (not_before) WHERE state = 1;
CREATE TABLE IF NOT EXISTS duplicate (url TEXT PRIMARY KEY, entry INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS spool (entry INTEGER PRIMARY KEY, payload BLOB NOT NULL);
"""
_TABLES = ("meta", "entry", "duplicate", "spool")
_ENTRY = (
    "id, url, host, lane, path, columns, problem, attempts,"
    " final_url, etag, last_modified, content_hash"
)

_READY = (  # what nothing unsettled stands before
    f" WHERE entry < coalesce((SELECT min(id) FROM entry WHERE state <= {IN_FLIGHT}),"
    " 9223372036854775807)"
)


class Journal:
    """The entries of one output and their states. Raises `OutputError` where it cannot be used.

    anew: forget all that it holds, whatever version wrote it.
    """

    def __init__(self, path: Path, *, read_only: bool = False, anew: bool = False) -> None:
        self.path = path
        self._read_only = read_only
        try:
            self._db = _connect(path, read_only=read_only, anew=anew)
        except sqlite3.Error as exc:
            raise _unusable(path, "opened", exc) from exc

    def close(self) -> None:
        """Close; one file is left, unless someone else reads it just now."""
        if not self._read_only:
            with suppress(sqlite3.Error):
                self._db.execute("PRAGMA journal_mode = DELETE")
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes within become durable together or not at all."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
        except sqlite3.Error as exc:
            raise _unusable(self.path, "written", exc) from exc

    # ---- notes -----------------------------------------------------------------------------

    def note(self, name: str) -> Any:
        """The JSON value kept under `name`, or `None`."""
        rows = self.query("SELECT value FROM meta WHERE name = ?", (name,))
        return json.loads(rows[0][0]) if rows else None

    def keep(self, name: str, value: Any) -> None:
        """Keep a JSON value; inside a transaction, part of it."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, json.dumps(value)))

    # ---- entries ---------------------------------------------------------------------------

    def add(self, entries: Sequence[Entry]) -> int:
        """Add those that are new; record other spellings of known ones. Returns how many are new.

        A spelling that is already known word for word is neither: lists are read again on resume.
        """
        with self.transaction():
            before = self._db.total_changes
            self._db.executemany(
                "INSERT OR IGNORE INTO entry"
                " (key, url, host, lane, path, columns, problem, is_list)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [_row(entry) for entry in entries],
            )
            added = self._db.total_changes - before
            if added < len(entries):
                self._db.executemany(
                    "INSERT OR IGNORE INTO duplicate SELECT ?2, id FROM entry"
                    " WHERE key = ?1 AND url <> ?2",
                    [(_digest(entry.key), entry.url) for entry in entries],
                )
        return added

    def waiting(self, after: int, limit: int) -> list[Entry]:
        """Waiting entries in input order, from the one after id `after`."""
        return self._entries(f"id > ? AND state = {WAITING} ORDER BY id LIMIT ?", (after, limit))

    def waiting_of(self, lane: str, after: int, limit: int) -> list[Entry]:
        """The same for one lane."""
        where = f"lane = ? AND state = {WAITING} AND id > ? ORDER BY id LIMIT ?"
        return self._entries(where, (lane, after, limit))

    def due(self, now: float, limit: int, longest_s: float = math.inf) -> list[Entry]:
        """Deferred entries whose time has come, the oldest first.

        longest_s: nothing is put off for longer; an entry that seems to be was written before the
        clock jumped back, and is due.
        """
        where = (
            f"state = {DEFERRED} AND (not_before <= ? OR not_before > ?)"
            " ORDER BY not_before LIMIT ?"
        )
        return self._entries(where, (now, now + longest_s, limit))

    def deferred_count(self) -> int:
        """How many are deferred."""
        return int(self.query(f"SELECT count(*) FROM entry WHERE state = {DEFERRED}")[0][0])

    def next_due(self) -> float | None:
        """When the next deferred entry's time comes, in seconds since the epoch."""
        rows = self.query(f"SELECT min(not_before) FROM entry WHERE state = {DEFERRED}")
        found = rows[0][0]
        return None if found is None else float(found)

    def take(self, ids: Iterable[int]) -> None:
        """Mark entries as being in flight; part of the caller's transaction."""
        self._db.executemany(
            f"UPDATE entry SET state = {IN_FLIGHT} WHERE id = ? AND state <= {DEFERRED}",
            [(id,) for id in ids],
        )

    def settle(self, outcomes: Sequence[Outcome], written_s: float = 0.0) -> None:
        """Write down what entries came to; part of the caller's transaction.

        written_s: what each record took to be written.
        """
        now = time.time()
        self._db.executemany(
            "UPDATE entry SET state = ?, not_before = ?, attempts = ?, failure = ?, kind = ?,"
            " page_type = coalesce(?, page_type), language = coalesce(?, language),"
            " final_url = coalesce(?, final_url), content_hash = coalesce(?, content_hash),"
            " etag = coalesce(?, etag), last_modified = coalesce(?, last_modified),"
            " bytes = ?, fetch_s = ?, extract_s = ?, clean_s = ?, write_s = ?, settled_at = ?,"
            " version = version + ?, unchanged_at = ? WHERE id = ?",
            [_settlement(outcome, now, written_s) for outcome in outcomes],
        )

    def recover(self) -> None:
        """Put what was in flight when a run ended back among the waiting."""
        with self.transaction():
            self._db.execute(f"UPDATE entry SET state = {WAITING} WHERE state = {IN_FLIGHT}")

    def reopen(self, kind: str | None) -> int:
        """Set failed entries (of one kind, or all) waiting again; part of a transaction."""
        where = f"state = {FAILED}" + (" AND kind = ?" if kind else "")
        cursor = self._db.execute(
            f"UPDATE entry SET state = {WAITING}, failure = NULL, kind = NULL, attempts = 0"
            f" WHERE {where}",
            (kind,) if kind else (),
        )
        return cursor.rowcount

    def reopen_done(self) -> int:
        """Set done entries that have a URL waiting again, to be asked for anew.

        Where an earlier refresh was broken off, the rest of it is all that is left to do.
        """
        unfinished = self._db.execute(
            f"SELECT 1 FROM entry WHERE state < {DONE} AND version > 0 LIMIT 1"
        )
        if unfinished.fetchone() is not None:
            return 0
        cursor = self._db.execute(
            f"UPDATE entry SET state = {WAITING}, attempts = 0"
            f" WHERE state = {DONE} AND path IS NULL"
        )
        return cursor.rowcount

    def forget_lists(self) -> int:
        """Drop lists that could not be had: this run asks for them again."""
        return self._db.execute("DELETE FROM entry WHERE is_list").rowcount

    def failures(self) -> Iterator[str]:
        """The failures as JSON, in input order."""
        for (failure,) in self._db.execute(
            f"SELECT failure FROM entry WHERE state = {FAILED} ORDER BY id"
        ):
            yield failure

    # ---- the spool: settled records that the output cannot take yet ------------------------

    def spool(self, records: Iterable[tuple[int, bytes]]) -> None:
        """Hold records back; part of the caller's transaction."""
        self._db.executemany("INSERT OR REPLACE INTO spool VALUES (?, ?)", records)

    def spooled(
        self, most: int, most_bytes: int, *, in_order: bool = False
    ) -> list[tuple[int, bytes]]:
        """Held records in input order; with `in_order` only those that nothing stands before.

        They end with the one that reaches a bound.
        """
        sql = f"SELECT entry, payload FROM spool{_READY if in_order else ''} ORDER BY entry LIMIT ?"
        found, size = [], 0
        with self._reading(), closing(self._db.execute(sql, (most,))) as rows:
            for id, payload in rows:
                found.append((id, payload))
                size += len(payload)
                if size >= most_bytes:
                    break
        return found

    def spool_size(self, *, in_order: bool = False) -> tuple[int, int]:
        """How many records `spooled` could give, and their bytes."""
        ready = _READY if in_order else ""
        sql = f"SELECT count(*), coalesce(sum(length(payload)), 0) FROM spool{ready}"
        rows, size = self.query(sql)[0]
        return rows, size

    def all_spooled(self) -> Iterator[bytes]:
        """All held records in input order, one at a time."""
        for (payload,) in self._db.execute("SELECT payload FROM spool ORDER BY entry"):
            yield payload

    def unspool(self, ids: Iterable[int], written_s: float = 0.0) -> None:
        """Forget held records that have been written; part of the caller's transaction.

        written_s: what each of them took to be written.
        """
        rows = [(id,) for id in ids]
        self._db.executemany("DELETE FROM spool WHERE entry = ?", rows)
        self._db.executemany(
            "UPDATE entry SET write_s = write_s + ? WHERE id = ?",
            [(written_s, *row) for row in rows],
        )

    # ---- all of it -------------------------------------------------------------------------

    def counts(self) -> dict[str, int]:
        """How many entries stand in each state."""
        found = dict(self.query("SELECT state, count(*) FROM entry GROUP BY state"))
        return {name: found.get(state, 0) for state, name in enumerate(STATES)}

    def failure_counts(self) -> dict[str, int]:
        """How many failures there are of each kind."""
        return dict(
            self.query(
                f"SELECT kind, count(*) FROM entry WHERE state = {FAILED}"
                " GROUP BY kind ORDER BY 2 DESC"
            )
        )

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a reading query. Raises `OutputError` where they cannot be read."""
        with self._reading():
            return self._db.execute(sql, values).fetchall()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as exc:
            raise _unusable(self.path, "read", exc) from exc

    def _entries(self, where: str, values: Sequence[Any]) -> list[Entry]:
        rows = self.query(f"SELECT {_ENTRY} FROM entry WHERE {where}", values)
        return [_entry(row) for row in rows]


def _unusable(journal: Path, how: str, error: sqlite3.Error) -> OutputError:
    """What to say of an error. how: the journal cannot be `opened`, `read` or `written`."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # what stands above is detail
    wrong = {sqlite3.SQLITE_NOTADB: "is no journal of ours", sqlite3.SQLITE_CORRUPT: "is damaged"}
    if code in wrong:
        return OutputError(f"{journal} {wrong[code]}; remove it, then --restart begins anew")
    return OutputError(f"the journal {journal} cannot be {how}: {error}")


def _connect(path: Path, *, read_only: bool, anew: bool) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    db = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=10)
    try:
        if not anew and db.execute("PRAGMA user_version").fetchone()[0] not in (
            (SCHEMA_VERSION,) if read_only else (0, SCHEMA_VERSION)
        ):
            raise sqlite3.DatabaseError(
                "another version of scrubber wrote it; --restart begins anew"
            )
        if not read_only:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = FULL")
            db.execute("PRAGMA cache_size = -16384")  # KiB; the key index of a million entries
            old = "".join(f"DROP TABLE IF EXISTS {table};" for table in _TABLES) if anew else ""
            version = f"PRAGMA user_version = {SCHEMA_VERSION};"
            db.executescript(f"BEGIN IMMEDIATE; {old} {_SCHEMA} {version} COMMIT;")
    except BaseException:
        db.close()
        raise
    return db


def _digest(key: str) -> bytes:
    """Sixteen bytes stand for a URL of any length: the index stays small and equal-sized."""
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _row(entry: Entry) -> tuple[Any, ...]:
    return (
        _digest(entry.key),
        entry.url,
        entry.host,
        entry.lane,
        _storable(entry.path),
        None if entry.columns is None else json.dumps(entry.columns, ensure_ascii=False),
        None if entry.problem is None else json.dumps(entry.problem),
        entry.is_list,
    )


def _entry(row: tuple[Any, ...]) -> Entry:
    id, url, host, lane, path, columns, problem, attempts, *stored = row
    final_url, etag, last_modified, content_hash = stored
    return Entry(
        url=url,
        key="",
        host=host,
        lane=lane,
        path=None if path is None else os.fsdecode(path),
        columns=_mapping(columns),
        problem=None if problem is None else tuple(json.loads(problem)),
        id=id,
        attempts=attempts,
        final_url=final_url,
        etag=etag,
        last_modified=last_modified,
        content_hash=content_hash,
    )


def _storable(path: str | None) -> str | bytes | None:
    """A path as text, or as its bytes where they are in no encoding."""
    return path if path is None or path.isprintable() else os.fsencode(path)


def _mapping(columns: str | None) -> Mapping[str, Any] | None:
    return None if columns is None else json.loads(columns)


def _settlement(outcome: Outcome, now: float, written_s: float) -> tuple[Any, ...]:
    failure, facts = outcome.failure, outcome.facts
    state = DONE
    if outcome.not_before is not None:
        state = DEFERRED
    elif failure is not None:
        state = FAILED
    return (
        state,
        outcome.not_before,
        failure.attempts if failure else outcome.entry.attempts + 1,
        failure.model_dump_json() if failure else None,
        failure.kind if failure else None,
        facts.page_type,
        facts.language,
        facts.final_url,
        facts.content_hash,
        facts.etag,
        facts.last_modified,
        facts.bytes,
        facts.fetch_s,
        facts.extract_s,
        facts.clean_s,
        facts.write_s + written_s if outcome.payload is not None else 0.0,
        now,
        outcome.payload is not None,
        now if outcome.is_unchanged else None,
        outcome.entry.id,
    )
