"""What readers see: bylines and dates in the lines around the headline, and author boxes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice, takewhile
from typing import Final

from scrubber.extract.metadata.claims import author_claims
from scrubber.extract.metadata.date_labels import (
    is_label,
    last_label,
    says_modified,
    says_published,
)
from scrubber.extract.metadata.dates import find_date, find_dates, read_date
from scrubber.extract.metadata.names import (
    before_day,
    byline_between,
    byline_inside,
    has_given_name,
    is_dense,
    is_dense_role,
    is_joint,
    is_small,
    joint_after,
    kind_of,
    listed_names,
    looks_like_person,
    names_no_writer,
    opens_byline,
    read_names,
    without_address,
)
from scrubber.extract.metadata.relative import before_relative
from scrubber.extract.metadata.view import Line, View
from scrubber.extract.tree import INLINE
from scrubber.models import Author, Claim, DateValue

_MAX_DENSE: Final = 20  # characters of a name and "reporter" in a script without spaces
_NEAR: Final = 14  # lines after the headline within which a byline stands
_ABOVE: Final = -8
_PROSE: Final = 120  # characters of a line that is no byline, but part of a lead or of the body
_LEAD: Final = 250  # characters of such lines that may still be a lead
_DENSE: Final = 2.2  # bytes a character
_OPENING: Final = 600  # characters of them behind which no byline is looked for
_PAST_LEAD: Final = 5  # lines behind the lead
_BEHIND: Final = 12  # characters behind a date in which its label may stand
_MAX_OPENING: Final = 30  # characters of a line before a label that still opens it
_MAX_BYLINE: Final = 160
_MAX_NAME: Final = 4  # words of a link that may be a name
_MAX_DATED: Final = 100  # characters of a line with a date in which any "by" opens a byline
_NOT_AUTHOR_CLASS: Final = re.compile(
    r"avatar|image|photo|img|bio\b|desc|social|role|title\b|(?<![a-z])job|review|position|link-icon|count",
    re.I,
)
_MAX_CLASSED: Final = 80  # marked elements looked at
_ABOUT: Final = re.compile(
    r"(?:about (?:the )?(?:author|writer)s?|über (?:den|die) autor(?:in)?|à propos de l.auteure?"
    r"|sobre (?:el|la|o|a) autora?|об авторе|l'autore|o autorze|meet the author|author)\s*:?\s*",
    re.I,
)
_CREDITS: Final = (  # as they stand in running text; plain strings, because all of it is searched
    "ritten by", "ritten By", "uthored by", "Article by", "article by", "Words by", "Story by",
    "erfasst von", "eschrieben von", "crit par", "édigé par", "scrito por", "critto da",
    "eschreven door", "Author:", "Authors:", "Author(s)", "Contributors:", "Автор:",
    "Автор статьи:", "作者：", "作者:",
)  # fmt: skip
_LISTING: Final = frozenset({"Authors:", "Author(s)", "Contributors:"})  # names may be items below
_POSTED: Final = (  # what stands before the day of publication at an article's end
    "osted on", "ublished on", "ublished:", "osted:", "ost time:", "eröffentlicht am", "rstellt am",
    "ingestellt am", "ublié le", "édigé le", "osté le", "is en ligne le", "ublicado el",
    "ublicado em", "ubblicato il", "epubliceerd op", "eplaatst op", "publikowano", "ublikacji:",
    "odano:", "ublicerad", "публиковано", "発表日", "公開日", "发布时间", "發佈",
    "eschrieben am", "rschienen am", "ublikationsdatum", "rscheinungsdatum", "Datum:", "ublié :",
    "ate de publication", "ise en ligne le", "ise en ligne :", "ata dodania", "ata publikacji",
    "tworzono", "amieszczono", "apisano", "echa de publicación", "ata di pubblicazione",
    "ata de publicação", "ostado em", "atum objave", "ата публикации", "ата публікації",
    "eröffentlicht:", "ubliceret", "ublisert", "egjelent:", "ublicat la", "ublikováno",
    "ulkaistu", "ayınlanma", "ayın tarihi", "投稿日", "掲載日", "등록일",
)  # fmt: skip
_STEMS: Final = (  # of several of them
    "osted", "ubli", "öffentlich", "atum", "ata d", "ate d", "is en", "ise en", "ritten", "rticle",
    "stellt am", "uthor", "eschrieben", "crit", "édig", "zono", "ayın", "Автор", "作者", "公開",
    "ата п",
)  # fmt: skip
_STEM_OF: Final = {
    needle: next((stem for stem in _STEMS if stem in needle), needle)
    for needle in (*_CREDITS, *_POSTED)
}
_ANOTHER_DAY: Final = re.compile(  # of something else: of an account, an event, a manuscript
    r"\bjoin(?:ed|s)?\b|registered|registration|registriert|member since|\bborn\b|expir|deadline"
    r"|valid until|due (?:date|by)|\b(?:visitors|hits)\b|\breceived\b|\bsubmitted:|\baccepted\b"
    r"|preprint|kayıt|inscri"
    r"|\b(?:date of )?(?:birth|death)\b|\bdied\b|\bgeboren\b|\bgestorben\b|\bnaissance\b|\bdécès\b"
    r"|nacimiento|nascimento|\bnascita\b|\bgeboorte|\burodzon|\bnarozen|\bszületett"
    r"|дата (?:рождения|смерти)|\bродил|народився"
    r"|\bfødt\b|\bfödd\b|syntynyt|γεννήθηκε|doğum tarihi|生年月日|生まれ|出生"
    r"|gültig|dołączył|зарегистрир|зареєстр|geregistreerd|attivo dal|lid sinds|登録日|注册|加入日",
    re.I,
)
_DATELINE: Final = re.compile(  # a place before a day, and a dash behind it
    r"(?!\d)[^\W\d_][^\d:;!?]{1,30}[,(]\s?[^:;!?]{0,8}\d[^:;!?]{3,20}?[\d.)]{2,}(?:\s?[^\W\d_]{1,2}\.)?"
    r"(?:\s?/[^/\d]{2,20}/)?\s?[-–—:]+\s"  # of an agency
)
_BAR: Final = re.compile(r"[／/|│]")
_FOR_MACHINES: Final = re.compile(r"\dT\d\d:")
_COPYRIGHT: Final = re.compile(
    r"©|\(c\)|copyright|all rights|since \d{4}|tous droits|alle rechte|todos (?:los|os) d[ei]re"
    r"|tutti i diritti|wszelkie prawa|všechna práva|все права|всі права|版权所有|版權所有|無断転載",
    re.I,
)


def read(view: View) -> Iterator[Claim]:
    """Visible bylines and dates."""
    yield from _read_lines(view)
    yield from _read_end(view)
    yield from _read_classes(view)
    yield from _read_links(view)
    yield from _read_far(view)


# ---- lines around the headline ----------------------------------------------------------------


def _read_lines(view: View) -> Iterator[Claim]:
    near = [line for line in view.lines if _ABOVE <= line.distance <= _NEAR]
    names: list[str] = []
    prose = 0  # characters of the longer lines below the headline so far
    past = 0  # lines since those that could be a lead
    for place, line in enumerate(near):
        length = _length(line.text) if line.distance > 0 else 0
        prose += length if length >= _PROSE else 0
        past += bool(past) or prose > _LEAD
        if past > _PAST_LEAD or (length >= _PROSE and past > 1 and prose > _OPENING):
            break
        if prose and view.opens_other(line.text, line.element):
            break
        if len(line.text) > _MAX_BYLINE:
            yield from _dateline(view, line, past)
            continue
        odd = ".odd" if view.is_foreign(line.element) else ""
        if odd and view.is_elsewhere(line.element):
            continue
        kind = ".past" if past else odd or ".odd" * _is_teaser(view, line)
        yield from _byline(view, near, place, kind)
        where = "below" if line.distance > 0 else "above"
        dates = list(visible_dates(view, near, place, where, kind))
        dates = dates or list(_leaf_of_calendar(view, near, place, where, kind))
        if dates:
            yield from dates
            yield from _name_beside(near, place)
            yield from _name_inside(view, line, dates[0])
        elif line.distance > 0 and len(names) < 6 and _is_name_line(name := _name_first(line)):
            names.append(name)
            if len(names) <= 2:
                yield from author_claims(f"byline.name_line{kind}", [name])
        elif line.distance > 0 and len(listed := listed_names(line.text)) > 1:
            yield from author_claims(f"byline.list{kind}", listed)
    if len(names) > 1:
        yield from author_claims("byline.name_lines", names)


def _name_first(line: Line) -> str:
    """The name that an element sets apart at a line's start, or the line without mail and "ago"."""
    names = _leading_names(line.parts) if len(line.parts) > 1 else []
    return names[0] if len(names) == 1 else before_relative(without_address(line.text))


