"""Sitemaps (XML, text, index) and feeds (RSS, Atom, JSON Feed), with `--since`.

They are files, or are fetched by the job's own guarded fetcher. XML is read as a stream and never
resolved: a document that declares entities is refused, because their expansion can fill any memory.
What an index lists is looked for beside it, by file name, and else fetched.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from html import unescape
from pathlib import Path
from typing import IO, Any
from urllib.parse import urljoin
from xml.parsers import expat

from scrubber.batch.entries import Entry
from scrubber.batch.sources.heads import text_of
from scrubber.batch.sources.lists import bad_entry, open_bytes, url_entry
from scrubber.batch.sources.markup import mended
from scrubber.batch.sources.urls import has_scheme
from scrubber.errors import InputError, ScrubberError
from scrubber.fetch.decoding import GZIP_MAGIC
from scrubber.textfile import as_text, lines

FetchList = Callable[[str], bytes]  # blocks; raises ScrubberError

_ROOTS = ("urlset", "sitemapindex", "rss", "rdf", "feed")
_ITEMS = ("url", "sitemap", "item", "entry")
_DATES = {  # which of two an item changed at
    **dict.fromkeys(("lastmod", "updated", "modified"), 2),
    **dict.fromkeys(("pubdate", "published", "date", "publication_date"), 1),
}
_HTTP = ("http://", "https://")
_MAX_LIST_BYTES = 64 << 20  # unpacked, of a list on a server; its protocol allows 50 MiB
_MAX_LINE_CHARS = 65_536
_MAX_TEXT_CHARS = 8192  # of one address or date; the rest of an item is not kept at all
_MAX_DEPTH = 3  # of indexes in indexes
_MAX_LISTS = 50_000  # that one input leads to; an index may name so many, by its protocol


@dataclass(slots=True)
class Listed:
    """One address in a sitemap or feed. changed: as written. index: it is a sitemap itself.

    id: what a feed calls the item; an address, where it names no other.
    """

    url: str = ""
    changed: str = ""
    index: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class _Source:
    """A sitemap or feed: its name, and how its bytes are had, as often as asked."""

    name: str
    open: Callable[[], IO[bytes]]
    folder: Path | None = None  # of a file


def read_file(path: Path, since: datetime | None, fetch: FetchList | None) -> Iterator[Entry]:
    """The pages that a file lists. Raises `InputError` where it is neither sitemap nor feed.

    fetch: for what an index names and does not lie beside it.
    """
    open_bytes(path).close()  # an unreadable file is told at once
    return _Reader(since, fetch).entries(_local_list(path))


def read_url(url: str, since: datetime | None, fetch: FetchList) -> Iterator[Entry]:
    """The pages that a list on a server names; one that cannot be had is an entry of its own."""
    return _Reader(since, fetch).remote(url)


class _Reader:
    """Follows one input's lists, each once."""

    def __init__(self, since: datetime | None, fetch: FetchList | None) -> None:
        self._since = since
        self._fetch = fetch
        self._seen: set[str] = set()

    def entries(self, source: _Source, depth: int = 0) -> Iterator[Entry]:
        for listed in read_listed(source):
            if not is_recent(listed.changed, self._since):
                continue
            if listed.index:
                yield from self._part(source, listed.url, depth + 1)
            else:
                yield url_entry(_absolute(source, listed.url))

    def remote(self, url: str, depth: int = 0) -> Iterator[Entry]:
        if self._fetch is None:
            yield _lost(url, "unreadable_file", f"{url} does not lie beside what lists it")
            return
        fetch = self._fetch
        yield from self._tried(url, lambda: _remote_list(url, fetch(url)), depth)

    def _tried(self, url: str, found: Callable[[], _Source], depth: int) -> Iterator[Entry]:
        """The entries of one list; what makes it unreadable is one more, and costs no other."""
        try:
            yield from self.entries(found(), depth)
        except ScrubberError as error:
            yield _lost(url, error.kind, error.message)
        except (OSError, EOFError, ValueError, zlib.error) as error:
            yield _lost(url, "unreadable_file", f"{url} cannot be read: {error}")

    def _part(self, source: _Source, url: str, depth: int) -> Iterator[Entry]:
        url = _absolute(source, url)
        if url in self._seen:  # an index may list itself
            return
        self._seen.add(url)
        beside = _beside(source, url)
        if depth > _MAX_DEPTH or len(self._seen) > _MAX_LISTS:
            yield _lost(
                url, "bad_input", f"{source.name} leads to too many lists; {url} is not read"
            )
        elif beside is not None:
            yield from self._tried(url, lambda: _local_list(beside), depth)
        else:
            yield from self.remote(url, depth)


def _local_list(path: Path) -> _Source:
    return _Source(str(path), partial(open_bytes, path), path.parent)


def _remote_list(url: str, body: bytes) -> _Source:
    return _Source(url, partial(_unpacked, body))


def _beside(source: _Source, url: str) -> Path | None:
    if source.folder is None:
        return None
    path = source.folder / url.rsplit("/", 1)[-1].partition("?")[0]
    return path if path.is_file() else None


def _absolute(source: _Source, url: str) -> str:
    return url if has_scheme(url) or source.folder is not None else urljoin(source.name, url)


def _unpacked(body: bytes) -> IO[bytes]:
    """A gzip file is one by its first bytes: servers name it in many ways."""
    file = io.BytesIO(body)
    is_packed = body.startswith(GZIP_MAGIC)
    return io.BufferedReader(_Bounded(gzip.open(file)) if is_packed else file)


