"""TLS, HTTP/2, passwords and per-host headers."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Sequence
from pathlib import Path

import pytest
from fetching import failure, fetch, local
from servers.http2 import HOSTILE_FRAMES, frame_server, http2_server
from servers.raw import Exchange, RawServer, redirect, respond

from scrubber.errors import ConnectFailed, FetchError, InputError
from scrubber.fetch.fetcher import Fetcher
from scrubber.fetch.identity import read_identities
from scrubber.fetch.urls import parse_url

trustme = pytest.importorskip("trustme", reason="makes the certificates of the TLS tests")

PAGE = b"<p>a page</p>"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def server_tls(authority: trustme.CA, *names: str, alpn: str | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    if alpn:
        context.set_alpn_protocols([alpn])
    return context


def test_trusted_certificate_is_accepted(authority: trustme.CA, ca_file: str) -> None:
    with RawServer({"/": respond(PAGE)}, tls=server_tls(authority, "127.0.0.1")) as server:
        assert fetch(server.url("/"), ca_file=ca_file).html == PAGE.decode()


def test_unknown_authority_fails_as_tls(authority: trustme.CA) -> None:
    with RawServer({"/": respond(PAGE)}, tls=server_tls(authority, "127.0.0.1")) as server:
        error = failure(server.url("/"))
    assert isinstance(error, ConnectFailed)
    assert error.kind == "tls_failed"
    assert "certificate" in str(error)


def test_certificate_of_another_name_fails_as_tls(authority: trustme.CA, ca_file: str) -> None:
    with RawServer({"/": respond(PAGE)}, tls=server_tls(authority, "other.test")) as server:
        assert failure(server.url("/"), ca_file=ca_file).kind == "tls_failed"


def test_server_without_tls_fails_as_tls() -> None:
    async def run() -> str:
        async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(100)
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            writer.close()

        server = await asyncio.start_server(plain, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, Fetcher(local()) as fetcher:
            with pytest.raises(ConnectFailed) as caught:
                await fetcher.fetch(f"https://127.0.0.1:{port}/")
        return caught.value.kind

    assert asyncio.run(run()) == "tls_failed"


def test_server_that_never_finishes_tls_times_out() -> None:
    async def lookup(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    async def run() -> str:
        async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(asyncio.CancelledError):
                await reader.read()
            writer.close()

        silent = await asyncio.start_server(hang, "127.0.0.1", 0)
        port = silent.sockets[0].getsockname()[1]
        async with silent, Fetcher(local(connect_s=0.3), lookup=lookup) as fetcher:
            with pytest.raises(Exception, match="no connection") as caught:
                await fetcher.fetch(f"https://silent.test:{port}/")
        return str(caught.value.kind)  # type: ignore[attr-defined]

    assert asyncio.run(run()) == "connect_timeout"


@pytest.mark.parametrize("size", [10, 60_000])
def test_http2_is_spoken_where_offered(authority: trustme.CA, ca_file: str, size: int) -> None:
    body = b"<p>" + b"x" * size
    seen: list[str] = []

    async def run() -> list[str]:
        tls = server_tls(authority, "127.0.0.1", alpn="h2")
        async with (
            http2_server(tls, body, [], seen) as port,
            Fetcher(local(ca_file=ca_file)) as fetcher,
        ):
            return [(await fetcher.fetch(f"https://127.0.0.1:{port}/{n}")).html for n in range(3)]

    assert asyncio.run(run()) == [body.decode()] * 3
    assert seen == ["/0", "/1", "/2"]


@pytest.mark.parametrize("name", HOSTILE_FRAMES)
def test_broken_http2_is_a_typed_error(authority: trustme.CA, ca_file: str, name: str) -> None:
    async def run() -> str:
        tls = server_tls(authority, "127.0.0.1", alpn="h2")
        async with (
            frame_server(tls, HOSTILE_FRAMES[name]) as port,
            Fetcher(local(ca_file=ca_file, idle_s=0.5, timeout_s=2.0)) as fetcher,
        ):
            with pytest.raises(FetchError) as caught:
                await fetcher.fetch(f"https://127.0.0.1:{port}/")
        return caught.value.kind

    assert asyncio.run(run()) in {
        "bad_response",
        "connection_reset",
        "too_large",
        "idle_timeout",
        "timeout",  # of a flood, where the machine is busy
        "truncated",
    }


def test_chain_across_schemes_and_hosts_is_followed(authority: trustme.CA, ca_file: str) -> None:
    tls = server_tls(authority, "127.0.0.3")
    with (
        RawServer({"/c": respond(PAGE)}, host="127.0.0.2") as last,
        RawServer({"/b": redirect(last.url("/c"))}, tls=tls, host="127.0.0.3") as secure,
        RawServer({"/a": redirect(secure.url("/b"))}) as first,
    ):
        assert fetch(first.url("/a"), ca_file=ca_file).url == last.url("/c")


def test_loop_across_schemes_and_hosts_is_noticed(authority: trustme.CA, ca_file: str) -> None:
    async def back(exchange: Exchange) -> None:
        await redirect(first.url("/a"))(exchange)

    tls = server_tls(authority, "127.0.0.3")
    with (
        RawServer({"/b": back}, tls=tls, host="127.0.0.3") as secure,
        RawServer({"/a": redirect(secure.url("/b"))}) as first,
    ):
        assert failure(first.url("/a"), ca_file=ca_file).kind == "redirect_loop"
        assert len(first.requests) == len(secure.requests) == 1


# ---- who gets which secret


@pytest.mark.parametrize("cookie", ["s=1", "s=1; Domain=127.0.0.2", "s=1; Domain=.0.0.2"])
def test_cookie_of_a_site_is_not_sent_to_another(cookie: str) -> None:
    with RawServer({"/b": respond(PAGE)}, host="127.0.0.2") as other:
        headers = {"Location": other.url("/b"), "Set-Cookie": cookie}
        with RawServer({"/a": respond(status="302 Found", headers=headers)}) as server:
            fetch(server.url("/a"))
    assert "cookie" not in other.requests[0][1]


def test_password_in_url_is_sent_to_its_own_origin_only() -> None:
    with RawServer({"/": respond(PAGE)}, host="127.0.0.2") as other:
        routes = {"/a": redirect("/b"), "/b": redirect(other.url("/"))}
        with RawServer(routes) as server:
            fetch(server.url("/a").replace("http://", "http://user:pass@"))
    sent = [headers.get("authorization") for _, headers in server.requests]
    assert sent[0] == "Basic dXNlcjpwYXNz"
    assert other.requests[0][1].get("authorization") is None


def hosts_file(folder: Path, text: str, mode: int = 0o600) -> str:
    path = folder / "hosts.toml"
    path.write_text(text)
    path.chmod(mode)
    return str(path)


def test_host_gets_its_own_headers_and_no_other_host_does(tmp_path: Path) -> None:
    path = hosts_file(
        tmp_path,
        '[hosts."127.0.0.1"]\nbearer = "t0ken"\nplain = true\n'
        'headers = { X-Team = "corpus" }\ncookies = { session = "abc" }\n',
    )
    other = RawServer({"/": respond(PAGE)}, host="127.0.0.2")
    with other, RawServer({"/": redirect(other.url("/"))}) as server:
        fetch(server.url("/"), hosts_file=path)
    headers = server.requests[0][1]
    assert headers["authorization"] == "Bearer t0ken"
    assert headers["x-team"] == "corpus"
    assert headers["cookie"] == "session=abc"
    assert not {"authorization", "x-team", "cookie"} & set(other.requests[0][1])


def test_secrets_are_not_sent_over_plain_http_unasked(tmp_path: Path) -> None:
    path = hosts_file(tmp_path, '[hosts."127.0.0.1"]\nbearer = "t0ken"\n')
    with RawServer({"/": respond(PAGE)}) as server:
        fetch(server.url("/"), hosts_file=path)
    assert "authorization" not in server.requests[0][1]


def test_domain_entry_covers_the_names_below_it(tmp_path: Path) -> None:
    path = hosts_file(tmp_path, '[hosts.".example.org"]\nuser = "u"\npassword = "p"\n')
    identities = read_identities(path)
    assert identities.headers_for(parse_url("https://a.b.example.org/"))
    assert not identities.headers_for(parse_url("https://example.org.evil.test/"))


def test_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="chmod 600"):
        read_identities(hosts_file(tmp_path, "[hosts]\n", mode=0o644))


@pytest.mark.parametrize(
    "text",
    ["not toml", "x = 1", '[hosts."a"]\ntoken = "x"\n', '[hosts."a"]\nbearer = "x\\ny"\n'],
)
def test_malformed_file_is_refused_without_quoting_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError) as caught:
        read_identities(hosts_file(tmp_path, text))
    assert text not in str(caught.value)


def test_secrets_do_not_show_in_repr(tmp_path: Path) -> None:
    identities = read_identities(hosts_file(tmp_path, '[hosts."a.test"]\nbearer = "t0ken"\n'))
    assert "t0ken" not in repr(identities) + repr(vars(identities))
    url = parse_url("https://user:t0ken@a.test/")
    assert "t0ken" not in repr(url)
