"""One look over a parsed page, from which every metadata source reads.

The sources share what they need (meta tags by name, elements marked by attributes, the lines of
text around the headline), so it is gathered once here: one pass over the elements' attributes and
one over some hundred tokens. A source is therefore `read(view) -> Iterable[Claim]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Final
from urllib.parse import urljoin, urlsplit

from scrubber.extract.tree import INLINE, Tree, squeeze

_LINES_BEFORE: Final = 25
_LINES_AFTER: Final = 40
_TOKENS_BEFORE: Final = 400  # tokens read above the headline at most
_TOKENS_AROUND: Final = 900  # and below it
_MAX_MARKED: Final = 400  # elements of one mark; a page with more is a list of other pages
_MAX_LINE: Final = 400  # characters

_AUTHOR_NEEDLES: Final = (  # in class names, lower case
    "author", "byline", "writer", "contributor", "creator", "autor", "auteur", "posted", "written",
)  # fmt: skip
_META_NEEDLES: Final = ("meta", "dateline", "postinfo", "post-info", "entry-info", "submitted")
_DATE_NEEDLES: Final = ("date", "publi", "posted", "time", "fecha", "datum")
_FOREIGN: Final = re.compile(
    r"comment|respond|discuss|disqus|related|recommend|sidebar|side-bar|widget|popular|trending"
    r"|recent|latest|teaser|carousel|slider|newsletter|promo|read-next|readnext|more-from|also-like"
    r"|footer|nav|menu|breadcrumb|cookie|advert|modal|popup|kommentar|comentario|commentaire"
    r"|previous|next-post|suggest|further|upnext|up-next|you-may",
    re.I,
)
_FOREIGN_TAGS: Final = frozenset({"nav", "aside", "footer"})
_ELSEWHERE: Final = re.compile(
    r"(?:^|[\s_-])(?:comments?|commentlist|respond|disqus|kommentare?|comentarios?|commentaires?)"
    r"(?:$|[\s_-](?!count|link|off|closed|open))"
    r"|related|recommend|popular|trending|teaser|carousel|read-?next|more-from|also-like|up-?next",
    re.I,
)
_NOT_FOREIGN: Final = re.compile(
    r"^(?:has|with|no|without)-|comments?-?(?:count|link|off|closed|open)|elementor|^wp-block-widget"
    r"|^(?:entry|post|article|content|header|page)[-_]{1,2}(?:footer|nav)|^wpb_|^et_pb_|sidebar-wrap"
)


@lru_cache(maxsize=4096)
def _names_foreign(names: str) -> bool:
    return any(_FOREIGN.search(word) and not _NOT_FOREIGN.search(word) for word in names.split())


_KNOWN_MARKS: Final[dict[str | None, int]] = {}
_MAX_KNOWN: Final = 20_000


def _mark_of(names: str | None) -> int:
    """What class names promise, as bits: 1 an author, 2 a date, 4 facts about the article.

    Remembered across pages, since sites and publishing systems repeat theirs.
    """
    mark = _KNOWN_MARKS.get(names)
    if mark is None:
        lower = (names or "").lower()
        author = any(needle in lower for needle in _AUTHOR_NEEDLES)
        mark = author + 2 * any(needle in lower for needle in _DATE_NEEDLES)
        mark += 4 * any(needle in lower for needle in _META_NEEDLES)
        if len(_KNOWN_MARKS) >= _MAX_KNOWN:
            _KNOWN_MARKS.clear()
        _KNOWN_MARKS[names] = mark
    return mark


@dataclass(frozen=True, slots=True)
class Line:
    """One visible line: text that no block boundary interrupts.

    element: the block around it. distance: lines from the headline, negative above it.
    """

    text: str
    element: int
    distance: int


@dataclass(frozen=True, slots=True)
class Marked:
    """Numbers of elements that an attribute marks, in document order."""

    itemprop: list[int]
    rdfa: list[int]
    rel_author: list[int]
    author_links: list[int]
    classed: list[int]


_AUTHOR_PATH: Final = re.compile(
    r"/(?:authors?|autor(?:en)?|auteurs?|contributors?|profiles?|people|staff|writers?|byline|by"
    r"|columnists?|journalists?|reporters?|bio|experts?|editors|users?|member|team|redaktion"
    r"|avtor|author-bio)s?/[^/?#]+/?|[?&]author="
)


class View:
    """A page as the metadata sources see it."""

    def __init__(
        self,
        tree: Tree,
        url: str | None = None,
        fetched_at: datetime | None = None,
        html: str | None = None,
    ) -> None:
        # html: the page's source; only searched for words that make a look at all elements worth it
        self._has_microdata = html is None or "itemprop" in html or "property=" in html
        self.tree = tree
        self.url = url if url and "://" in url else None
        self.fetched_at = fetched_at

    @cached_property
    def metas(self) -> Mapping[str, list[str]]:
        """`<meta>` contents by lower-cased name or property, in page order; no empty ones."""
        found: dict[str, list[str]] = {}
        for number in self.tree.find("meta")[:_MAX_MARKED]:
            attrs = self.tree.attrs[number]
            content = squeeze(attrs.get("content") or "")
            if not content:
                continue
            for attribute in ("name", "property", "http-equiv"):
                for key in (attrs.get(attribute) or "").lower().split():
                    found.setdefault(key, []).append(content)
        return found

    def meta(self, *names: str) -> str | None:
        """The first content of the first of these names that the page has."""
        for name in names:
            if name in self.metas:
                return self.metas[name][0]
        return None

    @cached_property
    def links(self) -> Mapping[str, list[int]]:
        """`<link>` elements by each of their rel words."""
        found: dict[str, list[int]] = {}
        for number in self.tree.find("link")[:_MAX_MARKED]:
            for rel in (self.tree.attrs[number].get("rel") or "").lower().split():
                found.setdefault(rel, []).append(number)
        return found

    @cached_property
    def title_tag(self) -> str:
        """The text of the first `<title>`."""
        for number in self.tree.find("title"):
            text = self.tree.text(number) or squeeze(self.tree.raw_text(number))
            if text:
                return text
        return ""

    @cached_property
    def canonical(self) -> str | None:
        """What the page calls itself in `<link rel=canonical>`, absolute."""
        for number in self.links.get("canonical", ()):
            address = self.absolute(self.tree.attr(number, "href"))
            if address:
                return address
        return None

    @cached_property
    def language(self) -> str:
        """The page's declared language, as written in `<html lang>` or its like; may be empty.

        English of British and other Commonwealth addresses that declare plain `en` is told from
        American by the host, because the order of day and month hangs on it.
        """
        html = self.tree.find("html")
        declared = (
            self.tree.attr(html[0], "lang") or self.tree.attr(html[0], "xml:lang") if html else ""
        )
        declared = declared or self.meta("content-language", "og:locale", "language") or ""
        language = declared.replace("_", "-").lower() or _LANGUAGE_OF.get(self.host[-3:], "")
        if language in {"en", "en-us"} and self.host.endswith(_COMMONWEALTH):
            return "en-gb"
        return language

    @cached_property
    def jsonld_texts(self) -> list[str]:
        """What the JSON-LD scripts hold."""
        return [
            self.tree.raw_text(number)
            for number in self.tree.find("script")
            if "ld+json" in (self.tree.attrs[number].get("type") or "").lower()
        ]

    @property
    def host(self) -> str:
        """The page's host without `www.`, lower case; empty where the URL is unknown."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.") if self.url else ""

    def absolute(self, link: str) -> str | None:
        """A link made absolute; `None` for what is no web address."""
        try:
            joined = urljoin(self.url or "", link.strip())
        except ValueError:
            return None
        return joined if joined.startswith(("http://", "https://")) else None

    # ---- marked elements -----------------------------------------------------------------------

    def mark(self, number: int) -> int:
        """What an element's class promises, as bits: 1 an author, 2 a date, 4 such facts."""
        return _mark_of(self.tree.attrs[number].get("class"))

    @cached_property
    def marked(self) -> Marked:
        """Elements marked by itemprop, RDFa, rel=author, author links or telling class names."""
        found = Marked([], [], [], [], [])
        tags, known = self.tree.tags, _KNOWN_MARKS
        for number, attrs in enumerate(self.tree.attrs):
            if "class" in attrs:
                name = attrs["class"]
                mark = known.get(name)
                if mark or (mark is None and _mark_of(name)):
                    found.classed.append(number)
        if self._has_microdata:
            for number, attrs in enumerate(self.tree.attrs):
                if "itemprop" in attrs:
                    found.itemprop.append(number)
                elif "property" in attrs and tags[number] != "meta":
                    found.rdfa.append(number)
        for number in self.tree.find("a"):
            attrs = self.tree.attrs[number]
            if "author" in (attrs.get("rel") or ""):
                found.rel_author.append(number)
            elif _AUTHOR_PATH.search(attrs.get("href") or ""):
                found.author_links.append(number)
        return found

    def is_foreign(self, number: int) -> bool:
        """Whether an element stands among comments, related items, navigation or asides."""
        seen, parents, around = self._foreign, self.tree.parents, self._around_headline
        climbed = []
        answer = False
        while number >= 0 and number not in around:
            known = seen.get(number)
            if known is not None:
                answer = known
                break
            climbed.append(number)
            if self._is_foreign_itself(number):
                answer = True
                break
            number = parents[number]
        seen.update(dict.fromkeys(climbed, answer))
        return answer

    def is_elsewhere(self, number: int) -> bool:
        """Whether an element stands among comments or in a list of other pages."""
        for above in (number, *self.tree.ancestors(number)):
            if above in self._around_headline:
                return False
            own = self.tree.attrs[above]
            if own and _ELSEWHERE.search(f"{own.get('class') or ''} {own.get('id') or ''}"):
                return True
        return False

    def words_before(self, number: int) -> str:
        """The end of the text just before an element, at most 40 characters of it."""
        stop = self.tree.opens[number]
        for token in reversed(self.tree.tokens[max(0, stop - 10) : stop]):
            if isinstance(token, str) and token.strip():
                return squeeze(token)[-40:]
        return ""

    def _is_foreign_itself(self, number: int) -> bool:
        if self.tree.tags[number] in _FOREIGN_TAGS:
            return True
        attrs = self.tree.attrs[number]
        return bool(attrs) and (
            _names_foreign(attrs.get("class") or "") or _names_foreign(attrs.get("id") or "")
        )

    @cached_property
    def _foreign(self) -> dict[int, bool]:
        return {}

    @cached_property
    def _around_headline(self) -> frozenset[int]:
        """What holds the headline is not foreign, whatever its class says."""
        if self.headline is None:
            return frozenset(self.tree.find("body", "main", "html"))
        return frozenset(self.tree.ancestors(self.headline))

    # ---- the headline and the lines around it ---------------------------------------------------

    @cached_property
    def headline(self) -> int | None:
        """The number of the heading that is the page's headline: see `headings.find_headline`."""
        from scrubber.extract.metadata.headings import find_headline

        return find_headline(self)

    @cached_property
    def lines(self) -> list[Line]:
        """Visible lines around the headline, in reading order, without the headline's own."""
        tree = self.tree
        if self.headline is None:
            body = tree.find("body")
            start = tree.opens[body[0]] if body else 0
            return [
                Line(text, element, distance)
                for distance, (text, element) in enumerate(
                    _take(self._cut(start, start + _TOKENS_AROUND), _LINES_AFTER), start=1
                )
            ]
        opens, closes = tree.opens[self.headline], tree.closes[self.headline]
        before = list(self._cut(max(0, opens - _TOKENS_BEFORE), opens))[-_LINES_BEFORE:]
        after = _take(self._cut(closes, closes + _TOKENS_AROUND), _LINES_AFTER)
        return [
            Line(text, element, place - len(before)) for place, (text, element) in enumerate(before)
        ] + [Line(text, element, place) for place, (text, element) in enumerate(after, start=1)]

    def _cut(self, start: int, stop: int) -> Iterator[tuple[str, int]]:
        """Lines of a slice of tokens with the element that holds each."""
        tree, tags = self.tree, self.tree.tags
        parts: list[str] = []
        here = 0
        for token in tree.tokens[start:stop]:
            if isinstance(token, str):
                if token.strip():
                    parts.append(token)
                continue
            number = token if token >= 0 else ~token
            if tags[number] in INLINE:
                parts.append(" " if tags[number] in _PARTING else "")
                if parts and tags[number] in {"a", "time"}:
                    here = here or number
                continue
            text = squeeze("".join(parts))
            if text:
                yield text[:_MAX_LINE], (number if token < 0 else tree.parents[number])
            parts.clear()

    def first_line_in(self, number: int) -> str:
        """The first line inside an element that holds other blocks; empty where it holds none."""
        tags = self.tree.tags
        if all(tags[inner] in INLINE for inner in self.tree.within(number)):
            return ""
        tree = self.tree
        return next((text for text, _ in self._cut(tree.opens[number], tree.closes[number])), "")

    @cached_property
    def line_of(self) -> Mapping[int, int]:
        """Distance from the headline of elements near it: of those that open among `lines`."""
        if self.headline is None:
            return {}
        tree = self.tree
        opens, closes = tree.opens[self.headline], tree.closes[self.headline]
        found: dict[int, int] = {}
        for start, stop in (
            (max(0, opens - _TOKENS_BEFORE), opens),
            (closes, closes + _TOKENS_AROUND),
        ):
            for place, token in enumerate(tree.tokens[start:stop]):
                if not isinstance(token, str) and token >= 0:
                    found[token] = start + place - (opens if start < opens else closes)
        return found


