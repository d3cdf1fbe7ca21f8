"""Pages that carry their expectation: a head in TOML, a line `+++`, then the page as it is served.

    url        where the page comes from, given to the program
    charset    that the page is served in, where it is not UTF-8
    title      as in an expectation
    authors    their names
    published  the day, empty where the page gives none; so for modified
    page_type  as in an expectation
    kept, lost as in an expectation

In the page, ⟦ and ⟧ may stand around what is content, and nowhere else. What they hold gives one
more expectation, `words`: the content's words, however they are arranged. Captions of images are
none of them: they stand in the Markdown and the blocks, but not in the text.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from scrubber.extract.scorer.marked_train import read_marked

ENOUGH = 0.95  # of word F1
_INPUTS = ("url", "charset")
_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff"  # kana and Chinese characters: each counts as a word
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")


def given(source: Path) -> tuple[bytes, str | None]:
    """The page as it is served, and its URL."""
    page = read_marked(source)
    return page.html.encode(page.head.get("charset", "utf-8")), page.head.get("url")


def expected(source: Path) -> dict[str, Any]:
    """The expectation that the page carries."""
    page = read_marked(source)
    said = {key: value for key, value in page.head.items() if key not in _INPUTS}
    return said | ({"words": page.words} if page.words else {})


def word_f1(wanted: str, found: str) -> float:
    """Agreement of two texts as bags of words, 0..1."""
    ours, theirs = (Counter(_WORD.findall(text.lower())) for text in (wanted, found))
    return 2 * (ours & theirs).total() / max(1, ours.total() + theirs.total())
