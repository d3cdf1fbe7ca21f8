"""What each kind of INPUT is read as."""

from __future__ import annotations

import gzip
import json
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard

from scrubber.batch import BatchOptions
from scrubber.batch.entries import Entry
from scrubber.batch.sources import read_input
from scrubber.errors import InputError


def read(path: Path | str, **options: object) -> list[Entry]:
    return list(read_input(str(path), BatchOptions(**options)))  # type: ignore[arg-type]


def kinds(entries: list[Entry]) -> list[str]:
    return [entry.problem[0] if entry.problem else "good" for entry in entries]


def test_list_skips_comments_and_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("\ufeff# head\n\nhttps://a.example/1\n  https://a.example/2  \n#x\n")
    assert [entry.url for entry in read(path)] == ["https://a.example/1", "https://a.example/2"]


def test_list_line_may_be_a_page_beside_the_list(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.html").write_text("x")
    path = tmp_path / "urls.txt"
    path.write_text("sub/a.html\n")
    (entry,) = read(path)
    assert (entry.url, entry.path) == ("sub/a.html", str((tmp_path / "sub/a.html").resolve()))


@pytest.mark.parametrize(
    "line", ["../secret.html", "/etc/hostname", "sub/../../secret.html", "link.html"]
)
def test_list_line_cannot_leave_the_lists_folder(tmp_path: Path, line: str) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / "sub").mkdir()
    (tmp_path / "secret.html").write_text("x")
    (folder / "link.html").symlink_to(tmp_path / "secret.html")
    path = folder / "urls.lst"
    path.write_text(line + "\n")
    assert kinds(read(path)) == ["invalid_url"]


def test_rubbish_in_a_list_is_invalid_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "urls.lst"
    path.write_bytes(
        b"foo bar\n\xff\xfe\x00\nhttps://a.example/\nhttp://\nexample.org\n" + b"x" * 200_000
    )
    assert set(kinds(read(path))) == {"good", "invalid_url"}
    assert kinds(read(path)).count("good") == 1


def test_text_of_prose_is_a_page_and_not_a_list(tmp_path: Path) -> None:
    path = tmp_path / "dump.txt"
    path.write_text(
        "A headline of some words\n\nA sentence with a link https://a.example/.\n\nClose\n"
    )
    assert [entry.path for entry in read(path)] == [str(path.resolve())]


