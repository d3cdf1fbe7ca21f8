"""What a batch would fetch, with duplicates, rubbish and robots.txt resolved; nothing is written.

One line of JSON for each input that is not plainly a duplicate word for word: `url`, `verdict`
(`fetch`, `read` for local pages and captures in archives, `duplicate`, or a failure's kind) and
`message`.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import IO

from scrubber.batch.books.journal import Journal
from scrubber.batch.entries import Entry
from scrubber.batch.options import BatchOptions
from scrubber.batch.sources.files import shown
from scrubber.batch.steps.feeder import Stream, guarded, open_inputs
from scrubber.batch.steps.net import Net
from scrubber.batch.steps.remote import RemoteLists
from scrubber.errors import ScrubberError
from scrubber.logins import without_login
from scrubber.options import Options

_SCAN = 500
_GOOD = ("fetch", "read", "duplicate")  # verdicts that are no failure's kind


def dry_run(
    inputs: Sequence[str], options: Options, batch: BatchOptions, out: IO[str]
) -> Counter[str]:
    """Write the plan to `out`; returns how many inputs got each verdict.

    Asks for robots.txt, and for lists that are on servers, but for no page. The journal that finds
    duplicates is a temporary one.
    """
    lists = RemoteLists()
    streams = open_inputs(inputs, batch, lists.fetch)
    with tempfile.TemporaryDirectory(prefix="scrubber-") as folder:
        journal = Journal(Path(folder, "plan"))
        try:
            return asyncio.run(_tell(streams, lists, journal, options, out))
        finally:
            journal.close()


async def _tell(
    streams: Sequence[Stream], lists: RemoteLists, journal: Journal, options: Options, out: IO[str]
) -> Counter[str]:
    verdicts: Counter[str] = Counter()

    def tell(line: dict[str, str]) -> None:
        verdicts[line["verdict"]] += 1
        print(json.dumps(line, ensure_ascii=False), file=out)

    async with Net(replace(options.fetch, warc=None)) as net:
        lists.serve(net)
        await asyncio.to_thread(_read, streams, journal)
        async for line in _plan(journal, net):
            tell(line)
    rows = journal.query("SELECT d.url, e.url FROM duplicate d JOIN entry e ON e.id = d.entry")
    for url, first in rows:
        tell(_line(url, "duplicate", f"the same as {without_login(first)}"))
    return verdicts


def refused(verdicts: Counter[str]) -> int:
    """How many inputs would end as failures."""
    return verdicts.total() - sum(verdicts[name] for name in _GOOD)


def describe_plan(verdicts: Counter[str]) -> str:
    """The plan in one line: what a batch would do first, then failures, the most frequent first."""
    kinds = [kind for kind, _ in verdicts.most_common() if kind not in _GOOD]
    named = [f"{verdicts[name]:,} {name}" for name in (*_GOOD, *kinds) if verdicts[name]]
    return f"dry run: {', '.join(named) or 'no inputs'}; nothing was written"


def _read(streams: Sequence[Stream], journal: Journal) -> None:
    for name, stream in streams:
        entries = guarded(name, stream)
        while batch := list(islice(entries, _SCAN)):
            journal.add(batch)


async def _plan(journal: Journal, net: Net) -> AsyncIterator[dict[str, str]]:
    """Verdicts in input order, a few hundred hosts asked at a time."""
    last = 0
    while entries := journal.waiting(last, _SCAN):
        last = entries[-1].id
        for line in await asyncio.gather(*[_verdict(entry, net) for entry in entries]):
            yield line


async def _verdict(entry: Entry, net: Net) -> dict[str, str]:
    if entry.problem is not None:
        return _line(entry.url, *entry.problem)
    if entry.path is not None:
        return _line(entry.url, "read", shown(entry.path))
    try:
        await net.allowed(entry.url)
    except ScrubberError as error:
        return _line(entry.url, error.kind, error.message)
    return _line(entry.url, "fetch")


def _line(url: str, verdict: str, message: str = "") -> dict[str, str]:
    return {"url": without_login(url), "verdict": verdict, "message": message}
