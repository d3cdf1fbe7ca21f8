"""Short lines: labels, rows of labels, labels with a gap, and leads.

whole  "Leave a Reply"                       the line is a label
row    "Share Facebook Twitter Print 3"      labels, names and numbers cover it
gap    "Reply to Jane Doe"                   a label with a gap for a name or title
lead   "Read also: Another headline"         a label, a mark, and what it announces
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scrubber.lexicon.evidence import Match, choose_meaning, is_spoken
from scrubber.lexicon.fold import NAME, fold, is_unspaced
from scrubber.lexicon.index import Lexicon
from scrubber.lexicon.meaning import GAP, LABEL, LEAD, LEAD_MARKS
from scrubber.lexicon.words import LEAD_CHARS, NameMemory

_ROW_WORDS = 30
# What a word ends in or not, as its number tells: "day(s)", "дня(ей)", "a(z)".
OPTIONAL_ENDING = re.compile(r"(?<=\w\w)\(e?s\)|(?<=\w)\((?:z|[^\W\da-zA-Z_]{1,4})\)")
# `print(x)` is no row of share buttons, `Save $10` no button.
_DATA = re.compile(r"\w\(|[{}<>=_\\]\w|::|[$€£¥₹] ?\d")
_LEAD_MARK = re.compile(r"\s*(?:[:：»›|→–—>]|\s-\s)+\s*")
_LEAD_MARK_CHARS = 60

_POINTERS = "<>»›→►▶➡☞👉 \u00a0"  # before a lead; a dash begins what somebody says


class LabelReader:
    """Reads short lines by the labels of a lexicon."""

    def __init__(self, lexicon: Lexicon, names: NameMemory) -> None:
        self._labels = lexicon.labels
        self._openings = lexicon.openings
        self._templates = lexicon.templates
        self._names = names
        longest_first = sorted(lexicon.names, key=len, reverse=True)
        self._unspaced_names = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    def read(self, text: str, may_be: int, language: str | None) -> Match | None:
        """What a short line is. may_be: what its words allow, see `scrubber.lexicon.meaning`."""
        found = None
        if may_be & LABEL:
            found = self._read_whole(fold(text), language)
        if found is None and may_be & GAP:
            found = self._read_gap(fold(text), language)
        if found is None and may_be & LEAD and not LEAD_MARKS.isdisjoint(text[:_LEAD_MARK_CHARS]):
            found = self._read_lead(text, language)
        return None if found is None or is_spoken(text) or is_data(text) else found

    def is_vague(self, found: Match, text: str) -> bool:
        """True for a weak row or a weak label with a gap, of which its parts may say more."""
        return found.strength == "weak" and fold(text) not in self._labels

    def _read_whole(self, folded: str, language: str | None) -> Match | None:
        if not folded:
            return None
        labels = self._labels.get(folded)
        found = labels and choose_meaning(labels, folded, language)
        return found or self._read_row(folded, language)

    def _read_row(self, folded: str, language: str | None) -> Match | None:
        if folded[0] == "0" and folded[1:2] == " " and folded.count(" ") < 2:
            return None  # "1. Overview" is a numbered heading
        if is_unspaced(folded):
            named = " ".join(self._unspaced_names.sub(f" {NAME} ", folded).split())
            labels = self._labels.get(named)
            found = labels and choose_meaning(labels, named, language)
            return found or self._cover(list(named), "", language)
        words = folded.split()
        return self._cover(words, " ", language) if len(words) <= _ROW_WORDS else None

    def _cover(self, units: list[str], glue: str, language: str | None) -> Match | None:
        """Cover the whole line with labels, longest first; numbers and names fill in."""
        parts: list[Match] = []
        at = 0
        while at < len(units):
            unit = NAME if units[at] == NAME or self._names[units[at]] else units[at]
            part, length = self._longest_label(units, at, glue, language)
            if part is not None:
                parts.append(part)
                at += length
            elif unit in ("0", " "):
                at += 1
            elif unit == NAME:
                parts.append(Match("share", "weak", "*"))
                at += 1
            else:
                return None
        if "0" in units and all(part.language == "*" for part in parts):
            return None  # "2 x 2" is no network
        return _row(parts)

    def _longest_label(
        self, units: Sequence[str], at: int, glue: str, language: str | None
    ) -> tuple[Match | None, int]:
        for length in sorted(self._openings.get(units[at], ()), reverse=True):
            if at + length > len(units):
                continue
            piece = glue.join(units[at : at + length])
            if piece not in self._labels and glue:
                piece = " ".join([NAME if self._names[u] else u for u in units[at : at + length]])
            labels = self._labels.get(piece)
            found = labels and choose_meaning(labels, piece, language)
            if found and found.strength != "lead":
                return found, length
        return None, 0

    def _read_gap(self, folded: str, language: str | None) -> Match | None:
        if not folded:
            return None
        if is_unspaced(folded):
            keys = (folded[0], folded[-1])
        else:
            keys = (folded.split(" ", 1)[0], folded.rsplit(" ", 1)[-1])
        labels = [
            template.label
            for key in dict.fromkeys(keys)
            for template in self._templates.get(key, ())
            if template.matches(folded)
        ]
        return choose_meaning(labels, folded, language) if labels else None

    def _read_lead(self, text: str, language: str | None) -> Match | None:
        head, mark, rest = _split_lead(text)
        if not mark:
            return None
        labels = [x for x in self._labels.get(fold(head), ()) if x.strength == "leads"]
        if not labels or len(rest) > LEAD_CHARS:
            return None
        label = next((x for x in labels if x.language == language), labels[0])
        return Match(label.family, "lead", label.language)


def is_data(text: str) -> bool:
    """True for a line with code or a price in it."""
    return _DATA.search(OPTIONAL_ENDING.sub("", text) if "(" in text else text) is not None


def _split_lead(text: str) -> tuple[str, str, str]:
    """`>> Read also: Headline` -> ("Read also", ":", "Headline"); no mark, no lead."""
    text = text.lstrip(_POINTERS)
    found = _LEAD_MARK.search(text, 0, _LEAD_MARK_CHARS)
    if found is None:
        return text, "", ""
    return text[: found.start()], found.group(), text[found.end() :]


def _row(parts: list[Match]) -> Match | None:
    """The sense of a row: strong with a strong part, or where "Share" stands with networks.

    Weak labels make a row only together: two of one family, or three.
    """
    if not parts:
        return None
    lexical = [part for part in parts if part.language != "*"]
    strong = next((part for part in lexical if part.strength == "strong"), None)
    if strong is not None:
        return strong._replace(hits=len(parts))
    families = {part.family for part in parts}
    networks = len(parts) - len(lexical)
    share = next((part for part in lexical if part.family == "share"), None)
    if len(families) > 1 and (len(parts) < 3 or (networks and share is None)):
        return None  # "X (Twitter) Marketing" is no row
    if share is not None and networks:
        return share._replace(strength="strong", hits=len(parts))
    return (lexical or parts)[0]._replace(hits=len(parts))
