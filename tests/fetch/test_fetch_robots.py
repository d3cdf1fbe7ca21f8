"""robots.txt, point by point of RFC 9309: what rules mean, and what is asked for and when."""

from __future__ import annotations

import asyncio
import gc
import weakref
from itertools import pairwise
from typing import Any

import pytest
from fetching import failure, fetch, kind, local, time_passes
from hypothesis import given
from hypothesis import strategies as st
from servers.raw import Behaviour, Exchange, RawServer, redirect, respond

from scrubber.errors import ConnectFailed, RobotsDisallowed
from scrubber.fetch.fetcher import Fetcher
from scrubber.fetch.robots import Answer, Robots
from scrubber.fetch.rules import Rules, agent_token, normal, parse_rules
from scrubber.fetch.urls import Url, parse_url

PAGE = b"<!doctype html><title>T</title><p>Words.</p>"
DAY_S = 24 * 3600.0
NOTHING = b"User-agent: *\nDisallow: /\n"


def may_ask(rules: Rules, target: str) -> bool:
    return rules.allow(parse_url(f"https://example.org{target}"))


def robots(body: bytes) -> Behaviour:
    return respond(body, content_type="text/plain")


# ---- what rules mean

CASES = [  # what is shown, robots.txt, target, whether we may ask
    (
        "a version behind the token does not matter",
        "User-agent: scrubber/1.0\nDisallow: /\n",
        "/a",
        False,
    ),
    ("a beginning of the token is another robot", "User-agent: scrub\nDisallow: /\n", "/a", True),
    ("a letter of the token is another robot", "User-agent: s\nDisallow: /\n", "/a", True),
    ("tokens in any case", "User-Agent: SCRUBBER\nDisallow: /\n", "/a", False),
    (
        "groups for one token are merged",
        "User-agent: scrubber\nDisallow: /a\n\nUser-agent: x\nDisallow: /b\n\nUser-agent: scrubber\nDisallow: /c\n",
        "/c",
        False,
    ),
    (
        "groups for all are merged",
        "User-agent: *\nDisallow: /a\n\nUser-agent: x\nDisallow: /b\n\nUser-agent: *\nDisallow: /c\n",
        "/a",
        False,
    ),
    (
        "an own group without prohibitions frees from those for all",
        "User-agent: *\nDisallow: /\nUser-agent: scrubber\nDisallow:\n",
        "/a",
        True,
    ),
    (
        "an own group without rules frees from those for all",
        "User-agent: *\nDisallow: /\nUser-agent: scrubber\n",
        "/a",
        True,
    ),
    (
        "an unknown line ends no group",
        "User-agent: x\nClean-param: ref\nUser-agent: scrubber\nDisallow: /a\nUser-agent: x\n",
        "/a",
        False,
    ),
    (
        "an unknown line among the names ends no group",
        "User-agent: scrubber\nClean-param: ref /x\nUser-agent: y\nDisallow: /a\n",
        "/a",
        False,
    ),
    (
        "Crawl-delay ends no group",
        "User-agent: scrubber\nCrawl-delay: 2\nUser-agent: y\nDisallow: /a\n",
        "/a",
        False,
    ),
    (
        "Sitemap ends no group",
        "User-agent: scrubber\nSitemap: http://x/\nUser-agent: y\nDisallow: /a\n",
        "/a",
        False,
    ),
    (
        "rules above all groups are for nobody",
        "Disallow: /\nUser-agent: *\nDisallow: /b\n",
        "/a",
        True,
    ),
    ("lines may end in CR", "User-agent: *\rDisallow: /a\r", "/a", False),
    ("lines may end in CRLF", "User-agent: *\r\nDisallow: /a\r\n", "/a", False),
    (
        "a byte order mark is no part of the first line",
        "\ufeffUser-agent: *\nDisallow: /a\n",
        "/a",
        False,
    ),
    ("only CR and LF end lines", "User-agent: *\nDisallow: /a\u2028b\n", "/a", True),
    ("an escaped tilde in a rule", "User-agent: *\nDisallow: /%7Ejoe/\n", "/~joe/x", False),
    ("an escaped tilde in a URL", "User-agent: *\nDisallow: /~joe/\n", "/%7ejoe/x", False),
    ("escapes in lower case", "User-agent: *\nDisallow: /%e3%83%84\n", "/%E3%83%84", False),
    ("raw UTF-8 in a rule", "User-agent: *\nDisallow: /\u30c4\n", "/%E3%83%84", False),
    ("raw UTF-8 in both", "User-agent: *\nDisallow: /foo/bar/\u30c4\n", "/foo/bar/ツ", False),
    (
        "escaped letters in a rule",
        "User-agent: *\nDisallow: /foo/bar/%62%61%7A\n",
        "/foo/bar/baz",
        False,
    ),
    (
        "escaped reserved characters in a URL",
        "User-agent: *\nDisallow: /foo/bar?baz=https://foo.bar\n",
        "/foo/bar?baz=https%3A%2F%2Ffoo.bar",
        False,
    ),
    (
        "escaped reserved characters in a rule",
        "User-agent: *\nDisallow: /foo/bar?baz=https%3A%2F%2Ffoo.bar\n",
        "/foo/bar?baz=https://foo.bar",
        False,
    ),
    (
        "an escaped star is no sign",
        "User-agent: *\nDisallow: /file-%2A.html\n",
        "/file-x.html",
        True,
    ),
    (
        "an escaped star is a star",
        "User-agent: *\nDisallow: /file-%2A.html\n",
        "/file-*.html",
        False,
    ),
    ("an escaped dollar is no sign", "User-agent: *\nDisallow: /a%24\n", "/a", True),
    ("an escaped dollar is a dollar", "User-agent: *\nDisallow: /a%24\n", "/a$b", False),
    ("a dollar at the end means the end", "User-agent: *\nDisallow: /*.gif$\n", "/a.gif?x", True),
    (
        "a dollar at the end is met at the end",
        "User-agent: *\nDisallow: /*.gif$\n",
        "/a.gif",
        False,
    ),
    (
        "of equally long rules the one that allows wins",
        "User-agent: *\nDisallow: /a\nAllow: /a\n",
        "/ab",
        True,
    ),
    (
        "the longest rule wins",
        "User-agent: *\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n",
        "/example/page/disallowed.gif",
        False,
    ),
    (
        "robots.txt itself may always be asked for",
        "User-agent: *\nDisallow: /\n",
        "/robots.txt",
        True,
    ),
    (
        "a rule for index.html says nothing of the folder",
        "User-agent: *\nDisallow: /\nAllow: /index.html\n",
        "/",
        False,
    ),
    ("empty lines end no group", "User-agent: *\n\n\nDisallow: /a\n", "/a", False),
    (
        "comments are no part of names and paths",
        "User-agent: * # all\nDisallow: /a # b\n",
        "/a",
        False,
    ),
    ("tabs around colons", "User-agent\t:\t*\nDisallow\t:\t/a\n", "/a", False),
    ("paths are compared in their case", "User-agent: *\nDisallow: /A\n", "/a", True),
    ("misspelt names are understood", "user agent: *\nDissallow: /a\n", "/a", False),
    (
        "a group with a delay alone frees from prohibitions for all",
        "User-agent: *\nDisallow: /\n\nUser-agent: scrubber\nCrawl-delay: 3\n",
        "/a",
        True,
    ),
    ("a star in the middle", "User-agent: *\nDisallow: /a/*/print\n", "/a/b/c/print?x", False),
    ("stars that meet too early", "User-agent: *\nDisallow: /*ab*bc$\n", "/abc", True),
    (
        "the end is met behind the last star",
        "User-agent: *\nDisallow: /*.php$\n",
        "/a.php/b.php",
        False,
    ),
    ("a star before the end means anything", "User-agent: *\nDisallow: /a*$\n", "/abc", False),
    ("a dollar in the middle is a dollar", "User-agent: *\nDisallow: /a$b\n", "/a$bc", False),
    ("signs count as octets of a rule", "User-agent: *\nDisallow: /a*\nAllow: /a\n", "/ab", False),
    ("rules reach into queries", "User-agent: *\nDisallow: /*?id=\n", "/a?x&id=1", True),
    ("a question mark in a rule", "User-agent: *\nDisallow: /a?\n", "/a?b", False),
    ("an empty rule forbids nothing", "User-agent: *\nDisallow:\n", "/", True),
    ("a path without its slash is no rule", "User-agent: *\nDisallow: a\n", "/a", True),
    ("a rule may begin with a star", "User-agent: *\nDisallow: *.pdf\n", "/a.pdf", False),
    ("a robot without a name is none", "User-agent:\nDisallow: /\n", "/a", True),
    ("a star behind our token", "User-agent: scrubber*\nDisallow: /\n", "/a", False),
    ("octets that are no UTF-8", "User-agent: *\nDisallow: /caf\udce9\n", "/caf%E9", False),
    ("robots.txt with a query", "User-agent: *\nDisallow: /\n", "/robots.txt?v=1", True),
    ("others' groups do not concern us", "User-agent: other\nDisallow: /\n", "/a", True),
    ("no colon", "User-agent *\nDisallow /a\n", "/a", False),
]


