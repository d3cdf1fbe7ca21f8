"""Microdata (`itemprop`) and RDFa (`property`) inside the page, and `rel=author`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scrubber.extract.metadata.claims import author_claims, date_claims
from scrubber.extract.metadata.jsonld import split_tags
from scrubber.extract.metadata.openings import names_no_writer
from scrubber.extract.metadata.titles import tidy
from scrubber.extract.metadata.view import View
from scrubber.models import AuthorKind, Claim

_SCOPES: Final = re.compile(
    r"article|posting|review\b|recipe|webpage|creativework|report|howto|blog\b", re.I
)
_COMMENT: Final = re.compile(r"comment|answer", re.I)
_MAX_CHARS: Final = 300


def read(view: View) -> Iterator[Claim]:
    """Claims of marked elements that belong to the page's article, not to a comment or a card."""
    for number in view.marked.itemprop[:200]:
        for prop in view.tree.attr(number, "itemprop").lower().split():
            yield from _claims(view, number, prop, "itemprop")
    for number in view.marked.rdfa[:200]:
        for prop in view.tree.attr(number, "property").lower().split():
            if not prop.startswith(("og:", "article:", "fb:")):
                yield from _claims(view, number, prop.split(":")[-1], "rdfa")
    links = [
        number
        for number in view.marked.rel_author
        if not view.is_foreign(number) and not names_no_writer(view.words_before(number))
    ]
    names = [text for n in links[:4] if 2 < len(text := view.tree.text(n)) < 80]
    if names:
        url = view.absolute(view.tree.attr(links[0], "href")) if len(set(names)) == 1 else None
        yield from author_claims("rel.author", dict.fromkeys(names), url=url)


def _claims(view: View, number: int, prop: str, source: str) -> Iterator[Claim]:
    if prop not in _READERS or not _belongs(view, number):
        return
    field = _READERS[prop]
    if field in {"published", "modified"}:
        value = _value(view, number)
        yield from date_claims(view, field, f"{source}.{prop}", [value] if value else [])
    elif field == "authors":
        yield from _author(view, number, f"{source}.{prop}")
    elif field == "image":
        link = next((v for n in _LINKS if (v := view.tree.attr(number, n))), "")
        if address := view.absolute(link) if link else None:
            yield Claim(field, address, f"{source}.{prop}", link)
    elif field == "tags":
        if tags := tuple(split_tags(raw := _value(view, number))):
            yield Claim(field, tags, f"{source}.{prop}", raw)
    elif text := tidy(_value(view, number)[:_MAX_CHARS]):
        yield Claim(field, text, f"{source}.{prop}", text)


_READERS: Final = {
    "datepublished": "published",
    "datecreated": "published",
    "datemodified": "modified",
    "headline": "title",
    "author": "authors",
    "creator": "authors",
    "articlesection": "section",
    "keywords": "tags",
    "description": "description",
    "image": "image",
    "issued": "published",
    "created": "published",
}


_LINKS: Final = ("content", "src", "href")


def _value(view: View, number: int) -> str:
    for name in ("content", "datetime", "title"):
        value = view.tree.attr(number, name)
        if value and (name != "title" or view.tree.tags[number] in {"abbr", "span"}):
            return value
    return view.tree.text(number)


def _belongs(view: View, number: int) -> bool:
    """Whether the nearest scope around the element is an article or page."""
    for above in view.tree.ancestors(number):
        attrs = view.tree.attrs[above]
        if "itemscope" in attrs or "typeof" in attrs:
            kind = f"{attrs.get('itemtype') or ''} {attrs.get('typeof') or ''}"
            if _COMMENT.search(kind) or not (_SCOPES.search(kind) or not kind.strip()):
                return False
            return not view.is_foreign(number)
    return not view.is_foreign(number)


def _author(view: View, number: int, source: str) -> Iterator[Claim]:
    """The name inside an author's own scope, or the element's text."""
    tree = view.tree
    kind: AuthorKind | None = None
    itemtype = tree.attr(number, "itemtype").lower()
    if "organization" in itemtype:
        kind = "organization"
    elif "person" in itemtype:
        kind = "person"
    inner = tree.within(number)
    names = [
        n
        for n in inner
        if "name" in (tree.attrs[n].get("itemprop") or tree.attrs[n].get("property") or "").split()
    ]
    link = next((tree.attr(n, "href") for n in (number, *inner) if tree.attr(n, "href")), "")
    raw = _value(view, names[0] if names else number)
    if 1 < len(raw) <= 200:
        yield from author_claims(source, [raw], kind, view.absolute(link) if link else None)
