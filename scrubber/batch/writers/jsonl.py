"""One JSON object a line."""

from __future__ import annotations

from pathlib import Path

from pydantic_core import to_json

from scrubber.batch.writers.base import AppendWriter, Encode, Writer
from scrubber.batch.writers.columns import ALL, chosen
from scrubber.models import Article


def open_writer(output: Path, fields: tuple[str, ...] | None) -> Writer:
    """A writer of JSON lines."""
    chosen(fields, ALL)
    return AppendWriter(output)


def make_encoder(fields: tuple[str, ...] | None) -> Encode:
    """Article -> one line of JSON."""
    include = None if fields is None else set(chosen(fields, ALL))

    def encode(article: Article, digest: str) -> bytes:
        del digest
        # exclude_none is not used: a reader of the file sees every field in every record.
        # What `model_dump_json` gives, but as bytes: text in between would double the time.
        return to_json(article, include=include, inf_nan_mode="null") + b"\n"

    return encode