def _read_end(view: View) -> Iterator[Claim]:
    """Who signs a short article below its last paragraph: "JANE DOE", "Posted by Jane Doe on"."""
    behind: list[Line] = []  # the last paragraph, the nearest to it last
    for line in reversed([line for line in view.lines if line.distance > 0]):
        if _length(line.text) >= _PROSE and not view.is_foreign(line.element):
            break
        behind.append(line)
    else:
        return
    own = (line for line in reversed(behind) if not view.is_foreign(line.element))
    yield from read_signature(view, own)


def read_signature(view: View, lines: Iterable[Line]) -> Iterator[Claim]:
    """The names in the first of the lines behind an article that signs it.

    "JANE DOE", "Posted by Jane Doe on", "Publicado por <b>jane</b> en 9:12".
    """
    for line in islice(lines, _MAX_SIGNING):
        if view.opens_other(line.text, line.element):
            return
        opened = opens_byline(line.text)
        if len(line.text) > (_MAX_BYLINE if opened else _MAX_SIGNATURE):
            continue
        apart = _set_apart(line.parts) if opened else ""
        authors = tuple(
            author
            for author in read_names(apart or opened or line.text)
            if _is_name_line(author.name) or (apart and _is_listed(author))
        )
        whole = opened or any(line.text.endswith(author.name) for author in authors)
        leads_on = not opened and (line.links or view.tree.tags[line.element] in _HEADINGS)
        if authors and whole and not leads_on and not names_no_writer(line.text):
            yield Claim("authors", authors, "byline.signed", line.text)
            return


