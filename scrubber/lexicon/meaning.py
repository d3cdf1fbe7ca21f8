"""What a word may mean to a line, and what a line may be by its words: both in bits.

The questions are asked of one line, whose values are whole numbers, or of many at once, whose
values are arrays; they are written once for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

# A word's. OPENS to GAP_BEFORE: what a line that begins or ends with it may be. GAP_WORD: it tells
# a label with a gap. STRANGE: no label has it. ANCHOR: a stem of it opens a pattern of a notice.
# FOREIGN: a function word of other languages. PART: an interface's word, OPENER: one that opens a
# rule of `scrubber.lexicon.parts`. MARK: it has a sign that may part a lead from what it announces.
# BEGINS: its first character is a letter or number, TELLS: any is.
OPENS, CLOSES, LEADS, GAP_BEHIND, GAP_BEFORE, GAP_WORD = (1 << at for at in range(6))
STRANGE, ANCHOR, FOREIGN, OPENER, PART, MARK, BEGINS, TELLS = (1 << at for at in range(6, 14))
# The patterns that it may open and complete, see `scrubber.lexicon.gates`.
CLASSES, FOREIGN_CLASSES = 16, 8
OPENED, COMPLETED = 16, 16 + CLASSES
FOREIGN_OPENED, FOREIGN_COMPLETED = 48, 48 + FOREIGN_CLASSES
ANYTHING = (1 << 64) - 1 - STRANGE

# A line's: a label or a row of them, a label with a gap, a lead with what it announces; a notice by
# the patterns of likely languages; sentences of which one may be a label; words that rules know.
LABEL, GAP, LEAD, NOTICE, SENTENCES, COMPOSED = (1 << at for at in range(6))

# That part a lead from what it announces; a hyphen only does between spaces.
LEAD_MARKS = frozenset(":：»›|→–—>-")


class Limits(NamedTuple):
    """Beyond which lines are no labels, leads or notices.

    label_chars, lead_chars: of a label and of a lead with what it announces; gap_words: of a label
    with a gap; gated_chars: of lines of which a sentence may be a label; notice_words,
    known_share: of a notice that its words tell, and the least of them that is an interface's,
    0..1.
    """

    label_chars: int
    lead_chars: int
    gap_words: int
    gated_chars: int
    notice_words: int
    known_share: float


class Words(NamedTuple):
    """The words of a line, or of each of many lines.

    head, last: bits of the first that has a letter or number and of the last; some: those that any
    has; foreign, parts: how many are `FOREIGN` and `PART`; count: how many there are; chars: the
    line's length.
    """

    head: Any
    last: Any
    some: Any
    foreign: Any
    parts: Any
    count: Any
    chars: Any

    def may_be(self, limits: Limits) -> Any:
        """What the line may be; 0 for nothing that the lexicon knows."""
        is_short = self.chars <= limits.lead_chars
        label = (self.head & OPENS != 0) & (self.last & CLOSES != 0) & (self.some & STRANGE == 0)
        gap = (self.head & GAP_BEHIND != 0) | (self.last & GAP_BEFORE != 0)
        gap = gap & (self.some & GAP_WORD != 0) & (self.count <= limits.gap_words) & is_short
        lead = (self.head & LEADS != 0) & (self.some & MARK != 0) & is_short
        anchored = self.some & ANCHOR != 0
        near = self._may_hold_pattern(OPENED, COMPLETED, CLASSES)
        foreign = self._may_hold_pattern(FOREIGN_OPENED, FOREIGN_COMPLETED, FOREIGN_CLASSES)
        known = (self.parts >= limits.known_share * self.count) & (self.some & OPENER != 0)
        return (
            LABEL * (label & (self.chars <= limits.label_chars))
            + GAP * gap
            + LEAD * lead
            + NOTICE * (near | (foreign & (self.foreign > 1)))
            + SENTENCES * (anchored & (self.chars <= limits.gated_chars))
            + COMPOSED * (known & (self.count <= limits.notice_words))
        )

    def _may_hold_pattern(self, opened: int, completed: int, classes: int) -> Any:
        """Whether one class of patterns is both opened and completed."""
        return (self.some >> opened) & (self.some >> completed) & (1 << classes) - 1 != 0


def look(bits: Sequence[int], chars: int, limits: Limits) -> int:
    """What one line may be, by the bits of its words."""
    if not bits:
        return 0
    first = bits[0]
    head = first if first & BEGINS else next((word for word in bits if word & TELLS), first)
    foreign, parts = (sum(word & flag != 0 for word in bits) for flag in (FOREIGN, PART))
    words = Words(head, bits[-1], reduce(or_, bits), foreign, parts, len(bits), chars)
    return int(words.may_be(limits))
