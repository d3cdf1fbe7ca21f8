"""What WARC, WET and WACZ files hold that is to be read."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from array import array
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import urljoin

from scrubber.errors import InputError
from scrubber.fetch.archive import Place, may_be_page
from scrubber.fetch.visits import MAX_NOTE_BYTES, NOTED, Visit
from scrubber.fetch.warc_records import (
    check_reader,
    content_type_of,
    date_of,
    holds_records,
    kind_of,
    read_block,
    read_records,
    target_of,
    visit_of,
)

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

REMEMBERED: Final = 50_000  # answers that a visit may still refer to: about 20 MB
_LOCAL_HEADER_BYTES: Final = 30  # of a ZIP member, before its name and extra field
_PAGES: Final = ("pages/pages.jsonl", "pages/extraPages.jsonl")


@dataclass(frozen=True, slots=True)
class Listed:
    """A capture that may be a page, or a visit that maybe found none.

    date: as the archive writes it. columns: the other columns of the visit's row, in a batch.
    """

    url: str
    date: str
    place: Place
    columns: Mapping[str, Any] | None = None


def list_captures(path: Path) -> Iterator[Listed]:
    """What is to be read of a WARC, WET or WACZ file, in the file's order.

    1. Visits, where the archive notes them, as ours do: one for each URL that was asked for, with
       the pages that were read and the failures; those that failed come at the end. A visit that a
       killed run did not record counts only as it was made again.
    2. Else every capture that may be a page; of a WACZ that names its pages only these, wherever
       they redirect to.

    Raises InputError at once for what is no archive; an empty file is one that holds nothing.
    """
    check_reader()
    if path.suffix.lower() != ".wacz":
        _refuse_other_files(path)
        return _of_warc(path, 0, None, None)
    members, wanted = _open_wacz(path)
    return chain.from_iterable(_of_warc(path, *member, wanted) for member in members)


def _refuse_other_files(path: Path) -> None:
    with path.open("rb") as file, suppress(OSError, ValueError):
        if not path.stat().st_size or holds_records(file):
            return
    message = f"{path} cannot be read: it holds no WARC record"
    raise InputError(message, url=str(path), kind="unreadable_file")


def _of_warc(path: Path, start: int, size: int | None, wanted: set[str] | None) -> Iterator[Listed]:
    """The same of a WARC file that fills a part of `path`."""
    with path.open("rb") as file:
        file.seek(start)
        source: Any = file if size is None else _Part(file, start, size)
        base = Place(str(path.resolve()), start if size is not None else 0)
        listing = _Listing(base, wanted, _void_visits(source))
        source.seek(0 if size is not None else start)
        broken: Exception | None = None
        try:
            for record in read_records(source):
                listed = listing.take(record)
                if listed is not None:
                    yield listed
        except (OSError, ValueError) as error:
            broken = error
        for offset in listing.failed():
            file.seek(offset)
            record = next(read_records(file))
            yield _listed(visit_of(record), record, replace(base, offset=offset))
        if broken is not None:
            raise broken


class _Listing:
    """From records, one after the other, to what is to be read.

    A visit is noted behind the answers that it led to. Only the places of the latest of these are
    remembered, and a number for each visit that failed, so that any archive fits into memory.
    base: where the WARC file begins; wanted: the pages of a WACZ; void: where visits are noted that
    were made again.
    """

    def __init__(self, base: Place, wanted: set[str] | None, void: Collection[int]) -> None:
        self._void = void
        self._base = base
        self._wanted = wanted
        self._has_visits = False  # it does, from the file's first record on
        self._answers: OrderedDict[str, Place] = OrderedDict()
        self._failed: dict[bytes, int] = {}

    def take(self, record: WarcRecord) -> Listed | None:
        """What is to be read now that this record has come."""
        kind = kind_of(record)
        if kind == "warcinfo":
            self._has_visits = _notes_visits(record)
        elif not self._has_visits:
            return self._capture(record) if kind != "metadata" else None
        elif kind == "metadata":
            return self._visit(record)
        else:
            self._remember(record, kind)
        return None

    def failed(self) -> list[int]:
        """Where the visits are noted that failed and were not repeated with success."""
        return list(self._failed.values())

    def _capture(self, record: WarcRecord) -> Listed | None:
        url, head = target_of(record), record.http_headers
        if self._wanted is not None and not _is_wanted(record, self._wanted):
            return None
        status = (head.status_code or 0) if head is not None else 200
        if not may_be_page(url, status, content_type_of(record)):
            return None
        return Listed(url, date_of(record), self._place(record))

    def _remember(self, record: WarcRecord, kind: str) -> None:
        """1. an answer, 2. what scripts had made of one."""
        if kind == "response":
            name, place = record.headers.get("WARC-Record-ID"), self._place(record)
        else:
            name = record.headers.get("WARC-Refers-To")
            sent = self._answers.get(name or "")
            if sent is None:
                return
            place = replace(sent, rendered=self._place(record).offset)
        self._answers[name or ""] = place
        while len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)

    def _visit(self, record: WarcRecord) -> Listed | None:
        """A visit that found a page; those that failed wait, as they may be made once more."""
        visit = _read_visit(record)
        if visit is None:
            return None
        if self._wanted is not None and target_of(record) not in self._wanted:
            return None
        place = self._place(record)
        name = hashlib.blake2b(visit.url.encode("utf-8", "replace"), digest_size=16).digest()
        if visit.page is None:
            self._failed[name] = place.offset
            return None
        self._failed.pop(name, None)
        # Where the archive has lost the answer, reading the note itself says so.
        answer = self._answers.pop(visit.page, place)
        if record.stream_pos in self._void:
            return None
        if visit.replaces or visit.attempts:
            answer = replace(answer, note=place.offset)
        return _listed(visit, record, answer)

    def _place(self, record: WarcRecord) -> Place:
        return replace(self._base, offset=self._base.offset + record.stream_pos)


def _void_visits(source: IO[bytes]) -> frozenset[int]:
    """Where visits are noted of which a later one replaces the same version of the same URL.

    A look at the whole file before the first page is listed; some 60 bytes for each visit.
    """
    urls, versions, offsets = array("Q"), array("Q"), array("Q")
    with suppress(OSError, ValueError):
        for number, record in enumerate(read_records(source)):
            kind = kind_of(record)
            if number == 0 and not (kind == "warcinfo" and _notes_visits(record)):
                return frozenset()
            visit = _read_visit(record) if kind == "metadata" else None
            if visit is not None and visit.page is not None and visit.replaces is not None:
                urls.append(_number_of(visit.url))
                versions.append(_number_of(visit.replaces))
                offsets.append(record.stream_pos)
    order = sorted(range(len(urls)), key=urls.__getitem__)  # stable: those of a URL stay in order
    return frozenset(
        offsets[first]
        for first, second in pairwise(order)
        if urls[first] == urls[second] and versions[first] == versions[second]
    )


def _read_visit(record: WarcRecord) -> Visit | None:
    try:
        return visit_of(record)
    except ValueError:
        return None


def _number_of(text: str) -> int:
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def _listed(visit: Visit, record: WarcRecord, place: Place) -> Listed:
    return Listed(visit.url, date_of(record), place, visit.columns)


def _notes_visits(about: WarcRecord) -> bool:
    """Whether a file's first record says that visits tell in it what was a page."""
    return ": ".join(NOTED).encode() in read_block(about, MAX_NOTE_BYTES)


