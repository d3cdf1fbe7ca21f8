"""Clean a draft's blocks: judge them, take the residue out, record every removal.

A list is judged item by item and loses the items that are residue; every other block stays as it
is or goes as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from scrubber.clean.heads import trim_head
from scrubber.clean.judge import judge, texts_of
from scrubber.clean.line import Context, Line, Role
from scrubber.clean.memory import SiteMemory
from scrubber.clean.naming import lines_to_name, name_removals
from scrubber.clean.options import CleanOptions
from scrubber.lexicon import Match, detect_language, matcher
from scrubber.lexicon.fold import fold
from scrubber.models import Block, Draft, Removal

_TITLE_BLOCKS = 6  # a heading that repeats the title is among the first blocks
_ROLES: dict[str, Role] = {
    "heading": "heading",
    "paragraph": "text",
    "quote": "text",
    "caption": "text",
    "list": "item",
}


@dataclass(frozen=True, slots=True)
class _Verdict:
    """Why a line goes."""

    step: str
    reason: str


def clean_draft(
    draft: Draft,
    *,
    url: str | None = None,
    options: CleanOptions = CleanOptions(),  # noqa: B008 - frozen, and the default is its documentation
    memory: SiteMemory | None = None,
) -> Draft:
    """Return `draft` without residue; what went is appended to its `removed`.

    url: names the site whose template `memory` knows and, unless frozen, learns. Blocks that stay
    are unchanged and in order; a list may lose items.
    """
    allowed = partial(is_allowed, options=options)
    blocks, repeated = trim_head(draft, allowed) if options.titles else (draft.blocks, ())
    parted = [_lines(block) for block in blocks]
    lines = [line for block_lines in parted for line in block_lines]
    language = primary_tag(draft.metadata.language) or detect_language(_sample(lines))
    # What stays and what the extractor left out are looked up together: a look-up has a price.
    texts = [*texts_of(lines), *lines_to_name(draft.removed)]
    matches = matcher().match_all(texts, language)
    reasons = _judge(lines, matches[: len(lines)], language, draft, options)
    kept: list[Block] = []
    removed: list[Removal] = []
    template = _template(blocks, url, memory)
    rest = iter(reasons)
    for at, (block, block_lines) in enumerate(zip(blocks, parted, strict=True)):
        verdicts = [next(rest) for _ in block_lines]
        if options.titles and _repeats_title(blocks, at, draft):
            verdicts = [_Verdict("clean.title", "duplicate_title")] * len(verdicts)
        elif options.titles and _repeats_caption(blocks, at):
            verdicts = [_Verdict("clean.title", "duplicate_caption")] * len(verdicts)
        elif template[at]:
            verdicts = [v or _Verdict("clean.site_memory", "template") for v in verdicts]
        if not any(verdicts):
            kept.append(block)
            continue
        verdicts = [allow(verdict, block.text, options) for verdict in verdicts]
        remaining, gone = _apply(block, verdicts)
        kept.extend(remaining)
        removed.extend(gone)
    if memory is not None and url is not None and not memory.frozen:
        memory.learn(url, blocks)
    left_out = name_removals(draft.removed, matches[len(lines) :])
    return replace(draft, blocks=tuple(kept), removed=(*left_out, *repeated, *removed))


def clean_site(
    pages: Sequence[tuple[str, Draft]],
    options: CleanOptions = CleanOptions(),  # noqa: B008 - frozen, and the default is its documentation
) -> list[Draft]:
    """Clean the pages of a site (URL and draft) with a memory of all of them, in their order."""
    memory = SiteMemory()
    for url, draft in pages:
        memory.learn(url, draft.blocks)
    memory.freeze()
    return [clean_draft(draft, url=url, options=options, memory=memory) for url, draft in pages]


# ---- verdicts ----------------------------------------------------------------------------------


def _judge(
    lines: Sequence[Line],
    matches: Sequence[Match | None],
    language: str | None,
    draft: Draft,
    options: CleanOptions,
) -> list[_Verdict | None]:
    meta = draft.metadata
    dates = [date.value[:10] for date in (meta.published, meta.modified) if date is not None]
    context = Context(
        language=language,
        title=meta.title,
        names=tuple(author.name for author in meta.authors),
        dates=tuple(date for date in dates if len(date) == 10),
        page_type=draft.page_type,
    )
    guess = partial(matcher().guess, language=language)
    reasons = judge(lines, matches, context, phrases=options.phrases, guess=guess)
    return [_Verdict("clean.lexicon", reason) if reason else None for reason in reasons]


def _template(
    blocks: Sequence[Block], url: str | None, memory: SiteMemory | None
) -> Sequence[bool]:
    if memory is None or url is None:
        return [False] * len(blocks)
    return memory.template(url, blocks)


def _repeats_title(blocks: Sequence[Block], at: int, draft: Draft) -> bool:
    """True for the first heading where it only repeats the title."""
    if at >= _TITLE_BLOCKS or blocks[at].kind != "heading" or not draft.metadata.title:
        return False
    is_first = all(block.kind != "heading" for block in blocks[:at])
    return is_first and fold(blocks[at].text) == fold(draft.metadata.title)


def _repeats_caption(blocks: Sequence[Block], at: int) -> bool:
    """True for a caption that the block before it (or before their image) says already."""
    if blocks[at].kind != "caption" or not blocks[at].text:
        return False
    before = [block for block in blocks[max(0, at - 2) : at] if block.kind in _CAPTIONED]
    return any(block.text == blocks[at].text for block in before)


_CAPTIONED = frozenset({"caption", "paragraph"})


def allow(verdict: _Verdict | None, text: str, options: CleanOptions) -> _Verdict | None:
    """`verdict`, or `None` where the user keeps the family or protects the line."""
    return verdict if verdict and is_allowed(verdict.reason, text, options) else None


def is_allowed(reason: str, text: str, options: CleanOptions) -> bool:
    """False where the user keeps the family or protects the line."""
    protected = any(re.search(pattern, text) for pattern in options.protect)
    return reason not in options.keep and not protected


# ---- blocks and lines --------------------------------------------------------------------------


def _lines(block: Block) -> list[Line]:
    """A block's lines as they are judged: the items of a flat list one by one."""
    role = _ROLES.get(block.kind, "other")
    if _is_flat(block):
        pairs = zip(block.items, block.markdown.split("\n"), strict=True)
        return [Line(item.text, role, _count_links(markdown)) for item, markdown in pairs]
    links = _count_links(block.markdown) if role != "other" else 0
    return [Line(_marked_text(block) if role == "text" else block.text, role, links, block.level)]


