"""What the tests of fetching share: options for loopback, and one call that fetches."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from scrubber.errors import ScrubberError
from scrubber.fetch import FetchOptions
from scrubber.fetch.fetcher import Fetcher
from scrubber.fetch.lookup import Lookup
from scrubber.models import Page

# What ends by itself is given all the time that a slow and busy machine may need.
PATIENT: dict[str, Any] = {
    "timeout_s": 600.0,
    "connect_s": 600.0,
    "idle_s": 600.0,
    "min_bytes_per_s": 0,
    "render_s": 180.0,
}


def local(**changes: Any) -> FetchOptions:
    """Options for a server on loopback: private addresses open, no pauses, no retries, patience.

    A test of what does not end by itself sets the bound that ends it, and fetches nothing else by
    that bound: no verdict may rest on how fast the machine is.
    """
    defaults: dict[str, Any] = {
        "allow_private": True,
        "respect_robots": False,
        "delay_s": 0.0,
        "backoff_s": 0.001,
        "retries": 0,
    }
    return FetchOptions(**{**PATIENT, **defaults, **changes})


def time_passes() -> Callable[[float], None]:
    """Makes the running event loop's clock jump: call the result with the seconds to skip."""
    loop = asyncio.get_running_loop()
    real, skipped = loop.time, 0.0

    def skip(seconds: float) -> None:
        nonlocal skipped
        skipped += seconds

    loop.time = lambda: real() + skipped  # type: ignore[method-assign]
    return skip


def fetch(url: str, *, lookup: Lookup | None = None, **changes: Any) -> Page:
    async def run() -> Page:
        async with Fetcher(local(**changes), lookup=lookup) as fetcher:
            return await fetcher.fetch(url)

    return asyncio.run(run())


def failure(url: str, *, lookup: Lookup | None = None, **changes: Any) -> ScrubberError:
    """The error that fetching `url` gives."""
    with pytest.raises(ScrubberError) as caught:
        fetch(url, lookup=lookup, **changes)
    return caught.value


def kind(url: str, *, lookup: Lookup | None = None, **changes: Any) -> str:
    return failure(url, lookup=lookup, **changes).kind
