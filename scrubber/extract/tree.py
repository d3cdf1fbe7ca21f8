"""The only door to selectolax (with `streaming`): HTML in, a flat picture of the document out.

    html ──mended, tame──> Lexbor ──one walk──> Tree (parallel lists, no selectolax objects)

Touching a selectolax node costs a wrapper, so the tree is walked once, without recursion, and
everything that the engine, the assembly and the metadata need is kept in flat lists:

    elements   numbered 0, 1, 2 ... in document order; `tags[i]`, `attrs[i]`, `parents[i]` (-1 for
               the root); head elements (meta, link, script, title) are elements like all others.
    kinds      per element the number of its start tag in `start_tags`, the different start tags
               of the document in the order of their first elements: pages repeat few of them, so
               what a start tag says is read once. Elements of one kind share their attributes.
               Start tags with an address or an id hardly repeat and are a kind each.
    tokens     the document as one sequence in reading order. A token is
                   str         a piece of text, exactly as parsed (entities decoded, not stripped)
                   int i >= 0  element i opens
                   int ~i < 0  element i closes (`~token` is its number)
               Void elements (`br`, `img`, `meta`) open and close at once.
               `tokens[opens[i]] == i` and `tokens[closes[i] - 1] == ~i`: the slice
               `tokens[opens[i]:closes[i]]` is all of element i.

Not entered, so that they stand in the tokens as empty elements: ATOMIC (script, style, template,
svg ...). `raw_text(i)` gives what is inside: the JSON of a script, for example. Lexbor parses with
scripting off, so what stands in `<noscript>` is ordinary elements below a `noscript` element.

Bounds: at most MAX_ELEMENTS elements are kept (`truncated` tells), nesting is cut at MAX_DEPTH
where the document is so large or so unbalanced that the HTML standard's own algorithms would
turn quadratic.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scrubber.extract.mojibake import mended
from scrubber.extract.streaming import Pieces, find_pieces
from scrubber.lexicon.fold import BREAK_HINTS

MAX_ELEMENTS: Final = 300_000
MAX_DEPTH: Final = 512  # Blink flattens deeper trees at the same depth
MAX_OPEN_FORMATTING: Final = 64


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ATOMIC: Final = _names(
    "script style template svg iframe object embed canvas audio video applet map"
    " select datalist textarea frame annotation annotation-xml"
)
VOID: Final = _names("area base br col embed hr img input link meta param source track wbr")

Token = str | int
Attributes = Mapping[str, str | None]
Test = Callable[[str, Attributes], bool]


class Tree:
    """A parsed document; read the module's docstring for its lists.

    Raises nothing: every string, also an empty one, is a document.
    """

    def __init__(self, html: str) -> None:
        self.tags: list[str] = []
        self.attrs: list[Attributes] = []
        self.kinds: list[int] = []
        self.start_tags: list[tuple[str, Attributes]] = []
        self.parents: list[int] = []
        self.opens: list[int] = []
        self.closes: list[int] = []
        self.tokens: list[Token] = []
        self._atoms: dict[int, LexborNode] = {}
        self._passing: dict[Test, set[int]] = {}  # what passed: kinds of start tags
        self.truncated = False
        document = _document(html)
        if document.root is not None:
            self._walk(document.root, find_pieces(document))

    def _walk(self, root: LexborNode, pieces: Pieces | None) -> None:
        # The hot loop of the whole library: local names, no calls that can be spared.
        parents, opens, closes, tokens = self.parents, self.opens, self.closes, self.tokens
        kinds, start_tags, atoms = self.kinds, self.start_tags, self._atoms
        numbers: dict[object, int] = {}  # of the start tags
        above: list[LexborNode] = []
        node: LexborNode | None = root
        parent = number = -1  # number: of the last element
        while node is not None:
            behind = node
            text = node.text_content  # most nodes are text; all others have None
            tag = node.tag if text is None else None
            if pieces is not None and tag is not None:
                stands, behind = pieces.stand(node, tag)
                node, tag = (stands, stands.tag) if stands is not None else (behind, None)
            if text is not None:
                tokens.append(text)
            elif tag is not None and tag > "A":  # the names of comments and doctypes begin with -
                number += 1
                attributes = node.attributes if pieces is None else pieces.attributes(node)
                kind = unmet = len(start_tags)
                # Addresses and ids hardly repeat: asking whether they do costs more than it spares.
                if not ("href" in attributes or "src" in attributes or "id" in attributes):
                    start_tag = (tag, *attributes, *attributes.values()) if attributes else tag
                    kind = numbers.setdefault(start_tag, unmet)
                if kind == unmet:
                    start_tags.append((tag, attributes))
                kinds.append(kind)
                parents.append(parent)
                opens.append(len(tokens))
                tokens.append(number)
                closes.append(0)
                if number >= MAX_ELEMENTS:
                    self.truncated = True
                    break
                if tag in ATOMIC:
                    atoms[number] = node
                elif (child := node.first_child) is not None:
                    above.append(behind)
                    parent = number
                    node = child
                    continue
                tokens.append(~number)
                closes[number] = len(tokens)
            following = behind.next
            while following is None and above:
                tokens.append(~parent)
                closes[parent] = len(tokens)
                parent = parents[parent]
                following = above.pop().next if above else None
            node = following
        self.tags = [start_tags[kind][0] for kind in kinds]
        self.attrs = [start_tags[kind][1] for kind in kinds]
        if self.truncated:
            self._close_all()

    def _close_all(self) -> None:
        """Close what is open where the walk was cut off."""
        for number in (n for n in range(len(self.tags) - 1, -1, -1) if not self.closes[n]):
            self.tokens.append(~number)
            self.closes[number] = len(self.tokens)

    # ---- reading -----------------------------------------------------------------------------

    @cached_property
    def by_tag(self) -> dict[str, list[int]]:
        """Tag name -> numbers of its elements in document order."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, tag in enumerate(self.tags):
            found[tag].append(number)
        return dict(found)

    def find(self, *tags: str) -> list[int]:
        """Numbers of all elements with one of these tag names, in document order."""
        if len(tags) == 1:
            return self.by_tag.get(tags[0], [])
        return sorted(number for tag in tags for number in self.by_tag.get(tag, ()))

    def having(self, test: Test) -> Iterator[int]:
        """Numbers of the elements whose start tag passes a test, in document order.

        Each different start tag is asked once, `test(tag, attributes)`, and never again.
        """
        passing = self._passing.get(test)
        if passing is None:
            start_tags = enumerate(self.start_tags)
            passing = self._passing[test] = {kind for kind, tag in start_tags if test(*tag)}
        if passing:
            yield from (number for number, kind in enumerate(self.kinds) if kind in passing)

    def attr(self, number: int, name: str) -> str:
        """An attribute's value, stripped; empty where it is absent or has none."""
        return (self.attrs[number].get(name) or "").strip()

    def ancestors(self, number: int) -> Iterator[int]:
        """Elements around element `number`, the nearest first, without itself."""
        number = self.parents[number]
        while number >= 0:
            yield number
            number = self.parents[number]

    def within(self, number: int) -> range:
        """Numbers of the elements inside element `number`, without itself."""
        stop = number + 1
        return range(stop, bisect_left(self.opens, self.closes[number], stop))

    def text(self, number: int) -> str:
        """All text inside element `number`, white space collapsed; blocks and `br` part words."""
        return plain_text(self, self.opens[number], self.closes[number])

    def raw_text(self, number: int) -> str:
        """What an ATOMIC element holds as raw text: a script's JSON, a textarea's content."""
        node = self._atoms.get(number)
        child = node.first_child if node is not None else None
        return (child.text_content or "") if child is not None else ""

    def forget_nodes(self) -> None:
        """Give the parsed document's memory back: `raw_text` cannot be asked again."""
        self._atoms.clear()


