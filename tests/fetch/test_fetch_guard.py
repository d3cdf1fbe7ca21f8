"""The address guard, on what is written and on what names resolve to."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import re
import weakref
from collections.abc import Sequence
from ipaddress import ip_address

import pytest
from fetching import failure, fetch, kind, local
from hypothesis import given
from hypothesis import strategies as st
from servers.raw import RawServer, redirect, respond

from scrubber.errors import AddressRefused, InputError
from scrubber.fetch import FetchOptions
from scrubber.fetch.fetcher import Fetcher
from scrubber.fetch.guard import Guard, is_global
from scrubber.fetch.resolver import Resolver, first_to_connect, in_turns
from scrubber.fetch.urls import parse_url

PAGE = b"<p>a page</p>"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "168.63.129.16",
        "100.100.100.200",
        "192.0.0.192",
        "fd00:ec2::254",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
        "2001::1",
        "3fff::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "::10.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::8.8.8.8",
        "2002:7f00:1::1",
        "2002:a00:1::",
        "2002:101:101::",
        "5f00::1",
    ],
)
def test_address_is_not_global(address: str) -> None:
    assert not is_global(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "1.1.1.1",
        "93.184.215.14",
        "172.32.0.1",
        "100.128.0.1",
        "2606:4700::1111",
        "64:ff9b::1.1.1.1",
    ],
)
def test_address_is_global(address: str) -> None:
    assert is_global(ip_address(address))


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_does_not_change_the_verdict(address: object) -> None:
    wrapped = ip_address(f"64:ff9b::{address}")
    assert is_global(wrapped) == is_global(ip_address(str(address)))


@given(st.ip_addresses())
def test_what_python_calls_private_is_never_global(address: object) -> None:
    parsed = ip_address(str(address))
    if parsed.is_private or parsed.is_multicast or parsed.is_loopback or parsed.is_link_local:
        assert not is_global(parsed)


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "127.0.1",
        "010.0.0.1",
        "1.2.3.4.5",
        "256.1.1.1",
        "127.0.0.1.",
        "１２７.0.0.1",
        "127%2e0%2e0%2e1",
        "[::ffff:10.0.0.1]",
        "[::1]",
        "[fe80::1%25eth0]",
        "[0:0:0:0:0:ffff:7f00:1]",
    ],
)
def test_spelling_of_an_address_is_refused(host: str) -> None:
    with pytest.raises((AddressRefused, InputError)):
        Guard(FetchOptions()).check_url(parse_url(f"http://{host}/"))


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "data:text/html,x", "ftp://example.org/", "gopher://x/", "javascript:1"],
)
def test_scheme_other_than_http_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        parse_url(url)


def test_unusual_port_is_refused_before_anything_is_resolved() -> None:
    assert kind("http://example.org:22/", allow_private=False) == "address_refused"


def test_private_address_is_refused_by_default() -> None:
    error = failure("http://127.0.0.1:8000/", allow_private=False)
    assert isinstance(error, AddressRefused)
    assert "127.0.0.1" in str(error)
    assert error.url == "http://127.0.0.1:8000/"


def test_name_that_resolves_to_a_private_address_is_refused() -> None:
    assert kind("http://localhost/", allow_private=False) == "address_refused"


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    async def lookup(host: str, port: int) -> Sequence[str]:
        return ["93.184.215.14", "10.0.0.1"]

    assert kind("http://mixed.example/", lookup=lookup, allow_private=False) == "address_refused"


def test_link_local_stays_closed_when_private_addresses_are_open() -> None:
    assert kind("http://169.254.169.254/latest/meta-data/") == "address_refused"


def test_allowed_host_is_opened_alone() -> None:
    async def lookup(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.1"]

    with RawServer({"/": respond(PAGE)}) as server:
        url = server.url("/", host="good.test")
        changes = {"lookup": lookup, "allow_private": False, "allow_hosts": ("good.test",)}
        assert fetch(url, **changes).status == 200
        assert kind(server.url("/", host="bad.test"), **changes) == "address_refused"


def test_allowed_network_is_opened_alone() -> None:
    with RawServer({"/": respond(PAGE)}, host="127.0.0.7") as server:
        changes = {"allow_private": False, "allow_networks": ("127.0.0.7/32",)}
        assert fetch(server.url("/"), **changes).status == 200
        assert kind(server.url("/", host="127.0.0.8"), **changes) == "address_refused"


def test_network_that_cannot_be_read_is_an_input_error() -> None:
    with pytest.raises(InputError):
        Guard(FetchOptions(allow_networks=("10.0.0.1/8",)))


def test_connection_goes_to_the_address_that_was_checked() -> None:
    """A name server that answers differently the second time is never asked a second time."""
    answers = iter([["127.0.0.9"], ["169.254.169.254"]])

    async def lookup(host: str, port: int) -> Sequence[str]:
        return next(answers)

    with RawServer({"/": respond(PAGE)}, host="127.0.0.9") as server:
        changes = {"allow_private": False, "allow_networks": ("127.0.0.9/32",)}
        page = fetch(server.url("/", host="rebinding.test"), lookup=lookup, **changes)
    assert page.status == 200
    assert next(answers) == ["169.254.169.254"]


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:10.0.0.1]/",
        "http://2130706433/",
        "//10.0.0.1/",
        "http:\\\\10.0.0.1\\x",
        "file:///etc/passwd",
        "data:text/html,x",
    ],
)
def test_redirect_to_a_closed_address_is_refused(location: str) -> None:
    with RawServer({"/": redirect(location)}, host="127.0.0.7") as server:
        changes = {"allow_private": False, "allow_networks": ("127.0.0.7/32",)}
        assert kind(server.url("/"), **changes) == "address_refused"


def test_redirect_to_the_mail_port_of_a_public_host_is_refused() -> None:
    async def lookup(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.7"] if host == "start.test" else ["93.184.215.14"]

    with RawServer({"/": redirect("http://mail.test:25/")}, host="127.0.0.7") as server:
        changes = {"allow_private": False, "allow_networks": ("127.0.0.7/32",)}
        url = server.url("/", host="start.test")
        assert kind(url, lookup=lookup, **changes) == "address_refused"


def test_meta_refresh_to_a_closed_address_is_refused() -> None:
    body = b'<meta http-equiv=refresh content="0;url=http://10.0.0.1/">'
    with RawServer({"/": respond(body)}, host="127.0.0.7") as server:
        changes = {"allow_private": False, "allow_networks": ("127.0.0.7/32",)}
        assert kind(server.url("/"), **changes) == "address_refused"


def test_robots_redirect_to_a_closed_address_is_refused() -> None:
    routes = {"/robots.txt": redirect("http://10.0.0.1/robots.txt"), "/": respond(PAGE)}
    with RawServer(routes, host="127.0.0.7") as server:
        changes = {"allow_private": False, "allow_networks": ("127.0.0.7/32",)}
        assert kind(server.url("/"), respect_robots=True, **changes) == "address_refused"


# ---- the resolver


def test_families_take_turns() -> None:
    assert in_turns(["2::1", "2::2", "2::3", "1.1.1.1", "1.1.1.2"]) == [
        "2::1",
        "1.1.1.1",
        "2::2",
        "1.1.1.2",
        "2::3",
    ]


def test_silent_address_loses_the_race() -> None:
    async def connect(address: str) -> str:
        if address == "2::1":
            await asyncio.sleep(60)
        return address

    assert asyncio.run(first_to_connect(["2::1", "1.1.1.1"], connect)) == "1.1.1.1"


def test_refused_address_gives_way_at_once() -> None:
    async def connect(address: str) -> str:
        if address == "2::1":
            raise ConnectionRefusedError
        return address

    assert asyncio.run(first_to_connect(["2::1", "1.1.1.1"], connect)) == "1.1.1.1"


def test_race_that_nobody_wins_raises_the_first_failure() -> None:
    async def connect(address: str) -> str:
        raise OSError(address)

    with pytest.raises(OSError, match="2::1"):
        asyncio.run(first_to_connect(["2::1", "1.1.1.1"], connect))


def test_concurrent_callers_share_one_lookup() -> None:
    asked: list[str] = []

    async def lookup(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        await asyncio.sleep(0)
        return ["1.1.1.1"]

    async def run() -> None:
        resolver = Resolver(lookup)
        await asyncio.gather(*(resolver.addresses("a.test", 80) for _ in range(9)))
        await resolver.addresses("a.test", 80)

    asyncio.run(run())
    assert asked == ["a.test"]


def test_answers_are_kept_and_failures_too() -> None:
    asked: list[str] = []

    async def lookup(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        raise OSError("no such name")

    async def run() -> None:
        resolver = Resolver(lookup)
        for _ in range(3):
            with pytest.raises(OSError, match="no such name"):
                await resolver.addresses("gone.test", 80)

    asyncio.run(run())
    assert asked == ["gone.test"]


class Held:
    """What a frame holds."""


def test_failures_that_are_kept_hold_nothing_of_how_they_came() -> None:
    frames: list[weakref.ref[Held]] = []

    def fail() -> None:
        held = Held()
        frames.append(weakref.ref(held))
        raise OSError("no such name")

    async def lookup(host: str, port: int) -> Sequence[str]:
        fail()
        return []

    async def caller(resolver: Resolver) -> None:
        held = Held()
        frames.append(weakref.ref(held))
        await resolver.addresses("gone.test", 80)

    async def run() -> None:
        resolver = Resolver(lookup)
        for _ in range(3):
            with pytest.raises(OSError, match="no such name"):
                await caller(resolver)
        await asyncio.sleep(0)  # the event loop holds the last answer until its next step
        gc.collect()
        assert [frame() for frame in frames] == [None] * 4

    asyncio.run(run())


def asked_again(kept_s: float) -> int:
    """How often a name is resolved that is wanted twice."""
    asked: list[str] = []

    async def lookup(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["1.1.1.1"]

    async def run() -> None:
        resolver = Resolver(lookup, kept_s=kept_s)
        for _ in range(2):
            await resolver.addresses("a.test", 80)

    asyncio.run(run())
    return len(asked)


def test_answers_live_as_long_as_they_are_told_to() -> None:
    assert (asked_again(60), asked_again(0)) == (1, 2)


def test_retry_asks_anew_where_a_server_has_moved() -> None:
    """Within the lifetime of the first answer, whatever its TTL was."""
    answers = iter([["127.0.0.9"], ["127.0.0.1"]])

    async def lookup(host: str, port: int) -> Sequence[str]:
        return next(answers)

    with RawServer({"/": respond(b"<p>here")}) as server:
        page = fetch(server.url("/", host="moves.test"), lookup=lookup, retries=1)
    assert page.html == "<p>here"


def test_system_resolves_names_and_literals() -> None:
    async def run() -> tuple[Sequence[str], Sequence[str]]:
        resolver = Resolver()
        return await resolver.addresses("localhost", 80), await resolver.addresses("127.0.0.5", 80)

    names, literal = asyncio.run(run())
    assert set(names) <= {"127.0.0.1", "::1"}
    assert list(literal) == ["127.0.0.5"]


async def slow_lookup(host: str, port: int) -> Sequence[str]:
    if host == "slow.test":
        await asyncio.sleep(36000)
    return ["127.0.0.1"]


def test_name_server_that_hangs_costs_its_url_alone() -> None:
    async def run() -> tuple[int | None, bool]:
        async with Fetcher(local(), lookup=slow_lookup) as fetcher:
            slow = asyncio.create_task(fetcher.fetch(server.url("/", host="slow.test")))
            page = await fetcher.fetch(server.url("/", host="fast.test"))
            waits = not slow.done()
            slow.cancel()
            await asyncio.gather(slow, return_exceptions=True)
            return page.status, waits

    with RawServer({"/": respond(PAGE)}) as server:
        assert asyncio.run(run()) == (200, True)


def test_name_server_that_hangs_meets_the_bound_on_connecting() -> None:
    assert kind("http://slow.test/", lookup=slow_lookup, connect_s=0.2) == "connect_timeout"


# ---- URLs


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("  https://example.org/a b\t\n", "https://example.org/a%20b"),
        ("https://example.org:443/x#frag", "https://example.org/x"),
        ("https:\\\\example.org\\a", "https://example.org/a"),
        ("https://bücher.example/ü?q=ä", "https://xn--bcher-kva.example/%C3%BC?q=%C3%A4"),
        ("https://example.org/a/../b/./c/..", "https://example.org/b/"),
        ("https://example.org?q=1", "https://example.org/?q=1"),
        ("https://example.org/%7Ea%2Fb", "https://example.org/%7Ea%2Fb"),
        ("https://user:secret@example.org/x", "https://example.org/x"),
        ("http://[2606:4700::1111]:8080/", "http://[2606:4700::1111]:8080/"),
        ("https://example.org/\udcb8", "https://example.org/?"),
    ],
)
def test_url_is_cleaned(text: str, expected: str) -> None:
    assert str(parse_url(text)) == expected


def test_overlong_url_is_refused() -> None:
    with pytest.raises(InputError, match="longer than"):
        parse_url("https://example.org/" + "a" * 9000)


@pytest.mark.parametrize(
    "url",
    [
        "http://user:secret@127.0.0.1:1/",
        "http:\\\\user:secret@127.0.0.1:1\\",
        "http:user:secret@127.0.0.1:1",
        "ftp://user:secret@a.example/x@y",
        "http://user:secret@a.example:99999/",
        "http://user:secret@a b/",
        "http://user:sec@ret@a b/",
        f"http://user:{'secret' * 50}@a.example:99999/",
    ],
)
def test_password_does_not_show_in_errors(url: str) -> None:
    error = failure(url)
    assert not re.search("sec|ret", f"{error} {error.url}".replace("secure", ""))


SURROGATES = st.text(st.characters() | st.characters(categories=["Cs"]), max_size=60)


@given(SURROGATES)
def test_any_text_is_a_url_or_a_typed_error(text: str) -> None:
    for candidate in (text, f"http://{text}", f"https://example.org/{text}"):
        try:
            url = parse_url(candidate)
        except (InputError, AddressRefused):
            continue
        assert url.host.isascii()
        assert str(url).isascii()
        assert not set(str(url)) & set(" \r\n\t\0")
        assert parse_url(str(url)) == url or url.login


@given(SURROGATES)
def test_any_location_joins_or_is_a_typed_error(location: str) -> None:
    with contextlib.suppress(InputError, AddressRefused):
        assert str(parse_url("https://example.org/a/b").join(location, 8192)).isascii()


@given(st.text(alphabet="0123456789abcdefx.:[]%@/\\-", max_size=30))
def test_no_spelling_slips_past_the_guard(host: str) -> None:
    """Whatever passes unresolved is a name, or a literal that is global."""
    try:
        url = parse_url(f"http://{host}/")
        Guard(FetchOptions()).check_url(url)
    except (InputError, AddressRefused):
        return
    try:
        address = ip_address(url.host)
    except ValueError:
        assert not url.host.rpartition(".")[2].isdigit()
    else:
        assert is_global(address)
