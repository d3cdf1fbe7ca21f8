"""Runs a command with a pipe as its descriptors 3 and 4, bounded memory and, at best, no network.

    python jail.py READ WRITE MAX_BYTES COMMAND...

A file of its own, because it runs between fork and exec: in the parent, threads would make that
unsafe. The bound on memory is each process's own, so a page that grows without end brings down the
process that shows it and no other. A network namespace without devices is the kernel's promise that
the browser reaches nothing; where it is not allowed (no privileges, no user namespaces) the
browser's own rules remain.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import resource
import sys
from pathlib import Path

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


def main() -> None:
    """Replace this process by the command."""
    read, write, max_bytes, *command = sys.argv[1:]
    # Out of the way first: one of the two may be number 3 or 4 itself.
    ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in (read, write)]
    for number, end in zip((3, 4), ends, strict=True):
        os.dup2(end, number)
        os.close(end)
    for end in {int(read), int(write)} - {3, 4}:
        os.close(end)
    with contextlib.suppress(OSError, ValueError):
        # What it may write, not what it reserves: a browser reserves terabytes and uses little.
        resource.setrlimit(resource.RLIMIT_DATA, (int(max_bytes), int(max_bytes)))
    with contextlib.suppress(OSError, AttributeError):
        _leave_network()
    os.execvp(command[0], command)


def _leave_network() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) == 0:
        return
    user, group = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
        # Without these lines we would be nobody to the kernel, and our files a stranger's.
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


if __name__ == "__main__":
    main()