class _Bounded(io.RawIOBase):
    """What a packed file gives, up to a bound: a few megabytes from a server could fill a disk."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file
        self._left = _MAX_LIST_BYTES

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        got = self._file.readinto(buffer)
        self._left -= got
        if self._left < 0:
            raise ValueError(f"it unpacks to more than {_MAX_LIST_BYTES:,} bytes")
        return got


def _lost(url: str, kind: str, message: str) -> Entry:
    return replace(bad_entry(url, kind, message), is_list=True)


def read_listed(source: _Source) -> Iterator[Listed]:
    """What a list names, by what it begins with: XML, JSON or plain addresses."""
    with source.open() as file:
        head = text_of(file.read(512))
    if head.startswith("<"):
        yield from _read_xml(source)
    elif head.startswith("{"):
        yield from _read_json(source)
    else:
        with source.open() as file, as_text(file) as text:
            listed = map(str.strip, lines(text, _MAX_LINE_CHARS))
            yield from (Listed(line) for line in listed if line and not line.startswith("#"))


def is_recent(changed: str, since: datetime | None) -> bool:
    """Whether something changed at or after `since`; what does not say when counts as recent."""
    if since is None or not changed:
        return True
    moment = read_moment(changed)
    return moment is None or moment >= since


def read_moment(text: str) -> datetime | None:
    """A date as sitemaps (ISO 8601) and feeds (RFC 822) write it; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        try:
            moment = parsedate_to_datetime(text.strip())
        except (ValueError, TypeError, OverflowError):
            return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _read_json(source: _Source) -> Iterator[Listed]:
    with source.open() as file:
        try:
            items = json.load(file)["items"]
        except (ValueError, KeyError, TypeError) as exc:
            raise _neither(source, "it is no JSON Feed") from exc
    if not isinstance(items, list):
        raise _neither(source, "it is no JSON Feed")
    for item in items:
        told = item if isinstance(item, dict) else {}
        url = told.get("url") or told.get("external_url") or told.get("id")
        if isinstance(url, str) and (url != told.get("id") or url.startswith(_HTTP)):
            yield Listed(url, str(told.get("date_modified") or told.get("date_published") or ""))


def _read_xml(source: _Source) -> Iterator[Listed]:
    reader = _XmlReader()
    with source.open() as file:
        try:
            yield from reader.read(file)
        except expat.ExpatError as exc:
            raise _neither(source, f"its XML is broken ({exc})") from exc
        except _Refused as exc:
            raise _neither(source, str(exc)) from exc


def _neither(source: _Source, why: str) -> InputError:
    message = f"{source.name} cannot be read as a sitemap or feed: {why}"
    return InputError(message, url=source.name, kind="unreadable_file")


class _Refused(Exception):
    pass


@dataclass(slots=True)
class _XmlReader:
    """Collects items while the parser walks; `read` hands them out chunk by chunk."""

    found: list[Listed] = field(default_factory=list)
    item: Listed | None = None
    text: list[str] = field(default_factory=list)
    begun: bool = False
    base: str = ""  # of addresses that are relative (`xml:base` of the root)
    weight: int = 0  # of the date that the item has
    is_link: bool = False  # whether the `guid` that is being read is an address
    # Prefix -> namespace. The parser would end at one that nobody has bound, as feeds have them.
    spaces: dict[str, str] = field(default_factory=dict)

    def read(self, file: IO[bytes]) -> Iterator[Listed]:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.hear
        parser.EntityDeclHandler = self.refuse
        parser.UseForeignDTD(True)  # or an entity of HTML, as feeds have them, would end it all
        parser.SkippedEntityHandler = self.hear_entity
        for piece in mended(file):
            parser.Parse(piece, False)
            yield from self.found
            self.found.clear()
        parser.Parse("", True)
        yield from self.found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if not self.begun and local not in _ROOTS:
            raise _Refused(f"its root is <{local[:80]}>")
        if not self.begun:
            self.begun, self.base = True, attributes.get("xml:base", "")
        bound = [attribute for attribute in attributes if attribute.startswith("xmlns:")]
        self.spaces.update((name[6:], attributes[name]) for name in bound)
        if local in _ITEMS and self.item is None:
            self.item, self.weight = Listed(index=local == "sitemap"), 0
        elif local == "link" and self.item is not None and not self.item.url:
            is_page = attributes.get("rel", "alternate") == "alternate"
            self.item.url = attributes.get("href", "") if is_page else ""  # Atom
        elif local == "guid":
            self.is_link = attributes.get("isPermaLink", "true") == "true"
        self.text.clear()

    def hear(self, text: str) -> None:
        if self.item is not None and sum(map(len, self.text)) < _MAX_TEXT_CHARS:
            self.text.append(text)

    def hear_entity(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            self.hear(unescape(f"&{name};"))

    def end(self, name: str) -> None:
        local, text = _local(name), "".join(self.text).strip()
        if self.item is None:
            return
        if local in _ITEMS:
            self._add(self.item)
            self.item = None
        elif not text or not self.names_page(name):
            pass
        elif local in ("loc", "link"):
            self.item.url = self.item.url or text
        elif local == "guid":
            self.item.id = text if self.is_link else ""
        elif _DATES.get(local, 0) > self.weight:
            self.item.changed, self.weight = text, _DATES[local]
        self.text.clear()

    def _add(self, item: Listed) -> None:
        if not item.url and item.id.startswith(_HTTP):
            item.url = item.id
        if item.url:
            item.url = urljoin(self.base, item.url) if self.base else item.url
            self.found.append(item)

    def names_page(self, name: str) -> bool:
        """Image and video extensions of sitemaps have addresses too; those are no pages."""
        prefix = name.rpartition(":")[0]
        space = self.spaces.get(prefix, prefix)
        return "image" not in space and "video" not in space

    def refuse(self, *_: object) -> None:
        raise _Refused("it declares entities, which are not resolved")


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
