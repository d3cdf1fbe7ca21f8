"""The verdict on every line of a document: which are residue, and of which family.

The lexicon gives evidence for one line; here its surroundings speak too. In order:

    1. lone        a sentence pattern is residue, unless the document is about its very subject; a
                   strong label where it interrupts prose, stands among other matches or in the
                   margins, but not among lines of data, and not as a heading above prose
    2. details     bylines, dates and trails that repeat the metadata, and links that lead away
    3. sections    a label with the links, the note or the line that it announces, or with nothing
    4. neighbours  weak labels and leads beside residue; weak labels above the title or below the
                   last prose of an article
    5. guesses     lines beside residue that nobody listed and that are guessed to be residue

The margins are what stands above the first and below the last prose. Of lines that match nothing
only those that stand beside residue may go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scrubber.clean.details import TRAIL_LINES, is_bar, is_detail, may_be_trail, note_details
from scrubber.clean.guesses import Guesser, take_guesses
from scrubber.clean.line import Context, Line
from scrubber.clean.lone import is_label, is_notice
from scrubber.clean.neighbours import is_stray_button, spread, take_margins
from scrubber.clean.scene import Scene
from scrubber.clean.sections import (
    is_empty_section,
    is_repeated,
    take_author_note,
    take_boxes,
    take_link_lists,
)
from scrubber.lexicon import Match
from scrubber.lexicon.fold import fold


def texts_of(lines: Iterable[Line]) -> list[str]:
    """What the lexicon is asked of: nothing of lines that are not to be judged."""
    return ["" if line.role == "other" else line.text for line in lines]


def judge(
    lines: Sequence[Line],
    matches: Sequence[Match | None],
    context: Context,
    *,
    phrases: Mapping[str, Iterable[str]] | None = None,
    guess: Guesser | None = None,
) -> list[str | None]:
    """The family of each line that is residue, `None` for lines to keep.

    matches: what the lexicon says of each of `texts_of(lines)`. phrases: the user's own labels by
    family; a line that is one of them always goes. guess: what an unknown line is likely to be.
    """
    wanted = {fold(text): family for family, texts in (phrases or {}).items() for text in texts}
    is_plain = not any(matches) and not any(map(may_be_trail, lines[:TRAIL_LINES]))
    is_plain = is_plain and not any(map(is_bar, lines))
    if is_plain and not wanted and not (context.names or context.dates):
        return [None] * len(lines)
    scene = Scene(lines, matches, context)
    if wanted:
        scene.verdicts = [wanted.get(fold(line.text)) for line in lines]
    note_details(scene)
    scene.take(is_notice)
    scene.take(is_label)
    scene.take(is_stray_button)
    scene.take(is_detail)
    take_link_lists(scene)
    take_author_note(scene)
    take_boxes(scene)
    scene.take(is_empty_section)
    scene.take(is_repeated)
    spread(scene)
    if guess is not None:
        take_guesses(scene, guess)
        spread(scene)
    take_margins(scene)
    return scene.verdicts
