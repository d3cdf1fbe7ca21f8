"""The numbers that describe each segment of a page to the scorer; all language-free.

One function a family, each of which writes its rows into one `Sheet`. Most pages are so short that
the number of numpy's steps is what describing costs, not their size: what is asked of several
levels, kinds or records is asked in one step. Sizes are in letters, where a Chinese, Japanese,
Thai or Khmer character counts 2.5 (it carries about half a word); a page in any script then gives
similar numbers.

Sources: text and link density after Kohlschütter et al. 2010 ("Boilerplate detection using shallow
text features"); the candidate score after the idea of Readability (Arc90, 2009): text votes for its
parent, half for its grandparent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from scrubber.extract.scorer.characters import (
    COMMA,
    CURRENCY,
    DENSE,
    DIGIT,
    END,
    LOWER,
    MARK,
    QUOTE,
    SPACE,
    UPPER,
    count_kinds,
)
from scrubber.extract.scorer.elements import COUNTED, Elements, read_elements
from scrubber.extract.scorer.places import NESTS, Places, find_places
from scrubber.extract.scorer.vocabulary import Vocabulary
from scrubber.extract.segments import Segments
from scrubber.extract.tree import Tree
from scrubber.lexicon.families import FAMILIES
from scrubber.lexicon.labels import MAX_CHARS, find_label

FLAG_BITS: Final = 24
_MAX_FEATURES: Final = 384  # room on a sheet

Array = np.ndarray


class Sheet:
    """The features of a page under construction: float32, a row a feature, in the order written."""

    def __init__(self, count: int) -> None:
        self._room = np.empty((_MAX_FEATURES, count), np.float32)
        self._rows: dict[str, int] = {}

    def __setitem__(self, name: str, values: Array) -> None:
        row = self._rows[name] = len(self._rows)
        self._room[row] = values

    def __getitem__(self, name: str) -> Array:
        return np.asarray(self._room[self._rows[name]])

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def open(self, names: Sequence[str]) -> Array:
        """The next rows, to be written: shape (len(names), segments)."""
        start = len(self._rows)
        for row, name in enumerate(names, start):
            self._rows[name] = row
        return self._room[start : start + len(names)]

    @property
    def matrix(self) -> Array:
        """What was written, shape (segments, features)."""
        return self._room[: len(self._rows)].T


@dataclass(slots=True)
class View:
    """A page as arrays: what the feature families share.

    kinds: characters per kind and segment. size: letters per segment. above: the elements around
    each segment, see `Elements`, shape (LEVELS, n). sums: prefix sums over segments, a row each of
    what _SUMMED names, shape (7, n + 1). places: which segments stand together. levels: of the
    heading that a segment stands in, 0 for none. headings: the last heading up to each segment, -1
    before the first.
    """

    tree: Tree
    segments: Segments
    elements: Elements
    places: Places
    kinds: Array
    first_kind: Array
    last_kind: Array
    size: Array
    linked: Array
    above: Array
    firsts: Array
    lasts: Array
    sums: Array
    levels: Array
    headings: Array

    def inside(self, firsts: Array, lasts: Array) -> Array:
        """Sums over ranges of segments; shape (7, *firsts.shape)."""
        held = self.sums.take(lasts, axis=1)
        held -= self.sums.take(firsts, axis=1)
        return np.asarray(held)

    @property
    def total(self) -> float:
        """Letters of the page, at least 1."""
        return max(float(self.sums[0, -1]), 1.0)


_SUMMED: Final = ("letters", "linked", "segments", "ends", "commas", "prose", "digits")
_LETTERS, _LINKED, _SEGMENTS, _ENDS, _COMMAS, _PROSE, _DIGITS = range(len(_SUMMED))


def view(tree: Tree, segments: Segments, vocabulary: Vocabulary) -> View:
    counts, first_kind, last_kind = count_kinds(segments.texts)
    kinds = counts.T.astype(np.float64, order="C")
    size = kinds[LOWER] + kinds[UPPER] + kinds[DIGIT] + 2.5 * kinds[DENSE]
    share = np.minimum(segments.linked / kinds.sum(axis=0), 1.0)
    linked = size * share
    elements = read_elements(tree, segments, vocabulary)
    sums = np.zeros((len(_SUMMED), len(size) + 1))
    columns = sums[:, 1:]
    columns[_LETTERS] = size
    columns[_LINKED] = linked
    columns[_SEGMENTS] = 1.0
    columns[_ENDS] = kinds[END]
    columns[_COMMAS] = kinds[COMMA]
    columns[_PROSE] = size * ((size >= 60) & (share < 0.4))
    columns[_DIGITS] = kinds[DIGIT]
    columns.cumsum(axis=1, out=columns)
    above = np.ascontiguousarray(elements.above.T)
    levels = np.array([_HEADINGS.get(tag, 0) for tag in elements.tags])
    levels = levels.take(elements.tag.take(above[0]))
    headings = np.maximum.accumulate(np.where(levels > 0, np.arange(len(size)), -1))
    return View(
        tree, segments, elements, find_places(elements), kinds, first_kind, last_kind,
        size, linked, above, elements.firsts, elements.lasts, sums,
        levels, headings,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Description:
    """What the scorer sees of a page. matrix: the features of every segment, shape (n, features),
    float32. places: which segments stand together. hidden: numbers of the elements that say of
    themselves that they are not shown.
    """

    matrix: Array
    places: Places
    hidden: Sequence[int]


def describe(tree: Tree, segments: Segments, vocabulary: Vocabulary) -> Description:
    """The page's segments as the scorer sees them; there must be at least one."""
    page = view(tree, segments, vocabulary)
    hidden = page.elements.hidden.nonzero()[0].tolist()
    return Description(all_features(page).matrix, page.places, hidden)


