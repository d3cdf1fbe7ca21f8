"""Train the guesses of `scrubber.lexicon.guess`, or see what they say of lines held out.

    python tests/bench/guess_training.py train
    python tests/bench/guess_training.py held-out source|language [--folds N]

Residue: the reference phrases, and the labels of the lexicon. Ordinary lines: short lines of the
annotated pages' main content, of the marked pages in tests/golden, and of what the tests of the
lexicon keep (Python's extra "train" is needed).

held-out: for each source of phrases (or each of N groups of languages) the model is trained
without it. Of its phrases that the lexicon does not know (without the labels that only that
source has), and of ordinary short lines of pages that were left out, too, the share that is guessed
to be residue is printed by threshold.
"""

from __future__ import annotations

import argparse
import json
import random
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
from clean_quality import ALIASES, GOLDEN, filled, without_source
from corpora import DATA, wcxb_pages

from scrubber.extract.scorer.corpus import read_ours
from scrubber.extract.scorer.marked_train import FOLDERS
from scrubber.lexicon.build import build, sources
from scrubber.lexicon.families import FAMILIES
from scrubber.lexicon.fold import fold
from scrubber.lexicon.guess import ORDINARY, WEIGHTS, may_guess
from scrubber.lexicon.guess_train import Example, train
from scrubber.lexicon.index import compile_index
from scrubber.lexicon.matcher import Matcher

KEPT = Path(__file__).parents[1] / "lexicon"
KEPT_FILES = ("keep", "everyday", "novel", "diary", "press", "sober")
ENGLISH_SHARE = 0.35  # of the annotated pages' lines, which are many
THRESHOLDS = (0.0, 1.0, 2.0, 3.0, 4.0)


class Row(NamedTuple):
    """One line. source: of a phrase, or the page or file that it is from."""

    language: str
    family: str
    source: str
    text: str


def rows() -> list[Row]:
    """Every short line, each once a language and kind."""
    found = [*_labels(), *_phrases(), *_annotated(), *_marked(), *_kept()]
    told = {(row.language, row.family == ORDINARY, row.text): row for row in reversed(found)}
    return [row for row in reversed(told.values()) if may_guess(row.text)]


def _labels() -> Iterator[Row]:
    for path in sources():
        data = tomllib.loads(path.read_text("utf-8"))
        for family in FAMILIES:
            for strength in ("strong", "weak"):
                for label in data.get(family, {}).get(strength, ()):
                    text = label.replace("{name}", "Facebook").replace("{n}", "12")
                    yield Row(path.stem, family, "lexicon", text.replace("{}", "Example"))


def _phrases() -> Iterator[Row]:
    for line in (DATA / "phrases" / "phrases.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        text = filled(row)
        if "}" not in text:  # of a plural's forms, which were not taken apart
            language = ALIASES.get(row["locale"], row["locale"])
            yield Row(language, row["category"], row["source"], text)


def _annotated() -> Iterator[Row]:
    chosen = random.Random(7)
    for page in wcxb_pages():
        for line in dict.fromkeys(map(str.strip, (page.truth or "").split("\n"))):
            if line and chosen.random() < ENGLISH_SHARE:
                yield Row("en", ORDINARY, page.domain, line)


def _marked() -> Iterator[Row]:
    for folder in (*FOLDERS, "today"):
        for sample in read_ours(GOLDEN / folder):
            said = "".join(sample.tree.attr(n, "lang") for n in sample.tree.find("html")[:1])
            language = said.split("-")[0].lower() or sample.name[-2:]
            counted = zip(sample.segments.texts, sample.counts, sample.hits, strict=True)
            for text, count, hit in counted:
                if 0 < 0.8 * count <= hit:
                    yield Row(language, ORDINARY, sample.name, " ".join(text.split()))


def _kept() -> Iterator[Row]:
    for name in KEPT_FILES:
        table = tomllib.loads((KEPT / f"{name}.toml").read_text("utf-8"))
        for language, lines in table.items():
            yield from (Row(language, ORDINARY, name, line) for line in lines)


def examples(matcher: Matcher, chosen: Sequence[Row]) -> list[Example]:
    """The rows of languages that have a vocabulary, with their features."""
    pairs = ((row, matcher.features(row.text, row.language)) for row in chosen)
    return [Example(row.language, row.family, frozenset(f)) for row, f in pairs if f]


def held_out(args: argparse.Namespace) -> None:
    """Print what is guessed of sources or languages that the model was trained without."""
    everything = rows()
    phrases = [row for row in everything if row.source != "lexicon" and row.family != ORDINARY]
    if args.by == "source":
        sizes = Counter(row.source for row in phrases)
        groups = [[source] for source, _ in sizes.most_common(args.folds)]
    else:
        tongues = sorted({row.language for row in phrases})
        groups = [tongues[at :: args.folds] for at in range(args.folds)]
    for group in groups:
        _hold_out(group, args.by, everything)


def _hold_out(group: Sequence[str], by: str, everything: Sequence[Row]) -> None:
    """Train without the phrases of a source, or any row of some languages, and guess at them."""
    by_source = by == "source"
    data = without_source(group[0]) if by_source else build()
    matcher = Matcher(compile_index(data))
    left = {row for row in everything if (row.source if by_source else row.language) in group}
    texts = {(row.language, fold(row.text)) for row in left}
    seen = [
        row
        for row in everything
        if row not in left
        and not _is_test(row)
        and not (row.source == "lexicon" and (row.language, fold(row.text)) in texts)
    ]
    guesser = train(examples(matcher, seen))
    asked = {
        "phrases": [row for row in left if row.family != ORDINARY and row.source != "lexicon"],
        "ordinary, en": [r for r in everything if _is_test(r) and r.language == "en"],
        "ordinary, others": [r for r in everything if _is_test(r) and r.language != "en"],
    }
    print(", ".join(group))
    for name, chosen in asked.items():
        unknown = [row for row in chosen if matcher.match(row.text, row.language) is None]
        features = [matcher.features(row.text, row.language) for row in unknown]
        odds = np.array([guesser.guess(f).odds if f else -np.inf for f in features])
        shares = " ".join(f"{np.mean(odds > least):.3f}>{least:g}" for least in THRESHOLDS)
        print(f"   {name}: {len(unknown)} of {len(chosen)} unknown, guessed {shares}", flush=True)


def _is_test(row: Row) -> bool:
    """True for the ordinary lines of every second page."""
    is_page = row.family == ORDINARY and row.source not in KEPT_FILES
    return is_page and crc32(row.source.encode()) % 2 == 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    commands = parser.add_subparsers(required=True)
    commands.add_parser("train").set_defaults(run=lambda _: train_all())
    command = commands.add_parser("held-out")
    command.set_defaults(run=held_out)
    command.add_argument("by", choices=("source", "language"))
    command.add_argument("--folds", type=int, default=4, metavar="N")
    args = parser.parse_args()
    args.run(args)


def train_all() -> None:
    """Write the weights that the package loads."""
    train(examples(Matcher(compile_index(build())), rows())).save(WEIGHTS)


if __name__ == "__main__":
    main()
