"""The numbers that describe each segment of a page to the scorer; all language-free.

One function a family; `describe` stacks the families into a matrix. Sizes are in letters, where a
Chinese, Japanese, Thai or Khmer character counts 2.5 (it carries about half a word); a page in any
script then gives similar numbers.

Sources: text and link density after Kohlschütter et al. 2010 ("Boilerplate detection using shallow
text features"); the candidate score after the idea of Readability (Arc90, 2009): text votes for its
parent, half for its grandparent.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from scrubber.extract.scorer.elements import Elements, read_elements
from scrubber.extract.scorer.places import NESTS, Places, find_places
from scrubber.extract.scorer.vocabulary import Vocabulary
from scrubber.extract.segments import Segments
from scrubber.extract.tree import Tree
from scrubber.lexicon.families import FAMILIES
from scrubber.lexicon.labels import MAX_CHARS, find_label

FLAG_BITS: Final = 24

Array = np.ndarray


@dataclass(slots=True)
class View:
    """A page as arrays: what the feature families share.

    size: letters per segment. above: see `Elements`. sums: prefix sums over segments
    of `columns`, shape (n + 1, len(columns)).
    places: which segments stand together. levels: of the heading that a segment stands in, 0 for
    none. headings: the last heading up to each segment, -1 before the first.
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


def view(tree: Tree, segments: Segments, vocabulary: Vocabulary) -> View:
    kinds, first_kind, last_kind = count_kinds(segments.texts)
    size = (kinds[:, LOWER] + kinds[:, UPPER] + kinds[:, DIGIT] + 2.5 * kinds[:, DENSE]).astype(
        np.float64
    )
    lengths = kinds.sum(axis=1)
    share = np.minimum(np.array(segments.linked) / lengths, 1.0)
    linked = size * share
    elements = read_elements(tree, segments, vocabulary)
    prose = size * ((size >= 60) & (share < 0.4))
    columns = np.stack(
        [size, linked, np.ones_like(size), kinds[:, END], kinds[:, COMMA], prose, kinds[:, DIGIT]]
    )
    sums = np.zeros((len(size) + 1, len(columns)))
    np.cumsum(columns.T, axis=0, out=sums[1:])
    container_tags = elements.tag.take(elements.above[:, 0])
    levels = np.array([_HEADINGS.get(tag, 0) for tag in elements.tags]).take(container_tags)
    headings = np.maximum.accumulate(np.where(levels > 0, np.arange(len(size)), -1))
    return View(
        tree, segments, elements, find_places(elements, segments), kinds, first_kind, last_kind,
        size, linked, elements.above, np.array(segments.firsts), np.array(segments.lasts), sums,
        levels, headings,
    )  # fmt: skip


Columns = dict[str, Array]


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
    columns = list(all_columns(page).values())
    flat = np.concatenate(columns, dtype=np.float32, casting="same_kind")
    matrix = np.ascontiguousarray(flat.reshape(len(columns), len(segments)).T)
    return Description(matrix, page.places, np.flatnonzero(page.elements.hidden).tolist())


def all_columns(page: View) -> Columns:
    """Feature name -> its value per segment."""
    columns: Columns = text_columns(page)
    columns |= flag_columns(page)
    columns |= token_columns(page)
    columns |= container_columns(page)
    columns |= candidate_columns(page)
    columns |= repetition_columns(page)
    columns |= group_columns(page)
    columns |= label_columns(page)
    columns |= copy_columns(page)
    columns |= nest_columns(page, columns["copy_before"] > 0)
    columns |= position_columns(page)
    columns |= neighbour_columns(page, columns)
    columns |= page_columns(page)
    return columns


