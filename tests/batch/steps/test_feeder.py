"""The thread that reads inputs: whatever a source does, the job hears of it and goes on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scrubber.batch.entries import Entry
from scrubber.batch.steps.feeder import guarded


@pytest.mark.parametrize(
    "error", [RuntimeError("odd"), RecursionError(), MemoryError(), KeyError("x"), EOFError("cut")]
)
def test_source_that_fails_in_any_way_is_one_failure(error: Exception) -> None:
    def stream() -> Iterator[Entry]:
        yield Entry(url="u", key="u")
        raise error

    first, last = guarded("list", stream())
    assert (first.url, last.url) == ("u", "list: the rest")
    assert last.problem is not None
    assert last.problem[0] == "unreadable_file"
    assert last.problem[1].startswith("the rest of list cannot be read: ")
    assert not last.problem[1].endswith(": ")
