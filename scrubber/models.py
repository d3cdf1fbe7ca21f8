"""The values that flow through scrubber, in the order in which they appear.

    Page ──extract──> Draft (Blocks, Claims resolved into Metadata, Removals) ──clean──> Article
                                                              any stage, in a batch ──> Failure

Values that users see are frozen pydantic models and survive a JSON round trip; values between
the stages are frozen dataclasses with slots, because a batch makes many thousands a second.
Everywhere `None` means "the page does not say", never "it failed".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from scrubber.errors import ScrubberError
from scrubber.logins import without_login

BlockKind = Literal[
    "heading", "paragraph", "list", "table", "code", "quote", "image", "caption", "math", "post"
]
PageType = Literal[
    "article", "forum", "product", "collection", "listing", "documentation", "service"
]
AuthorKind = Literal["person", "organization", "handle"]
DatePrecision = Literal["year", "month", "day", "minute", "second"]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


# ---- what is fetched ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """One document as fetched or given, already decoded to text.

    url: after redirects, or as given (a path for local files), `None` for bare HTML.
    truncated: the body ended before the server said it would, or at a bound.
    """

    html: str
    url: str | None = None
    requested_url: str | None = None
    status: int | None = None
    content_type: str | None = None  # media type only, lower case
    charset: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    fetched_at: datetime | None = None
    truncated: bool = False


# ---- what is read from it ----------------------------------------------------------------------


class Cell(_Value):
    """One table cell."""

    text: str
    header: bool = False
    colspan: int = 1
    rowspan: int = 1


class ListItem(_Value):
    """One item of a list; `items` holds the lists nested in it."""

    text: str
    items: tuple[ListItem, ...] = ()


class Block(_Value):
    """One piece of content in reading order.

    text: plain text; items of a list and rows of a table stand one a line (cells joined by tabs),
    code keeps its line breaks, images and posts have none. markdown: the same as GitHub Markdown.
    A block of kind `post` opens one post of a forum thread or comment section and carries its
    `author` and `published` (as written); the blocks that follow belong to it.
    """

    kind: BlockKind
    text: str = ""
    markdown: str = ""
    level: int | None = None  # of a heading, 1..6
    language: str | None = None  # of code
    ordered: bool | None = None  # of a list
    items: tuple[ListItem, ...] = ()  # of a list
    rows: tuple[tuple[Cell, ...], ...] = ()  # of a table
    src: str | None = None  # of an image, absolute where the page's URL is known
    alt: str | None = None  # of an image
    author: str | None = None  # of a post
    published: str | None = None  # of a post, as written


class Removal(_Value):
    """Something that was taken out.

    step: which step did it, such as `extract.scorer` or `clean.lexicon`. reason: a stable
    snake_case family such as `cookie_consent` or `comment_form`. text: what was removed.
    """

    step: str
    reason: str
    text: str


class Author(_Value):
    """A writer of the page, in page order."""

    name: str
    kind: AuthorKind = "person"
    url: str | None = None


class DateValue(_Value):
    """A date as the page wrote it, never shifted to another time zone.

    value: ISO 8601 cut to `precision`, with the offset where the page gives one
    (`2026`, `2026-05`, `2026-05-04`, `2026-05-04T09:30:00+02:00`). raw: as found.
    """

    value: str
    precision: DatePrecision
    raw: str

    @property
    def day(self) -> date | None:
        """The local day as written, or `None` where only a month or year is known."""
        return date.fromisoformat(self.value[:10]) if len(self.value) >= 10 else None


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source on the page says about one field.

    field: an `Article` field's name. source: dotted, such as `jsonld.headline` or `og.title`.
    value: already typed and cleaned for that field (str, Author, DateValue, bool, tuple ...).
    raw: as it stands in the page.
    """

    field: str
    value: Any
    source: str
    raw: str


class RejectedClaim(_Value):
    """A claim that the resolver did not follow, and why."""

    source: str
    raw: str
    reason: str


class Evidence(_Value):
    """Why a metadata field has its value."""

    source: str
    raw: str
    confidence: float  # calibrated probability, 0..1, that the value is right
    agreeing: tuple[str, ...] = ()  # other sources that say the same
    rejected: tuple[RejectedClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class Metadata:
    """The resolved claims: the record's metadata fields and the evidence for each."""

    title: str | None = None
    meta_title: str | None = None
    authors: tuple[Author, ...] = ()
    published: DateValue | None = None
    modified: DateValue | None = None
    language: str | None = None  # BCP 47
    site_name: str | None = None
    description: str | None = None
    image: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    paywalled: bool | None = None
    canonical_url: str | None = None
    evidence: Mapping[str, Evidence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """A page's content and metadata before cleaning.

    removed: what the extractor left out, in page order. confidence: calibrated probability that
    the body is right, `None` where the engine cannot say. comments: the comment section below an
    article, kept apart from its body. flags: remarks on what kind of page it is, such as `amp`.
    """

    blocks: tuple[Block, ...]
    metadata: Metadata = field(default_factory=Metadata)
    removed: tuple[Removal, ...] = ()
    comments: tuple[Block, ...] = ()
    page_type: PageType | None = None
    confidence: float | None = None
    engine: str = ""
    flags: tuple[str, ...] = ()


# ---- what comes out ----------------------------------------------------------------------------


class Article(_Value):
    """One clean record. `text`, `markdown` and `blocks` are the same content three ways."""

    url: str | None = None  # after redirects; a path for local files
    canonical_url: str | None = None
    title: str | None = None  # the displayed headline, without the site's name
    meta_title: str | None = None  # the og/<title> one where it differs
    authors: tuple[Author, ...] = ()
    published: DateValue | None = None
    modified: DateValue | None = None
    language: str | None = None
    site_name: str | None = None
    description: str | None = None
    image: str | None = None
    section: str | None = None
    tags: tuple[str, ...] = ()
    paywalled: bool | None = None
    page_type: PageType | None = None
    text: str = ""
    markdown: str = ""
    blocks: tuple[Block, ...] = ()
    comments: tuple[Block, ...] = ()  # filled only when asked for
    removed: tuple[Removal, ...] = ()
    confidence: float | None = None
    evidence: dict[str, Evidence] = {}
    flags: tuple[str, ...] = ()  # `truncated`, `amp`, `print`, `paywall_stub`
    input: dict[str, Any] | None = None  # the other columns of the input row, in a batch
    fetched_at: datetime | None = None  # UTC
    word_count: int = 0
    content_hash: str = ""  # sha256 of `text`, hexadecimal


class Failure(_Value):
    """One input of a batch that gave no record, and why."""

    url: str  # as given, but for a user and password in it
    stage: str  # input, fetch, extract, clean or output
    kind: str  # a stable word; the table is in `scrubber.errors`
    message: str  # a sentence
    attempts: int = 1
    status: int | None = None  # HTTP status, where a server answered
    at: datetime | None = None  # UTC

    @classmethod
    def of(cls, error: ScrubberError, url: str) -> Failure:
        """The failure that records `error`; `url` is the input as it was given, maybe with a login.

        A failure is there to be written down, so it has none.
        """
        return cls(
            url=without_login(url),
            stage=error.stage,
            kind=error.kind,
            message=error.message,
            attempts=error.attempts,
            status=error.status,
            at=datetime.now(UTC),
        )
