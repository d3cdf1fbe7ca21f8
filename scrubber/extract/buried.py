"""Content that the visible tree lacks: Discourse's `data-preloaded`, app state, `articleBody`.

Pages that draw themselves by script ship their content as JSON. The strings in it are grouped by
their key; the group with the most prose is the content (`cooked` of a Discourse topic's posts,
`articleBody`, `body`, `content` ... : the names need not be known).
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from scrubber.extract.tree import Tree, squeeze

MIN_CHARS: Final = 400  # of prose, for a group to be taken for the content
MIN_GAIN: Final = 2.0  # how many times longer than the visible text
_MIN_STRING: Final = 80
_MAX_STRINGS: Final = 2_000
_MAX_NODES: Final = 200_000
_MARKUP: Final = re.compile(r"<[a-zA-Z/][^<>]*>")
_ASSIGNED: Final = re.compile(r"=\s*(?=[\[{])")
_PROSE_KEYS: Final = re.compile(
    r"^(?:cooked|articlebody|.*(?:body|content|html|text|markdown|description))$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Buried:
    """HTML made of the strings found. thread: several pieces, as of posts."""

    html: str
    thread: bool


def unearth(tree: Tree, visible: Sequence[str]) -> Buried | None:
    """The buried content, if there clearly is more than what is visible; else None."""
    groups: dict[str, dict[str, None]] = {}
    for document in _documents(tree):
        for key, text in _strings(document):
            groups.setdefault(key, {})[text] = None
    sizes = {key: _prose(texts) for key, texts in groups.items()}
    best = max(sizes, key=lambda key: sizes[key], default="")
    if not best or sizes[best] < max(MIN_CHARS, MIN_GAIN * sum(map(len, visible))):
        return None
    thread = best == "cooked" and len(groups[best]) > 1
    pieces = "".join(f"<div>{_as_html(text)}</div>" for text in groups[best])
    return Buried(f"<html><body><article>{pieces}</article></body></html>", thread)


def _prose(texts: Sequence[str] | dict[str, None]) -> int:
    return sum(len(squeeze(_MARKUP.sub(" ", text))) for text in texts)


def _documents(tree: Tree) -> Iterator[Any]:
    """The JSON documents that the page carries."""
    for attributes in tree.attrs:
        if attributes and (
            state := attributes.get("data-preloaded") or attributes.get("data-page")
        ):
            yield from _parsed(state)
    for number in tree.find("script"):
        kind = tree.attr(number, "type").lower()
        if "json" in kind:
            yield from _parsed(tree.raw_text(number))
        elif kind in ("", "text/javascript", "module"):
            text = tree.raw_text(number)
            if len(text) > MIN_CHARS and (start := _ASSIGNED.search(text, 0, 300)):
                yield from _parsed(text[start.end() :])


def _parsed(text: str) -> Iterator[Any]:
    try:
        yield json.JSONDecoder(strict=False).raw_decode(text.strip())[0]
    except (ValueError, RecursionError):
        return


def _strings(document: Any) -> Iterator[tuple[str, str]]:
    """Long strings with the key each stands under, in document order; without recursion."""
    waiting: list[tuple[str, Any]] = [("", document)]
    found = seen = 0
    while waiting and found < _MAX_STRINGS and seen < _MAX_NODES:
        key, value = waiting.pop()
        seen += 1
        if isinstance(value, dict):
            waiting.extend(reversed([(str(k), v) for k, v in value.items()]))
        elif isinstance(value, list):
            waiting.extend((key, v) for v in reversed(value))
        elif isinstance(value, str) and len(value) >= _MIN_STRING:
            if value[0] in "[{" and value[-1] in "]}":
                waiting.extend((key, v) for v in _parsed(value))
            elif _PROSE_KEYS.match(key) and _is_prose(value):
                found += 1
                yield key, value


def _is_prose(text: str) -> bool:
    """Words, not code or data: spaces about every sixth character, or a script without spaces."""
    plain = _MARKUP.sub(" ", text)[:2000]
    letters = sum(map(str.isalpha, plain))
    spaces = plain.count(" ") + plain.count("\n")
    dense = sum(c > "\u2e80" for c in plain)
    return letters > 0.5 * len(plain.strip() or "x") and (
        spaces * 15 > letters or dense * 4 > letters
    )


def _as_html(text: str) -> str:
    if _MARKUP.search(text):
        return text
    return "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n") if part.strip())
