"""Output formats by suffix. To add one: `writers/name.py` and a line in `WRITERS`.

A format has two halves: an encoder, which runs in the worker that made the article and gives
bytes, and a writer, which runs in the parent and only puts such bytes where they belong.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from scrubber.batch.writers.base import Encode, Writer
from scrubber.errors import OutputError

WRITERS = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jsonl.gz": "packed",
    ".jsonl.zst": "packed",
    ".csv": "table",
    ".md": "markdown",
    ".parquet": "parquet",
    ".sqlite": "sqlite",
    ".db": "sqlite",
}


def format_of(output: Path) -> str:
    """The module name of the format for this output. Raises `OutputError` for an unknown suffix."""
    name = output.name.lower()
    for suffix in sorted(WRITERS, key=len, reverse=True):
        if name.endswith(suffix) and name != suffix:
            return WRITERS[suffix]
    if not output.suffix or output.is_dir():
        return "markdown"
    known = ", ".join(WRITERS)
    raise OutputError(
        f"{output}: no output format is known by this suffix; known are {known}, and a folder"
        " (no suffix) for Markdown"
    )


def open_writer(output: Path, fields: tuple[str, ...] | None) -> Writer:
    """The writer for this output, which is not opened before its `rewind`."""
    writer: Writer = _module(format_of(output)).open_writer(output, fields)
    return writer


def make_encoder(format: str, fields: tuple[str, ...] | None) -> Encode:
    """The encoder of a format, for use in a worker. Raises `OutputError` for unknown fields."""
    encode: Encode = _module(format).make_encoder(fields)
    return encode


def _module(format: str):  # type: ignore[no-untyped-def]
    return import_module(f"scrubber.batch.writers.{format}")
