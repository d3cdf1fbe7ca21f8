"""Content that the visible tree lacks: Discourse's `data-preloaded`, app state, `articleBody`.

Pages that draw themselves by script ship their content as JSON. The strings in it are grouped by
their key; the group with the most prose is the content (`cooked` of a Discourse topic's posts,
`articleBody`, `body`, `content` ... : the names need not be known).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import category

from scrubber.extract.states import parsed, read_documents
from scrubber.extract.tree import Tree, squeeze

Owner = Mapping[str, Any]

MIN_CHARS: Final = 400  # of prose, for a group to be taken for the content
MIN_GAIN: Final = 2.0  # how many times longer than the visible text
_MIN_STRING: Final = 80
_POST_KEY: Final = "cooked"  # Discourse's posts, short ones among them
_ELEMENT_KEY: Final = "children"
_TEXT_TAGS: Final = frozenset(["p", "h2", "h3", "h4", "blockquote", "pre", "figcaption"])
_MAX_STRINGS: Final = 2_000
_MAX_NODES: Final = 200_000
_AUTHOR_KEYS: Final = ("username", "author", "name", "display_name")
_DATE_KEYS: Final = ("created_at", "createdAt", "published_at", "publishedAt", "date")
_MARKUP: Final = re.compile(r"<[a-zA-Z/][^<>]*>")
_PROSE_KEYS: Final = re.compile(
    r"^(?:cooked|articlebody|.*(?:body|content|html|text|markdown|description|rendered))$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Signature:
    """Who wrote a piece, and when, as written."""

    author: str | None
    published: str | None


_UNSIGNED: Final = Signature(None, None)
Piece = tuple[str, Signature]


@dataclass(frozen=True, slots=True)
class Buried:
    """HTML made of the strings found, each in a `<div>` of its own below one `<article>`.

    posts: of a thread, one a piece; empty where the pieces are one text.
    """

    html: str
    posts: tuple[Signature, ...]


def unearth(tree: Tree, visible: Sequence[str]) -> Buried | None:
    """The buried content, if there clearly is more than what is visible; else None."""
    groups: dict[str, dict[Piece, None]] = {}  # dicts: what is said twice is said once
    for document in read_documents(tree):
        for key, text, owner in _strings(document):
            signature = _signature(owner) if key == _POST_KEY else _UNSIGNED
            groups.setdefault(key, {})[text, signature] = None
    sizes = {key: _prose(text for text, _ in pieces) for key, pieces in groups.items()}
    best = max(sizes, key=lambda key: sizes[key], default="")
    if not best or sizes[best] < max(MIN_CHARS, MIN_GAIN * sum(map(len, visible))):
        return None
    found = groups[best]
    thread = best == _POST_KEY and len(found) > 1
    pieces = "".join(f"<div>{_as_html(text)}</div>" for text, _ in found)
    return Buried(
        f"<html><body><article>{pieces}</article></body></html>",
        tuple(signature for _, signature in found) if thread else (),
    )


def _signature(owner: Owner) -> Signature:
    author = next((name for key in _AUTHOR_KEYS if (name := owner.get(key))), None)
    if isinstance(author, dict):
        author = author.get("name")
    published = next((day for key in _DATE_KEYS if (day := owner.get(key))), None)
    return Signature(
        author if isinstance(author, str) else None,
        published if isinstance(published, str) else None,
    )


def _prose(texts: Iterable[str]) -> int:
    return sum(len(squeeze(_MARKUP.sub(" ", text))) for text in texts)


def _strings(document: Any) -> Iterator[tuple[str, str, Owner]]:
    """Long strings with the key each stands under and the object that it is said of.

    In document order; without recursion. Elements that React's servers describe (`["$", "p", key,
    {"children": ...}]`) are pieces of text of their own, however short.
    """
    waiting: list[tuple[str, Any, Owner]] = [("", document, {})]
    found = seen = 0
    while waiting and found < _MAX_STRINGS and seen < _MAX_NODES:
        key, value, owner = waiting.pop()
        seen += 1
        if isinstance(value, dict):
            waiting.extend(reversed([(str(k), v, value) for k, v in value.items()]))
        elif isinstance(value, list):
            if (described := _described(value)) is not None:
                found += 1
                yield _ELEMENT_KEY, described, owner
            else:
                waiting.extend((key, v, owner) for v in reversed(value))
        elif isinstance(value, str) and len(value) >= (1 if key == _POST_KEY else _MIN_STRING):
            if value[0] in "[{" and value[-1] in "]}":
                waiting.extend((key, v, owner) for v in parsed(value))
            elif _PROSE_KEYS.match(key) and _is_prose(value):
                found += 1
                yield key, value, owner


def _described(value: list[Any]) -> str | None:
    """The HTML of an element with text that is described as data."""
    if len(value) != 4 or value[0] != "$" or value[1] not in _TEXT_TAGS:
        return None
    texts: list[str] = []
    waiting: list[Any] = [value[3]]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict):
            waiting.append(inner.get("children"))
        elif isinstance(inner, list):
            is_element = len(inner) == 4 and inner[0] == "$"
            waiting.extend([inner[3]] if is_element else reversed(inner))
        elif isinstance(inner, str) and not inner.startswith("$"):
            texts.append(inner)
    return f"<{value[1]}>{html.escape(''.join(texts))}</{value[1]}>"


def _is_prose(text: str) -> bool:
    """Words, not code or data: spaces about every sixth character, or a script without spaces."""
    plain = _MARKUP.sub(" ", text)[:2000]
    letters = sum(category(c)[0] in "LM" for c in plain)  # Indian vowels are marks
    spaces = plain.count(" ") + plain.count("\n")
    dense = sum(c > "\u2e80" for c in plain)
    return letters > 0.5 * len(plain.strip() or "x") and (
        spaces * 15 > letters or dense * 4 > letters
    )


def _as_html(text: str) -> str:
    if _MARKUP.search(text):
        return text
    return "".join(f"<p>{html.escape(part)}</p>" for part in text.split("\n") if part.strip())
