"""Images: which of them belong to the chosen text, their captions and their addresses."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate, islice
from typing import Final, NamedTuple

from scrubber.extract.assembly.inline import is_character
from scrubber.extract.assembly.math import is_source
from scrubber.extract.assembly.urls import Urls
from scrubber.extract.segments import Segments
from scrubber.extract.tree import Attributes, Tree

_LAZY: Final = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-orig-file")
_CANDIDATE: Final = re.compile(
    r"([^\s,]\S*)(?:(?<!,)\s+([^,]*))?"
)  # of a `srcset`, as HTML reads it
_SRCSETS: Final = ("srcset", "data-srcset", "data-lazy-srcset")
_PLACEHOLDERS: Final = (
    "blank.", "spacer.", "placeholder", "pixel.", "transparent.", "trans.", "1x1", "lazy", "empty.",
    "dot.", "clear.gif", "clear.png", "grey.gif", "gray.gif", "loading.", "loader.", "ajax-loader",
    ":0",
)  # fmt: skip
# Of images without words that are fetched to count readers.
_BEACON: Final = re.compile(
    r"^[a-z]*:?//(?:pixels?|beacons?|track(?:ing|er)?|stats?|counters?)\d*\."
    r"|/(?:pixels?|beacons?|collect|counter|track(?:ing)?|p|b|tr|g\.gif)(?:/?\?|$)",
    re.IGNORECASE,
)
_UNSEEN: Final = re.compile(r"display:\s*none|visibility:\s*hidden")
_MIN_PIXELS: Final = 33  # smaller ones are icons
MAX_LEAD: Final = 20  # segments between the title and the text that an image leads
_IMAGE_ENDINGS: Final = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".svg")
_WHOLES: Final = frozenset({"body", "main", "article", "section"})  # hold more than a figure
_FIGURE_DEPTH: Final = 4  # elements between a figure and its caption, at most


class Picture(NamedTuple):
    """An image to keep. position: in the tree's tokens. number: its element."""

    position: int
    number: int
    src: str
    alt: str


def chosen_pictures(
    tree: Tree,
    segments: Segments,
    chosen: Sequence[bool],
    urls: Urls,
    captions: Mapping[int, int],
) -> list[Picture]:
    """Images that stand among chosen text, each address once. captions: see `find_captions`."""
    found: list[Picture] = []
    seen: set[str] = set()
    text = _Text(tree, segments, chosen, captions)
    for number in tree.find("img", "amp-img"):
        if _adorns(tree, number) or not text.is_around(number):
            continue
        if is_source(tree, number):
            continue
        src = _source(tree, number, urls)
        if src is not None and src not in seen:
            seen.add(src)
            alt = " ".join((tree.attr(number, "alt")).split())
            found.append(Picture(_place(tree, number), number, src, alt))
    return found


def chosen_formulas(tree: Tree, segments: Segments, chosen: Sequence[bool]) -> list[int]:
    """Scripts and images of formulas that stand among chosen text, but in no line of it."""
    sources = [n for n in tree.find("script", "img") if is_source(tree, n)]
    text = _Text(tree, segments, chosen, {}) if sources else None
    found = []
    for number in sources:
        at = tree.opens[number]
        k = bisect_right(segments.starts, at) - 1
        if (k < 0 or at >= segments.stops[k]) and text is not None and text.is_around(number):
            found.append(number)
    return found


def find_captions(tree: Tree) -> dict[int, int]:
    """The captions of images, each with its figure: the nearest element that holds an image too."""
    images = tree.find("img", "amp-img")
    if not images:
        return {}
    return {
        caption: figure
        for caption in tree.having(_is_caption)
        if (figure := _figure_of(tree, images, caption)) >= 0
    }


def _is_caption(tag: str, attributes: Attributes) -> bool:
    names = attributes.get("class") or ""  # those of WordPress and MediaWiki
    return tag == "figcaption" or (
        "caption" in names and ("wp-caption-text" in names or "thumbcaption" in names)
    )


def _figure_of(tree: Tree, images: Sequence[int], caption: int) -> int:
    for around in islice(tree.ancestors(caption), _FIGURE_DEPTH):
        tag = tree.tags[around]
        if tag in _WHOLES:
            break
        if _images_in(tree, images, around):
            return around
        if tag == "figure":
            break  # of a video or code: images elsewhere are none of its own
    return -1


def _images_in(tree: Tree, images: Sequence[int], number: int) -> Sequence[int]:
    """Those of the page's images that are inside element `number`."""
    inside = tree.within(number)
    return images[bisect_left(images, inside.start) : bisect_left(images, inside.stop)]


def caption_segments(tree: Tree, segments: Segments, chosen: Sequence[bool]) -> list[int]:
    """The segments of the captions of images that stand among chosen text and can be shown."""
    captions = find_captions(tree)
    if not captions:
        return []
    images, urls = tree.find("img", "amp-img"), Urls(None)

    def shows(figure: int) -> bool:
        return any(
            not _adorns(tree, number) and _source(tree, number, urls)
            for number in _images_in(tree, images, figure)
        )

    text = _Text(tree, segments, chosen, captions)
    return [
        k
        for caption, figure in captions.items()
        if shows(figure) and text.is_around(figure)
        for k in range(segments.firsts[caption], segments.lasts[caption])
    ]


