"""`--site-memory`: what a site repeats is taken out of all its records, whatever happens between."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from batching import Site, run, send_body
from outputs import FORMATS, urls_in

from scrubber.batch import BatchOptions
from scrubber.batch.books.ledger import Ledger
from scrubber.batch.entries import Entry, Outcome
from scrubber.batch.writers import make_encoder
from scrubber.errors import OutputError
from scrubber.models import Article, Block

REPEATED = "Ask for the harvest calendar at the mill"
HELD = BatchOptions(site_memory=True)


def article(number: int) -> Article:
    texts = [f"The terraces gave {number} crates of grapes.", REPEATED]
    blocks = tuple(Block(kind="paragraph", text=text, markdown=text) for text in texts)
    url = f"https://valley.example/{number}"
    return Article(url=url, text="\n\n".join(texts), markdown="\n\n".join(texts), blocks=blocks)


def page(number: int) -> str:
    told = (
        f"The terraces gave {number} crates of grapes on Sunday, two weeks later than last year.",
        f"Nobody in the valley remembers a harvest of {number} crates, said the miller's daughter.",
        f"Her father bought {number} of them, and the mill ran until long after dark.",
    )
    body = "".join(f"<p>{text}</p>" for text in (told[0], REPEATED, *told[1:]))
    return f"<html lang=en><title>Harvest {number}</title><article><h1>Harvest {number}</h1>{body}"


def settle(ledger: Ledger, numbers: Sequence[int]) -> None:
    urls = {f"https://valley.example/{number}": number for number in numbers}
    ledger.add([Entry(url=url, key=url, host="valley.example") for url in urls])
    encode = make_encoder(ledger.payload_format, None)
    waiting = ledger.journal.waiting(0, 100)
    ledger.settle(
        [Outcome(entry, encode(article(urls[entry.url]), f"{entry.id:032x}")) for entry in waiting]
    )


def begun(out: Path) -> Ledger:
    ledger = Ledger(out, HELD)
    ledger.open()
    return ledger


def finish(ledger: Ledger) -> None:
    ledger.finish()
    ledger.close()


def texts(out: Path) -> list[str]:
    return sorted(json.loads(line)["text"] for line in out.read_text().splitlines())


@pytest.mark.parametrize("suffix", FORMATS)
def test_records_wait_for_the_end_in_every_format(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out.{suffix}"
    ledger = begun(out)
    settle(ledger, range(6))
    assert urls_in(out) == []
    finish(ledger)
    assert urls_in(out) == [f"https://valley.example/{number}" for number in range(6)]


def test_run_killed_while_it_writes_goes_on_with_the_same_knowledge(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    ledger = begun(out)
    settle(ledger, range(6))
    ledger._second_look()
    # Killed when four records had been written: of the other two alone nothing could be learned.
    written = ledger.journal.spooled(4, 1_000_000)
    rewrite = ledger._second_look()
    mark, _ = ledger._write([rewrite(payload) for _, payload in written])
    with ledger.journal.transaction():
        ledger.journal.unspool([id for id, _ in written])
        ledger._keep_written(mark)
    ledger.close()
    ledger = begun(out)
    finish(ledger)
    assert texts(out) == [f"The terraces gave {number} crates of grapes." for number in range(6)]


def test_pages_that_are_added_later_are_judged_by_all(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    for numbers in (range(6), range(6, 7)):
        ledger = begun(out)
        settle(ledger, numbers)
        finish(ledger)
    assert texts(out) == [f"The terraces gave {number} crates of grapes." for number in range(7)]


def test_a_job_cannot_change_its_memory_half_way(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    ledger = begun(out)
    ledger.close()
    with pytest.raises(OutputError, match="begun with --site-memory; give the same"):
        Ledger(out, BatchOptions()).open()


def test_run_gives_the_same_records_in_whatever_order(tmp_path: Path, site: Site) -> None:
    for number in range(6):
        html = page(number)
        site.answers[f"/page/{number}"] = lambda request, _, html=html: send_body(
            request, html.encode(), Content_Type="text/html"
        )
    urls = [site.url(f"/page/{number}") for number in range(6)]
    plain, held, turned = (tmp_path / f"{name}.jsonl" for name in ("plain", "held", "turned"))
    run(urls, plain)
    run(urls, held, site_memory=True)
    run(urls[::-1], turned, site_memory=True)
    assert all(REPEATED in text for text in texts(plain))
    assert not any(REPEATED in text for text in texts(held))
    assert texts(held) == texts(turned)
