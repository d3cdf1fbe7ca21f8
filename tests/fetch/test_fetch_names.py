"""Names: how long their addresses hold, asked of a real name server on loopback."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pycares
import pytest
from fetching import fetch, kind, local
from servers.names import GARBAGE, SERVFAIL, SILENT, NameServer
from servers.raw import RawServer, respond

from scrubber.errors import AddressRefused
from scrubber.fetch.fetcher import Fetcher
from scrubber.fetch.lookup import Answer, Names, NameServers, is_literal, sees_all
from scrubber.fetch.resolver import Resolver

PAGE = b"<p>a page</p>"


async def unknown(host: str, port: int) -> Sequence[str]:
    raise socket.gaierror(socket.EAI_NONAME, "the system does not know it either")


class Clock:
    """Stands still until it is moved."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def asking(server: NameServer) -> Any:
    """A lookup that asks a server anew each time: c-ares keeps answers by a clock of its own."""

    async def lookup(host: str, port: int) -> Answer:
        names = NameServers(pycares, [server.address])
        try:
            return await names.ask(host, port)
        finally:
            names.close()

    return lookup


def answer(server: NameServer, host: str) -> Answer:
    return asyncio.run(asking(server)(host, 80))


def times_asked(ttl_s: int, moments: Sequence[float], **changes: Any) -> list[int]:
    """How many questions the server has had after each of the moments at which a name is wanted."""
    counts = []

    async def run() -> None:
        clock = Clock()
        resolver = Resolver(asking(server), clock=clock, **changes)
        for clock.now in moments:
            await resolver.addresses("a.test", 80)
            counts.append(server.asked.count(("a.test", "A")))

    with NameServer({"a.test": [("127.0.0.1", ttl_s)]}) as server:
        asyncio.run(run())
    return counts


def test_addresses_are_kept_for_their_ttl() -> None:
    assert times_asked(300, [0, 299, 301, 600, 602]) == [1, 1, 2, 2, 3]


def test_ttl_of_nothing_counts_as_one_second() -> None:
    assert times_asked(0, [0, 0.9, 1.1]) == [1, 1, 2]


def test_ttl_is_believed_up_to_its_bound() -> None:
    assert times_asked(2**31 - 1, [0, 3599, 3601]) == [1, 1, 2]
    assert times_asked(9999, [0, 29, 31], max_ttl_s=30.0) == [1, 1, 2]


def test_shortest_ttl_on_the_way_holds() -> None:
    zone: Any = {"a.test": [("b.test", 20)], "b.test": [("127.0.0.1", 300), ("::1", 90)]}
    with NameServer(zone) as server:
        found = answer(server, "a.test")
    assert set(found.addresses) == {"127.0.0.1", "::1"}
    assert found.ttl_s == 20


def test_changed_address_is_seen_once_the_old_one_has_expired() -> None:
    async def run() -> list[Sequence[str]]:
        clock = Clock()
        resolver = Resolver(asking(server), clock=clock)
        seen = [await resolver.addresses("a.test", 80)]
        server.zone["a.test"] = [("127.0.0.2", 60)]
        for clock.now in (59, 61):
            seen.append(await resolver.addresses("a.test", 80))
        return seen

    with NameServer({"a.test": [("127.0.0.1", 60)]}) as server:
        assert asyncio.run(run()) == [["127.0.0.1"], ["127.0.0.1"], ["127.0.0.2"]]