def _marked_text(block: Block) -> str:
    """A paragraph's text; with a mark after the words where it has some and then one link.

    Style sheets part "Read also" from the headline behind it.
    """
    found = _LABELLED.fullmatch(block.markdown) if block.markdown.endswith(")") else None
    label = _MARKS.sub("", found[1]).strip() if found else ""
    return f"{label}: {block.text[len(label) :].strip()}" if label else block.text


def _is_flat(block: Block) -> bool:
    """True for a list without nested ones, whose Markdown has a line for each item."""
    return (
        block.kind == "list"
        and len(block.items) > 0
        and not any(item.items for item in block.items)
        and block.markdown.count("\n") + 1 == len(block.items)
    )


_LINK = re.compile(r"\[(?!!)(?:[^\]\\]|\\.)+\]\((?:[^()\s]|\([^()\s]*\))+\)")
_LABELLED = re.compile(rf"([*_]*\w[\w\s]{{1,40}}[*_]*)\s*{_LINK.pattern}")
_LEAD = re.compile(r"[\w\s]{2,40}[:：»›|→–—-]")
_MARKS = re.compile(r"[*_#>]+|^ *(?:[-+]|\d+\.) ", re.MULTILINE)
_WORD = re.compile(r"\w")
_DAY = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}")
_LEAD_CHARS = 40


def _count_links(markdown: str) -> int:
    """The links of which the Markdown consists; 0 where a line has other words than a lead.

    The first line may be a lead by itself, and a day may stand behind a link.
    """
    if "](" not in markdown or not _may_lead(markdown[: markdown.index("[")]):
        return 0
    count = 0
    for place, line in enumerate(_MARKS.sub("", markdown).split("\n")):
        before, *after = _LINK.split(line)
        if not after and place == 0:
            continue
        if not after or not _is_lead(before) or any(_WORD.search(_DAY.sub("", x)) for x in after):
            return 0
        count += len(after)
    return count


def _may_lead(before: str) -> bool:
    """False for what no link of the first lines follows as its lead, as in most paragraphs."""
    first, end, rest = _MARKS.sub("", before).partition("\n")
    return _is_lead(rest) and len(first) <= _LEAD_CHARS if end else _is_lead(first)


def _is_lead(before: str) -> bool:
    return _WORD.search(before) is None or _LEAD.fullmatch(before.strip()) is not None


def _apply(block: Block, verdicts: Sequence[_Verdict | None]) -> tuple[list[Block], list[Removal]]:
    """What stays of `block` (itself, a shorter list, or nothing) and what goes."""
    if not any(verdicts):
        return [block], []
    if len(verdicts) == 1 or not _is_flat(block):
        text = block.text or block.alt or block.src or ""
        return [], [_removal(text, verdict) for verdict in verdicts[:1] if verdict]
    pairs = list(zip(block.items, verdicts, strict=True))
    removed = [_removal(item.text, verdict) for item, verdict in pairs if verdict]
    return _shorter(block, [verdict is None for verdict in verdicts]), removed


def _shorter(block: Block, stays: Sequence[bool]) -> list[Block]:
    """The list with only the items that stay; none where no item does."""
    items = tuple(item for item, stay in zip(block.items, stays, strict=True) if stay)
    if not items:
        return []
    marked = block.markdown.split("\n")
    markdown = "\n".join(line for line, stay in zip(marked, stays, strict=True) if stay)
    text = "\n".join(item.text for item in items)
    return [block.model_copy(update={"items": items, "text": text, "markdown": markdown})]


def _removal(text: str, verdict: _Verdict) -> Removal:
    return Removal(step=verdict.step, reason=verdict.reason, text=text)


def primary_tag(tag: str | None) -> str | None:
    """`de-AT` -> `de`; the lexicon is by language."""
    return re.split("[-_]", tag, maxsplit=1)[0].lower() if tag else None


def _sample(lines: Iterable[Line]) -> str:
    return "\n".join([line.text for line in lines][:20])
