"""What the lexicon says of one line: a label, a row of labels, a lead, or a sentence pattern.

A line is looked at in five ways, cheapest first; all but the last only where it is short and
begins and ends with words that some label begins and ends with:

    1. the whole line is a label            "Leave a Reply"
    2. labels and names cover it            "Share Facebook Twitter Print"
    3. a label with a gap, or a lead        "Reply to Jane Doe", "Read also: Another headline"
    4. its words are all an interface's     "Show 3 earlier replies" (see `scrubber.lexicon.parts`)
    5. its sentences match stem patterns    "By using this site you agree to our use of cookies."

The answer is evidence only. Whether the line goes is decided in `scrubber.clean`, where its
neighbours are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from scrubber.lexicon.fold import NAME, fold, is_unspaced
from scrubber.lexicon.index import Label, Lexicon, Pattern, load
from scrubber.lexicon.parts import LABEL_WORDS, NOTICE_SHARE, Rules, Vocabulary
from scrubber.lexicon.words import (
    ANCHOR,
    CLOSES,
    FOREIGN_ANCHOR,
    GAP_BEFORE,
    GAP_BEHIND,
    LEADS,
    OPENS,
    NameMemory,
    WordMemory,
    edge_flags,
)

MatchStrength = Literal["strong", "pattern", "lead", "weak"]
_NOBODY: frozenset[str] = frozenset()
_MEMORIES = 4  # languages with a memory of their own at one time
_LABEL_CHARS = 160  # no label or row of labels is longer
_ROW_WORDS = 30
_GAP_LINE_WORDS = 20
_GATED_CHARS = 200  # longer lines are split into sentences only where a pattern may hold
_LEAD_CHARS = 220  # a teaser's headline is shorter

_SENTENCE_END = re.compile(r"(?<=[.!?…।؟۔։።])[\"”»)\]]*\s+|(?<=[。！？])|\n+")
_QUOTED = re.compile(
    r"[“«„「『][^“”«»„「」『』]{25,}[”»“」』]"
    r"|(?<![^\s(\[])\"(?=\S)[^\"]{25,}(?<=\S)\"(?!\w)"  # straight marks: tell opening from closing
)
# `print(x)` is no row of share buttons, `Save $10` no button.
_DATA = re.compile(r"\w\(|[{}<>=_\\]\w|::|[$€£¥₹] ?\d")
# Share of a line's characters in sentences of notices; half, where all others address the reader.
_LEAST_COVERED = 0.4
_STOPS = ".!?…。！？।؟۔"
_NOTICE_WORDS = 150  # of a notice that its vocabulary tells
_LEAST_NOTICE = 0.5  # of its characters, in sentences that are clear
_OPENING = '"“«„「『'
_QUOTE_MARKS = "“”\"«»„「」『』‘’'‹›"


class Match(NamedTuple):
    """Evidence that a line is residue.

    strength: `strong` (a label impossible in an article), `pattern` (its sentences are of a known
    notice), `lead` (opens a teaser or data line), `weak` (may be anything). hits: patterns or
    parts that agree. language: whose entry matched. subject: of a pattern, the noun that opened it.
    """

    family: str
    strength: MatchStrength
    language: str
    hits: int = 1
    subject: str = ""


class Matcher:
    """Looks lines up in a lexicon; keep one, since it remembers words it has seen."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._words: dict[str | None, WordMemory] = {}
        self._foreign: dict[str | None, Mapping[str, frozenset[str]]] = {}
        self._edge_flags = edge_flags(lexicon)
        self._vocabularies: dict[str, Vocabulary] = {}
        self._rules = Rules(lexicon.rules)
        self._names = NameMemory(lexicon)
        longest_first = sorted(lexicon.names, key=len, reverse=True)
        self._unspaced_names = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")

    def match_all(self, texts: Sequence[str], language: str | None = None) -> list[Match | None]:
        """`match` for each line of one document, several times faster than one by one.

        Most lines are known to be ordinary from their words alone, and sets tell that at once.
        """
        memory = self._words.get(language) or self._memory(language)
        lines = [text.split() for text in texts]
        memory.learn(set().union(*lines))
        may_match = self._may_match
        return [
            self.match(text, language)
            if words and may_match(text, words, memory, language)
            else None
            for text, words in zip(texts, lines, strict=True)
        ]

    def _may_match(
        self, text: str, words: Sequence[str], memory: WordMemory, language: str | None
    ) -> bool:
        """False for most ordinary lines: the first quick test."""
        if len(text) <= _LEAD_CHARS:
            first = memory[words[0]] if text[0].isalnum() else _first_flag(words, memory)
            if _may_be_label(text, len(words), first, memory[words[-1]]):
                return True
        if _may_have_parts(words, memory):
            return True
        if memory.anchors.isdisjoint(words):
            return False
        tags = self._lexicon.unspaced | {language or "en", "en"}
        if len(memory.foreign.intersection(words)) > 1:
            tags |= self._lexicon.common.keys()
        stems = set().union(*filter(None, map(memory.stems.get, words)))
        if self._may_hold_pattern(stems, tags):
            return True
        if len(text) > _GATED_CHARS or _SENTENCE_END.search(text) is None:
            return False
        ends = (part.split() for part in sentences(text))  # one of them may be a label
        return any(memory[part[0]] & OPENS and memory[part[-1]] & CLOSES for part in ends)

    def _may_hold_pattern(self, stems: set[str], tags: set[str]) -> bool:
        """True where a pattern of these languages finds each of its groups among `stems`."""
        anchors = self._lexicon.anchors
        return any(
            not any(map(stems.isdisjoint, pattern.needs))
            for stem in stems & anchors.keys()
            for tag in anchors[stem].keys() & tags
            for pattern in anchors[stem][tag]
        )

    def match(self, text: str, language: str | None = None) -> Match | None:
        """Evidence that `text`, one line or block, is residue; `None` for ordinary text.

        language: of the document, as a primary BCP 47 tag; it decides between meanings.
        """
        words = text.split()
        if not words:
            return None
        memory = self._words.get(language) or self._memory(language)
        flags = memory.flags_of(words)
        label = None
        if len(text) <= _LEAD_CHARS:
            label = self._match_label(text, words, flags, memory, language)
        if label is not None and not self._is_vague(label, text):
            return label
        # The anchors' flags are the highest, so the greatest of all flags tells of them.
        highest = max(flags)
        found = None
        if highest >= ANCHOR or (
            highest >= FOREIGN_ANCHOR and self._may_be_foreign(words, language)
        ):
            found = None if _speaks(text) else self._match_sentences(text, language)
        return found or self._match_parts(text, words, language) or label

    def _memory(self, language: str | None) -> WordMemory:
        if len(self._words) >= _MEMORIES:
            self._words.clear()
        known = [self._vocabulary(tag) for tag in dict.fromkeys((language, "en"))]
        memory = self._words[language] = WordMemory(
            self._lexicon, self._names, self._edge_flags, language, filter(None, known)
        )
        return memory

    def _vocabulary(self, tag: str | None) -> Vocabulary | None:
        """What parts labels of a language may have; made when it is first asked for."""
        if tag not in self._lexicon.concepts:
            return None
        if tag not in self._vocabularies:
            self._vocabularies[tag] = Vocabulary(self._lexicon.concepts[tag])
        return self._vocabularies[tag]

    def _may_be_foreign(self, words: Iterable[str], language: str | None) -> bool:
        """True with two function words of other languages: the third quick test."""
        return len(self._foreign_words(language).keys() & set(words)) > 1

    def _foreign_words(self, language: str | None) -> Mapping[str, frozenset[str]]:
        """Function words that `language` has not -> the languages that have them."""
        known = self._foreign.get(language)
        if known is None:
            pairs = self._lexicon.speakers.items()
            known = {word: tags for word, tags in pairs if language not in tags}
            self._foreign[language] = known
        return known

    # ---- labels --------------------------------------------------------------------------------

    def _match_label(
        self,
        text: str,
        words: Sequence[str],
        flags: Sequence[int],
        memory: WordMemory,
        language: str | None,
    ) -> Match | None:
        """The line as a label, a row, a label with a gap or a lead, as its ends allow."""
        first = flags[0] if text[0].isalnum() else _first_flag(words, memory)
        last = flags[-1]
        if not _may_be_label(text, len(words), first, last):
            return None
        may_be_whole = first & OPENS and last & CLOSES and len(text) <= _LABEL_CHARS
        may_have_gap = (first & GAP_BEHIND or last & GAP_BEFORE) and len(words) <= _GAP_LINE_WORDS
        if _speaks(text) or _DATA.search(text):
            return None
        folded = fold(text) if may_be_whole or may_have_gap else ""
        found = self._match_whole(folded, language) if may_be_whole else None
        if found is None and may_have_gap:
            found = self._match_gap(folded, language)
        if found is None and first & LEADS:
            found = self._match_lead(text, language)
        return found

    def _match_whole(self, folded: str, language: str | None) -> Match | None:
        if not folded:
            return None
        labels = self._lexicon.labels.get(folded)
        found = labels and _choose(labels, folded, language)
        return found or self._match_row(folded, language)

    def _match_row(self, folded: str, language: str | None) -> Match | None:
        if folded[0] == "0" and folded[1:2] == " " and folded.count(" ") < 2:
            return None  # "1. Overview" is a numbered heading
        if is_unspaced(folded):
            named = " ".join(self._unspaced_names.sub(f" {NAME} ", folded).split())
            labels = self._lexicon.labels.get(named)
            found = labels and _choose(labels, named, language)
            return found or self._cover(list(named), "", language)
        words = folded.split()
        return self._cover(words, " ", language) if len(words) <= _ROW_WORDS else None

    def _cover(self, units: list[str], glue: str, language: str | None) -> Match | None:
        """Cover the whole line with labels, longest first; numbers and names fill in."""
        parts: list[Match] = []
        at = 0
        while at < len(units):
            unit = NAME if units[at] == NAME or self._names[units[at]] else units[at]
            part, length = self._longest_label(units, at, glue, language)
            if part is not None:
                parts.append(part)
                at += length
            elif unit in ("0", " "):
                at += 1
            elif unit == NAME:
                parts.append(Match("share", "weak", "*"))
                at += 1
            else:
                return None
        if "0" in units and all(part.language == "*" for part in parts):
            return None  # "2 x 2" is no network
        return _row(parts)

    def _longest_label(
        self, units: Sequence[str], at: int, glue: str, language: str | None
    ) -> tuple[Match | None, int]:
        for length in sorted(self._lexicon.openings.get(units[at], ()), reverse=True):
            if at + length > len(units):
                continue
            piece = glue.join(units[at : at + length])
            if piece not in self._lexicon.labels and glue:
                piece = " ".join([NAME if self._names[u] else u for u in units[at : at + length]])
            labels = self._lexicon.labels.get(piece)
            found = labels and _choose(labels, piece, language)
            if found and found.strength != "lead":
                return found, length
        return None, 0

    def _match_gap(self, folded: str, language: str | None) -> Match | None:
        if not folded:
            return None
        if is_unspaced(folded):
            keys = {folded[0], folded[-1]}
        else:
            keys = {folded.split(" ", 1)[0], folded.rsplit(" ", 1)[-1]}
        labels = [
            template.label
            for key in keys
            for template in self._lexicon.templates.get(key, ())
            if folded.endswith(template.tail) and template.pattern.fullmatch(folded)
        ]
        return _choose(labels, folded, language) if labels else None

    def _match_lead(self, text: str, language: str | None) -> Match | None:
        head, mark, rest = _split_lead(text)
        if not mark:
            return None
        labels = [x for x in self._lexicon.labels.get(fold(head), ()) if x.strength == "leads"]
        if not labels or len(rest) > _LEAD_CHARS:
            return None
        label = next((x for x in labels if x.language == language), labels[0])
        return Match(label.family, "lead", label.language)

    def _is_vague(self, found: Match, text: str) -> bool:
        """True for a weak row or a weak label with a gap, of which its parts may say more."""
        return found.strength == "weak" and fold(text) not in self._lexicon.labels

    # ---- parts ---------------------------------------------------------------------------------

    def _match_parts(self, text: str, words: Sequence[str], language: str | None) -> Match | None:
        """The line as a label or notice in words that nobody listed, but of an interface."""
        if not _may_have_parts(words, self._words[language]):
            return None
        if _QUOTED.search(text) or _speaks(text) or _DATA.search(text):
            return None
        for tag in dict.fromkeys((language, "en")):
            vocabulary = self._vocabulary(tag)
            if tag is None or vocabulary is None:
                continue
            family = self._label_by_parts(text, words, vocabulary)
            if family is not None:
                return Match(family, "strong", tag)
            found = self._notice_by_parts(text, vocabulary, tag)
            if found is not None:
                return found
        return None

    def _label_by_parts(
        self, text: str, words: Sequence[str], vocabulary: Vocabulary
    ) -> str | None:
        if len(words) > LABEL_WORDS or len(text) > _LABEL_CHARS:
            return None
        later = (word for word in words[1:] if _is_capital(word))
        names = {part for word in later for part in vocabulary.fold(word).split()}
        parts = vocabulary.parts_of(vocabulary.fold(text), self._names.__getitem__, names)
        if parts is None or (parts.strange > parts.named and text[-1] in _STOPS):
            return None  # a sentence with a word of its own is no label
        return self._rules.label(parts)

    def _notice_by_parts(self, text: str, vocabulary: Vocabulary, tag: str) -> Match | None:
        """A notice where most of the line is sentences that are one."""
        if text[0].islower():
            return None  # the rest of a sentence that code or a link broke
        found: list[tuple[int, Match]] = []
        for sentence in [text] if len(text) <= _LEAD_CHARS else sentences(text):
            folded = vocabulary.fold(sentence)
            parts = vocabulary.parts_of(folded, self._names.__getitem__)
            rule = parts and self._rules.notice(parts)
            if rule and not self._is_report(self._lexicon.stems.find(fold(sentence)), tag):
                subject = vocabulary.stem_of(folded, rule.groups[0])
                match = Match(rule.family, "pattern", tag, subject=subject)
                found.append((len(sentence), match))
        if sum(length for length, _ in found) < _LEAST_NOTICE * len(text):
            return None
        return max(found)[1]._replace(hits=len(found))

    # ---- sentences -----------------------------------------------------------------------------

    def _match_sentences(self, text: str, language: str | None) -> Match | None:
        """The clearest sentence, where most of the line is sentences of notices.

        The rest may be a short button text, or address the reader; what somebody says in
        quotation marks is no notice.
        """
        unquoted = _QUOTED.sub(" ", text) if any(mark in text for mark in _OPENING) else text
        if len(unquoted) < 0.6 * len(text):
            return None
        if len(text) > _GATED_CHARS and not self._may_hold(unquoted, language):
            return None
        parts = sentences(unquoted)
        matched = [self._match_sentence(sentence, language) for sentence in parts]
        found = [match for match in matched if match is not None]
        tongues = {match.language for match in found} | {language or "en"}
        pairs = list(zip(parts, matched, strict=True))
        covered = sum(len(part) for part, match in pairs if match is not None)
        free = sum(len(p) for p, match in pairs if match is None and self._is_free(p, tongues))
        clear = [match for match in found if match.strength != "weak"]
        least = _LEAST_COVERED if free else _LEAST_COVERED / 2
        if not clear or 2 * free > covered or covered < least * len(text):
            return None
        best = max(clear, key=lambda match: (match.strength == "pattern", match.hits))
        return best._replace(strength="pattern", hits=sum(match.hits for match in clear))

    def _may_hold(self, text: str, language: str | None) -> bool:
        """False where no pattern holds even for all sentences together: the second quick test."""
        folded = fold(text)
        return any(self._patterns(folded, self._lexicon.stems.find(folded), language))

    def _is_free(self, sentence: str, languages: Iterable[str]) -> bool:
        """True for a sentence that speaks against a notice: it neither addresses nor is short."""
        if len(sentence) < 25:
            return False
        stems = self._lexicon.stems.find(fold(sentence))
        address = self._lexicon.address
        return all(address.get(tag, _NOBODY).isdisjoint(stems) for tag in languages)

    def _match_sentence(self, sentence: str, language: str | None) -> Match | None:
        folded = fold(sentence)
        labels = self._lexicon.labels.get(folded)
        found = labels and _choose(labels, folded, language)
        if found:
            return found
        stems = self._lexicon.stems.find(folded)
        hits = list(self._patterns(folded, stems, language))
        if not hits:
            return None
        own = [hit for hit in hits if hit[0].language == language] or hits
        pattern, subject = own[0]
        if self._is_report(stems, pattern.language):
            return None
        noun = subject.strip("*")
        return Match(pattern.family, "pattern", pattern.language, len(own), noun)

    def _is_report(self, stems: set[str], language: str) -> bool:
        return not self._lexicon.reporting[language].isdisjoint(stems)

    def _patterns(
        self, folded: str, stems: set[str], language: str | None
    ) -> Iterator[tuple[Pattern, str]]:
        """The patterns that hold, each with the stem that opened it."""
        anchors = self._lexicon.anchors
        opened = [stem for stem in stems if stem in anchors]
        if not opened:
            return
        padded = f" {folded} "
        tags = {tag for stem in opened for tag in anchors[stem]}
        spoken = tags & self._spoken(folded, language, tags)
        seen: set[int] = set()
        for stem in sorted(opened):
            for tag in spoken & anchors[stem].keys():
                for pattern in anchors[stem][tag]:
                    if id(pattern) not in seen and _holds(pattern, padded, stems):
                        seen.add(id(pattern))
                        yield pattern, stem

    def _spoken(self, folded: str, language: str | None, asked: set[str]) -> set[str]:
        """Those of `asked` that a sentence may be in: the document's language, English, and any
        other of which it has two function words that the document's language does not have."""
        sure = self._lexicon.unspaced | {language or "en", "en"}
        if asked <= sure:
            return sure
        counts: dict[str, int] = {}
        foreign = self._foreign_words(language)
        for word in foreign.keys() & set(folded.split()):
            for tag in foreign[word] & asked:
                counts[tag] = counts.get(tag, 0) + 1
        return sure | {tag for tag, count in counts.items() if count > 1}


