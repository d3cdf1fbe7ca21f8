"""Text mode: already-extracted plain text in, a draft of typed blocks out.

1. mend       mojibake, entities, zero-width characters, odd spaces (words never change)
2. paragraphs blank lines part them, or single line ends where the text has no blank ones;
              lines wrapped at a fixed width are joined, verse and lists keep their lines
3. judge      residue, with the same evidence as for blocks
4. title      the first short line above the prose that is no residue
5. type       headings, lists, paragraphs
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from scrubber.clean.cleaner import is_allowed, primary_tag
from scrubber.clean.judge import judge, texts_of
from scrubber.clean.line import Context, Line, Role, is_prose
from scrubber.clean.mend import mend
from scrubber.clean.options import CleanOptions
from scrubber.clean.paragraphs import Paragraph, is_ordered, item_text, split_paragraphs
from scrubber.lexicon import detect_language, matcher
from scrubber.lexicon.fold import fold
from scrubber.models import Block, Draft, Evidence, ListItem, Metadata, Removal

_TITLE_CHARS = 250
_HEADING_CHARS = 120
_LIST_HEADING_CHARS = 60
_HEAD_PARAGRAPHS = 8  # a title stands among the first paragraphs, before the first prose
_MARKDOWN_HEADING = re.compile(r"(#{1,6}) +(?=\S)")
_RUNS_ON = ".,;:…。，、；：।۔،؛"  # a heading ends in none of these
_SPOKEN = "\"'“”„«‘‹—–-「『(["


def read_text(
    text: str,
    *,
    url: str | None = None,
    language: str | None = None,
    options: CleanOptions = CleanOptions(),  # noqa: B008 - frozen, and the default is its documentation
) -> Draft:
    """Return the draft of plain `text`: title, blocks, and a `Removal` for each line taken out.

    url: its last part helps to find the title. language: BCP 47 where it is known; otherwise it is
    detected. Never raises for any text.
    """
    page = judge_text(text, language=language, options=options)
    title_at = _find_title(page.paragraphs, page.reasons, url)
    return draft_of(page, title_at)


@dataclass(frozen=True, slots=True)
class JudgedText:
    """Paragraphs and, for each, the reason for which it goes (`None`: it stays)."""

    paragraphs: Sequence[Paragraph]
    reasons: Sequence[str | None]
    language: str | None

    @property
    def kept(self) -> list[Paragraph]:
        """The paragraphs that stay."""
        return [p for p, reason in zip(self.paragraphs, self.reasons, strict=True) if not reason]

    @property
    def removed(self) -> list[Removal]:
        """What goes."""
        return [
            Removal(step="clean.text", reason=reason, text=paragraph.text)
            for paragraph, reason in zip(self.paragraphs, self.reasons, strict=True)
            if reason
        ]


def judge_text(
    text: str,
    *,
    language: str | None,
    options: CleanOptions,
    opens: bool = True,
    closes: bool = True,
) -> JudgedText:
    """Mend, split and judge plain text. opens, closes: see `scrubber.clean.line.Context`."""
    if options.repair:
        text = mend(text)
    language = language or detect_language(text)
    tag = primary_tag(language)

    def has_residue(lines: Sequence[str]) -> bool:
        found = matcher().match_all(lines, tag)
        return any(match is not None and match.strength != "weak" for match in found)

    paragraphs = split_paragraphs(text, unwrap=options.repair, has_residue=has_residue)
    context = Context(language=tag, opens=opens, closes=closes)
    lines = [Line(paragraph.text, _role(paragraph)) for paragraph in paragraphs]
    matches = matcher().match_all(texts_of(lines), tag)
    guess = partial(matcher().guess, language=tag)
    reasons = judge(lines, matches, context, phrases=options.phrases, guess=guess)
    allowed = [
        reason if reason and is_allowed(reason, line.text, options) else None
        for reason, line in zip(reasons, lines, strict=True)
    ]
    return JudgedText(paragraphs, allowed, language)


def _role(paragraph: Paragraph) -> Role:
    if paragraph.shape == "list":
        return "item"
    first = paragraph.lines[0]
    return "heading" if first[0] == "#" and _MARKDOWN_HEADING.match(first) else "text"


def draft_of(page: JudgedText, title_at: int | None) -> Draft:
    """The draft of judged text whose title is the paragraph at `title_at`."""
    title = None
    if title_at is not None:
        title = _MARKDOWN_HEADING.sub("", page.paragraphs[title_at].text)
    return Draft(
        blocks=tuple(_type_blocks(page.paragraphs, page.reasons, title_at)),
        metadata=_metadata(title, page.language),
        removed=tuple(page.removed),
        engine="text",
    )


# ---- title -------------------------------------------------------------------------------------


def _find_title(
    paragraphs: Sequence[Paragraph], reasons: Sequence[str | None], url: str | None
) -> int | None:
    """The position of the title: the first line above the prose that may head it.

    Where the URL's last part spells a later candidate, that one is the title.
    """
    candidates = []
    for at, paragraph in enumerate(paragraphs[:_HEAD_PARAGRAPHS]):
        if not _may_head(paragraph):
            if is_prose(paragraph.text):
                break
        elif reasons[at] is None:
            candidates.append(at)
    if not candidates or candidates[0] == len(paragraphs) - 1:
        return None
    slug = _slug_words(url)
    spelled = [at for at in candidates if len(slug) > 2 and slug <= _words(paragraphs[at].text)]
    return (spelled or candidates)[0]


def _words(text: str) -> set[str]:
    return set(fold(text).split())


def _slug_words(url: str | None) -> set[str]:
    """The words of the last part of a URL's path: `/2026/the-ferry-is-back` -> the, ferry ..."""
    path = urlsplit(url).path if url else ""
    return _words(re.sub(r"\.\w+$", "", path.rstrip("/").rsplit("/", 1)[-1]))


