"""What is residue with what it announces: lists of links, author's notes, boxes, or nothing."""

from __future__ import annotations

from scrubber.clean.line import Line
from scrubber.clean.scene import LINK_PAGES, Scene
from scrubber.lexicon import Match
from scrubber.lexicon.fold import fold

_RUN_FAMILIES = frozenset({"related", "navigation", "tags"})
_EMPTY_SECTIONS = _RUN_FAMILIES | {"author_box", "share", "newsletter"}
_BIO_LINES = 4  # lines of an author's note below its heading, at the end of a text
_BOX_LINES, _BOX_CHARS = 2, 160  # that say what a newsletter is, and of each of them
_REPEATS = 3  # of a label that is the same on every teaser


def take_link_lists(scene: Scene) -> None:
    """A label such as "Related articles" or "Contents" goes with the links that follow it."""
    if scene.context.page_type in LINK_PAGES:
        return
    for at, match in scene.evidence:
        if match.family not in _RUN_FAMILIES or scene.is_title(at):
            continue
        if scene.lines[at].linked and not _opens_trail(scene, at, match):
            continue  # before its run is read: where all links are labels, each would read the rest
        end = _end_of_links(scene, at + 1, _headings_below(scene, at, match))
        links = sum(max(scene.lines[i].links, 1) for i in range(at + 1, end))
        is_sure = match.strength == "strong" or match.family == "navigation"
        if links > (not is_sure):
            scene.verdicts[at:end] = [match.family] * (end - at)


def _headings_below(scene: Scene, at: int, match: Match) -> frozenset[str]:
    """What a table of contents repeats, folded; nothing for other labels."""
    if match.family != "navigation":
        return frozenset()
    return frozenset(text for place, text in scene.headings if place > at)


def _opens_trail(scene: Scene, at: int, match: Match) -> bool:
    """True for the "Home" of a breadcrumb trail above the text."""
    return match.family == "navigation" and scene.lines[at].role == "item" and scene.in_margin(at)


def _end_of_links(scene: Scene, at: int, headings: frozenset[str]) -> int:
    """The position after a run of links that are no headings, with the images among them.

    headings: texts that count as links even where they are none.
    """
    if at >= scene.links_from and sum(x.links for x in scene.lines[at:]) > 1:
        return len(scene.lines)  # teasers with headings of their own, down to the end
    end = at
    for position in range(at, len(scene.lines)):
        line = scene.lines[position]
        if line.role != "heading" and (
            line.linked
            or (line.text and all(fold(text) in headings for text in line.text.split("\n")))
        ):
            end = position + 1
        elif line.text:
            break
    return end


def is_empty_section(scene: Scene, at: int, match: Match) -> bool:
    """A label for links or notes above the next heading: what it announced is gone."""
    if (
        match.family not in _EMPTY_SECTIONS
        or not scene.is_article
        # A network's name heads what is said of it; foreign words are words.
        or (match.strength == "weak" and match.language != (scene.context.language or "en"))
        or scene.is_title(at)
        or scene.is_own_sentence(at)
        or scene.lines[at].role == "item"
    ):
        return False
    if match.family == "navigation" and scene.is_heading(at) and at < scene.margins[0]:
        return True  # "Contents" above the first prose: the extractor left its links out
    after = _text_after(scene, at)
    is_open = scene.is_open_ended(at) and match.family not in ("navigation", "tags")
    is_open = is_open and scene.context.page_type == "article"  # whose links the extractor left
    if after is None:
        return (scene.is_heading(at) or is_open) and at > scene.margins[1]
    if is_open and match.family == "related" and scene.in_margin(at):
        return True
    if after.role != "heading":
        return False
    own = scene.lines[at].level
    return own is None or after.level is None or after.level <= own


def _text_after(scene: Scene, at: int) -> Line | None:
    below = (scene.lines[i] for i in range(at + 1, len(scene.lines)))
    return next((line for line in below if line.text), None)


def is_repeated(scene: Scene, at: int, match: Match) -> bool:
    """A label of several words that an article repeats: "Read more" under every teaser."""
    line = scene.lines[at]
    if match.family not in ("related", "advertisement") or " " not in line.text.strip():
        return False
    is_text = line.role == "text" and match.strength != "lead"
    return (
        is_text
        and scene.is_article
        and scene.context.page_type == "article"
        and scene.counts[line.text] >= _REPEATS
    )


def take_author_note(scene: Scene) -> None:
    """The heading of an author's note goes with the note: at the very end, or by his name."""
    first = max(0, len(scene.lines) - _BIO_LINES - 1)
    for at, match in scene.evidence:
        if match.family != "author_box" or scene.is_title(at) or not 0 < at < len(scene.lines) - 1:
            continue
        if not scene.is_heading(at) and not scene.is_open_ended(at):
            continue
        end = _end_of_section(scene, at)
        if at >= first or (end - at <= _BIO_LINES + 1 and _names_author(scene, at, end)):
            end = len(scene.lines) if at >= first else end
            scene.verdicts[at:end] = ["author_box"] * (end - at)
            return


def take_boxes(scene: Scene) -> None:
    """A newsletter's heading goes with the one or two short lines below it that take it up.

    The next heading or the end must follow: a section of prose is a chapter.
    """
    if not scene.is_article or scene.context.page_type != "article":
        return
    for at, match in scene.evidence:
        is_sign_up = (match.family, match.strength) == ("newsletter", "strong")
        if is_sign_up and scene.is_heading(at) and not scene.is_title(at):
            below = [i for i in range(at + 1, _end_of_section(scene, at)) if scene.lines[i].text]
            is_box = all(len(scene.lines[i].text) <= _BOX_CHARS for i in below)
            if is_box and len(below) <= _BOX_LINES and scene.heads_its_subject(at):
                for i in (at, *below):
                    scene.verdicts[i] = match.family


def _end_of_section(scene: Scene, at: int) -> int:
    """The position of the next heading, or the end."""
    after = range(at + 1, len(scene.lines))
    return next((i for i in after if scene.is_heading(i)), len(scene.lines))


def _names_author(scene: Scene, at: int, end: int) -> bool:
    """True where a note in the later half of an article names one of its authors."""
    note = fold(" ".join(line.text for line in scene.lines[at + 1 : end]))
    late = scene.is_article and 2 * at > len(scene.lines)
    return late and any(name in note for name in scene.names)
