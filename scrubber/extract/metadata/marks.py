"""What start tags promise: elements marked by class names, microdata, RDFa, rel and addresses.

A page repeats few start tags and fewer class names, so each is judged once, and the elements are
found by the numbers of their start tags (`tree.kinds`).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, compress, count
from typing import Final

from scrubber.extract.tree import Tree

AUTHOR, DATE, FACTS, TRAIL = 1, 2, 4, 8  # what class names promise, as bits
_PROMISES: Final = {
    AUTHOR: "author byline writer contributor creator autor auteur posted written forfatter"
    " kirjoittaja penulis redaktor schrijver skribent szerzo tacgia yazar zuozhe",
    DATE: "date publi posted time fecha datum julkais tarih",
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
_AUTHOR_PATH: Final = re.compile(  # of addresses with a NUL between them
    r"/(?:a(?:uthors?|utor(?:en)?|uteurs?|vtor|uthor-bio)|p(?:rofiles?|eople)|s(?:taff)"
    r"|c(?:ontributors?|olumnists?)|writers?|b(?:yline|y|io)|journalists?|re(?:porters?|daktion)"
    r"|e(?:xperts?|ditors)|u(?:sers?)?|member|team)s?/[^/?#\0]"
)
_AUTHOR_QUERY: Final = re.compile(r"[?&]author=|mode=viewprofile")


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


def judge_classes(classes: Sequence[str]) -> dict[str, int]:
    """What each of the page's class attributes promises, as bits; only those that promise some."""
    promises: dict[str, int] = {}
    for place, word in _find_words(classes, _WORDS):
        promises[classes[place]] = promises.get(classes[place], 0) | _WORDS[word]
    return promises


def find_marked(tree: Tree) -> Marked:
    """Elements marked by itemprop, RDFa, rel=author, author links or telling class names."""
    by_class: defaultdict[str, list[int]] = defaultdict(list)  # to numbers of its start tags
    lists: defaultdict[int, list[list[int]]] = defaultdict(list)  # where a start tag's elements go
    links: dict[int, str] = {}  # numbers of start tags -> addresses
    named: dict[int, str] = {}  # numbers of start tags that may open a trail -> ids
    found = Marked()
    for kind, (tag, attrs) in enumerate(tree.start_tags):
        if not attrs:
            continue
        if names := attrs.get("class"):
            by_class[names].append(kind)
        if "itemprop" in attrs:
            lists[kind].append(found.itemprop)
        elif "property" in attrs and tag != "meta":
            lists[kind].append(found.rdfa)
        if tag == "a":
            rel = attrs.get("rel")
            if rel and ("author" in rel or "tag" in rel):
                lists[kind].append(found.rel_author if "author" in rel else found.tag_links)
            elif href := attrs.get("href"):
                links[kind] = href
        elif "id" in attrs and tag in _TRAILS:
            named[kind] = attrs["id"] or ""
    for kind in _author_links(links):
        lists[kind].append(found.author_links)
    found.promises.update(judge_classes(list(by_class)))
    for names, promise in found.promises.items():
        for kind in by_class[names]:
            if promise & ~TRAIL:
                lists[kind].append(found.classed)
            elif tree.start_tags[kind][0] in _TRAILS:
                lists[kind].append(found.breadcrumbs)
    for kind in _trails_by_id(tree, named):
        lists[kind].append(found.breadcrumbs)
    for number in compress(count(), map(lists.__contains__, tree.kinds)):
        for members in lists[tree.kinds[number]]:
            members.append(number)
    return found


def _find_words(texts: Collection[str], words: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The place of each text that holds a word, whatever its case, and that word.

    All texts are searched as one, since few of them hold any of the words.
    """
    whole = "\0".join(texts).lower()  # no attribute holds a NUL: parsers replace it
    stops: list[int] = []
    for word in words:
        at = whole.find(word)
        if at >= 0 and not stops:
            stops = _stops(whole.split("\0"))
        while at >= 0:
            place = bisect_right(stops, at)
            yield place, word
            at = whole.find(word, stops[place])


def _author_links(addresses: Mapping[int, str]) -> set[int]:
    """Start tags of the addresses that are a writer's page."""
    whole = "\0".join(addresses.values())
    places = [match.start() for match in _AUTHOR_PATH.finditer(whole)]
    if "author=" in whole or "mode=viewprofile" in whole:
        places += [match.start() for match in _AUTHOR_QUERY.finditer(whole)]
    kinds, stops = list(addresses), _stops(addresses.values()) if places else ()
    return {kinds[bisect_right(stops, place)] for place in places}


def _stops(texts: Iterable[str]) -> list[int]:
    """Where each text ends when all are joined with one character between them."""
    return list(accumulate(len(text) + 1 for text in texts))


def _trails_by_id(tree: Tree, identities: Mapping[int, str]) -> set[int]:
    """Start tags that an id alone calls a breadcrumb; the class would have told before."""
    kinds = list(identities)
    return {
        kinds[place]
        for place, word in _find_words(identities.values(), _TRAIL_WORDS)
        if word not in (tree.start_tags[kinds[place]][1].get("class") or "").lower()
    }
