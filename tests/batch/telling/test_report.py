"""The report's figures, from a journal whose facts are known."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scrubber.batch.books.journal import Journal
from scrubber.batch.entries import Entry, Facts, Outcome
from scrubber.batch.telling.report import describe_report, make_report


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Two hundred records; number n took n ms to fetch, 2n to extract, 3n to clean, 4n to write."""
    journal = Journal(tmp_path / "out.journal")
    journal.add([Entry(url=f"u{n}", key=f"u{n}", host="h") for n in range(200)])
    outcomes = [
        Outcome(entry, payload=b"{}", facts=_facts(entry.id / 1000))
        for entry in journal.waiting(0, 200)
    ]
    with journal.transaction():
        journal.settle(outcomes)
    yield journal
    journal.close()


def _facts(step_s: float) -> Facts:
    return Facts(fetch_s=step_s, extract_s=2 * step_s, clean_s=3 * step_s, write_s=4 * step_s)


def test_stages_are_told_apart(journal: Journal) -> None:
    seconds = make_report(journal)["seconds"]
    medians = {stage: times["p50"] for stage, times in seconds.items()}
    assert medians == {"fetch": 0.101, "extract": 0.202, "clean": 0.303, "write": 0.404}


def test_percentiles_are_times_that_pages_took(journal: Journal) -> None:
    assert make_report(journal)["seconds"]["fetch"] == {"p50": 0.101, "p95": 0.191, "p99": 0.199}


def test_percentile_of_a_single_page_is_its_time(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "out.journal")
    journal.add([Entry(url="u", key="u")])
    with journal.transaction():
        journal.settle([Outcome(journal.waiting(0, 1)[0], payload=b"{}", facts=_facts(0.5))])
    seconds = make_report(journal)["seconds"]
    journal.close()
    assert seconds["fetch"] == {"p50": 0.5, "p95": 0.5, "p99": 0.5}


def test_failures_take_no_part_in_stages_that_they_did_not_reach(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "out.journal")
    journal.add([Entry(url="u", key="u")])
    assert make_report(journal)["seconds"] == {
        "fetch": {}, "extract": {}, "clean": {}, "write": {}
    }  # fmt: skip
    journal.close()


def test_report_for_people_names_every_stage(journal: Journal) -> None:
    lines = describe_report(make_report(journal)).splitlines()
    assert "clean       p50 303.0 ms, p95 573.0 ms, p99 597.0 ms" in lines
