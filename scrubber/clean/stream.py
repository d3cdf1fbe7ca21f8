"""Clean text or JSON Lines of any size in constant memory: `scrubber clean FILE|-`.

Plain text is read in windows of some hundred kilobytes that end at a blank line, so that no
paragraph is cut; only the first window has a document's beginning and only the last its end.
JSON Lines are cleaned record by record: the text field is replaced, what was removed stands
beside it under `removed`.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from scrubber.clean.options import CleanOptions
from scrubber.clean.text import JudgedText, draft_of, judge_text, read_text
from scrubber.errors import InputError
from scrubber.models import Draft, Removal
from scrubber.textfile import Damaged, as_text, name_unpacked, open_unpacked

_WINDOW_CHARS = 1 << 18
_JSON_LINES = (".jsonl", ".ndjson")


def windows(source: TextIO, size: int = _WINDOW_CHARS) -> Iterator[str]:
    """Read `source` in pieces of about `size` characters that end with a paragraph.

    A paragraph longer than a window is cut at a line's end, a longer line at a space.
    """
    held = ""
    while piece := source.read(size):
        held += piece
        if len(held) < size:
            continue
        at = _cut(held)
        if at:
            yield held[:at]
            held = held[at:]
    if held:
        yield held


def _cut(text: str) -> int:
    """Where the last paragraph, line or word of `text` begins; 0 keeps it growing a while."""
    for mark in ("\n\n", "\n", " "):
        at = text.rfind(mark)
        if at > len(text) // 2:
            return at + len(mark)
    return len(text) if len(text) > 4 * _WINDOW_CHARS else 0


def clean_stream(
    source: TextIO,
    *,
    language: str | None = None,
    options: CleanOptions = CleanOptions(),  # noqa: B008 - frozen, and the default is its documentation
) -> Iterator[JudgedText]:
    """Judge the text of `source` window by window, in constant memory.

    language: BCP 47; otherwise it is detected in the first window and kept.
    """
    held: str | None = None
    first = True
    for window in windows(source):
        if held is not None:
            page = judge_text(held, language=language, options=options, opens=first, closes=False)
            language, first = page.language, False
            yield page
        held = window
    if held is not None:
        yield judge_text(held, language=language, options=options, opens=first)


def clean_records(
    lines: Iterable[str],
    field: str = "text",
    *,
    options: CleanOptions = CleanOptions(),  # noqa: B008 - frozen, and the default is its documentation
) -> Iterator[dict[str, Any] | InputError]:
    """Clean the `field` of each JSON line; a line without it is yielded as an `InputError`."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _clean_record(line, number, field, options)


def _clean_record(
    line: str, number: int, field: str, options: CleanOptions
) -> dict[str, Any] | InputError:
    try:
        record = json.loads(line.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as exc:
        return InputError(f"line {number} is no JSON: {exc}")
    if not isinstance(record, dict) or not isinstance(record.get(field), str):
        message = f"line {number} has no text in a field {field!r}"
        return InputError(message, kind="missing_column")
    language = record.get("language")
    draft = read_text(
        record[field],
        url=record["url"] if isinstance(record.get("url"), str) else None,
        language=language if isinstance(language, str) else None,
        options=options,
    )
    title = record.get("title") or draft.metadata.title
    return record | {"title": title, field: text_of(draft), "removed": _plain(draft.removed)}


def text_of(draft: Draft) -> str:
    """The blocks as plain text, parted by blank lines."""
    return "\n\n".join([block.text for block in draft.blocks if block.text])


def _plain(removed: Iterable[Removal]) -> list[dict[str, Any]]:
    return [removal.model_dump() for removal in removed]


# ---- the command -------------------------------------------------------------------------------


def clean_command(args: Namespace) -> int:
    """Run `scrubber clean`; 0 where all was read, 1 where a record had to be left out.

    args: `page` (a path or `-`), `shape` (text, markdown or json), and where given `field` (of
    JSON Lines) and `language`. Raises `InputError` for a file that cannot be read.
    """
    field = getattr(args, "field", None)
    if field is None and name_unpacked(args.page).endswith(_JSON_LINES):
        field = "text"
    if args.page == "-":
        if isinstance(sys.stdin, TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace", newline="")
        return _clean(sys.stdin, field, args)
    try:
        with _opened(args.page) as source:
            return _clean(source, field, args)
    except Damaged as exc:
        message = f"the rest of {args.page} cannot be read: {exc}"
        raise InputError(message, url=args.page, kind="unreadable_file") from exc


def _opened(path: str) -> TextIO:
    """A file as text: UTF-8, or UTF-16 where its mark says so. Raises `InputError`."""
    try:
        return as_text(open_unpacked(Path(path)), newline="")  # the text closes the file
    except OSError as exc:
        message = f"{path} cannot be read: {exc.strerror or exc}"
        raise InputError(message, kind="unreadable_file") from exc


def _clean(source: TextIO, field: str | None, args: Namespace) -> int:
    if field is not None:
        return _write_records(clean_records(source, field))
    language = getattr(args, "language", None)
    shape = getattr(args, "shape", None) or "text"
    for number, page in enumerate(clean_stream(source, language=language)):
        text = _render(page, shape)
        if text:
            sys.stdout.write("\n" + text if number and shape != "json" else text)
    return 0


def _write_records(records: Iterable[dict[str, Any] | InputError]) -> int:
    failed = False
    for record in records:
        if isinstance(record, InputError):
            failed = True
            sys.stderr.write(f"{record}\n")
        else:
            sys.stdout.write(_dump(record) + "\n")
    return int(failed)


def _dump(record: dict[str, Any]) -> str:
    """The record as JSON; where it holds half a surrogate pair, which no file can, escaped."""
    line = json.dumps(record, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(record)
    return line


def _render(page: JudgedText, shape: str) -> str:
    """One window as text, Markdown or a line of JSON."""
    if shape == "text":
        return "".join([f"{'' if n == 0 else chr(10)}{p.text}\n" for n, p in enumerate(page.kept)])
    draft = draft_of(page, None)
    if shape == "markdown":
        return "\n\n".join([block.markdown for block in draft.blocks]) + "\n"
    record = {
        "language": page.language,
        "text": text_of(draft),
        "removed": _plain(draft.removed),
    }
    return json.dumps(record, ensure_ascii=False) + "\n"
