"""The inline content of a slice of tokens: what it says, and the same in Markdown.

Most paragraphs are bare text and leave by the first branch; the others are cut into `Run`s.
White space is collapsed as a browser does it, with two additions: a line break in the source
between two Han or kana characters joins them (no space belongs there), and two different links
that touch are parted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from itertools import islice
from typing import Final

from scrubber.extract.assembly.footnotes import BACKLINKS, Footnotes
from scrubber.extract.assembly.math import find_sources, formula, is_source
from scrubber.extract.assembly.parts import HEADINGS
from scrubber.extract.assembly.urls import Urls
from scrubber.extract.hidden import is_hidden, is_revealed
from scrubber.extract.markdown import (
    CODE,
    DEL,
    EM,
    MATH,
    NOTE,
    STRONG,
    SUB,
    SUP,
    Run,
    escape,
    inline,
)
from scrubber.extract.tree import Token, Tree, part_words, without_hints

# What an inline element does to the text in it: a style's bits, or one of the negatives.
LINK, BREAK, QUOTATION, SKIP, EMOJI, FORMULA = range(-6, 0)
KINDS: Final = {
    "b": STRONG, "strong": STRONG, "i": EM, "em": EM, "cite": EM, "var": EM, "dfn": EM,
    "del": DEL, "s": DEL, "strike": DEL, "sub": SUB, "sup": SUP,
    "code": CODE, "kbd": CODE, "samp": CODE, "tt": CODE,
    "a": LINK, "br": BREAK, "q": QUOTATION, "img": EMOJI, "math": FORMULA, "script": FORMULA,
    "style": SKIP, "template": SKIP, "svg": SKIP, "iframe": SKIP, "object": SKIP, "embed": SKIP,
    "canvas": SKIP, "audio": SKIP, "video": SKIP, "map": SKIP, "select": SKIP, "datalist": SKIP,
    "textarea": SKIP, "button": SKIP, "input": SKIP, "rt": SKIP, "rp": SKIP,
    "mjx-container": FORMULA, "mjx-math": SKIP,
}  # fmt: skip
_FORMULAS: Final = ("katex", "MathJax", "mwe-math", "MJX", "ltx_Math", "math ", "arithmatex")
_UNSEEN: Final = (
    "sr-only", "visually-hidden", "visuallyhidden", "screen-reader", "editsection",
    "cite-backlink", "tooltiptext", "tooltip-text", "margin-toggle",
)  # fmt: skip
_ASIDES: Final = ("sidenote", "marginnote")  # of Tufte CSS: in the margin, from within the line
_WHOLES: Final = _FORMULAS + _ASIDES
_NAMED: Final = frozenset({"span", "label"})  # whose classes say what they are
_AFTER_LABELS: Final = " .:)]\xa0"
_SIGNS: Final = BACKLINKS | {"¶", "#", "§", "🔗", "⚓", "∞"}  # permalinks of headings, ways back
_WRAPPERS: Final = 3  # elements of a renderer around a formula
_MAX_SIGN_CHARS: Final = 4
_EAST_ASIAN: Final = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_WRAPPED: Final = re.compile(f"(?<=[{_EAST_ASIAN}])[ \t]*\r?\n\\s*(?=[{_EAST_ASIAN}])")
_IS_EAST_ASIAN: Final = re.compile(f"[{_EAST_ASIAN}]")
MAX_EMOJI_CHARS: Final = 12
_SMILEYS: Final = frozenset({"smiley", "smilie", "smilies", "wp-smiley", "emoji"})
_TYPED_SMILEY_CHARS: Final = 3


class InlineReader:
    """Reads slices of one tree's tokens."""

    def __init__(self, tree: Tree, urls: Urls, notes: Footnotes) -> None:
        self._tree = tree
        self._urls = urls
        self._notes = notes
        self._named: dict[str, int] = {}  # what the names of spans and labels say
        self._in_aside = False
        self._read_to = 0  # the end of the last formula: blocks may stand inside (a matrix)

    @cached_property
    def _sources(self) -> list[int]:
        return find_sources(self._tree)

    def formula(self, number: int) -> str:
        """Text of a formula that blocks part and that no line has read; then it counts as read."""
        tree = self._tree
        if tree.opens[number] < self._read_to:
            return ""
        for around in islice(tree.ancestors(number), _WRAPPERS):
            if tree.attr(around, "class").startswith(_FORMULAS):
                number = around
        self._read_to = tree.closes[number]
        return formula(tree, number, self._sources) or tree.text(number)

    def read(
        self, start: int, stop: int, inner: int, container: int, link: int = -1
    ) -> tuple[str, str]:
        """Text and Markdown of `tokens[start:stop]`.

        `inner` up to `container`: the inline elements around the first text. link: around the
        container, -1 for none.
        """
        tree = self._tree
        if start < self._read_to:
            start = min(self._read_to, stop)
            inner = container
        if inner == container and stop - start == 1 and link < 0:
            text = collapse(str(tree.tokens[start]))
            return text, escape(text)
        style, href = (0, None) if inner == container else self._around(inner, container, start)
        if link >= 0:
            href = href or self._link(link)
        runs = self._runs(tree.tokens[start:stop], style, href)
        if tree.tags[container] in HEADINGS and any(run.href for run in runs):
            runs = self._without_permalinks(runs, container)
        if runs and (runs[-1].href or runs[0].href):
            _drop_signs(runs)
        text = "".join([run[0] for run in runs]).strip()
        if len(runs) > 1 and runs[0].href and self._notes.is_label(runs[0].text, container):
            del runs[0]  # Markdown gives the note its mark
            runs[0] = runs[0]._replace(text=runs[0].text.lstrip(_AFTER_LABELS))
        return text, inline(runs).strip()

    def _without_permalinks(self, runs: list[Run], heading: int) -> list[Run]:
        """Without links of a heading to itself; a heading that is all such a link is text."""
        tree = self._tree
        own = {heading, *tree.within(heading), *islice(tree.ancestors(heading), 2)}

        def is_own(run: Run) -> bool:
            fragment = run.href.partition("#")[2] if run.href else ""
            return bool(fragment) and self._notes.element(fragment) in own

        others = [run for run in runs if not is_own(run)]
        if any(run.text.strip() for run in others):
            return others
        return [run._replace(href=None) for run in runs]

    def _around(self, inner: int, container: int, start: int) -> tuple[int, str | None]:
        """The style and link already open at `start`."""
        tree = self._tree
        style, href = 0, None
        number = inner
        while number != container and number >= 0:
            if tree.opens[number] < start:
                kind = KINDS.get(tree.tags[number], 0)
                if kind > 0:
                    style |= kind
                elif kind == LINK:
                    href = self._link(number)
            number = tree.parents[number]
        return style, href

    def _link(self, number: int) -> str | None:
        href = self._tree.attrs[number].get("href")
        return self._urls.link(href.strip()) if href else None

    def _runs(self, tokens: Sequence[Token], style: int, href: str | None) -> list[Run]:
        """Cut a slice into runs. Hot: one loop, cases in order of frequency."""
        line = _Line()
        kinds, tags = KINDS, self._tree.tags
        above: list[tuple[int, str | None]] = []
        closed_href: str | None = None
        skip_to: Token | None = None
        for token in tokens:
            if skip_to is not None:
                if token == skip_to:
                    skip_to = None
            elif isinstance(token, str):
                line.add(token, style, href)
            elif token < 0:
                line.touching, line.opened = True, False
                kind = kinds.get(tags[~token], 0)
                if kind == QUOTATION:
                    line.add('"', style, href)
                elif kind == LINK:
                    closed_href = href
                if kind > 0 or kind == LINK:
                    line.coded = line.coded or kind == CODE
                    style, href = above.pop() if above else _closed(style, href, kind)
            elif (kind := kinds.get(tags[token], 0)) == 0:
                line.opened = line.touching
                attributes = self._tree.attrs[token]
                if not attributes:
                    continue
                if is_hidden(attributes) and not is_revealed(attributes):
                    skip_to = ~token
                    continue
                classes = attributes.get("class") if tags[token] in _NAMED else None
                if classes is None:
                    continue
                what = self._named.get(classes)  # names repeat
                if what is None:
                    what = self._named[classes] = _read_names(classes)
                if what == SKIP or (what == FORMULA and self._whole(line, token, style, href)):
                    skip_to = ~token
            elif kind > 0:
                line.opened = line.touching and not kind & (SUB | SUP)
                above.append((style, href))
                style |= kind
            elif kind == LINK:
                if (style & SUP or self._notes.marks(token)) and self._note(line, token, style):
                    skip_to = ~token
                    continue
                above.append((style, href))
                href = self._link(token)
                line.part_links(href, closed_href)
            elif kind == BREAK:
                line.end()
            elif kind == QUOTATION:
                line.add('"', style, href)
            elif kind == SKIP or self._whole(line, token, style, href):
                skip_to = ~token
        return line.runs()

    def _note(self, line: _Line, number: int, style: int) -> bool:
        """Write a footnote's reference; whether this superscript link is one."""
        label = self._notes.label(number)
        if label is None:
            return False
        if self._notes.reference(number, label):
            line.open_note()
            line.add(f"[{label}]", (style & ~SUP) | NOTE, None)
        else:
            line.add(f"[{label}]", style | SUP, self._link(number))
        return True

    def _aside(self, line: _Line, number: int) -> bool:
        """Write a note of the margin into the line that it stands in, bracketed."""
        tree = self._tree
        if self._in_aside:
            return False  # one in another would recurse as deep as a page likes
        self._in_aside = True
        runs = self._runs(tree.tokens[tree.opens[number] + 1 : tree.closes[number] - 1], 0, None)
        self._in_aside = False
        if runs:
            line.gap = line.gap or " "
            line.add("(", 0, None)
            for run in runs:
                line.add(run.text, run.style, run.href)
            line.gap = ""
            line.add(")", 0, None)
        return True

    def _whole(self, line: _Line, number: int, style: int, href: str | None) -> bool:
        """Write an element that is read as one piece, such as a formula; whether it was one."""
        tree = self._tree
        if tree.tags[number] == "img":
            alt = tree.attr(number, "alt")
            if is_character(tree, number):
                line.add(alt, style, href)
            elif is_source(tree, number):
                line.add(formula(tree, number, self._sources) or "", style | MATH, href)
            return True
        if tree.attr(number, "class").startswith(_ASIDES):
            return self._aside(line, number)
        source = formula(tree, number, self._sources)
        if source is not None:
            self._read_to = tree.closes[number]
        if source:
            line.add(source, style | MATH, href)
        return source is not None


