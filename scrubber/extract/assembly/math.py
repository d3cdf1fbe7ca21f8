r"""Formulas: their TeX source, where the page carries it.

1. MathML with an annotation (KaTeX, MathJax 3, LaTeXML, MediaWiki) or `alttext`.
2. `<script type="math/tex">` (MathJax 2).
3. A renderer's wrapper (KaTeX, MathJax) around one of these, or before the script: its visible
   copy is dropped.
4. An image of a formula, with the source as its alternative text.
5. MathML alone, from which `mathml` writes it.
6. `\(...\)` and `\[...\]` in an element that says it is mathematics (Sphinx, Pandoc).
"""

from __future__ import annotations

from itertools import islice
from typing import Final

from scrubber.extract.assembly.mathml import to_tex
from scrubber.extract.tree import Tree

_TEX: Final = ("application/x-tex", "TeX", "application/x-latex", "LaTeX")
_DECLARED: Final = frozenset({"math", "arithmatex"})  # of Sphinx, Pandoc and MkDocs
_IMAGES: Final = ("mwe-math", "tex", "latex", "math")  # classes of images of formulas
_RENDERERS: Final = ("latex.php?", "/equation?tex=", "latex.codecogs.com/", "/cgi-bin/mathtex.cgi?")
_WRAPPERS: Final = 4  # elements of a renderer around what is seen
_DISPLAY: Final = ("katex-display", "MathJax_Display", "mwe-math-mathml-display")


def formula(tree: Tree, number: int) -> str | None:
    """TeX of element `number` between dollar signs, "" for a script that is no formula.

    `None` where the page does not carry the source: then the element's text is read instead.
    """
    tag = tree.tags[number]
    if tag == "script":
        kind = tree.attr(number, "type")
        if kind.startswith("math/ascii"):
            return tree.raw_text(number)  # legible as it is
        tex = tree.raw_text(number) if kind.startswith("math/tex") else ""
        return _delimited(tex, display="mode=display" in kind)
    inside = [number, *tree.within(number)]
    display = tree.attr(number, "display") == "block" or tree.attr(number, "class") in _DISPLAY
    for element in inside:
        tex = _tex(tree, element)
        if tex:
            display = display or tree.attr(element, "display") == "block"
            return _delimited(tex, display=display)
    if not _DECLARED.isdisjoint(tree.attr(number, "class").split()):
        text = tree.text(number)
        if text[:2] + text[-2:] in ("\\(\\)", "\\[\\]"):
            return _delimited(text[2:-2], display=text[1] == "[")
    if _precedes_source(tree, number):
        return ""
    drawn = next((n for n in inside if tree.tags[n] == "math"), -1)
    if drawn < 0:
        return None
    display = display or tree.attr(drawn, "display") == "block"
    return _delimited(to_tex(tree, drawn), display=display) or None


def is_source(tree: Tree, number: int) -> bool:
    """Whether a script holds the source of a formula, or an image stands for one."""
    if tree.tags[number] == "script":
        return tree.attr(number, "type").startswith("math/tex")
    if not tree.attr(number, "alt"):
        return False
    names = tree.attr(number, "class").split()
    src = tree.attr(number, "src")
    return any(name.startswith("mwe-math") or name in _IMAGES for name in names) or any(
        renderer in src for renderer in _RENDERERS
    )


def _precedes_source(tree: Tree, number: int) -> bool:
    """Whether MathJax 2 drew this element from the script behind it or behind its wrapper."""
    for element in (number, *islice(tree.ancestors(number), _WRAPPERS)):
        if not tree.attr(element, "class").startswith("MathJax"):
            return False
        behind = tree.within(element).stop
        if behind < len(tree.tags) and tree.parents[behind] == tree.parents[element]:
            return tree.tags[behind] == "script" and is_source(tree, behind)
    return False


def _tex(tree: Tree, number: int) -> str:
    tag = tree.tags[number]
    if tag == "annotation" and tree.attr(number, "encoding") in _TEX:
        return tree.raw_text(number)
    if tag == "math":
        return tree.attr(number, "alttext")
    if tag == "img" and is_source(tree, number):
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
    if text.startswith("\\[") and text.endswith("\\]"):
        text = f"$${text[2:-2]}$$"
    tex = text.removeprefix("$$").removesuffix("$$")
    return tex.strip() if len(text) - len(tex) == 4 and "$" not in tex else None
