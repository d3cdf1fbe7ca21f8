"""Metadata as claims with evidence: title, authors, dates and what else a page says about itself.

    tree ── View (one look) ── SOURCES: read(view) -> Claims ── resolve ── Metadata with evidence

Each source is one small file. To add one, write `read(view)` and put it into SOURCES, whose order
is the order of trust where nothing was learned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from scrubber.extract.metadata import (
    byline,
    classed,
    credits,
    document,
    headings,
    jsonld,
    late,
    meta_tags,
    microdata,
    opengraph,
    owner,
    signature,
    state,
    taxonomy,
    time_tags,
    told,
    url,
)
from scrubber.extract.metadata.author_candidates import is_signed
from scrubber.extract.metadata.date_candidates import is_dated, settle
from scrubber.extract.metadata.resolver import resolve
from scrubber.extract.metadata.view import View
from scrubber.extract.tree import Tree
from scrubber.models import Claim, Metadata, Page

SOURCES: Final[tuple[Callable[[View], Iterable[Claim]], ...]] = (
    jsonld.read,
    opengraph.read,
    meta_tags.read,
    microdata.read,
    headings.read,
    time_tags.read,
    byline.read,
    signature.read,
    classed.read,
    credits.read,
    url.read,
    state.read,
    owner.read,
    taxonomy.read,
    document.read,
)


def read_metadata(tree: Tree, page: Page, text: str = "") -> Metadata:
    """Everything that the page says about itself, resolved, with the evidence for each field.

    text: of the body, where it is known: a declared language in another script is disbelieved.
    Never raises for what a page holds.
    """
    view = View(tree, page.url, page.fetched_at)
    return resolve(read_claims(view), view, text)


def read_claims(view: View) -> list[Claim]:
    """The claims of all sources, the most trusted first."""
    claims = [claim for read in SOURCES for claim in read(view)]
    if not is_dated(claims):
        claims += late.read_days(view)
    if not is_signed(claims):
        claims += late.read_names(view)
    claims += told.read(view, claims)
    return settle(claims, view)
