"""Lines that nobody listed, beside residue and at an article's end, and read like it themselves.

What the lexicon does not know it may guess, see `scrubber.lexicon.guess`. A guess is less than a
weak label: it is asked for only where residue stands beside a line, or from the end of an article
on, and a line that touches prose must be surer than one among residue.
"""

from __future__ import annotations

from collections.abc import Callable

from scrubber.clean.scene import LINK_PAGES, Scene
from scrubber.lexicon import Match
from scrubber.lexicon.guess import Guess

Guesser = Callable[[str], Guess | None]
_LEAST_ODDS = 1.0  # among residue
_LEAST_BESIDE_PROSE = 3.0  # which a line may head or end


def take_guesses(scene: Scene, guess: Guesser) -> None:
    """Unknown lines beside residue go where they are guessed to be residue; in both directions."""
    if not _may_guess(scene):
        return
    lines = range(len(scene.lines))
    for steps, back in ((lines, -1), (reversed(lines), 1)):
        for at in steps:
            beside = at + back
            if 0 <= beside < len(lines) and scene.verdicts[beside] and _is_open(scene, at):
                found = _guess_at(scene, at, guess)
                scene.verdicts[at] = found and found.family


def note_guesses(scene: Scene, guess: Guesser) -> None:
    """Make weak evidence of unknown lines between the last prose of an article and its end."""
    if not _may_guess(scene) or not scene.context.closes:
        return
    for at in range(len(scene.lines) - 1, scene.margins[1], -1):
        if _is_open(scene, at):
            found = _guess_at(scene, at, guess)
            if found is None:
                break
            scene.matches[at] = Match(found.family, "weak", "*")


def _may_guess(scene: Scene) -> bool:
    return scene.is_article and scene.context.page_type not in LINK_PAGES


def _is_open(scene: Scene, at: int) -> bool:
    line = scene.lines[at]
    is_unknown = scene.matches[at] is None and scene.verdicts[at] is None
    return is_unknown and line.role in ("text", "item") and bool(line.text)


def _guess_at(scene: Scene, at: int, guess: Guesser) -> Guess | None:
    """What a line is guessed to be, where that is likely enough."""
    found = guess(scene.lines[at].text)
    if found is None or found.odds < _LEAST_ODDS or scene.is_title(at):
        return None
    touches = any(scene.prose[i] or scene.is_heading(i) for i in scene.beside(at))
    return None if touches and found.odds < _LEAST_BESIDE_PROSE else found
