"""Labels and notices in words that nobody listed, by the vocabulary of interfaces.

"Show 3 previous replies", "Zeige 3 vorherige Antworten": every word is one of a few concepts (show,
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
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from operator import or_
from typing import Any, NamedTuple

from scrubber.lexicon.fold import NAME, fold, is_unspaced
from scrubber.lexicon.index import Known, StemFinder

LABEL_WORDS = 24  # of a line that may be a label
GAP_SHARE = 0.34  # of a label's words, in names
MADE_SHARE = 0.5  # of a line's words, in names, that says what a site is made with
SLIP_SHARE = 0.125  # of a label's words, in others
RICH_SLIP = 0.25  # where many concepts tell what it is
NOTICE_SHARE = 0.34  # of a notice's words, strange to the vocabulary
# Where a name may stand: "Become a member of Example". "More posts on Example" is a heading.
_WITH_NAMES = frozenset(
    {"comment_form", "newsletter", "paywall_login", "cookie_consent", "copyright"}
)
_LATIN = re.compile(r"[a-z\ue000]")
_LATIN_OR_NUMBER = re.compile(r"[a-z0-9\ue000]+")
_LEAST_WORD = 3  # characters of a word behind a prefix
APOSTROPHES = frozenset("'’")
APART = str.maketrans(dict.fromkeys(APOSTROPHES, " "))
_MEMORY_WORDS = 50_000
_MEMORY_MASKS = 50_000  # of which it is remembered what holds
# What consent dialogues speak of; how many concepts tell such a sentence, strange words or not.
_SUBJECTS = (
    "cookie", "consent", "privacy", "tcf", "setting", "service", "partner", "purpose", "data"
)  # fmt: skip
# What only comment sections and their like speak of; a sentence without may be a manual's.
_WIDGETS = (
    "comment", "reply", "discuss", "react", "cookie", "consent", "service", "letter", "subscribe",
    "login", "member", "remember", "email", "spam", "thought", "ask", "share", "social", "form",
)  # fmt: skip
# What a sentence speaks of that may be a site's; of votes, consent, members or files may be any.
_ADDRESSED = (
    "address", "comment", "reply", "cookie", "tcf", "partner", "purpose", "service", "privacy",
    "letter", "subscribe", "email", "login", "account", "trial", "site", "form",
    "licence", "browser", "script", "blocker", "error", "wait", "none", "reserved", "ask", "ad",
    "app", "spam", "expire", "thought", "news", "copyright",
)  # fmt: skip
# What a site says in a sentence that addresses nobody: "Accept it to view this content.",
# "Copying without permission is prohibited."
_TERMS = (
    ("accept", "show", "post"), ("accept", "reject", "all"), ("copy", "permit"), ("copy", "forbid")
)  # fmt: skip
_TRACKERS = ("cookie", "partner", "tcf")
_TELLING = 4
# What widgets speak of; of how many concepts a label that may have a word of its own.
_CORES = ("comment", "reply", "cookie", "consent", "partner", "purpose")
_RICH = 3
_FACTS = ("number", "name", "address", "note")  # that are no concepts of the list


class Rule(NamedTuple):
    """Concepts that make a label or a notice: one of every group; each group a mask.

    opening: the first group, by which most rules are ruled out.
    """

    family: str
    opening: int
    others: tuple[int, ...]

    def completed_by(self, concepts: int) -> bool:
        """True where every group but the first is among `concepts`."""
        for group in self.others:  # noqa: SIM110 - asked very often: half the price of `all`
            if not group & concepts:
                return False
        return True

    def is_told_by(self, words: Sequence[int]) -> bool:
        """True where each group has a word of its own: German "zustimmen" stands for "accept" and
        for "consent", but alone it is not both. words: the concepts of each."""
        return _have_own_words((self.opening, *self.others), words)


class Named(NamedTuple):
    """What a rule calls a label: its family, and whether it is one wherever it stands."""

    family: str
    is_sure: bool

    @property
    def name_share(self) -> float:
        """Share of such a label's words, 0..1, that may be names."""
        if not self.is_sure or self.family not in _WITH_NAMES:
            return 0.0
        return MADE_SHARE if self.family == "copyright" else GAP_SHARE


class Parts(NamedTuple):
    """What a line is made of: concepts, and the share of its words that are strange, 0..1, to the
    vocabulary; named is the share of those that are written as names. narrates: some are words of
    narration, such as "they". words: the concepts of each word or phrase that has some."""

    concepts: int
    strange: float
    named: float = 0.0
    narrates: bool = False
    words: tuple[int, ...] = ()


