"""Plain text into paragraphs: what a line end means.

A blank line always parts paragraphs. A single line end is one of four things:

    wrap    the next word would not have fitted: the lines are one paragraph and are joined
    item    the lines open with bullets or numbers: they are a list
    verse   several short lines: they stay together, line by line
    end     anything else: each line is a paragraph of its own
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from scrubber.lexicon.fold import is_unspaced

Shape = Literal["text", "list", "verse"]
_BLANK = re.compile(r"\n[ \t]*\n\s*")
_BULLET = re.compile(r"(?:[•◦▪‣·●○■□*–—-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+(?=\S)")
_ORDERED = re.compile(r"\(?\d{1,3}[.)]\s")
_SENTENCE_MARKS = '.!?…。！？।؟۔:;”"»」』'
_WRAP_MIN, _WRAP_MAX = 38, 120  # columns at which people and programs wrap
_VERSE_CHARS = 64  # longest line of verse; longer ones are prose


class Paragraph(NamedTuple):
    """One paragraph; `lines` has more than one only for lists and verse."""

    lines: tuple[str, ...]
    shape: Shape = "text"

    @property
    def text(self) -> str:
        """The lines as they stand."""
        return self.lines[0] if len(self.lines) == 1 else "\n".join(self.lines)


def split_paragraphs(
    text: str, *, unwrap: bool = True, has_residue: Callable[[Sequence[str]], bool] | None = None
) -> list[Paragraph]:
    """Split `text`. unwrap: join lines wrapped at a fixed width. has_residue: of lines
    that may be verse, so that a cluster of labels is not taken for a stanza."""
    paragraphs: list[Paragraph] = []
    for chunk in _BLANK.split(text.strip()):
        if "\n" not in chunk and (line := chunk.strip()):
            paragraphs.append(_paragraph(line))
            continue
        lines = [line.strip() for line in chunk.split("\n")]
        lines = [line for line in lines if line]
        if lines:
            paragraphs.extend(_paragraphs(lines, unwrap, has_residue))
    return paragraphs


def _paragraphs(
    lines: Sequence[str], unwrap: bool, has_residue: Callable[[Sequence[str]], bool] | None
) -> list[Paragraph]:
    """The paragraphs of lines without a blank one between them."""
    if len(lines) == 1:
        return [_paragraph(lines[0])]
    if all(map(_is_item, lines)):
        return [Paragraph(tuple(lines), "list")]
    if unwrap and _is_wrapped(lines):
        return [Paragraph((joined,)) for joined in _unwrap(lines)]
    if _is_verse(lines) and not (has_residue and has_residue(lines)):
        return [Paragraph(tuple(lines), "verse")]
    return _one_each(lines)


def _one_each(lines: Sequence[str]) -> list[Paragraph]:
    """Each line a paragraph; neighbouring items one list."""
    paragraphs: list[Paragraph] = []
    for line in lines:
        if not _is_item(line):
            paragraphs.append(Paragraph((line,)))
        elif paragraphs and paragraphs[-1].shape == "list":
            paragraphs[-1] = Paragraph((*paragraphs[-1].lines, line), "list")
        else:
            paragraphs.append(Paragraph((line,), "list"))
    return paragraphs


def _paragraph(line: str) -> Paragraph:
    return Paragraph((line,), "list" if _is_item(line) else "text")


def _is_item(line: str) -> bool:
    # No bullet is a capital, and most lines begin with one.
    return not line[0].isupper() and _BULLET.match(line) is not None


def is_ordered(line: str) -> bool:
    """True for an item that opens with a number."""
    return _ORDERED.match(line) is not None


def item_text(line: str) -> str:
    """An item without its bullet or number."""
    return _BULLET.sub("", line, count=1)


def _is_wrapped(lines: Sequence[str]) -> bool:
    """True where nearly every line ends because the next word did not fit, inside a sentence."""
    width = max(map(len, lines))
    if not _WRAP_MIN <= width <= _WRAP_MAX:
        return False
    pairs = list(pairwise(lines))
    wraps = sum(_is_full(line, after, width) for line, after in pairs)
    inside = sum(line[-1] not in _SENTENCE_MARKS for line, _ in pairs)
    return wraps >= 0.7 * len(pairs) and inside >= 0.5 * len(pairs)


def _is_full(line: str, after: str, width: int) -> bool:
    word = 1 if is_unspaced(after[:1]) else len(after.split(" ", 1)[0]) + 1
    return len(line) + word > width - 4


def _unwrap(lines: Sequence[str]) -> list[str]:
    """Join wrapped lines; a line that ends early after a sentence ends the paragraph."""
    width = max(map(len, lines))
    known = set(re.findall(r"\w+", " ".join(lines).lower()))
    paragraphs: list[list[str]] = [[]]
    for line, after in pairwise(lines):
        if not _is_full(line, after, width) and line[-1] in _SENTENCE_MARKS:
            paragraphs[-1].append(line)
            paragraphs.append([])
        else:
            paragraphs[-1].append(_before(after, line, known))
    paragraphs[-1].append(lines[-1])
    return ["".join(pieces) for pieces in paragraphs]


_BROKEN_WORD = re.compile(r"(\w+)-$")


def _before(after: str, line: str, known: set[str]) -> str:
    """A line as it stands before the one that it is joined with.

    A hyphen at the break goes only where the text has the word unbroken.
    """
    broken = _BROKEN_WORD.search(line) if line[-1] == "-" else None
    if broken:
        whole = broken.group(1) + re.split(r"\W", after, maxsplit=1)[0]
        return line[:-1] if whole.lower() in known else line
    unspaced = is_unspaced(line[-1]) and is_unspaced(after[0])
    return line if unspaced else f"{line} "


def _is_verse(lines: Sequence[str]) -> bool:
    """Short lines of which most run on: stanzas, addresses, signatures."""
    return max(map(len, lines)) <= _VERSE_CHARS
