"""Cutting a page into segments: the units that the scorer judges.

A segment is a run of text that no block boundary interrupts: a paragraph, a heading, a list item,
a table cell, the loose text between two `<div>`. Cut where a block element opens or closes, at
`<hr>` and at two `<br>` in a row; never inside `<pre>`, which is one segment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from scrubber.extract.tree import INLINE, SCRIPTS, Tree, part_words, squeeze

MAX_SEGMENTS: Final = 40_000  # what comes after is not read: bounds the scorer's memory

# What the elements around a text say about it; inherited downwards, one bit each.
A, BUTTON, NAV, HEADER, FOOTER, ASIDE, ARTICLE, MAIN = (1 << n for n in range(8))
FORM, LIST, TABLE, QUOTE, PRE, FIGURE, HEADING, HIDDEN = (1 << n for n in range(8, 16))
NOSCRIPT, HEAD, DL, LABEL, BOLD, DIALOG, ADDRESS, DETAILS = (1 << n for n in range(16, 24))

TAG_FLAGS: Final = {
    "a": A, "button": BUTTON, "nav": NAV, "header": HEADER, "footer": FOOTER, "aside": ASIDE,
    "article": ARTICLE, "main": MAIN, "form": FORM, "ul": LIST, "ol": LIST, "menu": LIST,
    "table": TABLE, "blockquote": QUOTE, "pre": PRE, "listing": PRE, "xmp": PRE, "figure": FIGURE,
    "noscript": NOSCRIPT, "head": HEAD, "dl": DL, "label": LABEL, "b": BOLD, "strong": BOLD,
    "dialog": DIALOG, "address": ADDRESS, "details": DETAILS,
    "h1": HEADING, "h2": HEADING, "h3": HEADING, "h4": HEADING, "h5": HEADING, "h6": HEADING,
}  # fmt: skip


# What a tag does to the text around it.
SCRIPT, WITHIN, LINK, BREAK, BLOCK, CODE = range(6)  # a raised or lowered one parts no words


_INLINE_CUSTOM: Final = ("mjx-", "g-emoji")  # elements of MathJax 3 and GitHub


@lru_cache(maxsize=1_000)  # a page's hundreds of start tags have few names
def _role(tag: str) -> int:
    if tag in INLINE or tag.startswith(_INLINE_CUSTOM):
        return LINK if tag == "a" else SCRIPT if tag in SCRIPTS else WITHIN
    return {"br": BREAK, "pre": CODE}.get(tag, BLOCK)


@dataclass(slots=True)
class Segments:
    """Parallel lists, one entry a segment, in reading order.

    starts, stops: the slice of `tree.tokens`. A segment may lie inside an inline element that
    opened before `starts[k]` (`<b>one<br><br>two</b>`): climb from `inners[k]` to `containers[k]`
    to see all inline elements around its first text.
    containers: number of the nearest block element around it. inners: number of the innermost
    element around its first text (equals the container where no inline element is between).
    texts: plain text, white space collapsed. linked: characters of it inside links.
    bold: characters of it inside `b` or `strong`. breaks: single `<br>` in it.
    flags: the bits above of its first text's innermost element.
    element_flags: the same for every element of the tree. firsts, lasts: for every element, the
    range of segments that lie inside it.
    """

    starts: list[int] = field(default_factory=list)
    stops: list[int] = field(default_factory=list)
    containers: list[int] = field(default_factory=list)
    inners: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    linked: list[int] = field(default_factory=list)
    bold: list[int] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    flags: list[int] = field(default_factory=list)
    element_flags: list[int] = field(default_factory=list)
    firsts: list[int] = field(default_factory=list)
    lasts: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.starts)


def cut(tree: Tree) -> Segments:
    """Cut the page's visible tree into segments; linear in its tokens."""
    found = Segments()
    parents = tree.parents
    # What a tag does is looked up once per kind of start tag, not per element.
    own_flags = [TAG_FLAGS.get(tag, 0) for tag, _ in tree.start_tags]
    roles = [_role(tag) for tag, _ in tree.start_tags]
    kinds = tree.kinds
    flags, firsts = found.element_flags, found.firsts
    lasts = found.lasts = [0] * len(kinds)
    starts, stops, texts = found.starts, found.stops, found.texts
    here = -1  # innermost open element
    now = 0  # its flags
    block = 0  # nearest block element
    parts: list[str] = []
    start = first_inner = first_flags = linked = bold = breaks = 0
    start = -1
    blank = True  # nothing but white space in parts so far
    gap = 0  # consecutive `br` since the last text
    closed = False  # the last token but white space closed an element: menus glue `</a><a>`
    touching = False  # and then another opened
    blocks_open: list[int] = [0]

    def flush(stop: int) -> None:
        nonlocal parts, start, blank, linked, bold, breaks
        if not blank and len(starts) < MAX_SEGMENTS:
            text = squeeze("".join(parts))
            if text:
                starts.append(start)
                stops.append(stop)
                found.containers.append(block)
                found.inners.append(first_inner)
                texts.append(text)
                found.linked.append(linked)
                found.bold.append(bold)
                found.breaks.append(breaks)
                found.flags.append(first_flags)
        parts = []
        start = -1
        blank = True
        linked = bold = breaks = 0

    for position, token in enumerate(tree.tokens):
        if isinstance(token, str):
            if token.isspace() or not token:
                if not blank:
                    parts.append(" ")
                continue
            if now & HEAD:
                continue
            if start < 0:
                start = position
            if blank:
                blank = False
                first_inner = here
                first_flags = now
            if touching and parts and part_words(parts[-1], token):
                parts.append(" ")
            parts.append(token)
            closed = touching = False
            if now & (A | BOLD):
                size = len(token.strip())
                if now & A:
                    linked += size
                if now & BOLD:
                    bold += size
            gap = 0
        elif token >= 0:
            kind = kinds[token]
            role = roles[kind]
            here = token
            now |= own_flags[kind]
            flags.append(now)
            firsts.append(len(starts))
            if role <= LINK:
                if start < 0:
                    start = position
                if role == LINK and closed:
                    parts.append(" ")
                touching = (closed or touching) and role != SCRIPT
                closed = False
            elif role == BREAK:
                gap += 1
                if now & PRE:
                    parts.append("\n")
                elif gap > 1:
                    flush(position)
                else:
                    parts.append(" ")
                    if not blank:
                        breaks += 1
            elif now & PRE and role != CODE:
                parts.append("\n")
                blocks_open.append(token)
            else:
                if start >= 0:  # mostly nothing was met since the last block
                    flush(position)
                    firsts[token] = len(starts)
                gap = 0
                block = token
                blocks_open.append(token)
        else:
            number = ~token
            role = roles[kinds[number]]
            if role >= BLOCK:
                blocks_open.pop()
                if now & PRE and role != CODE:
                    parts.append("\n")
                else:
                    if start >= 0:
                        flush(position)
                    gap = 0
                    block = blocks_open[-1]
            lasts[number] = len(starts)
            closed = True
            here = parents[number]
            now = flags[here] if here >= 0 else 0
    flush(len(tree.tokens))
    return found
