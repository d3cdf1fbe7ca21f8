"""What became of a URL, as an archive of ours keeps it: so that a run can be repeated from it.

A run asks for more than pages: robots.txt, redirects, answers that were tried again, whatever a
rendered page loads. The answers alone do not tell which of them were pages, and where there was no
answer they tell nothing. So each visit ends with a `metadata` record: it refers to the answer that
was read as the page, or says why there is none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from scrubber.errors import AddressRefused, FetchError, InputError
from scrubber.fetch.urls import parse_url
from scrubber.logins import without_login
from scrubber.models import Failure, Page

# A field of the first record: in this archive visits say what was a page.
NOTED: Final = ("visits", "metadata records")
MAX_NOTE_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Visit:
    """url: as it was given. page: the id of the record of the answer, else `failure` says why there
    is none. columns: the other columns of its row, in a batch. replaces: the content hash of the
    version that was stored, empty where none was, `None` where nobody keeps versions; of successive
    visits that replace the same one, only the last left a record (a killed run was gone on with).
    attempts: requests before this visit's own.
    """

    url: str
    page: str | None = None
    failure: Failure | None = None
    columns: Mapping[str, Any] | None = None
    replaces: str | None = None
    attempts: int = 0

    @classmethod
    def to(cls, url: str, sent: Page) -> Self:
        """A visit that ended with a page, as it was sent."""
        assert sent.url is not None
        assert sent.fetched_at is not None
        return cls(url, record_id(sent.url, sent.fetched_at))

    @property
    def target(self) -> str:
        """The URL as the standards write it; what is none (it was refused) in their letters."""
        try:
            return str(parse_url(self.url))
        except (InputError, AddressRefused):
            return quote(without_login(self.url), safe="/:?#[]@!$&'()*+,;=%")

    def note(self) -> bytes:
        """All but the record's id, as JSON. A password in the URL is not kept."""
        noted: dict[str, Any] = {
            "url": without_login(self.url),
            "input": self.columns,
            "replaces": self.replaces,
            "attempts": self.attempts or None,
        }
        if self.failure is not None:
            noted["failure"] = self.failure.model_dump(mode="json", exclude={"url", "at"})
        return json.dumps(
            {name: value for name, value in noted.items() if value is not None}
        ).encode()


def read_note(data: bytes, page: str | None) -> Visit:
    """The visit that a note tells of. Raises ValueError: an archive is not trusted."""
    try:
        noted = json.loads(data)
        if b"\\u" in data:  # JSON can spell half a surrogate pair, which nothing can store
            noted = json.loads(json.dumps(noted, ensure_ascii=False).encode("utf-8", "replace"))
    except RecursionError as exc:
        raise ValueError("no note of a visit") from exc
    if not isinstance(noted, dict) or not isinstance(noted.get("url"), str):
        raise ValueError("no note of a visit")
    url, columns, failure = noted["url"], _mapping(noted.get("input")), noted.get("failure")
    if page is not None:
        replaces, attempts = noted.get("replaces"), noted.get("attempts")
        return Visit(
            url,
            page=page,
            columns=columns,
            replaces=replaces if isinstance(replaces, str) else None,
            attempts=attempts if isinstance(attempts, int) and 0 < attempts < 1000 else 0,
        )
    failed = Failure.model_validate({**(_mapping(failure) or {}), "url": url})
    return Visit(url, failure=failed, columns=columns)


def _mapping(value: object) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None


def error_of(failure: Failure) -> FetchError:
    """The error that a visit ended with, as good as new."""
    return FetchError(
        failure.message,
        url=failure.url,
        kind=failure.kind,
        status=failure.status,
        attempts=failure.attempts,
    )


def record_id(url: str, at: datetime) -> str:
    """The id of the record of an answer: the same for whoever knows the page that came of it."""
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'{url} {warc_date(at)}')}>"


def warc_date(moment: datetime) -> str:
    """As WARC/1.1 writes it, to the microsecond."""
    utc = moment.astimezone(UTC)
    return utc.isoformat(timespec="microseconds").replace("+00:00", "Z")
