"""Inputs of a batch, each a stream of entries: never a whole list in memory.

    INPUT                                  read as
    -                                      a list on standard input
    http://…  https://…                    one URL; a sitemap or feed where its last part is called
                                           so (x.xml, x.rss, x.atom, feed, rss, feed.json)
    x.csv  x.tsv  x.jsonl  x.parquet       a table with a URL column; its other columns pass through
    x.html  x.htm  x.xhtml                 one local page
    x.xml  x.rss  x.atom                   a sitemap or feed
    x.warc  x.wet  x.wacz                  a web archive: every capture that may be a page
    x.cdx  x.cdxj                          an index of captures, in archives here or on a server
    folder                                 every page below it; called x.parquet, parts of a table
    anything else                          a sitemap, feed, page or JSON lines by its first bytes;
                                           else a list, but for an x.txt of which most of the first
                                           lines do not look so: one local page of plain text

`input_type` overrules the name. `.gz` and `.zst` after any of these are unpacked.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from scrubber.batch.entries import Entry
from scrubber.batch.options import BatchOptions, InputType
from scrubber.batch.sources import files, heads, lists, tables
from scrubber.batch.sources.files import shown
from scrubber.batch.sources.urls import has_scheme
from scrubber.errors import InputError
from scrubber.textfile import name_unpacked

FetchList = Callable[[str], bytes]  # blocks; raises ScrubberError

_BY_SUFFIX: dict[str, InputType] = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".html": "page",
    ".htm": "page",
    ".xhtml": "page",
    ".xml": "sitemap",
    ".rss": "feed",
    ".atom": "feed",
    ".warc": "archive",
    ".wet": "archive",
    ".wacz": "archive",
    ".cdx": "index",
    ".cdxj": "index",
}

_FROM_STANDARD_INPUT = ("list", "csv", "tsv", "jsonl")  # what is read once, from its beginning
_FROM_SERVERS = ("list", "page", "folder", "sitemap", "feed")  # kinds whose name may be a URL


def read_input(name: str, options: BatchOptions, fetch: FetchList | None = None) -> Iterator[Entry]:
    """The entries of one INPUT. fetch: for lists on servers.

    Raises `InputError` at once for an input that does not exist or lacks its column, so that a
    wrong command line is told before anything is written.
    """
    if not name.strip():
        raise InputError("an INPUT is empty; give a URL, a file, a folder or -", url=name)
    try:
        return _opened(name, options, fetch)
    except (OSError, csv.Error) as exc:
        reason = getattr(exc, "strerror", None) or exc
        message = f"{shown(name)} cannot be read: {reason}"
        raise InputError(message, url=name, kind="unreadable_file") from exc


def _opened(name: str, options: BatchOptions, fetch: FetchList | None) -> Iterator[Entry]:
    kind = options.input_type or type_of(name)
    if name == "-" and kind not in _FROM_STANDARD_INPUT:
        known = ", ".join(_FROM_STANDARD_INPUT)
        raise InputError(f"standard input is one of {known}, not {kind}; write a file", url=name)
    if kind not in _FROM_SERVERS and has_scheme(name) and not Path(name).exists():
        raise InputError(f"{name}: tables, archives and indexes are read from files", url=name)
    if kind in ("csv", "tsv", "jsonl", "parquet"):
        return tables.read_table(name, kind, options.column)
    if kind in ("sitemap", "feed"):
        return _syndication(name, options, fetch)
    if kind in ("archive", "index"):
        return _archived(name, kind, options)
    if has_scheme(name) and not Path(name).exists():
        return iter([lists.url_entry(name)])
    if kind == "folder":
        return files.read_folder(Path(name))
    if kind == "page":
        return iter([files.page_entry(name, Path(name))])
    return lists.read_list(name)


def type_of(name: str) -> InputType:
    """What kind of input a name stands for. Raises `InputError` where there is no such file."""
    if name == "-":
        return "list"
    path = Path(name)
    if has_scheme(name) and not path.exists():
        return _type_of_url(name)
    if not path.exists():
        raise InputError(f"{name}: no such file or folder", url=name, kind="unreadable_file")
    suffix = _suffix(path.name)
    if path.is_dir():
        return "parquet" if suffix == ".parquet" else "folder"
    found = _BY_SUFFIX.get(suffix) or heads.type_by_head(path)
    if found is None and suffix == ".txt" and not lists.looks_like_list(path):
        return "page"
    return found or "list"


def _type_of_url(url: str) -> InputType:
    """A page, but for names that only sitemaps and feeds have."""
    path = url.split("#", 1)[0].split("?", 1)[0].rstrip("/")
    last = name_unpacked(path.rsplit("/", 1)[-1])
    if last.endswith(".xml"):
        return "sitemap"
    named = last.endswith((".rss", ".atom")) or last in ("feed", "rss", "feed.json")
    return "feed" if named else "list"


def _suffix(name: str) -> str:
    return Path(name_unpacked(name)).suffix


def _archived(name: str, kind: InputType, options: BatchOptions) -> Iterator[Entry]:
    from scrubber.batch.sources import archives  # reads what few jobs give

    if kind == "index":
        return archives.read_index(name, options.archive_base)
    return archives.read_archive(name)


def _syndication(name: str, options: BatchOptions, fetch: FetchList | None) -> Iterator[Entry]:
    from scrubber.batch.sources import syndication  # loads an XML parser

    if has_scheme(name) and not Path(name).exists():
        if fetch is None:
            raise InputError(f"{name}: nothing is fetched here", url=name)
        return syndication.read_url(name, options.since, fetch)
    return syndication.read_file(Path(name), options.since, fetch)