INLINE: Final = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q"
    " rb rp rt ruby s samp small span strike strong sub sup time tt u var wbr img picture source"
    " math mi mo mn ms mtext mrow mfrac msqrt mroot mstyle merror mpadded mphantom msub msup"
    " msubsup munder mover munderover mmultiscripts semantics annotation annotation-xml"
    " script style template noscript link meta svg"
)


def plain_text(tree: Tree, start: int, stop: int) -> str:
    """The text of a slice of tokens, white space collapsed to single spaces.

    A word is never glued to the next: blocks and `br` part words, and so do two links that touch
    (`</a><a>`, menus) and other elements that do where `part_words` says so; inline tags otherwise
    do not (`<b>bo</b>ld` is one word).
    """
    tags = tree.tags
    parts: list[str] = []
    closed = touching = False  # the token before closed an element; another opened right after
    for token in tree.tokens[start:stop]:
        if isinstance(token, str):
            if touching and parts and part_words(parts[-1], token):
                parts.append(" ")
            parts.append(token)
            closed = touching = False
        elif token >= 0:
            if tags[token] not in INLINE or (closed and tags[token] == "a"):
                parts.append(" ")
            touching = (closed or touching) and tags[token] not in SCRIPTS
            closed = False
        else:
            if tags[~token] not in INLINE:
                parts.append(" ")
            closed = True
    return squeeze("".join(parts))


