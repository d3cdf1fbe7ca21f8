"""The headline as the page shows it: `<h1>`, or the heading that does an `<h1>`'s work.

Old pages have no headings: there it is the bold line or large font that says a part of `<title>`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from scrubber.extract.metadata.titles import likeness, plain, runs_of, squash, tidy, title_key
from scrubber.extract.tree import plain_text
from scrubber.models import Claim

if TYPE_CHECKING:
    from scrubber.extract.metadata.view import View

_MAX_CHARS: Final = 300
_ANCHOR: Final = re.compile(r"\s*[¶🔗§\uf0c1]+$|\s+#$")  # the sign of a link to the heading itself
_CONTENT: Final = frozenset({"main", "article"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3"})


def find_headline(view: View) -> int | None:
    """The heading that most likely is the headline: alike to the title tag, inside the content."""
    title = tidy(view.meta("og:title") or "") or view.title_tag
    best: tuple[float, int] | None = None
    for tag, bonus in (("h1", 0.45), ("h2", 0.0), ("h3", -0.1)):
        if best and best[0] > 1.0:
            break  # nothing further down can be more alike
        for place, number in enumerate(view.tree.find(tag)[:12]):
            text = view.tree.text(number)
            if not text or len(text) > _MAX_CHARS:
                continue
            score = bonus + max(likeness(text, title), likeness(text, view.title_tag)) - place / 50
            if best and score + 0.15 <= best[0]:
                continue  # wherever it stands
            if _leads_up(view, number):
                continue
            logo = squash(text) in view.logo_names or _inside_brand(view, number)
            score += 0.15 * _inside_content(view, number) - 0.4 * logo
            if best is None or score > best[0]:
                best = (score, number)
    if best and best[0] > (0.5 if view.tree.tags[best[1]] == "h3" else 0.3):
        return best[1]
    return _set_apart(view)


def _set_apart(view: View) -> int | None:
    """The element outside links that says just a part of the title tag, the longest one said.

    The part that names the site is none: it is the masthead's.
    """
    tree, host = view.tree, squash(view.host)
    runs = {
        key
        for key in runs_of(view.title_tag)
        if len(key) > _MIN_CHARS and squash(key) not in host and squash(key) not in view.logo_names
    }
    best: tuple[int, int] | None = None
    for number in tree.find(*_APART) if runs else ():
        if tree.closes[number] - tree.opens[number] > _MAX_TOKENS:
            continue
        key = title_key(plain(tree.text(number)))
        if key not in runs or (best and len(key) <= best[0]):
            continue
        if all(tree.tags[above] != "a" for above in tree.ancestors(number)):
            best = (len(key), number)
    return best[1] if best else None


_APART: Final = ("b", "strong", "font", "big", "span", "td", "th", "div", "p", "center", "dt")
_MAX_TOKENS: Final = 12  # of an element with a headline and nothing else
_MIN_CHARS: Final = 7


def read(view: View) -> Iterator[Claim]:
    """The headline, and other headings of the first rank where they could be it."""
    if view.headline is not None:
        tag = view.tree.tags[view.headline]
        place = "main" if _inside_content(view, view.headline) else "body"
        source = f"{tag}.{place}" if tag in _HEADINGS else "visible.apart"
        yield _claim(view, view.headline, source)
    firsts = [number for number in view.tree.find("h1") if view.tree.text(number)]
    for number in firsts[:4]:
        if number == view.headline or _is_masthead(view, number):
            continue
        if not view.is_foreign(number):
            yield _claim(view, number, "h1.other")
    if len(firsts) == 1 and not _is_masthead(view, firsts[0]):
        yield _claim(view, firsts[0], "h1.only")


def _claim(view: View, number: int, source: str) -> Claim:
    raw = view.tree.text(number)
    said = _without_overline(view, number) or raw
    return Claim("title", _ANCHOR.sub("", plain(said)), source, raw)


def _without_overline(view: View, number: int) -> str | None:
    """What a heading says that shares its element with a line above it, or with a count behind;
    `None` where it says nothing else.

    The line is known by its class, or because what shared pages are called (Open Graph) lacks it.
    """
    tree = view.tree
    for _ in range(_MAX_WRAPPERS):
        inner = [n for n in tree.within(number) if tree.parents[n] == number and tree.text(n)]
        if not inner:
            return None
        first, last = inner[0], inner[-1]
        rest = plain_text(tree, tree.closes[first], tree.closes[number]).lstrip(_BETWEEN)
        before = plain_text(tree, tree.opens[number], tree.opens[first])
        if rest or before:
            break
        number = first
    else:
        return None
    card = title_key(tidy(view.meta("og:title", "twitter:title") or ""))
    if rest and not before:
        is_named = _OVERLINE.search(tree.attr(first, "class")) is not None
        leads_on = tree.text(first).endswith(":")  # a headline of two parts
        if (is_named and not leads_on) or title_key(rest) == card:
            return rest
    start = plain_text(tree, tree.opens[number], tree.opens[last])
    return start if start and title_key(start) == card else None


_MAX_WRAPPERS: Final = 8  # elements around all that a heading says
_BETWEEN: Final = " :|/·•–—-"
_OVERLINE: Final = re.compile(
    r"kicker|(?:over|top|roof)-?(?:line|title)|eyebrow|pre-?(?:title|headline)|sur-?titre|dachzeile"
    r"|spitzmarke|oberzeile|ante-?titulo|occhiello|nadtytul",
    re.I,
)


def _inside_content(view: View, number: int) -> bool:
    return any(view.tree.tags[above] in _CONTENT for above in view.tree.ancestors(number))


def _inside_brand(view: View, number: int) -> bool:
    """Whether a heading stands in the page's own head beside the logo."""
    near = (number, *islice(view.tree.ancestors(number), 2))
    return any(_BRAND.search(view.tree.attrs[n].get("class") or "") for n in near)


_BRAND: Final = re.compile(
    r"site-?(?:title|name|description|brand|logo|heading|header)|blog-?(?:title|name)|\blogo\b|navbar|masthead",
    re.I,
)


def _is_masthead(view: View, number: int) -> bool:
    """Whether a heading only says the site's name, or leads to the home page."""
    return squash(view.tree.text(number)) in view.logo_names or _leads_up(view, number)


def _leads_up(view: View, number: int) -> bool:
    """Whether a heading is a link to the home page or to another folder above the page."""
    tree = view.tree
    for inner in tree.within(number):
        if tree.tags[inner] == "a" and (address := view.absolute(tree.attr(inner, "href"))):
            return address != view.url and (view.url or "").startswith(f"{address.rstrip('/')}/")
    return False
