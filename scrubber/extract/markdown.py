"""GitHub Markdown for pieces of content: inline runs, lists, tables, code, quotes, images.

Everything here follows the GFM specification (version 0.29) and CommonMark 0.31, which the tests
hold it to by parsing the output back. An inline `Run` is a stretch of text in one style; runs are
normalised before they are written, so that `<b><strong>` or `<b>a</b><b>b</b>` give one pair of
stars, and white space stands outside of them. Three cases have no Markdown of their own and become
the HTML tags that GFM allows: stars that would not open or close because of the characters
around them (`**「…」**です`), sub- and superscript, and lines in the cell of a table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple
from unicodedata import category

from scrubber.models import Cell

STRONG, EM, DEL, CODE, SUB, SUP, MATH, NOTE = (1 << n for n in range(8))


class Run(NamedTuple):
    """A stretch of text in one style. style: the bits above. href: where it links to."""

    text: str
    style: int = 0
    href: str | None = None


# ---- escaping ----------------------------------------------------------------------------------

_SPECIAL: Final = re.compile(r"[\\`*_\[\]<&~]")
_ESCAPED: Final = re.compile(
    r"\\(?=[!-/:-@\[-`{-~]|$)"  # a backslash is itself unless punctuation follows
    r"|`"
    r"|\*(?!\s)|(?<!\s)\*"  # a star between spaces is literal
    r"|(?<![^\W_])_|_(?![^\W_])"  # inside a word an underscore is literal
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w+;)"
    r"|~",
    re.MULTILINE,
)
_BRACKETS: Final = re.compile(r"[\[\]]")
# Brackets are literal unless they could be a link, reference, footnote or check box.
_LINKING: Final = re.compile(r"\][(\[:]|\[\^|^\[[ xX]\]|\[[^\]]*$", re.MULTILINE)
_LINE_START: Final = re.compile(
    r"^(?:#{1,6}(?=\s|$)|>|[-+*](?=\s|$)|[-=|:](?=[-=|:\s]*$)|(\d{1,9})(?=[.)](?:\s|$)))",
    re.MULTILINE,
)


def escape(text: str, *, in_link: bool = False) -> str:
    """`text` so that Markdown reads it literally, within a line."""
    if not _SPECIAL.search(text):
        return text
    text = _ESCAPED.sub(r"\\\g<0>", text)
    if "[" not in text and "]" not in text:
        return text
    linking = in_link or _LINKING.search(text) or text.count("[") != text.count("]")
    return _BRACKETS.sub(r"\\\g<0>", text) if linking else text


def guard_line(markdown: str) -> str:
    """Inline Markdown so that no line of it opens a heading, list, quote, table or rule."""
    first = markdown[:1]
    if "\n" not in markdown and (first.isalpha() or not first):
        return markdown
    return _LINE_START.sub(_guarded, markdown)


def _guarded(match: re.Match[str]) -> str:
    return match[1] + "\\" if match[1] else "\\" + match[0]


def escape_url(url: str) -> str:
    """A link destination that ends where the URL ends."""
    if not _URL_SPECIAL.search(url):
        return url
    return _URL_SPECIAL.sub(lambda match: "".join(f"%{b:02X}" for b in match[0].encode()), url)


_URL_SPECIAL: Final = re.compile(r"[\s()<>\\\x00-\x1f\x7f]|&(?=#?\w+;)")


# ---- inline ------------------------------------------------------------------------------------

_TAGS: Final = {STRONG: "strong", EM: "em", DEL: "del", SUB: "sub", SUP: "sup"}
_MARKS: Final = {STRONG: "**", EM: "*", DEL: "~~"}
_BITS: Final = (STRONG, EM, DEL, SUB, SUP)


def inline(runs: Sequence[Run]) -> str:
    """Markdown of inline runs; a newline in a run's text becomes a hard line break.

    Neighbouring runs differ in style or link.
    """
    if not any(run[1] for run in runs):
        return _unstyled(runs)
    return _nested(list(runs), 0, None, "", "")


def _unstyled(runs: Sequence[Run]) -> str:
    """Plain text and links only: by far the most."""
    out = ""
    for text, _, href in runs:
        if href is not None:
            bare = text.strip()
            if out.endswith("!"):
                out = out[:-1] + "\\!"  # or it would make the link an image
            label = escape(bare.replace("\n", " "), in_link=True)
            lead = text[: len(text) - len(text.lstrip())]
            out += f"{lead}[{label}]({escape_url(href)}){text[len(text.rstrip()) :]}"
        else:
            out += _literal(text)
    return out


def _nested(runs: list[Run], open_bits: int, open_href: str | None, before: str, after: str) -> str:
    """Write runs; of the styles that begin at one place the longest goes outside.

    before, after: the characters around. The recursion is as deep as there are styles.
    """
    out: list[str] = []
    at, count = 0, len(runs)
    while at < count:
        mark, stop = _longest(runs, at, open_bits, open_href)
        previous = out[-1][-1:] if out else before
        following = runs[stop].text[:1] if stop < count else after
        piece = runs[at:stop]
        if mark is None:
            ahead = following if stop == count else _next_mark(runs[stop], open_href)
            out.append(_leaf(piece[0], ahead, open_href is not None))
        elif mark == 0:
            out.append(_link(piece, open_bits, runs[at].href or ""))
        else:
            out.append(_styled(piece, mark, open_bits, open_href, previous, following))
        at = stop
    return "".join([piece for piece in out if piece])


def _next_mark(run: Run, open_href: str | None) -> str:
    return "[" if run.href is not None and run.href != open_href else run.text[:1]


def _longest(
    runs: list[Run], at: int, open_bits: int, open_href: str | None
) -> tuple[int | None, int]:
    """The style bit (0 for a link, None for plain text) that opens at `at`, and where it ends."""
    _, style, href = runs[at]
    best: int | None = None
    stop = at + 1
    count = len(runs)
    if href is not None and open_href is None:
        end = at + 1
        while end < count and runs[end].href == href:
            end += 1
        best, stop = 0, end
    for bit in _BITS:
        if style & bit and not open_bits & bit:
            end = at + 1
            while end < count and runs[end].style & bit and _goes_on(runs, bit, end):
                end += 1
            if best is None or end > stop:
                best, stop = bit, end
    return best, stop


def _goes_on(runs: list[Run], bit: int, end: int) -> bool:
    """Whether a style may go on over `runs[end]`: never half into a link."""
    link = runs[end].href
    if link is None or link == runs[end - 1].href:
        return True
    while end < len(runs) and runs[end].href == link:
        if not runs[end].style & bit:
            return False
        end += 1
    return True


def _leaf(run: Run, following: str, in_link: bool) -> str:
    if run.style & CODE:
        return code_span(run.text)
    if run.style & MATH and "$" in run.text:
        return run.text
    if run.style & NOTE:
        return f"[^{run.text.strip(' []')}]"
    text = _literal(run.text, in_link=in_link)
    # "!" before a link would make it an image.
    return text[:-1] + "\\!" if following == "[" and text.endswith("!") else text


def _literal(text: str, *, in_link: bool = False) -> str:
    text = escape(text, in_link=in_link)
    return text.replace("\n", "  \n") if "\n" in text else text


def _link(runs: list[Run], open_bits: int, href: str) -> str:
    lead, core, trail = _trimmed(runs)
    if not core:
        return lead or trail
    label = _nested(core, open_bits, href, "[", "]").replace("  \n", " ").replace("\n", " ")
    return f"{lead}[{label}]({escape_url(href)}){trail}"


def _styled(
    runs: list[Run], bit: int, open_bits: int, open_href: str | None, before: str, after: str
) -> str:
    lead, core, trail = _trimmed(runs)
    if not core:
        return lead or trail
    inner = _nested(core, open_bits | bit, open_href, "", "")
    mark = _MARKS.get(bit)
    before, after = lead or before, trail or after
    if mark and _opens(before, inner, 0) and _opens(after, inner, -1):
        return f"{lead}{mark}{inner}{mark}{trail}"
    tag = _TAGS[bit]
    return f"{lead}<{tag}>{inner}</{tag}>{trail}"


def _opens(outside: str, inner: str, edge: int) -> bool:
    """Whether stars between `outside` and an edge (0 or -1) of `inner` open there, or close.

    CommonMark's flanking rule, made stricter: no stars directly beside stars of a sibling.
    """
    if outside and outside in "*~_":
        return False
    inside = (inner.strip("*") or inner)[edge]
    return (
        not outside or outside.isspace() or _is_punctuation(outside) or not _is_punctuation(inside)
    )


def _is_punctuation(char: str) -> bool:
    if char.isascii():
        return not (char.isalnum() or char.isspace())
    return category(char)[0] in "PS"


def _trimmed(runs: list[Run]) -> tuple[str, list[Run], str]:
    """White space before, the runs without it, white space after."""
    core = list(runs)
    lead = trail = ""
    while core and not core[0].text.strip():
        lead += core.pop(0).text
    while core and not core[-1].text.strip():
        trail = core.pop().text + trail
    if core:
        first = core[0]
        bare = first.text.lstrip()
        lead += first.text[: len(first.text) - len(bare)]
        core[0] = Run(bare, first.style, first.href)
        last = core[-1]
        bare = last.text.rstrip()
        trail = last.text[len(bare) :] + trail
        core[-1] = Run(bare, last.style, last.href)
    return _literal(lead), core, _literal(trail)


def code_span(text: str) -> str:
    """An inline code span with as many backticks as its text needs."""
    text = text.replace("\n", " ")
    lead = text[: len(text) - len(text.lstrip())]
    trail = text[len(text.rstrip()) :]
    text = text.strip()
    if not text:
        return lead or trail
    if "`" not in text:
        return f"{lead}`{text}`{trail}"
    fence = "`" * (max(map(len, re.findall(r"`+", text))) + 1)
    return f"{lead}{fence} {text} {fence}{trail}"


# ---- blocks ------------------------------------------------------------------------------------


def heading(content: str, level: int) -> str:
    """An ATX heading; level 1..6."""
    line = content.replace("  \n", " ").replace("\n", " ")
    # Trailing hashes would be read as the heading's closing sequence.
    if line.endswith("#"):
        line = line.rstrip("#") + "\\#" * (len(line) - len(line.rstrip("#")))
    return f"{'#' * level} {line}"


def code_block(code: str, language: str | None) -> str:
    """A fenced code block."""
    runs = re.findall(r"^ {0,3}(`{3,})", code, re.MULTILINE) if "```" in code else ()
    fence = "`" * max(3, *(len(run) + 1 for run in runs)) if runs else "```"
    return f"{fence}{language or ''}\n{code}\n{fence}"


def quoted(markdown: str, depth: int = 1) -> str:
    """Any block inside `depth` block quotes."""
    prefix = "> " * depth
    bare = prefix.rstrip()
    return "\n".join([prefix + line if line else bare for line in markdown.split("\n")])


def indented(markdown: str, width: int) -> str:
    """Any block, its lines after the first moved right, to continue a list item."""
    if "\n" not in markdown:
        return markdown
    pad = "\n" + " " * width
    return markdown.replace("\n", pad).replace(pad + "\n", "\n\n")


def image(src: str, alt: str) -> str:
    """An image; line breaks in `alt` become spaces."""
    return f"![{escape(' '.join(alt.split()), in_link=True)}]({escape_url(src)})"


def table(rows: Sequence[Sequence[Cell]], contents: Sequence[Sequence[str]]) -> str:
    """A GFM table; the first row is its head. contents: inline Markdown by row and cell.

    Spans have no Markdown: a spanned place is an empty cell.
    """
    grid = _grid(rows, contents)
    head = grid[0] + [""] * (max(map(len, grid)) - len(grid[0]))
    lines = ["| " + " | ".join(row) + " |" for row in (head, *grid[1:])]
    lines.insert(1, "|" + " --- |" * len(head))
    return "\n".join(lines)


def _grid(rows: Sequence[Sequence[Cell]], contents: Sequence[Sequence[str]]) -> list[list[str]]:
    """Cells in their columns. Places that only spans fill are bounded: spans are cheap to write."""
    grid: list[list[str]] = []
    spare = 1_000 + 4 * sum(map(len, rows))
    reserved: dict[int, int] = {}  # column -> rows that a span from above still takes there
    for cells, texts in zip(rows, contents, strict=True):
        line: list[str] = []
        below: dict[int, int] = {}
        for cell, text in zip(cells, texts, strict=True):
            while len(line) in reserved:
                line.append("")
            if cell.rowspan > 1:
                below.update(
                    (column, cell.rowspan - 1)
                    for column in range(len(line), len(line) + cell.colspan)
                )
            line.append(_cell(text))
            if cell.colspan > 1 and spare > 0:
                line.extend([""] * (cell.colspan - 1))
        spare -= len(line)
        left = {column: more - 1 for column, more in reserved.items() if more > 1}
        reserved = left | below if spare > 0 else {}
        grid.append(line)
    return grid


def _cell(text: str) -> str:
    if "\n" in text:
        text = text.replace("  \n", "<br>").replace("\n", "<br>")
    return text.replace("|", "\\|") if "|" in text else text
