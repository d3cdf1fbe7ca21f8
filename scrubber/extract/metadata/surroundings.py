"""Where an element stands: in the article, or among comments, related items and navigation.

    foreign     inside something that is named, or is, no part of an article
    elsewhere   stricter: among comments, or in a list of other pages

What holds the headline is neither, whatever its class says. Names are judged once a start tag.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from scrubber.extract.metadata.patterns import one_of
from scrubber.extract.tree import Tree

_FOREIGN: Final = (  # in lower case
    "comment", "respond", "discuss", "disqus", "related", "recommend", "sidebar", "side-bar",
    "widget", "popular", "trending", "recent", "latest", "teaser", "carousel", "slider",
    "newsletter", "promo", "read-next", "readnext", "more-from", "also-like", "footer", "nav",
    "menu", "breadcrumb", "cookie", "advert", "modal", "popup", "kommentar", "comentario",
    "previous", "next-post", "suggest", "further", "upnext", "up-next", "you-may",
)  # fmt: skip
_SIGN: Final = re.compile(one_of(_FOREIGN))
_ELSEWHERE: Final = re.compile(  # in lower case
    r"(?:^|[\s_-])(?:comments?|commentlist|respond|disqus|kommentare?|comentarios?|commentaires?)"
    r"(?:$|[\s_-](?!count|link|off|closed|open))"
    r"|related|recommend|popular|trending|teaser|carousel|read-?next|more-from|also-like|up-?next"
)
_NOT_FOREIGN: Final = re.compile(
    r"^(?:has|with|no|without)-|comments?-?(?:count|link|off|closed|open)|elementor|^wp-block-widget"
    r"|^(?:entry|post|article|content|header|item|news|page|story)[-_]{1,2}(?:footer|nav)|^wpb_|^et_pb_|sidebar-wrap"
)


FOREIGN, ELSEWHERE, _FOOTER = 1, 2, 4  # what an element or its names are, as bits
_FOREIGN_TAGS: Final = {"nav": FOREIGN, "aside": FOREIGN, "footer": _FOOTER}


@lru_cache(maxsize=4096)
def _judge(names: str) -> int:
    """What classes and an id, apart by spaces, name, as bits; each sign of ELSEWHERE is of both."""
    lower = names.lower()
    if _SIGN.search(lower) is None:
        return 0
    foreign = any(
        _SIGN.search(word.lower()) and not _NOT_FOREIGN.search(word) for word in names.split()
    )
    return FOREIGN * foreign | ELSEWHERE * (_ELSEWHERE.search(lower) is not None)


class Surroundings:
    """What stands around a tree's elements; `holders` are the elements around the headline."""

    def __init__(self, tree: Tree, holders: frozenset[int]) -> None:
        self._tree = tree
        self._known = dict.fromkeys(holders, 0)  # bits by element, since neighbours share them
        self._known[-1] = 0
        self._kinds: dict[int, int] = {}

    def is_foreign(self, number: int) -> bool:
        """Whether an element stands among comments, related items, navigation or asides."""
        return self._look_around(number) & FOREIGN > 0

    def is_elsewhere(self, number: int) -> bool:
        """Whether an element stands among comments or in a list of other pages."""
        return self._look_around(number) & ELSEWHERE > 0

    def _look_around(self, number: int) -> int:
        """What an element or one around it, below the headline's holders, is, as bits."""
        known, parents = self._known, self._tree.parents
        climbed = []
        while (bits := known.get(number)) is None:
            climbed.append(number)
            number = parents[number]
        for inner in reversed(climbed):
            bits |= self._look_at(inner)
            known[inner] = bits
        return bits

    def _look_at(self, number: int) -> int:
        """What an element itself is."""
        kind = self._tree.kinds[number]
        bits = self._kinds.get(kind)
        if bits is None:
            bits = self._kinds[kind] = self._look_at_kind(kind)
        if bits & _FOOTER:
            return bits & ~_FOOTER | FOREIGN * (not self._ends_article(number))
        return bits

    def _look_at_kind(self, kind: int) -> int:
        tag, attrs = self._tree.start_tags[kind]
        bits = _FOREIGN_TAGS.get(tag, 0)
        if attrs and (names := f"{attrs.get('class') or ''} {attrs.get('id') or ''}") != " ":
            bits |= _judge(names)
        return bits

    def _ends_article(self, number: int) -> bool:
        """Whether a footer is the article's own: publishing systems put its byline there."""
        return any(self._tree.tags[above] == "article" for above in self._tree.ancestors(number))
