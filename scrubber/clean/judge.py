"""The verdict on every line of a document: which are residue, and of which family.

The lexicon gives evidence for one line; here its surroundings speak too. In order:

    1. notices     a sentence pattern is residue, unless the document is about its very subject
    2. labels      a strong label is residue where it interrupts prose, stands among other matches
                   or in the margins; not among lines of data, and not as a heading above prose
    3. neighbours  weak labels and leads beside residue are residue
    4. margins     weak labels above the title or below the last prose of an article are residue

The margins are what stands above the first and below the last prose. Lines that match nothing
are never removed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scrubber.clean.line import Context, Line
from scrubber.clean.scene import TRAIL_LINES, Scene, may_be_trail
from scrubber.lexicon import Matcher
from scrubber.lexicon.fold import fold


def judge(
    lines: Sequence[Line],
    matcher: Matcher,
    context: Context,
    *,
    phrases: Mapping[str, Iterable[str]] | None = None,
) -> list[str | None]:
    """The family of each line that is residue, `None` for lines to keep.

    phrases: the user's own labels by family; a line that is one of them always goes.
    """
    texts = ["" if line.role == "other" else line.text for line in lines]
    matches = matcher.match_all(texts, context.language)
    wanted = {fold(text): family for family, texts in (phrases or {}).items() for text in texts}
    is_plain = not any(matches) and not any(map(may_be_trail, lines[:TRAIL_LINES]))
    if is_plain and not wanted and not (context.names or context.dates):
        return [None] * len(lines)
    scene = Scene(lines, matches, context)
    if wanted:
        scene.verdicts = [wanted.get(fold(line.text)) for line in lines]
    scene.note_details()
    scene.take(scene.is_notice)
    scene.take(scene.is_label)
    scene.take(scene.is_detail)
    scene.take_link_lists()
    scene.take_author_note()
    scene.take_boxes()
    scene.take(scene.is_empty_section)
    scene.take(scene.is_repeated)
    scene.spread()
    scene.take_margins()
    return scene.verdicts
