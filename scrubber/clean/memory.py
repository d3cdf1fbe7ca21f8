"""What repeats across the pages of one site is its template.

A `SiteMemory` holds, per registered domain, sketches of blocks and of the pages that had them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b

from scrubber.lexicon.fold import fold
from scrubber.models import Block


class SiteMemory:
    """Counts on how many pages of a site a block stood.

    The counts do not depend on the order in which pages are learned, nor on a page learned twice.
    """

    def __init__(self, *, min_pages: int = 3) -> None:
        self._min_pages = min_pages
        self._pages: dict[str, dict[bytes, set[bytes]]] = {}

    def learn(self, site: str, page: str, blocks: Iterable[Block]) -> None:
        """Count the blocks of one page, named by its URL."""
        counts = self._pages.setdefault(site, {})
        for block in blocks:
            counts.setdefault(_sketch(block.text), set()).add(_sketch(page))

    def repeated(self, site: str, page: str, blocks: Sequence[Block]) -> list[bool]:
        """For each block: did it stand on at least `min_pages` other pages of the site?"""
        counts = self._pages.get(site, {})
        own = {_sketch(page)}
        return [
            len(counts.get(_sketch(block.text), set()) - own) >= self._min_pages for block in blocks
        ]


def _sketch(text: str) -> bytes:
    return blake2b(fold(text).encode(), digest_size=8).digest()