class Rules:
    """The rules of all languages.

    Concepts are bits, and the concepts of a line a mask, for which what holds is remembered.
    opening: the concepts of which every label or notice has one, those of the rules' first groups.
    anything: all that a word may be of which nothing can be told.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        known = (word for rules in data.values() for _, r in rules for g in r for word in g)
        self.bits = {concept: 1 << at for at, concept in enumerate(sorted({*known, *_FACTS}))}
        self._labels = [self._rule(family, groups) for family, groups in data["labels"]]
        self._weak = [self._rule(family, groups) for family, groups in data["weak"]]
        self._notices = [self._rule(family, groups) for family, groups in data["notices"]]
        self.anything = (1 << len(self.bits)) - 1
        self.opening = 0
        for rule in (*self._labels, *self._weak, *self._notices):
            self.opening |= rule.opening
        self._subjects = self.mask(_SUBJECTS)
        self._cores = self.mask(_CORES)
        self._trackers = self.mask(_TRACKERS)
        self._widgets = self.mask(_WIDGETS)
        self._vague = self.mask(("filler", *_FACTS))
        self._addressed = self.mask(_ADDRESSED)
        self._terms = tuple(map(self.mask, _TERMS))
        self._dialog = self.mask((*_TRACKERS, "service", "data"))
        self._holding: dict[int, tuple[list[tuple[Named, Rule]], list[Rule]]] = {}

    def _rule(self, family: str, groups: Iterable[Iterable[str]]) -> Rule:
        opening, *others = map(self.mask, groups)
        return Rule(family, opening, tuple(others))

    def mask(self, concepts: Iterable[str]) -> int:
        """The mask of concepts; those that no rule asks for have no bit."""
        mask = 0
        for concept in concepts:
            mask |= self.bits.get(concept, 0)
        return mask

    def label(
        self, parts: Parts, *, has_note: bool = False, is_sentence: bool = False
    ) -> Named | None:
        """A label of these parts. has_note: it ends in a bracket, "(required)". is_sentence: it is
        written as one, and no word counts twice."""
        if parts.narrates or parts.strange > MADE_SHARE or parts.strange - parts.named > RICH_SLIP:
            return None
        signs = [self.bits["name"]] * (parts.named > 0) + [self.bits["note"]] * has_note
        labels, _ = self._held(reduce(or_, signs, parts.concepts))
        share = parts.named if self.is_rich(parts) else parts.strange
        likely = (pair for pair in labels if pair[0].name_share >= share)
        words = (*parts.words, *signs)
        is_clear = not is_sentence or self.is_telling(parts)
        return next((n for n, rule in likely if is_clear or rule.is_told_by(words)), None)

    def is_rich(self, parts: Parts) -> bool:
        """True where a label may have a word of its own: of many concepts, one is of widgets."""
        concepts = parts.concepts & ~self._vague
        return concepts.bit_count() >= _RICH and bool(concepts & self._cores)

    def is_manual(self, family: str, parts: Parts) -> bool:
        """True where a sentence is of files, errors and the like, as those of a manual are."""
        return family == "comment_form" and not parts.concepts & self._widgets

    def is_account(self, parts: Parts) -> bool:
        """True where a sentence neither speaks to the reader nor of what only sites have, as one
        of a council's votes or of a patient's consent."""
        concepts = parts.concepts
        are_terms = any(concepts & mask == mask for mask in self._terms)
        return not (concepts & self._addressed or are_terms)

    def is_dialog(self, parts: Parts) -> bool:
        """True where a line is of services and partners, as consent dialogues are."""
        return bool(parts.concepts & self._dialog)

    def is_telling(self, parts: Parts) -> bool:
        """True where a sentence may have a word of its own: it addresses the reader and has many
        concepts, a subject of consent dialogues among them."""
        concepts = parts.concepts
        if not (concepts & self.bits["address"] and concepts & self._subjects):
            return False
        return (concepts & ~self._vague).bit_count() >= _TELLING

    def notice(self, parts: Parts) -> Rule | None:
        """The rule by which a sentence of these parts is a notice's.

        One that narrates must speak to the reader of cookies or partners: "They also process ..."
        """
        is_telling = self.is_telling(parts)
        is_clear = is_telling and parts.concepts & self._trackers
        counts_twice = is_telling or parts.concepts & self.bits["tcf"]  # whose phrases tell alone
        if parts.strange > NOTICE_SHARE or (parts.narrates and not is_clear):
            return None
        rules = self._held(parts.concepts)[1]
        return next((r for r in rules if counts_twice or r.is_told_by(parts.words)), None)

    def may_hold(self, words: Iterable[int]) -> tuple[bool, bool]:
        """Whether any rule of labels, and any of notices, holds for the concepts of a line's words,
        whatever else it has."""
        concepts = self.bits["name"] | self.bits["note"]
        for mask in words:
            concepts |= mask
        labels, notices = self._held(concepts)
        return bool(labels), bool(notices)

    def _held(self, concepts: int) -> tuple[list[tuple[Named, Rule]], list[Rule]]:
        """The labels' rules that hold, weak ones last, and the notices'; remembered."""
        found = self._holding.get(concepts)
        if found is None:
            if len(self._holding) > _MEMORY_MASKS:
                self._holding.clear()
            strong = [(Named(r.family, True), r) for r in _holding(self._labels, concepts)]
            weak = [(Named(r.family, False), r) for r in _holding(self._weak, concepts)]
            notices = _holding(self._notices, concepts)
            found = self._holding[concepts] = ([*strong, *weak], notices)
        return found


def _have_own_words(groups: Sequence[int], words: Sequence[int]) -> bool:
    """True where every group can be given a word that no other group has."""
    if not groups:
        return True
    return any(
        groups[0] & word and _have_own_words(groups[1:], (*words[:at], *words[at + 1 :]))
        for at, word in enumerate(words)
    )


def _holding(rules: Iterable[Rule], concepts: int) -> list[Rule]:
    """Those of `rules` that hold for `concepts`."""
    return [rule for rule in rules if rule.opening & concepts and rule.completed_by(concepts)]


class _Phrase(NamedTuple):
    """Several words that stand for concepts together. rank: of the longest 0; bare: with a space
    before the first."""

    rank: int
    bare: str
    expression: str
    concepts: int


class Vocabulary:
    """One language's interface words: stems of concepts, and the words that join them."""

    def __init__(self, language: Mapping[str, Any], rules: Rules) -> None:
        """language: a compiled one; of its words, `others` are those of narration, such as "she":
        no interface speaks of third persons."""
        self._rules = rules
        self._name, self._number = rules.bits["name"], rules.bits["number"]
        self._address = rules.bits["address"]
        self._concepts: dict[str, int] = {}
        self._add(language["concepts"])
        self._add({"address": language["address"]})
        self._others = frozenset(language["others"])
        self._joiners = frozenset(language["common"]) - self._others
        self._prefixes = sorted(language["prefixes"], key=len, reverse=True)
        self.elides: bool = language["elides"]
        self._finder = StemFinder()
        phrases = [stem for stem in self._concepts if " " in stem]
        for stem in self._concepts:
            if " " not in stem:
                self._finder.add(stem)
        self._phrases: dict[str, list[_Phrase]] = {}  # by their first words
        for at, stem in enumerate(sorted(phrases, key=len, reverse=True)):
            self._phrases.setdefault(stem.split()[0], []).append(self._phrase(at, stem))
        self._phrase_words = self._masks_by_word(phrases)
        self._words: dict[str, int | None] = {}
        self._pieces = None if language["spaced"] else self._compile_pieces()

    def _add(self, concepts: Mapping[str, Iterable[str]]) -> None:
        for concept, stems in concepts.items():
            bit = self._rules.mask([concept])
            for stem in stems:
                self._concepts[stem] = self._concepts.get(stem, 0) | bit

    def _masks_by_word(self, phrases: Iterable[str]) -> dict[str, int]:
        """The words of phrases; the rarest that is not cut off carries its phrase's concepts: the
        longest that neither joins nor addresses, as "this" and "your" do in many lines."""
        masks = {word.strip("*"): 0 for phrase in phrases for word in phrase.split()}
        address = {stem for stem, mask in self._concepts.items() if mask & self._address}
        frequent = self._joiners | address
        for phrase in phrases:
            whole = (word for word in phrase.split() if "*" not in word)
            rarest = max(whole, key=lambda word: (word not in frequent, len(word)))
            masks[rarest] |= self._concepts[phrase]
        return masks

    def _phrase(self, rank: int, stem: str) -> _Phrase:
        bare = f" {stem.rstrip('*')}"
        end = r"\S*" if stem.endswith("*") else r"(?= )"
        return _Phrase(rank, bare, re.escape(bare) + end, self._concepts[stem])

    def _compile_pieces(self) -> re.Pattern[str]:
        pieces = {stem.strip("*") for stem in self._concepts} | self._joiners
        longest_first = sorted(pieces, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)))

    def fold(self, text: str) -> str:
        """Folded text; where the language elides, "l'article" is two words."""
        return fold(text.translate(APART) if self.elides else text)

    def concepts_in(self, word: str, folded: Sequence[str]) -> int | None:
        """The concepts that a word as it stands may add to a line, too many at times; `None`
        for a word of no label. folded: its `scrubber.lexicon.fold.fold_words`."""
        if self._pieces is not None and is_unspaced(word):
            return self._rules.anything
        found, is_known = 0, False
        if self.elides and not APOSTROPHES.isdisjoint(word):
            folded = self.fold(word).split()
        for part in folded:
            in_phrases, alone = self._phrase_words.get(part), self._concepts_of(part)
            is_known = is_known or in_phrases is not None or alone is not None
            found |= (in_phrases or 0) | (alone or 0)
        if not is_known:
            return self.unknown
        return found if self._pieces is None else self._rules.anything

    @property
    def unknown(self) -> int | None:
        """The concepts of a word that the vocabulary has not; where words are unspaced, other
        scripts' words stand for names."""
        return None if self._pieces is None else self._name

    @cached_property
    def known(self) -> Known:
        """Without any of these a folded word is unknown."""
        words, beginnings, insides = self._finder.known
        words = frozenset(words).union(self._phrase_words, self._joiners)
        return Known(words, {*beginnings, *self._prefixes, "0"}, insides)

    def stem_of(self, folded: str, concepts: int) -> str:
        """The first stem in a folded text that stands for one of the concepts; "" for none."""
        stems = (stem for word in folded.split() for stem in self._finder.stems_of(word))
        return next((stem for stem in stems if self._concepts[stem] & concepts), "").strip("*")

    def parts_of(
        self, folded: str, is_name: Callable[[str], bool], named: Collection[str] = ()
    ) -> Parts | None:
        """The parts of a folded line. named: words written as names."""
        if self._pieces is not None:
            return self._parts_unspaced(folded, self._pieces)
        words = folded.split()
        total = max(len(words), 1)
        told: list[int] = []
        if openers := self._phrases.keys() & words:
            likely = sorted(phrase for word in openers for phrase in self._phrases[word])
            rest, told = self._take_phrases(f" {folded} ", likely)
            words = rest.split()
        strange = []
        for word in words:
            concepts = self._concepts_of(word)
            if word == NAME or is_name(word):
                told.append(self._name | (concepts or 0))  # "email" is a row's name and a concept
            elif word == "0":
                told.append(self._number)
            elif concepts is not None:
                told.append(concepts)
            else:
                strange.append(word)
        narrates = not self._others.isdisjoint(words)
        share = sum(word in named for word in strange) / total
        telling = tuple(filter(None, told))
        return Parts(reduce(or_, telling, 0), len(strange) / total, share, narrates, telling)

    def _take_phrases(self, padded: str, phrases: Iterable[_Phrase]) -> tuple[str, list[int]]:
        """What is left of a padded line without those phrases, and the concepts of each and of
        its words."""
        found: list[int] = []
        for phrase in phrases:
            if phrase.bare not in padded:
                continue
            padded, count = re.subn(phrase.expression, " ", padded)
            if count:
                found.append(phrase.concepts)
                found += [self._concepts_of(word) or 0 for word in phrase.bare.split()]
        return padded, found

    def _concepts_of(self, word: str) -> int | None:
        """Concepts of one folded word; 0 for a joiner, `None` for a word of no label."""
        if word in self._words:
            return self._words[word]
        if len(self._words) > _MEMORY_WORDS:
            self._words.clear()
        found = self._look_up(word)
        if found is None:
            found = next(filter(None, map(self._look_up, self._without_prefix(word))), None)
        self._words[word] = found
        return found

    def _look_up(self, word: str) -> int | None:
        stems = self._finder.stems_of(word.lstrip("0") or word)  # "12-day" may be one word
        found = 0
        for stem in stems:
            found |= self._concepts[stem]
        return found if stems or word in self._joiners or word == "0" else None

    def _without_prefix(self, word: str) -> Iterator[str]:
        """The word without an article or a preposition that is written as one with it."""
        for prefix in self._prefixes:
            if word.startswith(prefix) and len(word) - len(prefix) >= _LEAST_WORD:
                yield word[len(prefix) :]

    def _parts_unspaced(self, folded: str, pieces: re.Pattern[str]) -> Parts | None:
        bare = folded.replace(" ", "")
        if not is_unspaced(bare) or any(word in bare for word in self._others):
            return None
        told = [
            self._concepts.get(piece, 0) | self._concepts.get(f"{piece}*", 0)
            for piece in pieces.findall(bare)
        ]
        rest = pieces.sub("", bare)
        told += [self._number] * ("0" in bare) + [self._name] * (_LATIN.search(rest) is not None)
        strange = len(_LATIN_OR_NUMBER.sub("", rest)) / len(bare)
        return Parts(reduce(or_, told, 0), strange, words=tuple(filter(None, told)))
