"""How fast `scrubber run` is: real pages from 200 loopback hosts, beside peers in one run.

    python tests/bench/batch_speed.py [--pages N] [--peers] [--engine blocks|trafilatura]
    python tests/bench/batch_speed.py --list-lines 1000000

Prints pages a second of the batch and of extraction alone in as many processes (what fetching and
journalling are measured against), start-up to the first record, the parent's CPU and the journal's
time a page, and the parent's memory at every 5,000 pages. `--peers` adds Scrapy with trafilatura in
its callback, and newspaper4k in threads, where `--peer-python` (this Python) has them installed;
they are slow, so they are given `--peer-pages` of the pages only (300), drawn by a fixed seed.
`--list-lines` measures instead how soon a long list begins, and in what memory it is read.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import corpora

import scrubber
from scrubber.batch import BatchOptions
from scrubber.batch.books.ledger import Ledger
from scrubber.batch.engine import run_batch
from scrubber.batch.heap import give_back_large_buffers
from scrubber.batch.telling.tally import Tally
from scrubber.extract import ExtractOptions
from scrubber.fetch import FetchOptions
from scrubber.options import Options

HOSTS = 200
WORKERS = os.cpu_count() or 1
SCRUBBER = (sys.executable, "-m", "scrubber")
ON_LOOPBACK = ("--delay", "0", "--allow-private", "--ignore-robots")
SAMPLED = 5000  # pages between two looks at the memory
FETCH = FetchOptions(
    allow_private=True, allow_networks=("127.0.0.0/8",), delay_s=0, respect_robots=False
)


def load_pages(most_bytes: int | None = None) -> list[bytes]:
    """The annotated pages' HTML, as it was saved."""
    pages = [page.html for page in corpora.wcxb_pages()]
    return [html for html in pages if most_bytes is None or len(html) <= most_bytes]


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
    """A display that keeps the parent's memory and CPU time against the number of pages done."""

    every_s = 0.5

    def __init__(self) -> None:
        self.curve: list[tuple[int, int]] = []  # pages, MB
        self.warm: tuple[int, float] | None = None  # pages and CPU seconds when all was running
        self.workers: dict[int, float] = {}  # CPU seconds of each
        self.own = 0.0  # CPU seconds of looking at them, which are no batch's

    def show(self, tally: Tally) -> None:
        pages = tally.done + tally.failed
        began = time.thread_time()
        self.workers |= cpu_of_grandchildren()
        self.own += time.thread_time() - began
        if pages >= 200 and self.warm is None:
            self.warm = pages, self.parent_cpu()
        if pages >= SAMPLED * len(self.curve):
            self.curve.append((pages, memory_mb(os.getpid())))

    def parent_cpu(self) -> float:
        """CPU seconds of the parent so far."""
        return time.process_time() - self.own

    def close(self, tally: Tally) -> None:
        self.curve.append((tally.done + tally.failed, memory_mb(os.getpid())))


