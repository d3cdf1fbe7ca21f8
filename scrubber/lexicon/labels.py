"""Whole lines that are a label in some language: the quickest question to the lexicon.

The extractor asks it of every short piece of a page, where `matcher` would cost too much: one
folding and one look-up a line, no context, no language, no patterns.
"""

from __future__ import annotations

from scrubber.lexicon.fold import fold
from scrubber.lexicon.index import Label, load

MAX_CHARS = 60  # labels that stand alone are shorter


def find_label(line: str) -> Label | None:
    """What some language says about this whole line, unambiguous labels first; else `None`."""
    if len(line) > MAX_CHARS:
        return None
    weak = None
    for label in load().labels.get(fold(line), ()):
        if label.strength == "strong":
            return label
        if label.strength == "weak" and weak is None:
            weak = label
    return weak
