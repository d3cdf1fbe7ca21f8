"""One look over a parsed page, from which every metadata source reads.

The sources share what they need (meta tags by name, elements marked by attributes, the lines of
text around the headline), so it is gathered once here: one pass over the elements' attributes and
one over some hundred tokens. A source is therefore `read(view) -> Iterable[Claim]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cached_property
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from scrubber.extract.metadata.marks import Marked, find_marked
from scrubber.extract.metadata.surroundings import Surroundings
from scrubber.extract.metadata.titles import site_in_title, squash, tidy
from scrubber.extract.tree import INLINE, Tree, squeeze
from scrubber.lexicon.labels import MAX_CHARS, find_label

_LINES_BEFORE: Final = 12
_LINES_AFTER: Final = 20
_TOKENS_BEFORE: Final = 400  # tokens read above the headline at most
_TOKENS_AROUND: Final = 900  # and below it
_TOKENS_OF_ARTICLE: Final = 8_000
_LINES_OF_FOOT: Final = 8
_LINES_OF_LEAD: Final = 40
_LONG_IN_LEAD: Final = 2  # long lines above which a line still belongs to the lead
_LONG: Final = 120  # bytes; scripts that need three for a letter say more with it
_SAMPLED: Final = 12  # texts that tell the page's language
_PROSE: Final = 600  # characters between a headline and the end of its article
_MAX_MARKED: Final = 400  # elements of one mark; a page with more is a list of other pages
_MAX_LINE: Final = 400  # characters
_SHORT: Final = 200  # characters
_MIN_HEADLINE: Final = 11  # characters of the title tag that stand nowhere by chance
_NO_HEADLINES: Final = frozenset({"title", "a", "option", "noscript"})


_EDGE: Final = "\x1f"  # white space that parts what elements set apart within a line
_Cut = tuple[str, int, tuple[int, ...], str]  # text, element, links, and the text with its edges


class Line(NamedTuple):
    """One visible line: text that no block boundary interrupts.

    element: the block around it. distance: lines from the headline, negative above it. links: the
    elements of the links in it. edged: the text with what parts its inline elements.
    """

    text: str
    element: int
    distance: int
    links: tuple[int, ...] = ()
    edged: str = ""

    @property
    def parts(self) -> list[str]:
        """What inline elements set apart: "<a>Jane Doe</a> Editor" has two; none is empty."""
        return _parts_of(self.edged)


def _parts_of(edged: str) -> list[str]:
    return [part for raw in edged.split(_EDGE) if (part := squeeze(raw))]


class View:
    """A page as the metadata sources see it."""

    def __init__(
        self,
        tree: Tree,
        url: str | None = None,
        fetched_at: datetime | None = None,
    ) -> None:
        self.tree = tree
        self.url = url if url and "://" in url else None
        self.fetched_at = fetched_at

    @cached_property
    def said(self) -> str:
        """The short texts of the page, a line each: prose is left out, which says other things."""
        return "\n".join(
            [token for token in self.tree.tokens if token.__class__ is str and len(token) < _SHORT]
        )

    @cached_property
    def said_once(self) -> str:
        """The same, each different text once and in no order.

        A third as long, because most texts are the white space between tags, and a small part of
        the source, so searching it costs a small part.
        """
        return "\n".join(
            {token for token in self.tree.tokens if token.__class__ is str and len(token) < _SHORT}
        )

    def _has_in_jsonld(self, word: str) -> bool:
        """Whether a JSON-LD script holds the word."""
        return any(word in text for text in self.jsonld_texts)

    @cached_property
    def is_dated_for_machines(self) -> bool:
        """Whether the page states its day of publication where nobody has to search for it."""
        named = "article:published_time" in self.metas
        return named or self._has_in_jsonld('"datePublished"')

    @cached_property
    def is_signed_for_machines(self) -> bool:
        """Whether the page states who wrote it where nobody has to search for it."""
        return "author" in self.metas or self._has_in_jsonld('"author"')

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
                if names := attrs.get(attribute):
                    for key in names.lower().split():
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
    def kind(self) -> str:
        """What WordPress calls the page in its body's class: "post", "page", or empty."""
        body = self.tree.find("body")
        names = (self.tree.attr(body[0], "class") if body else "").split()
        if "single" in names or any(name.startswith("postid-") for name in names):
            return "post"
        return "page" if any(name.startswith("page-id-") for name in names) else ""

    @cached_property
    def is_in_series(self) -> bool:
        """Whether the address stands among articles or posts."""
        return self.url is not None and _SERIES.search(urlsplit(self.url).path.lower()) is not None

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

        Where nothing is declared, that of the address's country, else of the text.
        English of British and other Commonwealth addresses that declare plain `en` is told from
        American by the host, because the order of day and month hangs on it.
        """
        html = self.tree.find("html")
        declared = (
            self.tree.attr(html[0], "lang") or self.tree.attr(html[0], "xml:lang") if html else ""
        )
        declared = declared or self.meta("content-language", "og:locale", "language") or ""
        language = declared.replace("_", "-").lower() or _LANGUAGE_OF.get(self.host[-3:], "")
        language = language or self.detected
        if language in {"en", "en-us"} and self.host.endswith(_COMMONWEALTH):
            return "en-gb"
        return language

    @cached_property
    def detected(self) -> str:
        """The language of the page's first long texts; empty where it cannot be told."""
        from scrubber.lexicon import detect_language

        texts = (token for token in self.tree.tokens if token.__class__ is str)
        prose = [text for text in texts if len(text) >= _LONG]
        return detect_language("\n".join(prose[:_SAMPLED])) or ""

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
        link = link.strip()
        if _WHOLE.fullmatch(link):
            return link
        try:
            joined = urljoin(self.url or "", link)
        except ValueError:
            return None
        return joined if joined.startswith(("http://", "https://")) else None

    # ---- marked elements -----------------------------------------------------------------------

    def mark(self, number: int) -> int:
        """What an element's class promises, as bits of `marks`: an author, a date, facts."""
        return self.marked.promises.get(self.tree.attrs[number].get("class") or "", 0)

    @cached_property
    def marked(self) -> Marked:
        """Elements marked by itemprop, RDFa, rel=author, author links or telling class names."""
        return find_marked(self.tree)

    def is_foreign(self, number: int) -> bool:
        """Whether an element stands among comments, related items, navigation or asides."""
        return self._surroundings.is_foreign(number)

    def is_elsewhere(self, number: int) -> bool:
        """Whether an element stands among comments or in a list of other pages."""
        return self._surroundings.is_elsewhere(number)

    @cached_property
    def _surroundings(self) -> Surroundings:
        return Surroundings(self.tree, self._around_headline)

    def opens_other(self, text: str, element: int) -> bool:
        """Whether a line is the heading of comments or other pages: "3 comments", "Read also"."""
        if self.tree.tags[element] not in _HEADINGS or len(text) > MAX_CHARS:
            return False
        label = find_label(_COUNT.sub("", text))
        return label is not None and label.family in _OTHER

    def words_before(self, number: int) -> str:
        """The end of the text just before an element, at most 40 characters of it."""
        stop = self.tree.opens[number]
        for token in reversed(self.tree.tokens[max(0, stop - 10) : stop]):
            if isinstance(token, str) and token.strip():
                return squeeze(token)[-40:]
        return ""

    @cached_property
    def _around_headline(self) -> frozenset[int]:
        """What holds the headline is not foreign, whatever its class says."""
        if self.anchor is None:
            return frozenset(self.tree.find("body", "main", "html"))
        return frozenset(self.tree.ancestors(self.anchor))

    # ---- the headline and the lines around it ---------------------------------------------------

    @cached_property
    def headline(self) -> int | None:
        """The number of the heading that is the page's headline: see `headings.find_headline`."""
        from scrubber.extract.metadata.headings import find_headline

        return find_headline(self)

    @cached_property
    def anchor(self) -> int | None:
        """What bylines and dates stand around: the headline, or its text where none is marked up.

        Old pages set theirs in a `<b>` or a `<div>`: the longest text that the title tag repeats.
        """
        if self.headline is not None:
            return self.headline
        tree, titles = self.tree, (tidy(self.meta("og:title") or ""), self.title_tag)
        longest, found, around = _MIN_HEADLINE, None, -1
        for token in tree.tokens:
            if token.__class__ is int:
                around = token if token >= 0 else tree.parents[~token]
            elif longest < len(token) < _SHORT and tree.tags[around] not in _NO_HEADLINES:  # type: ignore[arg-type]
                text = squeeze(token)  # type: ignore[arg-type]
                if len(text) > longest and any(text in title for title in titles):
                    longest, found = len(text), around
        return found

    @cached_property
    def lines(self) -> list[Line]:
        """Visible lines around the headline, in reading order, without the headline's own."""
        tree = self.tree
        if self.anchor is None:
            body = tree.find("body")
            start = tree.opens[body[0]] if body else 0
            found = islice(self._cut(start, start + _TOKENS_AROUND), _LINES_AFTER)
            return [
                Line(text, element, distance, links, edged)
                for distance, (text, element, links, edged) in enumerate(found, start=1)
            ]
        opens, closes = tree.opens[self.anchor], tree.closes[self.anchor]
        before = self._lines_before(opens)
        after = islice(self._cut(closes, closes + _TOKENS_AROUND), _LINES_AFTER)
        return [
            Line(text, element, place - len(before), links, edged)
            for place, (text, element, links, edged) in enumerate(before)
        ] + [
            Line(text, element, place, links, edged)
            for place, (text, element, links, edged) in enumerate(after, start=1)
        ]

    @property
    def late_lines(self) -> list[Line]:
        """Short lines further down the article than `lines`: around its lead, then at its foot."""
        lead, foot = self._late
        return [*lead, *foot]

    @property
    def foot(self) -> list[Line]:
        """The short lines behind the article's last long one, before any comments."""
        return self._late[1]

    @cached_property
    def _late(self) -> tuple[list[Line], list[Line]]:
        tree = self.tree
        start = tree.closes[self.anchor] if self.anchor is not None else 0
        stop = min(self._article_end(start), start + _TOKENS_OF_ARTICLE)
        lead: list[_Cut] = []
        foot: list[_Cut] = []
        long = 0  # lines so far
        for cut in self._cut(start, stop):
            text, element, *_ = cut
            if long and self.is_elsewhere(element):
                break
            if long and self.opens_other(text, element) and not self.is_foreign(element):
                break
            if not _is_long(text):
                (lead if long < _LONG_IN_LEAD else foot).append(cut)
            elif not self.is_foreign(element):
                long += 1
                foot.clear()
        return list(self._own(lead, _LINES_OF_LEAD)), list(self._own(foot, _LINES_OF_FOOT))

    def _own(self, cuts: Iterable[_Cut], most: int) -> Iterator[Line]:
        """The first lines that are the article's; the others of a long page are never looked at."""
        own = (cut for cut in cuts if not self.is_foreign(cut[1]))
        for text, element, links, edged in islice(own, most):
            yield Line(text, element, _LINES_AFTER, links, edged)

    def _article_end(self, start: int) -> int:
        """Where the innermost element around the headline ends that also holds some prose."""
        tree, prose = self.tree, 0
        for around in tree.ancestors(self.anchor) if self.anchor is not None else ():
            stop = tree.closes[around]
            for token in tree.tokens[start:stop]:
                if token.__class__ is str and not token.isspace():
                    prose += len(token)
                    if prose >= _PROSE:
                        return stop
            start = stop  # the next one holds this one
        return len(tree.tokens)

    def _lines_before(self, stop: int) -> list[_Cut]:
        """The last lines that end before a token; only as many tokens are cut as that takes."""
        for reach in (_TOKENS_BEFORE // 4, _TOKENS_BEFORE):
            found = list(self._cut(max(0, stop - reach), stop + 1))  # the headline ends the last
            if len(found) > _LINES_BEFORE:  # the first may have lost its beginning
                break
        return found[-_LINES_BEFORE:]

    def _cut(self, start: int, stop: int) -> Iterator[_Cut]:
        """Lines of a slice of tokens with the element that holds each and the links in it."""
        tree, tags = self.tree, self.tree.tags
        parts: list[str] = []  # never opens with white space: most lines would be nothing else
        links: list[int] = []
        for token in tree.tokens[start:stop]:
            if token.__class__ is str:
                if parts or not token.isspace():
                    parts.append(token)
                continue
            number: int = token if token >= 0 else ~token  # type: ignore[operator, assignment]
            tag = tags[number]
            if tag in INLINE:
                if parts and tag in _PARTING:
                    parts.append(_EDGE)
                if tag == "a" and token == number:
                    links.append(number)
                continue
            if parts:
                edged = "".join(parts)
                text = squeeze(edged)
                if text:
                    element = number if token != number else tree.parents[number]
                    yield text[:_MAX_LINE], element, tuple(links), edged
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

    def parts_in(self, number: int) -> list[str]:
        """What the blocks and inline elements inside an element set apart, in reading order."""
        cuts = self._cut(self.tree.opens[number], self.tree.closes[number] + 1)
        return [part for cut in cuts for part in _parts_of(cut[3])]

    def distance(self, number: int) -> int | None:
        """Tokens from the headline to an element, negative above it; `None` where it is far."""
        if self.anchor is None:
            return None
        place = self.tree.opens[number]
        before = place - self.tree.opens[self.anchor]
        after = place - self.tree.closes[self.anchor]
        if -_TOKENS_BEFORE <= before < 0:
            return before
        return after if 0 <= after < _TOKENS_AROUND else None


_HEADINGS: Final = frozenset({"h2", "h3", "h4", "h5", "h6"})
_OTHER: Final = frozenset({"related", "comment_form"})  # families of the lexicon's labels
_COUNT: Final = re.compile(r"^\d+\s+|\s*\(\d+\)|:?\s*\d*:?$")


def _is_long(text: str) -> bool:
    """Whether a line is prose; no letter has more than four bytes."""
    size = len(text)
    return size >= _LONG or (4 * size >= _LONG and len(text.encode("utf-8", "replace")) >= _LONG)


_SERIES: Final = re.compile(
    r"/(?:blogs?|news(?:room)?|articles?|stor(?:y|ies)|posts?|journal|magazine|press(?:-releases?)?)"
    r"(?=/)|/(?:19|20)\d\d/|^/(?:p|entry)/"
)
_WHOLE: Final = re.compile(
    r"https?://[^/?#:][!-~]*(?<![?#])"
)  # an address that joining would leave as it is
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
