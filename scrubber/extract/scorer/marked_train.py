"""Pages that carry their own truth, written for this project; for training and tests only.

    a head in TOML, then a line `+++`, then the page as it is served

In the page, ⟦ and ⟧ stand around what is content, and nowhere else.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any, Final

FOLDERS: Final = ("eras", "taught")  # below tests/golden: those that the scorer learns from
_RULE: Final = "\n+++\n"
_CONTENT: Final = re.compile("⟦(.*?)⟧", re.DOTALL)
_UNSEEN: Final = re.compile(r"<!.*?>|<(script|style|template)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_INLINE: Final = re.compile(
    r"</?(?:a|b|i|u|em|strong|span|font|code|abbr|small|sup|sub|o:p)\b[^>]*>", re.IGNORECASE
)
_TAG: Final = re.compile("<[^>]*>")


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """head: what is said of the page, such as its `url`. html: the page without marks. words: of
    its content, in order.
    """

    head: dict[str, Any]
    html: str
    words: list[str]


def read_marked(source: Path) -> MarkedPage:
    """The page in this file (UTF-8). Raises tomllib.TOMLDecodeError where its head is none."""
    head, _, page = source.read_text(encoding="utf-8").partition(_RULE)
    content = _UNSEEN.sub(" ", "\n".join(_CONTENT.findall(page)))
    words = unescape(_TAG.sub(" ", _INLINE.sub("", content))).split()
    return MarkedPage(tomllib.loads(head), re.sub("[⟦⟧]", "", page), words)
