"""Reading WCXB and labelling its pages; for training only (needs rapidfuzz).

WCXB, the Web Content eXtraction Benchmark (Foley 2026), is licensed CC BY 4.0; its development
split is the only material that the shipped weights were trained on.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np

from scrubber.extract.scorer.features import Description
from scrubber.extract.scorer.outlook import read_signs
from scrubber.extract.segments import Segments, cut
from scrubber.extract.tree import Attributes, Tree

FOLDS: Final = 5
_WORD: Final = re.compile(r"\w+")
Array = np.ndarray


def words(text: str) -> list[str]:
    """The benchmark's words: runs of word characters in lower case."""
    return _WORD.findall(text.lower())


@dataclass(slots=True)
class Sample:
    """One page with its truth. signs: see `outlook.read_signs`. counts: words per segment; hits:
    those of them in the truth.
    """

    name: str
    url: str | None
    domain: str
    page_type: str
    html: str
    tree: Tree
    segments: Segments
    signs: set[str]
    truth: list[str]
    wanted: list[str]
    unwanted: list[str]
    counts: Array
    hits: Array

    @property
    def fold(self) -> int:
        """All pages of one domain fall into one fold."""
        return zlib.crc32(self.domain.encode()) % FOLDS

    @property
    def oracle(self) -> float:
        """Share of the truth that the page's segments hold."""
        return float(self.hits.sum() / max(len(self.truth), 1))


@dataclass(slots=True)
class Example:
    """One page: its description, words and truth words per segment, words of the whole truth.

    bare: the description of the same page in poorer markup, see `strip`. guess: what a net that
    never saw the page's domain makes of its segments; `None` where none was asked.
    """

    page: Description
    bare: Description
    counts: Array
    hits: Array
    total: float
    guess: Array | None


def domain_of(url: str) -> str:
    """The registered domain, near enough: two labels, three below `co.uk` and its like."""
    labels = (urlsplit(url).hostname or "").split(".")
    compound = len(labels) >= 3 and len(labels[-2]) <= 3 and len(labels[-1]) == 2
    return ".".join(labels[-3:] if compound else labels[-2:])


def read_samples(folder: Path) -> Iterator[Sample]:
    """All pages of the split in the order of their names."""
    for path in sorted((folder / "ground-truth").glob("*.json")):
        record = json.loads(path.read_text())
        with gzip.open(folder / "html" / f"{path.stem}.html.gz") as file:
            yield label(path.stem, file.read().decode("utf-8", "replace"), record)


def label(name: str, html: str, record: dict[str, Any]) -> Sample:
    truth = record["ground_truth"]
    url = record.get("url") or truth.get("url")
    content = truth.get("main_content") or truth.get("main_content_markdown") or ""
    tree = Tree(html)
    segments = cut(tree)
    signs = read_signs(tree, url, segments.texts)
    tree.forget_nodes()  # else 1,500 pages take 7 GB
    wanted = words(content)
    counts, hits = align(segments.texts, wanted)
    return Sample(
        name, url, domain_of(url or "") or name, record["_internal"]["page_type"]["primary"], html,
        tree, segments, signs, wanted, truth.get("with") or [], truth.get("without") or [],
        counts, hits,
    )  # fmt: skip


_NAMING: Final = frozenset(["class", "id", "role", "itemprop", "itemtype", "itemscope"])
_MEANING: Final = frozenset(
    ["article", "main", "section", "nav", "aside", "header", "footer", "figure", "figcaption"]
)


def strip(tree: Tree, *, tags: bool) -> Tree:
    """The page as an older or a machine-made site would write it: without the names in class, id,
    role and microdata; `tags`: and with `<div>` in place of the tags that mean something.

    Its segments are the same.
    """
    bare = Tree("")
    for name in ("parents", "opens", "closes", "tokens", "truncated"):
        setattr(bare, name, getattr(tree, name))
    bare.start_tags = [
        ("div" if tags and tag in _MEANING else tag, _unnamed(attributes))
        for tag, attributes in tree.start_tags
    ]
    bare.kinds = tree.kinds
    bare.tags = [bare.start_tags[kind][0] for kind in tree.kinds]
    bare.attrs = [bare.start_tags[kind][1] for kind in tree.kinds]
    return bare


def _unnamed(attributes: Attributes) -> Attributes:
    return {name: value for name, value in attributes.items() if name not in _NAMING}


def align(texts: list[str], truth: list[str]) -> tuple[Array, Array]:
    """Words per text, and how many of them the longest common subsequence with the truth covers."""
    from rapidfuzz.distance import LCSseq

    pieces = [words(text) for text in texts]
    counts = np.array([len(piece) for piece in pieces], np.float32)
    flat = [word for piece in pieces for word in piece]
    hit = np.zeros(len(flat) + 1)
    for step in LCSseq.opcodes(flat, truth):
        if step.tag == "equal":
            hit[step.src_start + 1 : step.src_end + 1] = 1
    reached = np.concatenate(([0], np.cumsum(counts))).astype(int)
    return counts, np.diff(np.cumsum(hit)[reached]).astype(np.float32)


def word_f1(found: list[str], truth: list[str]) -> float:
    """F1 over multisets of words; 1 where both are empty."""
    common = sum((Counter(found) & Counter(truth)).values())
    return 2 * common / (len(found) + len(truth)) if found or truth else 1.0
