"""Reading names out of bylines: who wrote this, and is it a person, a body or a handle?

    "By Jane Doe, Senior Editor and John Roe | May 4, 2026"  ->  Jane Doe, John Roe
    "Medically reviewed by Ann Poe, MD. Written by Jane Doe"  ->  Jane Doe
    "Food and Drug Administration"                            ->  one organisation
    "admin", "https://facebook.com/x", "2 min read"           ->  nobody

What a name looks like is told in `persons`, what is none in `nobody`; how bylines open and what
joins names in `openings`, by the words in `byline_words`. Here the parts of a byline that name
writers are found and cut into names.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from scrubber.extract.metadata.byline_words import byline_words
from scrubber.extract.metadata.date_labels import (
    is_label,
    label_start,
)
from scrubber.extract.metadata.dates import find_date
from scrubber.extract.metadata.nobody import ADDRESS, CAPTION, is_name
from scrubber.extract.metadata.openings import EAST_ASIAN_ROLE, MAIL_ADDRESS, before_day
from scrubber.extract.metadata.patterns import set_of
from scrubber.extract.metadata.persons import (
    DIGIT,
    has_given_name,
    is_small,
    kind_of,
    looks_like_person,
    name_key,
)
from scrubber.models import Author, AuthorKind

_MAX_CHARS: Final = 400
_MAX_AUTHORS: Final = 30
_CREDENTIAL: Final = re.compile(
    r"(?:[A-Z][a-z]{0,2}\.?){1,5}[A-Z]{0,6}®?|[A-Z][A-Z.&/-]{1,9}(?:[ -]?\d{2,3})?(?:\s*\([^)]*\))?"
    r"|Ph\.?\s?D\.?|M\.?\s?D\.?|Esq\.?|Jr\.?|Sr\.?|[IV]{2,4}"
)
_SUFFIX: Final = re.compile(r"(?:Jr|Sr|Esq|[IV]{2,3})\.?")
_PIECES: Final = re.compile(
    r"\s*(?:[|•·⋅●‧∙／/;\n\t]|\s[-–—]+\s|[–—](?=\s)|\s{3,}|、|，|；|・(?=.{2,}・))\s*"
)
_PARENTHESES: Final = re.compile(r"\s*[(\[{（【][^)\]}）】]*[)\]}）】]?")
_READING_TIME: Final = re.compile(
    r"\b\d+\s?(?:-?\s?min(?:ute)?s?\b|mins?\b)|reading time|\bread\b\s*$|время чтения|lesezeit"
    r"|temps de lecture|tiempo de lectura|分钟",
    re.I,
)
_DATE_LABEL: Final = re.compile(
    r"\W*\b(?:published|posted|updated|last updated|last modified|modified|created|date|on)\W*$",
    re.I,
)
_TAIL: Final = re.compile(
    r"\s+(?:is|was|has|writes|covers|works|who|says)(?:\s.*)?$"
    r"|\s+(?:follow|full bio|bio|author posts?|view profile|see profile|posts)$"
    r"|\s+(?:last updated?|updated|published|posted|reviewed)(?:\s+(?:on|at|by))?\s*:?\s*$",
    re.I,
)
_WEEKDAY: Final = re.compile(
    r"[\s,]+(?:on\s+)?(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?\W*$",
    re.I,
)
_WHOLE_WEEKDAY: Final = re.compile(  # where no date follows: Thu is a name in Vietnam
    r"[\s,]+(?:on\s+\w+|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\W*$", re.I
)
_GLUED_ROLE: Final = re.compile(  # "Jane DoeSenior Reporter": two elements without a space
    r"(?<=[a-zà-ÿ])(?=(?:(?:Senior|Staff|Chief|Lead|Managing|Contributing|Associate|Deputy|Guest"
    r"|Freelance|Political|Science|Health|Sports?|News)\s)?(?:Editor|Reporter|Writer|Contributor"
    r"|Correspondent|Journalist|Columnist|Author|Redakteur|Redakteurin|Journaliste|Periodista"
    r"|Giornalista|Redactora?)(?:\s|,|$|-))"
)
_FACT: Final = re.compile(r"[^\W\d_]{2,}\s?[:：]")
_FOOTNOTE: Final = re.compile(r"(?<=[^\W\d_]{2})[\d*†‡§]{1,2}(?:,\s?\d{1,2})*$")
_BEHALF: Final = re.compile(
    r"\s+(?:on behalf of|im auftrag|au nom de|en nombre de|per conto di)\s.*", re.I
)
_IN_SECTION: Final = re.compile(r"\s+in\s+(?P<section>\S.*)$")


def read_names(
    text: str, *, kind: AuthorKind | None = None, url: str | None = None
) -> tuple[Author, ...]:
    """The writers that `text`, a byline or an author field, names, in order, none twice.

    kind: what the page itself says the name is; a body's name is never split.
    """
    text = _clean(text)
    if not text or ADDRESS.search(text):
        return ()
    if kind == "organization":
        name = _trim(text)
        return (Author(name=name, kind=kind, url=url),) if is_name(name) else ()
    found: dict[str, Author] = {}
    for name in _names_in(text)[:_MAX_AUTHORS]:
        found.setdefault(name_key(name), Author(name=name, kind=kind_of(name, kind)))
    authors = tuple(found.values())
    if len(authors) == 1 and url:
        return (authors[0].model_copy(update={"url": url}),)
    return authors


@lru_cache(maxsize=4096)
def _names_in(text: str) -> tuple[str, ...]:
    """A page often says in four or five places who wrote it, in the same words."""
    return tuple(name for part in _written_parts(text) for name in _split(part))


def _clean(text: str) -> str:
    text = _GLUED_ROLE.sub(", ", text)
    text = html.unescape(html.unescape(text[:_MAX_CHARS])) if "&" in text else text[:_MAX_CHARS]
    text = re.sub(r"<[^>]{0,200}>", " ", text) if "<" in text else text
    text = re.sub(r"[\u200b-\u200f\u2060\ufeff\u00ad]", "", text).replace("\u00a0", " ")
    return text.strip().strip("\"'“”„«»")


def _written_parts(text: str) -> Iterator[str]:
    """The parts of a byline that name writers: without openings, other crafts, dates and times."""
    words = byline_words()
    text = MAIL_ADDRESS.sub(" ", text)
    first, *rest = _PIECES.split(_without_place(text))
    for piece in (first, *(piece for piece in rest if not (_is_job(piece) or _is_fact(piece)))):
        other = words.not_writer.search(piece)
        opened = words.by_anywhere.search(piece)
        if other is not None:
            # "Edited by A. Written by B": what follows a later "written by" counts again.
            again = words.by_anywhere.search(piece, other.end() - 1)
            kept = [piece[: other.start()], piece[again.end() :] if again else ""]
        elif (
            opened is not None
            and opened.start() > 0
            and not looks_like_person(piece[: opened.start()])
        ):
            kept = [piece[opened.end() :]]
        else:
            kept = [piece]
        for part in kept:
            match = words.by.match(part)
            yield _without_section(_without_date(part[match.end() :] if match else part))


def _without_place(text: str) -> str:
    """A byline without the place or agency that a dash sets behind its name ("Ana Sá — Lisboa").

    Between them may be the paper: "Ana Sá, Diário do Sul — Lisboa".
    """
    name, dash, rest = text.partition(" — ") if " — " in text else text.partition(" – ")
    if not dash or byline_words().by_anywhere.search(rest) or byline_words().by.match(rest):
        return text
    match = byline_words().by.match(name)
    bare = (name[match.end() :] if match else name).split(", ")[0]
    return name if looks_like_person(bare) and has_given_name(bare) else text


def _without_section(part: str) -> str:
    """Cut "in Workshop", "on behalf of ...", "Categories: ...", "One comment" off a part.

    "in" joins two names in Slovenian, so what follows it stays where it is somebody's full name.
    """
    part = _BEHALF.sub("", part)
    if CAPTION.fullmatch(part.strip()):
        return ""
    match = _IN_SECTION.search(part)
    if match is None or (looks_like_person(match["section"]) and has_given_name(match["section"])):
        return part
    return part[: match.start()]


def _without_date(part: str) -> str:
    """Cut the part before a reading time or a date: names come first."""
    timed = _READING_TIME.search(part)
    if timed:
        part = part[: timed.start()]
    if DIGIT.search(part):
        dated = find_date(part, "en")
        at = part.find(dated.raw) if dated else -1
        if at < 0:
            number = re.search(r"\s\d|\d{3,}", part)
            at = number.start() if number and " " in part else -1
        if at >= 0:
            part = before_day(part[:at])
            part = _DATE_LABEL.sub("", part)
            part = "" if is_label(part.strip()) else part[: label_start(part)]
            part = _WEEKDAY.sub("", part)
    return _WHOLE_WEEKDAY.sub("", part)


def _split(part: str) -> Iterator[str]:
    """Names in a part: apart at commas and "and", unless that would cut a body's name or a role."""
    part = _PARENTHESES.sub("", part).strip(" ,.;:-–—|")
    if not part:
        return
    names: list[str] = []
    described = False
    segments = byline_words().joints.split(part)
    joined = [match[0] for match in byline_words().joints.finditer(part)]
    if len(segments) > 1 and _is_one_body(segments, joined):
        yield from (name for name in [_trim(part)] if is_name(name))
        return
    for position, segment in enumerate(segments):
        segment = segment.strip(" ,.;:-–—|")
        if position and names and _SUFFIX.fullmatch(segment) and segment[0] in "JS":
            names[-1] += f", {segment}"
        elif position and (_is_aside(segment) or (names and _describes(segment, names[-1]))):
            if "," in joined[position - 1] and _ends_list(segment):
                break  # "Jane Doe, editor at Example and Sons": all that follows describes her
            described = True
            if "," not in joined[position - 1] and len(names) > 1 and " " not in names[-1]:
                names.pop()  # "Jane Doe, Home and Garden Expert"
        elif (described and not looks_like_person(segment)) or (
            0 < position == len(segments) - 1
            and _is_dateline(segment, names[-1] if names else "", joined[position - 1])
        ):
            continue  # "Jane Doe, Director, Sales & Service, Example Inc": where she works
        elif segment:
            names.append(segment)
    if len(names) == 2 and "," in joined[0] and len(names[0].split()) == 1 and _is_given(names[1]):
        names = [f"{names[1]} {names[0]}"]  # "Kaufman, Jeff T."
    yield from (name for name in map(_trim, names) if is_name(name))


