"""The parent's side of the nursery (see `scrubber.batch.nursery`)."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections import deque
from typing import Any

from scrubber.batch.jobs import COMMAND, Setup, pack
from scrubber.errors import WorkerDied

_START_S = 60.0
_EXIT_S = 2.0
# One thread a worker: the workers are the parallelism, and thread pools do not survive a fork.
_ENVIRONMENT = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class WorkersUnavailable(WorkerDied):
    """No worker can be had at all: the job cannot go on."""

    default_kind = "workers_unavailable"


class Nurse:
    """Starts a nursery, and starts it again if it is killed."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._listening: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[None]
        self._births: deque[asyncio.Future[int]] = deque()
        self._exits: dict[int, asyncio.Future[int]] = {}
        self._starting = asyncio.Lock()

    async def start(self) -> None:
        """Start the nursery's process; it loads in the background."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        loop = asyncio.get_running_loop()
        self._control, self._ready = ours, loop.create_future()
        self._process = await asyncio.to_thread(_popen, theirs)
        theirs.close()
        await loop.sock_sendall(ours, pack(self._setup))
        self._listening = asyncio.create_task(self._listen(ours))

    async def stop(self) -> None:
        """End the nursery, its workers with it."""
        if self._listening is not None:
            self._listening.cancel()
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)

    async def fork(self, jobs: socket.socket, answers: socket.socket) -> int:
        """The process id of a new worker, which holds these two ends.

        Raises `WorkersUnavailable` where the nursery dies again and again before it has loaded.
        """
        for _ in range(3):
            control = self._control
            try:
                return await self._fork(jobs, answers)
            except (ConnectionError, TimeoutError) as error:
                async with self._starting:
                    lost = isinstance(error, ConnectionError) and self._control is control
                    if lost or self._listening is None or self._listening.done():
                        await self.stop()
                        await self.start()
        raise WorkersUnavailable("extraction processes cannot be started; see the messages above")

    async def _fork(self, jobs: socket.socket, answers: socket.socket) -> int:
        async with asyncio.timeout(_START_S):
            await asyncio.shield(self._ready)
            assert self._control is not None
            # Five bytes always fit; the call cannot block.
            descriptors = [jobs.fileno(), answers.fileno()]
            socket.send_fds(self._control, [COMMAND.pack(b"F", 0)], descriptors)
            # Only what was sent is answered: answers are matched to births by their order.
            birth: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            self._births.append(birth)
            return await birth

    async def kill(self, pid: int) -> None:
        """End a worker at once."""
        if self._control is not None and pid in self._exits:
            self._control.send(COMMAND.pack(b"K", pid))

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


def _popen(theirs: socket.socket) -> subprocess.Popen[bytes]:
    descriptor = theirs.fileno()
    return subprocess.Popen(
        [sys.executable, "-m", "scrubber.batch.nursery", str(descriptor)],
        pass_fds=[descriptor],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # the batch's own output may be a pipe that someone parses
        env={**os.environ, **_ENVIRONMENT},
    )
