"""The one thread on which ledger and journal are used; its queue keeps their calls in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Self, TypeVar

from scrubber.batch.books.ledger import Ledger

T = TypeVar("T")


class Desk:
    """`await desk.do(ledger.settle, outcomes)`; opens the ledger and closes it."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="scrubber-ledger")

    def __enter__(self) -> Self:
        try:
            self._thread.submit(self.ledger.open).result()
        except BaseException:
            self._thread.shutdown()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._thread.submit(self.ledger.close).result()
        finally:
            self._thread.shutdown()

    async def do(self, call: Callable[..., T], *values: object) -> T:
        """The result of a call that may block."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, partial(call, *values))
