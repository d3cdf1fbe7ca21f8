"""The command line as a user types it, in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "samples"
PAGE = (
    "<!doctype html><html lang='en'><head><title>Of bridges</title></head><body><article>"
    "<h1>Of bridges</h1>"
    + "<p>The old bridge was mended in spring, and the people who live beside it helped.</p>" * 6
    + "</article></body></html>"
)


def scrubber(*arguments: str, cwd: Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrubber", *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
        check=False,
    )


def test_samples_run_without_a_server(tmp_path: Path) -> None:
    done = scrubber("run", str(SAMPLES / "urls.txt"), "-o", "articles.jsonl", cwd=tmp_path)
    urls = [
        line
        for line in (SAMPLES / "urls.txt").read_text().splitlines()
        if line.strip() and not line.startswith("#")
    ]
    records = [json.loads(line) for line in (tmp_path / "articles.jsonl").read_text().splitlines()]
    assert done.returncode == 0, done.stderr
    assert sorted(record["url"] for record in records) == sorted(urls)


def test_progress_without_a_terminal_is_json_on_stderr(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    done = scrubber("run", "a.html", "-o", "out.jsonl", cwd=tmp_path)
    last = json.loads(done.stderr.splitlines()[-1])
    assert (last["event"], last["done"], last["failed"], done.stdout) == ("end", 1, 0, "")


def test_exit_code_is_1_when_an_input_failed(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    assert (
        scrubber("run", "-", "a.html", "-o", "o.jsonl", cwd=tmp_path, stdin="x\n").returncode == 1
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["run", "a.html"],
        ["run", "missing.txt", "-o", "o.jsonl"],
        ["run", "a.html", "-o", "no/folder/o.jsonl"],
        ["run", "a.html", "-o", "o.docx"],
        ["run", "a.html", "-o", "o.jsonl", "--workers", "0"],
        ["run", "a.html", "-o", "o.jsonl", "--fields", "nonsense"],
        ["report", "never-made.jsonl"],
    ],
)
def test_wrong_usage_is_a_sentence_and_exit_code_2(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    done = scrubber(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_get_prints_markdown_of_a_local_page(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    done = scrubber("get", "a.html", cwd=tmp_path)
    assert done.stdout.startswith("# Of bridges\n\nThe old bridge")


def test_get_prints_the_record_as_json(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    done = scrubber("get", "a.html", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["title"] == "Of bridges"


def test_get_of_a_page_without_content_fails_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_text("")
    done = scrubber("get", "empty.html", "--text", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("scrubber: empty.html")


def test_report_tells_what_a_batch_came_to(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    scrubber("run", "a.html", "-o", "out.jsonl", cwd=tmp_path)
    done = scrubber("report", "out.jsonl", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["inputs"]["done"] == 1
