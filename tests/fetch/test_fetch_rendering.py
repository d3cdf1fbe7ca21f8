"""Rendering, in a real headless Chromium, of pages on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fetching import local
from servers.raw import Exchange, RawServer, redirect, respond

from scrubber.batch import BatchOptions
from scrubber.batch.engine import run_batch
from scrubber.errors import BadResponse, FetchError, InputError, ScrubberError, TooLarge
from scrubber.fetch.chromium import NAMES, TOO_LONG, Browser, find_browser
from scrubber.fetch.fetcher import Fetcher
from scrubber.models import Page
from scrubber.options import Options
from scrubber.pipeline import AsyncScrubber

needs_browser = pytest.mark.skipif(
    not any(map(shutil.which, NAMES)), reason="no Chromium on this machine"
)
pytestmark = needs_browser

STORY = "The harbour was quiet that morning, and nobody on the quay spoke of the storm. " * 4
SHELL = (
    b"<!doctype html><title>App</title><div id=root></div>"
    b"<noscript>You need to enable JavaScript to run this app.</noscript>"
)


def app(script: str) -> bytes:
    return SHELL + b"<script>" + script.encode() + b"</script>"


def show(text: str) -> str:
    return f"document.getElementById('root').innerHTML = {json.dumps('<p>' + text)};"


def javascript(source: str) -> Any:
    return respond(source.encode(), content_type="text/javascript")


def rendered_all(
    urls: list[str], *, ends: tuple[str, ...] | None = None, **changes: Any
) -> list[Page | ScrubberError]:
    """The pages, or why there are none, of one fetcher with one browser.

    ends: the targets of pages that come to an end. Where they are told, no time passes until all of
    them have, and then all the time that there is: what hangs is given up, however slow the machine.
    """
    left = {url for url in urls if ends is not None and url.endswith(ends)}
    now = 0.0

    def clock() -> float:
        nonlocal now
        if ends is not None and not left:
            now += 1000.0
        return time.monotonic() if ends is None else now

    async def run() -> list[Page | ScrubberError]:
        options = local(**{"render": "always", **changes})
        async with Fetcher(options, clock=clock) as fetcher:

            async def one(url: str) -> Page | ScrubberError:
                try:
                    return await fetcher.fetch(url)
                except ScrubberError as error:
                    return error
                finally:
                    left.discard(url)

            return list(await asyncio.gather(*map(one, urls)))

    return asyncio.run(run())


def rendered(url: str, **changes: Any) -> Page:
    (result,) = rendered_all([url], **changes)
    if isinstance(result, ScrubberError):
        raise result
    return result


@contextlib.contextmanager
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port of this machine, and what has connected to it."""
    seen: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        stopped = threading.Event()

        def accept() -> None:
            while not stopped.is_set():
                try:
                    connection, peer = server.accept()
                except TimeoutError:
                    continue
                connection.close()
                seen.append(peer)

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield server.getsockname()[1], seen
        finally:
            stopped.set()
            thread.join()


# ---- what comes out


def test_text_that_a_script_writes_is_in_the_page() -> None:
    with RawServer({"/": respond(app(show(STORY)))}) as server:
        page = rendered(server.url("/"))
    assert STORY.strip() in page.html
    assert page.url == server.url("/")
    assert page.status == 200


def test_script_and_data_of_the_site_are_loaded() -> None:
    source = "fetch('/data.json').then(r => r.json()).then(d => {" + (
        "document.getElementById('root').innerHTML = '<p>' + d.text;});"
    )
    routes = {
        "/": respond(SHELL + b"<script src=/app.js></script>"),
        "/app.js": javascript(source),
        "/data.json": respond(
            json.dumps({"text": STORY}).encode(), content_type="application/json"
        ),
    }
    with RawServer(routes) as server:
        assert STORY.strip() in rendered(server.url("/")).html
        assert server.targets() == ["/", "/app.js", "/data.json"]


