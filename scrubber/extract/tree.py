"""The only door to selectolax: HTML in, a flat picture of the document out.

    html ──tame──> Lexbor ──serialise──> markup ──one walk──> Tree (parallel lists)

Touching a selectolax node costs a wrapper, reading its attributes a dictionary. So the tree is not
walked node by node: Lexbor writes it out again (in C, in a sixth of the time of such a walk), and
that markup, which is regular where the page's own was not, is read once. Every start tag in it is
looked up as a whole: pages repeat a few hundred of them, and each is taken apart only once.
Everything that the engine, the assembly and the metadata need is kept in flat lists:

    elements   numbered 0, 1, 2 ... in document order; `tags[i]`, `attrs[i]`, `parents[i]` (-1 for
               the root); head elements (meta, link, script, title) are elements like all others.
    kinds      the number of element i's start tag, written out in full, in `start_tags`: what is
               read of `start_tags` need not be read again for every element.
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
An attribute without a value has the empty one.

Bounds: at most MAX_ELEMENTS elements are kept (`truncated` tells), nesting is cut at MAX_DEPTH
where the document is so large or so unbalanced that the HTML standard's own algorithms would
turn quadratic.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

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

# Elements that are written out without an end tag.
_EMPTY: Final = VOID | _names("basefont bgsound frame keygen")
_RAW_TEXT: Final = _names("xmp noembed noframes plaintext")  # written out without any escaping
_WITHOUT_END: Final = _EMPTY | ATOMIC | _RAW_TEXT
_ATTRIBUTE: Final = re.compile(r'(=?[^ =]*)="([^"]*)" ?')

Token = str | int
Attributes = Mapping[str, str]

_NO_ATTRIBUTES: Final[Attributes] = {}


class Tree:
    """A parsed document; read the module's docstring for its lists.

    Raises nothing: every string, also an empty one, is a document.
    """

    def __init__(self, html: str) -> None:
        self.html_chars = len(html)
        self.kinds: list[int] = []
        self.start_tags: list[tuple[str, Attributes]] = []
        self.parents: list[int] = []
        self.opens: list[int] = []
        self.closes: list[int] = []
        self.tokens: list[Token] = []
        self.truncated = False
        self._raw: dict[int, str | LexborNode] = {}
        # Bytes, because lone surrogates cannot be encoded and Lexbor would encode anyway.
        parser = LexborHTMLParser(tame(html).encode("utf-8", "replace"))
        root = parser.root
        if root is not None:
            scripts = _hollow(parser)
            self._walk(root.html or "", scripts)
        self.tags: list[str] = [self.start_tags[kind][0] for kind in self.kinds]
        self.attrs: list[Attributes] = [self.start_tags[kind][1] for kind in self.kinds]

    def _walk(self, markup: str, scripts: list[LexborNode]) -> None:
        # The hot loop of the whole library: local names, no calls that can be spared. In this
        # markup a "<" that opens no tag stands only in names of tags and attributes, in comments
        # and in raw text: `_whole`, `_after` and `_skip` take care of these.
        kinds, parents, opens, closes = self.kinds, self.parents, self.opens, self.closes
        tokens = self.tokens
        known: dict[str, int] = {}  # start tag -> its kind
        ends: list[str] = []  # per kind: the end tag, empty where what is inside is not read
        parent = -1
        awaited = [""]  # end tags of the open elements
        pieces = iter(markup.split("<", 4 * MAX_ELEMENTS))
        next(pieces)
        for piece in pieces:
            tag, closed, text = piece.partition(">")
            if not closed:
                tag, text = _whole(piece, pieces)
            if tag == awaited[-1]:
                awaited.pop()
                tokens.append(~parent)
                closes[parent] = len(tokens)
                parent = parents[parent]
            else:
                kind = known.get(tag)
                if kind is None:
                    if tag[:1] in "!?/":
                        text = _after(piece, text, pieces)
                    else:
                        kind = known[tag] = len(ends)
                        ends.append(self._meet(tag))
                if kind is not None:
                    number = len(kinds)
                    if number > MAX_ELEMENTS:
                        self.truncated = True
                        break
                    kinds.append(kind)
                    parents.append(parent)
                    opens.append(len(tokens))
                    tokens.append(number)
                    end = ends[kind]
                    if end:
                        closes.append(0)
                        parent = number
                        awaited.append(end)
                    else:
                        name = self.start_tags[kind][0]
                        if name not in _EMPTY:
                            text = self._skip(number, name, text, pieces, scripts)
                        tokens.append(~number)
                        closes.append(len(tokens))
            if text:
                tokens.append(_unescape(text) if "&" in text else text)
        self._close_all()

    def _meet(self, tag: str) -> str:
        """Take a new start tag apart; its end tag, empty where what is inside is not read."""
        name, _, written = tag.partition(" ")
        attributes = _NO_ATTRIBUTES
        if written:
            attributes = dict(_ATTRIBUTE.findall(written))
            if "&" in written:
                attributes = {key: _unescape(value) for key, value in attributes.items()}
        self.start_tags.append((name, attributes))
        return "" if name in _WITHOUT_END else "/" + name

    def _skip(
        self, number: int, name: str, text: str, pieces: Iterator[str], scripts: list[LexborNode]
    ) -> str:
        """Read over the content of an element that is not entered; the text that follows it."""
        inside, after = _content(name, text, pieces)
        if name == "script":
            if text.isdecimal() and int(text) < len(scripts):
                self._raw[number] = scripts[int(text)]
        elif name == "iframe":
            self._raw[number] = "<".join(inside)
        elif name not in _RAW_TEXT:
            self._raw[number] = _unescape(text)
        elif inside != [""]:
            self.tokens.append("<".join(inside))
        return after

    def _close_all(self) -> None:
        """Close what is open where the walk was cut off."""
        for number in (n for n in range(len(self.kinds) - 1, -1, -1) if not self.closes[n]):
            self.tokens.append(~number)
            self.closes[number] = len(self.tokens)

    # ---- reading -----------------------------------------------------------------------------

    @cached_property
    def by_tag(self) -> dict[str, list[int]]:
        """Tag name -> numbers of its elements in document order."""
        found: dict[str, list[int]] = {}
        for number, tag in enumerate(self.tags):
            found.setdefault(tag, []).append(number)
        return found

    def find(self, *tags: str) -> list[int]:
        """Numbers of all elements with one of these tag names, in document order."""
        if len(tags) == 1:
            return self.by_tag.get(tags[0], [])
        return sorted(number for tag in tags for number in self.by_tag.get(tag, ()))

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
        """The text that an element begins with, entered or not: a script's JSON. No style's."""
        raw = self._raw.get(number, "")
        if isinstance(raw, LexborNode):
            raw = self._raw[number] = raw.text_content or ""
        if raw:
            return raw
        first = self.tokens[self.opens[number] + 1]
        return first if isinstance(first, str) else ""


# ---- reading what Lexbor writes ------------------------------------------------------------------


def _hollow(parser: LexborHTMLParser) -> list[LexborNode]:
    """Take the contents out of scripts, styles and templates; those of the scripts that have any.

    They are half of a page and need not be written out; and scripts may hold `</script>`. Each
    script keeps the number of its content in the list.
    """
    for template in parser.tags("template"):
        for fragment in template.template_fragments():
            _empty(fragment)
    for style in parser.tags("style"):
        _empty(style)
    contents: list[LexborNode] = []
    for script in parser.tags("script"):
        content = _empty(script)
        if content is not None:
            script.insert_child(str(len(contents)))
            contents.append(content)
    return contents


def _empty(node: LexborNode) -> LexborNode | None:
    """Take the children of a node out of the tree; the first of them."""
    first = child = node.first_child
    while child is not None:
        child.decompose(recursive=False)
        child = node.first_child
    return first


def _whole(piece: str, pieces: Iterator[str]) -> tuple[str, str]:
    """A tag with "<" in its name or its attributes' names, and the text after it."""
    if not piece.startswith("!--"):
        while ">" not in piece:
            piece += "<" + next(pieces, ">")
    tag, _, text = piece.partition(">")
    return tag, text


