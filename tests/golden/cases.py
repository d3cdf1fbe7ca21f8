"""Golden cases: a page beside the record that it must give.

Three collections share one comparison:

    samples/pages/NAME.html, samples/texts/NAME.txt     beside samples/expected/NAME.json
    tests/golden/DEFECT/page.html (or page.txt)         beside tests/golden/DEFECT/expected.json
    tests/golden/{eras,today,bylines}/NAME.html         carries its own; see `marked`

An expectation holds those fields of `Article` that the page decides, and no others. Objects are
compared by the keys that they name (a heading may give its level or leave it open), lists item by
item. Some keys mean something of their own:

    why        a line that says what the case is for (defect cases)
    removed    pairs of reason and a piece of text; each must be found in one removal
    kept, lost pieces of text that `Article.text` must and must not contain
    words      of `Article.text`, of which nearly all must agree
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import scrubber

from . import marked

REPOSITORY = Path(__file__).resolve().parents[2]
SAMPLES = REPOSITORY / "samples"
DEFECTS = Path(__file__).resolve().parent
_NOTES = ("why", "kept", "lost")
_INPUTS = ("url",)  # given to the program, and compared too


@dataclass(frozen=True)
class Case:
    """One source and its expectation. name: of the sample, `golden/` and the defect, or the folder
    and name of a marked page, which is its own expectation.
    """

    name: str
    source: Path
    expected: Path


def sample_cases() -> list[Case]:
    """Every page and text below `samples/`."""
    sources = sorted([*SAMPLES.glob("pages/*.html"), *SAMPLES.glob("texts/*.txt")])
    return [Case(s.stem, s, SAMPLES / "expected" / f"{s.stem}.json") for s in sources]


def defect_cases() -> list[Case]:
    """Every folder beside this file that holds a page."""
    sources = sorted([*DEFECTS.glob("*/page.html"), *DEFECTS.glob("*/page.txt")])
    return [Case(f"golden/{s.parent.name}", s, s.with_name("expected.json")) for s in sources]


def marked_cases() -> list[Case]:
    """Pages as other times and places built them, and as today's sites in many languages do."""
    return _carrying("eras") + _carrying("today")


def byline_cases() -> list[Case]:
    """Pages as many places sign and date them; of their text nothing is expected."""
    return _carrying("bylines")


def _carrying(folder: str) -> list[Case]:
    sources = sorted((DEFECTS / folder).glob("*.html"))
    return [Case(f"{folder}/{source.stem}", source, source) for source in sources]


def all_cases() -> list[Case]:
    """Samples, then defects, then pages that carry their expectation.

    Those in `taught` are the scorer's own, see tests/extract/test_taught.py.
    """
    return sample_cases() + defect_cases() + marked_cases() + byline_cases()


def known_gaps() -> dict[str, str]:
    """The checks that must fail for now, as `case:field`, and why."""
    listed = tomllib.loads((DEFECTS / "known_gaps.toml").read_text(encoding="utf-8"))
    return {check: gap["why"] for gap in listed.get("gap", []) for check in gap["checks"]}


def expectation(case: Case) -> dict[str, Any]:
    """What the case must give. Raises FileNotFoundError where nobody wrote it."""
    if case.expected == case.source:
        return marked.expected(case.source)
    expected: dict[str, Any] = json.loads(case.expected.read_text(encoding="utf-8"))
    return expected


@cache
def outcome(case: Case) -> dict[str, Any]:
    """What the program gives, as plain JSON values."""
    url = expectation(case).get("url")
    if case.source.suffix == ".txt":
        article = scrubber.scrub_text(case.source.read_text(encoding="utf-8"), url=url)
    elif case.expected == case.source:
        page, url = marked.given(case.source)
        article = scrubber.scrub_html(page, url=url)
    else:
        article = scrubber.scrub_html(case.source.read_bytes(), url=url)
    record: dict[str, Any] = article.model_dump(mode="json")
    return record


def fields(expected: dict[str, Any]) -> list[str]:
    """The keys of an expectation that can be checked."""
    return [key for key in expected if key != "why"]


