"""Bodies that come too slowly, by a clock that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace

import pytest

from scrubber.errors import FetchTimeout
from scrubber.fetch import FetchOptions
from scrubber.fetch.body import Body, read_body


def read(monkeypatch: pytest.MonkeyPatch, *, bytes_per_s: int, seconds: int) -> Body:
    now = 0.0
    monkeypatch.setattr("scrubber.fetch.body.time", SimpleNamespace(monotonic=lambda: now))

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal now
        for _ in range(seconds):
            now += 1.0
            yield b"x" * bytes_per_s

    return asyncio.run(read_body(chunks(), encodings=[], length=None, options=FetchOptions()))


def test_body_that_trickles_in_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FetchTimeout, match="127 bytes a second") as caught:
        read(monkeypatch, bytes_per_s=127, seconds=11)
    assert caught.value.kind == "too_slow"


def test_body_at_the_least_rate_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, bytes_per_s=128, seconds=50).wire_bytes == 128 * 50


def test_rate_counts_from_the_tenth_second_on(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, bytes_per_s=1, seconds=10).wire_bytes == 10
