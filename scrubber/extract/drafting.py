"""The main path of extraction: see the package."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from scrubber.errors import NoContent, NotAnArticle
from scrubber.extract.body import Body
from scrubber.extract.engines import load_engine
from scrubber.extract.metadata import read_metadata
from scrubber.extract.options import ExtractOptions
from scrubber.extract.standins import recognise
from scrubber.extract.tree import Tree
from scrubber.extract.versions import describe_version
from scrubber.models import Block, Draft, Page


def extract(page: Page, options: ExtractOptions | None = None) -> Draft:
    """The content and metadata of a decoded page.

    Raises NoContent where there is nothing to read, NotAnArticle where the page stands in for
    another (a bot wall, a soft 404), ExtractError where the engine fails.
    """
    options = options or ExtractOptions()
    if not page.html or page.html.isspace():
        raise NoContent(f"{page.url or 'the page'} is empty", url=page.url)
    if _is_binary(page.html):
        raise NoContent(f"{page.url or 'the page'} is no text", url=page.url)
    tree = Tree(page.html)
    try:
        draft = _drafted(page, tree, options)
    except NoContent as error:
        _refuse_standin(page, Draft(blocks=()), tree, error)
        raise
    _refuse_standin(page, draft, tree)
    return replace(draft, flags=describe_version(page, draft, tree))


_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")  # all but white space
_HEAD_CHARS: Final = 4_096
_MAX_CONTROLS: Final = 0.02  # of the head's characters; real pages have none or a stray one


def _is_binary(html: str) -> bool:
    """Whether this is an image or archive that was sent as a page."""
    head = html[:_HEAD_CHARS]
    return len(_CONTROL.findall(head)) > max(2, _MAX_CONTROLS * len(head))


def _refuse_standin(page: Page, draft: Draft, tree: Tree, cause: NoContent | None = None) -> None:
    kind = recognise(page, draft, tree)
    if kind is not None:
        message = f"{page.url or 'the page'} is no article but a {kind.replace('_', ' ')}"
        raise NotAnArticle(message, url=page.url, kind=kind) from cause


def _drafted(page: Page, tree: Tree, options: ExtractOptions) -> Draft:
    body = load_engine(options.engine)(page, tree)
    return Draft(
        blocks=body.blocks,
        metadata=read_metadata(tree, page, " ".join(b.text for b in body.blocks[:12])[:3000]),
        removed=body.removed,
        comments=_comments(page, tree, body) if options.include_comments else (),
        page_type=body.page_type,
        confidence=body.confidence,
        engine=options.engine,
    )


def _comments(page: Page, tree: Tree, body: Body) -> tuple[Block, ...]:
    """The comment section below an article; a thread's posts are its body already."""
    if body.comments or body.page_type == "forum":
        return body.comments
    from scrubber.extract.assembly.assemble import assemble
    from scrubber.extract.posts import choose_comments, find_posts
    from scrubber.extract.segments import cut

    segments = cut(tree)
    posts = find_posts(tree, segments)
    chosen = choose_comments(tree, segments, posts, [block.text for block in body.blocks])
    return assemble(tree, segments, chosen, page.url, posts)
