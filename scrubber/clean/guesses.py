"""Lines that nobody listed, beside residue and like it.

What the lexicon does not know it may guess, see `scrubber.lexicon.guess`. A guess is less than a
weak label: it is asked for only where residue stands beside a line, and a line that touches prose
must be surer than one among residue.
"""

from __future__ import annotations

from collections.abc import Callable

from scrubber.clean.scene import LINK_PAGES, Scene
from scrubber.lexicon.guess import Guess

Guesser = Callable[[str], Guess | None]
_LEAST_ODDS = 1.0  # among residue
_LEAST_BESIDE_PROSE = 3.0  # which a line may head or end


def take_guesses(scene: Scene, guess: Guesser) -> None:
    """Unknown lines beside residue go where they are guessed to be residue; in both directions."""
    if scene.context.page_type in LINK_PAGES or not any(scene.verdicts) or not scene.is_article:
        return
    lines = range(len(scene.lines))
    for steps, back in ((lines, -1), (reversed(lines), 1)):
        for at in steps:
            beside = at + back
            if 0 <= beside < len(lines) and scene.verdicts[beside] and _is_open(scene, at):
                scene.verdicts[at] = _family_of(scene, at, guess)


def _is_open(scene: Scene, at: int) -> bool:
    """True for a line of which neither the page nor the lexicon says anything."""
    line = scene.lines[at]
    is_unknown = scene.matches[at] is None and scene.verdicts[at] is None
    return is_unknown and line.role in ("text", "item") and not scene.is_title(at)


def _family_of(scene: Scene, at: int, guess: Guesser) -> str | None:
    """What a line is guessed to be, where that is likely enough."""
    found = guess(scene.lines[at].text)
    if found is None or found.odds < _LEAST_ODDS:
        return None
    touches = any(scene.prose[i] or scene.is_heading(i) for i in scene.beside(at))
    return None if touches and found.odds < _LEAST_BESIDE_PROSE else found.family