def cpu_of_grandchildren() -> dict[int, float]:
    """CPU seconds of the workers, which are children of our child, the nursery."""
    parents, spent = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            parents[int(folder.name)] = int(fields[1])
            spent[int(folder.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return {pid: spent[pid] for pid in parents if parents.get(parents[pid]) == os.getpid()}


def memory_mb(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4 // 1024


def measure_batch(urls: Sequence[str], engine: str | None) -> dict[str, Any]:
    """One run of the batch in a process of its own, so that the memory is the batch's."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "urls.lst").write_text("\n".join(urls))
        command = [
            sys.executable,
            __file__,
            "--run",
            folder,
            *(["--engine", engine] * bool(engine)),
        ]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found: dict[str, Any] = json.loads(done.stdout)
    return found


def run_measured(folder: str, engine: str | None) -> dict[str, Any]:
    """What `measure_batch` runs in its process."""
    give_back_large_buffers()  # as the command does
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
    extract = ExtractOptions(engine=engine) if engine else ExtractOptions()
    options = Options(fetch=FETCH, extract=extract, concurrency=64)
    started = time.perf_counter()
    summary = run_batch(
        [f"{folder}/urls.lst"], f"{folder}/out.jsonl", options, BatchOptions(), lambda: watch
    )
    seconds, pages = time.perf_counter() - started, summary.settled
    warm_pages, warm_cpu = watch.warm or (0, 0.0)
    return {
        "pages_per_s": pages / seconds,
        "records": summary.done,
        "failures": summary.failed,
        "parent_cpu_ms_a_page": 1000 * (watch.parent_cpu() - warm_cpu) / (pages - warm_pages),
        "workers_cpu_ms_a_page": 1000 * sum(watch.workers.values()) / pages,
        "journal_and_output_cpu_ms_a_page": 1000 * spent["journal"] / pages,
        "parent_memory_mb": watch.curve,
    }


def extract_one(html: bytes) -> float:
    """CPU seconds."""
    started = time.process_time()
    with suppress(scrubber.ScrubberError):
        scrubber.scrub_html(html, "https://example.org/")
    return time.process_time() - started


def measure_extraction(pages: Sequence[bytes]) -> dict[str, float]:
    """Extraction alone, in as many processes as the batch uses."""
    # Fresh processes with one numpy thread each, as the batch's workers have: a fair comparison.
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(WORKERS, mp_context=context) as pool:
        list(pool.map(extract_one, pages[:20]))  # warm
        started = time.perf_counter()
        cpu = sum(pool.map(extract_one, pages, chunksize=8))
        seconds = time.perf_counter() - started
    return {"pages_per_s": len(pages) / seconds, "cpu_ms_a_page": 1000 * cpu / len(pages)}


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


def measure_list(lines: int) -> dict[str, Any]:
    """A list of so many lines: seconds to the first outcome, and the memory when it was read."""
    with tempfile.TemporaryDirectory() as folder, served([b""]) as port:
        listed, out = Path(folder, "urls.lst"), Path(folder, "out.jsonl")
        with listed.open("w") as file:
            file.writelines(f"{url}\n" for url in urls_at(port, lines))
        started, first, peak = time.perf_counter(), None, 0
        process = subprocess.Popen(
            [*SCRUBBER, "run", str(listed), "-o", str(out), *ON_LOOPBACK],
            stderr=subprocess.PIPE,
            text=True,
        )
        failures = out.with_name(out.name + ".failures.jsonl")
        while first is None:
            time.sleep(0.01)
            if failures.exists() and failures.stat().st_size:
                first = time.perf_counter() - started
        early = memory_mb(process.pid)
        assert process.stderr is not None
        for line in process.stderr:
            peak = max(peak, memory_mb(process.pid))
            if json.loads(line)["all_inputs_read"]:
                break
        read = time.perf_counter() - started
        process.send_signal(signal.SIGINT)
        process.communicate()
    return {
        "lines": lines,
        "first_outcome_s": round(first, 2),
        "all_read_s": round(read, 1),
        "memory_mb_at_first_outcome": early,
        "highest_memory_mb_while_reading": peak,
    }


# ---- peers, in a Python that has them --------------------------------------------------------------

NEWSPAPER = """
import sys, newspaper
from concurrent.futures import ThreadPoolExecutor
def one(url):
    try:
        article = newspaper.Article(url, fetch_images=False)
        article.download()
        article.parse()
        return bool(article.text)
    except Exception:
        return False
with ThreadPoolExecutor(16) as pool:
    print(sum(pool.map(one, open(sys.argv[1]).read().split())))
"""
SPIDER = """
import json, sys, scrapy, trafilatura
from scrapy.crawler import CrawlerProcess
class Spider(scrapy.Spider):
    name = "peer"
    async def start(self):
        for line in open(sys.argv[1]):
            yield scrapy.Request(line.strip())
    def parse(self, response):
        text = trafilatura.extract(response.text, url=response.url)
        Spider.texts = getattr(Spider, "texts", 0) + bool(text)
        return {"url": response.url, "text": text}
process = CrawlerProcess({"LOG_ENABLED": False, "CONCURRENT_REQUESTS": 64, "ROBOTSTXT_OBEY": False,
                          "FEEDS": {sys.argv[2]: {"format": "jsonlines"}}})
process.crawl(Spider)
process.start()
print(Spider.texts)
"""


PEERS = {
    "Scrapy with trafilatura": (SPIDER, "import scrapy, trafilatura"),
    "newspaper4k, 16 threads": (NEWSPAPER, "import newspaper"),
}


def measure_peers(
    python: str, urls: Sequence[str], ours: float
) -> Iterator[tuple[str, dict[str, float] | str]]:
    """Each peer's pages a second and how many times as fast we are, or that it is not there."""
    for name, (code, imports) in PEERS.items():
        if subprocess.run([python, "-c", imports], capture_output=True, check=False).returncode:
            yield name, f"not measured: it is not installed in {python}"
            continue
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "urls").write_text("\n".join(urls))
            started = time.perf_counter()
            command = [python, "-c", code, f"{folder}/urls", f"{folder}/out.jsonl"]
            done = subprocess.run(
                command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
            )
            rate = len(urls) / (time.perf_counter() - started)
            yield (
                name,
                {
                    "pages": len(urls),
                    "texts": int(done.stdout.split()[-1]),
                    "pages_per_s": rate,
                    "scrubber is faster by": ours / rate,
                },
            )


def urls_at(port: int, count: int) -> Iterator[str]:
    """URLs on all hosts in turn."""
    for n in range(count):
        yield f"http://127.0.{n % HOSTS // 50}.{1 + n % 50}:{port}/{n}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--most-bytes", type=int, help="only pages up to this size, for long runs")
    parser.add_argument("--peer-pages", type=int, default=300, help="of these pages for peers")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--peer-python", default=sys.executable)
    parser.add_argument("--list-lines", type=int)
    parser.add_argument("--engine")
    parser.add_argument("--run", metavar="FOLDER", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.run:
        found = run_measured(args.run, args.engine)
    elif args.list_lines:
        found = measure_list(args.list_lines)
    else:
        found = measure_all(args)
    print(json.dumps(found, indent=1, default=str))


def sample_of(urls: Sequence[str], size: int) -> list[str]:
    return random.Random(0).sample(urls, min(size, len(urls)))


def measure_all(args: argparse.Namespace) -> dict[str, Any]:
    pages = load_pages(args.most_bytes)
    found: dict[str, Any] = {"start_to_first_record_s": round(measure_start(), 2)}
    with served(pages) as port:
        urls = list(urls_at(port, args.pages))
        # The same pages just before and after the batch: a busy machine is busy for both.
        sample = [pages[n % len(pages)] for n in range(min(args.pages, len(pages)))]
        before = measure_extraction(sample)
        found["scrubber run"] = measure_batch(urls, args.engine)
        after = measure_extraction(sample)
        if args.peers:
            ours = found["scrubber run"]["pages_per_s"]
            found |= dict(measure_peers(args.peer_python, sample_of(urls, args.peer_pages), ours))
    batch, alone = found["scrubber run"], [before, after]
    found["extraction alone, before and after"] = alone
    found["share of extraction alone"] = {
        # What a quiet machine shows; where others compute too, processes get what they get.
        "by rate": batch["pages_per_s"] / (sum(one["pages_per_s"] for one in alone) / 2),
        # What it would be if cores were the only bound: the server's own time is left out.
        "by CPU time": sum(one["cpu_ms_a_page"] for one in alone)
        / 2
        / (batch["workers_cpu_ms_a_page"] + batch["parent_cpu_ms_a_page"]),
    }
    return found


if __name__ == "__main__":
    main()
