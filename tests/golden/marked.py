"""Pages that carry their expectation: a head in TOML, a line `+++`, then the page as it is served.

    url        where the page comes from, given to the program
    charset    that the page is served in, where it is not UTF-8
    title      as in an expectation
    authors    their names
    published  the day, empty where the page gives none; so for modified
    kept, lost as in an expectation

In the page, ⟦ and ⟧ may stand around what is content, and nowhere else. What they hold gives one
more expectation, `words`: the content's words, however they are arranged.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from html import unescape
from pathlib import Path
from typing import Any

ENOUGH = 0.95  # of word F1
_INPUTS = ("url", "charset")
_RULE = "\n+++\n"
_CONTENT = re.compile("⟦(.*?)⟧", re.DOTALL)
_UNSEEN = re.compile(r"<!.*?>|<(script|style|template)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_INLINE = re.compile(
    r"</?(?:a|b|i|u|em|strong|span|font|code|abbr|small|sup|sub|o:p)\b[^>]*>", re.I
)
_TAG = re.compile("<[^>]*>")
_UNSPACED = r"\u3040-\u30ff\u3400-\u9fff"  # kana and Chinese characters: each counts as a word
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")


def given(source: Path) -> tuple[bytes, str | None]:
    """The page as it is served, and its URL."""
    head, page = _split(source)
    return re.sub("[⟦⟧]", "", page).encode(head.get("charset", "utf-8")), head.get("url")


def expected(source: Path) -> dict[str, Any]:
    """The expectation that the page carries."""
    head, page = _split(source)
    said = {key: value for key, value in head.items() if key not in _INPUTS}
    content = _UNSEEN.sub(" ", "\n".join(_CONTENT.findall(page)))
    words = unescape(_TAG.sub(" ", _INLINE.sub("", content))).split()
    return said | ({"words": words} if words else {})


def word_f1(wanted: str, found: str) -> float:
    """Agreement of two texts as bags of words, 0..1."""
    ours, theirs = (Counter(_WORD.findall(text.lower())) for text in (wanted, found))
    return 2 * (ours & theirs).total() / max(1, ours.total() + theirs.total())


def _split(source: Path) -> tuple[dict[str, Any], str]:
    head, _, page = source.read_text(encoding="utf-8").partition(_RULE)
    return tomllib.loads(head), page
