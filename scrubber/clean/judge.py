"""The verdict on every line of a document: which are residue, and of which family.

The lexicon gives evidence for one line; here its neighbours speak too. In order:

    1. own        strong labels and notices are residue, unless the line is a heading above prose,
                  or the document is about the very subject (its title or other prose has the words)
    2. neighbours weak labels and leads beside residue are residue
    3. edges      weak labels in the unbroken run of matched lines at either end are residue
    4. headings   a heading stays where something that stays follows it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scrubber.lexicon import Match, Matcher
from scrubber.lexicon.fold import fold, is_unspaced

Role = Literal["heading", "text", "item", "other"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line to judge. role: a heading, running text, a list's item, or what is not judged."""

    text: str
    role: Role = "text"


@dataclass(frozen=True, slots=True)
class Context:
    """What the document says of itself."""

    language: str | None = None
    title: str | None = None


def judge(lines: Sequence[Line], matcher: Matcher, context: Context) -> list[str | None]:
    """The family of each line that is residue, `None` for lines to keep."""
    matches = [_evidence(line, matcher, context) for line in lines]
    if not any(matches):
        return [None] * len(lines)
    verdicts = _own(lines, matches, context)
    _spread(lines, matches, verdicts)
    _edges(lines, matches, verdicts)
    return verdicts


def _evidence(line: Line, matcher: Matcher, context: Context) -> Match | None:
    if line.role == "other" or not line.text:
        return None
    return matcher.match(line.text, context.language)


def _own(
    lines: Sequence[Line], matches: Sequence[Match | None], context: Context
) -> list[str | None]:
    title = fold(context.title or "")
    verdicts: list[str | None] = []
    for at, (line, match) in enumerate(zip(lines, matches, strict=True)):
        if match is None or match.strength == "weak":
            verdicts.append(None)
            continue
        heads_prose = line.role == "heading" and _prose_follows(lines, matches, at)
        is_title = bool(title) and fold(line.text) == title
        verdicts.append(None if heads_prose or is_title else match.family)
    return verdicts


def _prose_follows(lines: Sequence[Line], matches: Sequence[Match | None], at: int) -> bool:
    """True where the first line after `at` that is no heading is ordinary text."""
    for line, match in zip(lines[at + 1 :], matches[at + 1 :], strict=True):
        if line.role == "heading" and match is None:
            return False
        if match is None:
            return is_prose(line.text)
    return False


def is_prose(text: str) -> bool:
    """A sentence of some length: ends in a sentence mark and has more than a label's words."""
    stripped = text.rstrip('"”»)]』」 ')
    long = len(text) >= (16 if is_unspaced(text) else 40)
    return long and stripped[-1:] in ".!?…。！？।؟۔:;"


def _spread(
    lines: Sequence[Line], matches: Sequence[Match | None], verdicts: list[str | None]
) -> None:
    """Weak lines beside residue take its family; both ways, so that runs are taken whole."""
    order = range(len(lines))
    for steps, back in ((order, -1), (reversed(order), 1)):
        for at in steps:
            beside = at + back
            if verdicts[at] is None and 0 <= beside < len(lines) and verdicts[beside]:
                match = matches[at]
                if match is not None and lines[at].role != "heading":
                    verdicts[at] = match.family


def _edges(
    lines: Sequence[Line], matches: Sequence[Match | None], verdicts: list[str | None]
) -> None:
    """Weak lines at the ends, as far as every line is residue or matched."""
    for steps in (range(len(lines)), reversed(range(len(lines)))):
        for at in steps:
            match = matches[at]
            if verdicts[at] is not None:
                continue
            if match is None or _is_sentence(lines[at].text):
                break
            verdicts[at] = match.family


def _is_sentence(text: str) -> bool:
    return text.rstrip()[-1:] in ".!?。！？"