def _set_apart(parts: Sequence[str]) -> str:
    """What an element sets apart behind a part that only opens a byline; empty where none does."""
    opens = len(parts) > 1 and opens_byline(f"{parts[0]} x") == "x"
    return parts[1] if opens else ""


_HEADINGS: Final = frozenset({"h2", "h3", "h4", "h5", "h6"})
_MAX_SIGNING: Final = 3  # lines below the last paragraph
_MAX_SIGNATURE: Final = 60  # characters: a name and the agency or place before it


def _length(text: str) -> int:
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
        rest = linked if linked != rest else _parted(line.parts, rest)
    short = len(line.text) < 30
    if rest is None:
        rest, where, short = byline_inside(line.text), "inside", False
    if rest is None or len(rest) > 140:
        return
    authors = [a for a in read_names(rest) if _plausible(a.name) or short]
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


def _parted(parts: Sequence[str], rest: str) -> str:
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
    return ", ".join(_leading_names(tail[::-1])) or rest if len(tail) > 1 else rest


def _last_letters(part: str, count: int) -> str:
    """The end of a text that has so many letters."""
    stop = len(part)
    while count:
        stop -= 1
        count -= part[stop] != " "
    return part[stop:]


def _leading_names(pieces: Sequence[str]) -> list[str]:
    """The persons' names that pieces of a line open with; none where others may be joined."""
    names: list[str] = []
    joined = False
    for piece in pieces:
        if names and is_joint(piece):
            joined = True
            continue
        joint = joint_after(f" {piece} ", 0)
        if found := _names_alone(piece[max(0, joint - 1) :]):
            names += found
        elif not names or joined or joint > 1:
            return []
        else:
            break
        joined = piece.endswith(",")
    return names


