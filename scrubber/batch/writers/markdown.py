"""A folder of Markdown files with YAML front matter, one a record.

Names are made of the title's slug and a digest of the input, so they are the same on every run,
never collide between inputs and never leave the folder. A file that stands there already is never
overwritten. Before files are written, the journal is told which (the plan): what a killed run
left without settling is found by it and removed.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scrubber.batch.writers.base import Encode, Mark, Writer, make_folder, sync_folder
from scrubber.batch.writers.columns import ALL, chosen
from scrubber.errors import OutputError
from scrubber.models import Article

_FRONT = tuple(
    name
    for name in ALL
    if name not in ("text", "markdown", "blocks", "comments", "removed", "evidence")
)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS)  # what FAT and some networks say
_SLUG_BYTES = 80  # file systems allow 255 bytes a name; long ones are hard to read
_OURS = re.compile(r"(?:.+-)?[0-9a-f]{10}(?:-\d+)?\.md\Z")  # see `file_name`
_NOT_SLUG = re.compile(r"[\W_]+")
# What YAML does not allow in a double-quoted scalar as it is, or reads as a line break.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


def open_writer(output: Path, fields: tuple[str, ...] | None) -> Writer:
    """A writer of Markdown files into the folder `output`."""
    chosen(fields, _FRONT)
    return MarkdownFolder(output)


def make_encoder(fields: tuple[str, ...] | None) -> Encode:
    """Article -> file name, a line break, the file's content."""
    names = [name for name in chosen(fields, _FRONT) if name in _FRONT]

    def encode(article: Article, digest: str) -> bytes:
        values = article.model_dump(mode="json", include=set(names))
        head = "".join([_front_line(name, values[name]) for name in names if _says(values[name])])
        name = file_name(article.title, digest)
        title = f"# {_one_line(article.title)}\n\n" if article.title else ""
        text = f"{name}\n---\n{head}---\n\n{title}{article.markdown}\n"
        return text.encode("utf-8", "replace")

    return encode


def file_name(title: str | None, digest: str) -> str:
    """`the-title-0123456789.md`; letters of every script stay, everything else is a hyphen."""
    slug = _NOT_SLUG.sub("-", unicodedata.normalize("NFKC", title or "").lower()).strip("-")
    while len(slug.encode("utf-8", "replace")) > _SLUG_BYTES:
        slug = slug[:-1].rstrip("-")
    return f"{slug}-{digest[:10]}.md" if slug else f"{digest[:10]}.md"


def _says(value: Any) -> bool:
    return value is not None and value != [] and value != {}


def _front_line(name: str, value: Any) -> str:
    return f"{name}: {_flow(value)}\n"


def _flow(value: Any) -> str:
    """A JSON value as YAML flow: JSON is YAML but for a few characters inside strings."""
    if isinstance(value, Mapping):
        if set(value) == {"value", "precision", "raw"}:
            return _flow(value["value"])  # a date: as it is written
        return "{" + ", ".join(f"{_flow(key)}: {_flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(part) for part in value) + "]"
    text = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04X}", text)


def _one_line(title: str) -> str:
    return " ".join(title.split())


class MarkdownFolder:
    """Writes each payload as a file of its own; the mark counts them."""

    part_rows: int | None = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written = 0
        self._names: list[str] = []

    def rewind(self, mark: Mark | None, plan: Any) -> None:
        """Remove the files of the plan that a killed run wrote: those whose content it names."""
        if mark and not self._folder.is_dir():
            raise OutputError(f"{self._folder} was removed; --restart begins anew")
        make_folder(self._folder)
        for leftover in self._folder.glob(".scrubber-*.tmp"):
            leftover.unlink(missing_ok=True)
        for name, digest in plan or ():
            path = self._folder / name
            if path.is_file() and _digest(path.read_bytes()) == digest:
                path.unlink()
        self._written = mark or 0

    def plan(self, payloads: Sequence[bytes]) -> Any:
        """Names that are free, with the digest of what will be written there."""
        planned: dict[str, str] = {}
        for payload in payloads:
            name, _, content = payload.partition(b"\n")
            free = self._free_name(name.decode(), planned)
            planned[free] = _digest(content)
        self._names = list(planned)
        return list(planned.items())

    def append(self, payloads: Sequence[bytes]) -> Mark:
        """Write the files under the names that `plan` found."""
        for name, payload in zip(self._names, payloads, strict=True):
            self._write(name, payload.partition(b"\n")[2])
        if payloads:
            sync_folder(self._folder)
        self._written += len(payloads)
        self._names = []
        return self._written

    def _write(self, name: str, content: bytes) -> None:
        """Under a temporary name first; `link` fails where `rename` would overwrite."""
        temporary = self._folder / f".scrubber-{os.getpid()}.tmp"
        try:
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            _give_name(temporary, self._folder / name)
        finally:
            temporary.unlink(missing_ok=True)

    def _free_name(self, name: str, planned: Mapping[str, str]) -> str:
        stem, number, free = name.removesuffix(".md"), 1, name
        while free in planned or (self._folder / free).exists():
            number += 1
            free = f"{stem}-{number}.md"
        return free

    def close(self) -> None:
        """Nothing stays open."""

    def finish(self, failures: Iterable[str]) -> None:
        """Nothing to do."""
        del failures

    def remove(self) -> None:
        """Remove the files that have names of ours."""
        for path in self._folder.glob("*.md"):
            if _OURS.match(path.name):
                path.unlink()


def _give_name(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)
    except OSError as exc:
        if exc.errno not in _NO_LINKS:
            raise
        if path.exists():
            raise FileExistsError(errno.EEXIST, "it stands there already", str(path)) from exc
        temporary.rename(path)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