def all_features(page: View) -> Sheet:
    """Every feature of every segment. Their order is the weights' order."""
    sheet = Sheet(len(page.size))
    write_text(page, sheet)
    write_flags(page, sheet)
    write_tokens(page, sheet)
    write_containers(page, sheet)
    write_candidates(page, sheet)
    write_repetition(page, sheet)
    write_groups(page, sheet)
    write_labels(page, sheet)
    write_copies(page, sheet)
    write_nests(page, sheet)
    write_position(page, sheet)
    write_neighbours(page, sheet)
    write_page(page, sheet)
    return sheet


def _crossed(pattern: str, outer: Iterable[object], inner: Iterable[object]) -> tuple[str, ...]:
    """Names of rows: for each of `outer` all of `inner`, the two put into `pattern` in order."""
    return tuple(pattern.format(a, b) for a in outer for b in inner)


def write_text(page: View, sheet: Sheet) -> None:
    """The segment's own text."""
    k, size, segments = page.kinds, page.size, page.segments
    letters = np.maximum(size, 1.0)
    words = k[SPACE] + 1.0 + k[DENSE] / 2
    first, last = page.first_kind, page.last_kind
    sheet["size"] = np.log1p(size)
    sheet["words"] = np.log1p(words)
    sheet["word_size"] = size / words
    sheet["link_share"] = page.linked / letters
    sheet["bold_share"] = segments.bold / k.sum(axis=0)
    sheet["upper_share"] = k[UPPER] / letters
    sheet["digit_share"] = k[DIGIT] / letters
    sheet["end_share"] = k[END] / words
    sheet["ends"] = np.log1p(k[END])
    sheet["commas"] = np.log1p(k[COMMA])
    sheet["comma_share"] = k[COMMA] / words
    sheet["quote_share"] = k[QUOTE] / words
    sheet["mark_share"] = k[MARK] / words
    sheet["currency"] = k[CURRENCY]
    sheet["starts_upper"] = first == UPPER
    sheet["starts_lower"] = first == LOWER
    sheet["starts_digit"] = first == DIGIT
    sheet["starts_letter"] = (first == UPPER) | (first == LOWER) | (first == DENSE)
    sheet["stops_end"] = last == END
    sheet["stops_mark"] = last == MARK
    sheet["breaks"] = np.array(segments.breaks)


def write_flags(page: View, sheet: Sheet) -> None:
    """What kinds of elements are around it, one 0/1 row a bit."""
    flags = np.array(page.segments.flags)
    sheet.open(_FLAGS)[:] = (flags >> _BITS) & 1


_FLAGS: Final = tuple(f"in_{bit}" for bit in range(FLAG_BITS))
_BITS: Final = np.arange(FLAG_BITS)[:, None]


