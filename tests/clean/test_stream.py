"""`scrubber clean`: text and JSON Lines of any size."""

import gzip
import io
import json
import tracemalloc
from argparse import Namespace
from pathlib import Path

import pytest

from scrubber.clean.stream import clean_command, clean_records, clean_stream, windows
from scrubber.errors import InputError

PROSE = "The harbour froze over in the first week of January, and the boats stayed in until March."
BANNER = "By using this website you agree to our use of cookies."


class _Endless(io.TextIOBase):
    """A text of `size` characters that exists only while it is read."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, count: int = -1) -> str:
        count = min(count, self._left)
        self._left -= count
        return (f"{PROSE}\n\n" * (count // len(PROSE) + 1))[:count]


def test_windows_together_are_the_text() -> None:
    text = f"{PROSE}\n\n" * 400
    assert "".join(windows(io.StringIO(text), 1000)) == text


def test_windows_end_with_a_paragraph() -> None:
    text = f"{PROSE}\n\n" * 400
    assert all(window.endswith("\n\n") for window in windows(io.StringIO(text), 1000))


def test_residue_goes_wherever_it_stands_in_a_stream() -> None:
    text = (f"{PROSE}\n\n" * 4000 + f"{BANNER}\n\n") * 3
    removed = [r.text for page in clean_stream(io.StringIO(text)) for r in page.removed]
    assert removed == [BANNER] * 3


def test_memory_does_not_grow_with_the_input() -> None:
    peaks = []
    for size in (2_000_000, 8_000_000):
        tracemalloc.start()
        for _page in clean_stream(_Endless(size), language="en"):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0]


def test_damaged_file_is_told_by_its_kind(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(PROSE.encode())[:-20])
    with pytest.raises(InputError, match="cannot be read") as caught:
        clean_command(Namespace(page=str(path)))
    assert caught.value.kind == "unreadable_file"


def test_record_keeps_its_other_fields() -> None:
    line = json.dumps({"id": 7, "text": f"{PROSE}\n\n{BANNER}\n\n{PROSE}"})
    (record,) = clean_records([line])
    assert record["id"] == 7
    assert record["text"] == f"{PROSE}\n\n{PROSE}"
    assert record["removed"] == [{"step": "clean.text", "reason": "cookie_consent", "text": BANNER}]


def test_named_field_is_cleaned() -> None:
    (record,) = clean_records([json.dumps({"body": f"{PROSE}\n\n{BANNER}"})], "body")
    assert record["body"] == PROSE


def test_memory_does_not_grow_with_records() -> None:
    line = json.dumps({"text": f"{PROSE}\n\n{BANNER}"})
    tracemalloc.start()
    for _record in clean_records(line for _ in range(3000)):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3000 * len(line)


def test_line_without_an_end_is_read_in_pieces() -> None:
    pages = list(clean_stream(io.StringIO("word " * 400_000)))
    assert len(pages) > 2
    assert sum(p.text.count("word") for page in pages for p in page.kept) == 400_000


def test_line_without_spaces_is_cut() -> None:
    pieces = list(windows(io.StringIO("x" * 9_000), 1_000))
    assert "".join(pieces) == "x" * 9_000


@pytest.mark.parametrize(
    "raw",
    [
        f"{PROSE}\r\n\r\n{BANNER}\r\n".encode(),
        b"\xef\xbb\xbf" + f"{PROSE}\n\n{BANNER}\n".encode(),
        f"{PROSE}\n\n{BANNER}".encode(),
    ],
    ids=["crlf", "bom", "no end of line"],
)
def test_command_reads_line_ends_and_marks_of_all_systems(tmp_path, capsys, raw: bytes) -> None:
    path = tmp_path / "dump.txt"
    path.write_bytes(raw)
    assert clean_command(Namespace(page=str(path), shape="text")) == 0
    assert capsys.readouterr().out == f"{PROSE}\n"


def test_bytes_that_are_no_utf8_do_not_stop_the_command(tmp_path, capsys) -> None:
    path = tmp_path / "dump.txt"
    path.write_bytes(PROSE.encode() + b" \xff\xfe\n\n" + BANNER.encode())
    assert clean_command(Namespace(page=str(path), shape="text")) == 0
    assert capsys.readouterr().out.startswith(PROSE)


def test_half_a_surrogate_pair_is_written_as_it_was_read(tmp_path, capsys) -> None:
    path = tmp_path / "dump.jsonl"
    path.write_text('{"text": "' + PROSE + '", "id": "\\ud800"}\n', "utf-8")
    assert clean_command(Namespace(page=str(path), shape="text")) == 0
    assert json.loads(capsys.readouterr().out)["id"] == "\ud800"


def test_mark_and_broken_bytes_do_not_stop_json_lines(tmp_path, capsys) -> None:
    record = json.dumps({"text": f"{PROSE}\n\n{BANNER}"}).encode()
    path = tmp_path / "dump.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + record + b"\r\n" + b"\xff\xfe\n" + record + b"\r\n")
    assert clean_command(Namespace(page=str(path), shape="text")) == 1
    out, err = capsys.readouterr()
    assert [json.loads(line)["text"] for line in out.splitlines()] == [PROSE, PROSE]
    assert err.startswith("line 2 is no JSON")


@pytest.mark.parametrize("line", ["{", "[1]", '{"other": "x"}', '{"text": 5}'])
def test_bad_line_is_named_and_the_rest_goes_on(line: str) -> None:
    bad, good = clean_records([line, json.dumps({"text": PROSE})])
    assert isinstance(bad, InputError)
    assert str(bad).startswith("line 1 ")
    assert good["text"] == PROSE


def test_command_prints_the_cleaned_file(tmp_path, capsys) -> None:
    path = tmp_path / "dump.txt"
    path.write_text(f"{PROSE}\n\n{BANNER}\n", "utf-8")
    assert clean_command(Namespace(page=str(path), shape="text")) == 0
    assert capsys.readouterr().out == f"{PROSE}\n"


def test_command_cleans_json_lines(tmp_path, capsys) -> None:
    path = tmp_path / "dump.jsonl"
    path.write_text(json.dumps({"text": f"{PROSE}\n\n{BANNER}"}) + "\nrubbish\n", "utf-8")
    assert clean_command(Namespace(page=str(path), shape="text")) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["text"] == PROSE
    assert err.startswith("line 2 is no JSON")


def test_command_reads_standard_input(monkeypatch, capsys) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PROSE}\n\n{BANNER}\n"))
    assert clean_command(Namespace(page="-", shape="json")) == 0
    assert json.loads(capsys.readouterr().out)["text"] == PROSE


def test_missing_file_is_an_input_error(tmp_path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        clean_command(Namespace(page=str(tmp_path / "none.txt"), shape="text"))
