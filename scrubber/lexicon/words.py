"""What a word may mean to a line: the quick look that spares most lines the slow ones.

Running text repeats its words, so each distinct word is judged once and remembered; a line is
then looked at through bits of its words. A label begins and ends with words that labels begin and
end with and has no others between; a notice has a word that opens a pattern or a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from scrubber.lexicon.fold import fold_words, is_unspaced
from scrubber.lexicon.gates import PatternClasses
from scrubber.lexicon.index import Known, Lexicon, Sieve, Template
from scrubber.lexicon.meaning import (
    BEGINS,
    CLOSES,
    FOREIGN,
    GAP_BEFORE,
    GAP_BEHIND,
    GAP_WORD,
    LEAD_MARKS,
    LEADS,
    MARK,
    OPENER,
    OPENS,
    PART,
    STRANGE,
    TELLS,
    Limits,
    look,
)
from scrubber.lexicon.parts import APOSTROPHES, NOTICE_SHARE, Rules, Vocabulary
from scrubber.lexicon.scan import Scanner

_MEMORY_WORDS = 20_000  # of lines looked at one by one, before a memory starts afresh: some 3 MB
_NOTICE_WORDS = 150  # of a notice that its vocabulary tells
_FEW_LINES = 6  # are looked at one by one: to scan them costs more
LEAD_CHARS = 220  # a teaser's headline is shorter, and all labels are
LABEL_CHARS = 160  # no label or row of labels is longer
GAP_LINE_WORDS = 20
GATED_CHARS = 200  # longer lines are split into sentences only where a pattern may hold
_LIMITS = Limits(
    label_chars=LABEL_CHARS,
    lead_chars=LEAD_CHARS,
    gap_words=GAP_LINE_WORDS,
    gated_chars=GATED_CHARS,
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
                self._mark(_telling_word(template), GAP_WORD)

    def _mark(self, word: str, flag: int) -> None:
        self.edges[word] = self.edges.get(word, 0) | flag


def _telling_word(template: Template) -> str:
    """A word that every line of the template has; not the number that many lines begin with."""
    return max(f"{template.head} {template.tail}".split(), key=len)


def _has_mark(word: str) -> bool:
    """True where a mark may part a lead; a hyphen only does where no letter stands beside it."""
    return ("-" in word and not any(map(str.isalnum, word))) or not LEAD_MARKS.isdisjoint(
        word.replace("-", "")
    )


def _is_long(name: str) -> bool:
    """True where endings and particles leave a name recognisable; a Hangul letter is a syllable."""
    return len(name) > 4 or (len(name) > 2 and "가" <= name[0] <= "힣")


class NameMemory(dict[str, bool]):
    """Folded word -> is it a network's name, inflected perhaps ("facebookissa", "בפייסבוק")?

    all: the names; long: those that a word may begin with.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.all = {name for name in lexicon.names if " " not in name}
        self.long = tuple(filter(_is_long, self.all))

    def __missing__(self, word: str) -> bool:
        if len(self) > 100_000:
            self.clear()
        inflected = word.startswith(self.long) or (
            not word.isascii() and word.startswith(self.long, 1)
        )
        inflected = inflected and len(word) <= 16
        answer = self[word] = word in self.all or inflected
        return answer


class Lore:
    """What is known of words whatever the language of a document: made once for a lexicon.

    known: the words of which any of it is something.
    """

    def __init__(self, lexicon: Lexicon, rules: Rules) -> None:
        self.lexicon = lexicon
        self.rules = rules
        self.names = NameMemory(lexicon)
        self.labels = LabelWords(lexicon)
        self.patterns = PatternClasses(lexicon)
        stems = lexicon.stems.known
        words = {*self.labels.all, *self.labels.edges, *lexicon.speakers, *self.names.all}
        self.known = Known(
            words.union(stems.words), {*stems.beginnings, *self.names.long}, stems.insides
        )


