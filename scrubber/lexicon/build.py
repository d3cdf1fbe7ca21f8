"""Turn the languages' TOML files into `compiled.json`: `python -m scrubber.lexicon.build`.

Parsing sixty TOML files takes half a second, reading the compiled file some milliseconds; a test
checks that the two agree. `BuildError` names the file and the entry that is not understood.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from scrubber.lexicon.families import FAMILIES
from scrubber.lexicon.fold import NAME, WILD, fold
from scrubber.lexicon.parts import APART

FOLDER = Path(__file__).parent
COMPILED = FOLDER / "compiled.json"
FACTS = {
    "language",
    "name",
    "spaced",
    "common",
    "address",
    "reporting",
    "others",
    "prefixes",
    "concepts",
    "elides",
}
STRENGTHS = ("strong", "weak", "leads")
_LEAST_STEM = 5  # letters of a word that takes endings unasked


class BuildError(ValueError):
    """A lexicon file that cannot be compiled; the message names file and entry."""


def sources(folder: Path = FOLDER) -> list[Path]:
    """The languages' files in the order of their tags."""
    return sorted(path for path in folder.glob("*.toml") if not path.name.startswith("_"))


def build(folder: Path = FOLDER) -> dict[str, Any]:
    """Compile every file of `folder` into one JSON-ready value."""
    names = tomllib.loads((folder / "_names.toml").read_text("utf-8"))["names"]
    shared = tomllib.loads((folder / "_rules.toml").read_text("utf-8"))
    concepts, rules = _rules(shared)
    universal = shared.get("universal", {})
    languages = {}
    for path in sources(folder):
        try:
            data = tomllib.loads(path.read_text("utf-8"))
            languages[path.stem] = _language(data, path, concepts, universal)
        except tomllib.TOMLDecodeError as exc:
            raise BuildError(f"{path.name} is no TOML: {exc}") from exc
    return {
        "names": _unique(fold(name) for name in names),
        "rules": rules,
        "languages": languages,
    }


def _rules(data: dict[str, Any]) -> tuple[set[str], dict[str, list[Any]]]:
    """The concepts, and the rules: {"labels", "weak" and "notices": [[family, groups]]}."""
    concepts = set(data["concepts"])
    known = concepts | {"number", "name", "address", "note"}
    rules: dict[str, list[Any]] = {"labels": [], "weak": [], "notices": []}
    for family in [key for key in data if key not in ("concepts", "universal")]:
        for kind, texts in data[family].items():
            for text in texts:
                groups = [[word.strip() for word in part.split("|")] for part in text.split("&")]
                unknown = {word for group in groups for word in group} - known
                if unknown or family not in FAMILIES or kind not in rules:
                    raise BuildError(f"_rules.toml [{family}] {kind}: {text!r} is not understood")
                rules[kind].append([family, groups])
    return concepts, rules


def _language(
    data: dict[str, Any], path: Path, concepts: set[str], universal: dict[str, str]
) -> dict[str, Any]:
    """One language: {"spaced", "common", "address", "reporting", "others", family: {...}}.

    universal: stems by concept that all languages share.
    """
    unknown = set(data) - FACTS - set(FAMILIES)
    if unknown:
        raise BuildError(f"{path.name} has unknown tables or keys: {sorted(unknown)}")
    if data.get("language") != path.stem:
        raise BuildError(f"{path.name} says that its language is {data.get('language')!r}")
    compiled: dict[str, Any] = {"spaced": bool(data.get("spaced", True))}
    for fact in ("common", "address", "reporting", "others", "prefixes"):
        compiled[fact] = _unique(fold_stem(word) for word in data.get(fact, []))
    compiled["elides"] = bool(data.get("elides", False))
    if "concepts" in data:
        own = data["concepts"]
        joined = {key: f"{own[key]}, {text}" for key, text in universal.items() if key in own}
        table = universal | own | joined
        if compiled["elides"]:
            table = {key: text.translate(APART) for key, text in table.items()}
        compiled["concepts"] = _concepts(table, path, concepts, _inflects(data))
    for family in FAMILIES:
        if family in data:
            compiled[family] = _family(data[family], f"{path.name} [{family}]")
    return compiled


