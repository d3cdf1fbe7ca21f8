"""What is residue by its neighbours: weak labels beside residue, and in the margins."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from scrubber.clean.scene import INTRUDERS, Scene
from scrubber.lexicon import Match
from scrubber.lexicon.evidence import ends_in
from scrubber.lexicon.fold import fold, is_unspaced

_BUTTONS = frozenset({"newsletter", "paywall_login", "navigation"})
_SOURCES = frozenset({"author_box", "copyright"})
_SOURCE_CHARS = 60
_BUTTON_CHARS = 5  # of a label of several words where words are unspaced


def spread(scene: Scene) -> None:
    """Weak lines beside residue go; in both directions, so that runs are taken whole."""
    order = [at for at, _ in scene.evidence]
    for steps, back in ((order, -1), (reversed(order), 1)):
        for at in steps:
            beside = at + back
            if not _is_open(scene, at) or not 0 <= beside < len(scene.lines):
                continue
            if scene.verdicts[beside] and _belongs(scene, at, scene.verdicts[beside]):
                scene.verdicts[at] = scene.family(at)


def _is_open(scene: Scene, at: int) -> bool:
    match = scene.matches[at]
    weak = match is not None and match.strength in ("weak", "lead")
    return weak and scene.verdicts[at] is None and not _is_kept_heading(scene, at)


def _belongs(scene: Scene, at: int, family: str | None) -> bool:
    """True where a weak label fits residue of `family`: buttons do, menus only in margins."""
    own = scene.family(at)
    return own in INTRUDERS or own == family or scene.in_margin(at)


def _is_kept_heading(scene: Scene, at: int) -> bool:
    return scene.lines[at].role == "heading" and scene.heads_prose(at)


def take_margins(scene: Scene) -> None:
    """Weak lines from either end on, as long as every line is evidence."""
    if not scene.is_article:
        return
    _take_run(scene, scene.margin, partial(_is_section_label, scene))
    _take_run(scene, scene.margin[::-1], partial(_is_last_label, scene))


def _take_run(scene: Scene, margin: Sequence[int], may_go_alone: Callable[[int], bool]) -> None:
    """Take the run of evidence with which `margin` begins; one weak line alone seldom goes."""
    run: list[int] = []
    for at in margin:
        open_ = _is_open(scene, at) and not scene.is_title(at)
        if scene.verdicts[at] is None and (not open_ or _is_sentence(scene.lines[at].text)):
            break
        run.append(at)
    if len(run) > 1 or (run and may_go_alone(run[0])):
        for at in run:
            scene.verdicts[at] = scene.verdicts[at] or scene.family(at)


def _is_section_label(scene: Scene, at: int) -> bool:
    """The name of a section, above what may be the title, above prose."""
    after = scene.lines[at + 1 : at + 2]
    word = fold(scene.lines[at].text)
    titled = bool(after) and scene.matches[at + 1] is None and not scene.prose[at + 1]
    titled = titled and not fold(after[0].text).startswith(word)
    near = any(scene.prose[at + 2 : at + 6])
    return scene.family(at) == "section_label" and titled and near


def _is_last_label(scene: Scene, at: int) -> bool:
    """What is left of a comment section, share row or tag list below the last prose."""
    family = scene.family(at)
    is_row = family == "tags" and " " in scene.lines[at].text
    if is_row and "," in scene.lines[at].text:
        return any(scene.prose[max(0, at - 3) : at])
    is_left = is_row or family in ("comment_form", "share") or _is_button(scene, at)
    return (is_left or _is_source(scene, at)) and scene.prose[at - 1]


def _is_source(scene: Scene, at: int) -> bool:
    """The last line of an article that says whose it is: "Source: an agency"."""
    match, line = scene.matches[at], scene.lines[at]
    is_own = match is not None and match.language == scene.context.language
    says = match is not None and match.strength == "lead" and match.family in _SOURCES
    return is_own and says and at == len(scene.lines) - 1 and len(line.text) <= _SOURCE_CHARS


def _is_button(scene: Scene, at: int) -> bool:
    """A label of several words in the document's language: no article ends in "Choose a plan".

    It may end in a link of its own to more: "Learn more", "Read more: Another headline".
    """
    return scene.family(at) in _BUTTONS and _is_button_label(scene, at)


def _is_button_label(scene: Scene, at: int) -> bool:
    match, line = scene.matches[at], scene.lines[at]
    if match is None or (match.strength, line.role) != ("weak", "text"):
        return False
    is_own = match.language == (scene.context.language or "en")
    is_long = len(line.text) >= _BUTTON_CHARS if is_unspaced(line.text) else " " in line.text
    return is_own and is_long


def is_stray_button(scene: Scene, at: int, match: Match) -> bool:
    """A label of a comment section, of several words, between two paragraphs of an article.

    Labels of other families may head what follows; so does this where the prose below takes it up.
    """
    return (
        match.family == "comment_form"
        and _is_button_label(scene, at)
        and not ends_in(scene.lines[at].text.rstrip(), ".!:")
        and scene.is_article
        and scene.context.page_type in (None, "article")
        and not scene.is_title(at)
        and all(scene.prose[i] for i in scene.beside(at))
        and not scene.heads_its_subject(at)
    )


def _is_sentence(text: str) -> bool:
    return text.rstrip()[-1:] in ".!?。！？"
