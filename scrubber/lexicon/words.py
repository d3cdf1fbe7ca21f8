"""What a word may mean to a line: the quick look that spares most lines the slow ones.

Running text repeats its words, so each distinct word is judged once and remembered; a line is
then looked at through sets of words, without a step of its own for any of them. A label begins
and ends with words that labels begin and end with and has no others between; a notice has a word
that opens a pattern or a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from scrubber.lexicon.fold import fold, is_unspaced
from scrubber.lexicon.index import Lexicon
from scrubber.lexicon.parts import NOTICE_SHARE, Rules, Vocabulary
from scrubber.lexicon.scan import (
    ANCHOR,
    BEGINS,
    CLOSES,
    FOREIGN,
    GAP_BEFORE,
    GAP_BEHIND,
    LABELLING,
    LEADS,
    MARK,
    NEAR,
    OPENER,
    OPENS,
    PART,
    TELLS,
    Limits,
    Scanner,
)

_MEMORY_WORDS = 150_000  # words remembered before a memory starts afresh: some 18 MB
_NOTICE_WORDS = 150  # of a notice that its vocabulary tells
_FEW_LINES = 6  # are looked at one by one: to scan them costs more
LEAD_CHARS = 220  # a teaser's headline is shorter, and all labels are
LABEL_CHARS = 160  # no label or row of labels is longer
GAP_LINE_WORDS = 20
GATED_CHARS = 200  # longer lines are split into sentences only where a pattern may hold
LEAD_MARKS = frozenset(":：»›|→–—>-")
_LIMITS = Limits(
    label_chars=LABEL_CHARS,
    lead_chars=LEAD_CHARS,
    gap_words=GAP_LINE_WORDS,
    free_chars=GATED_CHARS,
    notice_words=_NOTICE_WORDS,
    known_share=1 - NOTICE_SHARE,
)


class LabelWords:
    """The words of a lexicon's labels: which labels begin and end with, and which they have."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.edges = dict.fromkeys(lexicon.openings, OPENS)
        self.all = {"0"}
        for label, entries in lexicon.labels.items():
            words = label.split()
            self.all.update(words)
            self._mark(words[-1], CLOSES)
            if any(entry.strength == "leads" for entry in entries):
                self._mark(words[0], LEADS | OPENS)
        for key, templates in lexicon.templates.items():
            for template in templates:
                self._mark(key, GAP_BEHIND if template.head else GAP_BEFORE)

    def _mark(self, word: str, flag: int) -> None:
        self.edges[word] = self.edges.get(word, 0) | flag


@dataclass(slots=True)
class WordView:
    """Words as they stand, sorted by what each may mean to a line.

    flags: what a line that begins or ends with a word may be. meaning: words in any of the sets
    that follow. labelling: that may stand in a label.
    anchors: stems of them open a pattern of a notice, near_anchors: one of a likely language.
    parts: interface words -> their concepts, openers: those that open a rule, see `Rules`.
    foreign: function words of other languages.
    """

    flags: dict[str, int] = field(default_factory=dict)
    meaning: set[str] = field(default_factory=set)
    labelling: set[str] = field(default_factory=set)
    openers: set[str] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)
    near_anchors: set[str] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)
    parts: dict[str, int] = field(default_factory=dict)
    stems: dict[str, frozenset[str]] = field(default_factory=dict)

    def of(self, words: set[str]) -> WordView:
        """The view of these words only; in small sets a look-up misses no processor cache."""
        words = words & self.meaning
        anchors = words & self.anchors
        return replace(
            self,
            labelling=words & self.labelling,
            openers=words & self.openers,
            anchors=anchors,
            near_anchors=anchors & self.near_anchors,
        )

    def is_composed(self, words: Sequence[str]) -> bool:
        """True where most words are an interface's, and one of them opens a rule."""
        if self.openers.isdisjoint(words) or len(words) > _NOTICE_WORDS:
            return False
        known = sum(map(self.parts.__contains__, words))
        return known >= (1 - NOTICE_SHARE) * len(words)


def first_telling(words: Sequence[str]) -> str:
    """The first word that is more than a bullet or another mark."""
    return next((word for word in words if any(map(str.isalnum, word))), words[0])


def _has_mark(word: str) -> bool:
    """True where a mark may part a lead; a hyphen only does where it stands alone."""
    return word == "-" or not LEAD_MARKS.isdisjoint(word.replace("-", ""))


