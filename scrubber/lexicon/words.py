"""What a word may mean to a line: the quick look that spares most lines the slow ones.

Running text repeats its words, so each distinct word is judged once and remembered; a line is
then looked at through sets of words, without a step of its own for any of them. A label begins
and ends with words that labels begin and end with and has no others between; a notice has a word
that opens a pattern or a rule.
"""

from __future__ import annotations

from collections.abc import Iterable

from scrubber.lexicon.fold import fold, is_unspaced
from scrubber.lexicon.index import Lexicon
from scrubber.lexicon.parts import Rules, Vocabulary

_MEMORY_WORDS = 150_000  # words remembered before a memory starts afresh: some 18 MB
OPENS, CLOSES, LEADS, GAP_BEHIND, GAP_BEFORE = 1, 2, 4, 8, 16


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


class WordMemory:
    """The words met in documents of one language, as they stand, and what each may mean.

    flags: what a line that begins or ends with a word may be. labelling: words that may stand in a
    label. telling: those of which a notice, or a line composed of an interface's words, has one:
    `anchors` open a pattern, `near_anchors` one of a likely language, all others a rule. parts:
    interface words -> their concepts, see `Rules`. foreign: function words of other languages.
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
        self.near = frozenset({language or "en", "en", *lexicon.unspaced})
        self.flags: dict[str, int] = {}
        self.labelling: set[str] = set()
        self.telling: set[str] = set()
        self.anchors: set[str] = set()
        self.near_anchors: set[str] = set()
        self.parts: dict[str, int] = {}
        self.stems: dict[str, frozenset[str]] = {}
        self.foreign: set[str] = set()
        self._names = names
        self._label_words = label_words
        self._vocabularies = tuple(vocabularies)
        self._rules = rules
        self._stems = lexicon.stems
        self._anchors = lexicon.anchors.keys()
        self._near_anchors = {
            stem for stem, tags in lexicon.anchors.items() if not self.near.isdisjoint(tags)
        }
        speakers = lexicon.speakers.items()
        self._foreign = {word for word, tags in speakers if language not in tags}

    def learn(self, words: set[str]) -> None:
        """Judge the words that are new."""
        if len(self.flags) > _MEMORY_WORDS:
            self._forget()
        for word in words.difference(self.flags):
            folded = [word] if word.isascii() and word.islower() and word.isalpha() else None
            self._note(word, folded or fold(word).split())

    def _forget(self) -> None:
        for memory in (self.flags, self.parts, self.stems):
            memory.clear()
        for words in (self.labelling, self.telling, self.anchors, self.near_anchors, self.foreign):
            words.clear()

    def _note(self, word: str, folded: list[str]) -> None:
        """Judge one word; folded: what it is in folded text, mostly one word too."""
        is_number = folded == ["0"]
        is_name = bool(folded) and self._names[folded[0]]
        anything = not folded or folded[0] == "0" or is_name or is_unspaced(word)
        edges = self._label_words.edges
        if is_number:
            self.flags[word] = OPENS | CLOSES | edges.get("0", 0)  # they fill in between labels
        elif anything:
            self.flags[word] = OPENS | CLOSES | LEADS | GAP_BEHIND | GAP_BEFORE
        else:
            flags = edges.get(folded[0], 0) & (OPENS | LEADS | GAP_BEHIND)
            self.flags[word] = flags | edges.get(folded[-1], 0) & (CLOSES | GAP_BEFORE)
        if anything or all(part in self._label_words.all or self._names[part] for part in folded):
            self.labelling.add(word)
        if not self._foreign.isdisjoint(folded):
            self.foreign.add(word)
        self._note_stems(word, folded)
        self._note_parts(word, anything)

    def _note_stems(self, word: str, folded: list[str]) -> None:
        stems = frozenset(stem for part in folded for stem in self._stems.stems_of(part))
        if not stems:
            return
        self.stems[word] = stems
        if not stems.isdisjoint(self._anchors):
            self.anchors.add(word)
            self.telling.add(word)
        if not stems.isdisjoint(self._near_anchors):
            self.near_anchors.add(word)

    def _note_parts(self, word: str, anything: bool) -> None:
        known = [vocabulary.concepts_in(word) for vocabulary in self._vocabularies]
        masks = [mask for mask in known if mask is not None]
        if not anything and not masks:
            return
        concepts = self._rules.mask(["name", "number"]) if anything else 0
        for mask in masks:
            concepts |= mask
        self.parts[word] = concepts
        if concepts & self._rules.opening:
            self.telling.add(word)


class NameMemory(dict[str, bool]):
    """Folded word -> is it a network's name, inflected perhaps ("facebookissa")?"""

    def __init__(self, lexicon: Lexicon) -> None:
        self._names = {name for name in lexicon.names if " " not in name}
        self._long = tuple(name for name in self._names if len(name) > 4)

    def __missing__(self, word: str) -> bool:
        if len(self) > 100_000:
            self.clear()
        inflected = word.startswith(self._long) and len(word) <= 16
        answer = self[word] = word in self._names or inflected
        return answer
