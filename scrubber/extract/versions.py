"""Which version of a document a page is, where it is not the usual one.

    amp           made for the AMP cache
    print         made for printing
    paywall_stub  the beginning of a text whose rest is for subscribers

Such a page is read as it stands; what it calls itself (`canonical_url`) leads to the usual version.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from scrubber.extract.standins import asks_to_subscribe
from scrubber.extract.tree import Tree
from scrubber.models import Draft, Page

_HEAD_CHARS: Final = 4096
# An attribute of its own, `amp`, or the lightning that stands for it.
_AMP: Final = re.compile(r"<html\b[^>]*\s(?:amp|\u26a1\ufe0f?)(?=[\s=>/])", re.I)
_PRINT_PATH: Final = re.compile(
    r"(?:^|[/_.-])(?:print|printable|printversion|print-version|druckversion|drucken|imprimir"
    r"|imprimer|stampa|print-view|printview)(?:[/_.]|\.html?|$)",
    re.I,
)
_PRINT_QUERY: Final = re.compile(
    r"(?:^|&)(?:(?:print|printable|printer_friendly|printversion|pf|drucken|imprimir|stampa)"
    r"(?:=(?:1|y|yes|true|on)?)?|(?:view|mode|format|layout|output|action|template|tmpl)"
    r"=(?:print|printable|drucken|imprimir|stampa))(?:&|$)",
    re.I,
)


def describe_version(page: Page, draft: Draft, tree: Tree) -> tuple[str, ...]:
    """The flags of a page, mostly none."""
    flags = []
    if _AMP.search(page.html, 0, _HEAD_CHARS):
        flags.append("amp")
    if _is_for_printing(page.url, draft.metadata.canonical_url):
        flags.append("print")
    if asks_to_subscribe(tree, draft):
        flags.append("paywall_stub")
    return tuple(flags)


def _is_for_printing(url: str | None, canonical: str | None) -> bool:
    """Whether the URL says so, and the page does not say that this is its usual URL."""
    if not url or canonical == url or "://" not in url:
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(_PRINT_PATH.search(parts.path) or _PRINT_QUERY.search(parts.query))
