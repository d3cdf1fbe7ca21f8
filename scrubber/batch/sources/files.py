"""Local pages: single files and folders of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from scrubber.batch.entries import Entry
from scrubber.errors import InputError
from scrubber.textfile import name_unpacked

PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".txt")


def page_entry(name: str, path: Path) -> Entry:
    """One local page. name: what records and failures call it, where it can be written."""
    absolute = str(path.resolve())
    return Entry(url=shown(Path(name).as_posix()), key=f"file:{absolute}", path=absolute)


def shown(path: str) -> str:
    """A path as text: file systems allow names that are in no encoding."""
    return os.fsencode(path).decode("utf-8", "replace")


def read_folder(folder: Path) -> Iterator[Entry]:
    """Every page below `folder`, in order of their paths; names that begin with a dot are left.

    A folder below it that cannot be read is an entry of its own. Raises `InputError` at once where
    it is no folder.
    """
    if not folder.is_dir():
        raise InputError(f"{shown(str(folder))} is no folder", kind="unreadable_file")
    return _pages(folder)


def _pages(folder: Path) -> Iterator[Entry]:
    closed: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if _is_page(name):
                path = Path(parent, name)
                yield page_entry(path.as_posix(), path)
    for error in closed:
        name = shown(str(error.filename))
        problem = ("unreadable_file", f"{name} cannot be read: {error.strerror}")
        yield Entry(url=name, key=f"file:{name}", problem=problem, is_list=True)


def _is_page(name: str) -> bool:
    return name_unpacked(name).endswith(PAGE_SUFFIXES) and not name.startswith(".")