# ---- WACZ --------------------------------------------------------------------------------------


def _open_wacz(path: Path) -> tuple[list[tuple[int, int]], set[str] | None]:
    """Where in the file its WARC files begin and how long they are; the URLs of its pages."""
    try:
        with zipfile.ZipFile(path) as packed:
            infos = [info for info in packed.infolist() if _is_warc(info.filename)]
            wanted = _page_urls(packed)
    except (zipfile.BadZipFile, OSError) as exc:
        raise InputError(f"{path} is no WACZ file: {exc}", kind="unreadable_file") from exc
    for info in infos:
        if info.compress_type != zipfile.ZIP_STORED:
            message = f"{path} packs {info.filename} once more, against the format; unzip it first"
            raise InputError(message, url=str(path), kind="unreadable_file")
    return [(_data_offset(path, info), info.compress_size) for info in infos], wanted


def _is_warc(name: str) -> bool:
    return name.startswith("archive/") and name.lower().endswith((".warc", ".warc.gz"))


def _data_offset(path: Path, info: zipfile.ZipInfo) -> int:
    """Where a stored member's bytes begin: so that each record can be read without the rest."""
    with path.open("rb") as file:
        file.seek(info.header_offset + _LOCAL_HEADER_BYTES - 4)
        lengths = file.read(4)
    name, extra = int.from_bytes(lengths[:2], "little"), int.from_bytes(lengths[2:], "little")
    return info.header_offset + _LOCAL_HEADER_BYTES + name + extra


def _page_urls(packed: zipfile.ZipFile) -> set[str] | None:
    """The URLs of the pages that a WACZ lists, `None` where it lists none."""
    urls: set[str] = set()
    for name in _PAGES:
        if name not in packed.namelist():
            continue
        with packed.open(name) as file:
            for line in file:
                try:
                    row = json.loads(line)
                except ValueError:
                    continue
                if isinstance(row, dict) and isinstance(row.get("url"), str):
                    urls.add(row["url"].partition("#")[0])
    return urls or None


def _is_wanted(record: WarcRecord, wanted: set[str]) -> bool:
    """Whether it is of a wanted page; where one redirects to becomes wanted too."""
    url = target_of(record)
    if url not in wanted:
        return False
    head = record.http_headers
    location = head.get("Location") if head is not None else None
    if location:
        wanted.add(urljoin(url, location).partition("#")[0])
    return True


class _Part(io.RawIOBase):
    """A stretch of a file as a file of its own, which the reader can skip in."""

    def __init__(self, file: IO[bytes], start: int, size: int) -> None:
        self._file = file
        self._start = start
        self._end = start + size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: self._start, io.SEEK_CUR: self._file.tell(), io.SEEK_END: self._end}
        return self._file.seek(max(self._start, base[whence] + offset)) - self._start

    def tell(self) -> int:
        return self._file.tell() - self._start

    def readinto(self, buffer: Any) -> int:
        left = max(0, self._end - self._file.tell())
        data = self._file.read(min(len(buffer), left))
        buffer[: len(data)] = data
        return len(data)
