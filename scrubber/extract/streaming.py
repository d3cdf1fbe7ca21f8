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
_PLACE: Final = re.compile(r"([\w-]*)([BP]):([0-9a-f]+)")
_MAX_PIECES: Final = 300


def find_pieces(document: LexborHTMLParser) -> Pieces | None:
    """The pieces of a page that was sent so; `None` for any other."""
    nodes = document.css('div[hidden][id*="S:"]')[:_MAX_PIECES]
    named = [
        (node, (name[1], name[2])) for node in nodes if (name := _PIECE.fullmatch(node.id or ""))
    ]
    return Pieces(document, named) if named else None


class Pieces:
    """Says during the walk over the tree what stands where; the document stays as it is."""

    def __init__(
        self, document: LexborHTMLParser, named: list[tuple[LexborNode, tuple[str, str]]]
    ) -> None:
        self._names = {node.mem_id: name for node, name in named}
        self._waiting = {name: node for node, name in reversed(named)}  # the first of a name
        found = (_PLACE.fullmatch(node.id or "") for node in document.css("template[id]"))
        self._places = {(place[1], place[3]) for place in found if place}

    def stand(self, node: LexborNode, tag: str) -> tuple[LexborNode | None, LexborNode]:
        """The element that stands here, `None` for a piece that stands elsewhere; and the node
        behind which the page goes on. Each piece stands in one place, so none is inside itself.
        """
        if tag == "template" and (place := _PLACE.fullmatch(node.id or "")):
            piece = self._waiting.pop((place[1], place[3]), None)
            if piece is not None:
                return piece, _placeholder_end(node) if place[2] == "B" else node
        elif tag == "div" and self._names.get(node.mem_id) in self._places:
            return None, node
        return node, node

    def attributes(self, node: LexborNode) -> dict[str, str | None]:
        """Without what hides a piece."""
        if node.mem_id not in self._names:
            return node.attributes
        return {key: value for key, value in node.attributes.items() if key not in ("hidden", "id")}


def _placeholder_end(place: LexborNode) -> LexborNode:
    """The comment that ends what is shown until the piece comes; the template where none does."""
    node = place.next
    while node is not None and not (node.is_comment_node and node.comment_content == "/$"):
        node = node.next
    return node or place
