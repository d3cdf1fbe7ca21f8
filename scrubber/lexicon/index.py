"""The compiled lexicon in memory: dictionaries that a line is looked up in.

Everything is a hash lookup. Whole labels are keys. Stems are found per word through a memory of
words already seen, because running text repeats its words: measured on 14 MB of articles this
costs 20 ns a character, as much as an Aho-Corasick automaton in C (18 ns), and needs no compiled
dependency. All languages are in one index, since a banner's language may differ from its page's.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from scrubber.lexicon.families import FAMILIES
from scrubber.lexicon.fold import NAME, WILD, is_unspaced

Strength = Literal["strong", "weak", "leads"]
_LATIN_RUN = re.compile("[a-z0-9]+")
_NO_STEMS: frozenset[str] = frozenset()
# Of a page's few lines it is hard to say which of these they are in.
_SIBLINGS = (("bs", "hr", "sr"),)
_MEMORY_WORDS = 100_000  # words remembered before the memory starts afresh: some 20 MB


class Label(NamedTuple):
    """What one language says about a folded line."""

    language: str
    family: str
    strength: Strength


class Group(NamedTuple):
    """One group of a pattern: any of `words` (stems with stars) or `phrases` (of several words)."""

    negated: bool
    words: frozenset[str]
    phrases: tuple[str, ...]  # folded, with a space at each end that must fall on a word's edge


class Pattern(NamedTuple):
    """Stems that make a sentence residue when every group is there.

    needs: of each group but the first, the stems of which one must be there: its words, and the
    longest word of each of its phrases.
    """

    language: str
    family: str
    groups: tuple[Group, ...]
    needs: tuple[frozenset[str], ...]


class Template(NamedTuple):
    """A label with gaps, of one to six words (or 24 characters where words are unspaced).

    head, tail: what its lines begin and end with, for a quick look. expression: of the whole line;
    few are ever asked for, so it is compiled by `matches`.
    """

    expression: str
    label: Label
    head: str
    tail: str

    def matches(self, folded: str) -> bool:
        """Whether the whole folded line is this label."""
        return (
            folded.endswith(self.tail) and _compiled(self.expression).fullmatch(folded) is not None
        )


_compiled = cache(re.compile)


@dataclass(slots=True)
class Lexicon:
    """All languages, indexed.

    labels: folded whole line -> what languages say of it. openings: first word (or character,
    where words are unspaced) of any label -> the lengths of those labels. anchors: stem of a
    pattern's first group -> language -> patterns. speakers: function word -> languages. concepts:
    language -> what `scrubber.lexicon.parts` reads of it, and rules: what it reads for all of them.
    """

    labels: dict[str, list[Label]] = field(default_factory=dict)
    openings: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    templates: dict[str, list[Template]] = field(default_factory=lambda: defaultdict(list))
    anchors: dict[str, dict[str, list[Pattern]]] = field(default_factory=dict)
    speakers: dict[str, frozenset[str]] = field(default_factory=dict)
    unspaced: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    common: dict[str, list[str]] = field(default_factory=dict)
    address: dict[str, frozenset[str]] = field(default_factory=dict)
    reporting: dict[str, frozenset[str]] = field(default_factory=dict)
    concepts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)
    stems: StemFinder = field(default_factory=lambda: StemFinder())

    def near(self, language: str | None) -> Set[str]:
        """The languages that any sentence of such a document may be in: its own, English, and
        those without spaces, whose words are not told apart."""
        return self.unspaced | {language or "en", "en", *siblings(language)}

    def add_label(self, folded: str, label: Label) -> None:
        """Index one folded label, with or without a gap."""
        if WILD in folded:
            self._add_template(folded, label)
            return
        self.labels.setdefault(folded, []).append(label)
        if label.strength != "leads":
            unspaced = is_unspaced(folded)
            key = folded[0] if unspaced else folded.split(" ", 1)[0]
            self.openings[key].add(len(folded) if unspaced else folded.count(" ") + 1)

    def _add_template(self, folded: str, label: Label) -> None:
        unspaced = is_unspaced(folded)
        parts = [part.strip() for part in folded.split(WILD)]
        key = parts[0] or parts[-1]
        if unspaced:
            key = key[:1] if parts[0] else key[-1:]
        else:
            key = key.split()[0 if parts[0] else -1]
        template = Template(_template_expression(parts, unspaced), label, parts[0], parts[-1])
        self.templates[key].append(template)

    def add_pattern(self, pattern: Pattern) -> None:
        """Index one pattern by the words of its first group."""
        first = pattern.groups[0]
        for stem in (*first.words, *(_longest_word(phrase) for phrase in first.phrases)):
            self.anchors.setdefault(stem, {}).setdefault(pattern.language, []).append(pattern)
            self.stems.add(stem)
        for stem in frozenset().union(*pattern.needs, *(group.words for group in pattern.groups)):
            self.stems.add(stem)


def _template_expression(parts: Sequence[str], unspaced: bool) -> str:
    """The expression of a folded label whose `parts` are what stands between its gaps."""
    if unspaced:
        return r" ?.{1,24}? ?".join(map(re.escape, parts))
    gap = r"\S+(?: \S+){0,5}?"
    words = [piece for part in parts for piece in (gap, re.escape(part)) if piece][1:]
    return " ".join(words)


def _longest_word(phrase: str) -> str:
    """The stem under which a phrase is indexed; a phrase cut at its end ends in a stem."""
    words = phrase.split()
    stems = [*words[:-1], words[-1] + ("" if phrase.endswith(" ") else "*")]
    return max(stems, key=len)


class Prefixes:
    """A set of strings that tells those that a word begins with.

    In sorted order all of them stand at or before the word, and the last that does begins with
    each of them. So one search finds that last one, whose own beginnings are known.
    """

    def __init__(self) -> None:
        self.all: set[str] = set()
        self._sorted: list[str] = []
        self._beginnings: list[tuple[str, ...]] = []

    def add(self, prefix: str) -> None:
        """Tell `prefix` from now on."""
        self.all.add(prefix)
        self._sorted.clear()

    def of(self, word: str) -> list[str]:
        """Those that `word` begins with, the shortest first."""
        if len(self._sorted) < len(self.all):
            self._sort()
        last = bisect_right(self._sorted, word) - 1
        return [p for p in self._beginnings[last] if word.startswith(p)] if last >= 0 else []

    def _sort(self) -> None:
        self._sorted = sorted(self.all)
        self._beginnings = []
        chain: tuple[str, ...] = ()
        for prefix in self._sorted:
            chain = (*(p for p in chain if prefix.startswith(p)), prefix)
            self._beginnings.append(chain)


class Known(NamedTuple):
    """Folded words of which something is known: whole ones, and what more begin with or hold."""

    words: Set[str]
    beginnings: Iterable[str]
    insides: Iterable[str] = ()


class Sieve:
    """Lets through the words of which something is known, and holds back the many others.

    Of beginnings that begin with another only that other is kept: so one search and one comparison
    tell.
    """

    def __init__(self, *known: Known) -> None:
        self._words = frozenset[str]().union(*(kind.words for kind in known))
        self._beginnings: list[str] = []
        for beginning in sorted({b for kind in known for b in kind.beginnings}):
            if not self._beginnings or not beginning.startswith(self._beginnings[-1]):
                self._beginnings.append(beginning)
        insides = {inside for kind in known for inside in kind.insides}
        self._insides = [x for x in insides if not any(y in x for y in insides - {x})]

    def passes(self, word: str) -> bool:
        """False for a folded word that is none of the known ones."""
        nearest = bisect_right(self._beginnings, word) - 1
        if word in self._words:
            return True
        if nearest >= 0 and word.startswith(self._beginnings[nearest]):
            return True
        for inside in self._insides:  # noqa: SIM110 - asked of every new word: half the price of `any`
            if inside in word:
                return True
        return False


class StemFinder:
    """Finds the stems that occur in words, remembering every word it has seen."""

    def __init__(self) -> None:
        self._exact: set[str] = set()
        self._prefixes = Prefixes()
        self._inside: dict[str, str] = {}  # substring -> stem
        self._unspaced_count = 0
        # First character of stems in unspaced scripts -> such stems, numbered as they came.
        self._unspaced: dict[str, dict[str, int]] = {}
        self._words: dict[str, frozenset[str]] = {}

    def add(self, stem: str) -> None:
        """Look for `stem` from now on."""
        bare = stem.strip("*")
        if is_unspaced(bare):
            known = self._unspaced.setdefault(bare[0], {})
            self._unspaced_count += stem not in known
            known.setdefault(stem, self._unspaced_count)
        elif stem.startswith("*"):
            self._inside[bare] = stem
        elif stem.endswith("*"):
            self._prefixes.add(bare)
        else:
            self._exact.add(stem)
        self._words.clear()

    @property
    def known(self) -> Known:
        """The stems, but for those of scripts without spaces."""
        return Known(self._exact, self._prefixes.all, self._inside)

    def find(self, folded: str) -> set[str]:
        """The stems that occur in folded text."""
        words = set(folded.split())
        if len(self._words) > _MEMORY_WORDS:
            self._words.clear()
        for word in words.difference(self._words):
            self._remember(word)
        return set().union(*filter(None, map(self._words.get, words)))

    def _remember(self, word: str) -> None:
        self._words[word] = frozenset(self.stems_of(word)) or _NO_STEMS

    def stems_of(self, word: str) -> Iterable[str]:
        """The stems that one folded word holds; not remembered."""
        if is_unspaced(word):
            found = [
                (number, stem)
                for opening in self._unspaced.keys() & set(word)
                for stem, number in self._unspaced[opening].items()
                if stem.strip("*") in word
            ]
            inside = [stem for _, stem in sorted(found)]
            for latin in _LATIN_RUN.findall(word):  # "cookieを" holds the word "cookie"
                inside.extend(self.stems_of(latin))
            return inside
        stems = [word] if word in self._exact else []
        stems += [f"{prefix}*" for prefix in self._prefixes.of(word)]
        for bare, stem in self._inside.items():
            if bare in word:
                stems.append(stem)
        return stems


def siblings(language: str | None) -> Sequence[str]:
    """The languages that one is easily taken for, since they share most words; none for most."""
    return next((group for group in _SIBLINGS if language in group), ())


@lru_cache(maxsize=1)
def load() -> Lexicon:
    """The lexicon of all languages; read once in a process."""
    data = json.loads((Path(__file__).parent / "compiled.json").read_text("utf-8"))
    return compile_index(data)


def compile_index(data: Mapping[str, Any]) -> Lexicon:
    """Index a compiled value of `scrubber.lexicon.build.build`."""
    lexicon = Lexicon(names=set(data["names"]))
    for tag, language in data["languages"].items():
        lexicon.common[tag] = language["common"]
        if not language["spaced"]:
            lexicon.unspaced.add(tag)
        lexicon.address[tag] = frozenset(language["address"])
        lexicon.reporting[tag] = frozenset(language["reporting"])
        for stem in (*language["address"], *language["reporting"]):
            if " " not in stem:
                lexicon.stems.add(stem)
        for family in FAMILIES:
            _add_family(lexicon, tag, family, language.get(family, {}))
        if "concepts" in language:
            lexicon.concepts[tag] = language
    lexicon.rules = data["rules"]
    lexicon.speakers = _speakers(lexicon.common)
    return lexicon


def _speakers(common: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    languages: dict[str, set[str]] = defaultdict(set)
    for tag, words in common.items():
        for word in words:
            languages[word].add(tag)
    return {word: frozenset(tags) for word, tags in languages.items()}


def _add_family(lexicon: Lexicon, tag: str, family: str, table: Mapping[str, Any]) -> None:
    strengths: tuple[Strength, ...] = ("strong", "weak", "leads")
    for strength in strengths:
        label = Label(tag, family, strength)
        for folded in table.get(strength, ()):
            lexicon.add_label(folded, label)
    for groups in table.get("patterns", ()):
        made = tuple(map(_group, groups))
        needs = tuple(_needs(group) for group in made[1:] if not group.negated)
        lexicon.add_pattern(Pattern(tag, family, made, needs))


def _group(group: Mapping[str, Any]) -> Group:
    words = [word for word in group["any"] if " " not in word]
    phrases = [
        f" {word.strip('*')}{'' if word.endswith('*') else ' '}"
        for word in group["any"]
        if " " in word
    ]
    return Group(group["none"], frozenset(words), tuple(phrases))


def _needs(group: Group) -> frozenset[str]:
    return group.words | frozenset(map(_longest_word, group.phrases))


__all__ = ["NAME", "Group", "Label", "Lexicon", "Pattern", "Template", "compile_index", "load"]
