"""Reading every output format back, as a reader would who may come at any moment."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

FORMATS = ["jsonl", "jsonl.gz", "jsonl.zst", "csv", "md", "parquet", "sqlite"]


def urls_in(path: Path) -> list[str]:
    """The URL of every record, sorted. Raises where the output is not whole."""
    name = path.name.partition(".")[2]
    return sorted(_READERS[name](path)) if path.exists() else []


def _jsonl(data: bytes) -> list[str]:
    assert not data or data.endswith(b"\n")
    return [json.loads(line)["url"] for line in data.splitlines()]


def _zstd(path: Path) -> list[str]:
    import zstandard

    reader = zstandard.ZstdDecompressor().stream_reader(
        io.BytesIO(path.read_bytes()), read_across_frames=True
    )
    return _jsonl(reader.read())


def _csv(path: Path) -> list[str]:
    with path.open(newline="") as file:
        return [row["url"] for row in csv.DictReader(file, strict=True)]


def _markdown(path: Path) -> list[str]:
    texts = [file.read_text() for file in path.glob("*.md")]
    return [json.loads(re.findall(r"(?m)^url: (.*)$", text)[0]) for text in texts]


def _parquet(path: Path) -> list[str]:
    from pyarrow.parquet import ParquetFile

    found: list[str] = []
    for part in path.glob("part-*.parquet"):
        with ParquetFile(part) as file:
            found += file.read(columns=["url"]).column("url").to_pylist()
    return found


def _sqlite(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles'").fetchone():
            return []
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        db.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
        return [url for (url,) in db.execute("SELECT url FROM articles")]


_READERS: dict[str, Callable[[Path], list[str]]] = {
    "jsonl": lambda path: _jsonl(path.read_bytes()),
    "jsonl.gz": lambda path: _jsonl(gzip.decompress(path.read_bytes())),
    "jsonl.zst": _zstd,
    "csv": _csv,
    "md": _markdown,
    "parquet": _parquet,
    "sqlite": _sqlite,
}