def _is_dateline(segment: str, before: str, joint: str) -> bool:
    """Whether the last word of a byline is a place or an agency ("Jane Doe, Berlin")."""
    return (
        "," in joint
        and " " in before
        and looks_like_person(before)
        and " " not in segment
        and segment[:1].isupper()
        and not has_given_name(segment)
    )


def _ends_list(segment: str) -> bool:
    return len(segment.split()) > 2


def _is_given(segment: str) -> bool:
    """Whether this can be the given names after "Surname,"."""
    words = segment.split()
    return (1 <= len(words) <= 3 and not looks_like_person(segment)) or (
        len(words) == 2 and words[1].rstrip(".").isupper() and len(words[1]) <= 2
    )


def _is_one_body(segments: list[str], joined: list[str]) -> bool:
    """Whether joints stand inside one body's name ("Food and Drug Administration")."""
    marks = byline_words().organization
    if all("," in joint for joint in joined):
        return bool(re.fullmatch(r"(?:Inc|LLC|Ltd|Co|Corp|GmbH)\.?", segments[-1].strip(), re.I))
    if any("," in joint for joint in joined):
        return False
    last = segments[-1].split()
    first = segments[0].split()
    if not last or not first:
        return False
    if len(segments) == 2 and len(first) == len(last) == 1 and first[0][0] != "@":
        # "Marks and Spencer"; but "Anna and Tom", who blog by their given names
        return not (has_given_name(first[0]) or has_given_name(last[0]))
    if looks_like_person(segments[0]) and len(segments) == 2:
        return last[-1].casefold().strip(".") in {"sons", "co", "company", "partners", "associates"}
    return any(
        word.casefold().strip(".") in marks for word in (last[-1], first[0], first[-1])
    ) and not (looks_like_person(segments[-1]))


