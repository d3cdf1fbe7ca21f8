"""Our own engine: cut the page, score the segments, assemble the chosen ones.

tree ──cut──> segments ──score──> probabilities ──choose──> chosen ──assemble──> blocks
                                                              └─ the rest ──> removed

Where the visible tree lacks the content (an app that draws itself from state), the content that
lies buried in scripts and attributes is taken instead; see `scrubber.extract.buried`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from scrubber.errors import NoContent
from scrubber.extract.assembly.assemble import assemble
from scrubber.extract.assembly.footnotes import find_notes
from scrubber.extract.assembly.images import caption_segments
from scrubber.extract.body import Body
from scrubber.extract.boxes import drop_boxes, drop_comments, drop_next_articles
from scrubber.extract.buried import unearth
from scrubber.extract.choice import (
    choose,
    drop_last_headings,
    is_english,
    segment_words,
    standfirst,
)
from scrubber.extract.hidden import hidden_segments
from scrubber.extract.posts import Post, find_labels, find_posts, may_be_thread
from scrubber.extract.segments import (
    ADDRESS,
    ASIDE,
    FOOTER,
    HEADER,
    NAV,
    Segments,
    cut,
)
from scrubber.extract.tree import Tree
from scrubber.models import Page, PageType, Removal

if TYPE_CHECKING:
    import numpy as np

    from scrubber.extract.scorer.model import Weights

SCANT: Final = 600  # characters of chosen text below which buried content is looked for
SCANT_ELSEWHERE: Final = 80  # on shops, lists and landing pages, whose state describes other things
_TEXTUAL: Final = ("article", "forum", "documentation")
_MAYBE_TEXTUAL: Final = 0.1  # left-out landing pages and shops whose state misleads are below 0.05
_BURIED_TRUST: Final = 0.6  # a guess: too few pages hold buried content to calibrate it


def extract_body(page: Page, tree: Tree) -> Body:
    """The content of a page by the shipped weights. Raises NoContent where there is none."""
    from scrubber.extract.scorer.model import load  # numpy and the weights: only when used

    return extract_with(load(), page, tree)


def extract_with(weights: Weights, page: Page, tree: Tree) -> Body:
    """The same with given weights, as cross-validation needs."""
    segments = cut(tree)
    if not len(segments):
        return _buried_body(page, tree, segments, ()) or _nothing(page)
    verdict = _judge(weights, page, tree, segments)
    best = choose(tree, segments, verdict.probabilities)
    hidden = hidden_segments(tree, segments, verdict.hidden, best)
    chosen = (best & ~hidden).tolist()
    if not any(chosen):
        return _buried_body(page, tree, segments, ()) or _nothing(page)
    texts = [text for text, keep in zip(segments.texts, chosen, strict=True) if keep]
    scant = SCANT if verdict.textual > _MAYBE_TEXTUAL else SCANT_ELSEWHERE
    if sum(map(len, texts)) < scant and (found := _buried_body(page, tree, segments, texts)):
        return found
    if verdict.page_type == "article":
        drop_comments(tree, segments, chosen)
        drop_next_articles(tree, segments, chosen)
        drop_boxes(tree, segments, chosen)
        drop_last_headings(segments, chosen)
        lead = standfirst(tree, segments, verdict.probabilities, chosen)
        if lead is not None and not is_english(tree, texts):
            chosen[lead] = not hidden[lead]
    for k in (*find_notes(tree, segments, chosen), *caption_segments(tree, segments, chosen)):
        chosen[k] = not hidden[k]
    posts = find_posts(tree, segments) if verdict.page_type == "forum" else None
    for k in find_labels(segments, posts or {}):
        chosen[k] = False
    blocks = assemble(tree, segments, chosen, page.url, posts)
    if not any(block.text for block in blocks):
        _nothing(page)
    return Body(
        blocks=blocks,
        removed=_removals(segments, chosen, hidden.tolist()),
        page_type=verdict.page_type,
        confidence=verdict.confidence,
    )


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What the scorer makes of a page. probabilities: of each segment to be content, shape (n,).
    hidden: numbers of the elements that say they are not shown. textual: the probability that the
    page is of a type whose content is text.
    """

    probabilities: np.ndarray
    hidden: Sequence[int]
    page_type: PageType
    textual: float
    confidence: float


def _judge(weights: Weights, page: Page, tree: Tree, segments: Segments) -> _Verdict:
    from scrubber.extract.scorer.features import describe
    from scrubber.extract.scorer.model import run
    from scrubber.extract.scorer.outlook import TYPES, read_signs, summarise, trust_numbers

    seen = describe(tree, segments, weights.vocabulary)
    probabilities = run(weights.net, seen)
    outlook = weights.outlook
    types = outlook.type_probabilities(
        summarise(seen.matrix, probabilities), read_signs(tree, page.url, segments.texts)
    )
    page_type = TYPES[int(types.argmax())]
    if page_type == "forum" and not may_be_thread(tree, segments, page.url):
        page_type = "article"
    return _Verdict(
        probabilities,
        seen.hidden,
        page_type,
        textual=float(sum(types[TYPES.index(name)] for name in _TEXTUAL)),
        confidence=outlook.confidence(trust_numbers(probabilities, segment_words(segments), types)),
    )


def _nothing(page: Page) -> Body:
    raise NoContent(f"{page.url or 'the page'} has nothing to read", url=page.url)


def _buried_body(page: Page, tree: Tree, visible: Segments, chosen: Sequence[str]) -> Body | None:
    """The content buried in state, if there is clearly more of it than of the chosen texts."""
    found = unearth(tree, chosen)
    if found is None:
        return None
    buried = Tree(found.html)
    segments = cut(buried)
    pieces = [n for n in buried.find("div") if buried.tags[buried.parents[n]] == "article"]
    posts = {
        number: Post(number, signature.author, signature.published)
        for number, signature in zip(pieces, found.posts, strict=False)
        if signature.author or signature.published
    }
    blocks = assemble(buried, segments, [True] * len(segments), page.url, posts)
    if not any(block.text for block in blocks):
        return None
    said = set(segments.texts)
    return Body(
        blocks,
        removed=_removals(
            visible, [text in said for text in visible.texts], [False] * len(visible)
        ),
        page_type="forum" if found.posts else "article",
        confidence=_BURIED_TRUST,
    )


# ---- what was left out ---------------------------------------------------------------------------


def _removals(
    segments: Segments, chosen: Sequence[bool], hidden: Sequence[bool]
) -> tuple[Removal, ...]:
    """Neighbouring segments left out for one reason are one removal."""
    left = [
        (_reason(segments, k, hidden[k]), segments.texts[k])
        for k in range(len(segments))
        if not chosen[k]
    ]
    return tuple(
        Removal(
            step="extract.hidden" if reason == "hidden" else "extract.scorer",
            reason=reason,
            text="\n".join(text for _, text in group),
        )
        for reason, group in groupby(left, key=lambda pair: pair[0])
    )


def _reason(segments: Segments, k: int, hidden: bool) -> str:
    """The family of a segment left out, by where it stands."""
    flags = segments.flags[k]
    if hidden:
        return "hidden"
    if flags & NAV or (flags & HEADER and segments.linked[k]):
        return "navigation"
    if flags & FOOTER and ("©" in segments.texts[k] or flags & ADDRESS):
        return "copyright"
    if flags & ASIDE and segments.linked[k] * 2 > len(segments.texts[k]):
        return "related"
    return "boilerplate"
