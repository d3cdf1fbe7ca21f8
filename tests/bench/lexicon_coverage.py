"""How much of the reference phrases the lexicon recognises, weakest language and category first.

    python tests/bench/lexicon_coverage.py [--hold-out SOURCE] [--language xx] [--misses N]

Counted are short phrases of several words (at most 80 characters) of languages that have a file.
A phrase counts as recognised where the matcher has any evidence for it, alone and with its
language given; `strong` is the share that would be deleted wherever it stood. `--hold-out` counts
only the phrases of one source that no other source words the same way.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from scrubber.lexicon.build import build
from scrubber.lexicon.fold import fold
from scrubber.lexicon.index import compile_index
from scrubber.lexicon.matcher import Matcher

PHRASES = Path(__file__).parents[2] / ".." / "shared" / "data" / "phrases" / "phrases.jsonl"
ALIASES = {"nn": "nb", "hbs": "bs", "sh": "bs", "kh": "km", "hyw": "hy", "pt-BR": "pt"}
UNSPACED = {"zh", "ja", "th", "lo", "km", "my"}


class Phrase(NamedTuple):
    """One reference phrase; `text` has its placeholders filled."""

    language: str
    category: str
    source: str
    text: str


def phrases(path: Path = PHRASES) -> Iterator[Phrase]:
    """The short phrases of several words, each once a language and source."""
    seen = set()
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        language = language_of(row["locale"])
        text = row["text"].replace("{}", "3").strip()
        phrase = Phrase(language, row["category"], row["source"], text)
        if phrase not in seen and is_counted(phrase):
            seen.add(phrase)
            yield phrase


def language_of(locale: str) -> str:
    """The lexicon file that answers for a locale."""
    return ALIASES.get(locale) or locale.partition("-")[0]


def is_counted(phrase: Phrase) -> bool:
    """Short, and more than one common word."""
    if len(phrase.text) > 80 or not any(letter.isalpha() for letter in phrase.text):
        return False
    if phrase.language in UNSPACED:
        return len(phrase.text) >= 4
    return len(fold(phrase.text).split()) > 1


def held_out(rows: list[Phrase], source: str) -> list[Phrase]:
    """The phrases that only `source` has."""
    others = {(row.language, fold(row.text)) for row in rows if row.source != source}
    own = [row for row in rows if row.source == source]
    return [row for row in own if (row.language, fold(row.text)) not in others]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--hold-out", metavar="SOURCE")
    parser.add_argument("--language")
    parser.add_argument("--misses", type=int, default=0, metavar="N")
    arguments = parser.parse_args()
    if not PHRASES.exists():
        print(f"{PHRASES.name} is not here: nothing to measure")
        return 0
    compiled = build()
    matcher = Matcher(compile_index(compiled))
    rows = [row for row in phrases() if row.language in compiled["languages"]]
    if arguments.hold_out:
        rows = held_out(rows, arguments.hold_out)
    if arguments.language:
        rows = [row for row in rows if row.language == arguments.language]
    report(rows, matcher, arguments.misses)
    return 0


def report(rows: list[Phrase], matcher: Matcher, misses: int) -> None:
    """One line a language and category, the weakest first, and the totals."""
    total: Counter[tuple[str, str]] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    strong: Counter[tuple[str, str]] = Counter()
    missed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        match = matcher.match(row.text, row.language)
        keys = [(row.language, row.category), (row.language, "*"), ("*", row.category), ("*", "*")]
        if match is None:
            missed[keys[0]].append(row.text)
        for key in keys:
            total[key] += 1
            found[key] += match is not None
            strong[key] += match is not None and match.strength in ("strong", "pattern")
    for key in sorted(total, key=lambda key: found[key] / total[key]):
        share = f"{found[key] / total[key]:6.1%} known {strong[key] / total[key]:6.1%} strong"
        print(f"{key[0]:8} {key[1]:16} {total[key]:5} {share}")
        for text in missed.get(key, [])[:misses]:
            print(f"         - {text}")


if __name__ == "__main__":
    raise SystemExit(main())
