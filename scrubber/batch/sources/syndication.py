"""Sitemaps (XML, text, index) and feeds (RSS, Atom, JSON Feed), as files, with `--since`.

XML is read as a stream and never resolved: a document that declares entities is refused, because
their expansion can fill any memory. What an index lists is looked for beside it, by file name.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO
from xml.parsers import expat

from scrubber.batch.entries import Entry
from scrubber.batch.sources.lists import open_bytes, url_entry
from scrubber.errors import InputError

_CHUNK = 1 << 16
_ITEMS = ("url", "sitemap", "item", "entry")
_DATES = ("lastmod", "pubdate", "updated", "published", "date")
_MAX_TEXT_CHARS = 8192  # of one address or date; the rest of an item is not kept at all


@dataclass(slots=True)
class Listed:
    """One address in a sitemap or feed. changed: as written. index: it is a sitemap itself."""

    url: str = ""
    changed: str = ""
    index: bool = False


def read_file(path: Path, since: datetime | None) -> Iterator[Entry]:
    """The pages that a sitemap or feed lists. Raises `InputError` where it is neither."""
    open_bytes(path).close()  # an unreadable file is told at once
    return _entries(path, since, depth=0)


def _entries(path: Path, since: datetime | None, depth: int) -> Iterator[Entry]:
    for listed in read_listed(path):
        if not is_recent(listed.changed, since):
            continue
        if not listed.index:
            yield url_entry(listed.url)
            continue
        part = path.parent / listed.url.rsplit("/", 1)[-1].partition("?")[0]
        if depth > 3 or not part.is_file():  # an index may list itself
            message = f"{path.name} lists {listed.url}, which does not lie beside it"
            yield Entry(listed.url, f"bad:{listed.url}", problem=("unreadable_file", message))
        else:
            yield from _entries(part, since, depth + 1)


def read_listed(path: Path) -> Iterator[Listed]:
    """What a file lists, by what it begins with: XML, JSON or plain addresses."""
    with open_bytes(path) as file:
        head = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        yield from _read_xml(path)
    elif head.startswith(b"{"):
        yield from _read_json(path)
    else:
        with open_bytes(path) as file:
            lines = (line.decode("utf-8", "replace").strip() for line in file)
            yield from (Listed(line) for line in lines if line and not line.startswith("#"))


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


def _read_json(path: Path) -> Iterator[Listed]:
    with open_bytes(path) as file:
        try:
            items = json.load(file)["items"]
        except (ValueError, KeyError, TypeError) as exc:
            raise _neither(path, "it is no JSON Feed") from exc
    for item in items:
        url = item.get("url") or item.get("external_url") or ""
        if url:
            yield Listed(url, item.get("date_modified") or item.get("date_published") or "")


def _read_xml(path: Path) -> Iterator[Listed]:
    reader = _XmlReader()
    with open_bytes(path) as file:
        try:
            yield from reader.read(file)
        except expat.ExpatError as exc:
            raise _neither(path, f"its XML is broken ({exc})") from exc
        except _Refused as exc:
            raise _neither(path, "it declares entities, which are not resolved") from exc


def _neither(path: Path, why: str) -> InputError:
    message = f"{path} cannot be read as a sitemap or feed: {why}"
    return InputError(message, url=str(path), kind="unreadable_file")


class _Refused(Exception):
    pass


@dataclass(slots=True)
class _XmlReader:
    """Collects items while the parser walks; `read` hands them out chunk by chunk."""

    found: list[Listed] = field(default_factory=list)
    item: Listed | None = None
    text: list[str] = field(default_factory=list)

    def read(self, file: IO[bytes]) -> Iterator[Listed]:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.hear
        parser.EntityDeclHandler = self.refuse
        while chunk := file.read(_CHUNK):
            parser.Parse(chunk, False)
            yield from self.found
            self.found.clear()
        parser.Parse(b"", True)
        yield from self.found

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local in _ITEMS and self.item is None:
            self.item = Listed(index=local == "sitemap")
        elif local == "link" and self.item is not None and not self.item.url:
            is_page = attributes.get("rel", "alternate") == "alternate"
            self.item.url = attributes.get("href", "") if is_page else ""  # Atom
        self.text.clear()

    def hear(self, text: str) -> None:
        if self.item is not None and sum(map(len, self.text)) < _MAX_TEXT_CHARS:
            self.text.append(text)

    def end(self, name: str) -> None:
        local, text = _local(name), "".join(self.text).strip()
        if self.item is None:
            return
        if local in _ITEMS:
            if self.item.url:
                self.found.append(self.item)
            self.item = None
        elif local in ("loc", "link") and text and _names_page(name):
            self.item.url = self.item.url or text
        elif local in _DATES and text:
            self.item.changed = text
        self.text.clear()

    def refuse(self, *_: object) -> None:
        raise _Refused


def _names_page(name: str) -> bool:
    """Image and video extensions of sitemaps have addresses too; those are no pages."""
    return "image" not in name and "video" not in name


def _local(name: str) -> str:
    return name.rpartition(" ")[2].lower()