def _read_names(classes: str) -> int:
    """What a span's or a label's names say: SKIP, FORMULA (or another whole), or 0 for nothing."""
    if any(mark in classes for mark in _UNSEEN):
        return SKIP
    return FORMULA if classes.startswith(_WHOLES) else 0


class _Line:
    """Runs under construction, white space collapsed across them."""

    __slots__ = ("_href", "_open", "_runs", "_style", "coded", "gap", "last", "opened", "touching")

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._open: list[str] = []  # pieces of the run that is being written
        self._style = 0
        self._href: str | None = None
        self.gap = ""  # white space not yet written: "", " " or "\n" (of the source)
        self.last = "\n"  # the last character written
        self.touching = False  # an element closed since the last text
        self.opened = False  # and then another opened
        self.coded = False  # code closed since the last text

    def runs(self) -> list[Run]:
        """What was written."""
        self._close()
        return self._runs

    def _close(self) -> None:
        if self._open:
            self._runs.append(Run("".join(self._open), self._style, self._href))
            self._open = []

    def add(self, text: str, style: int, href: str | None) -> None:
        body = " ".join(text.split()) if text.isascii() else collapse(text)
        if not body:
            self.gap = self.gap or ("\n" if "\n" in text else " " if text.isspace() else "")
            return
        if not self.gap and text[0].isspace():
            self.gap = "\n" if "\n" in text else " "
        if self.opened and not self.gap and self._open and not style & CODE:
            self.gap = " " if part_words(self._open[-1].strip(), body) else ""
        if self.gap and self.last != "\n" and not self._joins(body[0]):
            if self.coded and style & CODE:
                self._part_code(style, href)
            else:
                body = " " + body
        if style != self._style or href != self._href:
            if style & SUP and self._style & NOTE and body == "]":
                return  # around a reference, see `open_note`
            self._close()
            self._style, self._href = style, href
        self._open.append(body)
        self.last = body[-1]
        self.touching = self.opened = self.coded = False
        self.gap = "" if not text[-1].isspace() else "\n" if "\n" in text[-20:] else " "

    def _joins(self, first: str) -> bool:
        """Whether a source line break between these characters is no space."""
        return (
            self.gap == "\n"
            and not first.isascii()
            and _IS_EAST_ASIAN.match(first) is not None
            and _IS_EAST_ASIAN.match(self.last) is not None
        )

    def open_note(self) -> None:
        """A reference to a note opens: the raised bracket before it says no more than its own."""
        if self._style & SUP and self._open == ["["]:
            self._open = []

    def _part_code(self, style: int, href: str | None) -> None:
        """A space between two pieces of code is in neither."""
        self._close()
        self._style &= style & ~CODE
        self._href = href if href == self._href else None
        self._open.append(" ")

    def end(self) -> None:
        """A line break, unless the line is empty."""
        if self.last != "\n":
            self._close()
            self._style, self._href = 0, None
            self._open.append("\n")
            self.last = "\n"
        self.gap = ""

    def part_links(self, href: str | None, closed_href: str | None) -> None:
        """A link opens: part it from another that it touches."""
        if self.touching and (href is None or href != closed_href):
            self.gap = self.gap or " "


