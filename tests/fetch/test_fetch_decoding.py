"""Content encodings, bounded."""

from __future__ import annotations

import contextlib
import gzip
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from scrubber.errors import BadResponse, TooLarge
from scrubber.fetch.decoding import BodyDecoder, encodings_of

TEXT = b"<p>Some text that repeats, repeats, repeats.</p>" * 500


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "raw deflate": raw_deflate,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


def decode(encodings: str, data: bytes, *, step: int = 1000, max_bytes: int = 10**6) -> bytes:
    decoder = BodyDecoder(encodings_of(encodings), max_bytes=max_bytes, max_ratio=10**6)
    slices = (data[start : start + step] for start in range(0, len(data), step))
    return b"".join(piece for part in slices for piece in decoder.feed(part))


@pytest.mark.parametrize("name", PACKERS)
@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_encoding_is_undone_however_it_is_cut(name: str, step: int) -> None:
    assert decode(name.split()[-1], PACKERS[name](TEXT), step=step) == TEXT


@pytest.mark.parametrize("name", ["gzip", "zstd"])
@pytest.mark.parametrize("step", [1, 7, 63, 64, 65, 100_000])
def test_members_in_a_row_are_one_body_wherever_they_are_cut(name: str, step: int) -> None:
    pack = PACKERS[name]
    parts = [TEXT[start : start + 777] for start in range(0, len(TEXT), 777)]
    assert decode(name, b"".join(map(pack, [b"", *parts, b""])), step=step) == TEXT


@pytest.mark.parametrize("step", [1, 64, 1000])
def test_skipped_frames_of_zstd_are_skipped(step: int) -> None:
    skipped = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
    pack = PACKERS["zstd"]
    body = skipped + pack(TEXT) + skipped * 9 + pack(TEXT)
    assert decode("zstd", body, step=step) == TEXT * 2


@pytest.mark.parametrize("name", PACKERS)
def test_bomb_stops_at_its_bound(name: str) -> None:
    bomb = PACKERS[name](b"\0" * 30_000_000)
    with pytest.raises(TooLarge, match="inflates to more than"):
        decode(name.split()[-1], bomb, step=65536)


def test_nested_encodings_are_undone_last_applied_first() -> None:
    assert decode("gzip, br", brotli.compress(gzip.compress(TEXT))) == TEXT


def test_nested_bomb_stops_at_its_bound() -> None:
    bomb = gzip.compress(gzip.compress(b"\0" * 200_000_000))
    with pytest.raises(TooLarge):
        decode("gzip, gzip", bomb)


def test_third_encoding_is_refused() -> None:
    with pytest.raises(BadResponse, match="3 content encodings"):
        BodyDecoder(["gzip", "gzip", "gzip"], max_bytes=1, max_ratio=1)


def test_unknown_encoding_is_refused() -> None:
    with pytest.raises(BadResponse, match="compress"):
        BodyDecoder(["compress"], max_bytes=1, max_ratio=1)


def test_ratio_is_bounded_once_there_is_much() -> None:
    decoder = BodyDecoder(["gzip"], max_bytes=10**9, max_ratio=100)
    with pytest.raises(TooLarge, match="100 times"):
        list(decoder.feed(gzip.compress(b"\0" * 30_000_000)))


def test_members_of_gzip_follow_each_other() -> None:
    assert decode("gzip", gzip.compress(b"one ") + gzip.compress(b"two")) == b"one two"


def test_padding_after_gzip_is_ignored() -> None:
    assert decode("gzip", gzip.compress(TEXT) + b"\0" * 500) == TEXT


def test_frames_of_zstd_follow_each_other() -> None:
    pack = zstandard.ZstdCompressor().compress
    assert decode("zstd", pack(b"one ") + pack(b"two")) == b"one two"


def test_zstd_window_of_gigabytes_is_refused() -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=27, write_content_size=0)
    packed = zstandard.ZstdCompressor(compression_params=parameters)
    packer = packed.compressobj()
    data = packer.compress(TEXT) + packer.flush()
    with pytest.raises(BadResponse):
        decode("zstd", data)


@given(st.sampled_from(["gzip", "deflate", "br", "zstd"]), st.binary(max_size=300))
def test_any_bytes_decode_or_fail_with_a_typed_error(name: str, data: bytes) -> None:
    with contextlib.suppress(BadResponse, TooLarge):
        assert len(decode(name, data)) <= 10**6


@given(st.sampled_from(sorted(PACKERS)), st.binary(max_size=2000), st.integers(1, 50))
def test_what_was_packed_comes_back(name: str, data: bytes, step: int) -> None:
    assert decode(name.split()[-1], PACKERS[name](data), step=step) == data
