"""The inline content of a slice of tokens: what it says, and the same in Markdown.

Most paragraphs are bare text and leave by the first branch; the others are cut into `Run`s.
White space is collapsed as a browser does it, with two additions: a line break in the source
between two Han or kana characters joins them (no space belongs there), and two different links
that touch are parted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from scrubber.extract.assemble_urls import Urls
from scrubber.extract.markdown import CODE, DEL, EM, STRONG, SUB, SUP, Run, inline
from scrubber.extract.tree import Tree, squeeze

STYLES: Final = {
    "b": STRONG, "strong": STRONG, "i": EM, "em": EM, "cite": EM, "var": EM, "dfn": EM,
    "del": DEL, "s": DEL, "strike": DEL, "sub": SUB, "sup": SUP,
    "code": CODE, "kbd": CODE, "samp": CODE, "tt": CODE,
}  # fmt: skip

_MARKED: Final = frozenset(STYLES) | {"a", "br", "q", "img", "math", "script", "rt", "rp"}
_SKIPPED: Final = frozenset({
    "script", "style", "template", "svg", "iframe", "object", "embed", "canvas", "audio",
    "video", "map", "select", "datalist", "textarea", "button", "input", "rp", "rt",
})  # fmt: skip
_EAST_ASIAN: Final = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_WRAPPED: Final = re.compile(f"(?<=[{_EAST_ASIAN}])[ \t]*\r?\n\\s*(?=[{_EAST_ASIAN}])")
_IS_EAST_ASIAN: Final = re.compile(f"[{_EAST_ASIAN}]")
_PERMALINKS: Final = frozenset({
    "¶", "#", "§", "🔗", "∞", "⚓"
})  # fmt: skip


class InlineReader:
    """Reads slices of one tree's tokens."""

    def __init__(self, tree: Tree, urls: Urls) -> None:
        self._tree = tree
        self._urls = urls

    def read(self, start: int, stop: int, inner: int, container: int) -> list[Run]:
        """The runs of `tokens[start:stop]`; `inner` to `container`: the inline elements around."""
        tree = self._tree
        tokens = tree.tokens[start:stop]
        if inner == container and len(tokens) == 1:
            return [Run(collapse(str(tokens[0])))]
        style, href = self._around(inner, container, start)
        return _RunBuilder(tree, self._urls, style, href).build(tokens)

    def _around(self, inner: int, container: int, start: int) -> tuple[int, str | None]:
        """The style and link already open at `start`."""
        tree = self._tree
        style, href = 0, None
        number = inner
        while number != container and number >= 0:
            if tree.opens[number] < start:
                tag = tree.tags[number]
                style |= STYLES.get(tag, 0)
                if tag == "a":
                    href = self._urls.link(tree.attr(number, "href"))
            number = tree.parents[number]
        return style, href


class _RunBuilder:
    """One pass over a slice of tokens, collecting runs."""

    def __init__(self, tree: Tree, urls: Urls, style: int, href: str | None) -> None:
        self._tree = tree
        self._urls = urls
        self._style = style
        self._href = href
        self._above: list[tuple[int, str | None]] = []
        self._runs: list[Run] = []
        self._gap = ""  # white space not yet written: "", " " or "\n" (of the source)
        self._last = "\n"  # the last character written
        self._touching = False  # an element closed since the last text
        self._last_href: str | None = None

    def build(self, tokens: Iterable[str | int]) -> list[Run]:
        skip_to = None
        tags = self._tree.tags
        for token in tokens:
            if skip_to is not None:
                if token == skip_to:
                    skip_to = None
            elif token.__class__ is str:
                self._text(token)  # type: ignore[arg-type]
            elif token >= 0:  # type: ignore[operator]
                tag = tags[token]  # type: ignore[index]
                if tag in _SKIPPED or (tag in _WHOLE and self._whole(tag, token)):  # type: ignore[arg-type]
                    skip_to = ~token  # type: ignore[operator]
                else:
                    self._open(tag, token)  # type: ignore[arg-type]
            else:
                self._close(tags[~token])  # type: ignore[operator]
        return self._runs

    def _text(self, text: str) -> None:
        body = collapse(text)
        if not body:
            self._gap = self._gap or _gap_of(text)
            return
        if text[0].isspace():
            self._gap = self._gap or _gap_of(text)
        self._write(body)
        if text[-1].isspace():
            self._gap = "\n" if text.rstrip() + "\n" == text else " "

    def _write(self, body: str, style: int | None = None) -> None:
        if self._gap and self._last != "\n" and not self._joins(body[0]):
            body = " " + body
        self._gap = ""
        self._touching = False
        self._last = body[-1]
        self._runs.append(Run(body, self._style if style is None else style, self._href))

    def _joins(self, first: str) -> bool:
        return (
            self._gap == "\n"
            and not first.isascii()
            and _IS_EAST_ASIAN.match(first) is not None
            and _IS_EAST_ASIAN.match(self._last) is not None
        )

    def _open(self, tag: str, number: int) -> None:
        if tag == "br":
            self._break()
            return
        self._above.append((self._style, self._href))
        if tag in STYLES:
            self._style |= STYLES[tag]
        elif tag == "a":
            self._href = self._urls.link(self._tree.attr(number, "href"))
            if self._touching and (self._href is None or self._href != self._last_href):
                self._gap = self._gap or " "
        elif tag == "q":
            self._write('"')

    def _break(self) -> None:
        if self._last != "\n":
            self._runs.append(Run("\n"))
            self._last = "\n"
        self._gap = ""

    def _close(self, tag: str) -> None:
        if tag == "br":
            return
        if tag == "q":
            self._gap = ""
            self._write('"')
        self._touching = True
        if tag == "a":
            self._last_href = self._href
        if self._above:
            self._style, self._href = self._above.pop()
        else:  # opened before the slice
            self._style &= ~STYLES.get(tag, 0)
            if tag == "a":
                self._href = None

    def _whole(self, tag: str, number: int) -> bool:
        """Write an element that is one piece (a formula, an emoji); whether it was one."""
        return False


_WHOLE: Final = frozenset({"math", "img", "span"})


def _gap_of(text: str) -> str:
    return "\n" if "\n" in text else " " if text else ""


def collapse(text: str) -> str:
    """Collapse white space; a source line break between East Asian characters vanishes."""
    if "\n" in text and not text.isascii():
        text = _WRAPPED.sub("", text)
    return squeeze(text)


def plain(runs: Iterable[Run]) -> str:
    """The text of runs, `br` as newline."""
    return "".join([run.text for run in runs]).strip()


def markdown(runs: list[Run]) -> str:
    """The Markdown of runs."""
    return inline(runs).strip()
