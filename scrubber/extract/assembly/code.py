"""Code blocks: the text of a `pre` as it was typed, and its language."""

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
    r"|copy|clipboard|copy-?btn|copy-?button)(?:$|[\s_-])"
    r"|(?:^|\s)(?:lnt?|language-(?:id|name))(?:$|\s)",
    re.IGNORECASE,
)
_LANGUAGE: Final = re.compile(
    r"(?:^|\s)(?:language-|lang-|highlight-source-|highlight-|brush:\s*|sourceCode\s+|src-"
    r"|hljs\s+(?!language-|lang-|copy|line))"
    r"([A-Za-z][\w+#.-]*)"
)
_NO_LANGUAGE: Final = frozenset({
    "id", "name", "none", "plain", "plaintext", "text", "txt", "nohighlight", "default", "wrapper"
})  # fmt: skip
_LANGUAGE_ATTRIBUTES: Final = ("data-lang", "data-language", "data-enlighter-language")
_ABOVE: Final = 3  # elements above a `pre` whose class may name the language


def read_code(tree: Tree, number: int) -> tuple[str, str | None]:
    """The code inside element `number` and its language, without line numbers and buttons."""
    code = _code(tree, number)
    if _counts_lines(code) or any(_is_gutter(tree, n) for n in islice(tree.ancestors(number), 2)):
        return "", None
    return code, _language(tree, number)


def _counts_lines(code: str) -> bool:
    """Whether this is a column of line numbers, which stands beside the code itself."""
    lines = code.split()
    if len(lines) < 2 or not lines[0].isdecimal() or len(lines[0]) > 7:
        return False
    return lines == [str(n) for n in range(int(lines[0]), int(lines[0]) + len(lines))]


def _code(tree: Tree, number: int) -> str:
    parts: list[str] = []
    skip_to: int | None = None
    for token in tree.tokens[tree.opens[number] + 1 : tree.closes[number] - 1]:
        if skip_to is not None:
            if token == skip_to:
                skip_to = None
        elif token.__class__ is str:
            parts.append(token)
        elif token >= 0:  # type: ignore[operator]
            tag = tree.tags[token]  # type: ignore[index]
            if tag == "br":
                parts.append("\n")
            elif tag in _NOT_CODE or _is_gutter(tree, token):  # type: ignore[arg-type]
                skip_to = ~token  # type: ignore[operator]
            elif tag not in INLINE:
                _fresh_line(parts)
        elif tree.tags[~token] not in INLINE and tree.tags[~token] != "br":  # type: ignore[operator]
            _fresh_line(parts)
    text = "".join(parts).replace("\r\n", "\n").replace("\xa0", " ").replace("\u200b", "")
    return "\n".join([line.rstrip() for line in text.strip("\n").split("\n")]).rstrip()


def _fresh_line(parts: list[str]) -> None:
    if parts and not parts[-1].endswith("\n"):
        parts.append("\n")


def _is_gutter(tree: Tree, number: int) -> bool:
    classes = tree.attrs[number].get("class")
    return bool(classes and _GUTTER.search(classes))


def _language(tree: Tree, number: int) -> str | None:
    """What the page calls the language: on the `pre`, a `code` inside, or just above."""
    inside = tree.within(number)
    around = [number, *inside[:2], *islice(tree.ancestors(number), _ABOVE)]
    for element in around:
        name = next(filter(None, (tree.attr(element, a) for a in _LANGUAGE_ATTRIBUTES)), "")
        if not name:
            found = _LANGUAGE.search(tree.attr(element, "class"))
            name = found[1] if found else ""
        if name:
            name = name.lower()
            return None if name in _NO_LANGUAGE or " " in name else name
    return None
