"""The command line as a user types it, in a process of its own."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import subprocess
import sys
import time
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
        ["run", "a.html", "-o", ""],
        ["run", "a.html", "-o", "."],
        ["report", "."],
        ["inspect", "a.html", "-o", "no/folder/i.html"],
        ["inspect", "a.html", "-o", "a.html"],
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


def test_dry_run_writes_nothing_and_says_what_would_be_done(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    listed = "a.html\nhttp://127.0.0.1/\nhttp://127.0.0.1/#top\nrubbish\n"
    (tmp_path / "list.lst").write_text(listed)
    done = scrubber("run", "list.lst", "-o", "out.jsonl", "--dry-run", cwd=tmp_path)
    verdicts = [json.loads(line)["verdict"] for line in done.stdout.splitlines()]
    assert verdicts == ["read", "address_refused", "invalid_url", "duplicate"]
    assert done.stderr == (
        "scrubber: dry run: 1 read, 1 duplicate, 1 address_refused, 1 invalid_url;"
        " nothing was written\n"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "list.lst"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_finishes_what_is_in_flight_and_can_be_resumed(
    tmp_path: Path, number: int, code: int
) -> None:
    names = [f"{n}.html" for n in range(300)]
    for name in names:
        (tmp_path / name).write_text(PAGE)
    (tmp_path / "list.lst").write_text("\n".join(names))
    out = tmp_path / "out.jsonl"
    # A second input that never ends: the job cannot be over before the signal comes.
    command = [sys.executable, "-m", "scrubber", "run", "list.lst", "-", "-o", "out.jsonl"]
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while process.poll() is None and not (out.exists() and out.stat().st_size):
        time.sleep(0.01)
    os.killpg(process.pid, number)  # the workers hear it too, as on a terminal
    assert process.wait() == code
    process.communicate()
    written = out.read_text()
    assert written.endswith("\n")
    assert scrubber("run", "list.lst", "-o", "out.jsonl", cwd=tmp_path).returncode == 0
    urls = [json.loads(line)["url"] for line in out.read_text().splitlines()]
    assert sorted(urls) == sorted(names)
    assert out.read_text().startswith(written)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--since", "yesterday"], "yesterday is no date such as 2026-01-31"),
        (["--deadline", "0"], "--deadline: must be more than 0"),
        (["--deadline", "nan"], "--deadline: must be 0 or more"),
        (["--timeout", "0"], "--timeout: must be more than 0"),
        (["--delay", "soon"], "--delay: must be 0 or more seconds, not soon"),
        (["--workers", "two"], "--workers: must be a whole number, 1 or more, not two"),
        (["--fields", ","], "--fields: must name something"),
        (["--log", "nowhere/log"], "there is no folder nowhere; make it first"),
        (["--retry-failed", "timeouts"], "no failure is of the kind 'timeouts'; an INPUT stands"),
    ],
)
def test_wrong_option_is_answered_with_what_is_right(
    tmp_path: Path, arguments: list[str], told: str
) -> None:
    (tmp_path / "p.html").write_text(PAGE)
    done = scrubber("run", "p.html", "-o", "out.jsonl", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert told in done.stderr


def test_list_whose_name_is_in_no_encoding_is_read(tmp_path: Path) -> None:
    (tmp_path / "p.html").write_text(PAGE)
    name = os.fsdecode(b"list\xff.txt")
    (tmp_path / name).write_text("p.html\n")
    done = scrubber("run", name, "-o", os.fsdecode(b"out\xff.jsonl"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr


def test_run_that_stopped_early_says_what_waits(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("".join(f"no{number}.html\n" for number in range(9)))
    options = ("--max-failures", "1", "--concurrency", "1")
    done = scrubber("run", "list.txt", "-o", "out.jsonl", *options, cwd=tmp_path)
    assert done.returncode == 1
    assert re.fullmatch(
        "scrubber: stopped by --max-failures 1: [0-9]+ inputs? waits?(, others are not read yet)?;"
        " the same command goes on with them",
        done.stderr.splitlines()[-1],
    )


def test_inputs_without_anything_to_read_are_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = scrubber("run", "empty", "-o", "out.jsonl", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr.splitlines()[-1] == (
        "scrubber: nothing to read was found in what INPUT names"
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
@pytest.mark.parametrize("command", [["get", "a.html"], ["clean", "a.txt"], ["report", "o.jsonl"]])
def test_output_that_cannot_be_written_is_told(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    (tmp_path / "a.txt").write_text("A bridge was mended in spring.\n\n" * 9)
    if command[0] == "report":
        assert scrubber("run", "a.html", "-o", "o.jsonl", cwd=tmp_path).returncode == 0
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "scrubber", *command],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
    told = "scrubber: the output cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, told)


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", [["run", "a.html", "-o", "o.jsonl"], ["clean", "a.html"]])
def test_job_without_standard_streams_runs(tmp_path: Path, command: list[str], closed: str) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "scrubber", *command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert command[0] == "clean" or (tmp_path / "o.jsonl").read_text().count("\n") == 1


def test_name_that_no_file_can_have_is_told(tmp_path: Path) -> None:
    name = "a" * 300
    done = scrubber("report", name, cwd=tmp_path)
    told = f"scrubber: {name}.journal: File name too long\n"
    assert (done.returncode, done.stderr) == (2, told)


def test_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    text = "".join(f"Bridge {number} was mended in spring.\n\n" for number in range(30_000))
    (tmp_path / "a.txt").write_text(text)
    command = [sys.executable, "-m", "scrubber", "clean", "a.txt"]
    with subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert (process.stderr.read(), process.wait()) == (b"", 1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_job_goes_on_when_nobody_reads_its_progress(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE)
    reading, gone = os.pipe()
    os.close(reading)
    for number, stderr in enumerate((gone, os.open("/dev/full", os.O_WRONLY))):
        command = [sys.executable, "-m", "scrubber", "run", "a.html", "-o", f"{number}.jsonl"]
        done = subprocess.run(command, cwd=tmp_path, stderr=stderr, check=False)
        os.close(stderr)
        assert len((tmp_path / f"{number}.jsonl").read_text().splitlines()) == 1
        assert done.returncode in (0, 120)  # what Python says where it cannot write its last words


def test_packed_text_is_unpacked_and_a_damaged_one_is_told(tmp_path: Path) -> None:
    text = "The old bridge was mended in spring.\n\n" * 20_000
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(text.encode()))
    done = scrubber("clean", "a.txt.gz", "--text", cwd=tmp_path)
    assert (done.returncode, done.stdout.count("bridge")) == (0, 20_000)
    (tmp_path / "b.txt.gz").write_bytes(gzip.compress(text.encode())[:-20])
    done = scrubber("clean", "b.txt.gz", "--text", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "b.txt.gz cannot be read" in done.stderr


def test_clean_without_a_standard_input_has_nothing_to_say(tmp_path: Path) -> None:
    code = "import sys; sys.stdin = None; from scrubber.cli import main; sys.exit(main(['clean', '-']))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_text_in_utf16_is_cleaned(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The bridge of Łódź was mended in spring.", encoding="utf-16")
    done = scrubber("clean", "a.txt", "--text", cwd=tmp_path)
    assert done.stdout == "The bridge of Łódź was mended in spring.\n"
