"""The fetcher against a server that lies, floods, stalls and breaks off: one failure each, of the
right kind, and no harm to anyone else."""

from __future__ import annotations

import asyncio
import contextlib
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from fetching import failure, fetch, local
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from servers.hostile import CRIPPLED, HOSTILE, PAGE, TIMEOUTS
from servers.raw import Exchange, RawServer, respond

from scrubber.errors import FetchError, InputError
from scrubber.fetch.fetcher import Fetcher

BOUNDS: dict[str, Any] = {"max_wire_bytes": 11_000_000, "max_decoded_bytes": 12_000_000}
HASTE: dict[str, Any] = {"idle_s": 0.4, "timeout_s": 1.5}  # for what does not end by itself


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_answer_is_one_failure_of_the_right_kind(name: str) -> None:
    behave, kinds = HOSTILE[name]
    target = "/" + name.replace(" ", "-")
    with RawServer({target: behave}) as server:
        error = failure(server.url(target), **BOUNDS, **(HASTE if kinds == TIMEOUTS else {}))
        assert isinstance(error, (FetchError, InputError))
        assert error.kind in kinds, f"{error.kind}: {error}"
        assert error.url
        assert str(error).strip()


@pytest.mark.parametrize("name", CRIPPLED)
def test_crippled_answer_still_gives_its_page(name: str) -> None:
    with RawServer({"/": CRIPPLED[name]}) as server:
        page = fetch(server.url("/"), **BOUNDS)
    assert "Words that anyone can read" in page.html
    assert page.html.count("<p>Words") >= 95


def test_cut_off_page_is_marked_as_truncated() -> None:
    body = PAGE[: len(PAGE) * 3 // 4]
    with RawServer({"/": respond(body, length=len(PAGE))}) as server:
        assert fetch(server.url("/")).truncated


def test_page_that_misses_only_its_padding_is_not_called_truncated() -> None:
    with RawServer({"/": respond(PAGE, length=len(PAGE) + 50)}) as server:
        assert not fetch(server.url("/")).truncated


def test_good_pages_arrive_among_all_the_bad_ones() -> None:
    """All under way at once in one fetcher: what ends does so, what hangs keeps nobody."""
    hanging = {name for name, (_, kinds) in HOSTILE.items() if kinds == TIMEOUTS}
    bad = {f"/bad/{n}": name for n, name in enumerate(HOSTILE)}
    routes = {target: HOSTILE[name][0] for target, name in bad.items()}
    good = {f"/good/{n}": respond(PAGE) for n in range(50)}

    async def run() -> tuple[list[str | None], dict[str, bool]]:
        async def one(url: str) -> str | None:
            try:
                return (await fetcher.fetch(url)).html
            except (FetchError, InputError):
                return None

        # Each answer has a host of its own: all of 127.0.0.0/8 leads to this machine.
        async with Fetcher(local(**BOUNDS)) as fetcher:
            tasks = {
                name: asyncio.create_task(one(server.url(target, host=f"127.1.0.{n + 1}")))
                for n, (target, name) in enumerate(bad.items())
            }
            fine = [one(server.url(f"/good/{n}", host=f"127.2.0.{n + 1}")) for n in range(50)]
            pages = await asyncio.gather(*fine)
            ended = await asyncio.gather(*(tasks[name] for name in HOSTILE if name not in hanging))
            under_way = {name: not tasks[name].done() for name in hanging}
            for name in hanging:
                tasks[name].cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)
        assert set(ended) == {None}
        return pages, under_way

    with RawServer(routes | good, host="0.0.0.0") as server:
        pages, under_way = asyncio.run(run())
    assert pages == [PAGE.decode()] * 50
    assert under_way == dict.fromkeys(hanging, True)


@pytest.mark.parametrize(
    "name", ["gzip bomb", "br bomb", "zstd bomb", "gzip in gzip bomb", "endless body"]
)
def test_bomb_costs_no_more_memory_than_its_bound(name: str) -> None:
    with RawServer({"/": HOSTILE[name][0]}) as server:
        tracemalloc.start()
        try:
            failure(server.url("/"), **BOUNDS)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 3 * BOUNDS["max_decoded_bytes"]


def test_leftover_bytes_are_no_answer_to_the_next_request() -> None:
    smuggled = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nevil"
    first = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\ngood" + smuggled
    )

    async def behave(exchange: Exchange) -> None:
        exchange.keep = True
        await exchange.send(first)

    async def run() -> list[str]:
        async with Fetcher(local()) as fetcher:
            return [(await fetcher.fetch(server.url(path))).html for path in ("/a", "/b")]

    with RawServer({"/a": behave, "/b": respond(b"good")}) as server:
        assert asyncio.run(run()) == ["good", "good"]


@pytest.fixture(scope="module")
def echo() -> Iterator[tuple[RawServer, list[bytes]]]:
    """A server that answers with the bytes that stand last in the list."""
    answers: list[bytes] = []

    async def behave(exchange: Exchange) -> None:
        await exchange.send(answers[-1])

    with RawServer({"/": behave}) as server:
        yield server, answers


HEADS = [b"", b"HTTP/1.1 200 OK\r\n"]
HEADER_LINES = st.sampled_from(
    [
        b"Content-Length: 3\r\n",
        b"Content-Length: -1\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Content-Encoding: br\r\n",
        b"Content-Type: text/html; charset=utf-16\r\n",
        b"Content-Type: \xff\r\n",
        b"Refresh: 0; url=http://[\r\n",
        b"Set-Cookie: a=b; domain=.com\r\n",
        b"Connection: upgrade\r\n",
        b"Retry-After: soon\r\n",
        b" folded\r\n",
        b"no colon\r\n",
        b"\r\n",
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(HEADS),
    st.lists(HEADER_LINES, max_size=4),
    st.binary(max_size=200) | st.sampled_from([b"3\r\nabc\r\n0\r\n\r\n", b"5\r\nab", b"<p>x"]),
)
def test_any_answer_gives_a_page_or_a_typed_error(
    echo: tuple[RawServer, list[bytes]], head: bytes, lines: list[bytes], body: bytes
) -> None:
    server, answers = echo
    answers[:] = [head + b"".join(lines) + body]
    with contextlib.suppress(FetchError, InputError):
        assert fetch(server.url("/"), **BOUNDS, **HASTE).status == 200
