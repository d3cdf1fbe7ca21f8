"""JSON-LD (schema.org): the page's article, page, site and publisher as structured data.

Read tolerantly where the meaning is safe: `@graph`, arrays, `@id` references, entities, values
wrapped in objects, comments and CDATA around the JSON, raw line breaks, trailing commas, several
documents in one script. Anything else that is no JSON is left alone, never guessed at.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from scrubber.extract.metadata.dates import read_date
from scrubber.extract.metadata.names import read_names
from scrubber.extract.metadata.titles import likeness, tidy
from scrubber.extract.metadata.view import View
from scrubber.models import Author, AuthorKind, Claim

Node = dict[str, Any]

_MAX_CHARS: Final = 2_000_000  # of one script
_MAX_NODES: Final = 2_000
_MAX_DEPTH: Final = 12

_ARTICLE: Final = re.compile(
    r"article|posting|report|review(?!rating)|recipe|howto|question|socialmedia|liveblog|essay|chapter"
)
_PAGE: Final = re.compile(
    r"webpage|itempage|aboutpage|faqpage|qapage|collectionpage|contactpage|medicalwebpage"
)
_BODY: Final = re.compile(
    r"organization|corporation|business|newsmedia|brand|school|university|hospital"
)
_WRAPPING: Final = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/)|(?:-->|//\s*\]\]>|\]\]>|/\*\s*\]\]>\s*\*/)\s*;?\s*$"
)
_TRAILING_COMMA: Final = re.compile(r",(\s*[}\]])")
_STRINGS: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.S)


def read(view: View) -> Iterator[Claim]:
    """Claims of the article that the page is about, of its WebPage, WebSite and publisher."""
    nodes = _nodes(view)
    index = {
        node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 2
    }
    articles = [node for node in nodes if _ARTICLE.search(_type(node))]
    pages = [node for node in nodes if _PAGE.search(_type(node)) and node not in articles]
    article = _chosen(articles, view)
    if article is not None:
        yield from _read_work(article, "jsonld.article", index, view)
    page = _chosen(pages, view)
    if page is not None:
        yield from _read_work(page, "jsonld.page", index, view)
    if article is None and page is None:
        other = next(
            (n for n in nodes if ("headline" in n or "datePublished" in n) and n not in articles),
            None,
        )
        if other is not None:
            yield from _read_work(other, "jsonld.other", index, view)
    for node in nodes:
        if _type(node) == "website":
            for name in _texts(node.get("name")):
                yield Claim("site_name", name, "jsonld.website.name", name)
            break


# ---- scripts to nodes -------------------------------------------------------------------------


def _nodes(view: View) -> list[Node]:
    """All objects with a type that stand at the top, in a list, a graph or as main entity."""
    found: list[Node] = []
    for text in view.jsonld_texts:
        for document in load_tolerantly(text):
            _gather(document, found, 0)
    return found[:_MAX_NODES]


def _gather(value: Any, found: list[Node], depth: int) -> None:
    if depth > _MAX_DEPTH or len(found) > _MAX_NODES:
        return
    if isinstance(value, list):
        for item in value:
            _gather(item, found, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value or "headline" in value:
            found.append(value)
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemReviewed"):
            if isinstance(value.get(key), dict | list):
                _gather(value[key], found, depth + 1)


def load_tolerantly(text: str) -> list[Any]:
    """The JSON documents in a script's text; empty where it is broken beyond safe repair."""
    text = text.strip()
    if not text or len(text) > _MAX_CHARS:
        return []
    for attempt in (_as_is, _unwrapped, _repaired):
        try:
            return _documents(attempt(text))
        except (ValueError, RecursionError):
            continue
    return []


def _documents(text: str) -> list[Any]:
    decoder = json.JSONDecoder(strict=False)
    documents, start = [], 0
    while start < len(text):
        document, stop = decoder.raw_decode(text, start)
        documents.append(document)
        rest = re.compile(r"[\s;,]*").match(text, stop)
        start = rest.end() if rest else stop
    return documents


def _as_is(text: str) -> str:
    return text


def _unwrapped(text: str) -> str:
    """Without comment or CDATA marks around it, with entities decoded where quotes are entities."""
    text = _WRAPPING.sub("", text).strip()
    if re.match(r"[\[{]\s*&quot;", text):
        text = html.unescape(text)
    return text


def _repaired(text: str) -> str:
    """Without trailing commas outside strings: the one slip whose repair cannot change a value."""
    text = _unwrapped(text)
    pieces, last = [], 0
    for match in _STRINGS.finditer(text):
        pieces += [_TRAILING_COMMA.sub(r"\1", text[last : match.start()]), match[0]]
        last = match.end()
    joined = "".join([*pieces, _TRAILING_COMMA.sub(r"\1", text[last:])])
    return _TRAILING_COMMA_AFTER_STRING.sub(r"\1\2", joined)


_TRAILING_COMMA_AFTER_STRING: Final = re.compile(r'("(?:[^"\\]|\\.)*"\s*),(\s*[}\]])', re.S)


# ---- one node ---------------------------------------------------------------------------------


def _type(node: Node) -> str:
    kind = node.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    names = [str(k).rsplit("/", 1)[-1].rsplit(":", 1)[-1].lower() for k in kinds if k]
    return " ".join(names)


