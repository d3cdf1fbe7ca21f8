"""A process that has everything loaded and does nothing but fork workers.

    python -m scrubber.batch.workers.nursery FD      FD: a Unix socket to the batch

A fork of a warm process is ready in milliseconds and shares its memory, where a fresh interpreter
would load and compile for half a second; and the batch itself, which has threads and an event
loop, must not fork. Commands are one byte: `F` (with the worker's sockets attached) forks, `K` with
a process id kills. Answers are lines: `pid N`, `exit N STATUS`. When the batch goes away, so does
the nursery, and the workers follow when their sockets close.
"""

from __future__ import annotations

import gc
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from scrubber.batch.workers.spawn import COMMAND, HELD_BACK

if TYPE_CHECKING:
    from scrubber.batch.workers.jobs import Setup


def main(descriptor: int) -> None:
    """Serve the socket `descriptor` until its other end closes."""
    settle_signals()  # before anything takes its time: Ctrl-C reaches the whole group
    with socket.socket(fileno=descriptor) as control, suppress(ConnectionError):
        setup = _warmed_up(control)
        if setup is not None:
            control.sendall(b"ready\n")
            _serve(control, setup)


def settle_signals() -> None:
    """Ctrl-C and SIGTERM reach the whole group; the parent alone decides what they mean."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD_BACK)


def _warmed_up(control: socket.socket) -> Setup | None:
    """Load all that workers need; what the batch wants of them, `None` where it has gone."""
    gc.disable()  # all that is loaded stays: looking for garbage in it costs a tenth of the time
    from scrubber.batch.workers.jobs import receive
    from scrubber.batch.workers.worker import warm_up

    setup: Setup | None = receive(control)
    if setup is not None:
        warm_up(setup)
        gc.freeze()  # forks share these objects; the collector must not touch (and so copy) them
    # What a page makes is freed by its last reference, but for a few cycles: looking for these at
    # every 700 objects, as is usual, would be 3 % of a worker's time, and now is 0.4 %.
    gc.set_threshold(5_000)
    gc.enable()
    return setup


def _serve(control: socket.socket, setup: Setup) -> None:
    """Obey until the batch goes away."""
    woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    children: set[int] = set()
    while True:
        readable, _, _ = select.select([control.fileno(), woken], [], [])
        if woken in readable:
            os.read(woken, 4096)
            _bury(control, children)
        if control.fileno() in readable and not _obey(control, setup, children):
            return


def _obey(control: socket.socket, setup: Setup, children: set[int]) -> bool:
    try:
        data, descriptors, _, _ = socket.recv_fds(control, COMMAND.size, 2)
    except ConnectionError:
        return False
    if len(data) < COMMAND.size:
        return False
    command, number = COMMAND.unpack(data)
    if command == b"F":
        pid = _fork(control, descriptors, setup)
        children.add(pid)
        for descriptor in descriptors:
            os.close(descriptor)
        control.sendall(b"pid %d\n" % pid)
    elif number in children:  # not buried yet: the number cannot have passed to another process
        os.kill(number, signal.SIGKILL)
    return True


def _fork(control: socket.socket, descriptors: list[int], setup: Setup) -> int:
    from scrubber.batch.workers.worker import serve

    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        control.close()
        jobs, answers = (socket.socket(fileno=descriptor) for descriptor in descriptors)
        with jobs, answers, suppress(ConnectionError):
            serve(jobs, answers, setup)
        status = 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        # Not sys.exit: the nursery's own clean-up must not run in a worker.
        os._exit(status)


def _bury(control: socket.socket, children: set[int]) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        children.discard(pid)
        with suppress(OSError):
            control.sendall(b"exit %d %d\n" % (pid, os.waitstatus_to_exitcode(status)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