def test_data_may_be_asked_for_by_post() -> None:
    bodies: list[bytes] = []

    async def answer(exchange: Exchange) -> None:
        bodies.append(await exchange.reader.readexactly(int(exchange.headers["content-length"])))
        await respond(b'{"text": "words"}', content_type="application/json")(exchange)

    source = (
        "fetch('/graphql', {method: 'POST', headers: {'content-type': 'application/json'},"
        " body: '{\"q\": 1}'}).then(r => r.json()).then(d => {document.title = d.text});"
    )
    with RawServer({"/": respond(app(source)), "/graphql": answer}) as server:
        assert "<title>words</title>" in rendered(server.url("/")).html
    assert bodies == [b'{"q": 1}']


def test_redirected_script_is_loaded_from_where_it_is() -> None:
    routes = {
        "/": respond(SHELL + b"<script src=/old.js></script>"),
        "/old.js": redirect("/new.js"),
        "/new.js": javascript(show("arrived")),
    }
    with RawServer(routes) as server:
        assert "<p>arrived" in rendered(server.url("/")).html


def test_script_that_leads_elsewhere_is_followed() -> None:
    routes = {"/": respond(app("location.replace('/b')")), "/b": respond(b"<p>the other page")}
    with RawServer(routes) as server:
        page = rendered(server.url("/"))
        assert "the other page" in page.html
        assert page.url == server.url("/b")


@pytest.mark.parametrize(
    "target", ["/gone", "http://169.254.169.254/", "/loops", "file:///etc/passwd"]
)
def test_page_stays_where_its_way_elsewhere_is_closed(target: str) -> None:
    """It is not the browser's own page that says so, nor one that says "not found"."""
    source = show(STORY) + f"setTimeout(() => {{location.href = '{target}'}})"
    routes = {"/": respond(app(source)), "/loops": redirect("/loops")}
    with RawServer(routes) as server:
        page = rendered(server.url("/"))
        assert page.url == server.url("/")
    assert STORY.strip() in page.html


def test_page_that_leads_on_for_ever_is_read_where_it_was_last() -> None:
    routes = {
        f"/{n}": respond(app(show(f"page {n}") + f"location.href = '/{n + 1}'")) for n in range(30)
    }
    with RawServer(routes) as server:
        page = rendered(server.url("/0"), max_redirects=3)
        assert page.url == server.url("/3")
    assert "<p>page 3" in page.html


def test_page_is_asked_for_once_and_as_ourselves() -> None:
    source = "document.title = navigator.userAgent"
    with RawServer({"/": respond(app(source))}) as server:
        page = rendered(server.url("/"), contact="https://corpus.example/")
        assert server.targets() == ["/"]
        assert server.requests[0][1]["user-agent"].startswith("scrubber/")
    assert "(+https://corpus.example/)" in page.html


SHADOW = (
    "const host = document.createElement('my-post'); host.innerHTML = '<b slot=by>By Ada</b>rest';"
    "const tree = host.attachShadow({mode: 'open'});"
    "tree.innerHTML = '<h2>Shade</h2><slot name=by></slot><slot name=x><i>usual</i></slot>"
    "<my-text></my-text><noscript><em>off</em></noscript>';"
    "tree.querySelector('my-text').attachShadow({mode: 'open'}).innerHTML = '<p>deep</p>';"
    "root.append(host);"
)


def test_open_shadow_trees_stand_where_they_are_shown() -> None:
    with RawServer({"/": respond(app(SHADOW))}) as server:
        html = rendered(server.url("/")).html
    shown = (
        '<my-post><h2>Shade</h2><slot name="by"><b slot="by">By Ada</b></slot>'
        '<slot name="x"><i>usual</i></slot><my-text><p>deep</p></my-text>'
        "<noscript><em>off</em></noscript></my-post>"
    )
    assert html.startswith("<!DOCTYPE html><html>")
    assert shown in html


def test_article_in_a_shadow_tree_is_read() -> None:
    source = f"root.attachShadow({{mode: 'open'}}).innerHTML = '<article><p>{STORY}</article>'"
    with RawServer({"/": respond(app(source))}) as server:
        assert STORY.strip() in scrubbed(server.url("/"), render="auto").text