def _chosen(nodes: list[Node], view: View) -> Node | None:
    """The node that describes this page: by its address, else by its headline, else the first."""
    if len(nodes) < 2:
        return nodes[0] if nodes else None
    here = {_bare(link) for link in (view.url, view.canonical) if link}

    def fit(node: Node) -> float:
        links = [node.get(key) for key in ("url", "@id", "mainEntityOfPage")]
        links = [
            link.get("@id") or link.get("url") if isinstance(link, dict) else link for link in links
        ]
        same = any(isinstance(link, str) and _bare(link) in here for link in links)
        headline = next(iter(_texts(node.get("headline") or node.get("name"))), "")
        dated = "datePublished" in node
        return (
            2 * same + likeness(headline, view.title_tag) + 0.3 * dated + 0.2 * ("author" in node)
        )

    return max(nodes, key=fit)


def _bare(link: str) -> str:
    return (
        link.split("#")[0]
        .split("?")[0]
        .rstrip("/")
        .removeprefix("https://")
        .removeprefix("http://")
        .removeprefix("www.")
    )


def _read_work(node: Node, source: str, index: dict[str, Node], view: View) -> Iterator[Claim]:
    for key in ("headline", "name"):
        for text in _texts(node.get(key)):
            yield Claim("title", tidy(text), f"{source}.{key}", text)
            break
    for key in ("author", "creator"):
        yield from _read_authors(node.get(key), f"{source}.{key}", index, view)
    for key, field in (
        ("datePublished", "published"),
        ("dateModified", "modified"),
        ("dateCreated", "published"),
        ("uploadDate", "published"),
    ):
        for text in _texts(node.get(key))[:1]:
            date = read_date(text, view.language)
            if date is not None:
                yield Claim(field, date, f"{source}.{key}", text)
    yield from _read_rest(node, source, index, view)


def _read_rest(node: Node, source: str, index: dict[str, Node], view: View) -> Iterator[Claim]:
    for key, field in (("description", "description"), ("inLanguage", "language")):
        for text in _texts(node.get(key))[:1]:
            yield Claim(field, tidy(text), f"{source}.{key}", text)
    sections = _texts(node.get("articleSection"))
    if sections:
        yield Claim("section", tidy(sections[0]), f"{source}.articleSection", sections[0])
    tags = tuple(tag for text in _texts(node.get("keywords")) for tag in split_tags(text))
    if tags:
        yield Claim("tags", tags, f"{source}.keywords", ", ".join(tags))
    for link in _links(
        _resolved(node.get("image"), index) or _resolved(node.get("primaryImageOfPage"), index)
    )[:1]:
        address = view.absolute(link)
        if address:
            yield Claim("image", address, f"{source}.image", link)
    publisher = _resolved(node.get("publisher"), index)
    for item in publisher if isinstance(publisher, list) else [publisher]:
        if isinstance(item, dict):
            for name in _texts(item.get("name"))[:1]:
                yield Claim("site_name", tidy(name), f"{source}.publisher", name)
    free = _free(node)
    if free is not None:
        yield Claim("paywalled", not free, f"{source}.isAccessibleForFree", str(free))


def split_tags(text: str) -> list[str]:
    """Tags in a keyword list, in order."""
    parts = re.split(r"\s*[,;|，、]\s*", tidy(text))
    return [part for part in parts if 1 < len(part) <= 60]


def _free(node: Node) -> bool | None:
    value = node.get("isAccessibleForFree")
    if value is None:
        return None
    return str(value).strip().rsplit("/", 1)[-1].lower() not in {"false", "0", "no"}


def _read_authors(value: Any, source: str, index: dict[str, Node], view: View) -> Iterator[Claim]:
    authors: list[Author] = []
    raws: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        item = _resolved(item, index)
        for name, kind, url in _named(item):
            raws.append(name)
            authors += read_names(name, kind=kind, url=view.absolute(url) if url else None)
    if authors:
        unique = {author.name.casefold(): author for author in authors}
        yield Claim("authors", tuple(unique.values()), source, "; ".join(raws))


def _named(item: Any) -> Iterable[tuple[str, AuthorKind | None, str | None]]:
    if isinstance(item, str):
        return [(item, None, None)]
    if not isinstance(item, dict):
        return []
    names = _texts(item.get("name"))
    if not names:
        given, family = _texts(item.get("givenName")), _texts(item.get("familyName"))
        names = [" ".join(given[:1] + family[:1])] if given or family else []
    kind: AuthorKind | None = None
    if _BODY.search(_type(item)):
        kind = "organization"
    elif "person" in _type(item):
        kind = "person"
    link = item.get("url")
    return [(name, kind, link if isinstance(link, str) else None) for name in names]


def _resolved(value: Any, index: dict[str, Node]) -> Any:
    """The node that an `@id` reference points to; references in lists too."""
    if isinstance(value, list):
        return [_resolved(item, index) for item in value[:50]]
    if isinstance(value, dict) and isinstance(value.get("@id"), str) and "name" not in value:
        return index.get(value["@id"], value)
    return value


def _texts(value: Any) -> list[str]:
    """The non-empty texts in a value: a string, a list, or an object with `@value` or `name`."""
    if isinstance(value, str):
        return [value.strip()] if value.strip() else []
    if isinstance(value, list):
        return [text for item in value[:50] for text in _texts(item)]
    if isinstance(value, dict):
        return _texts(value.get("@value") or value.get("name") or value.get("alternateName"))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return [str(value)]
    return []


def _links(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [link for item in value[:5] for link in _links(item)]
    if isinstance(value, dict):
        return _links(value.get("url") or value.get("contentUrl") or value.get("@id"))
    return []
