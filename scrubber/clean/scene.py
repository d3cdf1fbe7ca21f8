"""A document's lines with their evidence, and the questions that the judge asks about them."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from scrubber.clean.line import Context, Line, is_prose
from scrubber.lexicon import Match
from scrubber.lexicon.evidence import ends_in
from scrubber.lexicon.fold import fold

_PROSE_SHARE = 0.5  # of an article's characters stand in prose
_MARGIN_LINES = 12  # lines from an end that count as its margin at most
# What interrupts already beside prose on one side; other labels need it on both.
INTRUDERS = frozenset(
    {"cookie_consent", "comment_form", "share", "newsletter", "advertisement", "browser_notice"}
)
# Pages of which labels and links are the content, and pages where names and dates head posts.
_LISTINGS = frozenset({"listing", "collection", "product"})
LINK_PAGES = _LISTINGS | {"documentation", "service", "forum"}
_SUBJECT_LINES = 2  # prose lines with a notice's noun that make it the document's subject


class Scene:
    """The lines of one document with their evidence and, growing, the verdicts."""

    def __init__(
        self, lines: Sequence[Line], matches: Sequence[Match | None], context: Context
    ) -> None:
        self.lines = lines
        self.context = context
        self.given = matches  # before `scrubber.clean.details.note_details`
        self.matches = list(matches)
        self.title = fold(context.title or "")
        self.names = [fold(name) for name in context.names if len(name) > 3]
        self.verdicts: list[str | None] = [None] * len(lines)

    def take(self, is_residue: Callable[[Scene, int, Match], bool]) -> None:
        """Give the verdict to every open line for which `is_residue` holds."""
        for at, match in self.evidence:
            if self.verdicts[at] is None and is_residue(self, at, match):
                self.verdicts[at] = match.family

    @cached_property
    def evidence(self) -> list[tuple[int, Match]]:
        """Positions of the lines with evidence, few in running text, and what it is; asked for
        when `note_details` has made evidence of all that it will."""
        return [(at, match) for at, match in enumerate(self.matches) if match is not None]

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
            and not line.links
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

    @cached_property
    def margin(self) -> list[int]:
        """Positions of the lines in the margins, in order."""
        ends = {*range(len(self.lines))[:_MARGIN_LINES], *range(len(self.lines))[-_MARGIN_LINES:]}
        return [at for at in sorted(ends) if self.in_margin(at)]

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
        beside = [self.matches[i] for i in self.beside(at) if self.lines[i].text != text]
        accepted = ("strong", "pattern") if sure else ("strong", "pattern", "weak", "lead")
        return any(match is not None and match.strength in accepted for match in beside)

    def beside(self, at: int) -> Iterable[int]:
        """The lines with text (images have none) before and after one."""
        for steps in (range(at - 1, -1, -1), range(at + 1, len(self.lines))):
            beside = next((other for other in steps if self.lines[other].text), None)
            if beside is not None:
                yield beside

    def interrupts(self, at: int, family: str) -> bool:
        """True between paragraphs of prose (or an end of the text and prose).

        For families that intrude anywhere prose or a heading on one side is enough.
        """
        beside = list(self.beside(at))
        if family in INTRUDERS:
            return any(self.prose[i] or self.is_heading(i) for i in beside)
        return bool(beside) and all(self.prose[i] for i in beside)

    @cached_property
    def plain(self) -> list[int]:
        """Positions of the lines that are no evidence, in order."""
        pairs = zip(self.lines, self.given, strict=True)
        return [at for at, (line, match) in enumerate(pairs) if line.text and not match]

    def is_amid_prose(self, at: int) -> bool:
        """True between paragraphs of prose, perhaps among other evidence."""
        below = bisect_left(self.plain, at)
        if not 0 < below < len(self.plain):
            return False
        return self.prose[self.plain[below - 1]] and self.prose[self.plain[below]]

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
        label = fold(self.lines[at].text).split()
        words = [word for word in label if len(word) > 4]
        below = [i for i in range(at + 1, min(at + 4, len(self.lines))) if self.prose[i]]
        # In a button of many short words a longer one that is common is no subject.
        is_sentence = self.lines[at].text.rstrip()[-1] in ".!?"
        is_told = is_sentence or 2 * sum(map(len, words)) >= sum(map(len, label))
        if not words or not below or not is_told:
            return False
        text = fold(" ".join(self.lines[i].text for i in below))
        return all(word in text for word in words)

    @cached_property
    def headings(self) -> list[tuple[int, str]]:
        """Places and folded texts of the headings."""
        return [(at, fold(x.text)) for at, x in enumerate(self.lines) if x.role == "heading"]

    @cached_property
    def links_from(self) -> int:
        """The position from which on all lines are links, headings or images."""
        for at in reversed(range(len(self.lines))):
            line = self.lines[at]
            if not line.linked and line.role != "heading" and line.text:
                return at + 1
        return 0

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each text stands in the document."""
        return Counter(line.text for line in self.lines)

    def is_open_ended(self, at: int) -> bool:
        """True for a line that announces what follows."""
        return self.lines[at].text.rstrip()[-1:] in ":："

    def runs_on(self, at: int) -> bool:
        """True for a line wrapped within a sentence, of which the next line is the rest."""
        after = next((i for i in self.beside(at) if i > at), None)
        if after is None or self.matches[after] is not None:
            return False
        return self.lines[at].text.rstrip()[-1:].isalnum() and self.lines[after].text[0].islower()

    def is_own_sentence(self, at: int) -> bool:
        """True where the author leads on in a sentence: "Read our full review of the kettle." """
        return self.family(at) == "related" and ends_in(self.lines[at].text, ".")

    def family(self, at: int) -> str | None:
        """The family of a line's evidence."""
        match = self.matches[at]
        return match.family if match else None
