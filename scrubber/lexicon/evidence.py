"""What is said of a line: `Match`, and which of a label's meanings counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from scrubber.lexicon.fold import is_unspaced
from scrubber.lexicon.index import Label

MatchStrength = Literal["strong", "pattern", "lead", "weak"]
_QUOTE_MARKS = frozenset("“”\"«»„「」『』‘’'‹›")


class Match(NamedTuple):
    """Evidence that a line is residue.

    strength: `strong` (a label impossible in an article), `pattern` (its sentences are of a known
    notice), `lead` (opens a teaser or data line), `weak` (may be anything). hits: patterns or
    parts that agree. language: whose entry matched. subject: of a pattern, the noun that opened it.
    """

    family: str
    strength: MatchStrength
    language: str
    hits: int = 1
    subject: str = ""


def choose_meaning(labels: Sequence[Label], folded: str, language: str | None) -> Match | None:
    """The meaning that counts: the document's language first, else the most careful one.

    A single short word that is unambiguous in one language may be an ordinary word of another.
    """
    whole = [label for label in labels if label.strength != "leads"]
    own = [label for label in whole if label.language == language] or whole
    own.sort(key=lambda label: label.strength != "weak")
    if not own:
        return _bare_lead(labels)
    label = own[0]
    foreign = label.language != language
    short = " " not in folded and len(folded) < 9 and not is_unspaced(folded)
    strength: MatchStrength = (
        "weak" if label.strength == "weak" or (foreign and short) else "strong"
    )
    return Match(label.family, strength, label.language)


def _bare_lead(labels: Sequence[Label]) -> Match | None:
    """A lead with nothing behind it is weak."""
    return Match(labels[0].family, "weak", labels[0].language) if labels else None


def ends_in(text: str, marks: str) -> bool:
    """True where a text ends in one of `marks`; three points are an ellipsis and end nothing."""
    return text.endswith(tuple(marks)) and not text.endswith("...")


def is_spoken(text: str) -> bool:
    """True for a line wholly in quotation marks: somebody says it, or it is cited."""
    return text[0] in _QUOTE_MARKS and text[-1] in _QUOTE_MARKS
