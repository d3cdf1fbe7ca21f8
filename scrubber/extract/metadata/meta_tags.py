"""Plain `<meta name=...>`: HTML's own names, Dublin Core, citation tags, publishing systems'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scrubber.extract.metadata.claims import author_claims, date_claims, text_claim
from scrubber.extract.metadata.jsonld import split_tags
from scrubber.extract.metadata.view import View
from scrubber.models import Claim

_TEXTS: Final = (
    ("title", "title"),
    ("headline", "title"),
    ("dc.title", "title"),
    ("dcterms.title", "title"),
    ("citation_title", "title"),
    ("parsely-title", "title"),
    ("sailthru.title", "title"),
    ("hdl", "title"),
    ("rbtitle", "title"),
    ("lp.title", "title"),
    ("application-name", "site_name"),
    ("apple-mobile-web-app-title", "site_name"),
    ("dc.publisher", "site_name"),
    ("citation_journal_title", "site_name"),
    ("cre", "site_name"),
    ("description", "description"),
    ("dc.description", "description"),
    ("dcterms.abstract", "description"),
    ("sailthru.description", "description"),
    ("parsely-section", "section"),
    ("section", "section"),
    ("category", "section"),
)
_DATES: Final = (
    ("date", "published"),
    ("pubdate", "published"),
    ("publishdate", "published"),
    ("publish-date", "published"),
    ("publish_date", "published"),
    ("publication_date", "published"),
    ("publication-date", "published"),
    ("published", "published"),
    ("datepublished", "published"),
    ("date.published", "published"),
    ("published_time", "published"),
    ("published-date", "published"),
    ("article.published", "published"),
    ("originalpublicationdate", "published"),
    ("release_date", "published"),
    ("created", "published"),
    ("date.created", "published"),
    ("dc.date", "published"),
    ("dc.date.issued", "published"),
    ("dcterms.date", "published"),
    ("dcterms.issued", "published"),
    ("dcterms.created", "published"),
    ("dc.date.created", "published"),
    ("dcterms.available", "published"),
    ("citation_publication_date", "published"),
    ("citation_online_date", "published"),
    ("citation_date", "published"),
    ("parsely-pub-date", "published"),
    ("sailthru.date", "published"),
    ("ptime", "published"),
    ("pdate", "published"),
    ("dat", "published"),
    ("bt:pubdate", "published"),
    ("cxenseparse:recs:publishtime", "published"),
    ("article_date_original", "published"),
    ("last-modified", "modified"),
    ("lastmod", "modified"),
    ("modified", "modified"),
    ("datemodified", "modified"),
    ("revised", "modified"),
    ("dcterms.modified", "modified"),
    ("dc.date.modified", "modified"),
    ("utime", "modified"),
    ("moddate", "modified"),
    ("updated_time", "modified"),
    ("bt:moddate", "modified"),
)
_AUTHORS: Final = (
    "author",
    "authors",
    "article.author",
    "dc.creator",
    "dcterms.creator",
    "dc.author",
    "dc.contributor.author",
    "citation_author",
    "citation_authors",
    "parsely-author",
    "byl",
    "sailthru.author",
    "sailthru.authors",
    "creator",
    "bt:author",
    "cxenseparse:author",
    "article-author",
    "byline",
    "lp.author",
    "shareaholic:article_author_name",
    "rbauthors",
    "content_author",
    "dc:creator",
)
_KNOWN_DATES: Final = frozenset(name for name, _ in _DATES)
_PUBLISHED: Final = tuple(name for name, field in _DATES if field == "published")
_PUBLISHED_NAME: Final = re.compile(
    r"^(?!og:|article:|twitter:).*"
    r"(?:publi(?:sh|c)\w*[-_.: ]?(?:date|time)|date[-_.: ]?publi|pub[-_]?date)"
)
_TAGS: Final = (
    "news_keywords",
    "keywords",
    "parsely-tags",
    "sailthru.tags",
    "citation_keywords",
    "dc.subject",
)


def read(view: View) -> Iterator[Claim]:
    """Claims of meta tags that are neither Open Graph nor Twitter."""
    metas = view.metas
    for name, field in _TEXTS:
        if name in metas:
            yield from text_claim(view, field, name)
    for name, field in _DATES:
        if name in metas:
            yield from date_claims(view, field, name, metas[name][:1])
    if not any(name in metas for name in _PUBLISHED):
        yield from _unlisted_dates(view)
    for name in _AUTHORS:
        if name in metas:
            yield from author_claims(f"meta.{name}", metas[name])
    for name in _TAGS:
        tags = tuple(tag for text in metas.get(name, ()) for tag in split_tags(text))
        if tags:
            yield Claim("tags", tags, name, ", ".join(metas[name]))


def _unlisted_dates(view: View) -> Iterator[Claim]:
    """Dates whose names only look like one of publication, such as "articlepublishdate"."""
    for name, contents in view.metas.items():
        if "ub" in name and name not in _KNOWN_DATES and _PUBLISHED_NAME.search(name):
            yield from date_claims(view, "published", "meta.published", contents[:1])
