"""How bylines open, and what joins the names in them or leads on from them."""

from __future__ import annotations

import re
from typing import Final

from scrubber.extract.metadata.byline_words import byline_words
from scrubber.extract.metadata.patterns import set_of
from scrubber.extract.metadata.persons import DIGIT, has_given_name, looks_dense, looks_like_person

_MAX_LIST: Final = 120
MAIL_ADDRESS: Final = re.compile(  # also "jane at example.org", and an account's @jane@example.org
    r"\(?(?:@\b|\b)[\w.+-]+(?:@| at )[\w-]+\.[\w.]+\)?"
)
EAST_ASIAN_ROLE: Final = re.compile(  # written without a space beside the name
    r"^(?:本報記者|本报记者|記者|记者|撰稿|編輯|編譯)\s*|\s*(?:선임기자|기자|특파원|記者|记者|特派員|特派员)$"
)
_SPACED_ROLE: Final = re.compile(r"(?:本報|本报)?(?:記者|记者)[\s：:][\u4e00-\u9fff]{2,4}")
_LABEL_BEHIND: Final = re.compile(r"\s+[^\W\d_]{3,}\s?[:：].*$", re.S)  # "... Views: 1843"
_BEFORE_DAY: Final = (  # what leads from a name to the day or hour behind it
    "on|at|am|um|le|à|el|en|a las?|il|alle(?: ore)?|em|às|den|kl\\.?|op|om|dnia|vom|в"
)
_DAY_BEHIND: Final = re.compile(  # "am So., ": what led to the date behind a name
    rf"[\s,]+(?:{_BEFORE_DAY})(?:\s+[^\W\d_]{{2,10}}\.?)?[\s,]*$", re.I
)
_PREPOSITION: Final = re.compile(rf"\s+(?:{_BEFORE_DAY})?\s*$", re.I)
_AMBIGUOUS: Final = set_of("na ni nga daga gan")  # words of their own in other languages


def opens_byline(text: str) -> str | None:
    """What follows the opening word ("By", "Von", "文／") of a byline; `None` if there is none."""
    match = byline_words().by.match(text)
    if match is None or match.end() >= len(text):
        return None
    rest = text[match.end() :]
    opening = match[0].strip().casefold()
    sure = opening not in _AMBIGUOUS or (" " in rest and has_given_name(rest))
    return rest if sure else None


def byline_inside(text: str) -> str | None:
    """What follows a "by" in the middle of a line ("March 1, 2017 by Jane Doe")."""
    match = byline_words().by_anywhere.search(text)
    return text[match.end() :] if match and 0 < match.end() < len(text) else None


def byline_between(text: str) -> str | None:
    """What follows any "by" of a short line that also tells a day ("Posted on | von Jane Doe").

    Said of other lines, "von", "par" or "door" are words like others.
    """
    match = byline_words().by_between.search(text)
    if match is None or byline_words().not_writer.search(text, 0, match.end()):
        return None
    rest = _LABEL_BEHIND.sub("", text[match.end() :].split("|")[0])
    return _DAY_BEHIND.sub("", rest) or None


def names_no_writer(text: str) -> bool:
    """Whether the text opens with "Reviewed by", "Photo:" or their like."""
    return byline_words().not_writer_first.match(text, 0, 60) is not None


def is_dense_role(text: str) -> bool:
    """Whether a line is a name with "reporter" beside it, as Korean and Chinese papers sign."""
    text = text.strip()
    bare = EAST_ASIAN_ROLE.sub("", text)
    return bare != text and (looks_dense(bare) or _SPACED_ROLE.fullmatch(text) is not None)


def before_day(text: str) -> str:
    """A text without what leads to the day behind it: "Jane Doe on Sunday, ", "Max Muster am "."""
    return _PREPOSITION.sub("", _DAY_BEHIND.sub("", text))


def without_address(text: str) -> str:
    """A line without the mail addresses in it."""
    if "@" not in text and " at " not in text:
        return " ".join(text.split())
    return " ".join(MAIL_ADDRESS.sub(" ", text).split())


def joint_after(text: str, place: int) -> int:
    """How many characters from `place` on only join two names (", ", " and "); 0 where none do."""
    match = byline_words().joints.match(text, place)
    return match.end() - place if match else 0


def is_joint(text: str) -> bool:
    """Whether a line holds nothing but a comma, "and" or both."""
    return len(text) < 12 and joint_after(f" {text} ", 0) >= len(text) + (text[-1:] != ",")


def listed_names(text: str) -> list[str]:
    """The names in a line that is nothing but two or more and what joins them; empty for others."""
    if len(text) > _MAX_LIST or not _may_join(text) or DIGIT.search(text):
        return []
    names = [name for name in byline_words().joints.split(text) if name]
    persons = all(map(looks_like_person, names)) and any(map(has_given_name, names))
    return names if persons and len(names) > 1 else []


def _may_join(text: str) -> bool:
    """Whether a text can hold what joins two names: asked first, since nearly all others do not."""
    if not text.isascii() or "," in text or "&" in text:
        return True
    return not byline_words().joining.isdisjoint(text.lower().split())
