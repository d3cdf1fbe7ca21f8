"""Bylines and dates as plain text: in the lines around the headline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scrubber.extract.metadata.claims import author_claims
from scrubber.extract.metadata.name_parts import leading_names, names_alone, names_apart
from scrubber.extract.metadata.names import read_names
from scrubber.extract.metadata.openings import (
    byline_between,
    byline_inside,
    is_dense_role,
    is_joint,
    joint_after,
    listed_names,
    names_no_writer,
    opens_byline,
    without_address,
)
from scrubber.extract.metadata.persons import (
    has_given_name,
    is_dense,
    is_name_line,
    looks_like_person,
    plausible,
)
from scrubber.extract.metadata.relative import before_relative
from scrubber.extract.metadata.shown_dates import dateline, leaf_of_calendar, visible_dates
from scrubber.extract.metadata.view import Line, View
from scrubber.models import Claim

_MAX_DENSE: Final = 20  # characters of a name and "reporter" in a script without spaces
_NEAR: Final = 14  # lines after the headline within which a byline stands
_ABOVE: Final = -8
PROSE: Final = 120  # characters of a line that is no byline, but part of a lead or of the body
_LEAD: Final = 250  # characters of such lines that may still be a lead
_DENSE: Final = 2.2  # bytes a character
_OPENING: Final = 600  # characters of them behind which no byline is looked for
_PAST_LEAD: Final = 5  # lines behind the lead
MAX_BYLINE: Final = 160
_MAX_NAME: Final = 4  # words of a link that may be a name
_MAX_DATED: Final = 100  # characters of a line with a date in which any "by" opens a byline
_BAR: Final = re.compile(r"[／/|│]")


def read(view: View) -> Iterator[Claim]:
    """Claims of the lines around the headline, down to where a lead would end."""
    near = [line for line in view.lines if _ABOVE <= line.distance <= _NEAR]
    names: list[str] = []
    prose = 0  # characters of the longer lines below the headline so far
    past = 0  # lines since those that could be a lead
    for place, line in enumerate(near):
        length = length_of(line.text) if line.distance > 0 else 0
        prose += length if length >= PROSE else 0
        past += bool(past) or prose > _LEAD
        if past > _PAST_LEAD or (length >= PROSE and past > 1 and prose > _OPENING):
            break
        if prose and view.opens_other(line.text, line.element):
            break
        if len(line.text) > MAX_BYLINE:
            yield from dateline(view, line, past)
            continue
        odd = ".odd" if view.is_foreign(line.element) else ""
        if odd and view.is_elsewhere(line.element):
            continue
        kind = ".past" if past else odd or ".odd" * _is_teaser(view, line)
        yield from _byline(view, near, place, kind)
        where = "below" if line.distance > 0 else "above"
        dates = list(visible_dates(view, near, place, where, kind))
        dates = dates or list(leaf_of_calendar(view, near, place, where, kind))
        if dates:
            yield from dates
            yield from _name_beside(near, place)
            yield from _name_inside(view, line, dates[0])
        elif line.distance > 0 and len(names) < 6 and is_name_line(name := _name_first(line)):
            names.append(name)
            if len(names) <= 2:
                yield from author_claims(f"byline.name_line{kind}", [name])
        elif line.distance > 0 and len(listed := listed_names(line.text)) > 1:
            yield from author_claims(f"byline.list{kind}", listed)
    if len(names) > 1:
        yield from author_claims("byline.name_lines", names)


def _name_first(line: Line) -> str:
    """The name that an element sets apart at a line's start, or the line without mail and "ago"."""
    names = leading_names(line.parts) if len(line.parts) > 1 else []
    return names[0] if len(names) == 1 else before_relative(without_address(line.text))


def length_of(text: str) -> int:
    """How much a line says, in letters of an alphabet: scripts of three bytes say more with one."""
    size = len(text.encode("utf-8", "replace"))
    return size if size > _DENSE * len(text) else len(text)