def write_tokens(page: View, sheet: Sheet) -> None:
    """How often class, id, role and tag names like these held content elsewhere."""
    elements, above = page.elements, page.above
    scores = elements.token_score.take(above)
    lows, highs = elements.token_low.take(above), elements.token_high.take(above)
    inner = np.array(page.segments.inners)
    mean = scores.mean(axis=0)
    sheet.open(_TOKENS)[:] = scores[: len(_TOKENS)]
    sheet["token_inner"] = elements.token_score.take(inner)
    sheet["token_low"] = lows.min(axis=0)
    sheet["token_high"] = highs.max(axis=0)
    sheet["token_low_near"] = lows[:4].min(axis=0)
    sheet["token_high_near"] = highs[:4].max(axis=0)
    sheet["token_mean"] = mean
    sheet["token_page_mean"] = mean - scores.mean()
    sheet.open(("tag_0", "tag_1", "tag_2"))[:] = elements.tag_score.take(above[:3])
    sheet["tag_inner"] = elements.tag_score.take(inner)
    sheet["hidden"] = elements.hidden.take(above).max(axis=0)
    sheet["depth"] = elements.depth.take(above[0])


_TOKENS: Final = tuple(f"token_{level}" for level in range(5))


def write_containers(page: View, sheet: Sheet) -> None:
    """The elements around it: how much they hold, how much of that is linked."""
    around = page.above.take(_HELD_LEVELS, axis=0)
    inside = page.inside(page.firsts.take(around), page.lasts.take(around))
    size, count = inside[_LETTERS], inside[_SEGMENTS]
    letters = np.maximum(size, 1.0)
    held = _by_level(sheet.open(_HELD), len(_HELD_LEVELS))
    held[:, 0] = np.log1p(size)
    held[:, 1] = size / page.total
    held[:, 2] = inside[_LINKED] / letters
    held[:, 3] = np.log1p(count)
    held[:, 4] = size / np.maximum(count, 1)
    held[:, 5] = inside[_PROSE] / letters
    held[:, 6] = inside[_ENDS] / letters
    near = page.above.take(_COUNTED_LEVELS, axis=0)
    counted = _by_level(sheet.open(_COUNTED), len(COUNTED))
    np.log1p(page.elements.counted.take(near, axis=1), out=counted, casting="same_kind")