def text_columns(page: View) -> Columns:
    """The segment's own text."""
    k, size, segments = page.kinds, page.size, page.segments
    length = k.sum(axis=1)
    letters = np.maximum(size, 1.0)
    words = k[:, SPACE] + 1.0 + k[:, DENSE] / 2
    return {
        "size": np.log1p(size),
        "words": np.log1p(words),
        "word_size": size / words,
        "link_share": page.linked / letters,
        "bold_share": np.array(segments.bold) / length,
        "upper_share": k[:, UPPER] / letters,
        "digit_share": k[:, DIGIT] / letters,
        "end_share": k[:, END] / words,
        "ends": np.log1p(k[:, END]),
        "commas": np.log1p(k[:, COMMA]),
        "comma_share": k[:, COMMA] / words,
        "quote_share": k[:, QUOTE] / words,
        "mark_share": k[:, MARK] / words,
        "currency": k[:, CURRENCY],
        "starts_upper": page.first_kind == UPPER,
        "starts_lower": page.first_kind == LOWER,
        "starts_digit": page.first_kind == DIGIT,
        "starts_letter": (page.first_kind == UPPER)
        | (page.first_kind == LOWER)
        | (page.first_kind == DENSE),
        "stops_end": page.last_kind == END,
        "stops_mark": page.last_kind == MARK,
        "breaks": np.array(segments.breaks),
    }


def flag_columns(page: View) -> Columns:
    """What kinds of elements are around it, one 0/1 column a bit."""
    flags = np.array(page.segments.flags)
    return {f"in_{bit}": (flags >> bit) & 1 for bit in range(FLAG_BITS)}


def token_columns(page: View) -> Columns:
    """How often class, id, role and tag names like these held content elsewhere."""
    elements, above = page.elements, page.above
    scores = elements.token_score.take(above)
    inner = np.array(page.segments.inners)
    columns: Columns = {f"token_{level}": scores[:, level] for level in range(5)}
    lows, highs = elements.token_low.take(above.T), elements.token_high.take(above.T)
    columns["token_inner"] = elements.token_score.take(inner)
    columns["token_low"] = lows.min(axis=0)
    columns["token_high"] = highs.max(axis=0)
    columns["token_low_near"] = lows[:4].min(axis=0)
    columns["token_high_near"] = highs[:4].max(axis=0)
    columns["token_mean"] = scores.mean(axis=1)
    columns["token_page_mean"] = scores.mean(axis=1) - scores.mean()
    for level in range(3):
        columns[f"tag_{level}"] = elements.tag_score.take(above[:, level])
    columns["tag_inner"] = elements.tag_score.take(inner)
    columns["hidden"] = elements.hidden.take(above.T).max(axis=0)
    columns["depth"] = elements.depth.take(above[:, 0])
    return columns


def _inside(page: View, elements: Array) -> Array:
    """Sums over the segments inside each element; shape elements.shape + (columns,)."""
    sums, firsts, lasts = page.sums, page.firsts.take(elements), page.lasts.take(elements)
    return np.asarray(sums.take(lasts, axis=0) - sums.take(firsts, axis=0))


def container_columns(page: View) -> Columns:
    """The elements around it: how much they hold, how much of that is linked."""
    above = page.above
    inside = _inside(page, above[:, _HELD_LEVELS]).transpose(2, 1, 0)  # columns, levels, segments
    total = page.sums[-1]
    size, count = inside[0], inside[2]
    letters = np.maximum(size, 1.0)
    held = {
        "held": np.log1p(size),
        "held_share": size / max(total[0], 1.0),
        "held_linked": inside[1] / letters,
        "held_count": np.log1p(count),
        "held_mean": size / np.maximum(count, 1),
        "held_prose": inside[5] / letters,
        "held_ends": inside[3] / letters,
    }
    columns: Columns = {
        f"{name}_{level}": table[row]
        for row, level in enumerate(_HELD_LEVELS)
        for name, table in held.items()
    }
    near = above[:, _COUNTED_LEVELS].T
    for name in ("images", "inputs", "headings"):
        table = np.log1p(page.elements.counted(name).take(near))
        columns |= {f"{name}_{level}": table[row] for row, level in enumerate(_COUNTED_LEVELS)}
    return columns


_HELD_LEVELS: Final = (0, 1, 2, 3, 4, 6)
_COUNTED_LEVELS: Final = (0, 1, 3, 5)


