"""Pages that hang, crash or devour their worker; workers and nurseries killed from outside."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from batching import page_html

from scrubber.batch.workers.jobs import Answer, Job, PackedPage, Setup
from scrubber.batch.workers.pool import WorkerPool
from scrubber.models import Page
from scrubber.options import Options

T = TypeVar("T")

# Stands in for hostile pages that nobody knows yet: the worker's own reading step misbehaves.
SABOTAGE = """
import ctypes, os, signal, time
import scrubber.pipeline as pipeline
read = pipeline.scrub_page
def scrub_page(page, options, drafted=None):
    if "HANG IN C" in page.html and signal.getitimer(signal.ITIMER_REAL)[0] > 0:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
        signal.setitimer(signal.ITIMER_REAL, 0.01)  # as if the deadline were near
        ctypes.CDLL(None).sleep(600)
    if "CRASH" in page.html:
        ctypes.string_at(0)
    if "LEAVE" in page.html:
        os._exit(7)
    if "DEVOUR" in page.html:
        hoard = [bytearray(1 << 20) for _ in range(1 << 12)]
    if "GROW" in page.html:
        pipeline.kept = bytearray(b"x") * (160 << 20)
    if "SLOW" in page.html:
        time.sleep(0.4)
    return read(page, options, drafted)
pipeline.scrub_page = scrub_page
"""


@pytest.fixture(autouse=True)
def sabotage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text(SABOTAGE)
    root = Path(__file__).resolve().parents[3]
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{root}")


def job(number: int, sign: str = "") -> Job:
    url = f"https://example.org/{number}{sign.replace(' ', '')}"
    page = Page(html=page_html(number) + sign, url=url)
    return Job(url=url, digest="0" * 32, page=PackedPage.of(page))


def with_pool(use: Callable[[WorkerPool], Awaitable[T]], size: int = 1, **limits: float) -> T:
    setup = Setup(
        options=Options(),
        format="jsonl",
        fields=("url", "title"),
        deadline_s=600.0,
        memory_mb=int(limits.get("memory_mb", 256)),
    )

    async def main() -> T:
        async with WorkerPool(size, setup) as pool:
            return await use(pool)

    return asyncio.run(main())


def answers(jobs: list[Job], size: int = 1, **limits: float) -> list[Answer]:
    async def use(pool: WorkerPool) -> list[Answer]:
        return await asyncio.gather(*[pool.run(job) for job in jobs])

    return with_pool(use, size, **limits)


def kinds(found: list[Answer]) -> list[str]:
    assert all(answer.payload or answer.failure for answer in found)
    return [answer.failure.kind if answer.failure else "record" for answer in found]


def test_pages_become_records_in_the_workers() -> None:
    found = answers([job(number) for number in range(6)], size=2)
    assert [answer.payload for answer in found] == [
        b'{"url":"https://example.org/%d","title":"Page %d"}\n' % (number, number)
        for number in range(6)
    ]


def test_page_that_hangs_in_native_code_costs_one_failure() -> None:
    found = answers([job(0), job(1, "HANG IN C"), job(2), job(3)])
    assert kinds(found) == ["record", "extract_timeout", "record", "record"]


def test_page_that_crashes_its_worker_costs_one_failure() -> None:
    found = answers([job(0), job(1, "CRASH"), job(2), job(3)])
    assert kinds(found) == ["record", "worker_died", "record", "record"]
    assert found[1].failure is not None
    assert "SIGSEGV" in found[1].failure.message


def test_page_that_ends_its_worker_costs_one_failure() -> None:
    assert kinds(answers([job(1, "LEAVE"), job(2)])) == ["worker_died", "record"]


def test_page_that_devours_memory_costs_one_failure() -> None:
    found = answers([job(0), job(1, "DEVOUR"), job(2)], memory_mb=128)
    assert kinds(found) == ["record", "worker_died", "record"]
    assert found[1].failure is not None
    assert "memory" in found[1].failure.message


def test_worker_that_has_grown_is_replaced_and_its_jobs_go_on() -> None:
    async def use(pool: WorkerPool) -> tuple[list[Answer], int]:
        found = await asyncio.gather(*[pool.run(j) for j in [job(0, "GROW"), job(1), job(2)]])
        return list(found), pool.replaced

    found, replaced = with_pool(use, memory_mb=300)
    assert (kinds(found), replaced) == (["record"] * 3, 1)


def test_worker_killed_from_outside_loses_no_page() -> None:
    async def use(pool: WorkerPool) -> list[Answer]:
        await pool.run(job(0))
        jobs = [asyncio.create_task(pool.run(job(n, "SLOW"))) for n in range(1, 4)]
        await asyncio.sleep(0.2)
        for pid in pool.pids:
            os.kill(pid, signal.SIGKILL)
        return list(await asyncio.gather(*jobs))

    assert kinds(with_pool(use)) == ["record"] * 3


def test_nursery_killed_from_outside_is_replaced() -> None:
    async def use(pool: WorkerPool) -> list[Answer]:
        await pool.run(job(0))
        nursery = pool._nurse._nursery
        assert nursery is not None
        nursery.process.kill()
        crashed = await pool.run(job(1, "CRASH"))
        return [crashed, await pool.run(job(2))]

    assert kinds(with_pool(use)) == ["worker_died", "record"]