SCRIPTS: Final = _names("sub sup")


def part_words(before: str, after: str) -> bool:
    """Whether texts of two inline elements that touch are words of their own.

    `<span>Brooks</span><span>Glycerin</span>` are two boxes to a reader; `<i>i</i><b>Phone</b>`
    and letters that are styled one by one are not.
    """
    return (
        len(before) > 1
        and len(after) > 1
        and before[-1].isalnum()
        and (after[0].isupper() or (after[0].isdigit() and not before[-1].isdigit()))
        and not (before.isupper() and after.isupper())
    )


def squeeze(text: str) -> str:
    """Collapse white space (also no-break spaces) and drop invisible break hints."""
    return " ".join((text if text.isascii() else without_hints(text)).split())


def without_hints(text: str) -> str:
    for char in BREAK_HINTS:  # `in` is a memory search: far quicker than `str.translate`
        if char in text:
            text = text.replace(char, "")
    return text


# ---- parsing -------------------------------------------------------------------------------------


def _document(html: str) -> LexborHTMLParser:
    html = tame(mended(html))
    document = _parsed(html)
    # Finding an element takes a third of the time of finding a word in the text.
    if document.css_first("template[shadowrootmode]") is None:
        return document
    return _parsed(_with_shadow_roots(html))


def _parsed(html: str) -> LexborHTMLParser:
    # Bytes, because lone surrogates cannot be encoded and Lexbor would encode anyway.
    return LexborHTMLParser(html.encode("utf-8", "replace"))


def _with_shadow_roots(html: str) -> str:
    """With templates that browsers show at once (declarative shadow roots) as elements.

    What the slots show follows: it stands behind the template in the document.
    """
    shown: list[bool] = []  # of the templates that are open

    def renamed(match: re.Match[str]) -> str:
        if not match[1]:
            shown.append("shadowrootmode" in match[2])
            return "<shadow-root>" if shown[-1] else match[0]
        return "</shadow-root>" if shown and shown.pop() else match[0]

    return _TEMPLATE.sub(renamed, html)


_TEMPLATE: Final = re.compile(r"<(/?)template(?=[\s/>])([^<>]*)>", re.IGNORECASE)


# ---- taming what would make the parser itself quadratic -----------------------------------------

# Raw text, where nothing is a tag, is met whole, with no name; unclosed it reaches to the end.
_TAG: Final = re.compile(
    r"<(?:script|style|textarea|title)(?=[\s/>])(?:.*?</(?:script|style|textarea|title)\s*>|.*)"
    r"|<(/?)([a-z][a-z0-9:-]*)([^<>]*)>?",
    re.IGNORECASE | re.DOTALL,
)
_ENDLESS: Final = re.compile(rf"<(?:!|(?:{'|'.join(sorted(VOID))})[\s/>])", re.IGNORECASE)
_FORMATTING: Final = _names("a b big code em font i nobr s small strike strong tt u")
_SELF_CLOSING: Final = VOID | _names("p li dt dd option optgroup tr td th tbody thead")
# Where HTML begins again inside a drawing.
_OUT_OF_SVG: Final = _FORMATTING | _names(
    "foreignobject desc blockquote body center div dl embed h1 h2 h3 h4 h5 h6 head menu ol pre"
    " ruby span strike sub sup table ul var"
)
_SOME_TAGS: Final = 4_000
_MANY_TAGS: Final = 20_000
_MANY_UNCLOSED: Final = 1_500
_LONG_TAG: Final = 32_768  # characters; longer ones are looked at
_MANY_ATTRIBUTES: Final = 2_000
_TAG_START: Final = re.compile(r"<[a-zA-Z][^\s/>]*")
_BETWEEN_ATTRIBUTES: Final = re.compile(r"[\s/]+")


