"""The document itself: `<title>`, `<html lang>`, canonical link, and what JSON-LD leaves open."""

from __future__ import annotations

from collections.abc import Iterator

from scrubber.extract.metadata.titles import plain
from scrubber.extract.metadata.view import View
from scrubber.models import Claim


def read(view: View) -> Iterator[Claim]:
    """Claims of the document's own elements."""
    if view.title_tag:
        yield Claim("title", plain(view.title_tag), "title_tag", view.title_tag)
    if view.canonical:
        yield Claim("canonical_url", view.canonical, "link.canonical", view.canonical)
    html = view.tree.find("html")
    declared = (
        (view.tree.attr(html[0], "lang") or view.tree.attr(html[0], "xml:lang")) if html else ""
    )
    if declared:
        yield Claim("language", declared, "html.lang", declared)
    for name in ("content-language", "og:locale", "dc.language", "language"):
        value = view.meta(name)
        if value:
            yield Claim("language", value.split(",")[0].strip(), name, value)
    for number in view.links.get("image_src", ())[:1]:
        address = view.absolute(view.tree.attr(number, "href"))
        if address:
            yield Claim("image", address, "link.image_src", address)
