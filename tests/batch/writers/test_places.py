"""Where an output can stand; what cannot be one is told before anything is written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scrubber.batch.writers import check_place
from scrubber.errors import OutputError


def refusal(output: Path) -> str:
    with pytest.raises(OutputError) as caught:
        check_place(output)
    return caught.value.message


@pytest.mark.parametrize("name", ["-", ".", "..", "/"])
def test_what_names_no_file_is_refused_with_one_that_does(name: str) -> None:
    assert refusal(Path(name)).endswith("give one, such as articles.jsonl")


def test_missing_folder_is_named(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no" / "out.jsonl").endswith(
        f"no folder {tmp_path / 'no'}; make it first"
    )


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.sqlite"])
def test_folder_in_place_of_a_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert "is a folder, and its format is one file" in refusal(tmp_path / name)


@pytest.mark.parametrize("name", ["out.parquet", "out.md", "out"])
def test_file_in_place_of_a_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x")
    assert "is a file, and its format is a folder of files" in refusal(tmp_path / name)


@pytest.mark.parametrize("name", ["out.jsonl", "out.parquet"])
def test_pipe_is_refused(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    assert refusal(tmp_path / name).endswith("could not be taken back after a kill; choose a file")


def test_device_is_refused() -> None:
    assert "is no file on a disk" in refusal(Path(os.devnull))


@pytest.mark.parametrize("name", ["out.jsonl", "naïve name.csv", os.fsdecode(b"\xff.md")])
def test_new_name_is_fine(tmp_path: Path, name: str) -> None:
    check_place(tmp_path / name)
