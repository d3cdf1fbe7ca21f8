"""The same page in other markup, so that the net learns what travels between sites; for training.

`stripped` takes names away, as an older or a machine-made site would; `dated` writes the page as
it was written around 2000: tables for boxes, lines for paragraphs, fonts for headings; `pruned`
takes parts of the page away, as in short news and in fragments that a feed or an editor holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import accumulate
from random import Random
from typing import Final

from scrubber.extract.assembly.parts import HEADINGS
from scrubber.extract.segments import Segments
from scrubber.extract.tree import ATOMIC, INLINE, VOID, Attributes, Token, Tree

_NAMING: Final = frozenset(["class", "id", "role", "itemprop", "itemtype", "itemscope"])
_MEANING: Final = frozenset(
    ["article", "main", "section", "nav", "aside", "header", "footer", "figure", "figcaption"]
)
_BOXES: Final = _MEANING | frozenset(
    [
        "body",
        "div",
        "form",
        "fieldset",
        "hgroup",
        "address",
        "details",
        "summary",
        "dialog",
        "center",
    ]
)
_LISTS: Final = frozenset(["ul", "ol", "menu"])
_KEPT: Final = frozenset(
    [
        "href",
        "src",
        "alt",
        "title",
        "colspan",
        "rowspan",
        "type",
        "value",
        "name",
        "content",
        "style",
        "datetime",
    ]
)
_TABLE: Final = '<table border="0" cellpadding="0" cellspacing="0" width="100%">'
_MOST_COLUMNS: Final = 3


def stripped(tree: Tree, *, tags: bool) -> Tree:
    """The page without the names in class, id, role and microdata; `tags`: and with `<div>` in
    place of the tags that mean something.

    Its segments are the same.
    """
    bare = Tree("")
    for name in ("parents", "opens", "closes", "tokens", "truncated"):
        setattr(bare, name, getattr(tree, name))
    bare.start_tags = [
        ("div" if tags and tag in _MEANING else tag, _unnamed(attributes))
        for tag, attributes in tree.start_tags
    ]
    bare.kinds = tree.kinds
    bare.tags = [bare.start_tags[kind][0] for kind in tree.kinds]
    bare.attrs = [bare.start_tags[kind][1] for kind in tree.kinds]
    return bare


def _unnamed(attributes: Attributes) -> Attributes:
    return {name: value for name, value in attributes.items() if name not in _NAMING}


_PARAGRAPHS: Final = frozenset(
    ["p", "li", "blockquote", "pre", "table", "h2", "h3", "h4", "h5", "h6", "dd"]
)


def pruned(tree: Tree, segments: Segments, is_content: Sequence[bool], seed: int) -> Tree:
    """The page without some of its boilerplate and without some paragraphs of its content.

    is_content: of each segment. How much goes varies by seed: from nothing to nearly all.
    """
    chance = Random(seed)
    boilerplate_goes, content_goes = chance.choice((0.1, 0.3, 0.9)), chance.choice((0.0, 0.5, 0.9))
    content = [0, *accumulate(map(int, is_content))]
    small = Tree("")
    small.start_tags = tree.start_tags
    new = [-1] * len(tree.tags)  # numbers of the elements that stay
    position = 0
    while position < len(tree.tokens):
        token = tree.tokens[position]
        position += 1
        if isinstance(token, str):
            small.tokens.append(token)
        elif token < 0:
            small.tokens.append(~new[~token])
            small.closes[new[~token]] = len(small.tokens)
        else:
            first, last = segments.firsts[token], segments.lasts[token]
            held = content[last] - content[first]
            tag = tree.tags[token]
            if last > first and tag not in INLINE and tag not in ("html", "body"):
                goes = boilerplate_goes if not held else content_goes if tag in _PARAGRAPHS else 0
                if chance.random() < goes:
                    position = tree.closes[token]
                    continue
            new[token] = len(small.tags)
            small.tags.append(tag)
            small.attrs.append(tree.attrs[token])
            small.kinds.append(tree.kinds[token])
            parent = tree.parents[token]
            small.parents.append(new[parent] if parent >= 0 else -1)
            small.opens.append(len(small.tokens))
            small.closes.append(0)
            small.tokens.append(new[token])
    return small


def dated(tree: Tree, seed: int) -> Tree:
    """The page as a site of the years around 2000 would have written it; habits vary by seed.

    Its segments are about the same. Raises RecursionError where elements are nested very deeply.
    """
    old = Tree(_Writer(tree, Random(seed)).write(0) if tree.tags else "")
    old.forget_nodes()
    return old


class _Writer:
    """Writes the elements of a page as HTML of old, by one site's habits."""

    def __init__(self, tree: Tree, habits: Random) -> None:
        self.tree = tree
        self._habits = habits
        self._lines_for_lists = habits.random() < 0.5
        self._paragraph = habits.choice(("{}<br><br>", "{}<br><br>", "<p>{}</p>"))
        self._heading = habits.choice(
            ('<font size="4"><b>{}</b></font><br><br>', "<p><b>{}</b></p>", "<{tag}>{}</{tag}>")
        )
        self._holds_blocks = [False] * len(tree.tags)
        for number in range(len(tree.tags) - 1, 0, -1):
            if self._holds_blocks[number] or _is_block(tree.tags[number]):
                self._holds_blocks[tree.parents[number]] = True

    def write(self, number: int) -> str:
        tag = self.tree.tags[number]
        if tag in ATOMIC:
            return ""
        if tag in VOID:
            return self._start_tag(number)
        if tag == "p":
            return self._paragraph.format(self._inside(number))
        if tag in HEADINGS:
            return self._heading.format(self._inside(number), tag=tag)
        if self._lines_for_lists and tag in _LISTS:
            return self._inside(number)
        if self._lines_for_lists and tag == "li":
            return self._inside(number) + "<br>" * (1 if self._holds_blocks[number] else 2)
        if tag in _BOXES or "-" in tag:
            return self._box(number)
        return f"{self._start_tag(number)}{self._inside(number)}</{tag}>"

    def _box(self, number: int) -> str:
        """A box is a table with a row or a column for each box in it; alone it is nothing."""
        children = [c for c in self._children(number) if not isinstance(c, str) or c.strip()]
        if len(children) == 1 and not isinstance(children[0], str):
            return self.write(children[0])
        if not self._holds_blocks[number]:
            text = self._inside(number)
            return f"<div>{text}</div>" if self._habits.random() < 0.5 else f"{text}<br><br>"
        if sum(map(self._is_large, children)) < 2 or any(isinstance(c, str) for c in children):
            return f"<div>{self._inside(number)}</div>"
        cells = [""]
        for child in children:
            if self._is_large(child):
                cells += [self._written(child), ""]
            else:
                cells[-1] += self._written(child)
        cells = [cell for cell in cells if cell]
        is_row = len(cells) <= _MOST_COLUMNS and self._habits.random() < 0.4
        between = '</td><td valign="top">' if is_row else "</td></tr><tr><td>"
        return f'{_TABLE}<tr><td valign="top">{between.join(cells)}</td></tr></table>'

    def _is_large(self, child: Token) -> bool:
        if isinstance(child, str):
            return False
        return self._holds_blocks[child] and self.tree.tags[child] in _BOXES

    def _written(self, child: Token) -> str:
        return escape(child, quote=False) if isinstance(child, str) else self.write(child)

    def _inside(self, number: int) -> str:
        return "".join(map(self._written, self._children(number)))

    def _children(self, number: int) -> Iterator[Token]:
        """The texts and elements right inside an element."""
        tree = self.tree
        position, end = tree.opens[number] + 1, tree.closes[number] - 1
        while position < end:
            token = tree.tokens[position]
            yield token
            position = position + 1 if isinstance(token, str) else tree.closes[token]

    def _start_tag(self, number: int) -> str:
        attributes = self.tree.attrs[number].items()
        said = (f' {name}="{escape(value or "")}"' for name, value in attributes if name in _KEPT)
        return f"<{self.tree.tags[number]}{''.join(said)}>"


def _is_block(tag: str) -> bool:
    return tag not in INLINE and tag != "br"
