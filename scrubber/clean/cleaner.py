"""Clean a draft's blocks: judge them, take the residue out, record every removal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from scrubber.clean.judge import Context, Line, Role, judge
from scrubber.clean.memory import SiteMemory
from scrubber.clean.options import CleanOptions
from scrubber.lexicon import detect_language, matcher
from scrubber.lexicon.fold import fold
from scrubber.models import Block, Draft, Removal

_Verdict = tuple[str, str] | None  # step and reason
_ROLES: dict[str, Role] = {
    "heading": "heading",
    "paragraph": "text",
    "quote": "text",
    "caption": "text",
    "list": "item",
}


def clean_draft(
    draft: Draft,
    *,
    url: str | None = None,
    options: CleanOptions = CleanOptions(),  # noqa: B008 - frozen, and the default is its documentation
    memory: SiteMemory | None = None,
) -> Draft:
    """Return `draft` without residue; what went is appended to its `removed`.

    url: names the site whose template `memory` knows and learns. Blocks that stay are unchanged
    and in order.
    """
    blocks = list(draft.blocks)
    verdicts: list[_Verdict] = [
        (f"clean.{'title' if reason == 'duplicate_title' else 'lexicon'}", reason)
        if reason
        else None
        for reason in judge_blocks(blocks, draft, options)
    ]
    if memory is not None and url is not None:
        _recall(memory, url, blocks, verdicts)
    removed = [
        Removal(step=verdict[0], reason=verdict[1], text=block.text)
        for block, verdict in zip(blocks, verdicts, strict=True)
        if verdict
    ]
    kept = tuple(block for block, verdict in zip(blocks, verdicts, strict=True) if not verdict)
    return replace(draft, blocks=kept, removed=(*draft.removed, *removed))


def _recall(
    memory: SiteMemory, url: str, blocks: Sequence[Block], verdicts: list[_Verdict]
) -> None:
    """Mark blocks that the site repeats, and let the memory learn this page."""
    site = urlsplit(url).hostname or ""
    for at, repeated in enumerate(memory.repeated(site, url, blocks)):
        if repeated and verdicts[at] is None:
            verdicts[at] = ("clean.site_memory", "template")
    memory.learn(site, url, blocks)


def judge_blocks(blocks: Sequence[Block], draft: Draft, options: CleanOptions) -> list[str | None]:
    """The reason for which each block goes, `None` for those that stay."""
    meta = draft.metadata
    language = primary_tag(meta.language) or detect_language(_sample(blocks))
    lines = [_line(block) for block in blocks]
    details = tuple(author.name for author in meta.authors)
    context = Context(language=language, title=meta.title, details=details)
    reasons = judge(lines, matcher(), context)
    if options.titles and meta.title:
        _mark_repeated_title(blocks, reasons, fold(meta.title))
    return [allow(r, b.text, options) for r, b in zip(reasons, blocks, strict=True)]


_ALL_LINK = re.compile(r"\W*(?:[\w\s]{2,40}[:：»›|→–—-]\W*)?\[[^\]]+\]\([^)]+\)\W*")


def _line(block: Block) -> Line:
    linked = block.markdown[-1:] in ")*_»›→" and _ALL_LINK.fullmatch(block.markdown) is not None
    return Line(block.text, _ROLES.get(block.kind, "other"), linked)


def primary_tag(tag: str | None) -> str | None:
    """`de-AT` -> `de`; the lexicon is by language."""
    return re.split("[-_]", tag, maxsplit=1)[0].lower() if tag else None


def _sample(blocks: Iterable[Block]) -> str:
    return "\n".join([block.text for block in blocks][:20])


def _mark_repeated_title(blocks: Sequence[Block], reasons: list[str | None], title: str) -> None:
    """The first heading goes where it only repeats the title."""
    for at, block in enumerate(blocks[:6]):
        if block.kind == "heading":
            if fold(block.text) == title:
                reasons[at] = "duplicate_title"
            return


def allow(reason: str | None, text: str, options: CleanOptions) -> str | None:
    """`reason`, or `None` where the user keeps the family or protects the line."""
    if reason in options.keep or any(re.search(pattern, text) for pattern in options.protect):
        return None
    return reason


__all__ = ["allow", "clean_draft", "judge_blocks", "primary_tag"]
