"""What is residue by itself: sentences of a notice, and labels that interrupt the text."""

from __future__ import annotations

from scrubber.clean.scene import INTRUDERS, Scene
from scrubber.lexicon import Match

# What no page offers as its content, not even a list of links or a shop's front page.
_NEVER_CONTENT = frozenset({"cookie_consent", "comment_form", "share", "browser_notice"})


def is_notice(scene: Scene, at: int, match: Match) -> bool:
    """A sentence of a known notice; where it is the document's subject, a very clear one."""
    if match.strength != "pattern" or scene.is_title(at) or scene.runs_on(at):
        return False
    if scene.lines[at].role == "item" and not (scene.has_company(at) or scene.in_margin(at)):
        return False
    if not scene.is_article and match.family not in _NEVER_CONTENT:
        # Short lines of an article's notes are no prose, and yet no listing.
        return scene.context.page_type == "article" and match.hits > 1 and scene.has_company(at)
    if not scene.is_subject(match.subject):
        return True
    if match.hits > 1 and (scene.has_company(at) or scene.in_margin(at)):
        return True
    return scene.in_margin(at) and _has_buttons(scene, at, match.family)


def _has_buttons(scene: Scene, at: int, family: str) -> bool:
    """True where a strong label of the same family stands beside: no quotation has that."""
    beside = [scene.matches[i] for i in scene.beside(at)]
    return any(m is not None and (m.strength, m.family) == ("strong", family) for m in beside)


def is_label(scene: Scene, at: int, match: Match) -> bool:
    """A strong label that is neither heading, nor title, nor one line of data among others."""
    if _is_bare_ad(scene, at, match):
        return True
    if match.strength != "strong" or scene.is_title(at):
        return False
    if scene.is_own_sentence(at):
        return False
    if scene.lines[at].role == "heading":
        return not scene.heads_prose(at)
    if scene.lines[at].role == "item" and not (scene.has_company(at) or scene.in_margin(at)):
        return False
    if match.family != "advertisement" and scene.heads_its_subject(at):
        return False
    if not scene.is_article:
        return match.family in _NEVER_CONTENT and scene.has_company(at, sure=True)
    if scene.in_margin(at) or scene.interrupts(at, match.family):
        return True
    return scene.has_company(at, sure=match.family not in INTRUDERS)


def _is_bare_ad(scene: Scene, at: int, match: Match) -> bool:
    """True for "Sponsored" alone in the middle of an article: what it labelled is gone."""
    is_text = scene.lines[at].role == "text" and match.family == "advertisement"
    is_weak = match.strength == "weak" and scene.context.page_type == "article"
    return is_text and is_weak and scene.interrupts(at, "advertisement")