def _is_teaser(view: View, line: Line) -> bool:
    """Whether a line below the headline is a link to another page and its date."""
    texts = (view.tree.text(number) for number in line.links[:_MAX_NAME] if line.distance > 0)
    return any(len(text.split()) > _MAX_NAME for text in texts)


def _byline(view: View, near: list[Line], place: int, kind: str) -> Iterator[Claim]:
    """A line that opens with "By"; the names may stand on the next lines."""
    line = near[place]
    if names_no_writer(line.text):
        return
    where = "below" if line.distance > 0 else "above"
    rest = opens_byline(line.text)
    if rest is None and len(line.text) <= 20 and opens_byline(f"{line.text} x"):
        rest = _names_below(near, place)
    elif len(line.text) <= _MAX_DENSE and is_dense_role(signed := _BAR.split(line.text)[0]):
        rest = signed  # "김철수 기자", "記者王小明／台北報導"
    elif rest is not None:
        linked = _linked_part(view, line, rest)
        rest = linked if linked != rest else names_apart(line.parts, rest)
    short = len(line.text) < 30
    if rest is None:
        rest, where, short = byline_inside(line.text), "inside", False
    if rest is None or len(rest) > 140:
        return
    authors = [a for a in read_names(rest) if plausible(a.name) or short]
    if authors:
        yield Claim("authors", tuple(authors), f"byline.{where}{kind}", line.text)


def _names_below(near: list[Line], place: int) -> str | None:
    """The names below a lone "By": one line, or several with commas and "and" between them."""
    names: list[str] = []
    joined = True
    for line in near[place + 1 : place + 8]:
        if len(line.text) >= 80:
            break
        if is_joint(line.text):
            joined = True
        elif joined:
            names.append(line.text)
            joined = line.text.endswith(",")
        else:
            break
    return ", ".join(names) or None


def _linked_part(view: View, line: Line, rest: str) -> str:
    """The names in a byline whose names are links, without the words behind the last of them."""
    texts = [text for number in line.links[:6] if (text := view.tree.text(number))]
    stop = 0
    for text in texts:
        gap = joint_after(rest, stop) if stop else 0
        if rest.startswith(text, stop + gap):
            stop += gap + len(text)
        elif stop:
            break
    return rest[:stop] if stop and not joint_after(rest, stop) else rest


def _name_beside(near: list[Line], place: int) -> Iterator[Claim]:
    """A line beside the date that is nothing but a person's name."""
    for other in (place - 1, place + 1):
        if 0 <= other < len(near):
            text = near[other].text
            if len(text) <= 60 and looks_like_person(text) and not is_dense(text):
                known = "known" if has_given_name(text) else "unknown"
                yield from author_claims(f"byline.beside_date.{known}", [text])


def _name_inside(view: View, line: Line, date: Claim) -> Iterator[Claim]:
    """A person's name in the same line as the date: "Jane Doe · May 4, 2026", "am 4.5. von ..."."""
    raw = date.value.raw
    pieces = [piece for part in line.parts for piece in _SEPARATOR.split(part.replace(raw, " | "))]
    starts = (leading_names(pieces[place:]) for place in range(len(pieces)))
    yield from author_claims("byline.with_date", next(filter(None, starts), []))
    signed = [name for piece in pieces if is_dense_role(name := without_address(piece))]
    yield from author_claims("byline.below", [name for name in signed if len(name) <= _MAX_DENSE])
    rest = line.text.replace(raw, " | ")
    if len(rest) <= _MAX_DATED and (opened := byline_between(rest)) is not None:
        apart = _linked_part(view, line, opened)
        if apart == opened:
            apart = byline_between(" | ".join(line.parts).replace(raw, " | ")) or opened
        is_apart = apart != opened
        authors = read_names(apart if is_apart else ", ".join(names_alone(opened)) or opened)
        if authors and (is_apart or all(looks_like_person(a.name) for a in authors)):
            yield Claim("authors", authors, "byline.below", line.text)


_SEPARATOR: Final = re.compile(r"[|•·⋅●/–—]| - | on | in ")
