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
from itertools import islice
from typing import Final
from urllib.parse import urljoin, urlsplit

from scrubber.extract.metadata.titles import site_in_title, squash, tidy
from scrubber.extract.tree import INLINE, Tree, squeeze

_LINES_BEFORE: Final = 12
_LINES_AFTER: Final = 20
_TOKENS_BEFORE: Final = 400  # tokens read above the headline at most
_TOKENS_AROUND: Final = 900  # and below it
_MAX_MARKED: Final = 400  # elements of one mark; a page with more is a list of other pages
_MAX_LINE: Final = 400  # characters

_AUTHOR_CLASS: Final = re.compile(
    "author|byline|writer|contributor|creator|autor|auteur|posted|written"
)
_DATE_CLASS: Final = re.compile("date|publi|posted|time|fecha|datum")
_META_CLASS: Final = re.compile("meta|dateline|postinfo|post-info|entry-info|submitted")
_TRAIL_CLASS: Final = re.compile("breadcrumb|crumb|pathway")
_TRAILS: Final = frozenset({"nav", "ol", "ul", "div", "p", "section", "header"})
_ANY_CLASS: Final = re.compile(
    "|".join(p.pattern for p in (_AUTHOR_CLASS, _DATE_CLASS, _META_CLASS, _TRAIL_CLASS))
)
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


@lru_cache(maxsize=4096)
def _names_elsewhere(names: str, own_id: str) -> bool:
    return _ELSEWHERE.search(f"{names} {own_id}") is not None


_KNOWN_MARKS: Final[dict[str | None, int]] = {}
_MAX_KNOWN: Final = 20_000


def _mark_of(names: str | None) -> int:
    """What class names promise, as bits: 1 an author, 2 a date, 4 facts about the article; else 8
    a breadcrumb.

    Remembered across pages, since sites and publishing systems repeat theirs.
    """
    mark = _KNOWN_MARKS.get(names)
    if mark is None:
        lower = (names or "").lower()
        mark = 0
        if _ANY_CLASS.search(lower):
            mark = bool(_AUTHOR_CLASS.search(lower)) + 2 * bool(_DATE_CLASS.search(lower))
            mark += 4 * bool(_META_CLASS.search(lower))
            mark = mark or 8 * bool(_TRAIL_CLASS.search(lower))
        if len(_KNOWN_MARKS) >= _MAX_KNOWN:
            _KNOWN_MARKS.clear()
        _KNOWN_MARKS[names] = mark
    return mark


@dataclass(frozen=True, slots=True)
class Line:
    """One visible line: text that no block boundary interrupts.

    element: the block around it. distance: lines from the headline, negative above it. links: the
    elements of the links in it.
    """

    text: str
    element: int
    distance: int
    links: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """Numbers of elements that an attribute marks, in document order."""

    itemprop: list[int]
    rdfa: list[int]
    rel_author: list[int]
    author_links: list[int]
    classed: list[int]
    tag_links: list[int]
    breadcrumbs: list[int]


