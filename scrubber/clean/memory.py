"""Site memory: what repeats across the pages of one site is its template.

For each site the memory keeps a sample of pages, those whose URLs hash lowest, and for each of
them the sketches (64-bit hashes of text) of its blocks. Such a sample depends only on the
set of pages that were learned: not on their order, on repeats, or on how the work was split among
processes, whose memories can be merged. Memory is bounded: `max_pages` pages of `_MAX_BLOCKS`
blocks a site, and `max_sites` sites, again those that hash lowest.

A block is template where it stands on at least 3 other sampled pages and on half of them; prose
of some length, which may be the intro of a series, on at least 8 and on four fifths. Within one
page a block counts once, so a liveblog's or a song's repetitions teach nothing.

There are two ways to use it:

    learning   clean_draft(draft, url=url, memory=memory)   judges a page by the pages before it,
               then learns it. The first pages of a site keep their template, and what later pages
               lose depends on the order: good for a running service.
    frozen     memory.learn(url, blocks) for all pages, memory.freeze(), then clean_draft(...).
               Every page is judged by all others: the result is the same whatever the order, and
               after a restart (`dump` and `restore`). `clean_site` does this for drafts at hand,
               `scrubber.strip_templates` for finished records.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Self
from urllib.parse import urlsplit

from scrubber.clean.line import is_prose
from scrubber.models import Block

_MAX_BLOCKS = 400  # blocks of a page that are remembered; a template is on its first and last
_LABEL_PAGES, _LABEL_SHARE = 3, 0.5
_PROSE_PAGES, _PROSE_SHARE = 8, 0.8
# Second levels under which names are registered in many countries: example.co.uk, example.com.br.
_SHARED_SECOND_LEVELS = frozenset(
    {"ac", "co", "com", "edu", "go", "gob", "gov", "net", "or", "org"}
)

_Page = dict[int, frozenset[int]]  # sketch of a URL -> sketches of its blocks


class SiteMemory:
    """Knows, per site, which blocks stand on many of its pages."""

    def __init__(self, *, max_pages: int = 24, max_sites: int = 10_000) -> None:
        self.frozen = False
        self._max_pages = max_pages
        self._max_sites = max_sites
        self._sites: dict[str, _Page] = {}

    def learn(self, url: str, blocks: Iterable[Block]) -> None:
        """Remember the blocks of the page at `url`; learning a page twice changes nothing."""
        texts = [block.text for block in blocks if block.text]
        edges = texts[: _MAX_BLOCKS // 2] + texts[_MAX_BLOCKS // 2 :][-_MAX_BLOCKS // 2 :]
        self._add(site_of(url), sketch(url), frozenset(map(_sketch_text, edges)))

    def freeze(self) -> Self:
        """Learn no more; from now on every page is judged by all that were learned."""
        self.frozen = True
        return self

    def merge(self, other: SiteMemory) -> Self:
        """Learn what another memory learned."""
        for site, pages in other._sites.items():
            for page, blocks in pages.items():
                self._add(site, page, blocks)
        return self

    def template(self, url: str, blocks: Sequence[Block]) -> list[bool]:
        """For each block: is it the site's template, by the other pages that were learned?

        A heading counts only where what follows it is template too.
        """
        own = sketch(url)
        pages = self._sites.get(site_of(url), {})
        others = [found for page, found in pages.items() if page != own]
        if len(others) < _LABEL_PAGES:
            return [False] * len(blocks)
        repeated = [bool(block.text) and _repeats(block.text, others) for block in blocks]
        for at in reversed(range(len(blocks))):
            follows = at + 1 == len(blocks) or repeated[at + 1]
            repeated[at] = repeated[at] and (blocks[at].kind != "heading" or follows)
        return repeated

    def dump(self) -> str:
        """The memory as JSON, the same for the same pages."""
        sites = {
            site: {f"{page:x}": sorted(blocks) for page, blocks in sorted(pages.items())}
            for site, pages in sorted(self._sites.items())
        }
        return json.dumps({"sites": sites, "frozen": self.frozen}, separators=(",", ":"))

    @classmethod
    def restore(cls, dumped: str) -> Self:
        """The memory that was dumped."""
        data = json.loads(dumped)
        memory = cls()
        memory.frozen = data["frozen"]
        for site, pages in data["sites"].items():
            memory._sites[site] = {int(p, 16): frozenset(blocks) for p, blocks in pages.items()}
        return memory

    def _add(self, site: str, page: int, blocks: frozenset[int]) -> None:
        pages = self._sites.setdefault(site, {})
        # Of two versions of a page the one that stays does not depend on which came first.
        pages[page] = max(pages[page], blocks, key=sorted) if page in pages else blocks
        if len(pages) > self._max_pages:
            del pages[max(pages)]
        if len(self._sites) > self._max_sites:
            (highest,) = heapq.nlargest(1, self._sites, key=sketch)
            del self._sites[highest]


def _repeats(text: str, others: Sequence[frozenset[int]]) -> bool:
    if text.rstrip()[-1:] in ":：" or not any(map(str.isalpha, text)):
        return False  # "Condition:" opens data, and a price is data
    block = _sketch_text(text)
    count = sum(block in page for page in others)
    if is_prose(text):
        return count >= max(_PROSE_PAGES, _PROSE_SHARE * len(others))
    return count >= max(_LABEL_PAGES, _LABEL_SHARE * len(others))


def site_of(url: str) -> str:
    """The registered domain of `url`, by a rule of thumb that needs no list: `example.co.uk`."""
    labels = (urlsplit(url).hostname or "").split(".")
    shared = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SHARED_SECOND_LEVELS
    return ".".join(labels[-3 if shared else -2 :])


def _sketch_text(text: str) -> int:
    """Case and spaces do not matter; numbers do, or all prices would be one."""
    return sketch(" ".join(text.casefold().split()))


def sketch(text: str) -> int:
    """A 64-bit hash that is the same in every process."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "big")
