"""One batch over a hostile server: good pages arrive, bad ones fail each in its own way, bounded."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from servers.hostile import HOSTILE
from servers.raw import RawServer, respond

MAX_MEMORY_MIB = 400  # of the parent or any worker, at its peak
GOOD = 60

# Runs a command and reports the highest memory that it or any of its children ever had.
WATCH = """
import resource, subprocess, sys
code = subprocess.call(sys.argv[1:])
scale = 1 if sys.platform == "darwin" else 1024
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * scale)
sys.exit(code)
"""

STORY = (
    b"<!doctype html><title>A harbour story</title><article><h1>A harbour story</h1>"
    + b"".join(
        b"<p>Paragraph %d tells how the harbour was quiet, and nobody on quay %d spoke of the storm.</p>"
        % (number, number * 7)
        for number in range(30)
    )
)


@dataclass(frozen=True)
class Outcome:
    """What the batch left behind. kinds: of failure, by the bad answer's name."""

    exit_code: int
    peak_bytes: int
    records: list[dict[str, Any]]
    kinds: dict[str, str]
    failures: int


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("hostile")
    names = {f"/{name.replace(' ', '-')}": name for name in HOSTILE}
    bad = {target: HOSTILE[name][0] for target, name in names.items()}
    good = {f"/story/{number}": respond(STORY) for number in range(GOOD)}
    with RawServer(bad | good, host="0.0.0.0") as server:
        # Every URL has a host of its own: all of 127.0.0.0/8 is this machine.
        urls = [
            server.url(target, host=f"127.3.{number // 250}.{number % 250 + 1}")
            for number, target in enumerate([*bad, *good])
        ]
        (folder / "urls.txt").write_text("\n".join(urls))
        command = [sys.executable, "-m", "scrubber", "run", str(folder / "urls.txt")]
        command += ["-o", str(folder / "out.jsonl"), "--allow-private", "--delay", "0"]
        command += ["--timeout", "4", "--ignore-robots"]
        done = subprocess.run(
            [sys.executable, "-c", WATCH, *command], capture_output=True, text=True, timeout=120
        )
    failures = read_lines(folder / "out.jsonl.failures.jsonl")
    return Outcome(
        done.returncode,
        int(done.stdout.rpartition("peak ")[2]),
        read_lines(folder / "out.jsonl"),
        {names["/" + row["url"].split("/", 3)[3]]: row["kind"] for row in failures},
        len(failures),
    )


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_good_page_arrives(outcome: Outcome) -> None:
    assert len(outcome.records) == GOOD
    assert {record["title"] for record in outcome.records} == {"A harbour story"}
    assert outcome.exit_code == 1


def test_every_bad_page_is_one_failure_of_the_right_kind(outcome: Outcome) -> None:
    assert outcome.failures == len(HOSTILE)
    # What never ends meets the deadline here, where all are fetched at once, or the bound on size.
    wrong = {
        name: kind
        for name, kind in outcome.kinds.items()
        if kind not in HOSTILE[name][1] | {"timeout"}
    }
    assert wrong == {}


def test_memory_stays_bounded(outcome: Outcome) -> None:
    assert outcome.peak_bytes < MAX_MEMORY_MIB * 1024 * 1024