def _names_alone(piece: str) -> list[str]:
    """The persons that a piece of a line names, nothing else or what they are behind a comma."""
    piece = before_day(piece).strip(" ,;:")
    if _is_name_line(piece):
        return [piece]
    if len(listed := listed_names(piece)) > 1:
        return listed
    first, comma, rest = piece.partition(", ")
    if comma and len(first) <= _MAX_UNIT and _is_name_line(rest):
        return [rest]  # "Uhr, Jane Doe"
    described = comma and len(rest) <= _MAX_DESCRIPTION and _is_name_line(first)
    return [first] if described else []


_MAX_DESCRIPTION: Final = 50  # characters
_MAX_UNIT: Final = 4  # characters of what belongs to the time before it


def _plausible(name: str) -> bool:
    """Whether a visible name is one: somebody's full name, a body's, or one capitalised word."""
    words = name.split()
    most = 8 if kind_of(name) == "organization" else 5
    return looks_like_person(name) or (
        len(words) <= most and not is_small(name[:1]) and not name.endswith(".")
    )


def _is_name_line(text: str) -> bool:
    plain = len(text) <= 40 and not _NO_NAME.search(text)
    return plain and looks_like_person(text) and has_given_name(text)


_NO_NAME: Final = re.compile(r"[()\[\]:;?!]")


def _dateline(view: View, line: Line, past: int) -> Iterator[Claim]:
    """The day with which the first long line opens: "Köln, 14. März 2021 - Die Brücke ..."."""
    if past > 1 or line.distance <= 0:
        return
    place = _DATELINE.match(line.text)
    opening = place[0] if place else line.text[:_MAX_DATELINE]
    date = find_date(opening, view.language)
    if date is None or date.precision == "year" or view.is_foreign(line.element):
        return
    if date.raw in opening and (place or _opens_with(opening, date)):
        yield Claim("published", date, "visible.below.line", opening)


def _opens_with(text: str, date: DateValue) -> bool:
    """Whether a text opens with a full date, no part of its sentence: "(4.5.2026) Die Brücke"."""
    before, _, behind = text.partition(date.raw)
    parted = _PARTED.match(behind) or (date.raw[-1].isdigit() and _NUMBERS.fullmatch(date.raw))
    return len(date.value) > 7 and _BEFORE_DATELINE.fullmatch(before) is not None and bool(parted)


_MAX_DATELINE: Final = 70
_BEFORE_DATELINE: Final = re.compile(  # nothing, a weekday, or a place and a comma
    r"[(\[]?(?:[^\W\d_]{2,14}\.?,?\s+|[^\d,.;:!?()]{2,30},\s?)?"
)
_PARTED: Final = re.compile(r"(?:\s?(?:Uhr|h|г\.|r\.))?(?:\s?[)\]·|•:–—]|\s-\s|\.\s)")
_NUMBERS: Final = re.compile(r"\d{1,4}[./-]\s?\d\d?[./-]\s?\d{2,4}")


def _label_above(near: Sequence[Line], place: int) -> str:
    """The label that has the line above a date to itself: "Published", "Born:"; may be empty."""
    while place > 0 and len(near[place - 1].text) <= 2:  # a bar or dot between them
        place -= 1
    above = near[place - 1].text if place > 0 else ""
    is_other = len(above) <= _MAX_OPENING and _ANOTHER_DAY.search(above) is not None
    return above if is_other or is_label(above) else ""


def visible_dates(
    view: View, near: Sequence[Line], place: int, where: str, odd: str = ""
) -> Iterator[Claim]:
    """The first day of a line, and a second that its own words tell from the first.

    What stands alone above the line may label a date with which it begins. where, odd: parts of
    the claims' source.
    """
    text = near[place].text
    found = _shown(find_dates(text, view.language, view.fetched_at))
    if not found or _COPYRIGHT.search(text) or _is_span(text, found):
        return
    label = _label_above(near, place)
    stop = 0
    fields: set[str] = set()
    for date in found:
        start = text.find(date.raw, stop)
        before = text[stop : max(start, stop)] if start >= 0 else text
        if start >= 0 and len(found) == 1 and last_label(before) is None:
            before += _label_behind(text[start + len(date.raw) :])  # "2024年5月1日 更新"
        if label and 0 <= start <= 3 and not fields:
            before = f"{label} {before}"
        stop = start + len(date.raw)
        field = _field_of(before)
        if date.precision == "year" or field is None or field in fields:
            return
        if not fields or says_published(before) or field == "modified":
            fields.add(field)
            how = "labelled" if says_published(before) else _line_kind(text, date.raw)
            yield Claim(field, date, f"visible.{where}.{how}{odd}", text)