def candidate_columns(page: View) -> Columns:
    """Whether it stands in the element that the page's prose votes for."""
    above, size = page.above, page.size
    share = page.linked / np.maximum(size, 1.0)
    vote = np.where(size >= 25, np.sqrt(size) * (1 - share) * (1 + page.kinds[:, COMMA]), 0.0)
    vote = np.minimum(vote, 400.0)
    count = len(page.elements.parents)
    score = np.bincount(above[:, 1], vote, count) + 0.5 * np.bincount(above[:, 2], vote, count)
    score += 0.25 * np.bincount(above[:, 3], vote, count)
    inside = _inside(page, np.arange(count))
    score *= 1 - inside[:, 1] / np.maximum(inside[:, 0], 1.0)
    best = int(score.argmax())
    peak = max(float(score[best]), 1e-9)
    index = np.arange(len(size))
    up = page.elements.parents[best]
    grand = page.elements.parents[up]
    path = score.take(above) / peak
    first, last = page.firsts[best], page.lasts[best]
    return {
        "in_best": (index >= first) & (index < last),
        "in_best_parent": (index >= page.firsts[up]) & (index < page.lasts[up]),
        "in_best_grand": (index >= page.firsts[grand]) & (index < page.lasts[grand]),
        "best_share": np.full(len(size), inside[best, 0] / max(page.sums[-1, 0], 1.0)),
        "from_best": (index - first) / max(last - first, 1),
        "candidate_1": path[:, 1],
        "candidate_2": path[:, 2],
        "candidate_high": path.max(axis=1),
        "candidate_level": path.argmax(axis=1),
    }


def repetition_columns(page: View) -> Columns:
    """Repeated structure: siblings that look the same (list items, posts, cards, menu entries)."""
    above, elements = page.above, page.elements
    alike = elements.alike.take(above)  # siblings with the same tag and classes
    columns: Columns = {}
    for level in range(4):
        columns[f"alike_{level}"] = np.log1p(alike[:, level])
    many = alike >= 3
    many[:, -1] = False
    # Two records around each segment, a row each: the innermost and the outermost that repeats.
    levels = np.stack((many.argmax(axis=1), _last_true(many)))
    rows = np.arange(len(alike))
    found, times, record = many[rows, levels], alike[rows, levels], above[rows, levels]
    around = elements.parents.take(record)
    held, group = _inside(page, record), _inside(page, around)
    letters, siblings = np.maximum(group[..., 0], 1), np.maximum(times, 1)
    tables = {
        "alike": np.log1p(times),
        "size": np.log1p(held[..., 0]),
        "mean": np.log1p(group[..., 0] / siblings),
        "linked": group[..., 1] / letters,
        "share": group[..., 0] / max(page.sums[-1, 0], 1.0),
        "prose": group[..., 5] / letters,
        "images": elements.counted("images").take(around) / siblings,
        "token": elements.token_score.take(record),
        "around": elements.token_score.take(around),
        "tag": elements.tag_score.take(record),
    }
    tables = {name: np.where(found, table, 0) for name, table in tables.items()}
    for row, which in enumerate(("inner", "outer")):
        columns[f"record_{which}"] = np.where(found[row], levels[row], -1)
        columns |= {f"record_{which}_{name}": table[row] for name, table in tables.items()}
    return columns


def _last_true(table: Array) -> Array:
    """Index of the last true column of each row; 0 where there is none."""
    last = table.shape[1] - 1 - table[:, ::-1].argmax(axis=1)
    return np.where(table.any(axis=1), last, 0)


def group_columns(page: View) -> Columns:
    """All segments of the page that stand in the same kind of place, wherever they are."""
    columns: Columns = {}
    order = np.arange(len(page.size))
    total = max(page.sums[-1, 0], 1.0)
    for name, kin in (("near", page.places.near), ("far", page.places.far)):
        group, counts = kin.group, kin.counts
        size = np.bincount(group, page.size)
        linked = np.bincount(group, page.linked)
        ends = np.bincount(group, page.kinds[:, END])
        mean = np.bincount(group, order) / counts
        columns[f"group_{name}_count"] = np.log1p(counts)[group]
        columns[f"group_{name}_mean"] = np.log1p(size / counts)[group]
        columns[f"group_{name}_linked"] = (linked / np.maximum(size, 1))[group]
        columns[f"group_{name}_share"] = (size / total)[group]
        columns[f"group_{name}_ends"] = (ends / counts)[group]
        columns[f"group_{name}_place"] = (mean / len(order))[group]
    return columns


