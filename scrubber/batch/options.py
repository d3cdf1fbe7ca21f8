"""What can be set for a batch beside the stages' own options."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from scrubber.errors import FAILURE_KINDS, InputError

InputType = Literal[
    "list",
    "csv",
    "tsv",
    "jsonl",
    "parquet",
    "page",
    "folder",
    "sitemap",
    "feed",
    "archive",
    "index",
]

_FLOORS = {"workers": 0, "deadline_s": 0, "memory_mb": 0, "max_failures": -1}  # all lie above


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How a batch runs.

    workers: extraction processes, `None` for one a core. deadline_s: wall-clock seconds that one
    page may take in a worker. memory_mb: what a worker may allocate beyond its start. restart:
    begin anew, overwriting the output. retry_failed: take failures up again, `True` for all or
    one kind's name. fields: the record's columns, `None` for the format's default. ordered: write
    in input order. max_failures: stop after that many. since: only sitemap and feed entries that
    changed then or later. log: a file that gets a JSON line for every settled input.
    refresh: ask again for URLs that are done, and add what changed. address_delay_s: between two
    requests to one IP address, whatever hosts they are for; `None` for the delay of a host.
    archive_base: the URL or folder that the file names in a crawl's index are relative to.
    site_memory: hold all records back, and write them at the end without what their sites repeat.
    Raises `InputError` for numbers that make no sense, and a kind of failure that there is not.
    """

    workers: int | None = None
    deadline_s: float = 30.0
    memory_mb: int = 1024
    restart: bool = False
    retry_failed: bool | str = False
    fields: tuple[str, ...] | None = None
    ordered: bool = False
    column: str | None = None
    input_type: InputType | None = None
    since: datetime | None = None
    max_failures: int | None = None
    log: Path | None = None
    refresh: bool = False
    address_delay_s: float | None = None
    archive_base: str | None = None
    site_memory: bool = False
    commit_interval_s: float = 0.2
    deferrals: int = 3  # times that a server may put one URL off before it fails
    busy_wait_s: float = 5.0  # after 429 and 503 that name no time; doubles for each URL
    longest_deferral_s: float = 3600.0

    def __post_init__(self) -> None:
        for name, floor in _FLOORS.items():
            number = getattr(self, name)
            if number is not None and not (isinstance(number, int | float) and number > floor):
                raise InputError(f"{name} is a number above {floor}, not {number!r}")
        kind = self.retry_failed
        if isinstance(kind, str) and kind not in FAILURE_KINDS:
            known = ", ".join(FAILURE_KINDS)
            raise InputError(f"no failure is of the kind {kind!r} to be retried; kinds are {known}")
