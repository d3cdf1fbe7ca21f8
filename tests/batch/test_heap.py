"""Memory that goes back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

# Large buffers and, between them, small ones that stay: what a job's pages leave behind.
LEAVES_HOLES = """
import sys
from scrubber.batch.heap import give_back_large_buffers
if sys.argv[1] == "bounded":
    give_back_large_buffers()
for size in (6 << 20, 2 << 20):
    buffers, kept = [], []
    for _ in range(30):
        buffers.append(bytearray(b"x") * size)
        kept.append(bytearray(4096))
    del buffers
print(int(open("/proc/self/statm").read().split()[1]) * 4 // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, and is about glibc")
def test_large_buffers_go_back_though_small_ones_between_them_stay() -> None:
    def memory_mb(how: str) -> int:
        command = [sys.executable, "-c", LEAVES_HOLES, how]
        return int(subprocess.run(command, check=True, capture_output=True).stdout)

    learned = memory_mb("learned")
    if learned < 60:
        pytest.skip("this C library does not learn bounds")
    assert memory_mb("bounded") < learned // 2
