"""Presentation MathML without its source, written as TeX.

Fractions, roots, scripts, tables and accents have their commands; letters and signs stay the
characters that they are, as TeX engines for the web read them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from scrubber.extract.tree import Attributes, Tree

MAX_ELEMENTS: Final = 2_000  # of one formula
MAX_DEPTH: Final = 40
_SCRIPTS: Final = {
    "msub": "_", "msup": "^", "msubsup": "_^", "munder": "_", "mover": "^", "munderover": "_^",
}  # fmt: skip
_ACCENTS: Final = {
    "¯": "\\bar", "‾": "\\overline", "^": "\\hat", "ˆ": "\\hat", "~": "\\tilde", "˜": "\\tilde",
    "→": "\\vec", "⃗": "\\vec", "˙": "\\dot", "¨": "\\ddot", "⏞": "\\overbrace",
}  # fmt: skip
_SIGNS: Final = {
    "{": "\\{", "}": "\\}", "%": "\\%", "#": "\\#", "&": "\\&", "$": "\\$", "_": "\\_",
    "\\": "\\backslash ", "\u2061": "", "\u2062": "", "\u2063": "", "\u2064": "",
    "\u2212": "-", "\xa0": " ",
}  # fmt: skip
_IN_TEXT: Final = _SIGNS | {"\\": "\\textbackslash "}
_ATOM: Final = re.compile(r".?|\\(?:.|[A-Za-z]+ ?)|\\(?:mathrm|text)\{[^{}]*\}")  # needs no braces
_FUNCTION_NAMES: Final = (
    "arccos arcsin arctan cos cosh cot deg det dim exp gcd inf ker lim ln log max min sec sin sinh"
    " sup tan tanh"
)
_FUNCTIONS: Final = frozenset(_FUNCTION_NAMES.split())


def to_tex(tree: Tree, number: int) -> str:
    """TeX of a `math` element; empty where it is empty, too large or too deep to be a formula."""
    if len(tree.within(number)) > MAX_ELEMENTS:
        return ""
    try:
        return " ".join(_written(tree, number, 0).split())
    except _TooDeep:
        return ""


class _TooDeep(Exception):
    """A formula without its inmost part would be another."""


def _written(tree: Tree, number: int, depth: int) -> str:
    tag = tree.tags[number]
    if depth > MAX_DEPTH:
        raise _TooDeep
    if tag in ("annotation", "annotation-xml", "mphantom"):
        return ""
    children = _children(tree, number)
    if not children:
        return _leaf(tag, tree.text(number))
    inner = [_written(tree, child, depth + 1) for child in children]
    if tag in _SCRIPTS and len(inner) == len(_SCRIPTS[tag]) + 1:
        return _scripted(_SCRIPTS[tag], inner)
    if tag == "mfrac" and len(inner) == 2:
        return f"\\frac{{{inner[0]}}}{{{inner[1]}}}"
    if tag == "mroot" and len(inner) == 2:
        return f"\\sqrt[{inner[1]}]{{{inner[0]}}}"
    if tag == "msqrt":
        return f"\\sqrt{{{''.join(inner)}}}"
    if tag == "mtable":
        return "\\begin{matrix} " + " \\\\ ".join(inner) + " \\end{matrix}"
    if tag in ("mtr", "mlabeledtr"):
        return " & ".join(inner)
    if tag == "mfenced":
        return _fenced(tree.attrs[number], inner)
    return "".join(inner)


def _scripted(marks: str, inner: list[str]) -> str:
    base, *scripts = inner
    if len(scripts) == 1 and marks == "^" and scripts[0] in _ACCENTS:
        return f"{_ACCENTS[scripts[0]]}{{{base}}}"
    base = base if _ATOM.fullmatch(base) else f"{{{base}}}"
    return base + "".join([f"{mark}{{{s}}}" for mark, s in zip(marks, scripts, strict=True) if s])


def _fenced(attributes: Attributes, inner: list[str]) -> str:
    """Between fences, which may be empty, as after the cases of a definition."""
    opening, closing, mark = (
        _escaped((attributes.get(name, usual) or "").strip())
        for name, usual in (("open", "("), ("close", ")"), ("separators", ","))
    )
    return f"{opening}{mark[:1].join(inner)}{closing}"


def _leaf(tag: str, text: str) -> str:
    if tag == "mtext":
        return f"\\text{{{_escaped(text, _IN_TEXT)}}}" if text.strip() else " "
    if tag == "mspace":
        return " "
    if text in _FUNCTIONS:
        return f"\\{text} "
    if tag == "mi" and len(text) > 1 and text.isalpha():
        return f"\\mathrm{{{text}}}"
    return _escaped(text)


def _escaped(text: str, signs: Mapping[str, str] = _SIGNS) -> str:
    return "".join([signs.get(char, char) for char in text])


def _children(tree: Tree, number: int) -> list[int]:
    inside = tree.within(number)
    children, child = [], inside.start
    while child < inside.stop:
        children.append(child)
        child = tree.within(child).stop
    return children
