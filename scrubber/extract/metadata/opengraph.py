"""Open Graph (`og:`, `article:`) and Twitter card tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scrubber.extract.metadata.claims import author_claims, date_claims, text_claim
from scrubber.extract.metadata.jsonld import split_tags
from scrubber.extract.metadata.openings import names_no_writer
from scrubber.extract.metadata.titles import tidy
from scrubber.extract.metadata.view import View
from scrubber.models import Claim

_TEXTS: Final = (
    ("og:title", "title"),
    ("twitter:title", "title"),
    ("og:site_name", "site_name"),
    ("og:description", "description"),
    ("twitter:description", "description"),
    ("article:section", "section"),
    ("og:article:section", "section"),
)
_DATES: Final = (
    ("article:published_time", "published"),
    ("og:article:published_time", "published"),
    ("og:published_time", "published"),
    ("og:pubdate", "published"),
    ("article:published", "published"),
    ("og:release_date", "published"),
    ("article:modified_time", "modified"),
    ("og:article:modified_time", "modified"),
    ("article:modified", "modified"),
    ("og:updated_time", "modified"),
    ("og:modified_time", "modified"),
)
_AUTHORS: Final = (
    "article:author",
    "og:article:author",
    "og:author",
    "article:author:name",
    "book:author",
    "author:name",
)
_WRITTEN: Final = re.compile(
    r"written by|^author|^by$|verfasst|geschrieben|écrit par|rédigé|escrito|autor|scritto|skriv"
    r"|kirjoit|napisan|автор|napsal|yazan|作者|執筆|投稿者|글쓴이|ditulis|door|par$|von$|por$",
    re.I,
)


def read(view: View) -> Iterator[Claim]:
    """Claims of Open Graph and Twitter tags."""
    metas = view.metas
    for name, field in _TEXTS:
        if name in metas:
            yield from text_claim(view, field, name)
    for name, field in _DATES:
        if name in metas:
            yield from date_claims(view, field, name, metas[name][:1])
    for name in _AUTHORS:
        if name in metas:
            yield from author_claims(name, metas[name])
    creator = view.meta("twitter:creator")
    if creator and creator.strip("@ ") and creator != view.meta("twitter:site"):
        yield from author_claims("twitter:creator", [creator])
    yield from _labelled(view)
    for name in ("article:tag", "og:article:tag"):
        tags = tuple(tag for text in metas.get(name, ()) for tag in split_tags(text))
        if tags:
            yield Claim("tags", tags, name, ", ".join(tags))
    for name in (
        "og:image",
        "og:image:secure_url",
        "og:image:url",
        "twitter:image",
        "twitter:image:src",
    ):
        address = view.absolute(view.meta(name) or "") if name in view.metas else None
        if address:
            yield Claim("image", address, name, view.meta(name) or "")
    if (link := view.meta("og:url")) and (address := view.absolute(link)):
        yield Claim("canonical_url", address, "og:url", link)
    tier = (view.meta("article:content_tier") or "").lower()
    if tier in {"free", "locked", "metered"}:
        yield Claim("paywalled", tier != "free", "article:content_tier", tier)


def _labelled(view: View) -> Iterator[Claim]:
    """`twitter:label1 = Written by`, `twitter:data1 = Jane Doe`: what Yoast writes for Slack."""
    for number in "1234":
        label, data = view.meta(f"twitter:label{number}"), view.meta(f"twitter:data{number}")
        if label and data and _WRITTEN.search(tidy(label)) and not names_no_writer(label):
            yield from author_claims("twitter:written_by", [data])
