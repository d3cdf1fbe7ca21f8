"""Every command and snippet of the README runs here (installing is done by `.ci/run`, in full)."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BIN = Path(sys.executable).parent

_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SNIPPETS = [body for language, body in _FENCED.findall(README) if language == "python"]
COMMANDS = [
    line
    for language, body in _FENCED.findall(README)
    if language in {"bash", "console"}
    for line in body.splitlines()
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like a fresh clone; one for all, as the commands follow each other."""
    tmp_path = tmp_path_factory.mktemp("checkout")
    for name in ("samples", "tests", "README.md"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    return tmp_path


def test_readme_has_both_commands_and_a_snippet() -> None:
    assert "<!-- run-command -->" in README
    assert "<!-- test-command -->" in README
    assert SNIPPETS


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_snippet_runs(
    snippet: str, checkout: Path, monkeypatch: pytest.MonkeyPatch, sample_site: str
) -> None:
    monkeypatch.chdir(checkout)
    address = sample_site.removesuffix("/")
    exec(compile(snippet.replace("http://localhost:8000", address), "README.md", "exec"), {})


@pytest.mark.parametrize("command", COMMANDS)
def test_command_runs(command: str, checkout: Path, sample_site: str) -> None:
    """Installing and the test command itself are left to `.ci/run`; bench scripts to the gate."""
    steps = [step for step in command.split(" && ") if not _is_left_to_ci(step)]
    for step in steps:
        local = step.replace(".venv/bin/", f"{BIN}/").replace(
            "http://localhost:8000", sample_site.removesuffix("/")
        )
        local = re.sub(r"(^|\| )scrubber ", rf"\1{BIN}/scrubber ", local)
        done = subprocess.run(
            local, shell=True, cwd=checkout, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, f"{step}\n{done.stdout}\n{done.stderr}"


def _is_left_to_ci(step: str) -> bool:
    marks = ("-m venv", "pip install", "/pytest", ".ci/run", "tests/bench/", "scorer.train")
    return any(mark in step for mark in marks)