_PARTING: Final = frozenset(
    {"a", "span", "time", "small", "b", "strong", "em", "i", "cite", "noscript"}
)
_COMMONWEALTH: Final = (".uk", ".au", ".nz", ".ie", ".in", ".za", ".sg", ".hk", ".my", ".ng", ".ke")


_LANGUAGE_OF: Final = {  # where nothing is declared: what a country's addresses mostly speak
    f".{place}": language
    for language, places in {
        "de": "de at",
        "fr": "fr",
        "es": "es mx ar cl",
        "it": "it",
        "pt": "pt br",
        "nl": "nl",
        "pl": "pl",
        "cs": "cz",
        "sk": "sk",
        "hu": "hu",
        "ro": "ro",
        "ru": "ru",
        "uk": "ua",
        "bg": "bg",
        "el": "gr",
        "tr": "tr",
        "sv": "se",
        "no": "no",
        "da": "dk",
        "fi": "fi",
        "et": "ee",
        "lv": "lv",
        "lt": "lt",
        "sl": "si",
        "hr": "hr",
        "sr": "rs",
        "ja": "jp",
        "zh": "cn tw",
        "ko": "kr",
        "vi": "vn",
        "th": "th",
        "id": "id",
        "fa": "ir",
        "he": "il",
        "en-us": "us",
        "en-gb": "uk au nz ie",
    }.items()
    for place in places.split()
}


def _take(lines: Iterator[tuple[str, int]], count: int) -> list[tuple[str, int]]:
    taken: list[tuple[str, int]] = []
    for line in lines:
        taken.append(line)
        if len(taken) >= count:
            break
    return taken
