"""One input of a batch, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scrubber.models import Failure


@dataclass(frozen=True, slots=True)
class Entry:
    """One input, as a source yields it and the journal keeps it.

    url: as given; failures name it, without a login. key: equal for spellings of the same thing.
    host, lane: the server that is asked, and the registered domain whose politeness it falls under;
    empty for what is read here. path: of a local page, absolute, or the place of a capture in an
    archive. columns: the other columns of its row. problem: why it cannot be used, as (kind,
    sentence). is_list: it names a list, or the rest of one, that could not be had; such are asked
    for again in every run, so this holds until the next one.
    """

    url: str
    key: str
    host: str = ""
    lane: str = ""
    path: str | None = None
    columns: Mapping[str, Any] | None = None
    problem: tuple[str, str] | None = None
    is_list: bool = False
    id: int = 0  # order of input, given by the journal
    attempts: int = 0  # made before this one
    final_url: str | None = None  # of the version that is stored, when it is asked for again
    etag: str | None = None
    last_modified: str | None = None
    content_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What the report counts about one record, kept in the journal beside it."""

    page_type: str | None = None
    language: str | None = None
    final_url: str | None = None
    content_hash: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    bytes: int = 0  # of the page as fetched
    fetch_s: float = 0.0  # or read here, where it is a file
    extract_s: float = 0.0
    clean_s: float = 0.0  # and the record's making
    write_s: float = 0.0  # to encode it; the journal adds its share of the writing


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an entry; exactly one of its four cases.

    payload: a record, encoded for the output. failure: none was had. not_before: the server asked
    to come back at that time (seconds since the epoch). Neither: the stored version still holds.
    """

    entry: Entry
    payload: bytes | None = None
    failure: Failure | None = None
    not_before: float | None = None
    facts: Facts = field(default_factory=Facts)
    sent: str | None = None  # id of the record that an archive keeps of the page as it was sent

    @property
    def is_unchanged(self) -> bool:
        """Whether the stored version still holds."""
        return self.payload is None and self.failure is None and self.not_before is None
