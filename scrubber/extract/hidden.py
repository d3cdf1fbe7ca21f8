"""Which text of a page nobody sees, by what the elements around it say of themselves.

`is_hidden` says which elements are not shown at first. A reader's click shows some of them: tab
panels and accordions by their names (`is_revealed`), others by what stands beside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from scrubber.extract.segments import Segments
from scrubber.extract.tree import Attributes, Tree

if TYPE_CHECKING:
    import numpy as np

# Of a style in lower case: without regard to case it is searched for half as fast.
_HIDING: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:left|top|text-indent)\s*:\s*-\d{4,}"
)
_REVEALING: Final = re.compile(
    r"tab(?!le)|accord|collaps|toggle|panel|faq|answer|expand|slide|spoiler|more|fade|anim", re.I
)
_MAX_QUESTION_CHARS: Final = 160


def is_hidden(attributes: Attributes) -> bool:
    """Whether the element itself says that it is not shown."""
    if "hidden" in attributes:
        return attributes["hidden"] != "until-found"
    style = attributes.get("style")
    return bool(style and _HIDING.search(style.lower()))


def is_revealed(attributes: Attributes) -> bool:
    """Whether a reader's click shows what is hidden: tab panels, accordions, carousels."""
    if attributes.get("role") == "tabpanel" or "aria-labelledby" in attributes:
        return True
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return bool(_REVEALING.search(names))


def hidden_segments(
    tree: Tree, segments: Segments, elements: Sequence[int], best: np.ndarray
) -> np.ndarray:
    """Which segments are not shown, shape (n,). elements: those that say so of themselves. best:
    which segments would be chosen.
    """
    hidden = _inside(tree, segments, elements)
    if not (best & hidden).any():
        return hidden
    return _inside(tree, segments, _still_folded(tree, segments, elements, best, hidden))


def _inside(tree: Tree, segments: Segments, elements: Sequence[int]) -> np.ndarray:
    """Which segments stand in one of the elements that say they are not shown.

    Where that would be nearly the whole page, the mark is a trick of its scripts (pages fade in)
    and hides nothing.
    """
    import numpy as np

    hidden = np.zeros(len(segments), bool)
    for number in elements:
        if not is_revealed(tree.attrs[number]):
            hidden[segments.firsts[number] : segments.lasts[number]] = True
    if not hidden.any():
        return hidden
    sizes = np.fromiter(map(len, segments.texts), float, len(segments))
    return hidden if sizes[hidden].sum() <= 0.7 * sizes.sum() else np.zeros(len(segments), bool)


def _still_folded(
    tree: Tree,
    segments: Segments,
    elements: Sequence[int],
    best: np.ndarray,
    hidden: np.ndarray,
) -> list[int]:
    """The elements not shown, but for those that a reader's click unfolds.

    Those are named by a control, stand beside a button, or are several of one look, each below a
    line of its own that was chosen: questions whose answers are folded. Left-out pages: +0.0004
    word F1, five better, none worse.
    """
    controlled = _controlled(tree)
    parted: dict[tuple[str, str | None], list[int]] = {}
    folded = []
    for number in elements:
        first, last = segments.firsts[number], segments.lasts[number]
        if last <= first or best[first:last].mean() <= 0.5:
            folded.append(number)
        elif tree.attrs[number].get("id") in controlled or _has_button_beside(tree, number):
            continue
        elif (
            tree.tags[number] not in ("p", "span")  # those are notes to nobody
            and segments.firsts[tree.parents[number]] < first
            and len(segments.texts[first - 1]) < _MAX_QUESTION_CHARS
            and best[first - 1]
            and not hidden[first - 1]
        ):
            look = tree.tags[number], tree.attrs[number].get("class")
            parted.setdefault(look, []).append(number)
        else:
            folded.append(number)
    folded.extend(group[0] for group in parted.values() if len(group) == 1)
    return folded


def _controlled(tree: Tree) -> set[str]:
    """Ids that a control says it opens."""
    controls = ("aria-controls", "data-target", "data-bs-target")
    named = (attrs.get(key) for _, attrs in tree.start_tags if attrs for key in controls)
    return {name.lstrip("#") for names in named if names for name in names.split()}


def _has_button_beside(tree: Tree, number: int) -> bool:
    """Whether the next element is a button ("Read more")."""
    after = number + 1 + len(tree.within(number))
    return (
        after < len(tree.tags)
        and tree.parents[after] == tree.parents[number]
        and (tree.tags[after] == "button" or tree.attr(after, "role") == "button")
    )
