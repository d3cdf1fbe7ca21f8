"""The page's language: what it declares, unless its own text plainly says otherwise.

Declared and detected are kept apart in the evidence (`html.lang`, `og:locale` ... against
`detected`). A declaration loses where it is malformed, or where the text is in a script that the
declared language is not written in, or where English is declared over a text without a word of
English that the detector knows for another language: templates declare `en` over everything.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

from scrubber.extract.metadata.patterns import set_of
from scrubber.models import Claim

_TAG: Final = re.compile(
    r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|\d{3}))?(?:-[a-z0-9-]+)?", re.I
)
_NAMES: Final = {
    name: tag
    for tag, names in {
        "en": "english",
        "de": "german deutsch",
        "fr": "french français francais",
        "es": "spanish español",
        "it": "italian italiano",
        "pt": "portuguese português",
        "ru": "russian русский",
        "pl": "polish polski",
        "ja": "japanese 日本語 jp",
        "zh": "chinese 中文 cn",
        "ko": "korean kr",
        "nl": "dutch nederlands",
        "tr": "turkish türkçe",
        "ar": "arabic العربية",
        "hi": "hindi",
        "cs": "cz",
        "da": "dk",
        "sv": "se",
        "uk": "ua",
        "el": "gr",
        "he": "iw",
    }.items()
    for name in names.split()
}
_NEVER: Final = frozenset({"xx", "und", "zxx", "mul", "mis"})
_SCRIPTS: Final = {
    "CYRILLIC": "ru uk be bg sr mk kk ky tg mn tt ba cv ce os ab uz az bs sh cnr",
    "GREEK": "el grc",
    "ARABIC": "ar fa ur ps ckb ku ug sd arz az pnb ks",
    "HEBREW": "he yi iw lad",
    "CJK": "zh ja yue wuu lzh ko",
    "HIRAGANA": "ja", "KATAKANA": "ja",
    "HANGUL": "ko",
    "DEVANAGARI": "hi mr ne sa kok bho mai",
    "BENGALI": "bn as", "GURMUKHI": "pa", "GUJARATI": "gu", "ORIYA": "or", "TAMIL": "ta",
    "TELUGU": "te", "KANNADA": "kn", "MALAYALAM": "ml", "SINHALA": "si", "THAI": "th", "LAO": "lo",
    "MYANMAR": "my", "KHMER": "km", "GEORGIAN": "ka", "ARMENIAN": "hy", "ETHIOPIC": "am ti",
    "TIBETAN": "bo dz",
}  # fmt: skip
_WRITERS: Final = {script: frozenset(tags.split()) for script, tags in _SCRIPTS.items()}
_NOT_LATIN: Final = frozenset().union(*_WRITERS.values()) - set_of(
    "uz az bs sh cnr ku sr tt tg mn ug ks pa"
)
_SAMPLE: Final = 600  # letters looked at
_ASCII_LETTERS: Final = string.ascii_letters.encode()
_LATIN: Final = re.compile(r"[a-zA-Z\u00c0-\u024f]+")


def canonical_tag(declared: str) -> str | None:
    """A language tag in BCP 47's casing (`pt-BR`, `zh-Hant-TW`), or `None` where it is none."""
    text = declared.strip().replace("_", "-").split(".")[0].split(",")[0]
    text = _NAMES.get(text.casefold(), text)
    match = _TAG.fullmatch(text)
    if match is None or match[1].lower() in _NEVER:
        return None
    primary = _NAMES.get(match[1].lower(), match[1].lower())
    script = match[2].title() if match[2] else None
    region = match[3].upper() if match[3] else None
    return "-".join(part for part in (primary, script, region) if part)


def script_of(text: str) -> str | None:
    """The script of most letters of a text, as Unicode names it; `None` below 20 letters."""
    latin = _count_latin(text[: 2 * _SAMPLE])
    if latin > 0.55 * min(len(text), 2 * _SAMPLE):  # letters of words, beside spaces and marks
        return "LATIN" if latin >= 20 else None
    counts: Counter[str] = Counter()
    seen = 0
    for letter in text:
        if letter.isalpha():
            counts["LATIN" if letter < "\u0250" else unicodedata.name(letter, "?").split()[0]] += 1
            seen += 1
            if seen >= _SAMPLE:
                break
    if seen < 20:
        return None
    kana = counts["HIRAGANA"] + counts["KATAKANA"]
    if kana > 0.1 * seen:
        return "HIRAGANA"
    return counts.most_common(1)[0][0]


def _count_latin(text: str) -> int:
    if text.isascii():
        return len(text) - len(text.encode().translate(None, _ASCII_LETTERS))
    return sum(map(len, _LATIN.findall(text)))


def _contradicts(tag: str, script: str | None) -> bool:
    """Whether a language is not written in the script that `script_of` found."""
    primary = tag.split("-")[0]
    if script is None or "-Latn" in tag:
        return False
    if script in _WRITERS:
        return primary not in _WRITERS[script]
    return script == "LATIN" and primary in _NOT_LATIN


def _is_throughout(language: str, text: str) -> bool:
    """Whether each quarter of a text is detected as that language: names of goods never are."""
    size = max(1, len(text) // 4)
    quarters = [text[start : start + size] for start in range(0, 4 * size, size)]
    found = [detected_claim(quarter) for quarter in quarters]
    return all(claim is not None and claim.value == language for claim in found)


def _is_hardly_english(text: str) -> bool:
    """Whether a text of some length lacks the words that English cannot do without.

    Templates declare English over every language; where it is English, a third are such words.
    """
    words = text[: 4 * _SAMPLE].casefold().split()
    return sum(map(_ENGLISH.__contains__, words)) < 0.1 * len(words) and len(set(words)) >= 25


_ENGLISH: Final = set_of(
    "the and of to a in is that for it on with as are be was this by from at or you we have not"
    " can will your an i he she they his her but which has"
)


def detected_claim(text: str) -> Claim | None:
    """What the lexicon's detector makes of the text."""
    from scrubber.lexicon import detect_language

    found = detect_language(text) if text else None
    return Claim("language", found, "detected", text[:80]) if found else None


def language_claims(claims: Sequence[Claim], text: str) -> list[Claim]:
    """Well-formed claims, contradicted ones left out; the detected one where none remains."""
    tagged = [
        Claim("language", tag, claim.source, claim.raw)
        for claim in claims
        if (tag := canonical_tag(str(claim.value))) is not None
    ]
    script = script_of(text) if tagged else None
    kept = [claim for claim in tagged if not _contradicts(claim.value, script)]
    if kept and not (kept[0].value.startswith("en") and _is_hardly_english(text)):
        return kept
    found = detected_claim(text)
    if kept:
        sure = found and found.value != "en" and _is_throughout(found.value, text)
        return [found, *kept] if found and sure else kept
    return [found] if found else []