def _may_be_label(text: str, words: int, first: int, last: int) -> bool:
    """Whether the flags of a line's first and last word allow a label, a gap or a lead."""
    if first & OPENS and last & CLOSES and len(text) <= _LABEL_CHARS:
        return True
    if first & LEADS and not _LEAD_MARKS.isdisjoint(text[:_LEAD_MARK_CHARS]):
        return True
    return bool(first & GAP_BEHIND or last & GAP_BEFORE) and words <= _GAP_LINE_WORDS


def _first_flag(words: Sequence[str], memory: WordMemory) -> int:
    """The flags of the first word that is more than a bullet or another mark."""
    telling = (word for word in words if any(map(str.isalnum, word)))
    return memory[next(telling, words[0])]


def _speaks(text: str) -> bool:
    """True for a line wholly in quotation marks: somebody says it, or it is cited."""
    return text[0] in _QUOTE_MARKS and text[-1] in _QUOTE_MARKS


def _is_capital(word: str) -> bool:
    """True for a word that is written as a name; scripts without capitals do not tell."""
    return next(filter(str.isalnum, word), "").isupper()


def _holds(pattern: Pattern, padded: str, stems: set[str]) -> bool:
    return all(
        group.negated
        != (not group.words.isdisjoint(stems) or any(phrase in padded for phrase in group.phrases))
        for group in pattern.groups
    )


