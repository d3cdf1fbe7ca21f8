"""Reading annotated pages and labelling their segments; for training only (needs rapidfuzz).

The shipped weights were trained on the development split of WCXB, the Web Content eXtraction
Benchmark (Foley 2026, CC BY 4.0), and on pages of other times and languages that were written for
this project (see `marked_train`).
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np

from scrubber.extract.scorer.features import Description
from scrubber.extract.scorer.marked_train import read_marked
from scrubber.extract.scorer.outlook import read_signs
from scrubber.extract.segments import Segments, cut
from scrubber.extract.tree import Tree

FOLDS: Final = 5
_WORD: Final = re.compile(r"\w+")
Array = np.ndarray


def words(text: str) -> list[str]:
    """The benchmark's words: runs of word characters in lower case."""
    return _WORD.findall(text.lower())


@dataclass(slots=True)
class Sample:
    """One page with its truth. signs: see `outlook.read_signs`. counts: words per segment; hits:
    those of them in the truth. is_ours: written for this project, so that its truth is exact.
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
    is_ours: bool = False

    @property
    def fold(self) -> int:
        """All pages of one domain fall into one fold."""
        return zlib.crc32(self.domain.encode()) % FOLDS

    @property
    def oracle(self) -> float:
        """Share of the truth that the page's segments hold."""
        return float(self.hits.sum() / max(len(self.truth), 1))


@dataclass(slots=True)
class View:
    """A page as the net sees it: its description, words and truth words per segment, words of the
    whole truth.

    guess: what a net that never saw the page's domain makes of its segments; `None` where none was
    asked.
    """

    page: Description
    counts: Array
    hits: Array
    total: float
    guess: Array | None


@dataclass(slots=True)
class Example:
    """One page: as it is, and in other markup (see `markup_train`). weight: of its loss."""

    views: list[View]
    weight: float = 1.0


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
    sample = _labelled(name, html, url, record["_internal"]["page_type"]["primary"], words(content))
    sample.wanted, sample.unwanted = truth.get("with") or [], truth.get("without") or []
    return sample


def read_ours(folder: Path) -> Iterator[Sample]:
    """The folder's marked pages (see `marked_train`) in the order of their names."""
    for path in sorted(folder.glob("*.html")):
        page = read_marked(path)
        name, head = f"{folder.name}/{path.stem}", page.head
        page_type = head.get("page_type", "article")
        truth = words(" ".join(page.words))
        sample = _labelled(name, page.html, head.get("url"), page_type, truth)
        sample.is_ours = True
        yield sample


def _labelled(name: str, html: str, url: str | None, page_type: str, truth: list[str]) -> Sample:
    tree = Tree(html)
    segments = cut(tree)
    signs = read_signs(tree, url, segments.texts)
    tree.forget_nodes()  # else 1,500 pages take 7 GB
    counts, hits = align(segments.texts, truth)
    return Sample(
        name, url, domain_of(url or "") or name, page_type, html, tree, segments, signs, truth,
        [], [], counts, hits,
    )  # fmt: skip


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


def carry(values: Array, texts: list[str], others: list[str]) -> Array:
    """Values of texts for the same page cut otherwise: means over the words that stand in both."""
    from rapidfuzz.distance import LCSseq

    pieces, other_pieces = [words(text) for text in texts], [words(text) for text in others]
    of_words = np.repeat(values, [len(piece) for piece in pieces])
    flat, other_flat = (list(chain.from_iterable(cut)) for cut in (pieces, other_pieces))
    known, carried = np.zeros((2, len(other_flat) + 1))
    for step in LCSseq.opcodes(flat, other_flat):
        if step.tag == "equal":
            known[step.dest_start + 1 : step.dest_end + 1] = 1
            carried[step.dest_start + 1 : step.dest_end + 1] = of_words[
                step.src_start : step.src_end
            ]
    reached = np.cumsum([0, *(len(piece) for piece in other_pieces)])
    shared, total = (np.diff(np.cumsum(row)[reached]) for row in (known, carried))
    return np.asarray(total / np.maximum(shared, 1), np.float32)


def word_f1(found: list[str], truth: list[str]) -> float:
    """F1 over multisets of words; 1 where both are empty."""
    common = sum((Counter(found) & Counter(truth)).values())
    return 2 * common / (len(found) + len(truth)) if found or truth else 1.0
