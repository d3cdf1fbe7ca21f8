"""Pages that React sends in pieces, put together as its scripts would.

What is ready late comes at the end of the page, as `<div hidden id="S:1f">`, and a script moves it
to where `<template id="B:1f">` (of a part that showed a placeholder until the comment `/$`) or
`<template id="P:1f">` (of a part inside another piece) keeps its place. One page in fifty of WCXB
is sent so; some hold their whole text in such pieces.
"""

from __future__ import annotations

from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

_MARK: Final = ' id="S:'
_MAX_PIECES: Final = 300  # each is looked for in the whole document


def is_streamed(html: str) -> bool:
    return _MARK in html


def put_together(document: LexborHTMLParser) -> None:
    """Move each piece to its place; one that has none is shown where it stands."""
    for piece in document.css('div[hidden][id^="S:"]')[:_MAX_PIECES]:
        number = (piece.id or "")[2:]
        place = _place(document, number)
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


def _place(document: LexborHTMLParser, number: str) -> LexborNode | None:
    if not number.isalnum():
        return None
    return document.css_first(f'template[id="B:{number}"], template[id="P:{number}"]')


def _drop_placeholder(place: LexborNode) -> None:
    """Take the template out, and what was shown in its part until the piece came."""
    shown: list[LexborNode] = []
    node = place.next
    while node is not None and not (node.is_comment_node and node.comment_content == "/$"):
        shown.append(node)
        node = node.next
    if node is not None and (place.id or "").startswith("B:"):
        for waiting in shown:
            waiting.decompose()
    place.decompose()
