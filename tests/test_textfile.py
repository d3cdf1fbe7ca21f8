"""Files that are packed, sound and damaged."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
import zstandard

from scrubber.errors import InputError, UnsupportedContent
from scrubber.fetch.local import read_local
from scrubber.textfile import Damaged, as_text, open_unpacked

LINES = [f"https://a.example/{number}\n" for number in range(20_000)]


def packed(suffix: str, lines: list[str]) -> bytes:
    """Two members or frames, as appended outputs have them."""
    zstd = zstandard.ZstdCompressor(write_checksum=True)
    pack = gzip.compress if suffix == ".gz" else zstd.compress
    half = len(lines) // 2
    return b"".join(pack("".join(part).encode()) for part in (lines[:half], lines[half:]))


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_all_members_of_a_packed_file_are_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"urls.txt{suffix}"
    path.write_bytes(packed(suffix, LINES))
    with open_unpacked(path) as file, as_text(file) as text:
        assert list(text) == LINES


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_file_that_was_cut_off_is_not_taken_for_a_whole_one(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"urls.txt{suffix}"
    path.write_bytes(packed(suffix, LINES)[:-20])
    with pytest.raises(Damaged), open_unpacked(path) as file:
        file.read()


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_damaged_page_is_an_input_error(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"page.html{suffix}"
    whole = bytearray(packed(suffix, LINES))
    whole[200:208] = b"\xff" * 8
    path.write_bytes(whole)
    with pytest.raises(InputError, match="cannot be read") as caught:
        read_local("page", path)
    assert caught.value.kind == "unreadable_file"


@pytest.mark.parametrize(
    ("body", "what"),
    [(b"\x89PNG\r\n\x1a\n", "an image"), (b"%PDF-1.4\n", "a PDF"), (b"\x1f\x8b\x08", "an archive")],
)
def test_file_that_is_no_page_whatever_its_name_is_told(
    tmp_path: Path, body: bytes, what: str
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(body)
    with pytest.raises(UnsupportedContent, match=f"page is {what}"):
        read_local("page", path)
