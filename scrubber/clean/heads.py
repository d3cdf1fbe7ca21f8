"""The lines above a text that only repeat its title, its writers and its day.

Pages without headings set them as lines of one paragraph ("Title<br>By Jane Doe<br>May 4, 2001"),
of which the judge, who sees paragraphs, could take all or nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from scrubber.clean.line import is_prose
from scrubber.clean.scene import LINK_PAGES
from scrubber.lexicon.fold import fold
from scrubber.models import Block, Draft, Metadata, Removal

_HEAD_BLOCKS = 4  # from the top among which such paragraphs stand
_HEAD_CHARS = 120  # of a line that is no prose yet
_WORDS_AROUND = 2  # "By", "on", a weekday
_BREAK = "  \n"  # a line's end inside a paragraph's Markdown


def trim_head(
    draft: Draft, is_allowed: Callable[[str, str], bool]
) -> tuple[tuple[Block, ...], tuple[Removal, ...]]:
    """The blocks without such lines, and what went; headings are left to the judge.

    is_allowed: whether the user lets a line of a family go, both given. Where posts or products
    follow each other nothing goes: there such lines say whose or of when one is.
    """
    if draft.page_type in LINK_PAGES - {"documentation"}:
        return draft.blocks, ()
    blocks = list(draft.blocks)
    removed: list[Removal] = []
    for at, block in enumerate(draft.blocks[:_HEAD_BLOCKS]):
        if block.kind != "paragraph":
            continue
        blocks[at], gone = _trimmed(block, draft.metadata, is_allowed)
        removed += gone
        if any(len(line) > _HEAD_CHARS or is_prose(line) for line in block.text.split("\n")):
            break
    return tuple(b for b in blocks if b.text or b.kind != "paragraph"), tuple(removed)


def _trimmed(
    block: Block, metadata: Metadata, is_allowed: Callable[[str, str], bool]
) -> tuple[Block, list[Removal]]:
    """What stays of a paragraph, maybe nothing, and the lines that go."""
    pairs = list(zip(block.text.split("\n"), block.markdown.split(_BREAK), strict=False))
    if len(pairs) != block.text.count("\n") + 1:
        return block, []
    stays: list[tuple[str, str]] = []
    gone: list[Removal] = []
    for text, marked in pairs:
        reason = _reason(text, metadata)
        if reason and marked.count("**") % 2 == 0 and is_allowed(reason, text):
            gone.append(Removal(step="clean.title", reason=reason, text=text))
        else:
            stays.append((text, marked))
    if not gone:
        return block, []
    text, markdown = "\n".join(x for x, _ in stays), _BREAK.join(x for _, x in stays)
    return block.model_copy(update={"text": text, "markdown": markdown}), gone


def _reason(text: str, metadata: Metadata) -> str | None:
    """The family of a line that says the title, or names and day and hardly a word more."""
    if not text or len(text) > _HEAD_CHARS:
        return None
    if metadata.title and fold(text) == fold(metadata.title):
        return "duplicate_title"
    published = metadata.published
    day = published.raw if published and published.day else ""
    rest = fold(text.replace(day, " ")) if day else fold(text)
    reason = "reading_time" if day and day in text else None
    for author in metadata.authors:
        name = fold(author.name)
        if len(name) > 3 and name in rest:
            reason, rest = "author_box", rest.replace(name, " ")
    return reason if len(rest.split()) <= _WORDS_AROUND else None
