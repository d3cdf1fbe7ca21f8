"""The public functions, end to end."""

from __future__ import annotations

import asyncio
import copy
import os
import pickle
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

import scrubber
from scrubber import Article, Failure, FetchOptions, Options
from scrubber.models import Page
from scrubber.pipeline import count_words, scrub_page

PROSE = (
    "The ferry to the island was late again on Monday, and the harbour master blamed the fog "
    "that had settled over the strait before dawn. Passengers waited for two hours in the cold. "
    "By noon the sun had burned the haze away, and three boats left within twenty minutes."
)
HTML = f"""<!doctype html><html lang="en"><head><title>Fog delays ferry - Strait Post</title>
<meta property="og:site_name" content="Strait Post"></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<main><article><h1>Fog delays ferry</h1>
<p>{PROSE}</p><p>{PROSE.replace("ferry", "steamer")}</p><p>{PROSE.replace("Monday", "Friday")}</p>
</article></main><footer>All rights reserved</footer></body></html>"""
LOCAL = Options(fetch=FetchOptions(allow_private=True, delay_s=0.0, respect_robots=False))


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path.startswith("/page")
        body = HTML.encode() if found else b"nothing here"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_scrub_html_gives_text_markdown_and_blocks_of_the_same_content() -> None:
    article = scrubber.scrub_html(HTML, url="https://strait.example/page")
    assert article.title == "Fog delays ferry"
    assert PROSE in article.text
    assert PROSE in article.markdown
    assert "\n\n".join(block.text for block in article.blocks if block.text) == article.text
    assert "All rights reserved" not in article.text


def test_scrub_html_takes_bytes_in_the_charset_that_meta_names() -> None:
    russian = PROSE.replace("ferry", "паром") + " Паром опоздал из-за тумана над проливом."
    html = HTML.replace(PROSE, russian).replace("<head>", '<head><meta charset="windows-1251">')
    article = scrubber.scrub_html(html.encode("windows-1251"))
    assert "Паром опоздал из-за тумана" in article.text


def test_caller_is_told_when_a_draft_is_made_and_not_yet_cleaned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from scrubber import pipeline

    order: list[str] = []

    def told(name: str, step: Any) -> Any:
        return lambda *given, **named: (order.append(name), step(*given, **named))[1]

    for name in ("extract", "clean_draft"):
        monkeypatch.setattr(pipeline, name, told(name, getattr(pipeline, name)))
    scrub_page(Page(html=HTML, url=None), Options(), lambda: order.append("drafted"))
    assert order == ["extract", "drafted", "clean_draft"]


def test_scrub_html_of_nothing_raises_no_content() -> None:
    with pytest.raises(scrubber.NoContent, match="nothing to read"):
        scrubber.scrub_html("<html><body></body></html>", url="https://strait.example/empty")


@pytest.mark.parametrize("value", [None, 7, ["<p>"]])
def test_scrub_html_of_another_type_says_so(value: Any) -> None:
    with pytest.raises(scrubber.InputError, match="bytes or str"):
        scrubber.scrub_html(value)


def test_scrub_html_of_binary_rubbish_is_a_typed_error() -> None:
    with pytest.raises(scrubber.ScrubberError):
        scrubber.scrub_html(bytes(range(256)) * 4)


def test_article_survives_a_json_round_trip() -> None:
    article = scrubber.scrub_html(HTML, url="https://strait.example/page")
    assert Article.model_validate_json(article.model_dump_json()) == article


def test_text_page_goes_through_text_mode() -> None:
    page = Page(html=f"A fog tale\n\n{PROSE}\n\n{PROSE}", content_type="text/plain", url="a.txt")
    article = scrub_page(page, Options())
    assert article.title == "A fog tale"
    assert article.url == "a.txt"


def test_scrub_fetches_a_real_page(site: str) -> None:
    article = scrubber.scrub(f"{site}/page", LOCAL)
    assert article.url == f"{site}/page"
    assert article.fetched_at is not None
    assert PROSE in article.text


def test_scrub_refuses_a_private_address_by_default(site: str) -> None:
    with pytest.raises(scrubber.AddressRefused):
        scrubber.scrub(f"{site}/page")