def _drop_signs(runs: list[Run]) -> None:
    """Without permalinks and ways back at either end."""
    while runs and (_is_sign(runs[-1]) or _counts_signs(runs)):
        runs.pop()
    while len(runs) > 1 and _is_sign(runs[0]) and "#" in (runs[0].href or ""):
        del runs[0]
    if runs and runs[0].text[:1].isspace():
        runs[0] = runs[0]._replace(text=runs[0].text.lstrip())


def _is_sign(run: Run) -> bool:
    return run.href is not None and len(run.text) < _MAX_SIGN_CHARS and run.text.strip() in _SIGNS


def _counts_signs(runs: Sequence[Run]) -> bool:
    """Whether the last run is the raised number of a second way back (`↩2`), or a space after."""
    text, style, href = runs[-1]
    if not text.strip():
        return len(runs) > 1 and _is_sign(runs[-2])
    return (
        bool(style & SUP)
        and text.isdecimal()
        and len(runs) > 1
        and _is_sign(runs[-2])
        and (href == runs[-2].href)
    )


def _closed(style: int, href: str | None, kind: int) -> tuple[int, str | None]:
    """Style and link after the end of an element that opened before the slice."""
    return (style, None) if kind == LINK else (style & ~kind, href)


def collapse(text: str) -> str:
    """Collapse white space; a source line break between East Asian characters vanishes."""
    if text.isascii():
        return " ".join(text.split())
    if "\n" in text:
        text = _WRAPPED.sub("", text)
    return " ".join(without_hints(text).split())


def is_character(tree: Tree, number: int) -> bool:
    """Whether an image stands for characters of the text: an emoji, a typed smiley."""
    alt = tree.attr(number, "alt")
    if not alt or len(alt) > MAX_EMOJI_CHARS:
        return False
    if is_emoji(alt):
        return True
    # Named ones (":laugh:") stay images: readers see no word there.
    return len(alt) <= _TYPED_SMILEY_CHARS and not _SMILEYS.isdisjoint(
        tree.attr(number, "class").split()
    )


def is_emoji(text: str) -> bool:
    """Whether text is symbols only, such as an emoji's; a word in any script is not."""
    return not text.isascii() and not any(char.isalnum() for char in text)
