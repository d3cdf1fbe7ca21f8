"""Lanes: order, pauses, rests; and what they cost when hosts are many."""

from __future__ import annotations

import asyncio

import pytest
from fetching import time_passes

from scrubber.errors import HostPaused
from scrubber.fetch.politeness import PRUNE_EVERY, Politeness, lane_key
from scrubber.fetch.urls import parse_url

A = parse_url("http://a.test/")
B = parse_url("http://b.test/")


def lanes() -> Politeness:
    return Politeness(max_failures=3, rest_s=3600.0)


def test_callers_are_served_in_the_order_in_which_they_came() -> None:
    async def run() -> list[int]:
        politeness, order = lanes(), []

        async def one(number: int) -> None:
            async with politeness.turn(A, pause_s=0.001):
                order.append(number)

        await asyncio.gather(*(one(number) for number in range(20)))
        return order

    assert asyncio.run(run()) == list(range(20))


def test_pause_lies_between_the_end_of_one_request_and_the_start_of_the_next() -> None:
    async def run() -> float:
        politeness, clock = lanes(), asyncio.get_running_loop().time
        async with politeness.turn(A, pause_s=0.1):
            await asyncio.sleep(0.05)
            ended = clock()
        async with politeness.turn(A, pause_s=0.1):
            return clock() - ended

    assert asyncio.run(run()) >= 0.099


def test_follow_up_waits_for_its_turn_but_not_for_the_pause() -> None:
    async def run() -> float:
        politeness, clock = lanes(), asyncio.get_running_loop().time
        async with politeness.turn(A, pause_s=36000.0):
            ended = clock()
        async with politeness.turn(A, pause_s=36000.0, follow_up=True):
            return clock() - ended

    assert asyncio.run(run()) < 3600


def test_other_hosts_go_on_while_one_is_held() -> None:
    async def run() -> bool:
        politeness = lanes()
        async with politeness.turn(A, pause_s=30.0), politeness.turn(B, pause_s=30.0):
            return True

    assert asyncio.run(run())


def test_back_off_delays_the_next_request() -> None:
    async def run() -> float:
        politeness, clock = lanes(), asyncio.get_running_loop().time
        started = clock()
        politeness.back_off(A, 0.1)
        async with politeness.turn(A, pause_s=0.0):
            return clock() - started

    assert asyncio.run(run()) >= 0.099


def test_rest_ends_and_one_more_failure_renews_it() -> None:
    async def run() -> None:
        politeness, skip = lanes(), time_passes()
        for _ in range(3):
            politeness.failed(A)
        with pytest.raises(HostPaused):
            await politeness.turn(A, pause_s=0.0).__aenter__()
        skip(3601.0)
        async with politeness.turn(A, pause_s=0.0):
            politeness.failed(A)
        with pytest.raises(HostPaused):
            await politeness.turn(A, pause_s=0.0).__aenter__()

    asyncio.run(run())


def test_an_answer_clears_the_failures() -> None:
    async def run() -> None:
        politeness = lanes()
        for _ in range(9):
            politeness.failed(A)
            politeness.failed(A)
            async with politeness.turn(A, pause_s=0.0):
                politeness.answered(A)

    asyncio.run(run())


def test_turn_that_is_cancelled_while_waiting_leaves_the_lane_free() -> None:
    async def run() -> bool:
        politeness = lanes()

        async def wait() -> None:
            async with politeness.turn(A, pause_s=0.0):
                pass

        async with politeness.turn(A, pause_s=0.0):
            waiting = asyncio.create_task(wait())
            await asyncio.sleep(0.01)
            waiting.cancel()
        async with asyncio.timeout(600), politeness.turn(A, pause_s=0.0):
            return True

    assert asyncio.run(run())


def test_lanes_of_hosts_that_are_done_are_dropped() -> None:
    async def run() -> int:
        politeness = lanes()
        for number in range(PRUNE_EVERY + 10):
            async with politeness.turn(parse_url(f"http://h{number}.test/"), pause_s=0.0):
                pass
        return len(politeness._lanes)

    assert asyncio.run(run()) < 100


def test_http_and_https_are_one_host_and_an_unusual_port_another() -> None:
    assert lane_key(parse_url("http://a.test/")) == lane_key(parse_url("https://a.test/x"))
    assert lane_key(parse_url("http://a.test:8080/")) != lane_key(A)


def test_of_hosts_that_only_failed_the_last_ones_are_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scrubber.fetch.politeness.MAX_FAILING", 10)

    async def run() -> list[str]:
        politeness = lanes()
        for number in range(PRUNE_EVERY):
            url = parse_url(f"http://h{number}.test/")
            async with politeness.turn(url, pause_s=0):
                politeness.failed(url)
        return list(politeness._lanes)

    known = asyncio.run(run())
    assert known == [f"h{number}.test" for number in range(PRUNE_EVERY - 11, PRUNE_EVERY)]