def test_run_yields_a_record_or_a_failure_for_each_url(site: str) -> None:
    urls = [f"{site}/page/{number}" for number in range(9)] + [f"{site}/gone", "not a url", ""]
    with scrubber.Scrubber(LOCAL) as scrubbed:
        results = list(scrubbed.run(urls))
    assert len(results) == len(urls)
    assert sum(isinstance(result, Article) for result in results) == 9
    gone = next(r for r in results if isinstance(r, Failure) and r.url.endswith("/gone"))
    assert (gone.stage, gone.kind, gone.status) == ("fetch", "http_status", 404)


def test_run_can_be_left_early(site: str) -> None:
    with scrubber.Scrubber(LOCAL) as scrubbed:
        first = next(iter(scrubbed.run(f"{site}/page/{number}" for number in range(1000))))
    assert isinstance(first, Article)


def test_scrubber_works_inside_a_running_event_loop(site: str) -> None:
    async def notebook_cell() -> Article:
        return scrubber.scrub(f"{site}/page", LOCAL)

    assert asyncio.run(notebook_cell()).title == "Fog delays ferry"


def test_async_scrubber_takes_an_async_source(site: str) -> None:
    async def urls() -> Any:
        for number in range(5):
            yield f"{site}/page/{number}"

    async def collect() -> list[Article | Failure]:
        async with scrubber.AsyncScrubber(LOCAL) as scrubbed:
            return [result async for result in scrubbed.run(urls())]

    assert len(asyncio.run(collect())) == 5


def test_source_may_live_on_what_comes_out(site: str) -> None:
    async def crawl() -> list[str]:
        found: list[str] = []
        waiting: asyncio.Queue[str | None] = asyncio.Queue()
        waiting.put_nowait(f"{site}/page/0")

        async def urls() -> Any:
            while (url := await waiting.get()) is not None:
                yield url

        async with scrubber.AsyncScrubber(LOCAL) as scrubbed, asyncio.timeout(60):
            async for result in scrubbed.run(urls()):
                found.append(str(result.url))
                waiting.put_nowait(f"{site}/page/{len(found)}" if len(found) < 3 else None)
        return found

    assert asyncio.run(crawl()) == [f"{site}/page/{number}" for number in range(3)]


def test_result_does_not_wait_for_a_slow_source(site: str) -> None:
    given: list[int] = []

    def urls() -> Iterator[str]:
        for number in range(2000):
            given.append(number)
            yield f"{site}/page/{number}"
            time.sleep(0.005)

    with scrubber.Scrubber(replace(LOCAL, concurrency=2000)) as scrubbed:
        assert isinstance(next(scrubbed.run(urls())), Article)
    assert len(given) < 2000


def test_urls_are_read_in_the_callers_thread(site: str) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE page AS SELECT ? AS url", (f"{site}/page",))
        rows = db.execute("SELECT url FROM page")  # which other threads may not read
        with scrubber.Scrubber(LOCAL) as scrubbed:
            (result,) = scrubbed.run(url for (url,) in rows)
    assert isinstance(result, Article)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # as it has threads
def test_fork_is_told_that_the_scrubber_is_not_its_own(site: str) -> None:
    with scrubber.Scrubber(LOCAL) as scrubbed:
        child = os.fork()
        if not child:
            status = 1
            try:
                scrubbed.scrub(f"{site}/page")
            except RuntimeError as error:
                scrubbed.__exit__(None, None, None)  # does not wait for a thread of the parent's
                status = 0 if "fork" in str(error) else 2
            finally:
                os._exit(status)
        assert os.waitpid(child, 0)[1] == 0
        assert scrubbed.scrub(f"{site}/page").title == "Fog delays ferry"


def test_source_that_fails_raises_its_own_error(site: str) -> None:
    def urls() -> Iterator[str]:
        yield f"{site}/page"
        raise LookupError("the list has gone")

    async def collect() -> None:
        async with scrubber.AsyncScrubber(LOCAL) as scrubbed:
            async for _ in scrubbed.run(urls()):
                pass

    with pytest.raises(LookupError), scrubber.Scrubber(LOCAL) as scrubbed:
        list(scrubbed.run(urls()))
    with pytest.raises(LookupError):
        asyncio.run(collect())


def test_a_closed_scrubber_says_how_to_open_it() -> None:
    with pytest.raises(RuntimeError, match="with Scrubber"):
        scrubber.Scrubber().scrub("https://strait.example/")


