"""What the lexicon says of one line: a label, a row of labels, a lead, or a sentence pattern.

A line is looked at in three ways, cheapest first; for most lines their words alone rule out all:

    1. `short`     a whole label, a row of labels, a label with a gap, a lead
    2. `notices`   sentences that match stem patterns    "By using this site you agree ..."
    3. `composed`  words that are all an interface's     "Show 3 previous replies"

The answer is evidence only. Whether the line goes is decided in `scrubber.clean`, where its
neighbours are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from scrubber.lexicon.composed import PartsReader
from scrubber.lexicon.evidence import Match, is_spoken
from scrubber.lexicon.guess import Guess, features_of, guesser, may_guess
from scrubber.lexicon.index import Lexicon, load, siblings
from scrubber.lexicon.meaning import COMPOSED, GAP, LABEL, LEAD, NOTICE, SENTENCES
from scrubber.lexicon.notices import NoticeReader
from scrubber.lexicon.parts import Rules, Vocabulary
from scrubber.lexicon.short import LabelReader
from scrubber.lexicon.words import Lore, WordMemory

_MEMORIES = 4  # languages with a memory of their own at one time
_LINE_CHARS = 60  # of a line that may come again
_MEMORY_LINES = 20_000  # remembered before the memory starts afresh: some 4 MB


class _Tongue(NamedTuple):
    """What is kept for documents of one language.

    vocabularies: its own, its siblings' and English, by tag. lines: short ones and what they are,
    since a site's menus and buttons come with every page.
    """

    language: str | None
    memory: WordMemory
    vocabularies: dict[str, Vocabulary]
    lines: dict[str, Match | None]

    def remember(self, line: str, found: Match | None) -> None:
        """Keep what a line is, if it is short."""
        if len(line) <= _LINE_CHARS:
            if len(self.lines) >= _MEMORY_LINES:
                self.lines.clear()
            self.lines[line] = found


class Matcher:
    """Looks lines up in a lexicon; keep one, since it remembers words it has seen."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._rules = Rules(lexicon.rules)
        self._lore = Lore(lexicon, self._rules)
        self._labels = LabelReader(lexicon, self._lore.names)
        self._notices = NoticeReader(lexicon)
        self._parts = PartsReader(self._rules, self._lore.names, self._notices, lexicon.stems)
        self._vocabularies: dict[str, Vocabulary] = {}
        self._tongues: dict[str | None, _Tongue] = {}

    def match(self, text: str, language: str | None = None) -> Match | None:
        """Evidence that `text`, one line or block, is residue; `None` for ordinary text.

        language: of the document, as a primary BCP 47 tag; it decides between meanings.
        """
        return self.match_all([text], language)[0]

    def match_all(self, texts: Sequence[str], language: str | None = None) -> list[Match | None]:
        """`match` for each line of one document, several times faster than one by one."""
        tongue = self._tongues.get(language) or self._learn(language)
        found: list[Match | None] = [None] * len(texts)
        for at, may_be in tongue.memory.candidates(texts):
            text = texts[at]
            if text in tongue.lines:
                found[at] = tongue.lines[text]
            else:
                found[at] = self._match_line(text, may_be, tongue)
                tongue.remember(text, found[at])
        return found

    def guess(self, text: str, language: str | None = None) -> Guess | None:
        """What a line for which `match` has no evidence is likely to be; `None` where nothing can
        be told: of long and very short lines, and of languages without a vocabulary."""
        features = self.features(text, language)
        return guesser().guess(features) if features else None

    def features(self, text: str, language: str | None = None) -> Iterable[str] | None:
        """What `guess` weighs of a line."""
        if not may_guess(text) or is_spoken(text):
            return None
        tongue = self._tongues.get(language) or self._learn(language)
        vocabulary = tongue.vocabularies.get(language or "en")
        if vocabulary is None:
            return None
        parts = vocabulary.parts_of(vocabulary.fold(text), self._lore.names.__getitem__)
        return features_of(text, parts, self._rules.bits) if parts and parts.words else None

    def _match_line(self, text: str, may_be: int, tongue: _Tongue) -> Match | None:
        """may_be: what the line's words allow, see `scrubber.lexicon.meaning`."""
        label = found = None
        if may_be & (LABEL | GAP | LEAD):
            label = self._labels.read(text, may_be, tongue.language)
            if label is not None and not self._labels.is_vague(label, text):
                return label
        if may_be & (NOTICE | SENTENCES):
            found = self._notices.read(text, may_be, tongue.language)
        if found is None and may_be & COMPOSED:
            found = self._parts.read(text, tongue.memory, tongue.vocabularies)
        return found or label

    def _learn(self, language: str | None) -> _Tongue:
        """Begin to remember the words of documents of one language."""
        if len(self._tongues) >= _MEMORIES:
            del self._tongues[next(iter(self._tongues))]  # the one that was learnt first
        near = dict.fromkeys((language, *siblings(language), "en"))
        tags = [tag for tag in near if tag in self._lexicon.concepts]
        known = {tag: self._vocabulary(tag) for tag in tags if tag is not None}
        memory = WordMemory(self._lore, language, known.values())
        tongue = self._tongues[language] = _Tongue(language, memory, known, {})
        return tongue

    def _vocabulary(self, tag: str) -> Vocabulary:
        """What parts labels of a language may have; made when it is first asked for."""
        if tag not in self._vocabularies:
            self._vocabularies[tag] = Vocabulary(self._lexicon.concepts[tag], self._rules)
        return self._vocabularies[tag]


@lru_cache(maxsize=1)
def matcher() -> Matcher:
    """The matcher over the whole lexicon; made once in a process."""
    return Matcher(load())
