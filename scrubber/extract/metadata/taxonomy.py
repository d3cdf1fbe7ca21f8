"""Tags and the section that readers see: links marked `rel=tag`, category links, the breadcrumb."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scrubber.extract.metadata.titles import likeness
from scrubber.extract.metadata.view import View
from scrubber.models import Claim

_MAX_CHARS: Final = 60
_MAX_TAGS: Final = 30
_NEAR: Final = 10  # lines from the headline
_CATEGORY: Final = re.compile(
    r"/(?:categor(?:y|ies|ia|ias|ie|ies)|kategorie?n?|kategori[ay]|catégories?"
    r"|rubri(?:k|ques?|c|ca|ka)"
    r"|sections?|sezion[ei]|secci[oó]n|topics?|channels?)/",
    re.I,
)
_HOME: Final = re.compile(
    r"home(?:page)?|start(?:seite)?|accueil|inicio|início|главная|головна|strona główna|domů|hem"
    r"|hjem|etusivu|αρχική|ana ?sayfa|首页|首頁|ホーム|トップ(?:ページ)?|홈|หน้าแรก|الرئيسية|beranda"
    r"|trang chủ",
    re.I,
)


def read(view: View) -> Iterator[Claim]:
    """Tags of tag links; the section of a category link, else of the breadcrumb."""
    tags, sections = _tag_links(view)
    if tags:
        yield Claim("tags", tuple(tags), "rel.tag", ", ".join(tags))
    if sections:
        yield Claim("section", sections[0], "link.category", sections[0])
    trail = _breadcrumb(view)
    if trail:
        yield Claim("section", trail[-1], "breadcrumb", " > ".join(trail))


def _tag_links(view: View) -> tuple[list[str], list[str]]:
    """The texts of the article's own tag links and category links, each once, in page order."""
    tags: dict[str, None] = {}
    sections: dict[str, None] = {}
    for number in (*view.marked.tag_links[:200], *_category_links_near(view)):
        text = view.tree.text(number).lstrip("# ").strip()
        if not 1 < len(text) <= _MAX_CHARS or view.is_foreign(number):
            continue
        category = "category" in view.tree.attr(number, "rel") or _CATEGORY.search(
            view.tree.attr(number, "href")
        )
        (sections if category else tags).setdefault(text)
    return ([] if len(tags) > _MAX_TAGS else list(tags)), list(sections)


def _category_links_near(view: View) -> list[int]:
    """Links around the headline whose address is a category's."""
    return [
        number
        for line in view.lines
        if line.distance <= _NEAR
        for number in line.links
        if _CATEGORY.search(view.tree.attr(number, "href"))
    ]


def _breadcrumb(view: View) -> list[str]:
    """The trail of sections above the page, without the home page and the page itself."""
    tree = view.tree
    for number in view.marked.breadcrumbs[:6]:
        links = [n for n in tree.within(number) if tree.tags[n] == "a"][:12]
        trail = [(text, tree.attr(n, "href")) for n in links if (text := tree.text(n))]
        names = [text for text, _ in trail if len(text) <= _MAX_CHARS]
        if names and (_HOME.fullmatch(names[0]) or trail[0][1].rstrip("/") in {"", view.root}):
            names = names[1:]
        if names and _is_page_itself(view, names[-1]):
            names.pop()
        if names:
            return names
    return []


def _is_page_itself(view: View, name: str) -> bool:
    heading = view.tree.text(view.headline) if view.headline is not None else view.title_tag
    return likeness(name, heading) > 0.7