def _may_have_parts(words: Sequence[str], memory: WordMemory) -> bool:
    """Whether enough of a line's words are parts of an interface's labels and notices."""
    if len(words) > _NOTICE_WORDS:
        return False
    known = sum(map(memory.parts.__contains__, words))
    return known >= (1 - NOTICE_SHARE) * len(words)


def _choose(labels: Sequence[Label], folded: str, language: str | None) -> Match | None:
    """The meaning that counts: the document's language first, else the most careful one.

    A single short word that is unambiguous in one language may be an ordinary word of another.
    """
    whole = [label for label in labels if label.strength != "leads"]
    own = [label for label in whole if label.language == language] or whole
    own.sort(key=lambda label: label.strength != "weak")
    if not own:
        return _bare_lead(labels)
    label = own[0]
    foreign = label.language != language
    short = " " not in folded and len(folded) < 9 and not is_unspaced(folded)
    strength: MatchStrength = (
        "weak" if label.strength == "weak" or (foreign and short) else "strong"
    )
    return Match(label.family, strength, label.language)


def _bare_lead(labels: Sequence[Label]) -> Match | None:
    """A lead with nothing behind it is weak."""
    return Match(labels[0].family, "weak", labels[0].language) if labels else None


def _row(parts: list[Match]) -> Match | None:
    """The sense of a row: strong with a strong part, or where "Share" stands with networks.

    Weak labels make a row only together: two of one family, or three.
    """
    if not parts:
        return None
    lexical = [part for part in parts if part.language != "*"]
    strong = next((part for part in lexical if part.strength == "strong"), None)
    if strong is not None:
        return strong._replace(hits=len(parts))
    families = {part.family for part in parts}
    networks = len(parts) - len(lexical)
    share = next((part for part in lexical if part.family == "share"), None)
    if len(families) > 1 and (len(parts) < 3 or (networks and share is None)):
        return None  # "X (Twitter) Marketing" is no row
    if share is not None and networks:
        return share._replace(strength="strong", hits=len(parts))
    return (lexical or parts)[0]._replace(hits=len(parts))


_LEAD_MARK = re.compile(r"\s*(?:[:：»›|→–—>]|\s-\s)+\s*")
_LEAD_MARKS = frozenset(":：»›|→–—>-")
_LEAD_MARK_CHARS = 60


def _split_lead(text: str) -> tuple[str, str, str]:
    """`Read also: Headline` -> ("Read also", ":", "Headline"); no mark, no lead."""
    found = _LEAD_MARK.search(text, 0, _LEAD_MARK_CHARS)
    if found is None:
        return text, "", ""
    return text[: found.start()], found.group(), text[found.end() :]


def sentences(text: str) -> list[str]:
    """Split at sentence marks of all scripts; good enough to weigh them one by one."""
    return [part for part in _SENTENCE_END.split(text) if part and not part.isspace()]


@lru_cache(maxsize=1)
def matcher() -> Matcher:
    """The matcher over the whole lexicon; made once in a process."""
    return Matcher(load())
