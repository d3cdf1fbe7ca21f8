"""Local pages: single files and folders of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from scrubber.batch.entries import Entry

PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".txt")


def page_entry(name: str, path: Path) -> Entry:
    """One local page. name: what records and failures call it."""
    absolute = str(path.resolve())
    return Entry(url=Path(name).as_posix(), key=f"file:{absolute}", path=absolute)


def read_folder(folder: Path) -> Iterator[Entry]:
    """Every page below `folder`, in order of their paths; names that begin with a dot are left."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if _is_page(name):
                path = Path(parent, name)
                yield page_entry(path.as_posix(), path)


def _is_page(name: str) -> bool:
    lower = name.lower().removesuffix(".gz")
    return lower.endswith(PAGE_SUFFIXES) and not name.startswith(".")
