"""Labels and notices in words that nobody listed, by the vocabulary of interfaces.

"Show 3 earlier replies", "Zeige 3 vorherige Antworten": every word is one of a few concepts (show,
number, more, reply) or joins them. Each language's file gives the stems of the concepts; the rules
say for all languages at once which concepts together make a label or a notice (`_rules.toml`).

    words       concepts                    rule
    zeige       show                        reply & write|show|... -> comment_form
    0           number
    vorherige   more
    antworten   reply

In a label every word must be known, but for a name; in the sentence of a notice, most of them.
That, more than the rule, tells it from prose on the same subject.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from scrubber.lexicon.fold import NAME, fold
from scrubber.lexicon.index import StemFinder

LABEL_WORDS = 24  # of a line that may be a label
GAP_SHARE = 0.34  # of a label's words, in names
SLIP_SHARE = 0.125  # of a label's words, in others
NOTICE_SHARE = 0.34  # of a notice's words, strange to the vocabulary
# Where a name may stand: "Become a member of Example". "More posts on Example" is a heading.
_WITH_NAMES = frozenset(
    {"comment_form", "newsletter", "paywall_login", "cookie_consent", "copyright"}
)
_LATIN_OR_NUMBER = re.compile(r"[a-z0-9\ue000]+")
APOSTROPHES = str.maketrans("'’", "  ")
_MEMORY_WORDS = 50_000


class Rule(NamedTuple):
    """Concepts that make a label or a notice: one of every group."""

    family: str
    groups: tuple[frozenset[str], ...]

    def holds(self, concepts: set[str]) -> bool:
        """True where every group is among `concepts`."""
        return not any(group.isdisjoint(concepts) for group in self.groups)


class Parts(NamedTuple):
    """What a line is made of: concepts, and the share of its words that are strange, 0..1, to the
    vocabulary; named is the share of those that are written as names."""

    concepts: set[str]
    strange: float
    named: float = 0.0


class Rules:
    """The rules of all languages."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._labels = [Rule(family, tuple(map(frozenset, r))) for family, r in data["labels"]]
        self._notices = [Rule(family, tuple(map(frozenset, r))) for family, r in data["notices"]]

    def label(self, parts: Parts) -> str | None:
        """The family of a label of these parts."""
        if parts.strange > GAP_SHARE or parts.strange - parts.named > SLIP_SHARE:
            return None
        concepts = parts.concepts | {"name"} if parts.named else parts.concepts
        holding = (rule.family for rule in self._labels if rule.holds(concepts))
        return next((f for f in holding if not parts.strange or f in _WITH_NAMES), None)

    def notice(self, parts: Parts) -> Rule | None:
        """The rule by which a sentence of these parts is a notice's."""
        if parts.strange > NOTICE_SHARE:
            return None
        return next((rule for rule in self._notices if rule.holds(parts.concepts)), None)


class Vocabulary:
    """One language's interface words: stems of concepts, and the words that join them."""

    def __init__(self, language: Mapping[str, Any]) -> None:
        """language: a compiled one; of its words, `others` are those of narration, such as "she":
        no interface speaks of third persons."""
        self._concepts: dict[str, set[str]] = {}
        self._add(language["concepts"])
        self._add({"address": language["address"]})
        self._others = frozenset(language["others"])
        self._joiners = frozenset(language["common"]) - self._others
        self._apostrophes = APOSTROPHES if language["elides"] else {}
        self._finder = StemFinder()
        phrases = [stem for stem in self._concepts if " " in stem]
        for stem in self._concepts.keys() - phrases:
            self._finder.add(stem)
        self._phrases = sorted(phrases, key=len, reverse=True)
        self._phrase_words = {word.strip("*") for phrase in phrases for word in phrase.split()}
        self._words: dict[str, frozenset[str] | None] = {}
        self._pieces = None if language["spaced"] else self._compile_pieces()

    def _add(self, concepts: Mapping[str, Iterable[str]]) -> None:
        for concept, stems in concepts.items():
            for stem in stems:
                self._concepts.setdefault(stem, set()).add(concept)

    def _compile_pieces(self) -> re.Pattern[str]:
        pieces = {stem.strip("*") for stem in self._concepts} | self._joiners
        longest_first = sorted(pieces, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)))

    def fold(self, text: str) -> str:
        """Folded text; where the language elides, "l'article" is two words."""
        return fold(text.translate(self._apostrophes))

    def knows(self, word: str) -> bool:
        """True for a word that may be part of a label; quick, and too generous at times."""
        return any(
            part in self._phrase_words or self._concepts_of(part) is not None
            for part in self.fold(word).split()
        )

    def stem_of(self, folded: str, concepts: Collection[str]) -> str:
        """The first stem in a folded text that stands for one of the concepts; "" for none."""
        stems = (stem for word in folded.split() for stem in self._finder.stems_of(word))
        chosen = (stem for stem in stems if not self._concepts[stem].isdisjoint(concepts))
        return next(chosen, "").strip("*")

    def parts_of(
        self, folded: str, is_name: Callable[[str], bool], named: Collection[str] = ()
    ) -> Parts | None:
        """The parts of a folded line; `None` where it narrates. named: words written as names."""
        if self._pieces is not None:
            return self._parts_unspaced(folded, self._pieces)
        rest, found = self._take_phrases(f" {folded} ")
        strange = []
        for word in rest.split():
            concepts = self._concepts_of(word)
            if word in self._others:
                return None
            if word == NAME or is_name(word):
                found.add("name")
            elif word == "0":
                found.add("number")
            elif concepts is not None:
                found |= concepts
            else:
                strange.append(word)
        total = folded.count(" ") + 1
        return Parts(found, len(strange) / total, sum(w in named for w in strange) / total)

    def _take_phrases(self, padded: str) -> tuple[str, set[str]]:
        """What is left of a padded line without its phrases, and their concepts."""
        found: set[str] = set()
        for phrase in self._phrases:
            bare = f" {phrase.rstrip('*')}"
            if bare not in padded:
                continue
            end = r"\S*" if phrase.endswith("*") else r"(?= )"
            padded, count = re.subn(re.escape(bare) + end, " ", padded)
            if count:
                found |= self._concepts[phrase]
                found.update(*(self._concepts_of(word) or () for word in bare.split()))
        return padded, found

    def _concepts_of(self, word: str) -> frozenset[str] | None:
        """Concepts of one folded word; none for a joiner, `None` for a word of no label."""
        if word in self._words:
            return self._words[word]
        if len(self._words) > _MEMORY_WORDS:
            self._words.clear()
        stems = self._finder.stems_of(word.lstrip("0") or word)  # "12-day" may be one word
        found = frozenset(concept for stem in stems for concept in self._concepts[stem])
        known = found or word in self._joiners or word == "0"
        concepts = self._words[word] = found if known else None
        return concepts

    def _parts_unspaced(self, folded: str, pieces: re.Pattern[str]) -> Parts | None:
        found: set[str] = set()
        bare = folded.replace(" ", "")
        if any(word in bare for word in self._others):
            return None
        for piece in pieces.findall(bare):
            found |= self._concepts.get(piece, set()) | self._concepts.get(f"{piece}*", set())
        rest = pieces.sub("", bare)
        found |= {"number"} if "0" in rest else set()
        return Parts(found, len(_LATIN_OR_NUMBER.sub("", rest)) / len(bare))
