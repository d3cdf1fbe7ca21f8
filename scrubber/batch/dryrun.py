"""What a batch would fetch, with duplicates, rubbish and robots.txt resolved; nothing is written.

One line of JSON for each input that is not plainly a duplicate word for word: `url`, `verdict`
(`fetch`, `read` for local pages, `duplicate`, or a failure's kind) and `message`.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from scrubber.batch.entries import Entry
from scrubber.batch.feeder import open_inputs
from scrubber.batch.journal import Journal
from scrubber.batch.options import BatchOptions
from scrubber.errors import ScrubberError
from scrubber.pipeline import Options

if TYPE_CHECKING:
    from scrubber.fetch.fetcher import Fetcher

_SCAN = 500


def dry_run(inputs: Sequence[str], options: Options, batch: BatchOptions, out: IO[str]) -> int:
    """Write the plan to `out`; returns how many inputs would not be fetched.

    Asks for robots.txt, but for no page. The journal that finds duplicates is a temporary one.
    """
    streams = open_inputs(inputs, batch)
    with tempfile.TemporaryDirectory(prefix="scrubber-") as folder:
        journal = Journal(Path(folder, "plan"))
        try:
            for _, stream in streams:
                while entries := [entry for _, entry in zip(range(_SCAN), stream, strict=False)]:
                    journal.add(entries)
            return asyncio.run(_tell(journal, options, out))
        finally:
            journal.close()


async def _tell(journal: Journal, options: Options, out: IO[str]) -> int:
    refused = 0
    async for line in _plan(journal, options):
        refused += line["verdict"] not in ("fetch", "read", "duplicate")
        print(json.dumps(line, ensure_ascii=False), file=out)
    rows = journal.query("SELECT d.url, e.url FROM duplicate d JOIN entry e ON e.id = d.entry")
    for url, first in rows:
        line = {"url": url, "verdict": "duplicate", "message": f"the same as {first}"}
        print(json.dumps(line, ensure_ascii=False), file=out)
    return refused


async def _plan(journal: Journal, options: Options) -> AsyncIterator[dict[str, str]]:
    """Verdicts in input order, a few hundred hosts asked at a time."""
    from scrubber.fetch.fetcher import Fetcher  # loads httpx: not at import time

    last = 0
    async with Fetcher(options.fetch) as fetcher:
        while entries := journal.waiting(last, _SCAN):
            last = entries[-1].id
            for line in await asyncio.gather(*[_verdict(entry, fetcher) for entry in entries]):
                yield line


async def _verdict(entry: Entry, fetcher: Fetcher) -> dict[str, str]:
    if entry.problem is not None:
        return {"url": entry.url, "verdict": entry.problem[0], "message": entry.problem[1]}
    if entry.path is not None:
        return {"url": entry.url, "verdict": "read", "message": entry.path}
    try:
        await fetcher.allowed(entry.url)
    except ScrubberError as error:
        return {"url": entry.url, "verdict": error.kind, "message": error.message}
    return {"url": entry.url, "verdict": "fetch", "message": ""}