def nest_columns(page: View, again: Array) -> Columns:
    """The nests around it: what they hold, how repetitive that is, where in them it stands.

    again: whether the page said the same before, per segment.
    """
    places, elements = page.places, page.elements
    nests, firsts, lasts = places.nests.T, places.firsts.T, places.lasts.T
    sums = page.sums
    inside = sums.take(lasts, axis=0) - sums.take(firsts, axis=0)
    inside = inside.transpose(2, 0, 1)  # columns, nests, segments
    repeated = np.concatenate(([0.0], np.cumsum(again * page.size)))
    letters, count = np.maximum(inside[0], 1.0), np.maximum(inside[2], 1.0)
    tables = {
        "size": np.log1p(inside[0]),
        "share": inside[0] / max(page.sums[-1, 0], 1.0),
        "linked": inside[1] / letters,
        "count": np.log1p(count),
        "prose": inside[5] / letters,
        "ends": inside[3] / count,
        "digits": inside[6] / letters,
        "place": (np.arange(len(page.size)) - firsts) / count,
        "again": (repeated.take(lasts) - repeated.take(firsts)) / letters,
        "token": elements.token_score.take(nests),
        "tag": elements.tag_score.take(nests),
        "alike": np.log1p(elements.alike.take(nests)),
        "start": firsts / len(page.size),
    }
    columns: Columns = {
        f"nest_{name}_{row}": table[row] for row in range(NESTS) for name, table in tables.items()
    }
    columns["nest_depth"] = places.depth
    return columns


def label_columns(page: View) -> Columns:
    """Whether it is a label that the lexicon knows in some language ("Related", "Partager"), and
    whether the heading above it is, and how many of its nests' segments are.
    """
    found = np.zeros((len(page.size), len(FAMILIES)))
    known: dict[str, tuple[int, float] | None] = {}
    for k, text in enumerate(page.segments.texts):
        if len(text) > MAX_CHARS:
            continue
        if text not in known:
            label = find_label(text)
            known[text] = label and (
                FAMILIES.index(label.family), 1.0 if label.strength == "strong" else _WEAK
            )  # fmt: skip
        if (at := known[text]) is not None:
            found[k, at[0]] = at[1]
    labelled = found.max(axis=1)
    heading = page.headings
    above = np.where((heading >= 0)[:, None], found[np.maximum(heading, 0)], 0.0)
    sums = np.concatenate(([0.0], np.cumsum(labelled)))
    firsts, lasts = page.places.firsts, page.places.lasts
    nests = (sums[lasts] - sums[firsts]) / np.maximum(lasts - firsts, 1)
    columns: Columns = {f"label_{name}": found[:, row] for row, name in enumerate(FAMILIES)}
    columns["label"] = labelled
    for name in _HEADING_LABELS:
        columns[f"label_above_{name}"] = above[:, FAMILIES.index(name)]
    columns["label_above"] = above.max(axis=1)
    return columns | {f"label_nest_{row}": nests[:, row] for row in range(NESTS)}


_WEAK: Final = 0.6  # of a label that is an ordinary word too
_HEADING_LABELS: Final = (
    "related", "newsletter", "comment_form", "share", "navigation", "cookie_consent",
)  # fmt: skip


def copy_columns(page: View) -> Columns:
    """Whether the page says the same elsewhere: menus for phones, cloned slides, summaries."""
    texts = page.segments.texts
    seen: dict[str, int] = {}
    before = np.empty(len(texts))
    for k, text in enumerate(texts):
        before[k] = seen[text] = seen.get(text, -1) + 1
    after = np.fromiter(map(seen.__getitem__, texts), float, len(texts)) - before
    return {
        "copy_before": np.log1p(before),
        "copy_after": np.log1p(after),
        "copy_size": np.where(before > 0, np.log1p(page.size), 0.0),
    }


