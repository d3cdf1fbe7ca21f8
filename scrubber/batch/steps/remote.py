"""Lists on servers, for the thread that reads inputs, through the job's own guarded fetcher."""

from __future__ import annotations

import asyncio
from concurrent.futures import CancelledError
from contextlib import suppress

from scrubber.batch.steps.net import Net
from scrubber.errors import InputError


class RemoteLists:
    """`fetch` blocks its thread while the event loop, which `serve` names, fetches."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._net: Net | None = None

    def serve(self, net: Net) -> None:
        """Fetch by this net, on the running loop."""
        self._loop, self._net = asyncio.get_running_loop(), net

    def fetch(self, url: str) -> bytes:
        """The list's bytes. Raises `FetchError`, `InputError`."""
        assert self._loop is not None, "inputs are read when the job runs"
        assert self._net is not None
        with suppress(CancelledError):
            fetching = asyncio.run_coroutine_threadsafe(self._net.fetch_list(url), self._loop)
            return fetching.result()
        raise InputError(f"{url}: the job ended before it was fetched", url=url)