class WordMemory:
    """The words met in documents of one language, each judged once.

    Tokens without letters, unspaced scripts, numbers and names may be anything.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        names: NameMemory,
        label_words: LabelWords,
        language: str | None,
        vocabularies: Iterable[Vocabulary],
        rules: Rules,
    ) -> None:
        self._seen = WordView()
        self._names = names
        self._label_words = label_words
        self._vocabularies = tuple(vocabularies)
        self._rules = rules
        self._stems = lexicon.stems
        self._anchors = lexicon.anchors.keys()
        near = lexicon.near(language)
        anchors = lexicon.anchors.items()
        self._near_anchors = {stem for stem, tags in anchors if not near.isdisjoint(tags)}
        speakers = lexicon.speakers.items()
        self._foreign = {word for word, tags in speakers if language not in tags}
        self._scanner = Scanner(self._bits, _LIMITS)

    def candidates(self, texts: Sequence[str]) -> Sequence[int]:
        """Positions of the texts that may match; few of ordinary lines."""
        return self._scanner.candidates(texts) if len(texts) > _FEW_LINES else range(len(texts))

    def _bits(self, word: str) -> int:
        """What one word may mean, see `scrubber.lexicon.scan`."""
        if word not in self._seen.flags:
            self._judge(word)
        seen = self._seen
        sets = (
            (ANCHOR, seen.anchors),
            (NEAR, seen.near_anchors),
            (FOREIGN, seen.foreign),
            (OPENER, seen.openers),
            (PART, seen.parts),
            (LABELLING, seen.labelling),
        )
        bits = sum(bit for bit, words in sets if word in words) | seen.flags[word]
        bits |= MARK * _has_mark(word) | BEGINS * word[0].isalnum()
        return bits | TELLS * any(map(str.isalnum, word))

    def view(self, words: set[str]) -> WordView:
        """What these words may mean; those that are new are judged."""
        if len(self._seen.flags) > _MEMORY_WORDS:
            self._seen = WordView()
        for word in words.difference(self._seen.flags):
            self._judge(word)
        return self._seen.of(words)

    def _judge(self, word: str) -> None:
        is_plain = word.isascii() and word.islower() and word.isalpha()
        self._note(word, [word] if is_plain else fold(word).split())

    def _note(self, word: str, folded: list[str]) -> None:
        """Judge one word; folded: what it is in folded text, mostly one word too."""
        seen = self._seen
        is_name = bool(folded) and self._names[folded[0]]
        anything = not folded or folded[0] == "0" or is_name or is_unspaced(word)
        seen.flags[word] = self._flags(folded, anything)
        if anything or all(part in self._label_words.all or self._names[part] for part in folded):
            seen.labelling.add(word)
        if not self._foreign.isdisjoint(folded):
            seen.foreign.add(word)
        self._note_stems(word, folded)
        self._note_parts(word, anything)
        sets = (seen.labelling, seen.openers, seen.anchors)
        if any(word in words for words in sets):
            seen.meaning.add(word)

    def _flags(self, folded: list[str], anything: bool) -> int:
        edges = self._label_words.edges
        if folded == ["0"]:
            return OPENS | CLOSES | edges.get("0", 0)  # numbers fill in between labels
        if anything:
            return OPENS | CLOSES | LEADS | GAP_BEHIND | GAP_BEFORE
        first = edges.get(folded[0], 0) & (OPENS | LEADS | GAP_BEHIND)
        return first | edges.get(folded[-1], 0) & (CLOSES | GAP_BEFORE)

    def _note_stems(self, word: str, folded: list[str]) -> None:
        stems = frozenset(stem for part in folded for stem in self._stems.stems_of(part))
        if not stems:
            return
        self._seen.stems[word] = stems
        if not stems.isdisjoint(self._anchors):
            self._seen.anchors.add(word)
        if not stems.isdisjoint(self._near_anchors):
            self._seen.near_anchors.add(word)

    def _note_parts(self, word: str, anything: bool) -> None:
        known = [vocabulary.concepts_in(word) for vocabulary in self._vocabularies]
        masks = [mask for mask in known if mask is not None]
        if not anything and not masks:
            return
        concepts = self._rules.mask(["name", "number"]) if anything else 0
        for mask in masks:
            concepts |= mask
        self._seen.parts[word] = concepts
        if concepts & self._rules.opening:
            self._seen.openers.add(word)


def _is_long(name: str) -> bool:
    """True where endings and particles leave a name recognisable; a Hangul letter is a syllable."""
    return len(name) > 4 or (len(name) > 2 and "가" <= name[0] <= "힣")


class NameMemory(dict[str, bool]):
    """Folded word -> is it a network's name, inflected perhaps ("facebookissa", "בפייסבוק")?"""

    def __init__(self, lexicon: Lexicon) -> None:
        self._names = {name for name in lexicon.names if " " not in name}
        self._long = tuple(filter(_is_long, self._names))

    def __missing__(self, word: str) -> bool:
        if len(self) > 100_000:
            self.clear()
        inflected = word.startswith(self._long) or (
            not word.isascii() and word.startswith(self._long, 1)
        )
        inflected = inflected and len(word) <= 16
        answer = self[word] = word in self._names or inflected
        return answer