def _by_level(rows: Array, levels: int) -> Array:
    """Rows as a table of levels: shape (levels, rows / levels, n)."""
    return rows.reshape(levels, len(rows) // levels, -1)


_HELD_LEVELS: Final = (0, 1, 2, 3, 4, 6)
_HELD: Final = _crossed(
    "{1}_{0}",
    _HELD_LEVELS,
    ("held", "held_share", "held_linked", "held_count", "held_mean", "held_prose", "held_ends"),
)
_COUNTED_LEVELS: Final = (0, 1, 3, 5)
_COUNTED: Final = _crossed("{}_{}", COUNTED, _COUNTED_LEVELS)


def write_candidates(page: View, sheet: Sheet) -> None:
    """Whether it stands in the element that the page's prose votes for."""
    above, size = page.above, page.size
    share = page.linked / np.maximum(size, 1.0)
    vote = np.where(size >= 25, np.sqrt(size) * (1 - share) * (1 + page.kinds[COMMA]), 0.0)
    vote = np.minimum(vote, 400.0)
    parents = page.elements.parents
    count = len(parents)
    score = np.bincount(above[1], vote, count) + 0.5 * np.bincount(above[2], vote, count)
    score += 0.25 * np.bincount(above[3], vote, count)
    letters, linked = page.sums[_LETTERS], page.sums[_LINKED]
    held = letters.take(page.lasts) - letters.take(page.firsts)
    held_linked = linked.take(page.lasts) - linked.take(page.firsts)
    score *= 1 - held_linked / np.maximum(held, 1.0)
    best = int(score.argmax())
    peak = max(float(score[best]), 1e-9)
    index = np.arange(len(size))
    up = parents[best]
    elements = np.array([[best], [up], [parents[up]]])
    first, last = page.firsts[best], page.lasts[best]
    path = score.take(above) / peak
    sheet.open(("in_best", "in_best_parent", "in_best_grand"))[:] = (
        index >= page.firsts.take(elements)
    ) & (index < page.lasts.take(elements))
    sheet["best_share"] = held[best] / page.total
    sheet["from_best"] = (index - first) / max(last - first, 1)
    sheet.open(("candidate_1", "candidate_2"))[:] = path[1:3]
    sheet["candidate_high"] = path.max(axis=0)
    sheet["candidate_level"] = path.argmax(axis=0)


def write_repetition(page: View, sheet: Sheet) -> None:
    """Repeated structure: siblings that look the same (list items, posts, cards, menu entries)."""
    above, elements = page.above, page.elements
    alike = elements.alike.take(above)  # siblings with the same tag and classes
    np.log1p(alike[: len(_ALIKE)], out=sheet.open(_ALIKE), casting="same_kind")
    many = alike >= 3
    many[-1] = False
    # Two records around each segment, a row each: the innermost and the outermost that repeats.
    levels = np.array((many.argmax(axis=0), len(many) - 1 - many[::-1].argmax(axis=0)))
    levels[1] *= many.any(axis=0)
    places = levels * len(page.size) + np.arange(len(page.size))
    found, times, record = many.take(places), alike.take(places), above.take(places)
    around = elements.parents.take(record)
    held = page.sums[_LETTERS].take(page.lasts.take(record))
    held -= page.sums[_LETTERS].take(page.firsts.take(record))
    group = page.inside(page.firsts.take(around), page.lasts.take(around))
    held_linked = page.sums[_LINKED].take(page.lasts.take(record))
    held_linked -= page.sums[_LINKED].take(page.firsts.take(record))
    letters, siblings = np.maximum(group[_LETTERS], 1), np.maximum(times, 1)
    records = _by_level(sheet.open(_RECORDS), 2)
    records[:, 1] = np.log1p(times)
    records[:, 2] = np.log1p(held)
    records[:, 3] = np.log1p(group[_LETTERS] / siblings)
    records[:, 4] = group[_LINKED] / letters
    records[:, 5] = group[_LETTERS] / page.total
    records[:, 6] = group[_PROSE] / letters
    records[:, 7] = elements.counted[0].take(around) / siblings
    records[:, 8] = elements.token_score.take(record)
    records[:, 9] = elements.token_score.take(around)
    records[:, 10] = elements.tag_score.take(record)
    records[:, 1:] *= found[:, None]
    records[:, 0] = np.where(found, levels, -1)


_ALIKE: Final = tuple(f"alike_{level}" for level in range(4))
_RECORDS: Final = _crossed(
    "record_{}{}",
    ("inner", "outer"),
    (
        "", "_alike", "_size", "_mean", "_linked", "_share", "_prose", "_images", "_token",
        "_around", "_tag",
    ),
)  # fmt: skip


def write_groups(page: View, sheet: Sheet) -> None:
    """All segments of the page that stand in the same kind of place, wherever they are."""
    count = len(page.size)
    order = np.arange(count)
    for names, kin in zip(_GROUPS, (page.places.near, page.places.far), strict=True):
        group, counts = kin.group, kin.counts
        size = np.bincount(group, page.size)
        table = np.empty((len(names), len(counts)))
        table[0] = np.log1p(counts)
        table[1] = np.log1p(size / counts)
        table[2] = np.bincount(group, page.linked) / np.maximum(size, 1)
        table[3] = size / page.total
        table[4] = np.bincount(group, page.kinds[END]) / counts
        table[5] = np.bincount(group, order) / counts / count
        sheet.open(names)[:] = table.take(group, axis=1)


_GROUPS: Final = [
    tuple(f"group_{kin}_{name}" for name in ("count", "mean", "linked", "share", "ends", "place"))
    for kin in ("near", "far")
]


def write_nests(page: View, sheet: Sheet) -> None:
    """The nests around it: what they hold, how repetitive that is, where in them it stands."""
    places, elements = page.places, page.elements
    nests = np.ascontiguousarray(places.nests.T)
    firsts, lasts = page.firsts.take(nests), page.lasts.take(nests)
    inside = page.inside(firsts, lasts)
    repeated = np.zeros(len(page.size) + 1)
    np.cumsum((sheet["copy_before"] > 0) * page.size, out=repeated[1:])
    letters, count = np.maximum(inside[_LETTERS], 1.0), np.maximum(inside[_SEGMENTS], 1.0)
    tables = _by_level(sheet.open(_NESTS), NESTS)
    tables[:, 0] = np.log1p(inside[_LETTERS])
    tables[:, 1] = inside[_LETTERS] / page.total
    tables[:, 2] = inside[_LINKED] / letters
    tables[:, 3] = np.log1p(count)
    tables[:, 4] = inside[_PROSE] / letters
    tables[:, 5] = inside[_ENDS] / count
    tables[:, 6] = inside[_DIGITS] / letters
    tables[:, 7] = (np.arange(len(page.size)) - firsts) / count
    tables[:, 8] = (repeated.take(lasts) - repeated.take(firsts)) / letters
    tables[:, 9] = elements.token_score.take(nests)
    tables[:, 10] = elements.tag_score.take(nests)
    tables[:, 11] = np.log1p(elements.alike.take(nests))
    tables[:, 12] = firsts / len(page.size)
    sheet["nest_depth"] = places.depth


_NESTS: Final = _crossed(
    "nest_{1}_{0}",
    range(NESTS),
    (
        "size", "share", "linked", "count", "prose", "ends", "digits", "place", "again", "token",
        "tag", "alike", "start",
    ),
)  # fmt: skip


def write_labels(page: View, sheet: Sheet) -> None:
    """Whether it is a label that the lexicon knows in some language ("Related", "Partager"), and
    whether the heading above it is, and how many of its nests' segments are.
    """
    found = _labels(page.segments.texts)
    labelled = found.max(axis=0)
    heading = page.headings
    above = found.take(np.maximum(heading, 0), axis=1) * (heading >= 0)
    sums = np.zeros(len(labelled) + 1)
    labelled.cumsum(out=sums[1:])
    firsts, lasts = page.places.firsts.T, page.places.lasts.T
    sheet.open(_LABELS)[:] = found
    sheet["label"] = labelled
    sheet.open(_LABELS_ABOVE)[:] = above.take(_HEADING_FAMILIES, axis=0)
    sheet["label_above"] = above.max(axis=0)
    sheet.open(_LABEL_NESTS)[:] = (sums.take(lasts) - sums.take(firsts)) / np.maximum(
        lasts - firsts, 1
    )


def _labels(texts: Sequence[str]) -> Array:
    """How surely each text is a label of each family, shape (families, n)."""
    found = np.zeros((len(FAMILIES), len(texts)))
    known: dict[str, tuple[int, float] | None] = {}
    for k, text in enumerate(texts):
        if len(text) > MAX_CHARS:
            continue
        if text not in known:
            label = find_label(text)
            known[text] = label and (
                FAMILIES.index(label.family), 1.0 if label.strength == "strong" else _WEAK
            )  # fmt: skip
        if (at := known[text]) is not None:
            found[at[0], k] = at[1]
    return found


_WEAK: Final = 0.6  # of a label that is an ordinary word too
_LABELS: Final = tuple(f"label_{name}" for name in FAMILIES)
_HEADING_LABELS: Final = (
    "related", "newsletter", "comment_form", "share", "navigation", "cookie_consent",
)  # fmt: skip
_HEADING_FAMILIES: Final = [FAMILIES.index(name) for name in _HEADING_LABELS]
_LABELS_ABOVE: Final = tuple(f"label_above_{name}" for name in _HEADING_LABELS)
_LABEL_NESTS: Final = tuple(f"label_nest_{row}" for row in range(NESTS))


def write_copies(page: View, sheet: Sheet) -> None:
    """Whether the page says the same elsewhere: menus for phones, cloned slides, summaries."""
    texts = page.segments.texts
    seen: dict[str, int] = {}
    before = np.empty(len(texts))
    for k, text in enumerate(texts):
        before[k] = seen[text] = seen.get(text, -1) + 1
    after = np.fromiter(map(seen.__getitem__, texts), float, len(texts)) - before
    sheet["copy_before"] = np.log1p(before)
    sheet["copy_after"] = np.log1p(after)
    sheet["copy_size"] = (before > 0) * np.log1p(page.size)


def write_position(page: View, sheet: Sheet) -> None:
    """Where on the page it stands, and where from the headings and the title."""
    count = len(page.size)
    index = np.arange(count)
    before = page.sums[_LETTERS, :-1]
    levels = page.levels
    heading = np.maximum(page.headings, 0)
    title, match = _title_place(page, levels)
    following = np.minimum.accumulate(np.where(levels > 0, index, count)[::-1])[::-1]
    prose = ((page.size >= 60) & (page.linked < 0.4 * page.size)).nonzero()[0]
    first, last = (prose[0], prose[-1]) if len(prose) else (0, count - 1)
    sheet["place"] = index / count
    sheet["place_size"] = before / page.total
    sheet["index"] = np.log1p(index)
    sheet["from_end"] = np.log1p(count - index)
    sheet["heading_level"] = levels
    sheet["heading_gap"] = np.log1p(index - page.headings)
    sheet["heading_size"] = np.log1p(before - before.take(heading))
    sheet["heading_level_above"] = levels.take(heading) * (page.headings >= 0)
    sheet["next_heading"] = np.log1p(following - index)
    sheet["title_match"] = match
    sheet["title_found"] = np.full(count, title >= 0)
    gaps = sheet.open(("title_gap", "title_size", "prose_first", "prose_last"))
    gaps[0] = index - title if title >= 0 else 0.0
    gaps[1] = before - before[title] if title >= 0 else before
    gaps[2] = index - first
    gaps[3] = index - last
    np.copysign(np.log1p(np.abs(gaps)), gaps, out=gaps)


_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}


