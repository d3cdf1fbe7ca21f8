"""How fast `scrubber run` is: real pages from 200 loopback hosts, beside peers in one run.

    python tests/bench/batch_speed.py [--pages N] [--peers] [--engine blocks|trafilatura]

Prints pages a second of the batch, of extraction alone in as many processes (what fetching and
journalling are measured against), start-up to the first record, journal time a page, and the
parent's memory over the run. `--peers` adds newspaper4k in threads, and Scrapy with trafilatura
in its callback, where they are installed.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

import corpora

import scrubber
from scrubber.batch import BatchOptions
from scrubber.batch.engine import run_batch
from scrubber.batch.ledger import Ledger
from scrubber.batch.tally import Tally

HOSTS = 200
WORKERS = os.cpu_count() or 1
FETCH = scrubber.FetchOptions(
    allow_private=True, allow_networks=("127.0.0.0/8",), delay_s=0, respect_robots=False
)


def load_pages() -> list[bytes]:
    """The annotated pages' HTML, as it was saved."""
    return [page.html for page in corpora.wcxb_pages()]


# ---- the server: a process of its own, as cheap as can be ---------------------------------------


def serve(pages: Sequence[bytes], ready: Any) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                while (await reader.readline()).strip():
                    pass
                number = line.split()[1].rpartition(b"/")[2]
                body = pages[int(number) % len(pages)] if number.isdigit() else b""
                head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"
                writer.write(head % len(body) + body)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def main() -> None:
        server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=1024)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


@contextmanager
def served(pages: Sequence[bytes]) -> Any:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(pages, theirs), daemon=True)
    process.start()
    yield ours.recv()
    process.terminate()
    process.join()


# ---- what is measured ----------------------------------------------------------------------------


class Watch:
    """A display that keeps the parent's memory against the number of pages done."""

    every_s = 0.5

    def __init__(self) -> None:
        self.curve: list[tuple[int, int]] = []

    def show(self, tally: Tally) -> None:
        pages = tally.done + tally.failed
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * 4 // 1024
        self.curve.append((pages, resident))

    close = show


def measure_batch(urls: Sequence[str], engine: str | None) -> dict[str, Any]:
    """One run of the batch in this process."""
    watch, spent = Watch(), {"journal": 0.0}
    settle, add = Ledger.settle, Ledger.add

    def timed(step: Any) -> Any:
        def run(*args: Any) -> Any:
            started = time.thread_time()
            try:
                return step(*args)
            finally:
                spent["journal"] += time.thread_time() - started

        return run

    Ledger.settle, Ledger.add = timed(settle), timed(add)  # type: ignore[method-assign]
    extract = scrubber.ExtractOptions(engine=engine) if engine else scrubber.ExtractOptions()
    options = scrubber.Options(fetch=FETCH, extract=extract, concurrency=64)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "urls.lst").write_text("\n".join(urls))
        started, cpu = time.perf_counter(), time.process_time()
        summary = run_batch(
            [f"{folder}/urls.lst"], f"{folder}/out.jsonl", options, BatchOptions(), lambda: watch
        )
        seconds = time.perf_counter() - started
    Ledger.settle, Ledger.add = settle, add  # type: ignore[method-assign]
    return {
        "pages_per_s": len(urls) / seconds,
        "records": summary.done,
        "parent_cpu_ms_a_page": 1000 * (time.process_time() - cpu) / len(urls),
        "journal_and_output_cpu_ms_a_page": 1000 * spent["journal"] / len(urls),
        "parent_memory_mb": watch.curve[:: max(1, len(watch.curve) // 8)],
    }


def extract_one(html: bytes) -> None:
    with suppress(scrubber.ScrubberError):
        scrubber.scrub_html(html, "https://example.org/")


def measure_extraction(pages: Sequence[bytes]) -> float:
    """Pages a second of extraction alone, in as many processes as the batch uses."""
    # Fresh processes with one numpy thread each, as the batch's workers have: a fair comparison.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=context) as pool:
        list(pool.map(extract_one, pages[:20]))  # warm
        started = time.perf_counter()
        list(pool.map(extract_one, pages, chunksize=8))
        return len(pages) / (time.perf_counter() - started)


def measure_start() -> float:
    """Seconds from the command to the first record on disk."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "a.html")
        page.write_text("<h1>Title</h1>" + "<p>A sentence of an article, long enough.</p>" * 20)
        out = Path(folder, "out.jsonl")
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "scrubber", "run", str(page), "-o", str(out)],
            stderr=subprocess.DEVNULL,
        )
        while process.poll() is None and not (out.exists() and out.stat().st_size):
            time.sleep(0.005)
        seconds = time.perf_counter() - started
        process.wait()
    return seconds


def measure_newspaper(urls: Sequence[str]) -> float:
    import newspaper

    def one(url: str) -> None:
        try:
            article = newspaper.Article(url, fetch_images=False)
            article.download()
            article.parse()
        except Exception:
            pass

    started = time.perf_counter()
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(one, urls))
    return len(urls) / (time.perf_counter() - started)


SPIDER = """
import json, sys, scrapy, trafilatura
from scrapy.crawler import CrawlerProcess
class Spider(scrapy.Spider):
    name = "peer"
    async def start(self):
        for line in open(sys.argv[1]):
            yield scrapy.Request(line.strip())
    def parse(self, response):
        return {"url": response.url, "text": trafilatura.extract(response.text, url=response.url)}
process = CrawlerProcess({"LOG_ENABLED": False, "CONCURRENT_REQUESTS": 64, "ROBOTSTXT_OBEY": False,
                          "FEEDS": {sys.argv[2]: {"format": "jsonlines"}}})
process.crawl(Spider)
process.start()
"""


def measure_scrapy(urls: Sequence[str]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "urls").write_text("\n".join(urls))
        started = time.perf_counter()
        command = [sys.executable, "-c", SPIDER, f"{folder}/urls", f"{folder}/out.jsonl"]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        return len(urls) / (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--peer-pages", type=int, default=300)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--engine")
    args = parser.parse_args()
    pages = load_pages()
    found: dict[str, Any] = {"start_to_first_record_s": round(measure_start(), 2)}
    with served(pages) as port:
        urls = [
            f"http://127.0.{n % HOSTS // 50}.{1 + n % 50}:{port}/{n}" for n in range(args.pages)
        ]
        found["scrubber run"] = measure_batch(urls, args.engine)
        some = list(islice(urls, args.peer_pages))
        if args.peers:
            found["newspaper4k, 16 threads: pages_per_s"] = measure_newspaper(some)
            if importlib.util.find_spec("scrapy"):
                found["Scrapy with trafilatura: pages_per_s"] = measure_scrapy(some)
    sample = [pages[n % len(pages)] for n in range(min(args.pages, 2 * len(pages)))]
    alone = measure_extraction(sample)
    found["extraction alone: pages_per_s"] = alone
    found["share of extraction alone"] = found["scrubber run"]["pages_per_s"] / alone
    print(json.dumps(found, indent=1, default=str))


if __name__ == "__main__":
    main()
