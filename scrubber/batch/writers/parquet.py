"""Apache Parquet: a folder of part files with one typed schema, read as one table by every reader.

A part holds many records, so records wait in the journal until there are enough. Parts are
numbered, written under a temporary name and renamed; the mark is how many there are. The only
place here that loads pyarrow to write.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scrubber.batch.writers.base import Encode, Mark, Writer, make_folder, sync_folder
from scrubber.batch.writers.columns import ALL, chosen
from scrubber.errors import OutputError
from scrubber.models import Article

_PART_ROWS = 1000
_GROUP_ROWS = 250  # of a row group, which is made in memory as a whole
_AS_JSON = ("evidence", "input")  # open-ended: their keys differ from record to record


def open_writer(output: Path, fields: tuple[str, ...] | None) -> Writer:
    """A writer of part files into the folder `output`."""
    _arrow()
    return ParquetFolder(output, chosen(fields, ALL))


def make_encoder(fields: tuple[str, ...] | None) -> Encode:
    """Article -> one row as an Arrow record batch, in bytes and without its schema."""
    arrow = _arrow()
    names = chosen(fields, ALL)
    row = arrow.struct(list(make_schema(names)))

    def encode(article: Article, digest: str) -> bytes:
        del digest
        values = article.model_dump(include=set(names))
        for name in _AS_JSON:
            if values.get(name):
                values[name] = json.dumps(values[name], ensure_ascii=False, default=str)
            elif name in values:
                values[name] = None
        for name in ("blocks", "comments"):
            for block in values.get(name, ()):
                items = block.pop("items")
                block["items"] = json.dumps(items, ensure_ascii=False) if items else None
        # A row as one value takes three quarters of the time that its columns apart would.
        batch = arrow.RecordBatch.from_struct_array(arrow.array([values], type=row))
        return bytes(batch.serialize())

    return encode


def make_schema(names: Sequence[str]) -> Any:
    """The Arrow schema of the chosen fields."""
    arrow = _arrow()
    types = _types(arrow)
    return arrow.schema([arrow.field(name, types[name]) for name in names])


def _types(arrow: Any) -> Mapping[str, Any]:
    text, strings = arrow.string(), arrow.list_(arrow.string())
    date = arrow.struct([("value", text), ("precision", text), ("raw", text)])
    author = arrow.struct([("name", text), ("kind", text), ("url", text)])
    removal = arrow.struct([("step", text), ("reason", text), ("text", text)])
    types = dict.fromkeys(ALL, text)
    types.update(
        authors=arrow.list_(author),
        published=date,
        modified=date,
        tags=strings,
        flags=strings,
        paywalled=arrow.bool_(),
        blocks=arrow.list_(_block_type(arrow)),
        comments=arrow.list_(_block_type(arrow)),
        removed=arrow.list_(removal),
        confidence=arrow.float64(),
        fetched_at=arrow.timestamp("us", tz="UTC"),
        word_count=arrow.int64(),
    )
    return types


def _block_type(arrow: Any) -> Any:
    text, number = arrow.string(), arrow.int32()
    cell = arrow.struct(
        [("text", text), ("header", arrow.bool_()), ("colspan", number), ("rowspan", number)]
    )
    return arrow.struct(
        [
            ("kind", text),
            ("text", text),
            ("markdown", text),
            ("level", number),
            ("language", text),
            ("ordered", arrow.bool_()),
            ("items", text),  # JSON: lists nest without end, which a schema cannot say
            ("rows", arrow.list_(arrow.list_(cell))),
            ("src", text),
            ("alt", text),
            ("author", text),
            ("published", text),
        ]
    )


class ParquetFolder:
    """Writes each batch of payloads as one part."""

    part_rows: int | None = _PART_ROWS

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._folder = folder
        self._names = names
        self._parts = 0

    def rewind(self, mark: Mark | None, plan: Any) -> None:
        """Remove the parts that were not settled."""
        del plan
        self._parts = mark or 0
        if self._parts and not self._part(self._parts - 1).is_file():
            raise OutputError(f"{self._folder} lacks parts; --restart begins anew")
        make_folder(self._folder)
        for leftover in self._folder.glob(".part-*.tmp"):
            leftover.unlink()
        for path in self._folder.glob("part-*.parquet"):
            if path.name >= self._part(self._parts).name:
                path.unlink()

    def plan(self, payloads: Sequence[bytes]) -> Any:
        """Nothing: the next number is all that is needed."""
        del payloads

    def append(self, payloads: Sequence[bytes]) -> Mark:
        """Write the next part."""
        if payloads:
            self._write(payloads)
            self._parts += 1
        return self._parts

    def _write(self, payloads: Sequence[bytes]) -> None:
        arrow = _arrow()
        from pyarrow import parquet

        schema = make_schema(self._names)
        temporary = self._folder / f".part-{self._parts:06}.tmp"
        with temporary.open("wb") as file:
            with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
                for start in range(0, len(payloads), _GROUP_ROWS):
                    group = payloads[start : start + _GROUP_ROWS]
                    writer.write_table(_table(group, schema))
            file.flush()
            os.fsync(file.fileno())
        arrow.default_memory_pool().release_unused()  # it would keep what the largest part took
        temporary.replace(self._part(self._parts))
        sync_folder(self._folder)

    def _part(self, number: int) -> Path:
        return self._folder / f"part-{number:06}.parquet"

    def close(self) -> None:
        """Nothing stays open."""

    def finish(self, failures: Iterable[str]) -> None:
        """A job without records leaves an empty part, so that readers find the schema."""
        del failures
        if not self._parts and not self._part(0).exists():
            self._write(())

    def remove(self) -> None:
        """Remove all parts."""
        for path in self._folder.glob("part-*.parquet"):
            path.unlink()


def _table(payloads: Sequence[bytes], schema: Any) -> Any:
    arrow = _arrow()
    batches = [
        arrow.ipc.read_record_batch(arrow.py_buffer(payload), schema) for payload in payloads
    ]
    return arrow.Table.from_batches(batches, schema).combine_chunks()


def _arrow() -> Any:
    try:
        import pyarrow
    except ImportError as exc:
        raise OutputError("writing Parquet needs pyarrow: pip install 'scrubber[parquet]'") from exc
    return pyarrow
