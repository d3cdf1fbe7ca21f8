"""Details at the ends of a text: bylines, dates and trails that repeat the metadata, links on."""

from __future__ import annotations

import re

from scrubber.clean.line import Line
from scrubber.clean.scene import LINK_PAGES, Scene
from scrubber.lexicon import Match
from scrubber.lexicon.fold import fold

TRAIL_LINES = 6  # from the top among which a breadcrumb trail stands
_DETAIL_LINES = 6  # lines from either end among which bylines and dates stand
_DETAIL_CHARS = 60
_BYLINE_WORDS = 2  # before the name
_DATE_WORDS = 8  # of a line that is only a date and perhaps a time
_BAR = re.compile(r"\s[|·•/–—-]{1,2}\s|\]\s*\[|\n")  # between the links of a bar
_TRAIL_MARK = re.compile(r"\s*[»›→>/|]\s+")


def note_details(scene: Scene) -> None:
    """Make evidence of lines in the margins that only repeat the metadata's names and date.

    Where posts or products follow each other, such a line says whose or of when one is.
    """
    if scene.context.page_type in LINK_PAGES - {"documentation"}:
        return
    ends = [*range(min(_DETAIL_LINES, len(scene.lines)))]
    ends += range(max(len(ends), len(scene.lines) - _DETAIL_LINES), len(scene.lines))
    for at in ends:
        line = scene.lines[at]
        if scene.matches[at] is not None or line.role not in ("text", "heading"):
            continue
        if _is_byline(scene, at):
            scene.matches[at] = Match("author_box", "lead", "*")
        if line.role == "heading":
            continue
        if len(line.text) <= _DETAIL_CHARS and (family := _repeated_detail(scene, line.text)):
            scene.matches[at] = Match(family, "lead", "*")
        elif (at < TRAIL_LINES and _is_trail(scene, line.text)) or (
            is_bar(line) and scene.in_margin(at)
        ):
            scene.matches[at] = Match("navigation", "strong", "*")


def _is_byline(scene: Scene, at: int) -> bool:
    """True for "Words by" and the name of an author; as a heading only above the text."""
    if len(scene.lines[at].text) > _DETAIL_CHARS or scene.is_title(at):
        return False
    if scene.is_heading(at) and at > scene.margins[0]:
        return False
    folded = fold(scene.lines[at].text)
    name = next((name for name in scene.names if folded.endswith(f" {name}")), None)
    return name is not None and len(folded[: -len(name)].split()) <= _BYLINE_WORDS


def _repeated_detail(scene: Scene, text: str) -> str | None:
    folded = fold(text)
    if folded in scene.names:
        return "author_box"
    words = len(folded.split())
    return "reading_time" if words <= _DATE_WORDS and _is_known_date(scene, text) else None


def _is_trail(scene: Scene, text: str) -> bool:
    """True for a breadcrumb trail that ends in the title: "Home » Reviews » The title"."""
    first, *rest = _TRAIL_MARK.split(text)
    heads = [line.text for line in scene.lines[:_DETAIL_LINES] if line.role == "heading"]
    titles = {scene.title, *map(fold, heads)}
    return bool(rest) and len(first) < _DETAIL_CHARS and fold(rest[-1]) in titles - {""}


def _is_known_date(scene: Scene, text: str) -> bool:
    numbers = {number.lstrip("0") for number in re.findall(r"\d+", text)}
    return any(
        {date[:4], date[8:].lstrip("0")} <= numbers and len(numbers) <= 6
        for date in scene.context.dates
    )


def is_detail(scene: Scene, at: int, match: Match) -> bool:
    """A byline or date that only repeats the metadata, or a label that is all link."""
    if scene.is_title(at):
        return False
    if match.strength == "lead" and scene.lines[at].text[0] in "([":
        return False  # an aside of the author's own
    is_name = match.language == "*" and match.strength == "weak"
    if scene.lines[at].linked and not is_name and _is_way_on(scene, at, match):
        return True
    if match.family == "reading_time" and match.strength == "weak":
        return _stands_below_title(scene, at)
    if match.strength != "lead" or scene.context.page_type in LINK_PAGES - {"documentation"}:
        return False
    if match.family == "related":
        return _is_teaser_between(scene, at)
    text = scene.lines[at].text
    if match.family == "reading_time":
        return _is_known_date(scene, text)
    if match.family == "author_box":
        folded = fold(text)
        return any(name in folded for name in scene.names)
    return False


def _is_teaser_between(scene: Scene, at: int) -> bool:
    """True where "Related: some headline" stands between two paragraphs of an article."""
    is_text = scene.lines[at].role == "text" and scene.context.page_type == "article"
    return is_text and scene.is_article and scene.is_amid_prose(at)


def _is_way_on(scene: Scene, at: int, match: Match) -> bool:
    """True where a label that is all link leads away from an article.

    On other pages, and as one item among others, such links are what the page offers.
    """
    if not scene.is_article or scene.context.page_type in LINK_PAGES:
        return match.family == "related" and match.strength != "lead" and not scene.is_heading(at)
    if match.strength == "lead":
        return True
    return not scene.is_heading(at) and (scene.lines[at].role != "item" or scene.has_company(at))


def _stands_below_title(scene: Scene, at: int) -> bool:
    """True where only a title and other evidence stand above, and prose follows."""
    above = [i for i in range(at) if scene.lines[i].text and scene.matches[i] is None]
    after = next((i for i in range(at + 1, len(scene.lines)) if scene.lines[i].text), None)
    titled = all(scene.is_heading(i) or scene.is_title(i) for i in above) and len(above) < 2
    titled = titled and any(map(str.isdigit, scene.lines[at].text))
    return titled and scene.is_article and after is not None and scene.prose[after]


def is_bar(line: Line) -> bool:
    """True for links set apart by bars or line ends: an old page's menu or list of other pages."""
    return line.links > 1 and line.role == "text" and _BAR.search(line.text) is not None


def may_be_trail(line: Line) -> bool:
    """True where something stands between the marks of a breadcrumb trail."""
    return line.role == "text" and _TRAIL_MARK.search(line.text, 0, _DETAIL_CHARS) is not None