def test_words_are_counted_with_and_without_spaces() -> None:
    assert count_words("three plain words") == 3
    assert count_words("海峡の霧 and fog") == 6


def loaded_by(code: str, *modules: str) -> list[str]:
    """Which of the modules a fresh interpreter has loaded after `code`."""
    code = f"{code}\nimport sys; print(*(name for name in {modules} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_import_loads_neither_httpx_nor_trafilatura() -> None:
    code = "from scrubber import *; scrub_html"
    assert loaded_by(code, "pydantic", "httpx", "trafilatura", "rich") == ["pydantic"]


def test_start_of_the_command_line_loads_nothing_heavy() -> None:
    code = "import scrubber.cli, scrubber.batch.workers.spawn"
    assert loaded_by(code, "pydantic", "numpy", "asyncio", "sqlite3", "scrubber.models") == []


def test_nursery_listens_before_it_loads() -> None:
    assert (
        loaded_by("import scrubber.batch.workers.nursery", "pydantic", "numpy", "scrubber.models")
        == []
    )


def test_package_names_what_it_gives() -> None:
    assert {"scrub_html", "Article", "__version__"} <= set(dir(scrubber))


def test_package_has_no_other_names() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'scrub_pdf'"):
        scrubber.scrub_pdf  # type: ignore[attr-defined]  # noqa: B018


def _posts(count: int) -> list[scrubber.Article]:
    return [
        scrubber.scrub_text(
            f"Harvest {n}\n\nThe terraces gave {n} crates of grapes on Sunday, two weeks late.\n\n"
            "Ask for the harvest calendar at the mill",
            url=f"https://valley.example/{n}",
        )
        for n in range(count)
    ]


def test_blocks_that_a_site_repeats_are_taken_out_of_finished_records() -> None:
    for article in scrubber.strip_templates(_posts(5)):
        assert "calendar" not in article.text + article.markdown
        assert [(gone.step, gone.text) for gone in article.removed] == [
            ("clean.site_memory", "Ask for the harvest calendar at the mill")
        ]
        assert article.word_count == len(article.text.split())


def test_stripping_templates_does_not_depend_on_the_order_of_articles() -> None:
    posts = _posts(6)
    assert scrubber.strip_templates(posts[::-1])[::-1] == scrubber.strip_templates(posts)


def test_a_site_of_few_pages_keeps_its_blocks() -> None:
    assert scrubber.strip_templates(_posts(3)) == _posts(3)


def test_an_article_of_nothing_but_template_stays_as_it_is() -> None:
    posts = [post.model_copy(update={"blocks": post.blocks[-1:]}) for post in _posts(5)]
    assert scrubber.strip_templates(posts) == posts


# ---- misuse ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: scrubber.scrub(None), "None is no URL"),  # type: ignore[arg-type]
        (lambda: scrubber.scrub_html(HTML, url=5), "url is given as"),  # type: ignore[arg-type]
        (lambda: scrubber.scrub_html(b"", charset=5), "charset is given as"),  # type: ignore[arg-type]
        (lambda: scrubber.scrub_text(PROSE, language=5), "language is given"),  # type: ignore[arg-type]
        (lambda: scrubber.scrub_html(HTML, options=FetchOptions()), "options is given as Options"),  # type: ignore[arg-type]
        (lambda: scrubber.Scrubber({}), "options is given as Options, not dict"),  # type: ignore[arg-type]
        (lambda: Options(fetch=Options()), "fetch is given as FetchOptions"),  # type: ignore[arg-type]
        (lambda: Options(concurrency=0), "concurrency is 1 or more"),
        (lambda: FetchOptions(delay_s=-1), "delay_s is a number from 0 on"),
        (lambda: FetchOptions(timeout_s=float("nan")), "timeout_s is a number from 0 on"),
        (lambda: FetchOptions(allow_hosts="wiki.corp"), "write ('wiki.corp',)"),  # type: ignore[arg-type]
        (lambda: FetchOptions(render="often"), "render is one of never, auto, always"),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_wrong_argument_is_an_input_error_that_names_it(call: Any, told: str) -> None:
    with pytest.raises(scrubber.InputError) as caught:
        call()
    assert told in str(caught.value)


