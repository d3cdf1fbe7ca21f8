"""A document's lines with their evidence, and the questions that the judge asks about them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from scrubber.clean.line import Context, Line, is_prose
from scrubber.lexicon import Match
from scrubber.lexicon.fold import fold

_PROSE_SHARE = 0.5  # of an article's characters stand in prose
_MARGIN_LINES = 12  # lines from an end that count as its margin at most
# What interrupts already beside prose on one side; other labels need it on both.
_INTRUDERS = frozenset(
    {"cookie_consent", "comment_form", "share", "newsletter", "advertisement", "browser_notice"}
)
_RUN_FAMILIES = frozenset({"related", "navigation", "tags"})
_EMPTY_SECTIONS = _RUN_FAMILIES | {"author_box", "share", "newsletter"}
_BIO_LINES = 4  # lines of an author's note below its heading, at the end of a text
# What no page offers as its content, not even a list of links or a shop's front page.
_NEVER_CONTENT = frozenset({"cookie_consent", "comment_form", "share", "browser_notice"})
TRAIL_LINES = 6  # from the top among which a breadcrumb trail stands
_DETAIL_LINES = 6  # lines from either end among which bylines and dates stand
_DETAIL_CHARS = 60
_BYLINE_WORDS = 2  # before the name
_BOX_CHARS = 120  # of the line that says what a newsletter is
# Pages of which labels and links are the content, and pages where names and dates head posts.
_LISTINGS = frozenset({"listing", "collection", "product"})
_LINK_PAGES = _LISTINGS | {"documentation", "service", "forum"}
_DATE_WORDS = 8  # of a line that is only a date and perhaps a time
_TRAIL_MARK = re.compile(r"\s*[»›→>/|]\s+")
_REPEATS = 3  # of a label that is the same on every teaser
_SUBJECT_LINES = 2  # prose lines with a notice's noun that make it the document's subject


class Scene:
    """The lines of one document with their evidence and, growing, the verdicts."""

    def __init__(
        self, lines: Sequence[Line], matches: Sequence[Match | None], context: Context
    ) -> None:
        self.lines = lines
        self.context = context
        self.given = matches  # before `note_details`
        self.matches = list(matches)
        self.title = fold(context.title or "")
        self.names = [fold(name) for name in context.names if len(name) > 3]
        self.verdicts: list[str | None] = [None] * len(lines)

    def take(self, is_residue: Callable[[int, Match], bool]) -> None:
        """Give the verdict to every open line for which `is_residue` holds."""
        for at, match in self.evidence():
            if self.verdicts[at] is None and is_residue(at, match):
                self.verdicts[at] = match.family

    def evidence(self) -> list[tuple[int, Match]]:
        """Positions of the lines with evidence, few in running text, and what it is."""
        return [(at, match) for at, match in enumerate(self.matches) if match is not None]

    # ---- what is residue by itself -------------------------------------------------------------

    def is_notice(self, at: int, match: Match) -> bool:
        """A sentence of a known notice; where it is the document's subject, a very clear one."""
        if match.strength != "pattern" or self.is_title(at):
            return False
        if self.lines[at].role == "item" and not (self.has_company(at) or self.in_margin(at)):
            return False
        if not self.is_article and match.family not in _NEVER_CONTENT:
            # Short lines of an article's notes are no prose, and yet no listing.
            return self.context.page_type == "article" and match.hits > 1 and self.has_company(at)
        if not self.is_subject(match.subject):
            return True
        if match.hits > 1 and (self.has_company(at) or self.in_margin(at)):
            return True
        return self.in_margin(at) and self._has_buttons(at, match.family)

    def _has_buttons(self, at: int, family: str) -> bool:
        """True where a strong label of the same family stands beside: no quotation has that."""
        beside = [self.matches[i] for i in self._beside(at)]
        return any(m is not None and (m.strength, m.family) == ("strong", family) for m in beside)

    def is_label(self, at: int, match: Match) -> bool:
        """A strong label that is neither heading, nor title, nor one line of data among others."""
        if self._is_bare_ad(at, match):
            return True
        if match.strength != "strong" or self.is_title(at):
            return False
        if self.lines[at].role == "heading":
            return not self.heads_prose(at)
        if self.lines[at].role == "item" and not (self.has_company(at) or self.in_margin(at)):
            return False
        if match.family != "advertisement" and self.heads_its_subject(at):
            return False
        if not self.is_article:
            return match.family in _NEVER_CONTENT and self.has_company(at, sure=True)
        if self.in_margin(at) or self.interrupts(at, match.family):
            return True
        return self.has_company(at, sure=match.family not in _INTRUDERS)

    def _is_bare_ad(self, at: int, match: Match) -> bool:
        """True for "Sponsored" alone in the middle of an article: what it labelled is gone."""
        is_text = self.lines[at].role == "text" and match.family == "advertisement"
        is_weak = match.strength == "weak" and self.context.page_type == "article"
        return is_text and is_weak and self.interrupts(at, "advertisement")

    def note_details(self) -> None:
        """Make evidence of lines in the margins that only repeat the metadata's names and date.

        Where posts or products follow each other, such a line says whose or of when one is.
        """
        if self.context.page_type in _LINK_PAGES - {"documentation"}:
            return
        ends = [*range(min(_DETAIL_LINES, len(self.lines)))]
        ends += range(max(len(ends), len(self.lines) - _DETAIL_LINES), len(self.lines))
        for at in ends:
            line = self.lines[at]
            if self.matches[at] is not None or line.role not in ("text", "heading"):
                continue
            if self._is_byline(at):
                self.matches[at] = Match("author_box", "lead", "*")
            if line.role == "heading":
                continue
            if len(line.text) <= _DETAIL_CHARS and (family := self._repeated_detail(line.text)):
                self.matches[at] = Match(family, "lead", "*")
            elif at < TRAIL_LINES and self._is_trail(line.text):
                self.matches[at] = Match("navigation", "strong", "*")

    def _is_byline(self, at: int) -> bool:
        """True for "Words by" and the name of an author; as a heading only above the text."""
        if len(self.lines[at].text) > _DETAIL_CHARS or self.is_title(at):
            return False
        if self.is_heading(at) and at > self.margins[0]:
            return False
        folded = fold(self.lines[at].text)
        name = next((name for name in self.names if folded.endswith(f" {name}")), None)
        return name is not None and len(folded[: -len(name)].split()) <= _BYLINE_WORDS

    def _repeated_detail(self, text: str) -> str | None:
        folded = fold(text)
        if folded in self.names:
            return "author_box"
        words = len(folded.split())
        return "reading_time" if words <= _DATE_WORDS and self._is_known_date(text) else None

    def _is_trail(self, text: str) -> bool:
        """True for a breadcrumb trail that ends in the title: "Home » Reviews » The title"."""
        first, *rest = _TRAIL_MARK.split(text)
        heads = [line.text for line in self.lines[:_DETAIL_LINES] if line.role == "heading"]
        titles = {self.title, *map(fold, heads)}
        return bool(rest) and len(first) < _DETAIL_CHARS and fold(rest[-1]) in titles - {""}

    def _is_known_date(self, text: str) -> bool:
        numbers = {number.lstrip("0") for number in re.findall(r"\d+", text)}
        return any(
            {date[:4], date[8:].lstrip("0")} <= numbers and len(numbers) <= 6
            for date in self.context.dates
        )

    def is_detail(self, at: int, match: Match) -> bool:
        """A byline or date that only repeats the metadata, or a label that is all link."""
        if self.is_title(at):
            return False
        if match.strength == "lead" and self.lines[at].text[0] in "([":
            return False  # an aside of the author's own
        is_name = match.language == "*" and match.strength == "weak"
        if self.lines[at].linked and not is_name and self._is_way_on(at, match):
            return True
        if match.family == "reading_time" and match.strength == "weak":
            return self._stands_below_title(at)
        if match.strength != "lead" or self.context.page_type in _LINK_PAGES - {"documentation"}:
            return False
        if match.family == "related":
            return self._is_teaser_between(at)
        text = self.lines[at].text
        if match.family == "reading_time":
            return self._is_known_date(text)
        if match.family == "author_box":
            folded = fold(text)
            return any(name in folded for name in self.names)
        return False

    def _is_teaser_between(self, at: int) -> bool:
        """True where "Related: some headline" stands between two paragraphs of an article."""
        is_text = self.lines[at].role == "text" and self.context.page_type == "article"
        return is_text and self.is_article and self.interrupts(at, "related")

    def _is_way_on(self, at: int, match: Match) -> bool:
        """True where a label that is all link leads away from an article.

        On other pages, and as one item among others, such links are what the page offers.
        """
        if not self.is_article or self.context.page_type in _LINK_PAGES:
            return (
                match.family == "related" and match.strength != "lead" and not self.is_heading(at)
            )
        if match.strength == "lead":
            return True
        return not self.is_heading(at) and (self.lines[at].role != "item" or self.has_company(at))

    def _stands_below_title(self, at: int) -> bool:
        """True where only a title and other evidence stand above, and prose follows."""
        above = [i for i in range(at) if self.lines[i].text and self.matches[i] is None]
        after = next((i for i in range(at + 1, len(self.lines)) if self.lines[i].text), None)
        titled = all(self.is_heading(i) or self.is_title(i) for i in above) and len(above) < 2
        titled = titled and any(map(str.isdigit, self.lines[at].text))
        return titled and self.is_article and after is not None and self.prose[after]

    def is_heading(self, at: int) -> bool:
        """True for a line that the page marks as a heading."""
        return self.lines[at].role == "heading"

    def is_title(self, at: int) -> bool:
        """True for the line that the metadata calls the title."""
        return bool(self.title) and fold(self.lines[at].text) == self.title

    # ---- surroundings --------------------------------------------------------------------------

    @cached_property
    def prose(self) -> list[bool]:
        """For each line: is it a sentence of running text, and no evidence?"""
        return [
            match is None
            and line.role in ("text", "item")
            and not line.linked
            and is_prose(line.text)
            for line, match in zip(self.lines, self.given, strict=True)
        ]

    @cached_property
    def is_article(self) -> bool:
        """Most of what is no evidence is prose; a listing has labels as its content.

        Code and tables do not count: an article may be full of them.
        """
        if self.context.page_type in _LISTINGS:
            return False
        pairs = zip(self.lines, self.matches, strict=True)
        total = sum(len(x.text) for x, match in pairs if match is None and x.role != "other")
        prose = sum(len(line.text) for line, is_ in zip(self.lines, self.prose, strict=True) if is_)
        return prose > _PROSE_SHARE * total

    @cached_property
    def headline(self) -> str:
        """The first line that is no evidence, folded: the title, where there is one."""
        texts = (
            line.text
            for line, match in zip(self.lines, self.matches, strict=True)
            if match is None and line.text
        )
        first = next(texts, "")
        return "" if is_prose(first) else fold(first)

    @cached_property
    def margins(self) -> tuple[int, int]:
        """Positions of the first and the last prose."""
        if True not in self.prose:
            return 0, len(self.lines) - 1
        last = len(self.prose) - 1 - self.prose[::-1].index(True)
        return self.prose.index(True), last

    def in_margin(self, at: int) -> bool:
        """True above the first and below the last prose of an article, near the end of the text."""
        first, last = self.margins
        if not self.is_article:
            return False
        above = at < first and at < _MARGIN_LINES and self.context.opens
        below = at > last and at >= len(self.lines) - _MARGIN_LINES and self.context.closes
        return above or below

    def has_company(self, at: int, *, sure: bool = False) -> bool:
        """True where another line beside it is evidence (if `sure`, strong evidence) too.

        A label that is repeated is no company to itself.
        """
        text = self.lines[at].text
        beside = [self.matches[i] for i in self._beside(at) if self.lines[i].text != text]
        accepted = ("strong", "pattern") if sure else ("strong", "pattern", "weak", "lead")
        return any(match is not None and match.strength in accepted for match in beside)

    def _beside(self, at: int) -> Iterable[int]:
        """The lines with text (images have none) before and after one."""
        for steps in (range(at - 1, -1, -1), range(at + 1, len(self.lines))):
            beside = next((other for other in steps if self.lines[other].text), None)
            if beside is not None:
                yield beside

    def interrupts(self, at: int, family: str) -> bool:
        """True between paragraphs of prose (or an end of the text and prose).

        For families that intrude anywhere prose or a heading on one side is enough.
        """
        beside = list(self._beside(at))
        if family in _INTRUDERS:
            return any(self.prose[i] or self.is_heading(i) for i in beside)
        return bool(beside) and all(self.prose[i] for i in beside)

    def heads_prose(self, at: int) -> bool:
        """True where what follows is neither evidence nor another heading."""
        below = range(at + 1, len(self.lines))
        after = next((i for i in below if any(map(str.isalpha, self.lines[i].text))), None)
        return after is not None and self.matches[after] is None and not self.is_heading(after)

    def is_subject(self, noun: str) -> bool:
        """True where the title, or prose in several places, speaks of the notice's noun."""
        if not noun:
            return False
        if noun in self.title or noun in self.headline:
            return True
        return sum(noun in text for text in self._folded_prose) >= _SUBJECT_LINES

    @cached_property
    def _folded_prose(self) -> list[str]:
        return [fold(x.text) for x, is_ in zip(self.lines, self.prose, strict=True) if is_]

    def heads_its_subject(self, at: int) -> bool:
        """True where the prose below takes up every longer word of the label."""
        words = [word for word in fold(self.lines[at].text).split() if len(word) > 4]
        below = [i for i in range(at + 1, min(at + 4, len(self.lines))) if self.prose[i]]
        if not words or not below:
            return False
        text = fold(" ".join(self.lines[i].text for i in below))
        return all(word in text for word in words)

    # ---- what is residue with what follows it ---------------------------------------------------

    def take_link_lists(self) -> None:
        """A label such as "Related articles" or "Contents" goes with the links that follow it."""
        if self.context.page_type in _LINK_PAGES:
            return
        for at, match in self.evidence():
            if match.family not in _RUN_FAMILIES or self.is_title(at):
                continue
            end = self._end_of_links(at + 1, self._headings_below(at, match))
            links = sum(max(self.lines[i].links, 1) for i in range(at + 1, end))
            is_sure = match.strength == "strong" or match.family == "navigation"
            if links > (not is_sure) and (
                not self.lines[at].linked or self._opens_trail(at, match)
            ):
                self.verdicts[at:end] = [match.family] * (end - at)

    def _headings_below(self, at: int, match: Match) -> frozenset[str]:
        """What a table of contents repeats, folded; nothing for other labels."""
        if match.family != "navigation":
            return frozenset()
        return frozenset(text for place, text in self._headings if place > at)

    @cached_property
    def _headings(self) -> list[tuple[int, str]]:
        """Places and folded texts of the headings."""
        return [(at, fold(x.text)) for at, x in enumerate(self.lines) if x.role == "heading"]

    def _opens_trail(self, at: int, match: Match) -> bool:
        """True for the "Home" of a breadcrumb trail above the text."""
        return match.family == "navigation" and self.lines[at].role == "item" and self.in_margin(at)

    def _end_of_links(self, at: int, headings: frozenset[str]) -> int:
        """The position after a run of links that are no headings, with the images among them.

        headings: texts that count as links even where they are none.
        """
        if at >= self._links_from and sum(x.links for x in self.lines[at:]) > 1:
            return len(self.lines)  # teasers with headings of their own, down to the end
        end = at
        for position in range(at, len(self.lines)):
            line = self.lines[position]
            if line.role != "heading" and (
                line.linked
                or (line.text and all(fold(text) in headings for text in line.text.split("\n")))
            ):
                end = position + 1
            elif line.text:
                break
        return end

    @cached_property
    def _links_from(self) -> int:
        """The position from which on all lines are links, headings or images."""
        for at in reversed(range(len(self.lines))):
            line = self.lines[at]
            if not line.linked and line.role != "heading" and line.text:
                return at + 1
        return 0

    def is_empty_section(self, at: int, match: Match) -> bool:
        """A label for links or notes above the next heading: what it announced is gone."""
        if (
            match.family not in _EMPTY_SECTIONS
            or not self.is_article
            # A network's name heads what is said of it; foreign words are words.
            or (match.strength == "weak" and match.language != (self.context.language or "en"))
            or self.is_title(at)
            or self.lines[at].role == "item"
        ):
            return False
        if match.family == "navigation" and self.is_heading(at) and at < self.margins[0]:
            return True  # "Contents" above the first prose: the extractor left its links out
        after = self._text_after(at)
        is_open = self._is_open_ended(at) and match.family not in ("navigation", "tags")
        is_open = is_open and self.context.page_type == "article"  # whose links the extractor left
        if after is None:
            return (self.is_heading(at) or is_open) and at > self.margins[1]
        if is_open and match.family == "related" and self.in_margin(at):
            return True
        if after.role != "heading":
            return False
        own = self.lines[at].level
        return own is None or after.level is None or after.level <= own

    def _text_after(self, at: int) -> Line | None:
        below = (self.lines[i] for i in range(at + 1, len(self.lines)))
        return next((line for line in below if line.text), None)

    def is_repeated(self, at: int, match: Match) -> bool:
        """A label of several words that an article repeats: "Read more" under every teaser."""
        line = self.lines[at]
        if match.family not in ("related", "advertisement") or " " not in line.text.strip():
            return False
        is_text = line.role == "text" and match.strength != "lead"
        return (
            is_text
            and self.is_article
            and self.context.page_type == "article"
            and self._counts[line.text] >= _REPEATS
        )

    @cached_property
    def _counts(self) -> Counter[str]:
        return Counter(line.text for line in self.lines)

    def take_author_note(self) -> None:
        """The heading of an author's note goes with the note: at the very end, or by his name."""
        first = max(0, len(self.lines) - _BIO_LINES - 1)
        for at, match in self.evidence():
            if (
                match.family != "author_box"
                or self.is_title(at)
                or not 0 < at < len(self.lines) - 1
            ):
                continue
            if not self.is_heading(at) and not self._is_open_ended(at):
                continue
            end = self._end_of_section(at)
            if at >= first or (end - at <= _BIO_LINES + 1 and self._names_author(at, end)):
                end = len(self.lines) if at >= first else end
                self.verdicts[at:end] = ["author_box"] * (end - at)
                return

    def take_boxes(self) -> None:
        """A newsletter's heading goes with the one short line below it that takes it up.

        The next heading or the end must follow: a section of prose is a chapter.
        """
        if not self.is_article or self.context.page_type != "article":
            return
        for at, match in self.evidence():
            is_sign_up = (match.family, match.strength) == ("newsletter", "strong")
            if is_sign_up and self.is_heading(at) and not self.is_title(at):
                below = [i for i in range(at + 1, self._end_of_section(at)) if self.lines[i].text]
                is_box = len(below) == 1 and len(self.lines[below[0]].text) <= _BOX_CHARS
                if is_box and self.heads_its_subject(at):
                    self.verdicts[at] = self.verdicts[below[0]] = match.family

    def _end_of_section(self, at: int) -> int:
        """The position of the next heading, or the end."""
        after = range(at + 1, len(self.lines))
        return next((i for i in after if self.is_heading(i)), len(self.lines))

    def _names_author(self, at: int, end: int) -> bool:
        """True where a note in the later half of an article names one of its authors."""
        note = fold(" ".join(line.text for line in self.lines[at + 1 : end]))
        late = self.is_article and 2 * at > len(self.lines)
        return late and any(name in note for name in self.names)

    # ---- what is residue by its neighbours -----------------------------------------------------

    def spread(self) -> None:
        """Weak lines beside residue go; in both directions, so that runs are taken whole."""
        order = [at for at, _ in self.evidence()]
        for steps, back in ((order, -1), (reversed(order), 1)):
            for at in steps:
                beside = at + back
                if not self._is_open(at) or not 0 <= beside < len(self.lines):
                    continue
                if self.verdicts[beside] and self._belongs(at, self.verdicts[beside]):
                    self.verdicts[at] = self._family(at)

    def _is_open(self, at: int) -> bool:
        match = self.matches[at]
        weak = match is not None and match.strength in ("weak", "lead")
        return weak and self.verdicts[at] is None and not self._is_kept_heading(at)

    def _belongs(self, at: int, family: str | None) -> bool:
        """True where a weak label fits residue of `family`: buttons do, menus only in margins."""
        own = self._family(at)
        return own in _INTRUDERS or own == family or self.in_margin(at)

    def _is_kept_heading(self, at: int) -> bool:
        return self.lines[at].role == "heading" and self.heads_prose(at)

    def take_margins(self) -> None:
        """Weak lines from either end on, as long as every line is evidence."""
        if not self.is_article:
            return
        forward = range(len(self.lines))
        self._take_run([at for at in forward if self.in_margin(at)], self._is_section_label)
        backward = [at for at in reversed(forward) if self.in_margin(at)]
        self._take_run(backward, self._is_last_label)

    def _take_run(self, margin: Sequence[int], may_go_alone: Callable[[int], bool]) -> None:
        """Take the run of evidence with which `margin` begins; one weak line alone seldom goes."""
        run: list[int] = []
        for at in margin:
            open_ = self._is_open(at) and not self.is_title(at)
            if self.verdicts[at] is None and (not open_ or _is_sentence(self.lines[at].text)):
                break
            run.append(at)
        if len(run) > 1 or (run and may_go_alone(run[0])):
            for at in run:
                self.verdicts[at] = self.verdicts[at] or self._family(at)

    def _is_section_label(self, at: int) -> bool:
        """The name of a section, above what may be the title, above prose."""
        after = self.lines[at + 1 : at + 2]
        word = fold(self.lines[at].text)
        titled = bool(after) and self.matches[at + 1] is None and not self.prose[at + 1]
        titled = titled and not fold(after[0].text).startswith(word)
        near = any(self.prose[at + 2 : at + 6])
        return self._family(at) == "section_label" and titled and near

    def _is_last_label(self, at: int) -> bool:
        """What is left of a comment section, share row or tag list below the last prose."""
        family = self._family(at)
        is_row = family == "tags" and " " in self.lines[at].text
        if is_row and "," in self.lines[at].text:
            return any(self.prose[max(0, at - 3) : at])
        return (is_row or family in ("comment_form", "share")) and self.prose[at - 1]

    def _is_open_ended(self, at: int) -> bool:
        return self.lines[at].text.rstrip()[-1:] in ":："

    def _family(self, at: int) -> str | None:
        match = self.matches[at]
        return match.family if match else None


def may_be_trail(line: Line) -> bool:
    """True where something stands between the marks of a breadcrumb trail."""
    return line.role == "text" and _TRAIL_MARK.search(line.text, 0, _DETAIL_CHARS) is not None


def _is_sentence(text: str) -> bool:
    return text.rstrip()[-1:] in ".!?。！？"
