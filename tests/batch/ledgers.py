"""Ledgers to settle by hand: entries, records and failures of no run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scrubber.batch import BatchOptions
from scrubber.batch.books.ledger import Ledger
from scrubber.batch.entries import Entry, Outcome
from scrubber.batch.writers import format_of, make_encoder
from scrubber.models import Article, Author, Failure


@contextmanager
def opened(out: Path, **options: object) -> Iterator[Ledger]:
    ledger = Ledger(out, BatchOptions(**options))  # type: ignore[arg-type]
    ledger.open()
    try:
        yield ledger
    finally:
        ledger.close()


def add(ledger: Ledger, count: int) -> list[Entry]:
    ledger.add([Entry(url=f"u{n}", key=f"u{n}", host="h") for n in range(count)])
    return ledger.journal.waiting(0, count)


def record(out: Path, entry: Entry, title: str = "=A title") -> Outcome:
    article = Article(url=entry.url, title=title, text="Text.", authors=(Author(name="Ada"),))
    payload = make_encoder(format_of(out), None)(article, f"{entry.id:032x}")
    return Outcome(entry, payload=payload)


def failure(entry: Entry) -> Outcome:
    failed = Failure(url=entry.url, stage="fetch", kind="timeout", message="m")
    return Outcome(entry, failure=failed)