def tame(html: str) -> str:
    """The same document with its nesting and its attributes bounded; nearly always the very same.

    100,000 nested `<div>` cost Lexbor 8 s, 3,000 unclosed `<font>` before as many `<p>` make
    millions of nodes, 100,000 attributes of one element 20 s: all follow from the HTML standard.
    Documents with very many or very many unclosed tags lose the tags (never the text) that open
    deeper than MAX_DEPTH, or inside more than MAX_OPEN_FORMATTING unclosed formatting elements.
    """
    return _flattened(_without_floods(html))


def _without_floods(html: str) -> str:
    """Without the attributes of elements that have thousands.

    A tag that long leaves a window without a bracket, and few windows must be looked at.
    """
    at = 0
    while at + _LONG_TAG < len(html):
        stop = at + _LONG_TAG
        if html.find(">", at, stop) >= 0:
            at = stop
            continue
        opening = html.rfind("<", 0, stop)
        name = _TAG_START.match(html, opening) if opening >= 0 else None
        end = html.find(">", stop)
        end = len(html) if end < 0 else end
        if name and html.rfind(">", opening, at) < 0 and _is_flood(html, name.end(), end):
            html = html[: name.end()] + html[end:]
            at = name.end()
        else:
            at = end  # a script, a data URI or a long text
    return html


def _is_flood(html: str, start: int, stop: int) -> bool:
    gaps = islice(_BETWEEN_ATTRIBUTES.finditer(html, start, stop), _MANY_ATTRIBUTES)
    return sum(1 for _ in gaps) >= _MANY_ATTRIBUTES


def _flattened(html: str) -> str:
    """With its nesting bounded."""
    opened = html.count("<")
    if opened < _SOME_TAGS:
        return html
    if (opened < _MANY_TAGS and not _has_many_unclosed(html, opened)) or not _is_deep(html):
        return html
    nesting = _Nesting()

    def bounded(match: re.Match[str]) -> str:
        return match[0] if match[2] is None or nesting.has_room(*match.groups()) else ""

    return _TAG.sub(bounded, html)


def _has_many_unclosed(html: str, opened: int) -> bool:
    """Whether very many tags are never closed. opened: how many tags there are, of both kinds."""
    unclosed = opened - 2 * html.count("</")
    # Images, inputs and comments need no end; to count them takes longer.
    return unclosed >= _MANY_UNCLOSED and unclosed - len(_ENDLESS.findall(html)) >= _MANY_UNCLOSED


def _is_deep(html: str) -> bool:
    """Whether tags open deeper than the bounds: long pages are long lists, nearly all of them."""
    nesting = _Nesting()
    return any(
        name and not nesting.has_room(closing, name, rest) and not closing
        for closing, name, rest in _TAG.findall(html)
    )


class _Nesting:
    """How deep tags stand, counted as they come, without the standard's many exceptions."""

    def __init__(self) -> None:
        self._open: defaultdict[str, int] = defaultdict(int)
        self._depth = self._formatting = 0
        self._drawing = False  # in SVG alone `/>` closes

    def has_room(self, closing: str, name: str, rest: str) -> bool:
        """Whether the next tag stands within the bounds, or closes one that does."""
        name = name.lower()
        if name in _SELF_CLOSING:
            return True
        weight = name in _FORMATTING
        if closing:
            if not self._open[name]:
                return False
            self._open[name] -= 1
            self._depth -= 1
            self._formatting -= weight
            self._drawing &= name != "svg"
            return True
        self._drawing = name == "svg" or (self._drawing and name not in _OUT_OF_SVG)
        if self._drawing and rest.endswith("/"):
            return True
        if self._depth >= MAX_DEPTH or (weight and self._formatting >= MAX_OPEN_FORMATTING):
            return False
        self._open[name] += 1
        self._depth += 1
        self._formatting += weight
        return True