def _is_span(text: str, dates: Sequence[DateValue]) -> bool:
    """Whether two days are the ends of one time: of an event, of a life."""
    if len(dates) < 2:
        return False
    between = text.partition(dates[0].raw)[2].partition(dates[1].raw)[0]
    return between.strip().casefold() in _TO


_TO: Final = frozenset(
    {"-", "–", "—", "to", "until", "bis", "au", "al", "tot", "do", "до", "〜", "~"}
)


def _label_behind(text: str) -> str:
    """The words just behind a date, unless they lead up to another number: "(updated 3/13)"."""
    return text[:_BEHIND] if not _LEADS_ON.match(text) else ""


_LEADS_ON: Final = re.compile(rf"\D{{1,{_BEHIND}}}\d")


def _leaf_of_calendar(
    view: View, near: Sequence[Line], place: int, where: str, odd: str
) -> Iterator[Claim]:
    """A day whose number, month and year stand on lines of their own, the number on this one."""
    if not _LONE_DAY.fullmatch(near[place].text):
        return
    for before, behind in _LEAVES:
        parts = [line.text for line in near[max(0, place - before) : place + behind + 1]]
        if any((own := find_date(part)) and own.precision == "day" for part in parts):
            continue  # the number counts the comments below a whole date
        for text in (" ".join(parts), " ".join(reversed(parts))):
            date = find_date(text, view.language) if len(text) <= _MAX_LEAF else None
            if date is not None and date.precision == "day":
                yield Claim("published", date, f"visible.{where}.pure{odd}", text)
                return


_LONE_DAY: Final = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.?")
_LEAVES: Final = ((0, 2), (1, 1), (2, 0), (0, 1), (1, 0))  # lines before and behind the day
_MAX_LEAF: Final = 24  # characters of all of them


def _shown(dates: Iterable[DateValue]) -> list[DateValue]:
    """Dates without a first one that is written for machines, beside one written for readers."""
    found = list(dates)
    return found[1:] if len(found) > 1 and _FOR_MACHINES.search(found[0].raw) else found


def _field_of(before: str, names: str = "") -> str | None:
    """What the words before a date make it; `None` where it is the day of something else.

    names: of the element's classes.
    """
    if _ANOTHER_DAY.search(f"{names} {before}"):
        return None
    said = last_label(before)
    return said or ("modified" if says_modified(names) else "published")


def _line_kind(text: str, raw: str) -> str:
    """How the date stands in its line: labelled, alone, with some words, or inside prose."""
    if says_published(text):
        return "labelled"
    words = len(text.replace(raw, " ").split())
    return "pure" if words <= 3 else "line" if words <= 14 else "prose"


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
    starts = (_leading_names(pieces[place:]) for place in range(len(pieces)))
    yield from author_claims("byline.with_date", next(filter(None, starts), []))
    signed = [name for piece in pieces if is_dense_role(name := without_address(piece))]
    yield from author_claims("byline.below", [name for name in signed if len(name) <= _MAX_DENSE])
    rest = line.text.replace(raw, " | ")
    if len(rest) <= _MAX_DATED and (opened := byline_between(rest)) is not None:
        apart = _linked_part(view, line, opened)
        if apart == opened:
            apart = byline_between(" | ".join(line.parts).replace(raw, " | ")) or opened
        is_apart = apart != opened
        authors = read_names(apart if is_apart else ", ".join(_names_alone(opened)) or opened)
        if authors and (is_apart or all(looks_like_person(a.name) for a in authors)):
            yield Claim("authors", authors, "byline.below", line.text)


_SEPARATOR: Final = re.compile(r"[|•·⋅●/–—]| - | on | in ")


# ---- elements that class names or addresses mark ----------------------------------------------


