"""The parent's side of the nursery (see `scrubber.batch.workers.nursery`)."""

from __future__ import annotations

import asyncio
import socket
from collections import deque
from typing import Any

from scrubber.batch.workers.jobs import Setup, pack
from scrubber.batch.workers.spawn import COMMAND, Nursery
from scrubber.errors import WorkerDied

_START_S = 60.0
_EXIT_S = 2.0


class WorkersUnavailable(WorkerDied):
    """No worker can be had at all: the job cannot go on."""

    default_kind = "workers_unavailable"


class Nurse:
    """Starts a nursery, and starts it again if it is killed. loading: one that was started."""

    def __init__(self, setup: Setup, loading: Nursery | None = None) -> None:
        self._setup = setup
        self._loading = loading
        self._nursery: Nursery | None = None
        self._listening: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[None]
        self._births: deque[asyncio.Future[int]] = deque()
        self._exits: dict[int, asyncio.Future[int]] = {}
        self._starting = asyncio.Lock()

    async def start(self) -> None:
        """Start the nursery's process; it loads in the background."""
        loop = asyncio.get_running_loop()
        self._ready = loop.create_future()
        nursery = await asyncio.to_thread(Nursery) if self._loading is None else self._loading
        self._nursery, self._loading = nursery, None
        nursery.control.setblocking(False)
        await loop.sock_sendall(nursery.control, pack(self._setup))
        self._listening = asyncio.create_task(self._listen(nursery.control))

    async def stop(self) -> None:
        """End the nursery, its workers with it."""
        if self._listening is not None:
            self._listening.cancel()
            await asyncio.wait([self._listening])
        if self._nursery is not None:
            await asyncio.to_thread(self._nursery.stop)

    async def fork(self, jobs: socket.socket, answers: socket.socket) -> int:
        """The process id of a new worker, which holds these two ends.

        Raises `WorkersUnavailable` where the nursery dies again and again before it has loaded.
        """
        for _ in range(3):
            nursery = self._nursery
            try:
                return await self._fork(jobs, answers)
            except (ConnectionError, TimeoutError) as error:
                async with self._starting:
                    lost = isinstance(error, ConnectionError) and self._nursery is nursery
                    if lost or self._listening is None or self._listening.done():
                        await self.stop()
                        await self.start()
        raise WorkersUnavailable("extraction processes cannot be started; see the messages above")

    async def _fork(self, jobs: socket.socket, answers: socket.socket) -> int:
        async with asyncio.timeout(_START_S):
            await asyncio.shield(self._ready)
            assert self._nursery is not None
            # Five bytes always fit; the call cannot block.
            descriptors = [jobs.fileno(), answers.fileno()]
            socket.send_fds(self._nursery.control, [COMMAND.pack(b"F", 0)], descriptors)
            # Only what was sent is answered: answers are matched to births by their order.
            birth: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            self._births.append(birth)
            return await birth

    async def kill(self, pid: int) -> None:
        """End a worker at once."""
        if self._nursery is not None and pid in self._exits:
            self._nursery.control.send(COMMAND.pack(b"K", pid))

    async def exit_status(self, pid: int) -> int | None:
        """How a worker ended: its exit status, or minus the signal's number; `None` if unknown."""
        exit = self._exits.get(pid)
        if exit is None:
            return None
        try:
            async with asyncio.timeout(_EXIT_S):
                return await asyncio.shield(exit)
        except (TimeoutError, ConnectionError):
            return None
        finally:
            self._exits.pop(pid, None)

    async def _listen(self, control: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        rest = b""
        try:
            while data := await loop.sock_recv(control, 4096):
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    self._hear(line.split())
        except ConnectionError:
            pass
        self._lose()

    def _hear(self, words: list[bytes]) -> None:
        if words[0] == b"ready":
            self._ready.set_result(None)
        elif words[0] == b"pid":
            pid = int(words[1])
            self._exits[pid] = asyncio.get_running_loop().create_future()
            birth = self._births.popleft()
            if not birth.done():
                birth.set_result(pid)
        elif (exit := self._exits.get(int(words[1]))) is not None and not exit.done():
            exit.set_result(int(words[2]))

    def _lose(self) -> None:
        """The nursery has died: whoever waits for it must not wait for ever."""
        lost = ConnectionResetError("the nursery died")
        waited_for: list[asyncio.Future[Any]] = [
            self._ready,
            *self._births,
            *self._exits.values(),
        ]
        for future in waited_for:
            if not future.done():
                future.set_exception(lost)
                future.exception()  # mark as seen: nobody may be waiting
        self._births.clear()
        self._exits.clear()