def test_article_in_a_frame_of_the_same_site_is_read() -> None:
    source = "root.innerHTML = '<iframe src=/story></iframe>'"
    routes = {"/": respond(app(source)), "/story": respond(f"<p>{STORY}".encode())}
    with RawServer(routes) as server:
        assert STORY.strip() in scrubbed(server.url("/"), render="auto").text


def test_frameset_is_read_as_the_pages_in_it() -> None:
    frames = b"<frameset cols=50%,*><frame src=/a><frame src=/b></frameset>"
    routes = {
        "/": respond(b"<title>T</title>" + frames),
        "/a": respond(b"<p>one"),
        "/b": respond(b"<p>two<iframe src=/c></iframe>"),
        "/c": respond(b"<p>three"),
    }
    with RawServer(routes) as server:
        html = rendered(server.url("/")).html
    assert "<body" in html
    assert [word for word in ("one", "two", "three") if f"<p>{word}" in html] == [
        "one",
        "two",
        "three",
    ]


def test_page_cannot_change_how_it_is_read() -> None:
    source = SHADOW + "document.querySelectorAll = Element.prototype.append = () => {throw 1};"
    with RawServer({"/": respond(app(source))}) as server:
        assert "<h2>Shade</h2>" in rendered(server.url("/")).html


def test_frame_of_another_site_is_not_asked_for() -> None:
    with RawServer({"/ad": respond(b"<p>ad")}, host="127.0.0.2") as other:
        body = f"<p>own<iframe src={other.url('/ad')}></iframe>".encode()
        with RawServer({"/": respond(body)}) as server:
            assert "<p>own" in rendered(server.url("/")).html
        assert other.targets() == []


def test_frames_in_frames_come_to_an_end() -> None:
    routes = {
        f"/{n}": respond(f"<p>page {n}<iframe src=/{n + 1}></iframe>".encode()) for n in range(30)
    }
    with RawServer(routes) as server:
        html = rendered(server.url("/0"), max_render_requests=5).html
        assert server.targets() == [f"/{n}" for n in range(6)]
    assert "<p>page 0" in html


def test_images_styles_and_media_are_not_asked_for() -> None:
    body = (
        b"<link rel=stylesheet href=/x.css><img src=/x.png>"
        b"<video src=/x.mp4></video><link rel=manifest href=/m.json><link rel=icon href=/i.ico>"
        b"<link rel=preload as=font href=/x.woff2 crossorigin><script src=/x.js></script>"
    )
    with RawServer({"/": respond(body), "/x.js": javascript("")}) as server:
        rendered(server.url("/"))
        assert set(server.targets()) == {"/", "/x.js"}


def test_script_that_waits_for_its_style_goes_on() -> None:
    source = (
        "const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = '/x.css';"
        "l.onload = () => {" + show("styled") + "}; document.head.append(l);"
    )
    with RawServer({"/": respond(app(source))}) as server:
        assert "<p>styled" in rendered(server.url("/")).html


# ---- what does not get out

ESCAPES = {
    "image": "new Image().src = '{http}/x';",
    "fetch": "fetch('{http}/x', {{mode: 'no-cors'}});",
    "beacon": "navigator.sendBeacon('{http}/x', 'secret');",
    "socket": "new WebSocket('{ws}/x');",
    "event source": "new EventSource('{http}/x');",
    "worker": "new Worker(URL.createObjectURL(new Blob(['fetch(\"{http}/x\")'])));",
    "worker socket": "new Worker(URL.createObjectURL(new Blob(['new WebSocket(\"{ws}/x\")'])));",
    "preconnect": "document.head.innerHTML += '<link rel=preconnect href={http}>';",
    "prefetch": "document.head.innerHTML += '<link rel=prefetch href={http}/x>';",
    "speculation": "const s = document.createElement('script'); s.type = 'speculationrules';"
    " s.text = JSON.stringify({{prefetch: [{{urls: ['{http}/x'], eagerness: 'immediate'}}]}});"
    " document.head.append(s);",
    "frame": "document.body.innerHTML += '<iframe src={http}/x></iframe>';",
    "frame's socket": "const f = document.createElement('iframe'); document.body.append(f);"
    " try {{ new f.contentWindow.WebSocket('{ws}/x') }} catch (e) {{}}",
    "form": "document.body.innerHTML += '<form method=post action={http}/x></form>';"
    " document.forms[0].submit();",
    "popup": "window.open('{http}/x');",
    "navigation": "location.href = '{http}/x';",
    "peer": "const p = new RTCPeerConnection({{iceServers: [{{urls: 'turn:{host}?transport=tcp',"
    " username: 'u', credential: 'c'}}]}}); p.createDataChannel('x');"
    " p.createOffer().then(o => p.setLocalDescription(o));",
    "module": "import('{http}/x.js').catch(() => 0);",
    "ping": "document.body.innerHTML += '<a id=a href=\"#x\" ping={http}/x>'; a.click();",
    "font": "new FontFace('x', 'url({http}/x)').load().catch(() => 0);",
    "service worker": "navigator.serviceWorker.register('/sw.js').catch(() => 0);",
}