def test_answer_without_ttl_is_kept_as_long_as_the_option_says() -> None:
    asked = []

    async def lookup(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"]

    async def run() -> None:
        clock = Clock()
        resolver = Resolver(lookup, kept_s=60.0, clock=clock)
        for clock.now in (0, 59, 61):
            await resolver.addresses("a.test", 80)

    asyncio.run(run())
    assert len(asked) == 2


def test_failure_is_kept_for_ten_seconds() -> None:
    asked = []

    async def lookup(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        raise OSError("no such name")

    async def run() -> None:
        clock = Clock()
        resolver = Resolver(lookup, clock=clock)
        for clock.now in (0, 9, 11):
            with pytest.raises(OSError, match="no such name"):
                await resolver.addresses("a.test", 80)

    asyncio.run(run())
    assert len(asked) == 2


@pytest.mark.parametrize("zone", [{}, {"a.test": SERVFAIL}, {"a.test": GARBAGE}, {"a.test": []}])
def test_name_that_its_servers_do_not_give_is_asked_of_the_system(zone: Any) -> None:
    async def system(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.8"]

    async def run() -> Any:
        names = Names(NameServers(pycares, [server.address]), system)
        try:
            return await names.ask("a.test", 80)
        finally:
            names.close()

    with NameServer(zone) as server:
        assert asyncio.run(run()) == ["127.0.0.8"]
        assert server.asked


def test_one_family_is_enough() -> None:
    with NameServer({"a.test": [("::1", 60)]}) as server:
        assert answer(server, "a.test") == Answer(["::1"], 60.0)


def test_name_server_that_is_silent_meets_the_bound_on_connecting() -> None:
    with NameServer({"a.test": SILENT}) as server:
        assert kind("http://a.test/", lookup=asking(server), connect_s=0.2) == "connect_timeout"


def test_page_arrives_from_a_name_that_a_name_server_knows() -> None:
    with (
        RawServer({"/": respond(PAGE)}) as web,
        NameServer({"a.test": [("127.0.0.1", 60)]}) as server,
    ):
        assert fetch(web.url("/", host="a.test"), lookup=asking(server)).html == PAGE.decode()


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fe80::1"])
def test_closed_address_from_a_name_server_is_refused(address: str) -> None:
    with NameServer({"a.test": [("93.184.215.14", 60), (address, 60)]}) as server:
        changes: Any = {"lookup": asking(server), "allow_private": False}
        assert kind("http://a.test/", **changes) == "address_refused"


def test_name_that_is_bound_anew_is_refused_once_its_answer_has_expired() -> None:
    """Each new connection is made to an address that was checked for it."""
    options = local(allow_private=False, allow_networks=("127.0.0.9/32",), keepalive_s=0.0)

    async def run() -> list[str]:
        clock, seen = Clock(), []
        async with Fetcher(options, lookup=asking(server), clock=clock) as fetcher:
            for clock.now in (0, 0.5, 2):
                try:
                    seen.append((await fetcher.fetch(web.url("/", host="a.test"))).html)
                except AddressRefused as error:
                    seen.append(error.kind)
                server.zone["a.test"] = [("127.0.0.1", 0)]
        return seen

    with (
        RawServer({"/": respond(PAGE)}, host="127.0.0.9") as web,
        NameServer({"a.test": [("127.0.0.9", 0)]}) as server,
    ):
        assert asyncio.run(run()) == [PAGE.decode()] * 2 + ["address_refused"]


def test_system_is_asked_where_an_address_led_nowhere() -> None:
    async def system(host: str, port: int) -> Sequence[str]:
        return ["127.0.0.8"]

    async def run() -> list[Any]:
        names = Names(NameServers(pycares, [server.address]), system)
        seen = [await names.ask("a.test", 80)]
        names.doubt("a.test")
        seen += [await names.ask("a.test", 80), await names.ask("a.test", 80)]
        names.close()
        return seen

    with NameServer({"a.test": [("127.0.0.1", 60)]}) as server:
        first, second, third = asyncio.run(run())
    assert first.addresses == third.addresses == ["127.0.0.1"]
    assert second == ["127.0.0.8"]


def test_local_names_are_not_told_to_name_servers() -> None:
    async def run() -> None:
        names = Names(NameServers(pycares, [server.address]), unknown)
        with pytest.raises(OSError, match="system"):
            await names.ask("printer.local", 80)
        names.close()

    with NameServer({}) as server:
        asyncio.run(run())
        assert server.asked == []


def test_address_is_not_asked_of_anyone() -> None:
    async def run() -> Sequence[str]:
        return await Resolver(unknown).addresses("127.0.0.5", 80)

    assert asyncio.run(run()) == ["127.0.0.5"]
    assert is_literal("::1")
    assert not is_literal("1.test")


def test_names_of_this_machine_are_known() -> None:
    async def run() -> Sequence[str]:
        resolver = Resolver()
        try:
            return await resolver.addresses("localhost", 80)
        finally:
            resolver.close()

    assert set(asyncio.run(run())) <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize(
    ("sources", "servers", "platform", "expected"),
    [
        (None, "10.0.0.1", "linux", True),
        ("hosts: files dns", "10.0.0.1", "linux", True),
        ("hosts: files mdns4_minimal [NOTFOUND=return] dns # usual", "10.0.0.1", "linux", True),
        ("hosts: mymachines resolve [!UNAVAIL=return] files dns", "127.0.0.53", "linux", True),
        ("hosts: mymachines resolve [!UNAVAIL=return] files dns", "10.0.0.1", "linux", False),
        ("hosts: files sss dns", "10.0.0.1", "linux", False),
        ("hosts: files wins dns", "10.0.0.1", "linux", False),
        ("hosts: files", "10.0.0.1", "linux", False),
        ("hosts: files dns", "10.0.0.1", "darwin", False),
        ("hosts: files dns", "10.0.0.1", "win32", False),
    ],
)
def test_name_servers_are_asked_only_where_the_system_would(
    tmp_path: Path, sources: str | None, servers: str, platform: str, expected: bool
) -> None:
    if sources is not None:
        (tmp_path / "nsswitch.conf").write_text(f"# comment\npasswd: files\n{sources}\n")
    (tmp_path / "resolv.conf").write_text(f"nameserver {servers}\noptions edns0\n")
    assert sees_all(tmp_path, platform) is expected
