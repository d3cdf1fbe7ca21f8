"""The names that a line opens with, where elements set them apart from what stands beside them.

    <a>Jane Doe</a> Senior Editor            ->  Jane Doe
    <b>Jane Doe</b>, <b>John Roe</b> Berlin  ->  Jane Doe, John Roe

A line's parts are those of `Line.parts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from scrubber.extract.metadata.openings import before_day, is_joint, joint_after, listed_names
from scrubber.extract.metadata.persons import is_name_line


def names_apart(parts: Sequence[str], rest: str) -> str:
    """The names that a text's end opens with, where elements set them apart from what follows.

    parts: of the whole text. rest: its end, whole where its parts do not open with names.
    """
    left = len(rest.replace(" ", ""))  # letters: only the spaces between parts may differ
    tail: list[str] = []
    for part in reversed(parts):
        if left <= 0:
            break
        whole = len(part.replace(" ", "")) <= left
        tail.append(part if whole else _last_letters(part, left))
        left -= len(part.replace(" ", ""))
    return ", ".join(leading_names(tail[::-1])) or rest if len(tail) > 1 else rest


def _last_letters(part: str, count: int) -> str:
    """The end of a text that has so many letters."""
    stop = len(part)
    while count:
        stop -= 1
        count -= part[stop] != " "
    return part[stop:]


def leading_names(pieces: Sequence[str]) -> list[str]:
    """The persons' names that pieces of a line open with; none where others may be joined."""
    names: list[str] = []
    joined = False
    for piece in pieces:
        if names and is_joint(piece):
            joined = True
            continue
        joint = joint_after(f" {piece} ", 0)
        if found := names_alone(piece[max(0, joint - 1) :]):
            names += found
        elif not names or joined or joint > 1:
            return []
        else:
            break
        joined = piece.endswith(",")
    return names


def names_alone(piece: str) -> list[str]:
    """The persons that a piece of a line names, nothing else or what they are behind a comma."""
    piece = before_day(piece).strip(" ,;:")
    if is_name_line(piece):
        return [piece]
    if len(listed := listed_names(piece)) > 1:
        return listed
    first, comma, rest = piece.partition(", ")
    if comma and len(first) <= _MAX_UNIT and is_name_line(rest):
        return [rest]  # "Uhr, Jane Doe"
    described = comma and len(rest) <= _MAX_DESCRIPTION and is_name_line(first)
    return [first] if described else []


_MAX_DESCRIPTION: Final = 50  # characters
_MAX_UNIT: Final = 4  # characters of what belongs to the time before it
