"""Whole records that wait in the journal until all of their sites' pages are known.

`--site-memory` is a second look: a block that a site repeats shows only when its pages have been
read. So workers give records in this form, the ledger holds them back, and when every input is
settled it learns them all and writes each in the output's own format, without what its site
repeats. What was learned is kept in the journal before the first record is written: a run that is
killed in between goes on with the same knowledge, and so do inputs that are added later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from scrubber.batch.writers.base import Encode
from scrubber.clean import SiteMemory
from scrubber.models import Article
from scrubber.pipeline import without_template


def make_encoder(fields: tuple[str, ...] | None) -> Encode:
    """Article -> the digest of its input, a line break, the record as JSON."""
    del fields  # chosen when it is written

    def encode(article: Article, digest: str) -> bytes:
        return f"{digest}\n{article.model_dump_json()}".encode()

    return encode


def learn(payloads: Iterable[bytes], before: str | None) -> SiteMemory:
    """What sites repeat, by held records and by what was learned before (as `SiteMemory.dump`)."""
    memory = SiteMemory.restore(before) if before is not None else SiteMemory()
    for payload in payloads:
        article = _article(payload)[1]
        if article.url is not None:
            memory.learn(article.url, article.blocks)
    return memory


def rewriter(memory: SiteMemory, encode: Encode) -> Callable[[bytes], bytes]:
    """Held record -> payload of the output."""

    def rewrite(payload: bytes) -> bytes:
        digest, article = _article(payload)
        return encode(without_template(article, memory), digest)

    return rewrite


def _article(payload: bytes) -> tuple[str, Article]:
    digest, _, record = payload.partition(b"\n")
    return digest.decode(), Article.model_validate_json(record)
