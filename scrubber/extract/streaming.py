"""Pages that React sends in pieces, put together as its scripts would.

What is ready late comes at the end of the page, as `<div hidden id="S:1f">`, and a script moves it
to where `<template id="B:1f">` (of a part that showed a placeholder until the comment `/$`) or
`<template id="P:1f">` (of a part inside another piece) keeps its place; all of them may have a
prefix. One page in fifty of WCXB is sent so; some hold their whole text in such pieces.
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

_PIECE: Final = re.compile(r"([\w-]*)S:([0-9a-f]+)")
_MAX_PIECES: Final = 300  # each is looked for in the whole document


def is_streamed(html: str) -> bool:
    """Whether there may be such pieces."""
    return "S:" in html and "hidden" in html


def put_together(document: LexborHTMLParser) -> None:
    """Move each piece to its place; one that has none is shown where it stands."""
    for piece in document.css('div[hidden][id*="S:"]')[:_MAX_PIECES]:
        name = _PIECE.fullmatch(piece.id or "")
        if name is None:
            continue
        place = _place(document, *name.groups())
        if place is None:
            del piece.attrs["hidden"]
            continue
        place.insert_before(piece)  # a copy of it
        copy = place.prev
        if copy is not None:
            del copy.attrs["hidden"]
            del copy.attrs["id"]
        _drop_placeholder(place)
        piece.decompose()


def _place(document: LexborHTMLParser, prefix: str, number: str) -> LexborNode | None:
    ids = (f'template[id="{prefix}{kind}:{number}"]' for kind in "BP")
    return document.css_first(", ".join(ids))


def _drop_placeholder(place: LexborNode) -> None:
    """Take the template out, and what was shown in its part until the piece came."""
    shown: list[LexborNode] = []
    node = place.next
    while node is not None and not (node.is_comment_node and node.comment_content == "/$"):
        shown.append(node)
        node = node.next
    if node is not None and "B:" in (place.id or ""):
        for waiting in shown:
            waiting.decompose()
    place.decompose()