def _may_head(paragraph: Paragraph) -> bool:
    text = paragraph.text
    return (
        paragraph.shape == "text"
        and len(text) <= _TITLE_CHARS
        and text[-1] not in _RUNS_ON
        and any(character.isalpha() for character in text)
    )


def _metadata(title: str | None, language: str | None) -> Metadata:
    evidence = {}
    if title is not None:
        evidence["title"] = Evidence(source="text.first_line", raw=title, confidence=0.8)
    return Metadata(title=title, language=language, evidence=evidence)


# ---- blocks ------------------------------------------------------------------------------------


def _type_blocks(
    paragraphs: Sequence[Paragraph], reasons: Sequence[str | None], title_at: int | None
) -> list[Block]:
    kept = [
        paragraph
        for at, paragraph in enumerate(paragraphs)
        if reasons[at] is None and at != title_at
    ]
    followers = [*kept[1:], None][: len(kept)]
    return [_block(paragraph, after) for paragraph, after in zip(kept, followers, strict=True)]


def _block(paragraph: Paragraph, after: Paragraph | None) -> Block:
    text = paragraph.text
    marked = _MARKDOWN_HEADING.match(text)
    if paragraph.shape == "list" and not _is_numbered_heading(paragraph, after):
        return _list_block(paragraph)
    if paragraph.shape == "verse":
        return Block(kind="paragraph", text=text, markdown=text.replace("\n", "  \n"))
    if marked:
        return _heading(text[marked.end() :], len(marked.group(1)))
    if after is not None and (_is_heading(text, after.text) or _heads_list(text, after)):
        return _heading(text, 2)
    return Block(kind="paragraph", text=text, markdown=text)


def _heading(text: str, level: int) -> Block:
    return Block(kind="heading", text=text, markdown=f"{'#' * level} {text}", level=level)


def _is_heading(text: str, after: str) -> bool:
    """A short line without a sentence's end, above prose that is longer than itself."""
    return (
        len(text) <= _HEADING_CHARS
        and text[-1] not in _RUNS_ON
        and text[0] not in _SPOKEN
        and not text[0].islower()
        and is_prose(after)
        and len(after) > len(text)
    )


def _is_numbered_heading(paragraph: Paragraph, after: Paragraph | None) -> bool:
    """One short numbered line above prose: "1. News" opens a chapter, no list."""
    is_alone = len(paragraph.lines) == 1 and is_ordered(paragraph.text)
    return is_alone and after is not None and _is_heading(paragraph.text, after.text)


def _heads_list(text: str, after: Paragraph) -> bool:
    """A short line without a sentence's end above several items."""
    may_head = len(text) <= _LIST_HEADING_CHARS and text[-1] not in _RUNS_ON
    is_list = after.shape == "list" and len(after.lines) > 1
    return is_list and may_head and text[0] not in _SPOKEN and not text[0].islower()


def _list_block(paragraph: Paragraph) -> Block:
    items = tuple(ListItem(text=item_text(line)) for line in paragraph.lines)
    ordered = all(map(is_ordered, paragraph.lines))
    marks = [f"{n}." if ordered else "-" for n in range(1, len(items) + 1)]
    return Block(
        kind="list",
        text="\n".join(item.text for item in items),
        markdown="\n".join(f"{mark} {item.text}" for mark, item in zip(marks, items, strict=True)),
        ordered=ordered,
        items=items,
    )
