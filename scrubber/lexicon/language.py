"""Language detection from scripts and function words: light, and enough to choose a lexicon.

A script that only one language of the lexicon uses settles it. Otherwise the languages' most
frequent words are counted; a word shared by many languages says little and weighs little.
"""

from __future__ import annotations

import re
import string
from collections import Counter, defaultdict
from functools import lru_cache

from scrubber.lexicon.fold import fold_words
from scrubber.lexicon.index import load

_SAMPLE_CHARS = 4000
_SCRIPTS = {
    "ja": "\u3040-\u30ff",
    "ko": "\uac00-\ud7af\u1100-\u11ff",
    "th": "\u0e00-\u0e7f",
    "lo": "\u0e80-\u0eff",
    "km": "\u1780-\u17ff",
    "my": "\u1000-\u109f",
    "el": "\u0370-\u03ff",
    "hy": "\u0530-\u058f",
    "ka": "\u10a0-\u10ff",
    "ta": "\u0b80-\u0bff",
    "te": "\u0c00-\u0c7f",
    "kn": "\u0c80-\u0cff",
    "ml": "\u0d00-\u0d7f",
    "gu": "\u0a80-\u0aff",
    "pa": "\u0a00-\u0a7f",
    "or": "\u0b00-\u0b7f",
    "si": "\u0d80-\u0dff",
    "am": "\u1200-\u137f",
    "zh": "\u4e00-\u9fff",
    "_letters": "A-Za-z\u00c0-\u024f\u0400-\u04ff\u0590-\u06ff\u0900-\u09ff",
}
# Letters that only one language of the lexicon writes, and what each of the first few is worth.
_OWN_LETTERS = {
    "az": "ə", "be": "ў", "cs": "řů", "eo": "ĉĝĥĵŝŭ", "hu": "őű", "is": "ðþ", "lt": "ėųį",
    "lv": "ģķļņ", "mk": "ѓќѕ", "pl": "ł", "sk": "ľĺŕ", "sr": "ђћ", "uk": "їєґ",
}  # fmt: skip
_OWNERS = {letter: tag for tag, own in _OWN_LETTERS.items() for letter in own}
_LETTER_WORTH = 0.5
_MOST_LETTERS = 8
_ASCII = bytes(range(128))
_ASCII_LETTERS = string.ascii_letters.encode()


def detect_language(text: str) -> str | None:
    """Return the primary BCP 47 tag of `text`'s language, or `None` where too little tells.

    Reads the first 4,000 characters. Knows the languages of the lexicon.
    """
    sample = text[:_SAMPLE_CHARS]
    return _by_script(sample) or _by_words(sample)


def _by_script(sample: str) -> str | None:
    if sample.isascii():
        return None
    counts = _count_scripts(sample)
    total = sum(counts.values())
    if not total:
        return None
    # Japanese mixes kana with Han characters; a tenth of kana is never Chinese.
    if counts["ja"] > 0.1 * (counts["ja"] + counts["zh"]) and counts["ja"] > 0.1 * total:
        return "ja"
    # One Han character carries what four letters do, so Latin names weigh less beside it.
    tag = max(counts, key=lambda tag: counts[tag])
    if tag == "_letters" or counts[tag] < 0.4 * total:
        return "zh" if counts["zh"] > 0.25 * total else None
    return tag


def _count_scripts(sample: str) -> dict[str, int]:
    """How many characters of each script there are; of most languages most are ASCII letters."""
    counts = dict.fromkeys(_SCRIPTS, 0)
    encoded = sample.encode("utf-8", "surrogatepass")
    counts["_letters"] = len(encoded) - len(encoded.translate(None, _ASCII_LETTERS))
    for character, count in Counter(_beyond_ascii(sample)).items():
        if script := _SCRIPT_OF[character]:
            counts[script] += count
    return counts


def _beyond_ascii(text: str) -> str:
    rest = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    return rest.decode("utf-8", "surrogatepass")


class _ScriptTable(dict[str, str | None]):
    """Character -> its script, `None` for marks and scripts of no language here; filled as
    characters are met."""

    def __missing__(self, character: str) -> str | None:
        spans = ((tag, re.match(f"[{span}]", character)) for tag, span in _SCRIPTS.items())
        script = self[character] = next((tag for tag, found in spans if found), None)
        return script


_SCRIPT_OF = _ScriptTable()


def _by_words(sample: str) -> str | None:
    common = _common_words()
    scores = defaultdict(float, _score_letters(sample))
    words = fold_words(sample)
    for word, count in Counter(filter(common.__contains__, words)).items():
        languages = common[word]
        worth = min(count, 8) / (1 + 0.25 * (len(languages) - 1))
        for tag in languages:
            scores[tag] += worth
    most = max(scores.values(), default=0.0)
    if most < (2.0 if len(words) > 12 else 1.0):
        return None
    return max(tag for tag, score in scores.items() if score == most).partition("-")[0]


def _score_letters(sample: str) -> dict[str, float]:
    """Scores of the languages that have letters of their own in the sample."""
    counts: Counter[str] = Counter()
    for letter, count in Counter(_beyond_ascii(sample).lower()).items():
        if letter in _OWNERS:
            counts[_OWNERS[letter]] += count
    return {tag: _LETTER_WORTH * min(count, _MOST_LETTERS) for tag, count in counts.items()}


@lru_cache(maxsize=1)
def _common_words() -> dict[str, tuple[str, ...]]:
    """Function word -> the languages that have it among their most frequent."""
    languages: dict[str, list[str]] = defaultdict(list)
    for tag, words in load().common.items():
        for word in words:
            if word.isalpha() or " " not in word:
                languages[word].append(tag)
    return {word: tuple(tags) for word, tags in languages.items()}
