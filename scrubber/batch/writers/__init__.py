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
_FOLDERS = ("markdown", "parquet")  # formats of several files


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


def check_name(output: Path) -> None:
    """Raise `OutputError` where other files cannot be named after this one."""
    if output.name in ("", "-", ".."):
        raise OutputError(f"{output} is no name for an output; give one, such as articles.jsonl")


def check_place(output: Path) -> None:
    """Raise `OutputError` where no output of its format can stand, and say what could."""
    check_name(output)
    if not output.parent.is_dir():
        raise OutputError(f"{output}: there is no folder {output.parent}; make it first")
    if not output.exists():
        return
    is_folder = format_of(output) in _FOLDERS
    if not (output.is_dir() or output.is_file()):
        why = "is no file on a disk, and what goes there could not be taken back after a kill"
        raise OutputError(f"{output} {why}; choose a file")
    if is_folder and output.is_file():
        why = "is a file, and its format is a folder of files; remove it or choose another name"
        raise OutputError(f"{output} {why}")
    if output.is_dir() and not is_folder:
        why = "is a folder, and its format is one file; remove it or choose another name"
        raise OutputError(f"{output} {why}")


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
