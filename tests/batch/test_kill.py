"""kill -9 of the whole process group at random moments, then the same command again.

`SCRUBBER_KILL_ROUNDS` and `SCRUBBER_KILL_PAGES` make it as thorough as one likes (25 and 1000 are
the promise; the default keeps the suite quick). `SCRUBBER_KILL_SEED` repeats one history.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from batching import page_html
from outputs import FORMATS, urls_in

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("SCRUBBER_KILL_ROUNDS", "4"))
PAGES = int(os.environ.get("SCRUBBER_KILL_PAGES", "400"))
SEED = os.environ.get("SCRUBBER_KILL_SEED", "bridges")
RUBBISH = [f"rubbish {number}" for number in range(5)]


@pytest.fixture(scope="module")
def page_list(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("job")
    names = [f"{number:04}.html" for number in range(PAGES)]
    for number, name in enumerate(names):
        (folder / name).write_text(page_html(number))
    lines = [*names, *RUBBISH]
    random.Random(SEED).shuffle(lines)
    (folder / "list.lst").write_text("\n".join(lines) + "\n")
    return folder / "list.lst"


def start(page_list: Path, out: Path, site_memory: bool) -> subprocess.Popen[bytes]:
    # Small commits: the more often files and journal are written, the more moments to be killed in.
    code = (
        "import sys; from scrubber.batch import BatchOptions; from scrubber.batch.engine import run_batch;"
        f"options = BatchOptions(workers=2, commit_interval_s=0.01, site_memory={site_memory});"
        "sys.exit(run_batch([sys.argv[1]], sys.argv[2], batch=options).exit_code)"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(page_list), str(out)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
        stderr=subprocess.PIPE,
    )


def settled(out: Path) -> int:
    """How many inputs the journal has settled, as its other readers see it."""
    journal = out.with_name(out.name + ".journal")
    try:
        with closing(sqlite3.connect(f"{journal.as_uri()}?mode=ro", uri=True)) as db:
            found = db.execute("SELECT count(*) FROM entry WHERE state > 2").fetchone()
    except sqlite3.Error:  # it is not there yet, or being opened
        return 0
    return int(found[0])


def kill_somewhere(process: subprocess.Popen[bytes], dice: random.Random, out: Path) -> bool:
    """Kill the group at a random moment, mostly after records begin to come. Whether it was alive."""
    enough = settled(out) + dice.randint(1, max(1, PAGES // ROUNDS))
    if dice.random() < 0.9:
        while process.poll() is None and settled(out) < enough:
            time.sleep(0.002)
    time.sleep(dice.random() * 0.1)
    alive = process.poll() is None
    if alive:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return alive


@pytest.mark.parametrize(
    ("suffix", "site_memory"), [*((suffix, False) for suffix in FORMATS), ("jsonl", True)]
)
def test_killed_batches_lose_nothing_and_double_nothing(
    tmp_path: Path, page_list: Path, suffix: str, site_memory: bool
) -> None:
    dice = random.Random(f"{SEED} {suffix}")
    out = tmp_path / f"out.{suffix}"
    kills = 0
    for _ in range(ROUNDS):
        kills += kill_somewhere(start(page_list, out, site_memory), dice, out)
        urls_in(out)  # readable at every moment
    process = start(page_list, out, site_memory)
    _, said = process.communicate()
    assert process.returncode == 1, said.decode()
    failures = out.with_name(out.name + ".failures.jsonl").read_text().splitlines()
    unexpected = [line for line in map(json.loads, failures) if line["url"] not in RUBBISH]
    assert unexpected == []
    assert sorted(json.loads(line)["url"] for line in failures) == RUBBISH
    assert urls_in(out) == sorted(f"{number:04}.html" for number in range(PAGES))
    if not kills:
        pytest.skip("the job was over before this machine came to kill it")
    told = f"{kills} of {ROUNDS} runs killed, {PAGES} pages, {suffix}: none lost, none doubled"
    print(told)  # noqa: T201 - shown by pytest -s