def _after(piece: str, text: str, pieces: Iterator[str]) -> str:
    """The text after what is no element: a comment, or an end tag that nothing awaits."""
    if not piece.startswith("!--"):
        return text
    end = piece.find("-->", 3)
    while end < 0:
        piece = next(pieces, "-->")
        end = piece.find("-->")
    return piece[end + 3 :]


def _content(name: str, text: str, pieces: Iterator[str]) -> tuple[list[str], str]:
    """All that stands before the end tag of an element, in pieces, and the text after it."""
    inside = [text]
    end, again = "/" + name + ">", (name + ">", name + " ")
    depth = 1
    raw = name == "iframe" or name in _RAW_TEXT
    for piece in pieces:
        if piece.startswith(end):
            depth -= 1
            if not depth:
                return inside, piece[len(end) :]
        elif not raw:
            if piece.startswith(again):
                depth += 1
            elif piece.startswith("!--"):
                _after(piece, "", pieces)
        inside.append(piece)
    return inside, ""


def _unescape(text: str) -> str:
    """What Lexbor escaped: nothing else is."""
    return (
        text.replace("&nbsp;", "\u00a0")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", '"')
        .replace("&amp;", "&")
    )


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
    (`</a><a>`, menus); inline tags otherwise do not (`<b>bo</b>ld` is one word).
    """
    tags, parts = tree.tags, []
    closed = False  # the token before closed an element
    for token in tree.tokens[start:stop]:
        if isinstance(token, str):
            parts.append(token)
            closed = False
        elif token >= 0:
            if tags[token] not in INLINE or (closed and tags[token] == "a"):
                parts.append(" ")
            closed = False
        else:
            if tags[~token] not in INLINE:
                parts.append(" ")
            closed = True
    return squeeze("".join(parts))


_INVISIBLE: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


def squeeze(text: str) -> str:
    """Collapse white space (also no-break spaces) and drop invisible break hints."""
    text = " ".join(text.split())
    return text if text.isascii() else " ".join(text.translate(_INVISIBLE).split())


# ---- taming what would make the parser itself quadratic -----------------------------------------

_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>?")
_FORMATTING: Final = _names("a b big code em font i nobr s small strike strong tt u")
_SELF_CLOSING: Final = VOID | _names("p li dt dd option optgroup tr td th tbody thead")
_SOME_TAGS: Final = 4_000
_MANY_TAGS: Final = 20_000
_MANY_UNCLOSED: Final = 1_500


def tame(html: str) -> str:
    """The same document with its nesting bounded; nearly always the very same string.

    100,000 nested `<div>` cost Lexbor 8 s, 3,000 unclosed `<font>` before as many `<p>` make
    millions of nodes: both follow from the HTML standard. Documents with very many or very many
    unclosed tags lose the tags (never the text) that open deeper than MAX_DEPTH, or inside more
    than MAX_OPEN_FORMATTING unclosed formatting elements.
    """
    opened = html.count("<")
    if opened < _SOME_TAGS:
        return html
    if opened < _MANY_TAGS and opened - 2 * html.count("</") < _MANY_UNCLOSED:
        return html
    depths: dict[str, int] = {}
    depth = formatting = 0

    def bounded(match: re.Match[str]) -> str:
        nonlocal depth, formatting
        closing, name = match[1], match[2].lower()
        if name in _SELF_CLOSING:
            return match[0]
        weight = 1 if name in _FORMATTING else 0
        if closing:
            if depths.get(name, 0) > 0:
                depths[name] -= 1
                depth -= 1
                formatting -= weight
                return match[0]
            return ""
        if depth >= MAX_DEPTH or (weight and formatting >= MAX_OPEN_FORMATTING):
            return ""
        depths[name] = depths.get(name, 0) + 1
        depth += 1
        formatting += weight
        return match[0]

    return _TAG.sub(bounded, html)
