"""Code blocks: the text of a `pre` as it was typed, and its language.

Editors and older highlighters draw code without a `pre`, one element a line: such a *code box* is
known by its name, or by its children, which call themselves lines. It is given whole where one of
its lines was chosen: code with holes misleads.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from scrubber.extract.tree import INLINE, Tree

_NOT_CODE: Final = frozenset({
    "button", "script", "style", "template", "svg", "select", "textarea"
})  # fmt: skip
_GUTTER: Final = re.compile(
    r"(?:^|[\s_-])(?:line-?no|line-?nos|line-?numbers?|lineno-?s?|gutter|ln-?num|rouge-gutter"
    r"|blob-num|crayon-nums?|copy|clipboard|copy-?btn|copy-?button)(?:$|[\s_-])"
    r"|(?:^|\s)(?:lnt?|language-(?:id|name))(?:$|\s)",
    re.IGNORECASE,
)
# Of CodeMirror 5 and 6, Monaco, Ace, SyntaxHighlighter, Crayon and GitHub.
_BOXES: Final = frozenset({
    "CodeMirror-code", "cm-content", "view-lines", "ace_text-layer", "syntaxhighlighter", "dp-c",
    "crayon-pre", "js-file-line-container", "react-code-lines",
})  # fmt: skip
_BOX_TAGS: Final = frozenset({"div", "table", "ol", "figure"})
_CODE_NAME: Final = re.compile(
    r"[Cc]od|[Hh]ighl|[Ss]ynt|[Ss]nip|[Ee]dit|cm-|view-l|ace_|dp-c|cray|js-f"
)
_LINE_NAME: Final = re.compile(r"(?:^|[\s_-])(?:code-?|token-?)?line(?:$|[\s_-]|\d)", re.IGNORECASE)
_VERSE: Final = frozenset({"wp-block-verse", "verse", "poem", "poetry"})
# Elements that no code holds: a `code` that nobody closed goes on to the page's end.
_PROSE: Final = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "img", "article", "section", "form", "blockquote"
})  # fmt: skip
_MAX_LOOK: Final = 2_000  # elements of a `code` that are asked for prose
_LANGUAGE: Final = re.compile(
    r"(?:^|\s)(?:highlight-text-([a-z]+)"
    r"|(?:language-|lang-|highlight-source-|highlight-|brush:\s*|sourceCode\s+|src-"
    r"|hljs\s+(?!language-|lang-|copy|line))([A-Za-z][\w+#.-]*))"
)
# Names that may stand alone in a class: of `code` before highlight.js ran, of Hexo and GeSHi.
_LANGUAGE_NAMES: Final = (
    "actionscript apache applescript arduino asm awk bash batch c clojure cmake coffeescript cpp"
    " csharp css csv dart diff dockerfile elixir elm erlang fortran fsharp go golang gradle graphql"
    " groovy haskell html http ini java javascript js json jsx julia kotlin latex less lisp lua"
    " makefile markdown matlab mermaid mysql nginx nim objc objectivec ocaml pascal perl php"
    " plsql postgresql powershell prolog protobuf puppet py python r ruby rust sass scala scheme"
    " scss sh shell sql swift tcl terraform toml ts tsql tsx typescript vb vbnet verilog vhdl vim"
    " vue wasm xml yaml yml zig zsh"
)
_LANGUAGES: Final = frozenset(_LANGUAGE_NAMES.split())
_NO_LANGUAGE: Final = frozenset({
    "id", "name", "none", "plain", "plaintext", "text", "txt", "nohighlight", "default", "wrapper",
    "generic", "auto"
})  # fmt: skip
_LANGUAGE_ATTRIBUTES: Final = (
    "data-lang", "data-language", "data-enlighter-language", "data-canonical-lang"
)  # fmt: skip
_CLASSES: Final = ("class", "data-syntaxhighlighter-params")  # the latter of Confluence
_ABOVE: Final = 3  # elements above a `pre` whose class may name the language
_MAX_CLASS_CHARS: Final = 1_000  # hostile ones are asked for once for each text inside
_GRID: Final = frozenset({"table", "tbody", "tr", "td"})  # of line numbers: not counted as above
_GUTTER_DEPTH: Final = 3


def read_code(tree: Tree, number: int) -> tuple[str, str | None]:
    """The code inside element `number` and its language, without line numbers and buttons."""
    lined = tree.tags[number] in _BOX_TAGS or tree.tags[number] == "code"
    code = typed(tree, tree.opens[number] + 1, tree.closes[number] - 1, lined=lined)
    if _counts_lines(code) or (not _WORDS.search(code) and in_gutter(tree, number)):
        return "", None
    return code, language_of(tree, number)


_WORDS: Final = re.compile(r"[^\W\d_]")


def code_part(tag: str, names: str) -> str:
    """What an element is by its class as far as code goes; empty where that says nothing.

    "pre": a code box. "lines": called code, so that `holds_lines` is worth asking. "verse": a `pre`
    that says that it holds a poem.
    """
    if tag == "pre":
        return "" if _VERSE.isdisjoint(names.split()) else "verse"
    if tag not in _BOX_TAGS or not _CODE_NAME.search(names):
        return ""
    if not _BOXES.isdisjoint(names.split()):
        return "pre"
    return "lines" if tag in ("div", "figure") else ""


def holds_lines(tree: Tree, number: int) -> bool:
    """Whether an element holds code by what it is called and by its children, which are lines.

    A `code` around blocks does, unless it holds prose.
    """
    if tree.tags[number] == "code":
        inside = tree.within(number)[:_MAX_LOOK]
        return _PROSE.isdisjoint(tree.tags[inside.start : inside.stop])
    child = number + 1
    for _ in range(2):
        if child >= len(tree.tags) or tree.parents[child] != number:
            return False
        if tree.tags[child] != "div":
            return False
        if not _LINE_NAME.search(tree.attrs[child].get("class") or ""):
            return False
        child = tree.within(child).stop
    return True


def in_gutter(tree: Tree, number: int) -> bool:
    """Whether element `number` stands in a column of line numbers, or is one."""
    return any(
        _is_gutter(tree, n) for n in (number, *islice(tree.ancestors(number), _GUTTER_DEPTH))
    )


def _counts_lines(code: str) -> bool:
    """Whether this is a column of line numbers, which stands beside the code itself."""
    lines = code.split()
    if len(lines) < 2 or not lines[0].isdecimal() or len(lines[0]) > 7:
        return False
    return lines == [str(n) for n in range(int(lines[0]), int(lines[0]) + len(lines))]


def typed(tree: Tree, start: int, stop: int, *, lined: bool = False) -> str:
    """The code in a slice of tokens, as it was typed.

    lined: its lines are elements or end in `br`, and those of the source are none.
    """
    parts: list[str] = []
    skip_to: int | None = None
    tags = tree.tags
    for token in tree.tokens[start:stop]:
        if skip_to is not None:
            if token == skip_to:
                skip_to = None
        elif isinstance(token, str):
            text = _unwrapped(token) if lined and "\n" in token else token
            if text:
                parts.append(text)
        elif token >= 0:
            if tags[token] == "br":
                parts.append("\n")
            elif tags[token] in _NOT_CODE or (tags[token] != "code" and _is_gutter(tree, token)):
                skip_to = ~token
            elif tags[token] not in INLINE:
                _fresh_line(parts)
        elif tags[~token] not in INLINE and tags[~token] != "br":
            if lined and tree.closes[~token] - tree.opens[~token] <= 3 and _is_blank(parts):
                parts.append("\n")  # an empty line
            _fresh_line(parts)
    text = "".join(parts).replace("\r\n", "\n").replace("\xa0", " ").replace("\u200b", "")
    return "\n".join([line.rstrip() for line in text.split("\n")]).strip("\n")


_SPACE: Final = " \t\r\f"  # no-break spaces indent code


def _unwrapped(text: str) -> str:
    """Text without the source's line breaks and the white space beside them."""
    first, *between, last = text.split("\n")
    lines = (first.rstrip(_SPACE), *(line.strip(_SPACE) for line in between), last.lstrip(_SPACE))
    return " ".join([line for line in lines if line])


