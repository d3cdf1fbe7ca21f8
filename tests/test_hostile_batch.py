"""One batch over a hostile server: good pages arrive, bad ones fail each in its own way, bounded."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from servers.hostile import HOSTILE, endless
from servers.raw import Exchange, RawServer, redirect, respond

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

# What these hosts answer when asked for robots.txt; all others have none.
ROBOTS = {
    "127.5.0.1": endless(b"HTTP/1.1 200 OK\r\n\r\n", b"User-agent: *\nAllow: /\n" * 999),
    "127.5.0.2": redirect("/robots.txt"),
    "127.5.0.3": respond(b"<html>\0\xff" * 9000),
    "127.5.0.4": redirect("http://169.254.169.254/latest/meta-data/"),
}


async def robots(exchange: Exchange) -> None:
    absent = respond(b"", status="404 Not Found")
    await ROBOTS.get(exchange.headers["host"].partition(":")[0], absent)(exchange)


@dataclass(frozen=True)
class Outcome:
    """What the batch left behind. kinds: of failure, by the bad answer's name, else by the host."""

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
    routes = {**bad, **good, "/robots.txt": robots, "/about": respond(STORY)}
    without_certificate = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with (
        RawServer(routes, host="0.0.0.0") as server,
        RawServer(tls=without_certificate, host="127.5.0.9") as secure,
    ):
        # Every URL has a host of its own: all of 127.0.0.0/8 is this machine.
        urls = [
            server.url(target, host=f"127.3.{number // 250}.{number % 250 + 1}")
            for number, target in enumerate([*bad, *good])
        ]
        urls += [server.url("/about", host=host) for host in ROBOTS] + [secure.url("/about")]
        (folder / "urls.txt").write_text("\n".join(urls))
        command = [sys.executable, "-m", "scrubber", "run", str(folder / "urls.txt")]
        command += ["-o", str(folder / "out.jsonl"), "--allow-private", "--delay", "0"]
        command += ["--timeout", "20"]  # good pages must come on the busiest machine
        done = subprocess.run(
            [sys.executable, "-c", WATCH, *command], capture_output=True, text=True
        )
    failures = read_lines(folder / "out.jsonl.failures.jsonl")
    return Outcome(
        done.returncode,
        int(done.stdout.rpartition("peak ")[2]),
        read_lines(folder / "out.jsonl"),
        {name_of(row["url"], names): row["kind"] for row in failures},
        len(failures),
    )


def name_of(url: str, names: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    return names.get(parts.path) or parts.hostname or ""


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_good_page_arrives(outcome: Outcome) -> None:
    assert len(outcome.records) == GOOD + 3
    assert {record["title"] for record in outcome.records} == {"A harbour story"}
    assert outcome.exit_code == 1


def test_every_bad_page_is_one_failure_of_the_right_kind(outcome: Outcome) -> None:
    assert outcome.failures == len(HOSTILE) + 2
    # What never ends meets the deadline here, where all are fetched at once, or the bound on size.
    wrong = {
        name: kind
        for name, kind in outcome.kinds.items()
        if name in HOSTILE and kind not in HOSTILE[name][1] | {"timeout"}
    }
    assert wrong == {}
    assert outcome.kinds["127.5.0.4"] == "address_refused"
    assert outcome.kinds["127.5.0.9"] == "tls_failed"


def test_memory_stays_bounded(outcome: Outcome) -> None:
    assert outcome.peak_bytes < MAX_MEMORY_MIB * 1024 * 1024