def _describes(segment: str, name: str) -> bool:
    """Whether a segment behind somebody's full name says in small letters who she is."""
    return is_small(segment[:1]) and looks_like_person(name) and has_given_name(name)


def _is_job(piece: str) -> bool:
    """Whether a piece behind a bar or dash is what the writer before it works as."""
    words = piece.casefold().split()
    return 0 < len(words) <= 4 and words[-1] in byline_words().role and not has_given_name(piece)


def _is_fact(piece: str) -> bool:
    """Whether a piece opens with a label that is no byline's: "Views: 9 817", "字号：大 中 小"."""
    words = byline_words()
    return _FACT.match(piece) is not None and not any(
        word.match(piece) for word in (words.by, words.by_anywhere.first, words.not_writer.first)
    )


def _is_aside(segment: str) -> bool:
    """Whether a segment beside a name is a degree, a job or a place rather than another name."""
    if not segment or (_CREDENTIAL.fullmatch(segment) and not has_given_name(segment)):
        return True  # "Tom" looks like a degree
    words = [word.casefold().strip(".,:").removesuffix("s") for word in segment.split()]
    roles = byline_words().role
    if words[0] in roles or words[-1] in roles or any(w in roles for w in words if len(words) > 2):
        return True
    if any(word in {"at", "of", "for", "the", "in", "is"} for word in words):
        return True
    upper = [w for w in segment.split() if w.rstrip(".®").isupper() and len(w) > 1]
    return len(upper) == len(segment.split())


def _trim(name: str) -> str:
    """One name without the degrees, jobs and punctuation around it."""
    name = _TAIL.sub("", _PARENTHESES.sub("", name)).strip(" ,.;:-–—|*•·/\"'“”‘’<>_()（）»«")
    name = EAST_ASIAN_ROLE.sub("", name)
    name = re.sub(r"\s*,?\s+(?:and|und|et)\s*$", "", name, flags=re.I)
    if " " in name:
        name = _FOOTNOTE.sub("", name)
    words = name.split()
    while len(words) > 2 and _is_degree(words[-1]):
        words.pop()
    return " ".join(_without_job(words))


def _without_job(words: list[str]) -> list[str]:
    """The words of a name without the job behind it, where what is left is somebody's full name."""
    roles = byline_words().role
    if len(words) < 3 or words[-1].casefold() not in roles:
        return words
    stop = next(at for at, word in enumerate(words) if at > 1 and word.casefold() in roles)
    return words[:stop] if has_given_name(" ".join(words[:stop])) else words


_DEGREES: Final = set_of(
    "PhD MD MBA RN RD DDS DVM JD CPA CFP MPH MS MSc BSc MA EdD DO LLM PsyD CPP PSP FAND"
)


def _is_degree(word: str) -> bool:
    return word.strip(".,®").replace(".", "") in _DEGREES
