"""Web archives: what is written can be read by others, and what is read gives the same pages."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fetching import failure, fetch, local
from hypothesis import given
from hypothesis import strategies as st
from servers.raw import Exchange, RawServer, redirect, respond, send

from scrubber.errors import BadResponse, FetchError, InputError, OutputError, ScrubberError
from scrubber.fetch.archive import Capture, Place, fold, moment_of, read_page
from scrubber.fetch.fetcher import Fetcher
from scrubber.fetch.options import FetchOptions
from scrubber.models import Failure

pytest.importorskip("warcio", reason="writes archives")
warc = pytest.importorskip("fastwarc.warc", reason="reads archives")

from scrubber.fetch.warc_listing import list_captures  # noqa: E402
from scrubber.fetch.warc_reading import read_capture  # noqa: E402

PAGE = "<!doctype html><meta charset=utf-8><title>Größe</title><p>Ein Satz über die Größe.".encode()
NOON = moment_of("2026-05-04T12:00:00Z")


def records(path: Path) -> list[Any]:
    """Every record, frozen so that it outlives its file."""
    found = []
    with path.open("rb") as file:
        for record in warc.ArchiveIterator(file, parse_http=False):
            record.freeze()
            found.append(record)
    return found


def of_kind(path: Path, kind: str) -> list[Any]:
    return [record for record in records(path) if record.headers["WARC-Type"] == kind]


# ---- out


def test_request_and_answer_are_written_byte_for_byte(tmp_path: Path) -> None:
    file = tmp_path / "x.warc.gz"
    packed = gzip.compress(PAGE, mtime=0)
    answer = respond(packed, headers={"Content-Encoding": "gzip", "X-Odd": "gr\xfc\xdfe"})
    with RawServer({"/a": answer}) as server:
        fetch(server.url("/a"), warc=str(file))
        url = server.url("/a")
    (response,) = of_kind(file, "response")
    (request,) = of_kind(file, "request")
    assert response.headers["WARC-Target-URI"] == url
    assert response.headers["WARC-IP-Address"] == "127.0.0.1"
    assert request.headers["WARC-Concurrent-To"] == response.headers["WARC-Record-ID"]
    head, _, body = response.reader.read().partition(b"\r\n\r\n")
    assert body == packed
    assert b"\r\nX-Odd: gr\xfc\xdfe" in head
    assert request.reader.read().startswith(b"GET /a HTTP/1.1\r\nHost: 127.0.0.1")


def test_second_reader_finds_every_digest_right(tmp_path: Path) -> None:
    file = tmp_path / "x.warc.gz"
    with RawServer({"/a": redirect("/b"), "/b": respond(PAGE)}) as server:
        fetch(server.url("/a"), warc=str(file), respect_robots=True)
    with file.open("rb") as opened:
        read = list(warc.ArchiveIterator(opened, parse_http=False, verify_digests=True))
    assert len(read) == len(records(file)) == 1 + 2 * 3 + 1  # robots.txt, redirect, page; visit
    assert file.read_bytes().startswith(b"\x1f\x8b")
    assert b"WARC/1.1\r\n" in gzip.decompress(file.read_bytes())


def test_secrets_are_not_written(tmp_path: Path) -> None:
    hosts = tmp_path / "hosts.toml"
    hosts.write_text(
        '[hosts."127.0.0.1"]\nbearer = "s3cret"\nplain = true\n'
        'headers = { X-Key = "s3cret" }\ncookies = { c = "s3cret" }\n'
    )
    hosts.chmod(0o600)
    file = tmp_path / "x.warc.gz"
    answer = respond(PAGE, headers={"Set-Cookie": "session=s3cret"})
    with RawServer({"/": answer}) as server:
        fetch(server.url("/"), warc=str(file), hosts_file=str(hosts))
        assert server.requests[0][1]["x-key"] == "s3cret"
        with_password = server.url("/").replace("//", "//user:s3cret@")
        fetch(with_password, warc=str(file))
        failure(f"{with_password}gone", warc=str(file))
    failure("ftp://user:s3cret@a.example/\r\nX-Odd: 1", warc=str(file))
    assert b"s3cret" not in gzip.decompress(file.read_bytes())


def test_answer_that_breaks_off_says_so(tmp_path: Path) -> None:
    file = tmp_path / "x.warc.gz"
    body = PAGE * 40
    with RawServer({"/": respond(body[: len(body) - 40], length=len(body))}) as server:
        page = fetch(server.url("/"), warc=str(file))
    assert page.truncated
    (response,) = of_kind(file, "response")
    assert response.headers["WARC-Truncated"] == "disconnect"
    (listed,) = list_captures(file)
    assert read_capture(listed.place, local()) == replace(page, requested_url=None)


def test_bomb_takes_no_room(tmp_path: Path) -> None:
    file = tmp_path / "x.warc.gz"
    bomb = gzip.compress(b"\0" * 10_000_000)
    with RawServer({"/": respond(bomb, headers={"Content-Encoding": "gzip"})}) as server:
        failure(server.url("/"), warc=str(file), max_decoded_bytes=1_000_000)
    (response,) = of_kind(file, "response")
    assert response.headers["WARC-Truncated"] == "length"
    assert len(response.reader.read()) < 1000


def test_what_a_killed_run_left_half_written_is_taken_off(tmp_path: Path) -> None:
    file = tmp_path / "x.warc.gz"
    with RawServer({"/": respond(PAGE)}) as server:
        fetch(server.url("/"), warc=str(file))
        whole = file.read_bytes()
        file.write_bytes(whole + whole[:200])
        fetch(server.url("/"), warc=str(file))
    assert file.read_bytes().startswith(whole)
    assert len(records(file)) == 1 + 2 * 3


def test_other_name_than_warc_gz_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\.warc\.gz"):
        fetch("http://127.0.0.1:1/", warc=str(tmp_path / "x.zip"))


def test_file_that_cannot_be_written_is_an_output_error(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        fetch("http://127.0.0.1:1/", warc=str(tmp_path / "no" / "x.warc.gz"))


# ---- out and in


@pytest.mark.parametrize(
    "answer",
    [
        respond(PAGE),
        respond(PAGE.decode().encode("latin-1"), content_type="text/html; charset=latin-1"),
        respond(gzip.compress(PAGE), headers={"Content-Encoding": "gzip"}),
        respond(b"words alone", content_type="text/plain"),
        respond(PAGE, headers={"Last-Modified": "Mon, 04 May 2026 12:01:30 GMT"}),
        send(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)
        ),
    ],
)
def test_archived_page_is_the_page_that_was_fetched(answer: Any, tmp_path: Path) -> None:
    file = tmp_path / "x.warc.gz"
    with RawServer({"/a": redirect("/b?c=d"), "/b?c=d": answer}) as server:
        page = fetch(server.url("/a"), warc=str(file))
    (listed,) = list_captures(file)
    replayed = read_capture(listed.place, local())
    framing = {"transfer-encoding", "x-archive-orig-transfer-encoding"}
    headers = {name: value for name, value in page.headers.items() if name not in framing}
    again = {name: value for name, value in replayed.headers.items() if name not in framing}
    assert replace(replayed, headers=again) == replace(page, headers=headers, requested_url=None)


FAILING = {
    "redirect to an error": "/a",
    "image": "/c",
    "answer cut off": "/d",
    "loop": "/e",
    "bomb": "/f",
    "forbidden": "/closed",
    "no server": "http://127.0.0.1:1/x",
    "closed address": "http://169.254.169.254/latest",
    "other scheme behind": "/g",
    "other scheme": "ftp://a.example/x y\u00e4",
    "integer for an address": "http://2130706433/",
}


def test_visit_that_failed_fails_again_in_the_same_words(tmp_path: Path) -> None:
    file = tmp_path / "x.warc.gz"
    routes = {
        "/robots.txt": respond(b"User-agent: *\nDisallow: /closed", content_type="text/plain"),
        "/a": redirect("/b"),
        "/b": respond(b"gone", status="404 Not Found"),
        "/c": respond(b"GIF89a", content_type="image/gif"),
        "/d": respond(b"x", length=9000),
        "/e": redirect("/e"),
        "/f": respond(gzip.compress(b" " * 9**7), headers={"Content-Encoding": "gzip"}),
        "/g": redirect("file:///etc/passwd"),
    }
    with RawServer(routes) as server:
        urls = [url if "://" in url else server.url(url) for url in FAILING.values()]
        live = [Failure.of(failure(url, warc=str(file), respect_robots=True), url) for url in urls]
    assert len({(error.kind, error.status) for error in live}) > 6
    replayed = []
    for found in list_captures(file):
        with pytest.raises(FetchError) as caught:
            read_capture(found.place, local())
        replayed.append(Failure.of(caught.value, found.url))
    assert [again.model_copy(update={"at": None}) for again in replayed] == [
        error.model_copy(update={"at": None}) for error in live
    ]


def test_answers_that_no_visit_ended_with_are_no_pages(tmp_path: Path) -> None:
    """What a killed run had fetched and not recorded, and what it asked for beside pages."""
    file = tmp_path / "x.warc.gz"

    async def run(url: str) -> None:
        async with Fetcher(local(warc=str(file), respect_robots=True)) as fetcher:
            await fetcher.fetch_as_sent(url)

    with RawServer(
        {"/a": respond(PAGE), "/robots.txt": respond(b"", content_type="text/html")}
    ) as s:
        asyncio.run(run(s.url("/a")))
    assert len(of_kind(file, "response")) == 2
    assert not list(list_captures(file))


def test_visit_that_succeeded_later_did_not_fail(tmp_path: Path) -> None:
    file = tmp_path / "x.warc.gz"
    answers = iter([respond(b"", status="404 Not Found"), respond(PAGE)])

    async def answer(exchange: Exchange) -> None:
        await next(answers)(exchange)

    with RawServer({"/a": answer}) as server:
        failure(server.url("/a"), warc=str(file))
        page = fetch(server.url("/a"), warc=str(file))
    (found,) = list_captures(file)
    assert read_capture(found.place, local()).fetched_at == page.fetched_at


def test_only_so_many_answers_are_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scrubber.fetch.warc_listing.REMEMBERED", 1)
    file = tmp_path / "x.warc.gz"

    async def run(url: str) -> None:
        async with Fetcher(local(warc=str(file))) as fetcher, fetcher.visit(url):
            await fetcher.fetch(url)

    with RawServer({"/a": respond(PAGE)}) as server:
        asyncio.run(run(server.url("/a")))
    inner, outer = list_captures(file)
    assert read_capture(inner.place, local()).html == PAGE.decode()
    with pytest.raises(BadResponse, match="no record"):
        read_capture(outer.place, local())


def test_half_a_character_in_a_note_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "x.warc"
    about = record("warcinfo", "", b"visits: metadata records\r\n")
    failed = '"failure": {"stage": "fetch", "kind": "k", "message": "\\udc00"}'
    note = f'{{"url": "http://a.test/\\ud800\\u00e4", "input": {{"a": "\\ud800"}}, {failed}}}'
    file.write_bytes(about + record("metadata", "http://a.test/", note.encode()))
    (found,) = list_captures(file)
    assert (found.url, found.columns) == ("http://a.test/?ä", {"a": "?"})
    with pytest.raises(FetchError, match=r"^\?$"):
        read_capture(found.place, local())


def test_notes_that_make_no_sense_are_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "x.warc"
    notes = [b"", b"[]", b"{", b'{"url": 1}', b'{"url": "http://a.test/", "failure": 3}', b"\xff"]
    notes += [b'{"url": "http://a.test/"}', b"[" * 500_000]
    about = record("warcinfo", "", b"visits: metadata records\r\n")
    file.write_bytes(about + b"".join(record("metadata", "http://a.test/", x) for x in notes))
    assert not list(list_captures(file))


# ---- in: what others write


def record(kind: str, url: str, block: bytes, **headers: str) -> bytes:
    lines = [f"WARC-Type: {kind}", f"WARC-Target-URI: {url}", "WARC-Date: 2026-05-04T12:00:00Z"]
    lines += ["WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(block)}"]
    return "\r\n".join(["WARC/1.0", *lines]).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def http(body: bytes, *lines: str) -> bytes:
    head = ["HTTP/1.1 200 OK", *(lines or ("Content-Type: text/html",))]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def response(url: str, *lines: str, body: bytes = PAGE) -> bytes:
    return record("response", url, http(body, *lines), Content_Type="application/http")


def pages(path: Path) -> dict[str, str]:
    return {
        found.url: read_capture(found.place, FetchOptions()).html for found in list_captures(path)
    }


def test_uncompressed_archive_is_read(tmp_path: Path) -> None:
    file = tmp_path / "x.warc"
    file.write_bytes(response("http://a.test/1") + response("<http://a.test/2>"))
    assert pages(file) == {"http://a.test/1": PAGE.decode(), "http://a.test/2": PAGE.decode()}


@pytest.mark.parametrize(
    "block",
    [
        http(b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE), "Transfer-Encoding: chunked"),
        http(PAGE, "Transfer-Encoding: chunked"),
        http(PAGE, "Content-Encoding: gzip", "Content-Type: text/html"),
        http(PAGE, "Content-Encoding: br", "Content-Length: 17"),
        http(gzip.compress(PAGE), "Content-Encoding: gzip"),
    ],
    ids=["chunk frames kept", "frames undone", "gzip undone", "br undone", "gzip kept"],
)
def test_encoding_is_undone_once_whatever_the_archive_did(block: bytes, tmp_path: Path) -> None:
    file = tmp_path / "x.warc"
    file.write_bytes(record("response", "http://a.test/", block, Content_Type="application/http"))
    assert pages(file) == {"http://a.test/": PAGE.decode()}


def test_extracted_text_of_a_wet_file_is_plain_text(tmp_path: Path) -> None:
    file = tmp_path / "x.warc.wet.gz"
    text = "Titel\nEin Satz über die Größe.".encode()
    kept = record("conversion", "http://a.test/", text, Content_Type="text/plain")
    file.write_bytes(gzip.compress(record("warcinfo", "", b"x: y")) + gzip.compress(kept))
    (found,) = list_captures(file)
    page = read_capture(found.place, FetchOptions())
    assert (page.content_type, page.html) == ("text/plain", text.decode())
    assert page.fetched_at == NOON


def wacz(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return path


def test_pages_of_a_wacz_are_read_and_what_they_loaded_is_not(tmp_path: Path) -> None:
    moved = record(
        "response",
        "http://a.test/old",
        b"HTTP/1.1 301 Moved\r\nLocation: /new\r\n\r\n",
        Content_Type="application/http",
    )
    first = gzip.compress(response("http://a.test/")) + gzip.compress(response("http://ads.test/"))
    second = gzip.compress(moved) + gzip.compress(response("http://a.test/new"))
    listed = (
        '{"format": "json-pages-1.0"}\n{"url": "http://a.test/"}\n{"url": "http://a.test/old"}\n'
    )
    file = wacz(
        tmp_path / "x.wacz",
        {
            "pages/pages.jsonl": listed.encode(),
            "archive/a.warc.gz": first,
            "archive/b.warc.gz": second,
        },
    )
    assert list(pages(file)) == ["http://a.test/", "http://a.test/new"]


def test_wacz_without_a_list_of_pages_gives_all(tmp_path: Path) -> None:
    file = wacz(
        tmp_path / "x.wacz", {"archive/a.warc": response("http://a.test/") + response("http://b/")}
    )
    assert list(pages(file)) == ["http://a.test/", "http://b/"]


def test_wacz_that_packs_its_archives_is_refused(tmp_path: Path) -> None:
    file = wacz(
        tmp_path / "x.wacz", {"archive/a.warc": response("http://a/")}, zipfile.ZIP_DEFLATED
    )
    with pytest.raises(InputError, match="unzip"):
        list_captures(file)


def test_file_that_is_no_wacz_is_refused_at_once(tmp_path: Path) -> None:
    file = tmp_path / "x.wacz"
    file.write_bytes(b"no zip")
    with pytest.raises(InputError, match="no WACZ"):
        list_captures(file)


def test_place_without_a_record_is_a_typed_error(tmp_path: Path) -> None:
    file = tmp_path / "x.warc"
    file.write_bytes(b"no archive at all")
    for offset in (0, 5, 10_000):
        with pytest.raises(BadResponse):
            read_capture(Place(str(file), offset), FetchOptions())


def test_page_larger_than_the_bound_is_refused() -> None:
    capture = Capture("http://a.test/", 200, {"content-type": "text/html"}, NOON, b"x" * 1001)
    with pytest.raises(ScrubberError, match="1000"):
        read_page(capture, FetchOptions(max_wire_bytes=1000))


def test_signpost_is_no_page() -> None:
    body = b'<meta http-equiv="refresh" content="0;url=/b">'
    with pytest.raises(BadResponse) as caught:
        read_page(Capture("http://a.test/", 200, {}, NOON, body), FetchOptions())
    assert caught.value.kind == "redirect"


NUMBER = st.none() | st.integers(0, 2**40)


@given(st.text(max_size=30), st.integers(0, 2**60), NUMBER, NUMBER, NUMBER)
def test_any_place_survives_being_written_down(
    name: str, offset: int, length: int | None, rendered: int | None, note: int | None
) -> None:
    place = Place("/" + name, offset, length, rendered, note)
    assert Place.parse(str(place)) == place


@given(
    st.binary(max_size=300),
    st.lists(
        st.sampled_from(
            [
                (b"Content-Encoding", b"gzip"),
                (b"Content-Encoding", b"br, gzip"),
                (b"Transfer-Encoding", b"chunked"),
                (b"Content-Type", b"text/html; charset=utf-16"),
                (b"Content-Length", b"12"),
                (b"Refresh", b"0; url=http://["),
            ]
        ),
        max_size=4,
    ),
    st.booleans(),
)
def test_any_capture_gives_a_page_or_a_typed_error(
    body: bytes, pairs: list[tuple[bytes, bytes]], cut: bool
) -> None:
    capture = Capture("http://a.test/", 200, fold(pairs), NOON, body, cut)
    with contextlib.suppress(ScrubberError):
        assert read_page(capture, local()).url == "http://a.test/"


@given(st.binary(max_size=400), st.integers(0, 40), st.binary(max_size=8))
def test_any_file_is_an_archive_with_captures_or_a_typed_error(
    tail: bytes, position: int, patch: bytes
) -> None:
    sound = bytearray(response("http://a.test/") + tail)
    sound[position * 7 : position * 7 + len(patch)] = patch
    with tempfile.TemporaryDirectory() as folder:
        for name, data in (("x.warc", sound), ("x.warc.gz", gzip.compress(sound))):
            file = Path(folder, name)
            file.write_bytes(data)
            with contextlib.suppress(ScrubberError, OSError, ValueError):
                for found in list_captures(file):
                    read_capture(found.place, FetchOptions())


# ---- in: by range, from a server


def ranged(data: bytes) -> Any:
    async def behave(exchange: Exchange) -> None:
        first, last = map(int, exchange.headers["range"].removeprefix("bytes=").split("-"))
        await respond(data[first : last + 1], status="206 Partial Content")(exchange)

    return behave


def fetch_capture(place: Place, **changes: Any) -> Any:
    async def run() -> Any:
        async with Fetcher(local(**changes)) as fetcher:
            return await fetcher.fetch_capture(place)

    return asyncio.run(run())


def test_record_on_a_server_is_fetched_as_a_range() -> None:
    members = [gzip.compress(response(f"http://a.test/{n}", body=b"<p>%d" % n)) for n in range(3)]
    start, length = len(members[0]), len(members[1])
    with RawServer({"/x.warc.gz": ranged(b"".join(members))}) as server:
        page = fetch_capture(Place(server.url("/x.warc.gz"), start, length))
        assert server.requests[0][1]["range"] == f"bytes={start}-{start + length - 1}"
    assert (page.url, page.html) == ("http://a.test/1", "<p>1")


def test_server_that_ignores_the_range_is_a_bad_response() -> None:
    with RawServer({"/x": respond(b"everything")}) as server, pytest.raises(BadResponse):
        fetch_capture(Place(server.url("/x"), 3, 4))


def test_archive_at_a_closed_address_is_refused() -> None:
    with pytest.raises(ScrubberError, match="public internet"):
        fetch_capture(Place("http://127.0.0.1/x", 3, 4), allow_private=False)


@pytest.mark.parametrize("length", [None, 0, 10**12])
def test_range_of_no_sensible_length_is_refused(length: int | None) -> None:
    with pytest.raises(ScrubberError) as caught:
        fetch_capture(Place("http://127.0.0.1/x", 3, length))
    assert caught.value.kind == "too_large"