def _is_blank(parts: list[str]) -> bool:
    """Whether the line under construction is empty."""
    return not parts or parts[-1].endswith("\n")


def _fresh_line(parts: list[str]) -> None:
    if parts and not parts[-1].endswith("\n"):
        parts.append("\n")


def _is_gutter(tree: Tree, number: int) -> bool:
    classes = tree.attrs[number].get("class")
    return bool(classes and _GUTTER.search(classes, 0, _MAX_CLASS_CHARS))


def language_of(tree: Tree, number: int) -> str | None:
    """What the page calls the language: on the `pre`, a `code` inside, or just above."""
    above = islice((n for n in tree.ancestors(number) if tree.tags[n] not in _GRID), _ABOVE)
    for element in (number, *tree.within(number)[:2], *above):
        if name := _declared(tree, element):
            return None if name in _NO_LANGUAGE or " " in name else name
    return None


def _declared(tree: Tree, number: int) -> str:
    """The language that one element declares, in lower case; empty where it does not."""
    name = next(filter(None, (tree.attr(number, a) for a in _LANGUAGE_ATTRIBUTES)), "").lower()
    if name:
        return name
    classes = " ".join([tree.attr(number, name)[:_MAX_CLASS_CHARS] for name in _CLASSES])
    names = [(found[1] or found[2]).lower() for found in _LANGUAGE.finditer(classes)]
    if names:
        return next((name for name in names if name in _LANGUAGES), names[0])
    if tree.tags[number] in ("pre", "code", "figure") or "syntaxhighlighter" in classes:
        lone = (tree.attr(number, "lang"), *classes.split())
        return next((name for name in map(str.lower, lone) if name in _LANGUAGES), "")
    return ""
