"""From chosen segments to typed blocks.

    chosen segments + images ──context──> pieces ──group──> units ──write──> Blocks

A *piece* is one chosen segment or image in reading order. Its *context* says what stands around
it: which list item, table cell, quote, heading, code block or figure. Contexts are made once an
element and inherited downwards, so that only what is around chosen text is ever looked at.
Neighbouring pieces of one list, table or quote form one *unit*, and each unit becomes one block.

A heading inside a list item means that the list is layout (cards, posts): its item is unwrapped.
Code, tables, quotes and images inside an item part the list in two; numbering goes on, and what
the item says after them is a paragraph.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile, groupby
from typing import Final

from scrubber.extract import markdown as md
from scrubber.extract.assembly.code import (
    holds_lines,
    in_gutter,
    language_of,
    read_code,
    typed,
)
from scrubber.extract.assembly.footnotes import Footnotes
from scrubber.extract.assembly.images import (
    Picture,
    chosen_formulas,
    chosen_pictures,
    find_captions,
)
from scrubber.extract.assembly.inline import InlineReader
from scrubber.extract.assembly.lists import Numbering, write_list
from scrubber.extract.assembly.math import displayed
from scrubber.extract.assembly.parts import CELLS, HEADINGS, ITEMS, LISTS, Parts
from scrubber.extract.assembly.tables import is_layout, names_table, write_table
from scrubber.extract.assembly.urls import Urls
from scrubber.extract.posts import Post
from scrubber.extract.segments import BUTTON, Segments
from scrubber.extract.tree import Tree
from scrubber.models import Block

_CAPTIONS: Final = frozenset({"figcaption", "caption"})  # and what `find_captions` finds
_CODE_LINE: Final = re.compile(r"`[^`]+`")
# Joiners and marks of direction, which say something only between letters.
_UNSEEN: Final = re.compile("[\\s\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
MAX_ITEM_ELEMENTS: Final = 100  # of an item by role, among which an image is looked for
MAX_NESTING: Final = 12  # of lists and quotes; what is deeper joins the innermost one kept


class Context:
    """What stands around a piece, as element numbers; -1 means none.

    items: (list, item) from the outermost list inwards. entered: a list whose item has not come
    yet. quotes: the block quotes around, outermost first. table, cell: of a data table. level: of
    a heading. post: of a thread. Never changed once it is inherited from.
    """

    __slots__ = (
        "caption",
        "cell",
        "entered",
        "heading",
        "items",
        "level",
        "link",
        "post",
        "pre",
        "quotes",
        "table",
    )

    def __init__(self, around: Context | None = None) -> None:
        # Copied by hand: `dataclasses.replace` took a seventh of the whole assembly.
        self.items: tuple[tuple[int, int], ...] = around.items if around else ()
        self.quotes: tuple[int, ...] = around.quotes if around else ()
        self.entered: int = around.entered if around else -1
        self.table: int = around.table if around else -1
        self.cell = self.heading = self.pre = -1  # nothing is entered inside these
        self.post: int = around.post if around else -1
        self.caption: int = around.caption if around else -1
        self.link: int = around.link if around else -1
        self.level = 0


@dataclass(slots=True)
class Piece:
    """One chosen segment (`picture` is None) or image, in reading order."""

    position: int
    context: Context
    start: int = 0
    stop: int = 0
    inner: int = 0
    container: int = 0
    picture: Picture | None = None


def assemble(
    tree: Tree,
    segments: Segments,
    chosen: Sequence[bool],
    base_url: str | None = None,
    posts: Mapping[int, Post] | None = None,
) -> tuple[Block, ...]:
    """The typed blocks of the chosen segments, and of the images among them, in reading order.

    base_url: the page's address, to make links and images absolute. posts: of a thread, from
    `scrubber.extract.posts.find_posts`; each with chosen text is opened by a block of its own.
    """
    return _Assembly(tree, segments, chosen, base_url, posts or {}).blocks()


class _Assembly:
    def __init__(
        self,
        tree: Tree,
        segments: Segments,
        chosen: Sequence[bool],
        base_url: str | None,
        posts: Mapping[int, Post],
    ) -> None:
        bases = tree.find("base")
        self._tree = tree
        self._segments = segments
        self._chosen = chosen
        self._posts = posts
        self._urls = Urls(base_url, tree.attr(bases[0], "href") if bases else "")
        self._notes = Footnotes(tree, segments, chosen)
        self._reader = InlineReader(tree, self._urls, self._notes)
        self._numbering = Numbering(tree)
        self._captions = find_captions(tree)
        self._parts = Parts(tree)
        self._contexts: dict[int, Context] = {-1: Context()}
        self._unwrapped: set[int] = set()  # list items that turned out to be layout
        self._begun: set[int] = set()  # list items of the blocks so far

    def blocks(self) -> tuple[Block, ...]:
        pieces = self._pieces()
        self._unwrap_cards(pieces)
        blocks: list[Block] = []
        opened = {-1}
        for (post, kind, *_), group in groupby(pieces, key=self._unit):
            if post not in opened:
                opened.add(post)
                blocks.append(_opening(self._posts[post]))
            blocks.extend(self._write(kind, list(group)))
        return tuple(blocks)

    # ---- pieces ------------------------------------------------------------------------------

    def _pieces(self) -> list[Piece]:
        segments = self._segments
        containers = segments.containers
        pieces = [
            Piece(
                segments.starts[k],
                self._context(self._around(k)),
                segments.starts[k],
                segments.stops[k],
                segments.inners[k],
                containers[k],
            )
            for k, keep in enumerate(self._chosen)
            if keep
        ]
        for box in self._tree.find("input"):
            if "toggle" in (self._tree.attrs[box].get("class") or ""):
                _join(self._tree, pieces, box)
        pictures = chosen_pictures(self._tree, segments, self._chosen, self._urls, self._captions)
        formulas = chosen_formulas(self._tree, segments, self._chosen)
        if pictures or formulas:
            pieces.extend(self._picture(picture) for picture in pictures)
            pieces.extend(self._formula(number) for number in formulas)
            pieces.sort(key=_position)
        return pieces

    def _around(self, k: int) -> int:
        """The element whose context a segment has: its container, or `code` that blocks part.

        Editors in a page leave the first line bare: `<code>one<div>two</div></code>`.
        """
        tree, segments = self._tree, self._segments
        container, inner = segments.containers[k], segments.inners[k]
        first = tree.tokens[segments.starts[k]]
        if isinstance(first, int) and first >= 0:
            inner = first
        elif inner == container:
            return container
        if tree.tags[inner] != "code" or segments.stops[k] > tree.closes[inner]:
            return container
        inside = tree.within(inner)
        beside = segments.containers[max(k - 1, 0) : k + 2]
        return inner if any(n in inside for n in beside) else container

    def _picture(self, picture: Picture) -> Piece:
        context = self._context(self._tree.parents[picture.number])
        if context.cell >= 0:  # a table is not parted by what illustrates it
            return Piece(self._tree.closes[context.table], context, picture=picture)
        return Piece(picture.position, context, picture=picture)

    def _formula(self, number: int) -> Piece:
        start, stop = self._tree.opens[number], self._tree.closes[number]
        around = self._tree.parents[number]
        return Piece(start, self._context(around), start, stop, around, around)

    def _context(self, number: int) -> Context:
        """The context inside element `number`."""
        contexts, parents, captions = self._contexts, self._tree.parents, self._captions
        part_of = self._parts.of
        trail = []
        while number not in contexts:
            trail.append(number)
            number = parents[number]
        context = contexts[number]
        for number in reversed(trail):
            if number in self._posts:
                context = Context()
                context.post = number
            elif (part := part_of(number)) or number in captions:
                context = self._entered(context, number, part)
            contexts[number] = context
        return context

    def _entered(self, around: Context, number: int, part: str) -> Context:
        """The context inside a structural element, given the one around it."""
        if around.cell >= 0 or around.pre >= 0 or around.heading >= 0 or part == "tr":
            return around  # whatever is inside a cell, code or heading is its text
        if part == "table" and is_layout(self._tree, self._segments, number, self._parts):
            return around
        if part in CELLS and (around.table < 0 or self._parts.row(number) < around.table):
            return around  # a cell by role alone may stand anywhere
        if part == "th" and names_table(self._tree, number):
            return around
        if part in ("lines", "code") and not holds_lines(self._tree, number):
            return around
        inside = Context(around)
        if part in ITEMS:
            owner = around.entered if around.entered >= 0 else self._tree.parents[number]
            if self._tree.tags[number] not in ITEMS and self._is_card(number):
                self._unwrapped.add(number)
            if len(around.items) < MAX_NESTING:
                inside.items = (*around.items, (owner, number))
            inside.entered = -1
        elif part in LISTS:
            if around.entered >= 0 and (item := self._item_before(around.entered, number)) >= 0:
                inside.items = (*around.items, (around.entered, item))[:MAX_NESTING]
            inside.entered = number
        elif part in HEADINGS:
            inside.heading = number
            inside.level = HEADINGS[part]
        elif part in CELLS:
            inside.cell = number
        elif part == "table":
            inside.table = number
        elif part == "blockquote":
            if len(around.quotes) < MAX_NESTING:
                inside.quotes = (*around.quotes, number)
            inside.items, inside.entered = (), -1  # it parts the list that it stands in
        elif part in _CAPTIONS or number in self._captions:
            inside.caption = number
        elif part == "a":
            if self._segments.lasts[number] - self._segments.firsts[number] == 1:
                inside.link = number
        else:
            inside.pre = number
        return inside

    def _is_card(self, number: int) -> bool:
        """Whether an item by role alone is layout: it holds an image, or several texts of its own.

        Of the pages that were looked at nine in ten use the role for cards and questions.
        """
        tree, segments = self._tree, self._segments
        first, last = segments.firsts[number], segments.lasts[number]
        for inner in tree.within(number)[:MAX_ITEM_ELEMENTS]:
            if tree.tags[inner] in ("img", "picture"):
                return True
            if self._parts.of(inner) in LISTS:
                last = segments.firsts[inner]
                break
        return last - first > 1

    def _item_before(self, owner: int, number: int) -> int:
        """The item that a list which stands between items of list `owner` belongs to, or -1."""
        parents = self._tree.parents
        for _ in range(MAX_NESTING):
            number -= 1  # the end of the element before, unless it is `owner` that opens
            while number > owner and parents[number] != owner:
                number = parents[number]
            if number <= owner:
                break
            if self._parts.of(number) in ITEMS:
                return number
        return -1

    def _unwrap_cards(self, pieces: Iterable[Piece]) -> None:
        """Items that hold a heading are layout: remember them and the items around."""
        for piece in pieces:
            if piece.context.heading >= 0 and piece.context.items:
                self._unwrapped.update(item for _, item in piece.context.items)

    # ---- units -------------------------------------------------------------------------------

    def _unit(self, piece: Piece) -> tuple[int, str, int, int]:
        """Post, kind, element and outermost quote of the unit that a piece belongs to."""
        context = piece.context
        quote = context.quotes[0] if context.quotes else -1
        post = context.post
        if piece.picture is not None:
            return post, "image", piece.picture.number, quote
        if context.heading >= 0:
            return post, "heading", context.heading, quote
        if context.pre >= 0:
            return post, "code", context.pre, quote
        if context.cell >= 0:
            return post, "table", context.table, quote
        if context.caption >= 0:
            return post, "caption", context.caption, quote
        items = self._items(context)
        if items:
            return post, "list", items[0][0], quote
        if quote >= 0:
            return post, "quote", quote, quote
        return post, "paragraph", piece.position, quote

    def _items(self, context: Context) -> tuple[tuple[int, int], ...]:
        """The path of list items, without those that are layout."""
        items = context.items
        if items and self._unwrapped:
            for depth in range(len(items), 0, -1):
                if items[depth - 1][1] in self._unwrapped:
                    return items[depth:]
        return items

    # ---- blocks ------------------------------------------------------------------------------

    def _write(self, kind: str, pieces: list[Piece]) -> Iterator[Block]:
        if kind != "list":
            yield from self._quoted(kind, pieces)
            return
        for goes_on, group in groupby(pieces, key=self._goes_on):
            for part in [[piece] for piece in group] if goes_on else [list(group)]:
                yield from self._quoted("paragraph" if goes_on else kind, part)
        self._begun.update(item for piece in pieces for _, item in piece.context.items)

    def _goes_on(self, piece: Piece) -> bool:
        """Whether a piece goes on in an item of a list that was parted before it."""
        return not self._new_items(piece.context)

    def _new_items(self, context: Context) -> tuple[tuple[int, int], ...]:
        """The path of list items, without those that a list before has begun."""
        items = self._items(context)
        if self._begun:
            return tuple(dropwhile(lambda entry: entry[1] in self._begun, items))
        return items

    def _quoted(self, kind: str, pieces: list[Piece]) -> Iterator[Block]:
        block = self._block(kind, pieces)
        if block is None:
            return
        depth = len(pieces[0].context.quotes)
        if depth and kind != "quote":
            block = block.model_copy(update={"markdown": md.quoted(block.markdown, depth)})
        yield block

    def _block(self, kind: str, pieces: list[Piece]) -> Block | None:
        if kind == "paragraph":
            return self._paragraph(pieces[0])
        if kind == "heading":
            return self._heading(pieces)
        if kind == "list":
            return self._list(pieces)
        if kind == "table":
            return self._table(pieces)
        if kind == "code":
            return self._code(pieces[0])
        if kind == "quote":
            return self._quote(pieces)
        if kind == "caption":
            return self._caption(pieces)
        return _image(pieces[0].picture)

    def _inline(self, piece: Piece) -> tuple[str, str]:
        """A piece's text and inline Markdown; nothing for what nobody sees, such as a joiner that a
        site builder puts where an editor left a paragraph empty."""
        text, inline = self._reader.read(
            piece.start, piece.stop, piece.inner, piece.container, piece.context.link
        )
        return ("", "") if _UNSEEN.fullmatch(text) else (text, inline)

    def _paragraph(self, piece: Piece) -> Block | None:
        text, inline = self._inline(piece)
        if not text or self._notes.is_label(text, piece.container):
            return None
        if displayed(text):
            return _formula_block(text)
        if inline[:1] == "`" and (code := self._lone_code(piece, inline)):
            return code
        if text[-1].isdecimal() and self._numbers_lines(text, piece.container):
            return None
        note = self._notes.label_around(piece.container)
        mark = f"[^{note}]: " if note else ""
        return Block(kind="paragraph", text=text, markdown=mark + md.guard_line(inline))

    def _heading(self, pieces: list[Piece]) -> Block | None:
        if len(pieces) > 1:  # a button beside the title ("Copy link") is none of it
            pieces = [p for p in pieces if not self._is_button(p.container)] or pieces
        both = [self._inline(piece) for piece in pieces]
        text = " ".join([text.replace("\n", " ") for text, _ in both]).strip()
        inline = " ".join([inline for _, inline in both]).strip()
        level = pieces[0].context.level
        if not text:
            return None
        return Block(kind="heading", text=text, markdown=md.heading(inline, level), level=level)

    def _is_button(self, number: int) -> bool:
        return bool(self._segments.element_flags[number] & BUTTON)

    def _list(self, pieces: list[Piece]) -> Block | None:
        if len(pieces) == 1 and self._is_loose(pieces[0].context):
            return self._paragraph(pieces[0])
        entries = [
            (self._new_items(piece.context), *self._inline(piece), self._tree.tags[piece.container])
            for piece in pieces
        ]
        return write_list(self._tree, self._numbering, self._notes, entries)

    def _is_loose(self, context: Context) -> bool:
        """Whether the items around are items by their roles alone: one of them makes no list."""
        return not any(self._tree.tags[item] in ITEMS for _, item in context.items)

    def _table(self, pieces: list[Piece]) -> Block | None:
        cells: dict[int, list[tuple[str, str]]] = {}
        for piece in pieces:
            cells.setdefault(piece.context.cell, []).append(self._inline(piece))
        return write_table(self._tree, self._parts, cells)

    def _code(self, piece: Piece) -> Block | None:
        if self._parts.of(piece.context.pre) == "math":
            return _formula_block(self._reader.formula(piece.context.pre))
        code, language = read_code(self._tree, piece.context.pre)
        if self._parts.of(piece.context.pre) == "verse":
            # Markdown shows no indentation, and reads one below an empty line as code.
            lines = "  \n".join([line.lstrip() for line in md.escape(code).split("\n")])
            return Block(kind="paragraph", text=code, markdown=md.guard_line(lines))
        return _code_block(code, language)

    def _lone_code(self, piece: Piece, inline: str) -> Block | None:
        """A paragraph that is all code, in several lines: a block."""
        if all(_CODE_LINE.fullmatch(line) for line in inline.split("  \n")):
            tree = self._tree
            first = tree.tokens[piece.start]
            if not isinstance(first, int) or first < 0 or tree.tags[first] != "code":
                first = piece.container
            code = typed(tree, piece.start, piece.stop, lined="  \n" in inline)
            if "\n" in code:
                return _code_block(code, language_of(tree, first))
        return None

    def _numbers_lines(self, text: str, container: int) -> bool:
        """Whether a text is line numbers beside code."""
        return text.replace("\n", "").isdecimal() and in_gutter(self._tree, container)

    def _quote(self, pieces: list[Piece]) -> Block | None:
        texts, lines = [], []
        for piece in pieces:
            text, inline = self._inline(piece)
            if text:
                texts.append(text)
                depth = len(piece.context.quotes)
                lines.append(md.quoted(md.guard_line(inline), depth))
        if not texts:
            return None
        return Block(kind="quote", text="\n\n".join(texts), markdown="\n>\n".join(lines))

    def _caption(self, pieces: list[Piece]) -> Block | None:
        both = [self._inline(piece) for piece in pieces]
        text = " ".join([text for text, _ in both]).strip()
        if not text:
            return None
        inline = " ".join([inline for _, inline in both])
        return Block(kind="caption", text=text, markdown=md.guard_line(inline))


def _join(tree: Tree, pieces: list[Piece], box: int) -> None:
    """Join the pieces of one line that nothing parts but the unseen box of a margin's note."""
    at = bisect_left(pieces, tree.closes[box], key=_position)
    if not 0 < at < len(pieces):
        return
    before, after = pieces[at - 1], pieces[at]
    if before.stop != tree.opens[box] or before.container != after.container:
        return
    between = tree.tokens[tree.closes[box] : after.start]
    if all(isinstance(token, str) for token in between):
        before.stop = after.stop
        del pieces[at]


def _formula_block(text: str) -> Block | None:
    """A formula that stands alone, in lines or on its own line of the text."""
    if tex := displayed(text):
        return Block(kind="math", text=tex, markdown=text if "$" in text else f"$${tex}$$")
    return Block(kind="paragraph", text=text, markdown=text) if text else None


def _code_block(code: str, language: str | None) -> Block | None:
    if not code.strip():
        return None
    return Block(kind="code", text=code, markdown=md.code_block(code, language), language=language)


def _opening(post: Post) -> Block:
    """The block that opens a post; its Markdown is the signature."""
    author = f"**{md.escape(post.author)}**" if post.author else ""
    signature = " · ".join([part for part in (author, md.escape(post.published or "")) if part])
    return Block(
        kind="post",
        author=post.author,
        published=post.published,
        markdown=md.guard_line(signature),
    )


def _image(picture: Picture | None) -> Block | None:
    if picture is None:
        return None
    return Block(
        kind="image",
        src=picture.src,
        alt=picture.alt or None,
        markdown=md.image(picture.src, picture.alt),
    )


def _position(piece: Piece) -> int:
    return piece.position
