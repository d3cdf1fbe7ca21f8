"""What the scorer's probabilities choose of a page, and what belongs to it.

probabilities ──best set──> chosen ──whole──> without holes in lists and tables
                                   ──joined──> with refrains, headings, code, summaries between

Where nothing is likely there is no best set: nothing is chosen, or all of a page of a few words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import compress, islice
from typing import TYPE_CHECKING, Final

from scrubber.extract.assembly.tables import is_layout
from scrubber.extract.segments import (
    ADDRESS,
    ASIDE,
    BUTTON,
    DIALOG,
    FIGURE,
    FOOTER,
    FORM,
    HEADER,
    HEADING,
    LABEL,
    LIST,
    NAV,
    PRE,
    TABLE,
    A,
    Segments,
)
from scrubber.extract.tree import Tree
from scrubber.lexicon.fold import is_unspaced

if TYPE_CHECKING:
    import numpy as np

UNLIKELY: Final = 0.2  # where no segment is likelier to be content, a page has none
# How much of a page counts is a matter of taste, and of all its segments at once: log-odds by which
# some readers are stricter than the scorer, and some more generous.
READERS: Final = (-4.0, 0.0, 4.0)
_SURE: Final = 1e-6
EVEN: Final = 0.5  # below it the odds of a tiny page say nothing
_FEW_WORDS: Final = 60  # of a tiny page
_FURNITURE: Final = NAV | HEADER | FOOTER | ASIDE | FORM | BUTTON | DIALOG
LIKELY_LEAD: Final = 0.05  # of standfirsts on our own pages; bylines and dates pass it too
_NO_LEAD: Final = _FURNITURE ^ HEADER | A | FIGURE | LIST | TABLE | LABEL | ADDRESS
_MAX_ABOVE: Final = 20  # segments between the title and the text
_LEAD_CHARS: Final = 45
_ENDS: Final = re.compile(r"[.!?…。！？।؟](?:\W|$)")
_MAX_DIGITS: Final = 0.08  # of its characters
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
    """The choice with the highest word F1 that READERS expect of it on average; never empty.

    It takes the likeliest segments down to some probability; every cut is tried at once.
    """
    import numpy as np

    words = segment_words(segments)
    order = np.argsort(-probabilities, kind="stable")
    words, likely = words[order], np.clip(probabilities[order], _SURE, 1 - _SURE)
    odds, sizes = np.log(likely / (1 - likely)), words.cumsum()
    f1 = np.zeros(len(words))
    for shift in READERS:
        expected = (words / (1 + np.exp(-odds - shift))).cumsum()
        f1 += 2 * expected / (sizes + expected[-1] + 1e-9)
    return np.asarray(probabilities >= probabilities[order[f1.argmax()]])


def _outside_furniture(segments: Segments) -> np.ndarray:
    """What stands in no menu, header, footer, aside, form, button or dialog, shape (n,)."""
    import numpy as np

    return np.asarray((np.array(segments.flags) & _FURNITURE) == 0)


def standfirst(
    tree: Tree, segments: Segments, probabilities: np.ndarray, chosen: Sequence[bool]
) -> int | None:
    """The paragraph between an article's headline and its first chosen text that leads it.

    It is no link, figure or button, runs for some words and holds few digits, unlike a byline.
    The scorer learned from English pages, where one standfirst in four counts as text, and asks
    for more; elsewhere it holds the facts, which the text below does not repeat. The likeliest
    one, if there is any.
    """
    first = next((k for k, keep in enumerate(chosen) if keep), 0)
    titles = [n for n in tree.find("h1") if segments.firsts[n] < segments.lasts[n] <= first]
    above = range(segments.lasts[titles[-1]] if titles else first, first)
    if len(above) > _MAX_ABOVE:
        return None
    leads = [
        k
        for k in above
        if not segments.linked[k]
        and not segments.flags[k] & _NO_LEAD
        and probabilities[k] >= LIKELY_LEAD
        and _runs_on(segments.texts[k])
    ]
    lead = max(leads, key=probabilities.__getitem__, default=None)
    return None if lead is None or _is_said(segments, chosen, segments.texts[lead]) else lead


def _is_said(segments: Segments, chosen: Sequence[bool], lead: str) -> bool:
    """Whether the chosen text begins so, as where a teaser is cut from it."""
    begins = islice(compress(segments.texts, chosen), 3)
    return any(lead[:_LEAD_CHARS] in text for text in begins)


def is_english(tree: Tree, texts: Iterable[str]) -> bool:
    """Whether a page says that it is in English, or says nothing and is."""
    from scrubber.lexicon import detect_language

    said = "".join(tree.attr(number, "lang") for number in tree.find("html")[:1])
    return (said or detect_language(" ".join(texts)) or "en").lower().startswith("en")


def _runs_on(text: str) -> bool:
    """Whether a text has the length of sentences or ends one, and not the digits of a date."""
    chars = 3 * len(text) if is_unspaced(text) else len(text)
    is_long = chars >= 2 * _LEAD_CHARS or (chars >= _LEAD_CHARS and bool(_ENDS.search(text)))
    return is_long and sum(map(str.isdigit, text)) <= _MAX_DIGITS * len(text)


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
