"""The annotated pages that scrubber is measured on, read from the data beside the repository.

`SCRUBBER_DATA` names another place. Nothing of the data is kept in the repository.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_BESIDE = Path(__file__).resolve().parents[3] / "shared" / "data"
DATA = Path(os.environ.get("SCRUBBER_DATA", _BESIDE))


@dataclass(frozen=True, slots=True)
class AnnotatedPage:
    """One page with what people say it holds.

    truth: the main content as text, `None` for pages annotated by snippets only. present and
    absent: snippets that an extraction must hold and must not hold.
    """

    id: str
    url: str
    html: bytes
    page_type: str
    truth: str | None
    present: tuple[str, ...]
    absent: tuple[str, ...]
    title: str | None
    author: str | None
    date: str | None

    @property
    def domain(self) -> str:
        """Host without `www.`; pages of one domain are never split between folds."""
        return (urlsplit(self.url).hostname or self.id).removeprefix("www.")

    @property
    def keeps_scripts(self) -> bool:
        """Whether the page was saved with its scripts (JSON-LD and app state among them)."""
        return b"<script" in self.html.lower()


def available() -> bool:
    """Whether the data is there."""
    return (DATA / "wcxb-dev").is_dir()


def wcxb_pages() -> Iterator[AnnotatedPage]:
    """The 1,497 pages of WCXB's development split (Foley 2026, CC BY 4.0), by file name."""
    folder = DATA / "wcxb-dev"
    for path in sorted((folder / "ground-truth").glob("*.json")):
        record = json.loads(path.read_bytes())
        truth = record["ground_truth"]
        yield AnnotatedPage(
            id=path.stem,
            url=record.get("url") or "",
            html=gzip.decompress((folder / "html" / f"{path.stem}.html.gz").read_bytes()),
            page_type=record["_internal"]["page_type"]["primary"].replace("category", "collection"),
            truth=truth.get("main_content"),
            present=tuple(truth.get("with") or ()),
            absent=tuple(truth.get("without") or ()),
            title=truth.get("title") or None,
            author=truth.get("author") or None,
            date=truth.get("publish_date") or None,
        )


def snippet_pages() -> Iterator[AnnotatedPage]:
    """The 506 snippet-annotated pages, for evaluation only, in the order of their file names."""
    folder = DATA / "snippets-dev"
    notes: dict[str, Any] = json.loads((folder / "annotations.json").read_bytes())
    for url, note in sorted(notes.items(), key=lambda pair: str(pair[1]["file"])):
        path = folder / "html" / f"{note['file']}.gz"
        yield AnnotatedPage(
            id=note["file"],
            url=url,
            html=gzip.decompress(path.read_bytes()),
            page_type="article",
            truth=None,
            present=tuple(note["with"]),
            absent=tuple(note["without"]),
            title=note.get("title") or None,
            author=note.get("author") or None,
            date=note.get("date") or None,
        )