def test_csv_takes_the_url_column_and_passes_the_others_on(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('id,URL,note\n7,https://a.example/,"a, b"\n8,,\n')
    good, bad = read(path)
    assert (good.url, good.columns) == ("https://a.example/", {"id": "7", "note": "a, b"})
    assert bad.problem is not None
    assert "line 3" in bad.problem[1]


def test_tsv_is_split_at_tabs(tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_text("link\tnote\nhttps://a.example/\tx,y\n")
    (entry,) = read(path, column="link")
    assert entry.columns == {"note": "x,y"}


def test_missing_column_names_those_that_exist(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("id,link\n1,https://a.example/\n")
    with pytest.raises(InputError, match="id, link") as caught:
        read(path)
    assert caught.value.kind == "missing_column"


def test_json_lines_give_urls_and_say_which_line_is_broken(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"url": "https://a.example/", "n": [1]}\n{broken\n"https://b.example/"\n')
    first, second, third = read(path)
    assert first.columns == {"n": [1]}
    assert second.problem is not None
    assert "line 2" in second.problem[1]
    assert third.url == "https://b.example/"


@pytest.mark.parametrize(("suffix", "pack"), [("gz", gzip.compress), ("zst", zstandard.compress)])
def test_packed_list_is_unpacked(
    tmp_path: Path, suffix: str, pack: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / f"rows.jsonl.{suffix}"
    path.write_bytes(pack(json.dumps({"url": "https://a.example/"}).encode()))
    assert [entry.url for entry in read(path)] == ["https://a.example/"]


def test_standard_input_is_a_list_without_paths(tmp_path: Path) -> None:
    (tmp_path / "given").write_bytes(b"https://a.example/\nsources.py\n")
    before = os.dup(0)
    given = os.open(tmp_path / "given", os.O_RDONLY)
    try:
        os.dup2(given, 0)
        assert kinds(read("-")) == ["good", "invalid_url"]
    finally:
        os.dup2(before, 0)
        os.close(before)
        os.close(given)


def test_folder_gives_its_pages_in_order(tmp_path: Path) -> None:
    for name in ("b.html", "a.htm", "sub/c.txt", "picture.png", ".hidden.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [Path(entry.url).name for entry in read(tmp_path)] == ["a.htm", "b.html", "c.txt"]


def test_single_url_is_an_entry() -> None:
    assert [entry.host for entry in read("https://a.example:8443/x")] == ["a.example:8443"]


def test_input_that_does_not_exist_is_an_error_at_once() -> None:
    with pytest.raises(InputError, match="no such file"):
        read_input("no/such/list.txt", BatchOptions())


def test_parquet_takes_the_url_column(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "rows.parquet"
    parquet.write_table(pyarrow.table({"url": ["https://a.example/"], "n": [3]}), path)
    (entry,) = read(path)
    assert (entry.url, entry.columns) == ("https://a.example/", {"n": 3})


def test_folder_of_parquet_parts_is_one_table(tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import parquet

    folder = tmp_path / "x.parquet"
    folder.mkdir()
    for number in (1, 2):
        table = pyarrow.table({"url": [f"https://a.example/{number}"]})
        parquet.write_table(table, folder / f"part-{number}.parquet")
    (folder / ".part-3.parquet").write_bytes(b"half")
    assert [entry.url for entry in read(folder)] == ["https://a.example/1", "https://a.example/2"]
    (tmp_path / "empty.parquet").mkdir()
    with pytest.raises(InputError, match="a folder without parts"):
        read(tmp_path / "empty.parquet")


SITEMAP = """<?xml version="1.0"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://a.example/old </loc><lastmod>2020-01-02</lastmod></url>
<url><loc>https://a.example/new?a=1&amp;b=2</loc><lastmod>2026-05-01T10:00:00+02:00</lastmod>
  <image:image><image:loc>https://a.example/picture.png</image:loc></image:image></url>
<url><loc>https://a.example/undated</loc></url></urlset>"""
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def test_sitemap_gives_its_pages_and_not_their_pictures(tmp_path: Path) -> None:
    path = tmp_path / "sitemap.xml.gz"
    path.write_bytes(gzip.compress(SITEMAP.encode()))
    assert [entry.url for entry in read(path)] == [
        "https://a.example/old",
        "https://a.example/new?a=1&b=2",
        "https://a.example/undated",
    ]


def test_since_leaves_out_what_is_known_to_be_older(tmp_path: Path) -> None:
    path = tmp_path / "sitemap.xml"
    path.write_text(SITEMAP)
    urls = [entry.url for entry in read(path, since=SINCE)]
    assert urls == ["https://a.example/new?a=1&b=2", "https://a.example/undated"]


def test_sitemap_index_leads_to_the_files_beside_it(tmp_path: Path) -> None:
    (tmp_path / "part1.xml").write_text(SITEMAP)
    path = tmp_path / "index.xml"
    path.write_text(
        "<sitemapindex><sitemap><loc>https://a.example/part1.xml</loc></sitemap>"
        "<sitemap><loc>https://a.example/part2.xml</loc></sitemap></sitemapindex>"
    )
    assert kinds(read(path)) == ["good", "good", "good", "unreadable_file"]


@pytest.mark.parametrize(
    "feed",
    [
        "<rss><channel><link>https://a.example/</link><item><title>T</title>"
        "<link>https://a.example/1</link><pubDate>Fri, 01 May 2026 10:00:00 GMT</pubDate></item>"
        "<item><link>https://a.example/0</link><pubDate>Wed, 01 Jan 2020 10:00:00 GMT</pubDate>"
        "</item></channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><link href='https://a.example/'/><entry>"
        "<link rel='edit' href='https://a.example/edit'/><link href='https://a.example/1'/>"
        "<updated>2026-05-01T10:00:00Z</updated></entry></feed>",
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "https://a.example/1",'
        ' "date_published": "2026-05-01T10:00:00Z"}]}',
    ],
    ids=["rss", "atom", "json"],
)
def test_feed_gives_its_entries(tmp_path: Path, feed: str) -> None:
    path = tmp_path / "feed.xml"
    path.write_text(feed)
    assert [entry.url for entry in read(path, since=SINCE)] == ["https://a.example/1"]


def test_feed_is_read_that_begins_with_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    items = "<rss><item><link>https://a.example/1</link></item></rss>"
    for before in ("\n", "\ufeff\r\n\n", "  "):
        path.write_text(f"{before}<?xml version='1.0' encoding='utf-8'?>{items}", newline="")
        assert [entry.url for entry in read(path)] == ["https://a.example/1"]


def test_entity_of_html_in_a_feed_stands_for_its_character(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    item = "<title>Now&nbsp;&amp;&mdash;&odd;</title><link>https://a.example/caf&eacute;</link>"
    path.write_text(f"<rss><channel><item>{item}</item></channel></rss>")
    assert [entry.url for entry in read(path)] == ["https://a.example/café"]


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://a.example/?a=1&b=2&amp;c=3", "https://a.example/?a=1&b=2&c=3"),
        ("<![CDATA[https://a.example/?a=1&b=2]]>", "https://a.example/?a=1&b=2"),
        ("<![CDATA[https://a.example/?a=1&amp;b=2]]>", "https://a.example/?a=1&amp;b=2"),
        ("https://a.example/&#x26;\x0b&#11;&#50;", "https://a.example/&2"),
        ("https://a.example/?copy=1&copy=2", "https://a.example/?copy=1&copy=2"),
    ],
)
@pytest.mark.parametrize("filler", [0, 65_450, 65_500])
def test_what_xml_forbids_in_a_sitemap_costs_no_address(
    tmp_path: Path, written: str, url: str, filler: int
) -> None:
    path = tmp_path / "x.xml"
    rest = "<url><loc>https://a.example/2</loc></url>"
    name = f"<image:caption>{'x' * filler}</image:caption>"  # of a prefix that nobody has bound
    path.write_text(f"<urlset><url>{name}<loc>{written}</loc></url>{rest}</urlset>")
    assert [entry.url for entry in read(path)] == [url, "https://a.example/2"]


@pytest.mark.parametrize("label", ["windows-1251", "Shift_JIS", "utf-16"])
def test_sitemap_is_read_in_the_charset_that_it_declares(tmp_path: Path, label: str) -> None:
    path = tmp_path / "x.xml"
    codec = "utf-8" if label == "utf-16" else label  # which eight bits cannot be
    loc = "<loc>https://a.example/Булка</loc>"
    text = f"<?xml version='1.0' encoding='{label}'?><urlset><url>{loc}</url></urlset>"
    path.write_bytes(text.encode(codec))
    assert [entry.url for entry in read(path)] == ["https://a.example/Булка"]


def test_byte_of_no_character_costs_the_address_in_which_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    locs = [f"<url><loc>https://a.example/{name}</loc></url>" for name in ("é", "2")]
    path.write_bytes(f"<urlset>{''.join(locs)}</urlset>".encode("latin-1"))
    assert kinds(read(path)) == ["invalid_url", "good"]


def test_broken_part_beside_an_index_costs_no_other_part(tmp_path: Path) -> None:
    parts = [f"<sitemap><loc>https://a.example/{name}.xml</loc></sitemap>" for name in ("x", "y")]
    (tmp_path / "index.xml").write_text(f"<sitemapindex>{''.join(parts)}</sitemapindex>")
    (tmp_path / "x.xml").write_text("<urlset><url><loc>https://a.example/1</loc></url><url>")
    (tmp_path / "y.xml").write_text("<urlset><url><loc>https://a.example/2</loc></url></urlset>")
    first, broken, second = read(tmp_path / "index.xml")
    assert (first.url, second.url) == ("https://a.example/1", "https://a.example/2")
    assert (broken.url, broken.is_list) == ("https://a.example/x.xml", True)


def test_packed_list_on_a_server_does_not_unpack_without_end() -> None:
    url = "https://a.example/sitemap.xml.gz"
    items = b"<url><loc>https://a.example/1</loc></url>" + b" " * (64 << 20)
    packed = gzip.compress(b"<urlset>" + items + b"</urlset>", 1)
    first, lost = read_input(url, BatchOptions(), lambda _: packed)
    assert first.url == "https://a.example/1"
    assert lost.problem is not None
    assert lost.problem[1] == f"{url} cannot be read: it unpacks to more than 67,108,864 bytes"


def test_sitemap_that_declares_entities_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xml"
    path.write_text('<!DOCTYPE x [<!ENTITY a "aaaa">]><urlset><url><loc>&a;</loc></url></urlset>')
    with pytest.raises(InputError, match="entities"):
        read(path)


def test_half_a_surrogate_pair_in_a_table_costs_nothing_else(tmp_path: Path) -> None:
    table = tmp_path / "x.jsonl"
    table.write_text('{"url": "https://a.example/\\ud800"}\n{"url": "https://b.example/"}\n')
    urls = [entry.url for entry in read_input(str(table), BatchOptions())]
    assert urls == ["https://a.example/?", "https://b.example/"]


def test_csv_with_semicolons_is_read(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('\ufeffurl;"a;b,c"\nhttps://a.example/1;"x\ny"\n'.replace(",c", ""))
    (entry,) = read(path)
    assert (entry.url, entry.columns) == ("https://a.example/1", {"a;b": "x\ny"})


def test_comma_in_the_header_is_what_parts_columns(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('url,"a;b;c"\nhttps://a.example/1,x\n')
    assert read(path)[0].columns == {"a;b;c": "x"}


def test_missing_column_names_those_that_are_there_and_the_option(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("link,title\nhttps://a.example/1,x\n")
    with pytest.raises(InputError, match=r"with --column: link, title$"):
        read(path)


def test_json_line_that_is_nested_too_deeply_is_a_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    deep = "[" * 100_000 + "]" * 100_000
    path.write_text(
        f'{{"url": "https://a.example/1", "x": {deep}}}\n{{"url": "https://a.example/2"}}\n'
    )
    assert kinds(read(path)) == ["bad_input", "good"]


@pytest.mark.parametrize("name", ["l.txt.gz", "t.csv.gz"])
@pytest.mark.parametrize("damage", ["cut", "plain", "garbled"])
def test_damaged_gzip_is_told_at_once(tmp_path: Path, name: str, damage: str) -> None:
    path = tmp_path / name
    whole = gzip.compress(b"".join(b"https://a.example/%d\n" % number for number in range(9)))
    damaged = {"cut": whole[:30], "plain": b"url\n", "garbled": whole[:12] + b"\xff" * 40}
    path.write_bytes(damaged[damage])
    with pytest.raises(InputError, match=r"gz cannot be read: ") as caught:
        read(path)
    assert caught.value.kind == "unreadable_file"


@pytest.mark.parametrize("name", ["", "  "])
def test_empty_name_is_no_input(name: str) -> None:
    with pytest.raises(InputError, match="an INPUT is empty"):
        read(name)


def test_space_inside_a_url_is_answered_with_what_to_write() -> None:
    (entry,) = read("https://a.example/a b")
    assert entry.problem is not None
    assert entry.problem[1].endswith("write %20 for a space")


def test_file_is_no_folder(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("https://a.example/1\n")
    with pytest.raises(InputError, match=r"urls\.txt is no folder"):
        read(path, input_type="folder")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.lst", "https://a.example/ü|https://b.example/"),
        ("x.txt", "https://a.example/ü|https://b.example/"),
        ("x.csv.gz", "url,topic|https://a.example/ü,x|https://b.example/,y"),
        ("x.jsonl", '{"url": "https://a.example/ü"}|{"url": "https://b.example/"}'),
    ],
)
def test_lists_and_tables_are_read_as_any_system_writes_them(
    tmp_path: Path, name: str, text: str, encoding: str, end: str
) -> None:
    path = tmp_path / name
    mark = "\ufeff" if encoding.endswith("be") else ""
    data = (mark + text.replace("|", end) + end).encode(encoding)
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    assert [entry.url for entry in read(path)] == ["https://a.example/ü", "https://b.example/"]


def test_line_without_end_is_one_failure(tmp_path: Path) -> None:
    path = tmp_path / "x.lst"
    path.write_text(f"https://a.example/{'a' * 300_000}\nhttps://b.example/\n")
    long, good = read(path)
    assert long.problem is not None
    assert long.problem[0] == "invalid_url"
    assert good.url == "https://b.example/"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_row_without_end_is_one_failure(tmp_path: Path, end: str) -> None:
    path = tmp_path / "x.jsonl"
    row = '{"url": "https://a.example/", "text": "%s"}' % ("a" * (17 << 20))
    path.write_text(f'{row}{end}{{"url": "https://b.example/"}}{end}', newline="")
    long, good = read(path)
    assert long.problem == ("bad_input", f"line 1 of {path} is too long")
    assert good.url == "https://b.example/"


def test_what_is_no_text_is_no_list_but_a_slip_in_one_is_forgiven(tmp_path: Path) -> None:
    picture, slip = tmp_path / "x.png", tmp_path / "x.lst"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500))
    with pytest.raises(InputError, match=r"x\.png is no list of URLs"):
        read(picture)
    slip.write_bytes(b"https://a.example/\0\nhttps://b.example/\n")
    assert [entry.problem is None for entry in read(slip)] == [False, True]


def test_list_is_read_from_a_pipe_that_has_a_name(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    keeper = os.open(path, os.O_RDWR)
    os.write(keeper, b"https://a.example/\nhttps://b.example/\n")
    stream = read_input(str(path), BatchOptions())
    assert next(stream).url == "https://a.example/"
    os.close(keeper)
    assert next(stream).url == "https://b.example/"


@pytest.mark.parametrize("name", ["pipe", "pipe.txt"])
def test_pipe_is_opened_once_so_that_its_writer_is_heard(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=["https://a.example/\n"], daemon=True)
    writer.start()
    assert [entry.url for entry in read(path)] == ["https://a.example/"]
    writer.join()


def test_page_in_place_of_a_feed_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.rss"
    path.write_text("<html><body><p>Sign in</p></body></html>")
    with pytest.raises(InputError, match="its root is <html>"):
        read(path)


def test_json_feed_with_rubbish_in_it_gives_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "x.xml"
    path.write_text(
        '{"items": [5, null, {"url": 7}, {"url": "https://a.example/", "date_modified": 3}]}'
    )
    assert [entry.url for entry in read(path)] == ["https://a.example/"]
    path.write_text('{"items": 5}')
    with pytest.raises(InputError, match="no JSON Feed"):
        read(path)


def test_table_on_a_server_is_refused_with_the_reason() -> None:
    with pytest.raises(InputError, match="are read from files"):
        read_input("https://a.example/x.csv", BatchOptions(input_type="csv"))


def test_broken_line_of_a_csv_is_counted_with_its_header(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(f"url,a\nhttps://a.example/,{'x' * 1_100_000}\nhttps://b.example/,y\n")
    broken, good = read(path)
    assert broken.url.endswith("x.csv:2")
    assert good.url == "https://b.example/"


def test_quote_that_nothing_closes_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    rows = 'https://a.example/1,"a\nb"\n\nhttps://a.example/2,5" nails\n'
    path.write_text(f'url,title\n{rows}https://a.example/3,"open\nhttps://a.example/4,x\n')
    *good, lost = read(path)
    assert [entry.url for entry in good] == ["https://a.example/1", "https://a.example/2"]
    assert lost.problem is not None
    assert lost.problem[1].startswith(f"line 6 of {path} opens a quote that nothing closes")


def test_parquet_column_that_does_not_say_it_is_text_is_read_as_text(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "rows.parquet"
    parquet.write_table(pyarrow.table({"url": [b"https://a.example/"], "n": ["é".encode()]}), path)
    (entry,) = read(path)
    assert (entry.url, entry.columns) == ("https://a.example/", {"n": "é"})


@pytest.mark.parametrize("kind", ["page", "folder", "sitemap", "feed", "archive", "parquet"])
def test_standard_input_is_nothing_that_is_read_twice(kind: str) -> None:
    with pytest.raises(InputError, match=f"standard input is one of .*, not {kind}"):
        read("-", input_type=kind)


def test_json_lines_without_the_column_are_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("5\n" + '{"link": "https://a.example/", "n": 1}\n' * 30)
    with pytest.raises(InputError, match=r"has no column 'url'; .*--column: link, n"):
        read(path)
    assert kinds(read(path, column="link")) == ["bad_input", *["good"] * 30]


def test_json_lines_may_spell_their_column_in_capitals(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"n": 1}\n{"URL": "https://a.example/"}\n')
    assert kinds(read(path)) == ["invalid_url", "good"]


FEED = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "https://a.example/1"}]}'
RSS = "<rss><channel><item><link>https://a.example/1</link></item></channel></rss>"
ROW = '{"url": "https://a.example/1"}'


@pytest.mark.parametrize(
    "content",
    [
        FEED,
        json.dumps(json.loads(FEED), indent=1),
        f"\ufeff{FEED}",
        RSS,
        f"<?xml version='1.0'?>\n<!-- made by hand -->\n{RSS}",
        "<urlset><url><loc>https://a.example/1</loc></url></urlset>",
        f"{ROW}\n{ROW}\n",
        "https://a.example/1\n",
    ],
    ids=["json", "indented", "marked", "rss", "prolog", "sitemap", "rows", "list"],
)
@pytest.mark.parametrize("name", ["x", "x.json", "x.txt", "x.rdf.gz"])
def test_file_without_a_telling_name_is_read_by_its_first_bytes(
    tmp_path: Path, name: str, content: str
) -> None:
    data = content.encode()
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    assert {entry.url for entry in read(tmp_path / name)} == {"https://a.example/1"}


def test_page_without_a_telling_name_is_a_page(tmp_path: Path) -> None:
    path = tmp_path / "saved"
    path.write_text("<!-- saved -->\n<!DOCTYPE html>\n<html><p>https://a.example/1</html>")
    assert [entry.path for entry in read(path)] == [str(path.resolve())]


def test_json_array_is_refused_with_what_to_write(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('["https://a.example/1"]')
    with pytest.raises(InputError, match="write JSON lines"):
        read(path)


def test_sitemap_in_utf16_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sitemap.xml"
    path.write_text(SITEMAP.replace("UTF-8", "UTF-16"), encoding="utf-16")
    assert len(read(path)) == 3


def test_item_changed_when_it_was_updated_and_not_when_it_was_published(tmp_path: Path) -> None:
    path = tmp_path / "x.atom"
    path.write_text(
        "<feed><entry><link href='https://a.example/1'/><updated>2026-05-01T10:00:00Z</updated>"
        "<published>2020-01-01T10:00:00Z</published></entry></feed>"
    )
    assert len(read(path, since=SINCE)) == 1


def test_news_sitemap_says_when_by_its_publication_dates(tmp_path: Path) -> None:
    news = "<n:news xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>"
    dated = f"{news}<n:publication_date>2020-01-01</n:publication_date></n:news>"
    path = tmp_path / "x.xml"
    path.write_text(f"<urlset><url><loc>https://a.example/</loc>{dated}</url></urlset>")
    assert read(path, since=SINCE) == []


def test_item_without_a_link_is_asked_for_at_its_permanent_address(tmp_path: Path) -> None:
    path = tmp_path / "x.rss"
    path.write_text(
        "<rss><channel><item><link/><guid>https://a.example/1</guid></item>"
        "<item><guid isPermaLink='false'>https://a.example/2</guid></item>"
        "<item><guid>tag:a.example,2026:3</guid></item></channel></rss>"
    )
    assert [entry.url for entry in read(path)] == ["https://a.example/1"]
    path.write_text('{"items": [{"id": "https://a.example/1"}, {"id": "2"}, {"id": 3}]}')
    assert [entry.url for entry in read(path)] == ["https://a.example/1"]


def test_relative_address_is_completed_by_the_base_that_a_feed_names(tmp_path: Path) -> None:
    path = tmp_path / "x.atom"
    path.write_text(
        "<feed xml:base='https://a.example/b/'><entry><link href='../1'/></entry></feed>"
    )
    assert [entry.url for entry in read(path)] == ["https://a.example/1"]
    path.write_text("<feed><entry><link href='../1'/></entry></feed>")
    (lost,) = read(path)
    assert lost.problem is not None
    assert lost.problem[1].endswith("it has no scheme; write https://…")


def test_address_of_which_a_character_was_lost_is_not_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("url,name\nhttps://a.example/ü,Jürgen\n".encode("latin-1"))
    (lost,) = read(path)
    assert lost.problem is not None
    assert lost.problem[1].endswith("no UTF-8; save the list in UTF-8")


@pytest.mark.parametrize("line", ["//a.example/1", "a.example:8080/1", "localhost:8000"])
def test_address_without_its_scheme_is_told_what_to_write(tmp_path: Path, line: str) -> None:
    (tmp_path / "x.lst").write_text(f"{line}\n")
    (lost,) = read(tmp_path / "x.lst")
    assert lost.problem is not None
    assert lost.problem[1].endswith("has no scheme; write https://…")
