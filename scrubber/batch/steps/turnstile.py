"""Who may fetch while pages wait to be read.

Near servers give pages faster than workers read them. Without a bound every place of the job would
hold a page that waits, and a row of large ones would take memory that no other moment needs.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable


class Turnstile:
    """`async with turnstile:` around a visit; waits where there is too much to read already.

    waiting_bytes: of the pages that wait just now. Beyond `most_bytes` nobody is let in; then each
    who leaves lets one in, or two while less than half of it waits.
    """

    def __init__(self, waiting_bytes: Callable[[], int], most_bytes: int) -> None:
        self._waiting_bytes = waiting_bytes
        self._most_bytes = most_bytes
        self._line: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> None:
        if not self._line and self._waiting_bytes() <= self._most_bytes:
            return
        turn = asyncio.get_running_loop().create_future()
        self._line.append(turn)
        try:
            await turn
        except BaseException:
            self._let_in()  # the turn may have come, and must not be lost
            raise

    async def __aexit__(self, *_: object) -> None:
        self._let_in()

    def _let_in(self) -> None:
        waiting = self._waiting_bytes()
        admitted = 0 if waiting > self._most_bytes else 1 if 2 * waiting > self._most_bytes else 2
        while admitted and self._line:
            turn = self._line.popleft()
            if not turn.done():
                turn.set_result(None)
                admitted -= 1
