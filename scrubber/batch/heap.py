"""The heap of a process through which large buffers pass.

The C library learns from what is freed: after one page of 5 MB it takes all buffers up to that size
from the heap, where the small objects between them keep it from giving anything back. A job would
hold for ever what its worst moment needed, two to three times what is in use. Bounds that are set
are not learned.
"""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # names of mallopt(3)
_LARGE_BYTES = 1 << 20  # such a buffer has pages of its own, which go back when it is freed
_SPARE_BYTES = 8 << 20  # at the heap's end, so that it does not shrink and grow all the time


def give_back_large_buffers() -> None:
    """Set for the whole process; glibc only, and without effect elsewhere."""
    if not sys.platform.startswith("linux"):
        return
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MMAP_THRESHOLD, _LARGE_BYTES)
        mallopt(_TRIM_THRESHOLD, _SPARE_BYTES)