class _Text:
    """The chosen text, as images and figures see it."""

    def __init__(
        self, tree: Tree, segments: Segments, chosen: Sequence[bool], captions: Mapping[int, int]
    ) -> None:
        self._tree = tree
        self._segments = segments
        self._before = [0, *accumulate(map(int, chosen))]
        self._figures = {*captions.values(), *tree.find("figure")}
        self._lead = _lead(tree, segments, chosen)

    def is_around(self, number: int) -> bool:
        """Whether the text nearest to an image, in the smallest element that has any, was chosen.

        What its figure says is its caption, and does not count. A figure between the page's title
        and its first chosen text leads it.
        """
        firsts, lasts, before = self._segments.firsts, self._segments.lasts, self._before
        for around in self._tree.ancestors(number):
            first, last = firsts[around], lasts[around]
            if around in self._figures or (
                number in self._figures and (first, last) == (firsts[number], lasts[number])
            ):
                self._figures.add(around)  # a wrapper says nothing else
                number = around
            elif last > first:
                follows, leads = lasts[number], firsts[number] - 1
                return (
                    (follows < last and before[follows + 1] > before[follows])
                    or (leads >= first and before[leads + 1] > before[leads])
                    or (number in self._figures and self._tree.opens[number] in self._lead)
                )
        return False


def _lead(tree: Tree, segments: Segments, chosen: Sequence[bool]) -> range:
    """The tokens between the page's title and its first chosen text; empty if they are far apart.

    Between them stand a standfirst, the byline and buttons to share.
    """
    first = next((k for k, keep in enumerate(chosen) if keep), len(chosen))
    stop = segments.starts[first] if first < len(chosen) else 0
    titles = [number for number in tree.find("h1") if tree.closes[number] <= stop]
    if not titles or first - segments.lasts[titles[-1]] > MAX_LEAD:
        return range(0)
    return range(tree.closes[titles[-1]], stop)


def _adorns(tree: Tree, number: int) -> bool:
    """Whether an image is an icon of its line or of a link, and no picture of its own."""
    return _is_icon(tree, number) or _is_teaser(tree, number)


def _is_icon(tree: Tree, number: int) -> bool:
    """Whether an image is small, not shown or a character: part of a line, or of nothing."""
    if is_character(tree, number):
        return True
    style = tree.attrs[number].get("style")
    if style and _UNSEEN.search(style):
        return True
    for name in ("width", "height"):
        value = tree.attr(number, name)
        if value.isdecimal() and len(value) < 6 and int(value) < _MIN_PIXELS:
            return True
    return False


def _is_teaser(tree: Tree, number: int) -> bool:
    """Whether an image only adorns a link to another page: it has nothing to say in words."""
    if tree.attr(number, "alt"):
        return False
    links = [n for n in islice(tree.ancestors(number), _FIGURE_DEPTH) if tree.tags[n] == "a"]
    target = tree.attr(links[0], "href").partition("?")[0].lower() if links else ""
    return bool(target) and not target.endswith(_IMAGE_ENDINGS)


def _place(tree: Tree, number: int) -> int:
    """Where the image stands: at the start of its figure, so that a caption comes after it."""
    for around in tree.ancestors(number):
        if tree.tags[around] == "figure":
            return min(tree.opens[around], tree.opens[number])
        if tree.tags[around] not in ("picture", "a", "span", "div", "noscript"):
            break
    return tree.opens[number]


def _source(tree: Tree, number: int, urls: Urls) -> str | None:
    """The best address of an image: the largest of a set, a lazy one, `src`, a `<source>`."""
    attrs = tree.attrs[number]
    for name in _SRCSETS:
        best = largest(attrs.get(name) or "")
        if best and (url := urls.image(best)):
            return url
    for name in (*_LAZY, "src"):
        value = (attrs.get(name) or "").strip()
        if not value or "{" in value or (name == "src" and _is_placeholder(value)):
            continue
        if url := urls.image(value):
            return None if not attrs.get("alt") and _BEACON.search(value) else url
    return _picture_source(tree, number, urls) or _unnamed_source(attrs, urls)


def _unnamed_source(attrs: Attributes, urls: Urls) -> str | None:
    """The address that a loader of a site's own making keeps in some attribute."""
    for name, value in attrs.items():
        if value and name.startswith("data-") and "{" not in value:
            path = value.partition("?")[0].lower()
            if path.endswith(_IMAGE_ENDINGS) and " " not in path and (url := urls.image(value)):
                return url
    return None


def _picture_source(tree: Tree, number: int, urls: Urls) -> str | None:
    parent = tree.parents[number]
    if parent < 0 or tree.tags[parent] != "picture":
        return None
    for element in tree.within(parent):
        if tree.tags[element] == "source":
            for name in _SRCSETS:
                best = largest(tree.attr(element, name))
                if best and (url := urls.image(best)):
                    return url
    return None


def _is_placeholder(src: str) -> bool:
    name = src.rpartition("/")[2].lower()
    return src.startswith("data:") or name.startswith(_PLACEHOLDERS)


def largest(srcset: str) -> str:
    """The address with the greatest width or density in a `srcset`."""
    best, best_size = "", -1.0
    for url, size in _CANDIDATE.findall(srcset):
        weight = _weight(size.strip())
        if not url.startswith("data:") and weight > best_size:
            best, best_size = url.rstrip(","), weight
    return best


def _weight(descriptor: str) -> float:
    try:
        return float(descriptor[:-1]) if descriptor else 1.0
    except ValueError:
        return 0.0
