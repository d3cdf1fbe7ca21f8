"""Formulas: their TeX source, where the page carries it.

1. MathML with an annotation (KaTeX, MathJax 3, LaTeXML, MediaWiki) or `alttext`.
2. `<script type="math/tex">` (MathJax 2).
3. A renderer's wrapper (KaTeX, MathJax) around one of these: its visible copy is dropped.
"""

from __future__ import annotations

from typing import Final

from scrubber.extract.tree import Tree

_TEX: Final = ("application/x-tex", "TeX", "application/x-latex", "LaTeX")
_DISPLAY: Final = ("katex-display", "MathJax_Display", "mwe-math-mathml-display")


def formula(tree: Tree, number: int) -> str | None:
    """TeX of element `number` between dollar signs, "" for a script that is no formula.

    `None` where the page does not carry the source: then the element's text is read instead.
    """
    tag = tree.tags[number]
    if tag == "script":
        kind = tree.attr(number, "type")
        tex = tree.raw_text(number) if kind.startswith("math/tex") else ""
        return _delimited(tex, display="mode=display" in kind)
    inside = [number, *tree.within(number)]
    display = tree.attr(number, "display") == "block" or tree.attr(number, "class") in _DISPLAY
    for element in inside:
        tex = _tex(tree, element)
        if tex:
            display = display or tree.attr(element, "display") == "block"
            return _delimited(tex, display=display)
    return None


def _tex(tree: Tree, number: int) -> str:
    tag = tree.tags[number]
    if tag == "annotation" and tree.attr(number, "encoding") in _TEX:
        return tree.raw_text(number)
    if tag == "math":
        return tree.attr(number, "alttext")
    if tag == "img" and "math" in tree.attr(number, "class"):
        return tree.attr(number, "alt")
    return ""


def _delimited(tex: str, *, display: bool) -> str:
    tex = " ".join(tex.split())
    if tex.startswith("{\\displaystyle ") and tex.endswith("}"):
        tex = tex[len("{\\displaystyle ") : -1].strip()
    if not tex:
        return ""
    return f"$${tex}$$" if display else f"${tex}$"


def displayed(text: str) -> str | None:
    """TeX of a text that is nothing but one displayed formula."""
    tex = text.removeprefix("$$").removesuffix("$$")
    return tex.strip() if len(text) - len(tex) == 4 and "$" not in tex else None
