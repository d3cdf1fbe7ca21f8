"""What the tests of fetching share: options for loopback, and one call that fetches."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from scrubber.errors import ScrubberError
from scrubber.fetch import FetchOptions
from scrubber.fetch.fetcher import Fetcher
from scrubber.fetch.lookup import Lookup
from scrubber.models import Page


def local(**changes: Any) -> FetchOptions:
    """Options for a server on loopback: private addresses open, nothing waits for long."""
    defaults: dict[str, Any] = {
        "allow_private": True,
        "respect_robots": False,
        "delay_s": 0.0,
        "backoff_s": 0.001,
        "retries": 0,
        "timeout_s": 10.0,
    }
    return FetchOptions(**{**defaults, **changes})


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
