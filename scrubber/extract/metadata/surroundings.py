"""Where an element stands: in the article, or among comments, related items and navigation.

    foreign     inside something that is named, or is, no part of an article
    elsewhere   stricter: among comments, or in a list of other pages

What holds the headline is neither, whatever its class says. Names are judged once a start tag.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from scrubber.extract.tree import Tree

_FOREIGN: Final = (  # in lower case; looking for each costs less here than one pattern of all
    "comment", "respond", "discuss", "disqus", "related", "recommend", "sidebar", "side-bar",
    "widget", "popular", "trending", "recent", "latest", "teaser", "carousel", "slider",
    "newsletter", "promo", "read-next", "readnext", "more-from", "also-like", "footer", "nav",
    "menu", "breadcrumb", "cookie", "advert", "modal", "popup", "kommentar", "comentario",
    "previous", "next-post", "suggest", "further", "upnext", "up-next", "you-may",
)  # fmt: skip
_FOREIGN_TAGS: Final = frozenset({"nav", "aside", "footer"})
_ELSEWHERE: Final = re.compile(  # in lower case
    r"(?:^|[\s_-])(?:comments?|commentlist|respond|disqus|kommentare?|comentarios?|commentaires?)"
    r"(?:$|[\s_-](?!count|link|off|closed|open))"
    r"|related|recommend|popular|trending|teaser|carousel|read-?next|more-from|also-like|up-?next"
)
_NOT_FOREIGN: Final = re.compile(
    r"^(?:has|with|no|without)-|comments?-?(?:count|link|off|closed|open)|elementor|^wp-block-widget"
    r"|^(?:entry|post|article|content|header|item|news|page|story)[-_]{1,2}(?:footer|nav)|^wpb_|^et_pb_|sidebar-wrap"
)


@lru_cache(maxsize=4096)
def _names_foreign(names: str) -> bool:
    lower = names.lower()
    present = [sign for sign in _FOREIGN if sign in lower]
    return bool(present) and any(
        any(sign in word.lower() for sign in present) and not _NOT_FOREIGN.search(word)
        for word in names.split()
    )


@lru_cache(maxsize=4096)
def _names_elsewhere(names: str) -> bool:
    return _ELSEWHERE.search(names.lower()) is not None


class Surroundings:
    """What stands around a tree's elements; `holders` are the elements around the headline."""

    def __init__(self, tree: Tree, holders: frozenset[int]) -> None:
        self._tree = tree
        self._holders = holders
        self._foreign: dict[int, bool] = {}
        self._foreign_kinds: dict[int, bool] = {}
        self._elsewhere: dict[int, bool] = {}
        self._elsewhere_kinds: dict[int, bool] = {}

    def is_foreign(self, number: int) -> bool:
        """Whether an element stands among comments, related items, navigation or asides."""
        return self._is_inside(number, self._foreign, self._is_foreign_itself)

    def is_elsewhere(self, number: int) -> bool:
        """Whether an element stands among comments or in a list of other pages."""
        return self._is_inside(number, self._elsewhere, self._is_itself_elsewhere)

    def _is_inside(
        self, number: int, seen: dict[int, bool], is_such: Callable[[int], bool]
    ) -> bool:
        """Whether an element or one around it, below the headline's holders, is such a one.

        seen: the answers so far, since neighbours share what is around them.
        """
        parents, holders = self._tree.parents, self._holders
        climbed = []
        answer = False
        while number >= 0 and number not in holders:
            known = seen.get(number)
            if known is not None:
                answer = known
                break
            climbed.append(number)
            if is_such(number):
                answer = True
                break
            number = parents[number]
        seen.update(dict.fromkeys(climbed, answer))
        return answer

    def _is_itself_elsewhere(self, number: int) -> bool:
        kind = self._tree.kinds[number]
        answer = self._elsewhere_kinds.get(kind)
        if answer is None:
            answer = self._elsewhere_kinds[kind] = self._is_kind_elsewhere(kind)
        return answer

    def _is_foreign_itself(self, number: int) -> bool:
        kind = self._tree.kinds[number]
        answer = self._foreign_kinds.get(kind)
        if answer is None:
            answer = self._foreign_kinds[kind] = self._is_kind_foreign(kind)
        if answer and self._tree.tags[number] == "footer" and self._ends_article(number):
            return self._has_foreign_names(kind)
        return answer

    def _is_kind_foreign(self, kind: int) -> bool:
        return self._tree.start_tags[kind][0] in _FOREIGN_TAGS or self._has_foreign_names(kind)

    def _has_foreign_names(self, kind: int) -> bool:
        attrs = self._tree.start_tags[kind][1]
        return bool(attrs) and (
            _names_foreign(attrs.get("class") or "") or _names_foreign(attrs.get("id") or "")
        )

    def _is_kind_elsewhere(self, kind: int) -> bool:
        attrs = self._tree.start_tags[kind][1]
        own = f"{attrs.get('class') or ''} {attrs.get('id') or ''}" if attrs else ""
        return len(own) > 1 and _names_elsewhere(own)

    def _ends_article(self, number: int) -> bool:
        """Whether a footer is the article's own: publishing systems put its byline there."""
        return any(self._tree.tags[above] == "article" for above in self._tree.ancestors(number))
