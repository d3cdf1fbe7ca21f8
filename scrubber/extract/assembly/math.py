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

from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice
from typing import Final

from scrubber.extract.assembly.mathml import to_tex
from scrubber.extract.tree import Tree

_TEX: Final = ("application/x-tex", "TeX", "application/x-latex", "LaTeX")
_DECLARED: Final = frozenset({"math", "arithmatex"})  # of Sphinx, Pandoc and MkDocs
_IMAGES: Final = ("mwe-math", "tex", "latex", "math")  # classes of images of formulas
_RENDERERS: Final = ("latex.php?", "/equation?tex=", "latex.codecogs.com/", "/cgi-bin/mathtex.cgi?")
_WRAPPERS: Final = 4  # elements of a renderer around what is seen
_MAX_DECLARED: Final = 200  # tokens of an element that says it is mathematics
_DISPLAY: Final = ("katex-display", "MathJax_Display", "mwe-math-mathml-display")


def find_sources(tree: Tree) -> list[int]:
    """The elements that carry TeX, in document order: found once a page, asked for every formula.

    A renderer's wrappers may be nested as deep as a page likes, so none searches its inside.
    """
    return [n for n in tree.find("annotation", "math", "img") if _tex(tree, n)]


def formula(tree: Tree, number: int, sources: Sequence[int]) -> str | None:
    """TeX of element `number` between dollar signs, "" for a script that is no formula.

    `None` where the page does not carry the source: then the element's text is read instead.
    sources: see `find_sources`.
    """
    tag = tree.tags[number]
    if tag == "script":
        kind = tree.attr(number, "type")
        if kind.startswith("math/ascii"):
            return tree.raw_text(number)  # legible as it is
        tex = tree.raw_text(number) if kind.startswith("math/tex") else ""
        return _delimited(tex, display="mode=display" in kind)
    display = tree.attr(number, "display") == "block" or tree.attr(number, "class") in _DISPLAY
    source = _first_inside(tree, number, sources)
    if source >= 0:
        display = display or tree.attr(source, "display") == "block"
        return _delimited(_tex(tree, source), display=display)
    if (declared := _declared(tree, number)) is not None:
        return declared
    if _precedes_source(tree, number):
        return ""
    drawn = _first_inside(tree, number, tree.find("math"))
    if drawn < 0:
        return None
    display = display or tree.attr(drawn, "display") == "block"
    return _delimited(to_tex(tree, drawn), display=display) or None


def _first_inside(tree: Tree, number: int, elements: Sequence[int]) -> int:
    """The first of some elements in document order that is `number` or inside it, -1 for none."""
    at = bisect_left(elements, number)
    is_inside = at < len(elements) and tree.opens[elements[at]] < tree.closes[number]
    return elements[at] if is_inside else -1


def _declared(tree: Tree, number: int) -> str | None:
    """The formula of an element that says it is one and writes it as TeX does."""
    if _DECLARED.isdisjoint(tree.attr(number, "class").split()):
        return None
    if tree.closes[number] - tree.opens[number] > _MAX_DECLARED:
        return None
    text = tree.text(number)
    if text[:2] + text[-2:] not in ("\\(\\)", "\\[\\]"):
        return None
    return _delimited(text[2:-2], display=text[1] == "[")


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