def test_no_way_leads_to_an_address_that_the_guard_closes() -> None:
    """Twenty of them at once; what counts is that nothing at all connects."""
    with listener() as (port, seen):
        where = {
            "http": f"http://127.0.0.1:{port}",
            "ws": f"ws://127.0.0.1:{port}",
            "host": f"127.0.0.1:{port}",
        }
        routes = {
            f"/{number}": respond(app(script.format(**where) + show("ran")))
            for number, script in enumerate(ESCAPES.values())
        }
        with RawServer(routes, host="127.0.0.7") as server:
            changes = {"allow_private": False, "allow_networks": ("127.0.0.7/32",)}
            results = rendered_all([server.url(target) for target in routes], **changes)
    assert seen == []
    ran = [isinstance(page, Page) and "<p>ran" in page.html for page in results]
    assert all(ran), results


def test_robots_txt_holds_for_what_a_page_loads() -> None:
    routes = {
        "/robots.txt": respond(b"User-agent: *\nDisallow: /api", content_type="text/plain"),
        "/": respond(app("fetch('/api/x'); fetch('/open');" + show("ran"))),
        "/open": respond(b"{}", content_type="application/json"),
    }
    with RawServer(routes) as server:
        rendered(server.url("/"), respect_robots=True)
        assert set(server.targets()) == {"/", "/open"}


def test_redirect_of_a_script_to_a_closed_address_is_refused() -> None:
    with listener() as (port, seen):
        routes = {
            "/": respond(SHELL + b"<script src=/x.js></script>"),
            "/x.js": redirect(f"http://127.0.0.1:{port}/x.js"),
        }
        with RawServer(routes, host="127.0.0.7") as server:
            changes = {"allow_private": False, "allow_networks": ("127.0.0.7/32",)}
            rendered(server.url("/"), **changes)
    assert seen == []


def test_passwords_are_sent_for_their_own_site_s_pages_only(tmp_path: Path) -> None:
    hosts = tmp_path / "hosts.toml"
    hosts.write_text('[hosts."127.0.0.2"]\nbearer = "t0ken"\nplain = true\n')
    hosts.chmod(0o600)
    data = {"/data": respond(b"{}", content_type="application/json")}
    with RawServer(data, host="127.0.0.2") as other:
        source = f"fetch('{other.url('/data')}', {{mode: 'no-cors'}})"
        with RawServer({"/": respond(app(source))}) as server:
            rendered(server.url("/"), hosts_file=str(hosts))
        assert other.targets() == ["/data"]
        assert "authorization" not in other.requests[0][1]


def test_bombs_and_floods_are_bounded() -> None:
    source = "for (let i = 0; i < 400; i++) fetch('/n' + i).catch(() => 0);" + show("ran")
    with RawServer({"/": respond(app(source))}) as server:
        page = rendered(server.url("/"), max_render_requests=10)
        assert len(server.targets()) <= 11
    assert "<p>ran" in page.html


# ---- pages that misbehave