@pytest.mark.parametrize(
    ("text", "target", "allowed"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_rules_mean_what_rfc_9309_says(text: str, target: str, allowed: bool) -> None:
    rules = parse_rules(text.encode("utf-8", "surrogateescape"), "scrubber")
    assert may_ask(rules, target) is allowed


@pytest.mark.parametrize(
    ("named", "ours"),
    [
        ("news-bot-images", "news-bot-images"),
        ("news-bot", "news-bot"),
        ("news", "news"),
        ("new", None),
        ("*", "*"),
    ],
)
def test_longest_beginning_of_our_token_names_us(named: str, ours: str | None) -> None:
    text = f"User-agent: {named}\nDisallow: /a\n\nUser-agent: else\nDisallow: /b\n"
    assert may_ask(parse_rules(text.encode(), "News-Bot-Images"), "/a") is (ours is None)


def test_group_with_more_of_our_token_is_the_one_that_counts() -> None:
    text = b"User-agent: news\nDisallow: /\n\nUser-agent: news-bot\nDisallow: /b\n"
    rules = parse_rules(text, "news-bot")
    assert (may_ask(rules, "/a"), may_ask(rules, "/b")) == (True, False)


@pytest.mark.parametrize(
    ("lines", "delay_s"),
    [
        ("Crawl-delay: 2.5", 2.5),
        ("Crawl-delay: 2\nCrawl-delay: 9\nCrawl-delay: 3", 9.0),
        ("Crawl-delay: soon", None),
        ("Crawl-delay: -1", None),
        ("Crawl-delay: inf", None),
        ("Request-rate: 1/5", 5.0),
        ("Request-rate: 2/1m 0600-0845", 30.0),
        ("Request-rate: 0/5", None),
        ("Disallow: /x", None),
    ],
)
def test_pause_is_read(lines: str, delay_s: float | None) -> None:
    rules = parse_rules(f"User-agent: *\n{lines}\n".encode(), "scrubber")
    assert rules.crawl_delay_s == delay_s


def test_pause_for_other_robots_is_not_ours() -> None:
    text = b"User-agent: other\nCrawl-delay: 600\n\nUser-agent: *\nDisallow: /a\n"
    rules = parse_rules(text, "scrubber")
    assert (rules.crawl_delay_s, may_ask(rules, "/a")) == (None, False)


def test_html_in_place_of_robots_allows_all() -> None:
    assert may_ask(parse_rules(b"<!doctype html><p>Not found", "scrubber"), "/a")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_robots_saved_in_utf16_forbid_what_they_say(codec: str) -> None:
    mark = "" if codec == "utf-16" else "\ufeff"
    rules = parse_rules(f"{mark}User-agent: *\nDisallow: /ü\n".encode(codec), "scrubber")
    assert not may_ask(rules, "/%C3%BC/1")
    assert may_ask(rules, "/u")


def test_product_token_is_the_first_word() -> None:
    assert agent_token("scrubber/1.0 (+https://example.org)") == "scrubber"
    assert agent_token("My Bot") == "My"
    assert agent_token("") == ""


@given(st.binary(max_size=300))
def test_any_robots_file_can_be_read(body: bytes) -> None:
    assert may_ask(parse_rules(body, "scrubber"), "/a") in (True, False)


@given(st.text(max_size=60))
def test_path_in_normal_form_stays_as_it_is(path: str) -> None:
    once = normal(path.encode("utf-8", "replace").decode())
    assert normal(once) == once


def test_robots_that_name_thousands_hold_no_rules_for_them() -> None:
    names = "".join(f"User-agent: robot{number}\n" for number in range(20_000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(20_000))
    assert may_ask(parse_rules((names + rules).encode(), "scrubber"), "/1")


# ---- what is asked for, and when


@pytest.mark.parametrize("status", ["401 No", "403 No", "404 No", "410 Gone", "418 Teapot"])
def test_4xx_allows_all(status: str) -> None:
    routes = {"/robots.txt": respond(NOTHING, status=status), "/a": respond(PAGE)}
    with RawServer(routes) as server:
        assert fetch(server.url("/a"), respect_robots=True).status == 200


@pytest.mark.parametrize("status", ["500 Oops", "502 Oops", "503 Oops", "429 Slow"])
def test_5xx_and_429_forbid_all(status: str) -> None:
    with RawServer({"/robots.txt": respond(status=status), "/a": respond(PAGE)}) as server:
        assert kind(server.url("/a"), respect_robots=True) == "robots_unreachable"
        assert server.targets() == []


def test_connection_that_breaks_forbids_all() -> None:
    async def reset(exchange: Exchange) -> None:
        exchange.reset()

    with RawServer({"/robots.txt": reset, "/a": respond(PAGE)}) as server:
        assert kind(server.url("/a"), respect_robots=True) == "robots_unreachable"


def _hops(count: int, last: Behaviour) -> dict[str, Any]:
    """robots.txt behind so many redirects."""
    targets = ["/robots.txt", *(f"/r{number}" for number in range(count))]
    routes = {here: redirect(there) for here, there in pairwise(targets)}
    return {**routes, targets[-1]: last, "/a": respond(PAGE)}


def test_five_redirects_are_followed() -> None:
    with RawServer(_hops(5, robots(NOTHING))) as server:
        assert kind(server.url("/a"), respect_robots=True) == "robots_disallowed"


def test_sixth_redirect_means_that_there_are_none() -> None:
    with RawServer(_hops(6, robots(NOTHING))) as server:
        assert fetch(server.url("/a"), respect_robots=True).status == 200
        assert "/r5" not in server.targets()


def test_rules_found_on_another_host_are_those_of_the_first() -> None:
    with RawServer({"/rules": robots(b"User-agent: *\nDisallow: /a\n")}, host="127.0.0.2") as other:
        routes = {"/robots.txt": redirect(other.url("/rules")), "/a": respond(PAGE)}
        with RawServer(routes) as server:
            error = failure(server.url("/a"), respect_robots=True)
    assert str(error) == f"robots.txt of 127.0.0.1:{server.port} disallows /a"


def test_redirect_to_a_server_in_trouble_forbids_all() -> None:
    with RawServer({"/rules": respond(status="503 Oops")}, host="127.0.0.2") as other:
        routes = {"/robots.txt": redirect(other.url("/rules")), "/a": respond(PAGE)}
        with RawServer(routes) as server:
            assert kind(server.url("/a"), respect_robots=True) == "robots_unreachable"


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_rule_that_the_bound_cuts_is_no_rule(end: bytes) -> None:
    body = end.join([b"User-agent: *", b"Disallow: /private", b"Disallow: /archive/of/old/letters"])
    routes = {"/robots.txt": robots(body), "/archive": respond(PAGE), "/private": respond(PAGE)}
    with RawServer(routes) as server:
        bounds = {"respect_robots": True, "max_robots_bytes": len(body) - 20}
        assert fetch(server.url("/archive"), **bounds).status == 200
        assert kind(server.url("/private"), **bounds) == "robots_disallowed"


def test_file_that_just_fits_the_bound_is_whole() -> None:
    body = b"User-agent: *\nDisallow: /a"
    with RawServer({"/robots.txt": robots(body), "/a": respond(PAGE)}) as server:
        bounds = {"respect_robots": True, "max_robots_bytes": len(body)}
        assert kind(server.url("/a"), **bounds) == "robots_disallowed"


def test_bound_is_500_kib() -> None:
    late = (
        b"User-agent: *\n"
        + b"# a comment of sixty-four characters, again and again to the end\n" * 7870
    )
    assert 499 * 1024 < len(late) < 500 * 1024
    with RawServer(
        {"/robots.txt": robots(late + b"Disallow: /a\n"), "/a": respond(PAGE)}
    ) as server:
        assert kind(server.url("/a"), respect_robots=True) == "robots_disallowed"


def _asked_again_after(seconds: float, first: Behaviour, then: Behaviour) -> tuple[list[str], int]:
    """Verdicts on /a before and after that time, and how often robots.txt was asked for."""
    verdicts: list[str] = []

    async def behave(exchange: Exchange) -> None:
        await (first if exchange.count == 1 else then)(exchange)

    async def run() -> None:
        skip = time_passes()
        async with Fetcher(local(respect_robots=True)) as fetcher:
            for _ in range(2):
                try:
                    await fetcher.allowed(server.url("/a"))
                    verdicts.append("allowed")
                except RobotsDisallowed as error:
                    verdicts.append(error.kind)
                skip(seconds)

    with RawServer({"/robots.txt": behave}) as server:
        asyncio.run(run())
    return verdicts, len(server.requests)


def test_rules_are_kept_for_a_day() -> None:
    verdicts, asked = _asked_again_after(DAY_S - 3600, respond(status="404 No"), robots(NOTHING))
    assert (verdicts, asked) == (["allowed", "allowed"], 1)


def test_rules_are_asked_for_again_after_a_day() -> None:
    verdicts, asked = _asked_again_after(DAY_S + 1, respond(status="404 No"), robots(NOTHING))
    assert (verdicts, asked) == (["allowed", "robots_disallowed"], 2)


def test_server_in_trouble_is_asked_again_after_a_minute() -> None:
    verdicts, asked = _asked_again_after(61.0, respond(status="503 Oops"), robots(b""))
    assert (verdicts, asked) == (["robots_unreachable", "allowed"], 2)


@pytest.mark.parametrize(("delay_s", "pause_s"), [(0.0, 7.0), (20.0, 20.0)])
def test_crawl_delay_is_a_floor(delay_s: float, pause_s: float) -> None:
    async def run() -> float:
        async with Fetcher(local(respect_robots=True, delay_s=delay_s)) as fetcher:
            return await fetcher._permitted(parse_url(server.url("/a")))

    with RawServer({"/robots.txt": robots(b"User-agent: *\nCrawl-delay: 7\n")}) as server:
        assert asyncio.run(run()) == pause_s


def test_every_port_has_robots_of_its_own() -> None:
    with (
        RawServer({"/robots.txt": robots(NOTHING)}) as strict,
        RawServer({"/a": respond(PAGE)}) as free,
    ):
        assert kind(strict.url("/a"), respect_robots=True) == "robots_disallowed"
        assert fetch(free.url("/a"), respect_robots=True).status == 200


def test_robots_are_compared_with_the_url_as_it_is_sent() -> None:
    routes = {"/robots.txt": robots("User-agent: *\nDisallow: /café/\n".encode())}
    with RawServer(routes) as server:
        assert kind(server.url("/x/../café/menu"), respect_robots=True) == "robots_disallowed"


class Held:
    """What a frame holds."""


def test_failures_that_are_remembered_hold_nothing_of_how_they_came() -> None:
    frames: list[weakref.ref[Held]] = []

    async def get(url: Url) -> Answer:
        held = Held()
        frames.append(weakref.ref(held))
        raise ConnectFailed(f"no connection to {url.host}")

    async def run() -> None:
        robots = Robots(get, "scrubber")
        for _ in range(2):
            with pytest.raises(ConnectFailed):
                await robots.rules(parse_url("https://example.org/"))
        await asyncio.sleep(0)  # the event loop holds the last answer until its next step
        gc.collect()
        (frame,) = frames
        assert frame() is None

    asyncio.run(run())


def test_of_hosts_with_many_rules_the_last_ones_are_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("scrubber.fetch.robots.MAX_RULES", 10)
    asked: list[str] = []

    async def get(url: Url) -> Answer:
        asked.append(url.host)
        count = 100 if url.host == "c.test" else 4
        return Answer(
            200, b"User-agent: *\n" + b"".join(b"Disallow: /%d\n" % n for n in range(count))
        )

    async def run() -> None:
        robots = Robots(get, "scrubber")
        for host in ("a.test", "b.test", "b.test", "c.test", "c.test", "a.test"):
            await robots.rules(parse_url(f"https://{host}/"))

    asyncio.run(run())
    assert asked == ["a.test", "b.test", "c.test", "a.test"]
