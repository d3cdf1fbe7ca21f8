"""The trafilatura engine: its choice of content, in our blocks.

trafilatura gives an lxml body in a vocabulary near TEI. It is renamed back to HTML and goes
through the same cutting and assembly as our own engine's choice, so that both give the same
blocks for the same content. It takes 30 to 40 ms a page, and its native parser has crashed in
threads: it is the peer and the second opinion, not the fast path.
"""

from __future__ import annotations

import logging
from typing import Any, Final

from scrubber.errors import ExtractError, NoContent
from scrubber.extract.assembly.assemble import assemble
from scrubber.extract.body import Body
from scrubber.extract.segments import cut
from scrubber.extract.tree import Tree
from scrubber.models import Block, Page

_STYLES: Final = {
    "#b": "b", "#i": "i", "#u": "u", "#t": "kbd", "#sub": "sub", "#sup": "sup",
}  # fmt: skip
_TAGS: Final = {
    "lb": "br", "quote": "blockquote", "row": "tr", "graphic": "img", "ref": "a", "body": "div",
}  # fmt: skip
MAX_HTML_CHARS: Final = 5_000_000  # its cost grows faster than the page; larger ones are cut


def extract_body(page: Page, tree: Tree) -> Body:  # noqa: ARG001 - an engine's signature
    """The content that trafilatura finds.

    Raises NoContent where it finds nothing and ExtractError where it fails.
    """
    document = _run(page)
    body = getattr(document, "body", None)
    blocks = _blocks(body, page) if body is not None else ()
    if not any(block.text for block in blocks):
        raise NoContent(f"{page.url or 'the page'} has nothing to read", url=page.url)
    return Body(blocks=blocks)


def _run(page: Page) -> Any:
    from trafilatura import bare_extraction  # takes 0.3 s to import: only when used

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        return bare_extraction(
            page.html[:MAX_HTML_CHARS],
            url=page.url,
            include_comments=False,  # with them it takes some for body: 0.003 of word F1 on WCXB
            include_tables=True,
            include_images=True,
            include_formatting=True,
            include_links=True,
        )
    except Exception as exc:  # any error of a third party's parser on a hostile page
        message = f"trafilatura failed on {page.url or 'the page'}: {type(exc).__name__}: {exc}"
        raise ExtractError(message, url=page.url) from exc


def _blocks(body: Any, page: Page) -> tuple[Block, ...]:
    from lxml.etree import tostring

    for element in body.iter("*"):
        _rename(element)
    tree = Tree(tostring(body, encoding="unicode", method="html"))
    segments = cut(tree)
    return assemble(tree, segments, [True] * len(segments), page.url)


def _rename(element: Any) -> None:
    """Give one element the HTML name of what it stands for."""
    tag, rend = element.tag, element.get("rend") or ""
    if tag == "hi":
        element.tag = _STYLES.get(rend, "span")
    elif tag == "head":
        element.tag = rend if rend in ("h1", "h2", "h3", "h4", "h5", "h6") else "h2"
    elif tag == "list":
        element.tag = rend if rend in ("ol", "dl") else "ul"
    elif tag == "item":
        element.tag = rend[:2] if rend[:2] in ("dt", "dd") else "li"
    elif tag == "cell":
        element.tag = "th" if element.get("role") == "head" else "td"
        element.attrib.pop("role", None)
    elif tag == "code":
        _rename_code(element)
    elif tag in _TAGS:
        element.tag = _TAGS[tag]
        if tag == "ref" and element.get("target"):
            element.set("href", element.get("target"))


def _rename_code(element: Any) -> None:
    """A code element with line breaks is a block; inside another it is only its inner part."""
    if element.getparent() is not None and element.getparent().tag == "pre":
        return
    if "\n" in "".join(element.itertext()) or element.find(".//lb") is not None:
        element.tag = "pre"
