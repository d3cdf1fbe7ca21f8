"""What start tags promise: elements marked by class names, microdata, RDFa, rel and addresses.

A page repeats few start tags and fewer class names, so each is judged once, and the elements are
found by the numbers of their start tags (`tree.kinds`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from scrubber.extract.tree import Tree

AUTHOR, DATE, FACTS, TRAIL = 1, 2, 4, 8  # what class names promise, as bits
_PROMISES: Final = {
    AUTHOR: "author byline writer contributor creator autor auteur posted written",
    DATE: "date publi posted time fecha datum",
    FACTS: "meta dateline postinfo post-info entry-info submitted",
    TRAIL: "crumb pathway topicpath topic-path pankuzu",  # the last three in Japan
}
_WORDS: Final = {
    word: sum(bit for bit, others in _PROMISES.items() if word in others.split())
    for words in _PROMISES.values()
    for word in words.split()
}
_TRAIL_WORDS: Final = _PROMISES[TRAIL].split()
_TRAILS: Final = frozenset({"nav", "ol", "ul", "div", "p", "section", "header"})
_AUTHOR_PATH: Final = re.compile(
    r"/(?:a(?:uthors?|utor(?:en)?|uteurs?|vtor|uthor-bio)|p(?:rofiles?|eople)|s(?:taff)"
    r"|c(?:ontributors?|olumnists?)|writers?|b(?:yline|y|io)|journalists?|re(?:porters?|daktion)"
    r"|e(?:xperts?|ditors)|u(?:sers?)?|member|team)s?/[^/?#]+/?|[?&]author=|mode=viewprofile"
)
_AUTHOR_WORDS: Final = (  # one of them stands in whatever the pattern finds
    "author", "autor", "auteur", "avtor", "profile", "people", "staff", "contributor",
    "columnist", "writer", "/by", "/bio", "journalist", "reporter", "redaktion", "expert",
    "editors", "user", "/u/", "/us/", "member", "team",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Marked:
    """Numbers of elements that an attribute marks, in document order.

    promises: what the page's class attributes promise, as bits; those without promise are not in.
    """

    promises: dict[str, int] = field(default_factory=dict)

    itemprop: list[int] = field(default_factory=list)
    rdfa: list[int] = field(default_factory=list)
    rel_author: list[int] = field(default_factory=list)
    author_links: list[int] = field(default_factory=list)
    classed: list[int] = field(default_factory=list)
    tag_links: list[int] = field(default_factory=list)
    breadcrumbs: list[int] = field(default_factory=list)


def judge_classes(classes: Collection[str]) -> dict[str, int]:
    """What each of the page's class attributes promises, as bits; those without promise left out.

    All are searched at once for the telling words, of which a page has few, then for those alone.
    """
    everything = "\0".join(classes).lower()  # no attribute holds a NUL: parsers replace it
    lowered = everything.split("\0")
    promises: dict[str, int] = {}
    for word, bits in _WORDS.items():
        if word not in everything:
            continue
        for names, lower in zip(classes, lowered, strict=True):
            if word in lower:
                promises[names] = promises.get(names, 0) | bits
    return promises


def find_marked(tree: Tree) -> Marked:
    """Elements marked by itemprop, RDFa, rel=author, author links or telling class names."""
    by_class: dict[str, list[int]] = {}  # class attribute -> numbers of its start tags
    lists: dict[int, list[list[int]]] = {}  # number of a start tag -> where its elements belong
    links: list[int] = []  # numbers of the links' start tags, and their addresses
    addresses: list[str] = []
    found = Marked()
    for kind, (tag, attrs) in enumerate(tree.start_tags):
        if not attrs:
            continue
        names = attrs.get("class")
        if names:
            by_class.setdefault(names, []).append(kind)
        if "itemprop" in attrs:
            lists[kind] = [found.itemprop]
        elif "property" in attrs and tag != "meta":
            lists[kind] = [found.rdfa]
        if "id" in attrs and tag in _TRAILS and _is_trail_by_id(attrs["id"], names):
            lists.setdefault(kind, []).append(found.breadcrumbs)
        if tag == "a":
            rel = attrs.get("rel")
            if rel and ("author" in rel or "tag" in rel):
                members = found.rel_author if "author" in rel else found.tag_links
                lists.setdefault(kind, []).append(members)
            elif href := attrs.get("href"):
                links.append(kind)
                addresses.append(href)
    for place in _author_links(addresses):
        lists.setdefault(links[place], []).append(found.author_links)
    found.promises.update(judge_classes(by_class))
    for names, promise in found.promises.items():
        for kind in by_class[names]:
            if promise & ~TRAIL:
                lists.setdefault(kind, []).append(found.classed)
            elif tree.start_tags[kind][0] in _TRAILS:
                lists.setdefault(kind, []).append(found.breadcrumbs)
    for number, kind in [pair for pair in enumerate(tree.kinds) if pair[1] in lists]:
        for members in lists[kind]:
            members.append(number)
    return found


def _author_links(addresses: Sequence[str]) -> list[int]:
    """Places of the addresses that are a writer's page.

    The pattern is tried where one of its words stands: looking for words is far quicker.
    """
    whole = "\n".join(addresses)
    words = [word for word in _AUTHOR_WORDS if word in whole]
    return [
        place
        for place, address in enumerate(addresses if words else ())
        if any(word in address for word in words) and _AUTHOR_PATH.search(address)
    ]


def _is_trail_by_id(identity: str | None, names: str | None) -> bool:
    """Whether an id alone calls the element a breadcrumb; the class would have told before."""
    own, others = (identity or "").lower(), (names or "").lower()
    return any(word in own and word not in others for word in _TRAIL_WORDS)