def _inflects(data: dict[str, Any]) -> bool:
    """True where words take endings that no list of stems foresees; English lists its forms, since
    the rules are tuned on it."""
    return data.get("spaced", True) and data["language"] not in ("en", "vi")


def _concepts(
    table: dict[str, str], path: Path, known: set[str], inflects: bool
) -> dict[str, list[str]]:
    """Stems by concept; a concept's stems are parted by commas."""
    unknown = set(table) - known - {"address"}
    if unknown:
        raise BuildError(f"{path.name} has unknown concepts: {sorted(unknown)}")
    stems = {key: _unique(map(fold_stem, text.split(","))) for key, text in table.items()}
    empty = [key for key, words in stems.items() if "" in words or "*" in words]
    if empty:
        raise BuildError(f"{path.name} [concepts] has empty stems in {empty}")
    if inflects:
        stems = {key: _unique(map(_with_endings, words)) for key, words in stems.items()}
    return stems


def _with_endings(stem: str) -> str:
    """A word long enough to be known by its beginning, with a star for its endings."""
    is_open = "*" in stem or " " in stem or len(stem) < _LEAST_STEM
    return stem if is_open else f"{stem}*"


def _family(table: dict[str, list[str]], where: str) -> dict[str, Any]:
    unknown = set(table) - {*STRENGTHS, "patterns"}
    if unknown:
        raise BuildError(f"{where} has unknown keys: {sorted(unknown)}")
    compiled: dict[str, Any] = {}
    for strength in STRENGTHS:
        labels = _unique(_label(label, where) for label in table.get(strength, []))
        if labels:
            compiled[strength] = labels
    if table.get("patterns"):
        compiled["patterns"] = [_pattern(text, where) for text in table["patterns"]]
    return compiled


def _label(label: str, where: str) -> str:
    marked = label.replace("{name}", NAME).replace("{n}", "0").replace("{}", WILD)
    folded = fold(marked)
    fixed = folded.replace(WILD, " ").split()
    if not fixed or fixed == ["0"] or "{" in marked:
        raise BuildError(f"{where}: {label!r} is no label")
    if WILD in folded and not (folded.split()[0] != WILD or folded.split()[-1] != WILD):
        raise BuildError(f"{where}: {label!r} must begin or end with a word")
    return folded


def _pattern(text: str, where: str) -> list[dict[str, Any]]:
    """Groups of a pattern: {"none": bool, "any": [stems and phrases]}."""
    groups = []
    for part in text.split("&"):
        part = part.strip()
        words = _unique(fold_stem(word) for word in part.removeprefix("!").split("|"))
        if not words or "" in words or words == ["*"]:
            raise BuildError(f"{where}: {text!r} has an empty group")
        groups.append({"none": part.startswith("!"), "any": words})
    if groups[0]["none"] or len(groups) < 2:
        raise BuildError(f"{where}: {text!r} needs a first group that is not negated, and a second")
    return groups


def fold_stem(word: str) -> str:
    """Fold a stem and keep its stars: `Cookie*` -> `cookie*`."""
    word = word.strip()
    head = "*" if word.startswith("*") else ""
    tail = "*" if word.endswith("*") and len(word) > 1 else ""
    return f"{head}{fold(word)}{tail}"


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def render(compiled: dict[str, Any]) -> str:
    """The text of `compiled.json`: one line a language, so that changes can be read."""
    return "\n".join(_lines(compiled)) + "\n"


def _lines(compiled: dict[str, Any]) -> Iterator[str]:
    def dump(value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    yield f'{{"names":{dump(compiled["names"])},"rules":{dump(compiled["rules"])},"languages":{{'
    languages = list(compiled["languages"].items())
    for number, (tag, data) in enumerate(languages, 1):
        yield f"{dump(tag)}:{dump(data)}{',' if number < len(languages) else ''}"
    yield "}}"


def main() -> int:
    """Write `compiled.json`; say on standard error what is wrong with a file."""
    try:
        text = render(build())
    except BuildError as exc:
        sys.stderr.write(f"{exc}\n")
        return 1
    COMPILED.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