def _read_classes(view: View) -> Iterator[Claim]:
    tree = view.tree
    seen: set[tuple[str, str]] = set()
    dates = 0
    for number in view.marked.classed[:_MAX_CLASSED]:
        if tree.closes[number] - tree.opens[number] > 60:
            continue
        text = tree.text(number)
        said = (text, tree.attr(number, "title"))
        if not 2 < len(text) <= _MAX_BYLINE or said in seen:
            continue
        where = "near" if view.distance(number) is not None else "far"
        if view.is_foreign(number):
            if where == "far" or view.is_elsewhere(number):
                continue
            where = "near.odd"
        seen.add(said)
        if view.mark(number) & 1:
            yield from _classed_author(view, number, text, where)
        if dates < 6 and (date := _classed_date(view, number, text, where)) is not None:
            dates += 1
            yield date


def _classed_date(view: View, number: int, text: str, where: str) -> Claim | None:
    """The date in an element whose class promises one, or an author or facts with it."""
    date = next(iter(_shown(find_dates(text, view.language, view.fetched_at))), None)
    if date is None and view.mark(number) & 2:
        date = _date_in_attributes(view, number)
    if date is None or date.precision == "year" or _COPYRIGHT.search(text):
        return None
    kind = "date" if view.mark(number) & 2 else "meta"
    names = view.tree.attrs[number].get("class") or ""
    before = text[: text.find(date.raw)] if date.raw in text else text
    if not before.strip() and is_label(words := view.words_before(number)):
        before = words
    field = _field_of(before, names)
    labelled = ".labelled" if says_published(before) else ""
    return Claim(field, date, f"class.{kind}.{where}{labelled}", text) if field else None


def _date_in_attributes(view: View, number: int) -> DateValue | None:
    """The day that an element keeps for machines where readers see "12:34" or "2 years ago"."""
    values = (
        value.strip()
        for name, value in view.tree.attrs[number].items()
        if value and (name in _DATE_ATTRIBUTES or name.startswith("data-"))
    )
    dates = (read_date(value, view.language) for value in values if _FULL_DAY.match(value))
    return next((date for date in dates if date is not None), None)


_DATE_ATTRIBUTES: Final = frozenset({"title", "datetime", "content"})
_FULL_DAY: Final = re.compile(r"(?:19|20)\d\d-\d\d-\d\d|1\d{9}(?:\d{3})?$|\d\d?[./]\d\d?[./]\d{4}")


def _classed_author(view: View, number: int, text: str, where: str) -> Iterator[Claim]:
    """The names in an element whose class promises an author."""
    if _NOT_AUTHOR_CLASS.search(view.tree.attrs[number].get("class") or ""):
        return
    if (
        names_no_writer(text)
        or _ABOUT.fullmatch(text)
        or names_no_writer(view.words_before(number))
    ):
        return
    text = _ABOUT.sub("", text, count=1) if _ABOUT.match(text) else text
    opened = opens_byline(text)
    apart = _parted(view.parts_in(number), opened or text)
    authors = [a for a in read_names(apart) if _plausible(a.name)]
    if authors and (opened or all(_is_short_name(author.name) for author in authors)):
        yield Claim("authors", tuple(authors), f"class.author.{where}", text)
    first = view.first_line_in(number)
    if first and first != text and _is_name_line(first):
        yield from author_claims(f"class.author_first.{where}", [first])


def _is_short_name(name: str) -> bool:
    return looks_like_person(name) or len(name.split()) < 4


def _read_links(view: View) -> Iterator[Claim]:
    """Links to authors' pages."""
    tree = view.tree
    near: dict[str, int] = {}
    far: dict[str, int] = {}
    for number in view.marked.author_links[:60]:
        text = tree.text(number)
        if not 2 < len(text) <= 60 or view.is_foreign(number) or _is_in_prose(view, number):
            continue
        if names_no_writer(view.words_before(number)) or not all(map(_is_listed, read_names(text))):
            continue
        (far if view.distance(number) is None else near).setdefault(text, number)
    for found, where in ((near, "near"), (far, "far")):
        if 1 < len(found) <= 6:
            for text in found:
                yield from author_claims(f"link.one.{where}", [text])
        if 0 < len(found) <= 6:
            single = (
                view.absolute(tree.attr(next(iter(found.values())), "href"))
                if len(found) == 1
                else None
            )
            yield from author_claims(f"link.author.{where}", found, url=single)