def test_page_that_hangs_or_crashes_costs_itself_alone() -> None:
    """All of them at once in one browser."""
    routes = {
        "/hangs": respond(app("while (true) {}")),
        "/grows": respond(app("let s = 'x'; for (;;) { s += s + 1; document.title = s; }")),
        "/asks": respond(app("alert(1); confirm(2); prompt(3);" + show("asked"))),
        "/fine": respond(app(show(STORY))),
        "/loops": respond(app("location.replace('/loops?' + Math.random())")),
        "/late": respond(app("setTimeout(() => {" + show(STORY) + "}, 300)")),
    }
    with RawServer(routes) as server:
        urls = [server.url(target) for target in routes]
        results = rendered_all(urls, ends=("/asks", "/fine", "/late"), render_tabs=len(urls))
    hangs, _, asks, fine, _, late = results
    assert isinstance(hangs, FetchError)
    assert hangs.kind == "render_timeout"
    assert isinstance(asks, Page), asks
    assert "asked" in asks.html
    for page in (fine, late):
        assert isinstance(page, Page), page
        assert STORY.strip() in page.html


def test_page_that_hangs_ends_when_its_time_is_up() -> None:
    with RawServer({"/": respond(app("while (true) {}"))}) as server:
        (result,) = rendered_all([server.url("/")], render_s=0.5)
    assert isinstance(result, FetchError)
    assert result.kind == "render_timeout"
    assert str(result) == f"{server.url('/')}: its scripts did not come to an end"


def test_page_that_has_grown_too_long_is_the_one_that_is_too_large() -> None:
    routes = {
        "/long": respond(app("document.title = 'x'.repeat(5e6)")),
        "/fine": respond(app(show(STORY))),
    }
    with RawServer(routes) as server:
        urls = [server.url(target) for target in ("/fine", "/long", "/fine", "/fine")]
        fine, long, *others = rendered_all(urls, max_decoded_bytes=1_000_000, render_tabs=4)
    assert isinstance(long, TooLarge)
    assert long.url == server.url("/long")
    for page in (fine, *others):
        assert isinstance(page, Page), page
        assert STORY.strip() in page.html


GROWING = (
    "for (;;) { const p = document.createElement('p'); root.append(p);"
    " p.textContent = 'x'.repeat(1e6) + Math.random(); }"
)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="other systems do not bound memory")
def test_page_that_eats_memory_ends_at_its_bound() -> None:
    with RawServer({"/": respond(app(GROWING)), "/fine": respond(app(show(STORY)))}) as server:
        urls = [server.url("/"), server.url("/fine")]
        grows, fine = rendered_all(urls, max_render_memory=600 * 1024 * 1024)
    assert isinstance(grows, BadResponse)
    assert grows.kind == "render_crashed"
    assert isinstance(fine, Page), fine


def in_browser(steps: Callable[[Browser], Awaitable[Any]], max_bytes: int = 100_000) -> Any:
    async def run() -> Any:
        browser = await Browser.launch(find_browser(None), max_bytes, 2**31)
        try:
            return await steps(browser)
        finally:
            await browser.close()

    return asyncio.run(run())


async def opened(browser: Browser) -> Callable[..., Awaitable[Any]]:
    """Runs scripts in a new tab: `await run(script)` is the script's value."""
    target = (await browser.call("Target.createTarget", {"url": "about:blank"}))["targetId"]
    attach = {"targetId": target, "flatten": True}
    session = (await browser.call("Target.attachToTarget", attach))["sessionId"]

    async def run(script: str) -> Any:
        params = {"expression": script, "awaitPromise": True, "returnByValue": True}
        answer = await browser.call("Runtime.evaluate", params, session=session)
        return answer["result"].get("value")

    return run


def test_answer_that_is_too_long_fails_its_own_call_alone() -> None:
    async def steps(browser: Browser) -> list[Any]:
        run, other = await opened(browser), await opened(browser)
        waiting = asyncio.create_task(other("new Promise(done => {globalThis.go = done})"))
        while not await other("!!globalThis.go"):
            pass
        with pytest.raises(TooLarge):
            await run("'x'.repeat(1e6)")
        await other("go('went on')")
        return [await waiting, await run("1 + 1")]

    assert in_browser(steps) == ["went on", 2]