def differences(key: str, expected: dict[str, Any], actual: dict[str, Any]) -> list[str]:
    """Where `actual` departs from one key of an expectation; empty where it does not."""
    wanted = expected[key]
    if key == "removed":
        return [f"not removed: {pair}" for pair in wanted if not _is_removed(pair, actual)]
    if key == "kept":
        return [f"not kept: {piece!r}" for piece in wanted if piece not in actual["text"]]
    if key == "lost":
        return [f"still there: {piece!r}" for piece in wanted if piece in actual["text"]]
    if key == "words":
        return _other_words(wanted, actual["text"])
    if key == "authors" and all(isinstance(name, str) for name in wanted):
        wanted = [{"name": name} for name in wanted]
    if key in {"published", "modified"} and isinstance(wanted, str):  # empty: the page gives none
        found = (actual[key] or {}).get("value", "")[:10]
        return [] if found == wanted else [f"{key}: expected {wanted}, found {found or None}"]
    return list(_unequal(wanted, actual[key], key))


def _other_words(wanted: list[str], text: str) -> list[str]:
    """The agreement, and the lines that hold what is missing or too much, where it is not enough."""
    agreement = marked.word_f1(" ".join(wanted), text)
    if agreement >= marked.ENOUGH:
        return []
    return [f"words: {agreement:.3f} agree, {marked.ENOUGH} expected; found:\n{text}"]


def failing_checks(cases: list[Case]) -> set[str]:
    """Every check of these cases that the program fails now, as `case:field`."""
    return {
        f"{case.name}:{key}"
        for case in cases
        for key in fields(expectation(case))
        if _fails(case, key)
    }


def _fails(case: Case, key: str) -> bool:
    try:
        return bool(differences(key, expectation(case), outcome(case)))
    except scrubber.ScrubberError:  # such as NoContent: no field holds
        return True


def _is_removed(pair: dict[str, str], actual: dict[str, Any]) -> bool:
    return any(
        removal["reason"] == pair["reason"]
        and _squeezed(pair["text"]) in _squeezed(removal["text"])
        for removal in actual["removed"]
    )


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _unequal(wanted: Any, actual: Any, at: str) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(actual, dict):
        for key, value in wanted.items():
            yield from _unequal(value, actual.get(key), f"{at}.{key}")
    elif isinstance(wanted, list) and isinstance(actual, list):
        if len(wanted) != len(actual):
            yield f"{at}: {len(wanted)} expected, {len(actual)} found: {_outline(actual)}"
        for number, pair in enumerate(zip(wanted, actual, strict=False)):
            yield from _unequal(*pair, f"{at}[{number}]")
    elif wanted != actual:
        yield f"{at}: expected {wanted!r}, found {actual!r}"


def _outline(items: list[Any]) -> list[str]:
    """A list of blocks or values, short enough to read in a test's output."""
    return [
        f"{item.get('kind', '')} {str(item.get('text') or item.get('src') or '')[:40]}".strip()
        if isinstance(item, dict)
        else str(item)[:40]
        for item in items
    ]


def refreshed(expected: dict[str, Any], actual: dict[str, Any]) -> dict[str, Any]:
    """The expectation rewritten from the program's outcome, with the same keys in the same order.

    Notes stay as they are; of `removed`, the pairs that no longer hold are dropped.
    """
    renewed: dict[str, Any] = {}
    for key, value in expected.items():
        if key in _NOTES or key in _INPUTS:
            renewed[key] = value
        elif key == "removed":
            renewed[key] = [pair for pair in value if _is_removed(pair, actual)]
        else:
            renewed[key] = _like(value, actual[key])
    return renewed


def _like(wanted: Any, actual: Any) -> Any:
    """`actual` with only the keys that `wanted` names."""
    if isinstance(wanted, dict) and isinstance(actual, dict):
        return {key: _like(value, actual.get(key)) for key, value in wanted.items()}
    if isinstance(wanted, list) and isinstance(actual, list):
        return _like_items(wanted, actual)
    return actual


def _like_items(wanted: list[Any], actual: list[Any]) -> list[Any]:
    """Each item with the keys that the expectation names for any item of its kind.

    Positions shift when one block comes or goes, so the kind says more than the place.
    """
    shapes: dict[str | None, dict[str, Any]] = {}
    for item in wanted:
        if isinstance(item, dict):
            shapes.setdefault(item.get("kind"), {}).update(item)
    unknown = shapes.get(None, {"kind": "", "text": ""})
    return [
        _filled(_like(shapes.get(item.get("kind"), unknown), item))
        if isinstance(item, dict)
        else _like(wanted[0] if wanted else None, item)
        for item in actual
    ]


def _filled(item: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if value not in (None, "", [])}


def as_text(expected: dict[str, Any]) -> str:
    """An expectation as it stands in its file."""
    return json.dumps(expected, ensure_ascii=False, indent=1) + "\n"
