"""A proxy that was named is used for all, and nothing else is ever taken for one."""

from __future__ import annotations

import asyncio
import ssl
from pathlib import Path

import pytest
from fetching import failure, fetch, local
from servers.raw import Exchange, RawServer, respond

from scrubber.errors import InputError
from scrubber.fetch.fetcher import Fetcher
from scrubber.fetch.identity import Identities
from scrubber.fetch.proxy import read_proxy

trustme = pytest.importorskip("trustme", reason="makes the certificates of the TLS tests")

PAGE = b"<p>a page</p>"
OPEN = {"allow_private": False}


async def tunnel(exchange: Exchange) -> None:
    """Lead on to the port that was asked for, on loopback, whatever the host."""
    port = int(exchange.target.rpartition(":")[2])
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
    await exchange.send(b"HTTP/1.1 200 Connection established\r\n\r\n")

    async def pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            sink.write(data)
        sink.close()

    try:
        await asyncio.gather(
            pass_on(exchange.reader, far_writer), pass_on(far_reader, exchange.writer)
        )
    finally:
        far_writer.close()


def test_http_is_asked_of_the_proxy_with_the_whole_url() -> None:
    url = "http://far.example/a?b=c"
    with RawServer({url: respond(PAGE)}) as proxy:
        page = fetch(url, proxy=proxy.url(""), **OPEN)
        assert proxy.requests[0][1]["host"] == "far.example"
    assert page.html == PAGE.decode()
    assert page.url == url


def test_proxy_alone_resolves_names() -> None:
    asked: list[str] = []

    async def lookup(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    async def run() -> str | None:
        with RawServer({}) as proxy:
            async with Fetcher(local(proxy=proxy.url("")), lookup=lookup) as fetcher:
                return await fetcher.address_of("http://far.example/")

    assert asyncio.run(run()) is None
    assert asked == []


def test_https_goes_through_a_tunnel_and_its_certificate_is_checked(tmp_path: Path) -> None:
    authority = trustme.CA()
    ca_file = str(tmp_path / "ca.pem")
    authority.cert_pem.write_to_path(ca_file)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("far.example").configure_cert(tls)
    with RawServer({"/": respond(PAGE)}, tls=tls) as server:
        target = f"far.example:{server.port}"
        with RawServer({target: tunnel, f"other.example:{server.port}": tunnel}) as proxy:
            changes = {"proxy": proxy.url(""), "ca_file": ca_file, "ports": (server.port,), **OPEN}
            page = fetch(f"https://{target}/", **changes)
            error = failure(f"https://other.example:{server.port}/", **changes)
    assert page.html == PAGE.decode()
    assert error.kind == "tls_failed"


def test_password_is_sent_to_the_proxy_and_not_beyond() -> None:
    url = "http://far.example/"
    with RawServer({url: respond(PAGE)}) as proxy:
        fetch(url, proxy=f"http://user:pass@127.0.0.1:{proxy.port}", **OPEN)
        headers = proxy.requests[0][1]
    assert headers["proxy-authorization"] == "Basic dXNlcjpwYXNz"
    assert "authorization" not in headers


def test_password_of_the_proxy_may_stand_in_the_hosts_file(tmp_path: Path) -> None:
    hosts = tmp_path / "hosts.toml"
    hosts.write_text('[hosts."127.0.0.1"]\nuser = "user"\npassword = "pass"\nplain = true\n')
    hosts.chmod(0o600)
    url = "http://far.example/"
    with RawServer({url: respond(PAGE)}) as proxy:
        fetch(url, proxy=proxy.url(""), hosts_file=str(hosts), **OPEN)
        assert proxy.requests[0][1]["proxy-authorization"] == "Basic dXNlcjpwYXNz"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://169.254.169.254/",
        "http://0x7f000001/",
        "http://localhost/",
        "http://metadata.google.internal/",
        "http://printer/",
        "http://nas.local/",
        "http://far.example:25/",
        "https://localhost/",
    ],
)
def test_inside_stays_closed_behind_a_proxy(url: str) -> None:
    with RawServer({}) as proxy:
        assert failure(url, proxy=proxy.url(""), **OPEN).kind == "address_refused"
        assert proxy.requests == []


@pytest.mark.parametrize("status", ["403 Forbidden", "407 Proxy Authentication Required"])
def test_tunnel_that_is_refused_is_a_failure_of_its_own_kind(status: str) -> None:
    with RawServer({"far.example:443": respond(status=status)}) as proxy:
        error = failure("https://far.example/", proxy=proxy.url(""), **OPEN)
    assert error.kind == "proxy_refused"
    assert status[:3] in str(error)


def test_proxy_that_is_not_there_is_a_failed_connection() -> None:
    error = failure("http://far.example/", proxy="http://127.0.0.1:1", **OPEN)
    assert error.kind == "connect_failed"
    assert str(error).endswith("127.0.0.1 port 1: Connection refused")


def test_environment_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    with RawServer({}) as proxy, RawServer({"/": respond(PAGE)}) as server:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url(""))
        assert fetch(server.url("/")).status == 200
        assert proxy.requests == []


@pytest.mark.parametrize("text", ["proxy:3128", "socks5://x:1", "https://x:1", "", "http://"])
def test_proxy_that_cannot_be_used_is_refused_at_once(text: str) -> None:
    with pytest.raises(InputError):
        read_proxy(text, Identities())


def test_password_of_the_proxy_does_not_show_in_repr() -> None:
    assert "cGFzcw" not in repr(read_proxy("http://u:pass@x.example:1", Identities()))