def test_half_a_surrogate_pair_in_text_is_no_error() -> None:
    article = scrubber.scrub_text(f"A title \ud800\n\n{PROSE}")
    assert article.model_validate_json(article.model_dump_json()) == article


def test_what_is_no_url_at_all_costs_one_result(site: str) -> None:
    urls: list[Any] = [f"{site}/page", None, 5, b"http://example.org/"]
    with scrubber.Scrubber(LOCAL) as s:
        found = list(s.run(urls))
    assert sorted(type(result).__name__ for result in found) == ["Article", *["Failure"] * 3]
    assert {result.url for result in found if isinstance(result, Failure)} == {
        "None",
        "5",
        "b'http://example.org/'",
    }


def test_surprise_within_costs_one_result(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from scrubber.fetch.fetcher import Fetcher

    whole = Fetcher.fetch_as_sent

    async def surprised(self: Fetcher, url: str) -> Page:
        if url.endswith("/odd"):
            raise KeyError("a slip of ours")
        return await whole(self, url)

    monkeypatch.setattr(Fetcher, "fetch_as_sent", surprised)
    with scrubber.Scrubber(LOCAL) as s:
        found = {result.url: result for result in s.run([f"{site}/odd", f"{site}/page"])}
    odd = found[f"{site}/odd"]
    assert isinstance(odd, Failure)
    assert (odd.kind, "KeyError" in odd.message) == ("fetch_failed", True)
    assert isinstance(found[f"{site}/page"], Article)


def test_one_url_in_place_of_many_is_told(site: str) -> None:
    with scrubber.Scrubber(LOCAL) as s, pytest.raises(scrubber.InputError, match="several URLs"):
        next(s.run(f"{site}/page"))


def test_results_cannot_be_read_once_the_scrubber_is_closed(site: str) -> None:
    urls = [f"{site}/page/{number}" for number in range(9)]
    with scrubber.Scrubber(LOCAL) as s:
        results = s.run(urls)
        next(results)
    with pytest.raises(RuntimeError, match="closed before all its results were read"):
        next(results)

    async def read() -> None:
        async with scrubber.AsyncScrubber(LOCAL) as s:
            results = s.run(urls)
            await anext(results)
        with pytest.raises(RuntimeError, match="closed before all its results were read"):
            async for _ in results:
                pass

    asyncio.run(read())


def test_nothing_is_under_way_once_the_scrubber_is_closed(site: str) -> None:
    async def leave() -> set[Any]:
        with socket.create_server(("127.0.0.1", 0)) as silent:  # which never answers
            hanging = f"http://127.0.0.1:{silent.getsockname()[1]}/"
            async with scrubber.AsyncScrubber(LOCAL) as s:
                results = s.run([hanging, f"{site}/page"])
                assert isinstance(await anext(results), Article)
            left = asyncio.all_tasks() - {asyncio.current_task()}
            await results.aclose()
            return left

    assert asyncio.run(leave()) == set()


def test_scrubber_is_open_once_and_may_be_opened_again(site: str) -> None:
    s = scrubber.Scrubber(LOCAL)
    with s, pytest.raises(RuntimeError, match="open already"):
        s.__enter__()
    s.__exit__(None, None, None)
    with s:
        assert s.scrub(f"{site}/page").title == "Fog delays ferry"


@pytest.mark.parametrize("ask", [lambda s, url: list(s.run([url])), lambda s, url: s.scrub(url)])
def test_other_thread_is_told_that_the_scrubber_was_closed(ask: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor(1) as thread:
        with scrubber.Scrubber(LOCAL) as s:
            asked = thread.submit(ask, s, f"http://127.0.0.1:{silent.getsockname()[1]}/")
            connection, _ = silent.accept()  # that never gets an answer
        with pytest.raises(RuntimeError, match="closed before all its results were read"):
            asked.result()
        connection.close()


@pytest.mark.parametrize("kind", [scrubber.Scrubber, scrubber.AsyncScrubber])
def test_copy_of_a_scrubber_has_its_options_and_is_not_open(kind: Any) -> None:
    for copied in (pickle.loads(pickle.dumps(kind(LOCAL))), copy.copy(kind(LOCAL))):
        assert copied.options == LOCAL
    with scrubber.Scrubber(LOCAL) as s, pytest.raises(RuntimeError, match="open the scrubber"):
        copy.copy(s).scrub("https://a.example/")