def position_columns(page: View) -> Columns:
    """Where on the page it stands, and where from the headings and the title."""
    count = len(page.size)
    index = np.arange(count)
    before = page.sums[:-1, 0]
    total = max(page.sums[-1, 0], 1.0)
    levels, heading = page.levels, page.headings
    title, match = _title_place(page, levels)
    following = np.minimum.accumulate(np.where(levels > 0, index, count)[::-1])[::-1]
    prose = np.flatnonzero((page.size >= 60) & (page.linked < 0.4 * page.size))
    first, last = (prose[0], prose[-1]) if len(prose) else (0, count - 1)
    return {
        "place": index / count,
        "place_size": before / total,
        "index": np.log1p(index),
        "from_end": np.log1p(count - index),
        "heading_level": levels,
        "heading_gap": np.log1p(index - heading),
        "heading_size": np.log1p(before - before[np.maximum(heading, 0)]),
        "heading_level_above": np.where(heading >= 0, levels[np.maximum(heading, 0)], 0),
        "next_heading": np.log1p(following - index),
        "title_match": match,
        "title_found": np.full(count, title >= 0),
        "title_gap": _signed_log(index - max(title, 0)) if title >= 0 else np.zeros(count),
        "title_size": (_signed_log(before - before[title]) if title >= 0 else np.log1p(before)),
        "prose_first": _signed_log(index - first),
        "prose_last": _signed_log(index - last),
    }


def _signed_log(values: Array) -> Array:
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)))


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


_AROUND: Final = ("size", "link_share", "end_share", "token_mean", "candidate_high", "stops_end")
_REACH: Final = 8  # segments before and after


def neighbour_columns(page: View, columns: Columns) -> Columns:
    """The same about the segments before and after, and averages around."""
    table = np.array([columns[name] for name in _AROUND], np.float64)
    count = table.shape[1]
    padded = np.concatenate(
        (table[:, :1].repeat(_REACH, axis=1), table, table[:, -1:].repeat(_REACH, axis=1)), axis=1
    )
    sums = np.zeros((len(table), count + 2 * _REACH + 1))
    np.cumsum(padded, axis=1, out=sums[:, 1:])
    tables = {
        f"{shift:+d}": padded[:, _REACH + shift : _REACH + shift + count]
        for shift in (-2, -1, 1, 2)
    }
    for reach in (3, _REACH):
        width, start = 2 * reach + 1, _REACH - reach
        after, before = sums[:, start + width :][:, :count], sums[:, start : start + count]
        tables[f"around_{reach}"] = (after - before) / width
    found: Columns = {
        f"{name}_{place}": values[row]
        for row, name in enumerate(_AROUND)
        for place, values in tables.items()
    }
    above = page.above
    found["same_block_-1"] = np.concatenate(([False], above[1:, 1] == above[:-1, 1]))
    found["same_block_+1"] = np.concatenate((above[1:, 1] == above[:-1, 1], [False]))
    return found


def page_columns(page: View) -> Columns:
    """The whole page; the same for all its segments."""
    total, count = page.sums[-1], len(page.size)
    size = max(total[0], 1.0)
    tags = page.tree.by_tag
    values = {
        "page_size": np.log1p(size),
        "page_count": np.log1p(count),
        "page_linked": total[1] / size,
        "page_prose": total[5] / size,
        "page_mean": size / count,
        "page_ends": total[3] / size,
        "page_digits": total[6] / size,
    }
    for tag in _COUNTED_TAGS:
        values[f"page_{tag}"] = np.log1p(len(tags.get(tag, ())))
    table = np.repeat(np.array(list(values.values()))[:, None], count, axis=1)
    return dict(zip(values, table, strict=True))


_COUNTED_TAGS: Final = (
    "h1", "h2", "h3", "p", "li", "td", "article", "main", "img", "input", "form", "time", "pre",
    "code", "button", "table", "blockquote", "dt", "section",
)  # fmt: skip