def _title_place(page: View, levels: Array) -> tuple[int, Array]:
    """The segment that shows the page's title (-1: none), and how much of it each one repeats."""
    match = np.zeros(len(levels))
    tree = page.tree
    titles = [tree.text(number).casefold() for number in tree.find("title")[:1]]
    if titles and titles[0]:
        title = titles[0]
        for k, text in enumerate(page.segments.texts):
            if len(text) <= len(title) + 4 and text.casefold() in title:
                match[k] = len(text) / len(title)
    worth = match + 0.3 * (levels == 1) * (match > 0.1) + 0.1 * (levels == 1)
    best = int(worth.argmax())
    return (best if worth[best] > 0.09 else -1), match


_REACH: Final = 8  # segments before and after
_SHIFTS: Final = (-2, -1, 1, 2)
_AROUND: Final = ("size", "link_share", "end_share", "token_mean", "candidate_high", "stops_end")
_NEIGHBOURS: Final = _crossed("{}_{}", _AROUND, ("-2", "-1", "+1", "+2", "around_3", "around_8"))


def write_neighbours(page: View, sheet: Sheet) -> None:
    """The same about the segments before and after, and averages around."""
    count = len(page.size)
    padded = np.empty((len(_AROUND), count + 2 * _REACH))
    for row, name in enumerate(_AROUND):
        padded[row, _REACH:-_REACH] = sheet[name]
    padded[:, :_REACH] = padded[:, _REACH : _REACH + 1]
    padded[:, -_REACH:] = padded[:, -_REACH - 1 : -_REACH]
    sums = np.zeros((len(_AROUND), count + 2 * _REACH + 1))
    padded.cumsum(axis=1, out=sums[:, 1:])
    found = _by_level(sheet.open(_NEIGHBOURS), len(_AROUND))
    for row, shift in enumerate(_SHIFTS):
        found[:, row] = padded[:, _REACH + shift : _REACH + shift + count]
    for row, reach in enumerate((3, _REACH), len(_SHIFTS)):
        width, start = 2 * reach + 1, _REACH - reach
        after, before = sums[:, start + width :][:, :count], sums[:, start : start + count]
        found[:, row] = (after - before) / width
    blocks = page.above[1]
    same = sheet.open(("same_block_-1", "same_block_+1"))
    same[0, 0] = same[1, -1] = 0.0
    same[0, 1:] = same[1, :-1] = blocks[1:] == blocks[:-1]


def write_page(page: View, sheet: Sheet) -> None:
    """The whole page; the same for all its segments."""
    total, size, tags = page.sums[:, -1], page.total, page.tree.by_tag
    counts = [size, len(page.size), *[len(tags.get(tag, ())) for tag in _COUNTED_TAGS]]
    logs = np.log1p(counts)
    shares = total.take((_LINKED, _PROSE, _SEGMENTS, _ENDS, _DIGITS)) / size
    shares[2] = size / len(page.size)
    sheet.open(_PAGE)[:] = np.concatenate((logs[:2], shares, logs[2:]))[:, None]


_COUNTED_TAGS: Final = (
    "h1", "h2", "h3", "p", "li", "td", "article", "main", "img", "input", "form", "time", "pre",
    "code", "button", "table", "blockquote", "dt", "section",
)  # fmt: skip
_PAGE: Final = (
    "page_size", "page_count", "page_linked", "page_prose", "page_mean", "page_ends",
    "page_digits", *(f"page_{tag}" for tag in _COUNTED_TAGS),
)  # fmt: skip
