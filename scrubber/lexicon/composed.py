"""Lines composed of an interface's words, which nobody listed: "Show 3 previous replies".

`scrubber.lexicon.parts` says what the words stand for and which of them make a label or a notice;
here lines are taken apart: a label as a whole, a notice sentence by sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from scrubber.lexicon.evidence import Match, ends_in, is_spoken
from scrubber.lexicon.fold import fold
from scrubber.lexicon.index import StemFinder
from scrubber.lexicon.notices import NoticeReader, has_quotation, sentences
from scrubber.lexicon.parts import LABEL_WORDS, SLIP_SHARE, Named, Rules, Vocabulary
from scrubber.lexicon.short import OPTIONAL_ENDING, is_data
from scrubber.lexicon.words import LABEL_CHARS, LEAD_CHARS, NameMemory, WordMemory

_LEAST_NOTICE = 0.5  # of its characters, in sentences that are clear
# Any line's first word may be a capital, but a Latin one before these letters is a name.
_OTHER_SCRIPTS = re.compile(r"[\u0370-\u1dff\u2e80-\ud7ff]")
_NUMBERED = re.compile(r"(?:\d+\.)*\d+[.)]\s")
_STOPS = ".!?…。！？।؟۔"
_PLAIN_ENDS = ".。:;：；"  # of what a manual says; buttons that wait end in an ellipsis


class PartsReader:
    """Reads lines by the vocabularies of the document's language and of English."""

    def __init__(
        self, rules: Rules, names: NameMemory, notices: NoticeReader, stems: StemFinder
    ) -> None:
        self._rules = rules
        self._names = names
        self._notices = notices
        self._stems = stems

    def read(
        self,
        text: str,
        memory: WordMemory,
        vocabularies: Mapping[str, Vocabulary],
    ) -> Match | None:
        """The line as a label or notice; vocabularies: by language, the document's first."""
        words = text.split()
        may_label, may_notice = self._rules.may_hold(memory.concepts(words))
        if not (may_label or may_notice):
            return None
        if "(" in text:
            text = OPTIONAL_ENDING.sub("", text)
            words = text.split()
        may_label = may_label and len(words) <= LABEL_WORDS and len(text) <= LABEL_CHARS
        if not (may_label or may_notice) or is_spoken(text) or is_data(text) or has_quotation(text):
            return None
        weak = None
        for tag, vocabulary in vocabularies.items():
            label = self._read_label(text, words, vocabulary) if may_label else None
            if label is not None and label.is_sure:
                return Match(label.family, "strong", tag)
            found = self._read_notice(text, vocabulary, tag) if may_notice else None
            if found is not None:
                return found
            if label is not None and weak is None:
                weak = Match(label.family, "weak", tag)
        return weak

    def _read_label(self, text: str, words: Sequence[str], vocabulary: Vocabulary) -> Named | None:
        if _NUMBERED.match(text):
            return None  # "48. Find your way" is the heading of a list's part
        tells = text[0].isascii() and _OTHER_SCRIPTS.search(text)
        capitals = filter(_is_capital, words if tells else words[1:])
        names = {part for word in capitals for part in vocabulary.fold(word).split()}
        parts = vocabulary.parts_of(vocabulary.fold(text), self._names.__getitem__, names)
        if parts is None:
            return None
        is_sentence = text[-1] in _STOPS
        runs_on = ends_in(text, _PLAIN_ENDS)
        if runs_on and self._rules.is_account(parts):
            return None
        own = parts.strange - parts.named  # which it may have where it is no broken sentence
        if own > 0 and (text[0].islower() or (is_sentence and not self._rules.is_telling(parts))):
            return None
        is_rich = not is_sentence and self._rules.is_rich(parts) and len(sentences(text)) < 2
        if own > SLIP_SHARE and not is_rich:
            return None
        label = self._rules.label(parts, has_note=text[-1] in ")）", is_sentence=runs_on)
        if label is None or (runs_on and self._rules.is_manual(label.family, parts)):
            return None
        if own > 0 and not self._rules.is_dialog(parts) and len(sentences(text)) > 1:
            return None  # only consent dialogues go on in words of their own
        return label

    def _read_notice(self, text: str, vocabulary: Vocabulary, tag: str) -> Match | None:
        """A notice where most of the line is sentences that are one."""
        if text[0].islower():
            return None  # the rest of a sentence that code or a link broke
        found: list[tuple[int, Match]] = []
        for sentence in [text] if len(text) <= LEAD_CHARS else sentences(text):
            folded = vocabulary.fold(sentence)
            parts = vocabulary.parts_of(folded, self._names.__getitem__)
            rule = parts and self._rules.notice(parts)
            if rule and parts and self._rules.is_manual(rule.family, parts):
                continue
            if rule and not self._notices.is_report(self._stems.find(fold(sentence)), tag):
                subject = vocabulary.stem_of(folded, rule.opening)
                match = Match(rule.family, "pattern", tag, subject=subject)
                found.append((len(sentence), match))
        if sum(length for length, _ in found) < _LEAST_NOTICE * len(text):
            return None
        return max(found)[1]._replace(hits=len(found))


def _is_capital(word: str) -> bool:
    """True for a word that begins with a capital."""
    return next(filter(str.isalnum, word), "").isupper()
