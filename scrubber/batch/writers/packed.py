"""JSON lines compressed with gzip or Zstandard.

Each batch that is settled becomes a gzip member or Zstandard frame of its own: both formats are
defined for concatenation, so the file is whole after every batch and can be cut back to any.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path

from scrubber.batch.writers import jsonl
from scrubber.batch.writers.base import AppendWriter, Writer
from scrubber.batch.writers.columns import ALL, chosen

make_encoder = jsonl.make_encoder


class PackedWriter(AppendWriter):
    """Appends compressed batches."""

    def __init__(self, path: Path, compress: Callable[[bytes], bytes]) -> None:
        super().__init__(path)
        self._compress = compress

    def pack(self, data: bytes) -> bytes:
        """One member or frame."""
        return self._compress(data) if data else b""


def open_writer(output: Path, fields: tuple[str, ...] | None) -> Writer:
    """A writer of compressed JSON lines."""
    chosen(fields, ALL)
    return PackedWriter(output, _gzip if output.name.lower().endswith(".gz") else _zstandard())


def _gzip(data: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, wbits=31)
    return packer.compress(data) + packer.flush()


def _zstandard() -> Callable[[bytes], bytes]:
    import zstandard  # not for the other suffix

    return zstandard.ZstdCompressor(level=6, write_checksum=True).compress