def test_event_that_is_too_long_is_told_to_its_own_session_alone() -> None:
    async def steps(browser: Browser) -> list[str]:
        heard: list[str] = []
        for name in ("loud", "quiet"):
            target = (await browser.call("Target.createTarget", {"url": "about:blank"}))["targetId"]
            attach = {"targetId": target, "flatten": True}
            session = (await browser.call("Target.attachToTarget", attach))["sessionId"]
            browser.hear(session, lambda method, _, name=name: heard.append(f"{name} {method}"))
            if name == "loud":
                await browser.call("Runtime.enable", session=session)
                script = {"expression": "console.debug(...Array(99).fill('x'.repeat(5000)))"}
                await browser.call("Runtime.evaluate", script, session=session)
        return [line for line in heard if "Runtime.executionContextCreated" not in line]

    assert in_browser(steps) == [f"loud {TOO_LONG}"]


def test_neighbours_of_a_page_that_ends_the_browser_are_rendered_again() -> None:
    """Each alone; the good page is not done before the browser has gone."""
    ended = threading.Event()

    async def wait(exchange: Exchange) -> None:
        while not ended.is_set():
            await asyncio.sleep(0.01)
        await respond(STORY.encode())(exchange)

    shell = app("fetch('/part').then(r => r.text()).then(t => {root.innerHTML = t})")

    async def run() -> Page:
        async with Fetcher(local(render="always")) as fetcher:
            page = asyncio.create_task(fetcher.fetch(server.url("/")))
            while "/part" not in server.targets():
                await asyncio.sleep(0.01)
            assert fetcher._renderer is not None
            browser = fetcher._renderer._browser
            assert browser is not None
            os.killpg(browser._process.pid, 9)
            await browser.gone.wait()
            ended.set()
            return await page

    with RawServer({"/": respond(shell), "/part": wait}) as server:
        assert STORY.strip() in asyncio.run(run()).html


def test_browser_that_is_killed_is_started_anew() -> None:
    async def run() -> list[str]:
        async with Fetcher(local(render="always")) as fetcher:
            pages = [(await fetcher.fetch(server.url("/"))).html]
            assert fetcher._renderer is not None
            browser = fetcher._renderer._browser
            assert browser is not None
            os.killpg(browser._process.pid, 9)
            pages.append((await fetcher.fetch(server.url("/"))).html)
            return pages

    with RawServer({"/": respond(app(show(STORY)))}) as server:
        pages = asyncio.run(run())
    assert [STORY.strip() in html for html in pages] == [True, True]


