"""What the scorer's probabilities choose of a page, and what belongs to it.

probabilities ──best set──> chosen ──whole──> without holes in lists and tables
                                   ──joined──> with refrains, headings, code, summaries between

Where nothing is likely there is no best set: nothing is chosen, or all of a page of a few words.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from scrubber.extract.assembly.tables import is_layout
from scrubber.extract.segments import (
    ASIDE,
    BUTTON,
    DIALOG,
    FOOTER,
    FORM,
    HEADER,
    HEADING,
    NAV,
    PRE,
    TABLE,
    Segments,
)
from scrubber.extract.tree import Tree

if TYPE_CHECKING:
    import numpy as np

UNLIKELY: Final = 0.2  # where no segment is likelier to be content, a page has none
EVEN: Final = 0.5  # below it the odds of a tiny page say nothing
_FEW_WORDS: Final = 60  # of a tiny page
_FURNITURE: Final = NAV | HEADER | FOOTER | ASIDE | FORM | BUTTON | DIALOG
MOST_OF_TABLE: Final = 0.4  # the best of .2, .3, .4 and .5 on left-out pages, by a hair


def choose(tree: Tree, segments: Segments, probabilities: np.ndarray) -> np.ndarray:
    """Whether each segment is content, shape (n,): the best set and what belongs to it.

    None where none is likely. Tiny pages, of which the scorer has seen next to none, are chosen
    whole where it finds nothing, but for their furniture.
    """
    import numpy as np

    likeliest = probabilities.max()
    if likeliest < EVEN and segment_words(segments).sum() < _FEW_WORDS:
        return _outside_furniture(segments)
    if likeliest < UNLIKELY:
        return np.zeros(len(segments), bool)
    return _joined(tree, segments, whole(tree, segments, best_set(probabilities, segments)))


def best_set(probabilities: np.ndarray, segments: Segments) -> np.ndarray:
    """The choice with the highest expected word F1; never empty.

    It takes the likeliest segments down to some probability; every cut is tried at once.
    """
    import numpy as np

    words = segment_words(segments)
    order = np.argsort(-probabilities, kind="stable")
    expected = (probabilities * words)[order].cumsum()
    f1 = 2 * expected / (words[order].cumsum() + expected[-1] + 1e-9)
    return np.asarray(probabilities >= probabilities[order[f1.argmax()]])


def _outside_furniture(segments: Segments) -> np.ndarray:
    """What stands in no menu, header, footer, aside, form, button or dialog, shape (n,)."""
    import numpy as np

    return np.asarray((np.array(segments.flags) & _FURNITURE) == 0)


def segment_words(segments: Segments) -> np.ndarray:
    """Words of each segment, as far as spaces part them; shape (n,)."""
    import numpy as np

    return np.array([text.count(" ") + 1 for text in segments.texts], float)


def whole(tree: Tree, segments: Segments, chosen: np.ndarray) -> np.ndarray:
    """Lists and data tables of which most was chosen are chosen whole: with holes they mislead.

    Of tables with header cells less is enough: the scorer likes numbers better than their names.
    Buttons, and what an item says after another without ever being chosen ("Quick view"), stay out.
    """
    filled = chosen.copy()
    heads = tree.find("th")
    headed = {next((n for n in tree.ancestors(th) if tree.tags[n] == "table"), -1) for th in heads}
    for number in tree.find("table", "ul", "ol"):
        inside = slice(segments.firsts[number], segments.lasts[number])
        if not chosen[inside].any():
            continue
        if chosen[inside].mean() <= (MOST_OF_TABLE if number in headed else 0.5):
            continue
        if tree.tags[number] != "table" or not is_layout(tree, segments, number):
            filled[inside] = True
    joined = (filled & ~chosen).nonzero()[0].tolist()
    flags, texts = segments.flags, segments.texts
    times = Counter(texts[k] for k in joined if not flags[k] & TABLE)
    said = {texts[k] for k in chosen.nonzero()[0].tolist()} if joined else set()
    for k in joined:
        if flags[k] & BUTTON or (times[texts[k]] > 1 and texts[k] not in said):
            filled[k] = False
    return filled


def _joined(tree: Tree, segments: Segments, chosen: np.ndarray) -> np.ndarray:
    """With what belongs to the chosen, whatever it says.

    1. What repeats a chosen sibling: a refrain.
    2. A heading between two chosen siblings, or between any two chosen where another of its level
       was chosen: it may be the name of a chapter ("Leave a Reply") that stands over other pages'
       forms. A wrapper around it alone does not matter.
       Left-out pages: +0.0002 word F1, 75 better, 38 worse.
    3. Code and formulas between two chosen segments: commands may look like a menu.
    4. What is always seen of `<details>` of which most was chosen.
    """
    joined = chosen.copy()
    formulas = {segments.firsts[number] for number in tree.find("math")}
    flags, texts = segments.flags, segments.texts
    around = [tree.parents[number] for number in segments.containers]
    said = {(around[k], texts[k]) for k in chosen.nonzero()[0].tolist()}
    own = [tree.tags[number] for number in segments.containers]
    levels = {own[k] for k in chosen.nonzero()[0].tolist() if flags[k] & HEADING}
    for k in (~chosen).nonzero()[0].tolist():
        if (around[k], texts[k]) in said:
            joined[k] = True
        elif (flags[k] & (HEADING | PRE) or k in formulas) and 0 < k < len(chosen) - 1:
            after = k + 1  # "Copy" stands below code
            while flags[after] & BUTTON and after < len(chosen) - 1:
                after += 1
            place, most = around[k], segments.lasts[around[k]]
            if segments.firsts[place] == k and most == k + 1 < len(chosen):
                place, after = tree.parents[place], max(after, most)
            is_sibling = around[k - 1] == place == around[after]
            apart = flags[k] & PRE or k in formulas or own[k] in levels
            joined[k] = chosen[k - 1] and chosen[after] and bool(is_sibling or apart)
    for number in tree.find("summary"):
        first, body = segments.firsts[number], segments.lasts[number]
        folded = chosen[body : segments.lasts[tree.parents[number]]]
        if len(folded) and folded.mean() > 0.5:
            joined[first:body] = True
    return joined


def drop_last_headings(segments: Segments, chosen: list[bool]) -> None:
    """Take headings out at the end of an article: nothing that they stand over was chosen.

    On left-out articles +0.0004 word F1; on other pages they are true as often as not.
    """
    k = len(chosen) - 1
    while k >= 0 and (not chosen[k] or segments.flags[k] & HEADING):
        k -= 1
    if k >= 0:
        chosen[k + 1 :] = [False] * (len(chosen) - k - 1)
