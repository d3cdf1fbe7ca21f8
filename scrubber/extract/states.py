"""The documents that a page's scripts and attributes carry, as plain JSON values.

    application/json, JSON-LD                         as they are
    `window.__STATE__ = {...}`                        what is assigned
    `JSON.parse("...")`, `...enqueue("...")`          the JSON in the string
    `self.__next_f.push([1, "..."])`                  the rows of the joined pieces
    `window.__NUXT__ = (function(a, b) {...}`         the strings by their names: it is no JSON
    [{"body": 2}, ..., "..."]                         flattened: numbers stand for entries

JSON-LD that says what a page shows (a recipe, questions with answers) is given as HTML besides.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from scrubber.extract.tree import Tree

MIN_CHARS: Final = 400  # of a script, shorter ones carry no content
_ASSIGNED: Final = re.compile(r"=\s*(?=[\[{])")
_GIVEN: Final = re.compile(r"(?:JSON\.parse|\.enqueue)\(\s*(?=[\"'])")
_LITERAL: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", re.DOTALL)
_ESCAPED: Final = re.compile(r"\\x([0-9a-fA-F]{2})|\\(.)|(\")", re.DOTALL)
_NAMED: Final = re.compile(r"([A-Za-z_$][\w$]*)\s*:\s*(?=[\"'])")
_FLIGHT: Final = re.compile(r"__next_f\s*(?:\|\|\s*\[\]\s*\))?\.push\(\s*(?=\[)")
_ROW: Final = re.compile(rb"([0-9a-f]*):(?:T([0-9a-f]+),)?")
_REFERENCE: Final = re.compile(r"_\d+$")
_MAX_OBJECTS: Final = 20_000


def read_documents(tree: Tree) -> Iterator[Any]:
    """All of them, in page order."""
    for attributes in tree.attrs:
        if attributes and (
            state := attributes.get("data-preloaded") or attributes.get("data-page")
        ):
            yield from parsed(state)
    pieces: list[str] = []  # of Next's flight data, cut anywhere
    for number in tree.find("script"):
        kind = tree.attr(number, "type").lower()
        text = tree.raw_text(number)
        if "json" in kind:
            for document in parsed(text):
                yield document
                yield from _shown(document) if "ld+json" in kind else _unflattened(document)
        elif kind in ("", "text/javascript", "module"):
            if flight := _FLIGHT.search(text, 0, 300):
                pieces.extend(_pushed(text[flight.end() :]))
            elif len(text) > MIN_CHARS:
                yield from _from_script(text)
    yield from _rows("".join(pieces))


def parsed(text: str) -> Iterator[Any]:
    """The JSON value that a text begins with, or nothing."""
    try:
        yield json.JSONDecoder(strict=False).raw_decode(text.strip())[0]
    except (ValueError, RecursionError):
        return


def _from_script(text: str) -> Iterator[Any]:
    if given := _GIVEN.search(text, 0, 2_000):
        for document in parsed(_unquoted(text, given.end())):
            yield document
            yield from _unflattened(document)
    elif "__NUXT__" in text[:300]:
        for named in _NAMED.finditer(text):
            yield {named[1]: _unquoted(text, named.end())}
    elif start := _ASSIGNED.search(text, 0, 300):
        yield from parsed(text[start.end() :])


def _unquoted(text: str, start: int) -> str:
    """What the JavaScript string that begins at `start` says."""
    literal = _LITERAL.match(text, start)
    if literal is None:
        return ""
    as_json = _ESCAPED.sub(_as_json, literal[0][1:-1])
    return next((str(value) for value in parsed(f'"{as_json}"')), "")


def _as_json(escape: re.Match[str]) -> str:
    if escape[1]:
        return f"\\u00{escape[1]}"
    if escape[3]:
        return '\\"'
    return escape[0] if escape[2] in '"\\/bfnrtu' else escape[2]


# ---- Next's flight data --------------------------------------------------------------------------


def _pushed(text: str) -> Iterator[str]:
    for pushed in parsed(text):
        if isinstance(pushed, list) and len(pushed) > 1 and isinstance(pushed[1], str):
            yield pushed[1]


def _rows(stream: str) -> Iterator[Any]:
    """Rows are `id:JSON` up to the line's end, or `id:T` with the bytes of a text counted."""
    data = stream.encode("utf-8", "replace")
    at = 0
    while at < len(data) and (row := _ROW.match(data, at)):
        if row[2]:
            at = row.end() + int(row[2], 16)
            yield {"text": data[row.end() : at].decode("utf-8", "replace")}
        else:
            line = data.find(b"\n", row.end())
            line = len(data) if line < 0 else line
            yield from parsed(data[row.end() : line].decode("utf-8", "replace"))
            at = line + 1


# ---- flattened documents (Nuxt 3, React Router) ------------------------------------------------


def _unflattened(document: Any) -> Iterator[Any]:
    """The objects of a flattened document with the texts that their numbers stand for."""
    if not isinstance(document, list):
        return
    for entry in document[:_MAX_OBJECTS]:
        if isinstance(entry, dict):
            names = {_name(document, key): value for key, value in entry.items()}
            found = {name: _entry(document, value) for name, value in names.items()}
            yield {name: value for name, value in found.items() if value}


def _name(document: Sequence[Any], key: str) -> str:
    return str(_entry(document, int(key[1:])) if _REFERENCE.match(key) else key)


def _entry(document: Sequence[Any], number: Any) -> str | list[str] | None:
    if type(number) is not int or not 0 <= number < len(document):
        return None
    value = document[number]
    if isinstance(value, list):
        texts = [document[n] for n in value if type(n) is int and 0 <= n < len(document)]
        return [text for text in texts if isinstance(text, str)]
    return value if isinstance(value, str) else None


# ---- what JSON-LD says that a page shows ---------------------------------------------------------


def _shown(document: Any) -> Iterator[Any]:
    """Recipes and answered questions as HTML, one document each; without recursion."""
    waiting = [document]
    for _ in range(_MAX_OBJECTS):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(reversed(value))
        elif isinstance(value, dict):
            kinds = value.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if "Recipe" in kinds:
                yield {"recipe_html": _recipe(value)}
            elif "Question" in kinds:
                answer = value.get("acceptedAnswer")
                answers = _texts(answer)
                yield {"question_html": _element("h3", value.get("name")) + "".join(answers)}
            waiting.extend(reversed(value.values()))


def _recipe(recipe: dict[str, Any]) -> str:
    ingredients = "".join(_element("li", each) for each in _texts(recipe.get("recipeIngredient")))
    steps = "".join(_element("li", each) for each in _texts(recipe.get("recipeInstructions")))
    told = _element("p", recipe.get("description"))
    return f"{told}<ul>{ingredients}</ul><ol>{steps}</ol>"


def _element(tag: str, text: Any) -> str:
    return f"<{tag}>{html.unescape(text)}</{tag}>" if isinstance(text, str) and text else ""


def _texts(value: Any, depth: int = 0) -> list[str]:
    """A text, steps with their `text`, sections of steps: in order."""
    if isinstance(value, str):
        return [value]
    if depth > 3:  # section, list, step, text
        return []
    if isinstance(value, list):
        return [text for each in value for text in _texts(each, depth + 1)]
    if isinstance(value, dict):
        return _texts(value.get("text") or value.get("itemListElement"), depth + 1)
    return []
