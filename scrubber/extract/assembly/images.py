"""Images: which of them belong to the chosen text, and their addresses."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from scrubber.extract.assembly.inline import MAX_EMOJI_CHARS, is_emoji
from scrubber.extract.assembly.urls import Urls
from scrubber.extract.segments import Segments
from scrubber.extract.tree import Tree

_LAZY: Final = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-orig-file")
_SRCSETS: Final = ("srcset", "data-srcset", "data-lazy-srcset")
_PLACEHOLDERS: Final = ("blank.", "spacer.", "placeholder", "pixel.", "transparent.", "1x1", "lazy")
_MIN_PIXELS: Final = 33  # smaller ones are icons


class Picture(NamedTuple):
    """An image to keep. position: in the tree's tokens. number: its element."""

    position: int
    number: int
    src: str
    alt: str


def chosen_pictures(
    tree: Tree, segments: Segments, chosen: Sequence[bool], urls: Urls
) -> list[Picture]:
    """Images that stand among chosen text, each address once."""
    found: list[Picture] = []
    seen: set[str] = set()
    before = [0, *accumulate(map(int, chosen))]
    for number in tree.find("img", "amp-img"):
        if not _is_among(tree, segments, before, number) or _is_icon(tree, number):
            continue
        src = _source(tree, number, urls)
        if src is not None and src not in seen:
            seen.add(src)
            alt = " ".join((tree.attr(number, "alt")).split())
            found.append(Picture(_place(tree, number), number, src, alt))
    return found


def _is_among(tree: Tree, segments: Segments, before: list[int], number: int) -> bool:
    """Whether the text nearest to an image, in the smallest element that has any, was chosen."""
    firsts, lasts, parents, tags = segments.firsts, segments.lasts, tree.parents, tree.tags
    at = firsts[number]  # the segment that follows
    around = parents[number]
    while around >= 0:
        first, last = firsts[around], lasts[around]
        if last > first and tags[around] != "figure":
            kept = before[last] - before[first]
            if not kept:
                return False
            follows = at < last and before[at + 1] > before[at]
            leads = at > first and before[at] > before[at - 1]
            return follows or leads
        around = parents[around]
    return False


def _is_icon(tree: Tree, number: int) -> bool:
    """Whether an image is small or stands for a character, and so belongs to the text's line."""
    alt = tree.attr(number, "alt")
    if alt and len(alt) <= MAX_EMOJI_CHARS and is_emoji(alt):
        return True
    for name in ("width", "height"):
        value = tree.attr(number, name)
        if value.isdecimal() and len(value) < 6 and int(value) < _MIN_PIXELS:
            return True
    return False


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
        if value and not (name == "src" and _is_placeholder(value)) and (url := urls.image(value)):
            return url
    return _picture_source(tree, number, urls)


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
    for candidate in srcset.split(", ") if ", " in srcset else srcset.split(","):
        url, _, size = candidate.strip().rstrip(",").partition(" ")
        weight = _weight(size.strip())
        if url and not url.startswith("data:") and weight > best_size:
            best, best_size = url, weight
    return best


def _weight(descriptor: str) -> float:
    try:
        return float(descriptor[:-1]) if descriptor else 1.0
    except ValueError:
        return 0.0
