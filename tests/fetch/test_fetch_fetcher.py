"""The fetcher against well-behaved and struggling servers on loopback."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading

import pytest
from fetching import failure, fetch, kind, local, time_passes
from servers.raw import Exchange, RawServer, redirect, respond, send

from scrubber.errors import FetchError, InputError, RobotsDisallowed
from scrubber.fetch import FetchOptions
from scrubber.fetch.fetcher import Fetcher
from scrubber.fetch.urls import parse_url

PAGE = "<!doctype html><title>T</title><p>Žluťoučký kůň</p>".encode()


def test_page_arrives_decoded_with_where_it_came_from() -> None:
    with RawServer({"/a": respond(PAGE, headers={"X-One": "1", "Set-Cookie": "s=1"})}) as server:
        page = fetch(server.url("/a#part"))
    assert page.html == PAGE.decode()
    assert page.url == server.url("/a")
    assert page.requested_url == server.url("/a#part")
    assert (page.status, page.content_type, page.charset) == (200, "text/html", "utf-8")
    assert page.headers["x-one"] == "1"
    assert "set-cookie" not in page.headers
    assert page.fetched_at is not None
    assert not page.truncated


def has_ipv6_loopback() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6_loopback(), reason="this machine has no IPv6 loopback")
def test_page_at_an_ipv6_address_arrives() -> None:
    with RawServer({"/": respond(PAGE)}, host="::1") as server:
        url = f"http://[::1]:{server.port}/"
        assert fetch(url).url == url


def test_ipv4_serves_where_ipv6_is_refused() -> None:
    async def lookup(host: str, port: int) -> list[str]:
        return ["::1", "127.0.0.1"]

    with RawServer({"/": respond(PAGE)}) as server:
        assert fetch(server.url("/", host="both.test"), lookup=lookup).status == 200


def test_plain_text_arrives_as_text_plain() -> None:
    with RawServer({"/t": respond(b"Just words.\n", content_type="text/plain")}) as server:
        page = fetch(server.url("/t"))
    assert (page.content_type, page.html) == ("text/plain", "Just words.\n")


def test_user_agent_carries_product_version_and_contact() -> None:
    with RawServer({"/": respond(PAGE)}) as server:
        fetch(server.url("/"), contact="https://example.org/bot", from_address="a@example.org")
    headers = server.requests[0][1]
    assert headers["user-agent"].startswith("scrubber/")
    assert headers["user-agent"].endswith("(+https://example.org/bot)")
    assert headers["from"] == "a@example.org"


def test_redirect_is_followed_and_its_url_recorded() -> None:
    routes = {"/old": redirect("/new?x=1"), "/new?x=1": respond(PAGE)}
    with RawServer(routes) as server:
        page = fetch(server.url("/old"))
    assert page.url == server.url("/new?x=1")
    assert page.requested_url == server.url("/old")


def test_redirects_are_bounded() -> None:
    routes = {f"/{n}": redirect(f"/{n + 1}") for n in range(20)}
    with RawServer(routes) as server:
        assert kind(server.url("/0"), max_redirects=5) == "too_many_redirects"
    assert len(server.targets()) == 6


def test_redirect_loop_is_noticed_at_once() -> None:
    with RawServer({"/a": redirect("/b"), "/b": redirect("/a")}) as server:
        assert kind(server.url("/a")) == "redirect_loop"
    assert server.targets() == ["/a", "/b"]


def test_redirect_to_itself_with_a_cookie_is_no_loop() -> None:
    async def behave(exchange: Exchange) -> None:
        if "seen=1" in exchange.headers.get("cookie", ""):
            await respond(PAGE)(exchange)
        else:
            await respond(status="302 Found", headers={"Location": "/", "Set-Cookie": "seen=1"})(
                exchange
            )

    with RawServer({"/": behave}) as server:
        assert fetch(server.url("/")).status == 200


def test_cookies_do_not_outlive_their_fetch() -> None:
    routes = {
        "/set": respond(status="302 Found", headers={"Location": "/a", "Set-Cookie": "s=1"}),
        "/a": respond(PAGE),
    }

    async def run() -> None:
        async with Fetcher(local()) as fetcher:
            await fetcher.fetch(server.url("/set"))
            await fetcher.fetch(server.url("/a"))

    with RawServer(routes) as server:
        asyncio.run(run())
    assert [headers.get("cookie") for _, headers in server.requests] == [None, "s=1", None]


def test_missing_page_is_a_bad_status_with_a_sentence() -> None:
    with RawServer() as server:
        error = failure(server.url("/gone"))
    assert (error.kind, error.status) == ("http_status", 404)
    assert str(error) == f"{server.url('/gone')} answers 404 Not Found"
    assert error.url == server.url("/gone")


def test_passing_failure_is_retried() -> None:
    async def behave(exchange: Exchange) -> None:
        answer = respond(PAGE) if exchange.count == 3 else respond(status="503 Busy")
        await answer(exchange)

    with RawServer({"/": behave}) as server:
        assert fetch(server.url("/"), retries=2).status == 200


def test_retries_are_counted_in_the_error() -> None:
    with RawServer({"/": respond(status="500 Oops")}) as server:
        assert failure(server.url("/"), retries=2).attempts == 3
    assert len(server.targets()) == 3


def test_missing_page_is_not_retried() -> None:
    with RawServer() as server:
        assert failure(server.url("/x"), retries=3).attempts == 1


def test_challenge_behind_an_error_status_is_a_bot_wall_and_not_retried() -> None:
    body = b"<title>Just a moment...</title><script>window._cf_chl_opt={}</script>"
    with RawServer({"/": respond(body, status="503 Service Unavailable")}) as server:
        error = failure(server.url("/"), retries=3)
    assert (error.kind, error.status, error.attempts) == ("bot_wall", 503, 1)


def test_forbidden_page_without_a_challenge_is_a_bad_status() -> None:
    with RawServer({"/": respond(b"<h1>Members only</h1>", status="403 Forbidden")}) as server:
        assert kind(server.url("/")) == "http_status"


def test_long_retry_after_is_given_to_the_caller_instead_of_waited() -> None:
    routes = {"/": respond(status="429 Slow down", headers={"Retry-After": "120"})}
    with RawServer(routes) as server:
        error = failure(server.url("/"), retries=3)
    assert (error.status, error.retry_after_s, error.attempts) == (429, 120.0, 1)
    assert error.message.endswith("answers 429 Too Many Requests and asks to come back in 120 s")


def test_retry_after_is_known_once_retries_are_used_up() -> None:
    routes = {"/": respond(status="503 Busy", headers={"Retry-After": "0"})}
    with RawServer(routes) as server:
        error = failure(server.url("/"), retries=1)
    assert (error.status, error.retry_after_s, error.attempts) == (503, 0.0, 2)


def test_kept_connection_is_used_again() -> None:
    async def run() -> None:
        async with Fetcher(local()) as fetcher:
            for _ in range(5):
                await fetcher.fetch(server.url("/"))

    with RawServer({"/": respond(PAGE)}) as server:
        asyncio.run(run())
    assert server.connections == 1


def test_only_so_many_connections_are_kept() -> None:
    """The one that was idle for longest goes first."""

    async def run() -> list[int]:
        counts = []
        async with Fetcher(local(max_idle_connections=2)) as fetcher:
            for last in (1, 2, 3, 3, 2, 1):
                await fetcher.fetch(server.url("/", host=f"127.1.0.{last}"))
                counts.append(server.connections)
        return counts

    with RawServer({"/": respond(PAGE)}, host="0.0.0.0") as server:
        assert asyncio.run(run()) == [1, 2, 3, 3, 3, 4]


def test_connection_that_outlives_its_fetcher_is_not_kept() -> None:
    asked, closed, left = threading.Event(), threading.Event(), threading.Event()

    async def behave(exchange: Exchange) -> None:
        asked.set()
        await asyncio.to_thread(closed.wait)
        await respond(PAGE)(exchange)
        await exchange.reader.read()
        left.set()

    async def run() -> None:
        async with Fetcher(local()) as fetcher:
            page = asyncio.create_task(fetcher.fetch(server.url("/")))
            await asyncio.to_thread(asked.wait)
        closed.set()
        await page
        await asyncio.sleep(0)
        assert await asyncio.to_thread(left.wait, 60)

    with RawServer({"/": behave}) as server:
        asyncio.run(run())


def test_connection_that_died_while_idle_costs_no_attempt() -> None:
    async def behave(exchange: Exchange) -> None:
        await respond(PAGE)(exchange)
        exchange.keep = False  # closes although the answer said nothing of it

    async def run() -> None:
        async with Fetcher(local()) as fetcher:
            for _ in range(3):
                await fetcher.fetch(server.url("/"))

    with RawServer({"/": behave}) as server:
        asyncio.run(run())
    assert server.targets() == ["/", "/", "/"]


def test_hosts_do_not_wait_for_each_other() -> None:
    async def never(exchange: Exchange) -> None:
        await exchange.reader.read()

    async def run() -> tuple[list[int | None], list[bool]]:
        async with Fetcher(local()) as fetcher:
            slow = [asyncio.create_task(fetcher.fetch(hanging.url("/"))) for _ in range(2)]
            pages = await asyncio.gather(*(fetcher.fetch(server.url("/")) for _ in range(50)))
            done = [task.done() for task in slow]
            for task in slow:
                task.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
        return [page.status for page in pages], done

    with RawServer({"/": never}) as hanging, RawServer({"/": respond(PAGE)}) as server:
        assert asyncio.run(run()) == ([200] * 50, [False, False])


def test_one_request_at_a_time_per_host() -> None:
    running: list[int] = []
    most: list[int] = []

    async def behave(exchange: Exchange) -> None:
        running.append(1)
        most.append(len(running))
        await asyncio.sleep(0.01)
        running.pop()
        await respond(PAGE)(exchange)

    async def run() -> None:
        async with Fetcher(local()) as fetcher:
            await asyncio.gather(*(fetcher.fetch(server.url(f"/{n}")) for n in range(12)))

    with RawServer({f"/{n}": behave for n in range(12)}) as server:
        asyncio.run(run())
    assert max(most) == 1


def test_time_in_line_does_not_count_as_the_requests_own() -> None:
    async def run() -> int | None:
        skip = time_passes()
        async with Fetcher(local()) as fetcher:
            url = server.url("/")
            async with fetcher._client._politeness.turn(parse_url(url), pause_s=0.0):
                waiting = asyncio.create_task(fetcher.fetch(url))
                await asyncio.sleep(0.05)
                skip(100_000.0)
                await asyncio.sleep(0.05)
            return (await waiting).status

    with RawServer({"/": respond(PAGE)}) as server:
        assert asyncio.run(run()) == 200


def test_whole_attempt_has_a_deadline() -> None:
    async def drip(exchange: Exchange) -> None:
        await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        while True:
            await exchange.send(b"x")
            await asyncio.sleep(0.02)

    with RawServer({"/": drip}) as server:
        error = failure(server.url("/"), timeout_s=0.3)
    assert error.kind == "timeout"
    assert str(error) == f"{server.url('/')}: not done within 0.3 seconds"


def test_host_that_keeps_failing_is_given_a_rest() -> None:
    async def run() -> list[str]:
        kinds: list[str] = []
        async with Fetcher(local(max_host_failures=3)) as fetcher:
            for n in range(5):
                with pytest.raises(FetchError) as caught:
                    await fetcher.fetch(f"http://127.0.0.1:1/{n}")
                kinds.append(caught.value.kind)
        assert caught.value.retry_after_s is not None
        return kinds

    assert asyncio.run(run()) == ["connect_failed"] * 3 + ["host_paused"] * 2


def test_text_that_is_no_url_is_an_input_error() -> None:
    for text in (
        "",
        "   ",
        "example.org/page",
        "localhost:8080",
        "http://",
        "http://a b/",
        "http://[::1",
    ):
        with pytest.raises(InputError) as caught:
            fetch(text)
        assert caught.value.kind == "invalid_url"


def test_meta_refresh_on_a_signpost_page_is_followed() -> None:
    signpost = b'<meta http-equiv="refresh" content="0; url=/real?a=1&amp;b=2"><p>Moved.</p>'
    with RawServer({"/": respond(signpost), "/real?a=1&b=2": respond(PAGE)}) as server:
        assert fetch(server.url("/")).url == server.url("/real?a=1&b=2")


def test_meta_refresh_loop_ends() -> None:
    routes = {
        "/": respond(b'<meta http-equiv="refresh" content="0; url=/b">'),
        "/b": respond(b'<meta http-equiv="refresh" content="0; url=/">'),
    }
    with RawServer(routes) as server:
        assert kind(server.url("/")) == "redirect_loop"


def test_robots_that_forbid_are_obeyed() -> None:
    robots = respond(b"User-agent: *\nDisallow: /private\n", content_type="text/plain")
    with RawServer(
        {"/robots.txt": robots, "/private/a": respond(PAGE), "/b": respond(PAGE)}
    ) as server:
        error = failure(server.url("/private/a"), respect_robots=True)
        page = fetch(server.url("/b"), respect_robots=True)
    assert isinstance(error, RobotsDisallowed)
    assert str(error) == f"robots.txt of 127.0.0.1:{server.port} disallows /private/a"
    assert page.status == 200
    assert "/private/a" not in server.targets()


def test_robots_are_asked_once_for_many_pages() -> None:
    async def run() -> None:
        async with Fetcher(local(respect_robots=True)) as fetcher:
            await asyncio.gather(*(fetcher.fetch(server.url("/")) for _ in range(20)))

    with RawServer({"/": respond(PAGE)}) as server:
        asyncio.run(run())
    assert [target for target, _ in server.requests].count("/robots.txt") == 1


def test_redirect_target_needs_permission_too() -> None:
    robots = respond(b"User-agent: *\nDisallow: /no\n", content_type="text/plain")
    with RawServer({"/robots.txt": robots, "/go": redirect("/no"), "/no": respond(PAGE)}) as server:
        assert kind(server.url("/go"), respect_robots=True) == "robots_disallowed"


def test_robots_that_cannot_be_had_forbid() -> None:
    with RawServer({"/robots.txt": respond(status="500 Oops"), "/": respond(PAGE)}) as server:
        error = failure(server.url("/"), respect_robots=True, retries=1)
    assert (error.kind, error.status) == ("robots_unreachable", 500)
    assert error.retry_after_s is not None
    assert [target for target, _ in server.requests] == ["/robots.txt"] * 2


def test_endless_robots_are_read_up_to_their_bound() -> None:
    async def endless(exchange: Exchange) -> None:
        await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\n")
        while True:
            await exchange.send(b"Disallow: /x\n" * 100)

    with RawServer({"/robots.txt": endless, "/a": respond(PAGE)}) as server:
        assert fetch(server.url("/a"), respect_robots=True).status == 200


def test_robots_that_hang_give_up_in_time() -> None:
    async def hang(exchange: Exchange) -> None:
        await exchange.reader.read()

    with RawServer({"/robots.txt": hang, "/a": respond(PAGE)}) as server:
        assert kind(server.url("/a"), respect_robots=True, idle_s=0.2) == "robots_unreachable"


def test_crawl_delay_is_heeded_up_to_its_bound() -> None:
    robots = respond(b"User-agent: *\nCrawl-delay: 900\n", content_type="text/plain")
    starts: list[float] = []

    async def behave(exchange: Exchange) -> None:
        starts.append(asyncio.get_running_loop().time())
        await respond(PAGE)(exchange)

    async def run() -> None:
        async with Fetcher(local(respect_robots=True, max_crawl_delay_s=0.3)) as fetcher:
            await asyncio.gather(*(fetcher.fetch(server.url("/")) for _ in range(2)))

    with RawServer({"/robots.txt": robots, "/": behave}) as server:
        asyncio.run(run())
    assert starts[1] - starts[0] >= 0.29


def test_allowed_asks_for_robots_but_not_for_the_page() -> None:
    robots = respond(b"User-agent: scrubber\nDisallow: /no\n", content_type="text/plain")

    async def run() -> None:
        async with Fetcher(local(respect_robots=True)) as fetcher:
            await fetcher.allowed(server.url("/yes"))
            with pytest.raises(RobotsDisallowed):
                await fetcher.allowed(server.url("/no"))

    with RawServer({"/robots.txt": robots}) as server:
        asyncio.run(run())
    assert server.targets() == []


def test_unwanted_type_is_refused_before_its_body() -> None:
    routes = {"/a.pdf": send(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n")}
    with RawServer(routes) as server:
        error = failure(server.url("/a.pdf"))
    assert error.kind == "unsupported_content"
    assert "a PDF document" in str(error)


def test_environment_proxies_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    with RawServer({"/": respond(PAGE)}) as server:
        assert fetch(server.url("/")).status == 200


def test_importing_the_package_loads_no_network_library() -> None:
    code = "import sys, scrubber.fetch, scrubber.fetch.charset; print({'httpx', 'httpcore', 'h2', 'charset_normalizer'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_options_are_frozen() -> None:
    with pytest.raises(AttributeError):
        FetchOptions().delay_s = 0.0  # type: ignore[misc]
