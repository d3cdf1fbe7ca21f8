"""Notices by stem patterns: "By using this site you agree to our use of cookies."

A line is weighed sentence by sentence. Most of it must be sentences of notices; the rest may be a
button's short text or address the reader, and what somebody says in quotation marks is no notice.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from scrubber.lexicon.evidence import Match, choose_meaning, is_spoken
from scrubber.lexicon.fold import fold
from scrubber.lexicon.gates import PatternGate
from scrubber.lexicon.index import Lexicon, Pattern
from scrubber.lexicon.meaning import NOTICE
from scrubber.lexicon.words import GATED_CHARS

_NOBODY: frozenset[str] = frozenset()
# Share of a line's characters in sentences of notices; half, where all others address the reader.
_LEAST_COVERED = 0.4
# Begins with the mark itself, since a class of characters is searched for fast.
_SENTENCE_END = re.compile(r"[.!?…।؟۔։።](?P<gap>[\"”»)\]]*\s+)|[。！？]|(?P<lines>\n+)")
_QUOTED = re.compile(
    r"[“«„「『][^“”«»„「」『』]{25,}[”»“」』]"
    r"|(?<![^\s(\[])\"(?=\S)[^\"]{25,}(?<=\S)\"(?!\w)"  # straight marks: tell opening from closing
)
_OPENING = '"“«„「『'


class NoticeReader:
    """Reads lines by the patterns of a lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._gate = PatternGate(lexicon)
        self._all_patterns = _by_stem(lexicon, lexicon.common.keys())
        self._near: dict[str | None, Mapping[str, Sequence[Pattern]]] = {}
        self._foreign: dict[str | None, Mapping[str, frozenset[str]]] = {}

    def read(self, text: str, may_be: int, language: str | None) -> Match | None:
        """The clearest sentence of a notice, where most of the line is such sentences.

        may_be: what the line's words allow, see `scrubber.lexicon.meaning`.
        """
        holds = bool(may_be & NOTICE) and self._gate.may_hold(text)
        if len(text) <= GATED_CHARS:
            holds = holds and self._may_hold_pattern(text, language)
            holds = holds or self._may_hold_label(text)
        if not holds:
            return None
        if is_spoken(text):
            return None
        unquoted = _QUOTED.sub(" ", text) if any(mark in text for mark in _OPENING) else text
        if len(unquoted) < 0.6 * len(text):
            return None
        if len(text) > GATED_CHARS and not self._holds_together(unquoted, language):
            return None
        return self._weigh(sentences(unquoted), len(text), language)

    def is_report(self, stems: Iterable[str], language: str) -> bool:
        """True where the stems of a sentence are those of somebody's report."""
        return not self._lexicon.reporting[language].isdisjoint(stems)

    # ---- quick looks ---------------------------------------------------------------------------

    def _may_hold_pattern(self, text: str, language: str | None) -> bool:
        """False where no pattern of a likely language finds each of its groups in the line."""
        folded = fold(text)
        foreign = self._foreign_words(language).keys() & set(folded.split())
        patterns = self._all_patterns if len(foreign) > 1 else self._near_patterns(language)
        stems = self._lexicon.stems.find(folded)
        return any(
            not any(map(stems.isdisjoint, pattern.needs))
            for stem in stems
            for pattern in patterns.get(stem, ())
        )

    def _near_patterns(self, language: str | None) -> Mapping[str, Sequence[Pattern]]:
        """The patterns of likely languages by the stem that opens them; sorted out once."""
        if language not in self._near:
            self._near[language] = _by_stem(self._lexicon, self._lexicon.near(language))
        return self._near[language]

    def _may_hold_label(self, text: str) -> bool:
        """True where one of several sentences is a label."""
        if _SENTENCE_END.search(text) is None:
            return False
        return any(fold(sentence) in self._lexicon.labels for sentence in sentences(text))

    def _holds_together(self, text: str, language: str | None) -> bool:
        """False where no pattern holds even for all sentences together."""
        folded = fold(text)
        return any(self._patterns(folded, self._lexicon.stems.find(folded), language))

    # ---- sentences -----------------------------------------------------------------------------

    def _weigh(self, parts: Sequence[str], chars: int, language: str | None) -> Match | None:
        """The clearest of a line's sentences. chars: of the line, with what is quoted in it."""
        matched = [self._read_sentence(sentence, language) for sentence in parts]
        found = [match for match in matched if match is not None]
        tongues = {match.language for match in found} | {language or "en"}
        pairs = list(zip(parts, matched, strict=True))
        covered = sum(len(part) for part, match in pairs if match is not None)
        free = sum(len(p) for p, match in pairs if match is None and self._is_free(p, tongues))
        clear = [match for match in found if match.strength != "weak"]
        least = _LEAST_COVERED if free else _LEAST_COVERED / 2
        if not clear or 2 * free > covered or covered < least * chars:
            return None
        best = max(clear, key=lambda match: (match.strength == "pattern", match.hits))
        return best._replace(strength="pattern", hits=sum(match.hits for match in clear))

    def _is_free(self, sentence: str, languages: Iterable[str]) -> bool:
        """True for a sentence that speaks against a notice: it neither addresses nor is short."""
        if len(sentence) < 25:
            return False
        stems = self._lexicon.stems.find(fold(sentence))
        address = self._lexicon.address
        return all(address.get(tag, _NOBODY).isdisjoint(stems) for tag in languages)

    def _read_sentence(self, sentence: str, language: str | None) -> Match | None:
        folded = fold(sentence)
        labels = self._lexicon.labels.get(folded)
        found = labels and choose_meaning(labels, folded, language)
        if found:
            return found
        stems = self._lexicon.stems.find(folded)
        hits = list(self._patterns(folded, stems, language))
        if not hits:
            return None
        own = [hit for hit in hits if hit[0].language == language]
        own = own or self._likeliest_first(hits, folded, language)
        pattern, subject = own[0]
        if self.is_report(stems, pattern.language):
            return None
        noun = subject.strip("*")
        return Match(pattern.family, "pattern", pattern.language, len(own), noun)

    def _likeliest_first(
        self, hits: Sequence[tuple[Pattern, str]], folded: str, language: str | None
    ) -> list[tuple[Pattern, str]]:
        """Patterns of several languages, those first of which the sentence has most words."""
        foreign = self._foreign_words(language)
        spoken = Counter(tag for w in foreign.keys() & set(folded.split()) for tag in foreign[w])
        return sorted(hits, key=lambda hit: -spoken[hit[0].language])

    def _patterns(
        self, folded: str, stems: set[str], language: str | None
    ) -> Iterator[tuple[Pattern, str]]:
        """The patterns that hold, each with the stem that opened it, in a fixed order."""
        anchors = self._lexicon.anchors
        opened = [stem for stem in stems if stem in anchors]
        if not opened:
            return
        padded = f" {folded} "
        tags = {tag for stem in opened for tag in anchors[stem]}
        spoken = tags & self._spoken(folded, language, tags)
        seen: set[int] = set()
        for stem in sorted(opened):
            for tag in anchors[stem]:
                for pattern in anchors[stem][tag] if tag in spoken else ():
                    if id(pattern) not in seen and _holds(pattern, padded, stems):
                        seen.add(id(pattern))
                        yield pattern, stem

    def _spoken(self, folded: str, language: str | None, asked: set[str]) -> Set[str]:
        """Those of `asked` that a sentence may be in: the document's language, English, and any
        other of which it has two function words that the document's language does not have."""
        sure = self._lexicon.near(language)
        if asked <= sure:
            return sure
        counts: dict[str, int] = {}
        foreign = self._foreign_words(language)
        for word in foreign.keys() & set(folded.split()):
            for tag in foreign[word] & asked:
                counts[tag] = counts.get(tag, 0) + 1
        return sure | {tag for tag, count in counts.items() if count > 1}

    def _foreign_words(self, language: str | None) -> Mapping[str, frozenset[str]]:
        """Function words that `language` has not -> the languages that have them."""
        known = self._foreign.get(language)
        if known is None:
            pairs = self._lexicon.speakers.items()
            known = {word: tags for word, tags in pairs if language not in tags}
            self._foreign[language] = known
        return known


def _by_stem(lexicon: Lexicon, languages: Set[str]) -> dict[str, list[Pattern]]:
    found = {
        stem: [pattern for tag in tags.keys() & languages for pattern in tags[tag]]
        for stem, tags in lexicon.anchors.items()
    }
    return {stem: patterns for stem, patterns in found.items() if patterns}


def _holds(pattern: Pattern, padded: str, stems: set[str]) -> bool:
    if any(map(stems.isdisjoint, pattern.needs)):
        return False  # as most do not, and this is soon told
    return all(
        group.negated
        != (not group.words.isdisjoint(stems) or any(phrase in padded for phrase in group.phrases))
        for group in pattern.groups
    )


def has_quotation(text: str) -> bool:
    """True where somebody's words of some length stand in quotation marks."""
    return any(mark in text for mark in _OPENING) and _QUOTED.search(text) is not None


def sentences(text: str) -> list[str]:
    """Split at sentence marks of all scripts; good enough to weigh them one by one."""
    parts = []
    at = 0
    for end in _SENTENCE_END.finditer(text):
        gap = end.start(end.lastgroup) if end.lastgroup else end.end()
        parts.append(text[at:gap])
        at = end.end()
    parts.append(text[at:])
    return [part for part in parts if part and not part.isspace()]