def _is_in_prose(view: View, number: int) -> bool:
    """Whether a link stands inside a sentence, which tells of somebody."""
    tree = view.tree
    block = next((n for n in tree.ancestors(number) if tree.tags[n] not in INLINE), None)
    return block is not None and tree.tags[block] == "p" and len(tree.text(block)) > _PROSE


def _is_listed(author: Author) -> bool:
    """Whether a link's text is a name rather than a phrase."""
    return author.kind == "handle" or _plausible(author.name)


def _read_far(view: View) -> Iterator[Claim]:
    """ "Written by Jane Doe", "Posted on May 4" anywhere, such as in the box below the article."""
    # Both are mostly said better elsewhere, and reading all text costs.
    credits = () if view.is_signed_for_machines else _CREDITS
    wanted = credits if view.is_dated_for_machines else (*credits, *_POSTED)
    if not wanted:
        return
    plain = view.said_once.encode("utf-8", "replace")
    stems = {stem for stem in {_STEM_OF[needle] for needle in wanted} if _is_in(stem, plain)}
    needles = [needle for needle in wanted if _STEM_OF[needle] in stems and _is_in(needle, plain)]
    text = view.said if needles else ""
    found = sorted((text.find(needle), needle) for needle in needles)
    yield from _far_dates(view, text, [pair for pair in found if pair[1] in _POSTED])
    for place, needle in found:
        if needle not in _POSTED:
            yield from _far_names(_behind(text, place + len(needle)), needle in _LISTING)


def _is_in(needle: str, plain: bytes) -> bool:
    """Whether a needle stands in a text, both in UTF-8.

    That its first byte beyond ASCII is missing shows at once, and bytes are searched more quickly
    than text in which one curly quote makes each letter two bytes.
    """
    first, whole = _in_utf8(needle)
    return first in plain and whole in plain


@cache
def _in_utf8(needle: str) -> tuple[bytes, bytes]:
    whole = needle.encode()
    beyond = next((place for place, byte in enumerate(whole) if byte > 127), 0)
    return whole[beyond : beyond + 1], whole


def _behind(text: str, place: int) -> str:
    return text[place : place + 120].lstrip(" :\n\t\u00a0")


def _far_names(rest: str, listing: bool = False) -> Iterator[Claim]:
    pieces = [piece for raw in rest.split("\n") if (piece := " ".join(raw.split()))]
    kept = pieces[:1]
    if listing:
        kept += takewhile(_is_name_line, pieces[1:])
    for joint, piece in zip(pieces[1::2], pieces[2::2], strict=False):
        if not is_joint(joint):
            break
        kept.append(piece)
    names = [author for author in read_names(", ".join(kept)) if _plausible(author.name)]
    if names:
        yield Claim("authors", tuple(names[:3]), "byline.far", " ".join(rest.split()))


def _far_dates(view: View, text: str, labels: Sequence[tuple[int, str]]) -> Iterator[Claim]:
    """The days behind labels at these places; those told inside prose only where no others are."""
    opening: list[Claim] = []
    inside: list[Claim] = []
    for place, label in labels:
        opens = place - text.rfind("\n", 0, place) <= _MAX_OPENING
        order = "prose" if not opens else "later" if opening else "labelled"
        claims = _far_date(view, label, _behind(text, place + len(label)), order)
        (opening if opens else inside).extend(claims)
    yield from opening or inside


def _far_date(view: View, needle: str, rest: str, order: str) -> Iterator[Claim]:
    line = " ".join(rest[:50].split())
    date = find_date(line, view.language)
    if date is None or date.precision == "year" or line.find(date.raw) >= 12:
        return
    yield Claim("published", date, f"visible.far.{order}", f"{needle} {line}")
    behind = " ".join(rest.split("\n")[0].split()).partition(date.raw)[2]
    if (opened := byline_between(f"| {behind}")) is not None:
        yield from _far_names(opened)