def running(profile: str) -> list[str]:
    """The processes whose command line names a browser's profile; dead ones have none."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if profile.encode() in path.read_bytes():
                found.append(path.parent.name)
    return found


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at /proc")
def test_nothing_of_the_browser_is_left() -> None:
    async def run() -> tuple[int, str]:
        async with Fetcher(local(render="always")) as fetcher:
            await fetcher.fetch(server.url("/"))
            assert fetcher._renderer is not None
            browser = fetcher._renderer._browser
            assert browser is not None
            return len(running(browser._profile)), browser._profile

    with RawServer({"/": respond(app(show(STORY)))}) as server:
        before, profile = asyncio.run(run())
    assert before
    while running(profile):  # killed: the kernel is about to take them away
        time.sleep(0.05)
    assert not Path(profile).exists()


# ---- when


def scrubbed(url: str, **changes: Any) -> Any:
    async def run() -> Any:
        options = Options(fetch=local(**changes))
        async with AsyncScrubber(options) as scrubber:
            return await scrubber.scrub(url)

    return asyncio.run(run())


def refusal(url: str) -> ScrubberError:
    with pytest.raises(ScrubberError) as caught:
        scrubbed(url)
    return caught.value


def test_auto_renders_an_empty_shell() -> None:
    with RawServer({"/": respond(app(show(STORY)))}) as server:
        assert STORY.strip() in scrubbed(server.url("/"), render="auto").text


def test_auto_leaves_a_page_with_text_as_it_was_sent() -> None:
    body = f"<title>A storm</title><h1>A storm</h1><p>{STORY}</p><p id=root>".encode()
    with RawServer({"/": respond(body + b"<script>root.innerHTML = 'written'</script>")}) as server:
        assert "written" not in scrubbed(server.url("/"), render="auto").text


def test_shell_stays_a_failure_where_nothing_is_rendered() -> None:
    with RawServer({"/": respond(app(show(STORY)))}) as server:
        error = refusal(server.url("/"))
    assert error.kind == "app_shell"


def test_batch_renders_what_its_worker_finds_empty(tmp_path: Path) -> None:
    options = Options(fetch=local(render="auto"))
    with RawServer({"/": respond(app(show(STORY)))}) as server:
        run_batch([server.url("/")], tmp_path / "out.jsonl", options, BatchOptions(workers=1))
    (record,) = (tmp_path / "out.jsonl").read_text().splitlines()
    assert STORY.strip() in json.loads(record)["text"]


def test_page_that_hangs_is_one_failure_of_its_batch(tmp_path: Path) -> None:
    options = Options(fetch=local(render="auto", render_s=0.5))
    with RawServer({"/": respond(app("while (true) {}"))}) as server:
        run_batch([server.url("/")], tmp_path / "out.jsonl", options, BatchOptions(workers=1))
    assert failures(tmp_path / "out.jsonl") == {server.url("/"): "render_timeout"}


def test_rendered_page_is_archived_and_read_again(tmp_path: Path) -> None:
    pytest.importorskip("warcio")
    pytest.importorskip("fastwarc")
    from scrubber.fetch.warc_listing import list_captures
    from scrubber.fetch.warc_reading import read_capture

    file = tmp_path / "x.warc.gz"
    with RawServer({"/": respond(app(show(STORY)))}) as server:
        page = rendered(server.url("/"), warc=str(file))
    (found,) = list_captures(file)
    assert read_capture(found.place, local()) == replace(page, requested_url=None)


def test_run_that_rendered_is_repeated_from_its_archive_byte_for_byte(tmp_path: Path) -> None:
    pytest.importorskip("warcio")
    pytest.importorskip("fastwarc")
    shell = app("fetch('/part').then(r => r.text()).then(t => {root.innerHTML = t});")
    elsewhere = app("history.replaceState(0, '', '/b?c'); setTimeout(() => location = '/app', 9)")
    routes = {
        "/app": respond(shell),
        "/part": respond(f"<p>{STORY}".encode()),
        "/moved": redirect("/app"),
        "/jumps": respond(elsewhere),
        "/sent": respond(f"<title>A storm</title><h1>A storm</h1><p>{STORY}".encode()),
        "/empty": respond(app("")),
        "/half": respond(app(show(STORY) + "root.append('\\ud83d')")),
    }
    with RawServer({**routes, "/hangs": respond(app("while (true) {}"))}) as server:
        urls = [server.url(target) for target in routes if target != "/part"]
        fetching = local(render="auto", warc=str(tmp_path / "x.warc.gz"))
        hasty = replace(fetching, render_s=0.5)
        for wanted, options in ((urls, fetching), ([server.url("/hangs")], hasty)):
            output = tmp_path / "live.jsonl"
            run_batch(wanted, output, Options(fetch=options), BatchOptions(workers=1))
    run_batch(
        [str(tmp_path / "x.warc.gz")], tmp_path / "again.jsonl", batch=BatchOptions(workers=1)
    )
    live, again = (
        sorted((tmp_path / name).read_text().splitlines()) for name in ("live.jsonl", "again.jsonl")
    )
    assert len(live) == 5
    assert again == live
    assert failures(tmp_path / "again.jsonl") == failures(tmp_path / "live.jsonl")
    assert set(failures(tmp_path / "live.jsonl").values()) == {"app_shell", "render_timeout"}


def failures(output: Path) -> dict[str, str]:
    """The kind of each failure by its URL."""
    lines = Path(f"{output}.failures.jsonl").read_text().splitlines()
    return {row["url"]: row["kind"] for row in map(json.loads, lines)}


def test_missing_browser_is_told_at_once() -> None:
    with pytest.raises(InputError, match="Chromium"):
        find_browser("/no/such/browser")
