"""What runs in a worker process: read a job, make a record, answer; one after the other.

The deadline of a page is a kernel timer whose signal ends the process, because
native code that hangs listens to nothing else; the parent sees which signal it was.
"""

from __future__ import annotations

import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from scrubber.batch.entries import Facts
from scrubber.batch.workers.jobs import Answer, Job, PackedPage, Setup, receive, send
from scrubber.batch.writers import make_encoder
from scrubber.errors import ScrubberError, WorkerDied
from scrubber.fetch.archive import Place
from scrubber.fetch.local import read_local
from scrubber.fetch.visits import Visit
from scrubber.models import Article, Failure, Page
from scrubber.options import Options
from scrubber.pipeline import scrub_page

_PAGE_BYTES = resource.getpagesize()
_MIB = 1024 * 1024


def serve(jobs: socket.socket, answers: socket.socket, setup: Setup) -> None:
    """Answer jobs until the other end closes."""
    scrub = _scrubber(setup)
    start_bytes = _resident_bytes()
    _limit_memory(setup.memory_mb)
    while (job := receive(jobs)) is not None:
        signal.setitimer(signal.ITIMER_REAL, setup.deadline_s)
        answer = scrub(job)
        signal.setitimer(signal.ITIMER_REAL, 0)
        grown = _resident_bytes() - start_bytes > setup.memory_mb * _MIB // 2
        if grown:
            answer = Answer(answer.payload, answer.failure, answer.facts, retire=True)
        send(answers, answer)
        if grown:
            return


def _scrubber(setup: Setup) -> Callable[[Job], Answer]:
    encode = make_encoder(setup.format, setup.fields)

    def scrub(job: Job) -> Answer:
        payload = failure = visit = None
        facts, laps = Facts(), _Laps()
        try:
            visit = _visit(job)
            page = job.page.unpacked() if job.page else _read(job, setup.options)
            laps.end("fetch")
            article = scrub_page(page, setup.options, partial(laps.end, "extract"))
            laps.end("clean")
            if article.content_hash != job.unless_hash:
                payload = encode(_completed(article, job, visit), job.digest)
                laps.end("write")
            facts = Facts(
                page_type=article.page_type,
                language=article.language,
                final_url=article.url,
                content_hash=article.content_hash,
                bytes=len(page.html),
                fetch_s=laps.of("fetch"),
                extract_s=laps.of("extract"),
                clean_s=laps.of("clean"),
                write_s=laps.of("write"),
            )
        except ScrubberError as error:
            failure = Failure.of(_named(error, job), job.url)
        except MemoryError:
            failure = Failure.of(_named(MemoryError(), job), job.url)
        if failure is not None and visit is not None and visit.attempts:
            attempts = failure.attempts + visit.attempts
            failure = failure.model_copy(update={"attempts": attempts})
        return Answer(payload, failure, facts)

    return scrub


class _Laps:
    """How long one step after the other took."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._began = time.perf_counter()

    def end(self, name: str) -> None:
        """A step has ended, the next one begins."""
        now = time.perf_counter()
        self._seconds[name], self._began = now - self._began, now

    def of(self, name: str) -> float:
        """Seconds; 0 for a step that there was not."""
        return self._seconds.get(name, 0.0)


def _visit(job: Job) -> Visit | None:
    """What an archive of ours tells of the visit that found the page."""
    place = Place.parse(job.path or "")
    if job.page is not None or place is None or place.note is None:
        return None
    from scrubber.fetch.warc_reading import read_visit  # loads fastwarc

    return read_visit(place)


def _read(job: Job, options: Options) -> Page:
    """The page of a local file, or of a place in a local archive."""
    place = Place.parse(job.path or "")
    if place is None:
        return read_local(job.url, Path(job.path or ""))
    from scrubber.fetch.warc_reading import read_capture  # loads fastwarc

    return read_capture(place, options.fetch)


def _completed(article: Article, job: Job, visit: Visit | None) -> Article:
    """The article with what only the batch knows of it."""
    known: dict[str, object] = {}
    if job.columns is not None:
        known["input"] = dict(job.columns)
    if job.unless_hash is not None or (visit is not None and visit.replaces):
        known["flags"] = (*article.flags, "new_version")
    return article.model_copy(update=known) if known else article


def _named(error: BaseException, job: Job) -> ScrubberError:
    """The error as it is, or as a worker's death where memory ran out."""
    if isinstance(error, ScrubberError) and not isinstance(error.__cause__, MemoryError):
        return error
    return WorkerDied(f"{job.url} needed more memory than a worker may take", url=job.url)


def warm_up(setup: Setup) -> None:
    """Load everything that the first page would load, so that forks of this process have it."""
    body = "<p>" + "A sentence that stands in an article, long enough to be taken for one. " * 8
    html = f"<html><head><title>Title</title></head><body><article><h1>Title</h1>{body * 3}"
    scrub = _scrubber(setup)
    page = Page(html=html, url="https://example.org/")
    scrub(Job(url="", digest="", page=PackedPage.of(page)))


def _limit_memory(memory_mb: int) -> None:
    """Allocation beyond the start fails inside this process instead of hurting the machine."""
    if not sys.platform.startswith("linux"):
        return
    now = int(Path("/proc/self/statm").read_text().split()[0]) * _PAGE_BYTES
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = now + memory_mb * _MIB
    resource.setrlimit(resource.RLIMIT_AS, (bound if hard < 0 else min(bound, hard), hard))


def _resident_bytes() -> int:
    if not sys.platform.startswith("linux"):
        return 0
    with open("/proc/self/statm", "rb") as file:  # noqa: PTH123 - once a page, Path costs more
        return int(file.read().split()[1]) * _PAGE_BYTES
