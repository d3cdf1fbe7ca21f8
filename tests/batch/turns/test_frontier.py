"""Whose turn it is: lanes, the lines of addresses, and the window on the journal."""

from __future__ import annotations

import pytest

from scrubber.batch.entries import Entry
from scrubber.batch.turns.domains import lane_of
from scrubber.batch.turns.frontier import FIRST_SHARE, Frontier


def entry(id: int, lane: str) -> Entry:
    return Entry(url=f"http://{lane}/{id}", key="", host=lane, lane=lane, id=id)


def offered(*lanes: str) -> Frontier:
    frontier = Frontier()
    frontier.offer([entry(id, lane) for id, lane in enumerate(lanes, 1)])
    return frontier


def take(frontier: Frontier, now: float = 0.0) -> Entry:
    taken = frontier.take(now)
    assert taken is not None
    return taken


@pytest.mark.parametrize(
    ("host", "lane"),
    [
        ("example.org", "example.org"),
        ("www.example.org", "example.org"),
        ("news.example.co.uk", "example.co.uk"),
        ("a.blogspot.com", "a.blogspot.com"),
        ("a.b.example.org:8443", "example.org:8443"),
        ("127.0.0.1:80", "127.0.0.1:80"),
        ("[::1]:8080", "[::1]:8080"),
        ("localhost", "localhost"),
        ("one.two.internal-name", "one.two.internal-name"),
    ],
)
def test_lane_of_a_host_is_its_registered_domain(host: str, lane: str) -> None:
    assert lane_of(host) == lane


def test_lane_has_one_entry_in_flight() -> None:
    frontier = offered("a", "a")
    take(frontier)
    assert frontier.take(9.0) is None


def test_lane_rests_after_a_request() -> None:
    frontier = offered("a", "a")
    take(frontier)
    frontier.release("a", 1.0, pause_s=2.0)
    assert frontier.take(2.9) is None
    assert take(frontier, 3.0).id == 2


def test_lanes_of_one_address_ask_one_after_the_other_in_turn() -> None:
    frontier = offered("a", "b", "c", "a", "b", "c")
    order, now = [], 0.0
    under_way: list[Entry] = []
    while len(order) < 6:
        while (taken := frontier.take(now)) is not None:
            if frontier.claim(taken, "192.0.2.1", now):
                under_way.append(taken)
        assert len(under_way) <= 1
        for done in under_way:
            order.append(done.lane)
            frontier.release(done.lane, now, pause_s=1.0, address_pause_s=1.0)
        under_way.clear()
        now += 0.5
    assert order == ["a", "b", "c", "a", "b", "c"]


def test_lane_that_stands_in_line_has_its_entry_back() -> None:
    frontier = offered("a", "b")
    assert frontier.claim(take(frontier), "192.0.2.1", 0.0)
    assert not frontier.claim(take(frontier), "192.0.2.1", 0.0)
    assert (frontier.size, frontier.take(9.0)) == (1, None)
    frontier.release("a", 9.0)
    assert take(frontier, 9.0).lane == "b"


def test_paused_lane_lets_the_next_in_line_pass() -> None:
    frontier = offered("a", "b", "c")
    assert frontier.claim(take(frontier), "192.0.2.1", 0.0)
    for _ in range(2):
        assert not frontier.claim(take(frontier), "192.0.2.1", 0.0)
    frontier.pause("b", 0.0, 10.0)
    frontier.release("a", 1.0)
    assert take(frontier, 1.0).lane == "c"
    frontier.release("c", 2.0)
    assert take(frontier, 10.0).lane == "b"


def test_lane_that_moves_to_another_address_frees_the_old_one() -> None:
    frontier = offered("a", "a")
    assert frontier.claim(take(frontier), "192.0.2.1", 0.0)
    frontier.release("a", 0.0)
    frontier.offer([entry(3, "b")])
    assert frontier.claim(take(frontier), "192.0.2.2", 0.0)
    assert frontier.claim(take(frontier), "192.0.2.1", 0.0)


def test_lane_beyond_its_share_stays_in_the_journal_until_its_turn() -> None:
    frontier = offered(*["a"] * (FIRST_SHARE + 3))
    for _ in range(FIRST_SHARE):
        take(frontier)
        frontier.release("a", 0.0)
    assert frontier.take(0.0) is None
    assert frontier.starved() == ("a", FIRST_SHARE)
    frontier.refill("a", [entry(id, "a") for id in (5, 6, 7)], last_id=None)
    assert (take(frontier).id, frontier.passed_over) == (5, 0)


def test_long_pause_gives_the_lanes_entries_back_to_the_journal() -> None:
    frontier = offered("a", "a", "a", "b")
    take(frontier)
    assert frontier.pause("a", 0.0, 600.0) == [2, 3]
    frontier.release("a", 0.0)
    assert (frontier.size, take(frontier).lane) == (1, "b")
    assert frontier.take(600.0) is None
    assert frontier.starved() == ("a", 1)


def test_idle_lanes_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrubber.batch.turns.frontier.WINDOW", 4)
    frontier = Frontier()
    for id in range(1, 9):
        frontier.offer([entry(id, f"lane{id}")])
        assert frontier.claim(take(frontier), f"192.0.2.{id}", 0.0)
        frontier.release(f"lane{id}", 0.0)
    assert (len(frontier._lanes), len(frontier._addresses)) == (0, 0)
