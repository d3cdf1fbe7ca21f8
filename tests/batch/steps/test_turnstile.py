"""Fetching that waits for reading."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from scrubber.batch.steps.turnstile import Turnstile

MOST = 100


class Visits:
    """Visits whose pages stay unread until `leave`. waiting: bytes of such pages."""

    def __init__(self) -> None:
        self.waiting = 0
        self.inside: list[asyncio.Event] = []
        self._turnstile = Turnstile(lambda: self.waiting, MOST)
        self._tasks: list[asyncio.Task[None]] = []

    async def come(self, count: int = 1) -> asyncio.Task[None]:
        for _ in range(count):
            self._tasks.append(asyncio.create_task(self._visit()))
        await settled()
        return self._tasks[-1]

    async def leave(self) -> None:
        self.inside.pop(0).set()
        await settled()

    async def end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _visit(self) -> None:
        async with self._turnstile:
            read = asyncio.Event()
            self.inside.append(read)
            await read.wait()


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def with_visits(use: Callable[[Visits], Awaitable[None]]) -> None:
    async def main() -> None:
        visits = Visits()
        await use(visits)
        await visits.end()

    asyncio.run(main())


def test_nobody_is_let_in_while_too_much_waits_to_be_read() -> None:
    async def use(visits: Visits) -> None:
        await visits.come(3)
        visits.waiting = MOST + 1
        await visits.come(5)
        await visits.leave()
        assert len(visits.inside) == 2

    with_visits(use)


def test_each_who_leaves_lets_one_in_and_two_where_little_waits() -> None:
    async def use(visits: Visits) -> None:
        await visits.come(3)
        visits.waiting = MOST + 1
        await visits.come(9)
        visits.waiting = MOST
        await visits.leave()
        assert len(visits.inside) == 3
        visits.waiting = MOST // 2
        await visits.leave()
        assert len(visits.inside) == 4

    with_visits(use)


def test_a_turn_of_one_who_has_gone_is_the_next_ones() -> None:
    async def use(visits: Visits) -> None:
        await visits.come()
        visits.waiting = MOST + 1
        gone = await visits.come()
        await visits.come()
        visits.waiting = MOST
        visits.inside.pop(0).set()
        await asyncio.sleep(0)  # the turn has been given, and not been taken yet
        gone.cancel()
        await settled()
        assert len(visits.inside) == 1

    with_visits(use)