class WordMemory:
    """The words met in documents of one language, each judged once.

    Tokens without letters, unspaced scripts, numbers and names may be anything. Words that fold
    alike mean alike, but for the marks at their ends.
    """

    def __init__(
        self, lore: Lore, language: str | None, vocabularies: Iterable[Vocabulary]
    ) -> None:
        """language: of the documents. vocabularies: of theirs and of English."""
        self._names = lore.names
        self._label_words = lore.labels
        self._rules = lore.rules
        self._stems = lore.lexicon.stems
        self._vocabularies = tuple(vocabularies)
        self._elides = any(vocabulary.elides for vocabulary in self._vocabularies)
        self._stem_bits = lore.patterns.bits(lore.lexicon.near(language))
        speakers = lore.lexicon.speakers.items()
        self._foreign = {word for word, tags in speakers if language not in tags}
        self._sieve = Sieve(lore.known, *(vocabulary.known for vocabulary in self._vocabularies))
        self._unknown_concepts = self._stand_for("", (), anything=False)
        self._unknown = STRANGE | self._part_bits(self._unknown_concepts)
        self._scanner = Scanner(self._judge, _LIMITS)
        self._bits: dict[str, int] = {}
        self._parts: dict[str, int] = {}
        self._concepts: dict[str, int] = {}

    def candidates(self, texts: Sequence[str]) -> list[tuple[int, int]]:
        """Positions of the texts that may match, few of ordinary lines, and what each may be, see
        `scrubber.lexicon.meaning`."""
        if len(texts) > _FEW_LINES:
            return self._scanner.candidates(texts)
        return [(at, may_be) for at, text in enumerate(texts) if (may_be := self._look(text))]

    def concepts(self, words: Iterable[str]) -> Iterator[int]:
        """The concepts that some words may stand for, a mask of `Rules` for each that has any."""
        for word in words:
            if word not in self._concepts:
                self._remember(word, self._concepts_of(word))
            if concepts := self._concepts[word]:
                yield concepts

    def _remember(self, word: str, concepts: int | None) -> None:
        if len(self._concepts) > _MEMORY_WORDS:
            self._concepts.clear()
        self._concepts[word] = concepts or 0

    def _look(self, text: str) -> int:
        """What one line may be; as `Scanner` says of many."""
        if len(self._bits) > _MEMORY_WORDS:
            self._bits.clear()
        known = self._bits
        words = text.split()
        bits = [known[w] if w in known else known.setdefault(w, self._judge(w)) for w in words]
        return look(bits, len(text), _LIMITS)

    # ---- one word ------------------------------------------------------------------------------

    def _judge(self, word: str) -> int:
        """What a word may mean, see `scrubber.lexicon.meaning`."""
        folded = fold_words(word)
        if self._is_unknown(word, folded):
            return self._unknown | _shape_bits(word)
        anything = self._is_anything(word, folded)
        bits = self._edge_bits(folded, anything) | _shape_bits(word)
        for part in folded:
            bits |= self._parts[part] if part in self._parts else self._judge_part(part)
        if anything:
            bits &= ~STRANGE
        concepts = self._stand_for(word, folded, anything)
        self._remember(word, concepts)  # a line that may be composed of such words asks for them
        return bits | self._part_bits(concepts)

    def _judge_part(self, part: str) -> int:
        """What a folded word, or a part of a compound, says of a line wherever it stands."""
        bits = self._label_words.edges.get(part, 0) & GAP_WORD
        if part not in self._label_words.all and not self._names[part]:
            bits |= STRANGE
        if part in self._foreign:
            bits |= FOREIGN
        for stem in self._stems.stems_of(part):
            bits |= self._stem_bits.get(stem, 0)
        if len(self._parts) >= _MEMORY_WORDS:
            self._parts.clear()
        self._parts[part] = bits
        return bits

    def _part_bits(self, concepts: int | None) -> int:
        if concepts is None:
            return 0
        return PART | OPENER * bool(concepts & self._rules.opening)

    def _concepts_of(self, word: str) -> int | None:
        folded = fold_words(word)
        if self._is_unknown(word, folded):
            return self._unknown_concepts
        return self._stand_for(word, folded, self._is_anything(word, folded))

    def _is_unknown(self, word: str, folded: Sequence[str]) -> bool:
        """True for a word of which nothing is known, as of most."""
        for part in folded:
            if self._sieve.passes(part):
                return False
        if not folded or (self._elides and not APOSTROPHES.isdisjoint(word)):
            return False
        names = self._names.__getitem__
        return word.isascii() or not (is_unspaced(word) or any(map(names, folded)))

    def _is_anything(self, word: str, folded: Sequence[str]) -> bool:
        return not folded or folded[0] == "0" or self._names[folded[0]] or is_unspaced(word)

    def _edge_bits(self, folded: Sequence[str], anything: bool) -> int:
        edges = self._label_words.edges
        if folded == ["0"]:
            return OPENS | CLOSES | edges.get("0", 0)  # numbers fill in between labels
        if anything:
            return OPENS | CLOSES | LEADS | GAP_BEHIND | GAP_BEFORE | GAP_WORD
        opens = edges.get(folded[0], 0) & (OPENS | LEADS | GAP_BEHIND)
        return opens | edges.get(folded[-1], 0) & (CLOSES | GAP_BEFORE)

    def _stand_for(self, word: str, folded: Sequence[str], anything: bool) -> int | None:
        """The concepts of a word by all vocabularies; `None` for none that any of them knows."""
        known = [vocabulary.concepts_in(word, folded) for vocabulary in self._vocabularies]
        masks = [mask for mask in known if mask is not None]
        if not anything and not masks:
            return None
        concepts = self._rules.mask(("name", "number")) if anything else 0
        for mask in masks:
            concepts |= mask
        return concepts


def _shape_bits(word: str) -> int:
    """What its characters say: most words are nothing but letters."""
    if word.isalnum():
        return BEGINS | TELLS
    begins = BEGINS | TELLS if word[0].isalnum() else TELLS * any(map(str.isalnum, word))
    return begins | MARK * _has_mark(word)