_AUTHOR_PATH: Final = re.compile(
    r"/(?:authors?|autor(?:en)?|auteurs?|contributors?|profiles?|people|staff|writers?|byline|by"
    r"|columnists?|journalists?|reporters?|bio|experts?|editors|users?|u|member|team|redaktion"
    r"|avtor|author-bio)s?/[^/?#]+/?|[?&]author=|mode=viewprofile"
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

    def may_say(self, *words: str) -> bool:
        """Whether the page's text holds one of these words, in one piece."""
        return any(word in self.said for word in words)

    @cached_property
    def said(self) -> str:
        """All text of the page: a fifth of its source, so searching it costs a fifth."""
        return "\n".join([token for token in self.tree.tokens if isinstance(token, str)])

    def may_say_in_jsonld(self, word: str) -> bool:
        """Whether a JSON-LD script holds the word."""
        return any(word in text for text in self.jsonld_texts)

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

    @cached_property
    def host(self) -> str:
        """The page's host without `www.`, lower case; empty where the URL is unknown."""
        return (urlsplit(self.url).hostname or "").removeprefix("www.") if self.url else ""

    @cached_property
    def logo_names(self) -> frozenset[str]:
        """The site's name, squashed: as told, as the host, as the title tag adds it."""
        card = self.meta("og:title")
        beside = site_in_title(self.title_tag, tidy(card)) if card else None
        names = (self.meta("og:site_name"), beside, self.host, self.host.split(".")[0])
        return frozenset(squash(name) for name in names if name)

    @cached_property
    def root(self) -> str:
        """The address of the site's home page without the closing slash; empty if unknown."""
        parts = urlsplit(self.url) if self.url else None
        return f"{parts.scheme}://{parts.netloc}" if parts else ""

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
        found = Marked([], [], [], [], [], [], [])
        tags, known = self.tree.tags, _KNOWN_MARKS
        microdata = self._has_microdata
        for number, attrs in enumerate(self.tree.attrs):
            if not attrs:
                continue
            if "class" in attrs:
                name = attrs["class"]
                mark = known.get(name)
                if mark is None:
                    mark = _mark_of(name)
                if mark & 7:
                    found.classed.append(number)
                elif mark and tags[number] in _TRAILS:
                    found.breadcrumbs.append(number)
            if microdata:
                if "itemprop" in attrs:
                    found.itemprop.append(number)
                elif "property" in attrs and tags[number] != "meta":
                    found.rdfa.append(number)
        for number in self.tree.find("a"):
            attrs = self.tree.attrs[number]
            rel = attrs.get("rel") or ""
            href = attrs.get("href") or ""
            if "author" in rel:
                found.rel_author.append(number)
            elif "tag" in rel:
                found.tag_links.append(number)
            elif _AUTHOR_PATH.search(href):
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
            if own and _names_elsewhere(own.get("class") or "", own.get("id") or ""):
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
        tag = self.tree.tags[number]
        if tag in _FOREIGN_TAGS and not (tag == "footer" and self._ends_article(number)):
            return True
        attrs = self.tree.attrs[number]
        return bool(attrs) and (
            _names_foreign(attrs.get("class") or "") or _names_foreign(attrs.get("id") or "")
        )

    def _ends_article(self, number: int) -> bool:
        """Whether a footer is the article's own: publishing systems put its byline there."""
        return any(self.tree.tags[above] == "article" for above in self.tree.ancestors(number))

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
            found = islice(self._cut(start, start + _TOKENS_AROUND), _LINES_AFTER)
            return [
                Line(text, element, distance, links)
                for distance, (text, element, links) in enumerate(found, start=1)
            ]
        opens, closes = tree.opens[self.headline], tree.closes[self.headline]
        before = list(self._cut(max(0, opens - _TOKENS_BEFORE), opens))[-_LINES_BEFORE:]
        after = islice(self._cut(closes, closes + _TOKENS_AROUND), _LINES_AFTER)
        return [
            Line(text, element, place - len(before), links)
            for place, (text, element, links) in enumerate(before)
        ] + [
            Line(text, element, place, links)
            for place, (text, element, links) in enumerate(after, start=1)
        ]

    def _cut(self, start: int, stop: int) -> Iterator[tuple[str, int, tuple[int, ...]]]:
        """Lines of a slice of tokens with the element that holds each and the links in it."""
        tree, tags = self.tree, self.tree.tags
        parts: list[str] = []
        links: list[int] = []
        for token in tree.tokens[start:stop]:
            if token.__class__ is str:
                parts.append(token)
                continue
            number: int = token if token >= 0 else ~token  # type: ignore[operator, assignment]
            tag = tags[number]
            if tag in INLINE:
                if tag in _PARTING:
                    parts.append(" ")
                if tag == "a" and token == number:
                    links.append(number)
                continue
            if parts:
                text = squeeze("".join(parts))
                if text:
                    element = number if token != number else tree.parents[number]
                    yield text[:_MAX_LINE], element, tuple(links)
                parts.clear()
            if links:
                links.clear()

    def first_line_in(self, number: int) -> str:
        """The first line inside an element that holds other blocks; empty where it holds none."""
        tags = self.tree.tags
        if all(tags[inner] in INLINE for inner in self.tree.within(number)):
            return ""
        tree = self.tree
        return next((line[0] for line in self._cut(tree.opens[number], tree.closes[number])), "")

    def distance(self, number: int) -> int | None:
        """Tokens from the headline to an element, negative above it; `None` where it is far."""
        if self.headline is None:
            return None
        place = self.tree.opens[number]
        before = place - self.tree.opens[self.headline]
        after = place - self.tree.closes[self.headline]
        if -_TOKENS_BEFORE <= before < 0:
            return before
        return after if 0 <= after < _TOKENS_AROUND else None


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
