"""Lists of URLs, one a line, `#` comments; a line may also be a path to a page beside the list.

A list is not trusted: it may come from a stranger, so its paths reach only into its own folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO

from scrubber.batch.entries import Entry
from scrubber.batch.sources.files import PAGE_SUFFIXES, page_entry
from scrubber.batch.sources.urls import has_scheme, host_of, normal_form
from scrubber.batch.turns.domains import lane_of
from scrubber.errors import InputError
from scrubber.logins import without_login, without_logins
from scrubber.textfile import as_text, is_utf16, lines, name_unpacked, open_unpacked

_MAX_LINE_CHARS = 65_536
_HEAD_BYTES = 4096
_CONTROLS = bytes({*range(32), 127} - set(b"\t\n\v\f\r\x1b"))
_FEW_CONTROLS = 8  # in the head of a list that a slip has left them in
_SNIFFED_LINES = 100
_PATH_LINE = re.compile(r"\S+\Z")


def read_list(name: str) -> Iterator[Entry]:
    """Entries of a list file, or of standard input for `-`."""
    if name == "-":
        return _entries(_lines(standard_input), None)
    path = Path(name)
    _refuse_binary(path)  # and what cannot be read at all
    return _entries(_lines(partial(open_bytes, path)), path.resolve().parent)


def standard_input() -> IO[bytes]:
    """Standard input through a buffer of its own.

    It may never end, and then a thread still waits in it when the job is over; Python, which
    flushes `sys.stdin` as it ends, would wait for that thread and abort.
    """
    return open(0, "rb", closefd=False)


def looks_like_list(path: Path) -> bool:
    """Whether most of the first lines of a `.txt` are URLs or name pages beside it."""
    if _is_stream(path):
        return True
    first = list(islice(_lines(partial(open_bytes, path)), _SNIFFED_LINES))
    likely = sum([_looks_like_entry(line) for line in first])
    return 2 * likely >= len(first)


def _looks_like_entry(line: str) -> bool:
    if not _PATH_LINE.match(line):
        return False
    return "://" in line or name_unpacked(line).endswith(PAGE_SUFFIXES)


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file to read, unpacked by its name. Raises `InputError`."""
    try:
        return open_unpacked(path)
    except OSError as exc:
        raise InputError(
            f"{path} cannot be read: {exc.strerror}", url=str(path), kind="unreadable_file"
        ) from exc


def _refuse_binary(path: Path) -> None:
    """Each line of a picture or a PDF would be a failure; one sentence says more."""
    if _is_stream(path):
        return
    with open_bytes(path) as file:
        head = file.read(_HEAD_BYTES)
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if not is_utf16(head) and controls > max(_FEW_CONTROLS, len(head) // 50):
        message = f"{path} is no list of URLs: it is no text"
        raise InputError(message, url=str(path), kind="unreadable_file")


def _is_stream(path: Path) -> bool:
    """Whether a file can be opened only once: what has been read of a pipe or terminal is gone."""
    return path.is_fifo() or path.is_char_device()


def _lines(opened: Callable[[], IO[bytes]]) -> Iterator[str]:
    """Lines that are neither empty nor comments, stripped; a long one without its rest."""
    with opened() as file, as_text(file) as text:
        for line in map(str.strip, lines(text, _MAX_LINE_CHARS)):
            if line and not line.startswith("#"):
                yield line


def _entries(listed: Iterator[str], folder: Path | None) -> Iterator[Entry]:
    for line in listed:
        yield line_entry(line, folder)


def line_entry(line: str, folder: Path | None) -> Entry:
    """One line: 1. a URL, 2. a path to a page inside `folder`, 3. rubbish."""
    if has_scheme(line):
        return url_entry(line)
    if folder is not None and not line.startswith("//"):
        return _path_entry(line, folder)
    return bad_entry(
        line, "invalid_url", f"{_short(without_login(line))} has no scheme; write https://…"
    )


def url_entry(url: str) -> Entry:
    """The entry of a URL, usable or not."""
    if not url.isascii():  # JSON can spell half a surrogate pair, which nothing can store
        url = url.encode("utf-8", "replace").decode("utf-8")
    try:
        key = normal_form(url)
    except InputError as error:
        return bad_entry(url, error.kind, error.message)
    host = host_of(key)
    return Entry(url=url, key=key, host=host, lane=lane_of(host))


def bad_entry(text: str, kind: str, message: str) -> Entry:
    """An entry that becomes a failure."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    problem = (kind, without_logins(message))
    return Entry(url=_short(without_login(text)), key=f"bad:{text}", problem=problem)


def _path_entry(line: str, folder: Path) -> Entry:
    try:
        path = (folder / line).resolve()
        inside, exists = path.is_relative_to(folder), path.is_file()
    except (OSError, ValueError):  # too long, NUL, a loop of links
        inside, exists = True, False
    if not inside:
        return bad_entry(line, "invalid_url", f"{_short(line)} leads out of the list's folder")
    if not exists:
        why = "has no scheme (write https://…), and there is no such page beside the list"
        return bad_entry(line, "invalid_url", f"{_short(line)} {why}")
    return page_entry(line.replace("\\", "/"), path)


def _short(text: str) -> str:
    return text if len(text) <= 500 else text[:500] + "…"
