"""Folding: the one form in which labels, stems and pages are compared.

    "Lire la suite…"  ->  "lire la suite"      case, punctuation and accents gone
    "３ Comments (12)" ->  "0 comments 0"       every number is one 0
    "Facebookで共有"   ->  "facebookで共有"     compatibility forms unified

Accents are stripped in alphabets where people leave them out when typing (Latin, Greek, Cyrillic,
Hebrew, Arabic) and kept where they are letters of their own (Indic, Thai, kana). Arabic and Persian
forms of one letter fold together. Format characters (zero-width joiners, soft hyphens) vanish.
"""

from __future__ import annotations

import re
import unicodedata

# Soft hyphen, zero-width space, word joiner and byte order mark: hints where a line may break, and
# nothing once text is plain. Joiners (U+200C, U+200D) and direction marks belong to Persian, Indic
# and emoji spelling.
BREAK_HINTS = "\u00ad\u200b\u2060\ufeff"
NAME = "\ue000"  # stands for a network's name in folded text, see `Lexicon`
WILD = "\ue001"  # stands for one to six words in a folded label

_LOOK_ALIKES = str.maketrans(
    {
        "ي": "ی",
        "ى": "ی",
        "ك": "ک",
        "ة": "ه",
        "ۀ": "ه",
        "ھ": "ه",
        "ı": "i",
        "ł": "l",
        "đ": "d",
        "ø": "o",
    }
)
_APOSTROPHES = "'’ʻʼ`´"  # two of which count as letters, as in Uzbek "oʻqish"
_NUMBERS = re.compile(r"0(?: *0)*")


def _strippable(mark: str) -> bool:
    """True for combining marks that readers of the script treat as optional."""
    point = ord(mark)
    return (
        0x300 <= point <= 0x36F
        or 0x591 <= point <= 0x5C7
        or 0x610 <= point <= 0x61A
        or 0x64B <= point <= 0x65F
        or point == 0x670
    )


def _fold_character(character: str) -> str:
    category = unicodedata.category(character)
    if character in _APOSTROPHES:
        return ""
    if character in (NAME, WILD):
        return f" {character} "
    if character in "©ⓒⒸ":
        return " © "  # the one sign that is a word: it opens copyright lines
    if category == "Nd":
        return "0"
    if category == "Cf" or character == "ـ":
        return ""
    if category[0] in "PSZC":
        return " "
    parts = [part for part in unicodedata.normalize("NFKD", character) if not _strippable(part)]
    folded = unicodedata.normalize("NFKC", "".join(parts).casefold())
    return folded.translate(_LOOK_ALIKES)


class _FoldTable(dict[int, str]):
    """Code point -> folded text, filled as characters are met."""

    def __missing__(self, point: int) -> str:
        folded = self[point] = _fold_character(chr(point))
        return folded


_TABLE = _FoldTable()


# The same for ASCII, of which each character becomes one or none: bytes are translated by a plain
# table, up to ten times as fast. Other bytes stay.
ASCII_FOLDED = [_fold_character(chr(point)) for point in range(128)]
_ASCII_TABLE = "".join(folded or "\0" for folded in ASCII_FOLDED).encode() + bytes(range(128, 256))
_ASCII_DROPPED = bytes(point for point, folded in enumerate(ASCII_FOLDED) if not folded)
_ASCII = bytes(range(128))

# Marks of running text with the ASCII ones that fold as they do: without them much text is ASCII.
_MARKS = (("’", "'"), ("‘", '"'), ("“", '"'), ("”", '"'), ("–", "-"), ("—", "-"), ("…", "."))

_SHORT_CHARS = 48  # of a text that is soonest folded character by character
_MANY_KINDS = 64  # of characters, to replace all of which takes longer than to look at each


def fold(text: str) -> str:
    """Return `text` in the form in which everything is compared: words parted by one space."""
    return " ".join(fold_words(text))


def fold_words(text: str) -> list[str]:
    """The words of `fold(text)`."""
    if not text.isascii():
        for mark, plain in _MARKS:
            text = text.replace(mark, plain)
    if text.isascii():
        folded = text.encode().translate(_ASCII_TABLE, _ASCII_DROPPED).decode()
    else:
        folded = _fold_characters(unicodedata.normalize("NFC", text))
    return (_NUMBERS.sub("0", folded) if "0" in folded else folded).split()


def _fold_characters(text: str) -> str:
    """Fold each character of `text`. Running text has few kinds that are not ASCII and change, and
    to replace one everywhere is quick."""
    if len(text) <= _SHORT_CHARS:
        return text.translate(_TABLE)
    encoded = text.encode("utf-8", "surrogatepass")
    kinds = {*encoded.translate(None, _ASCII).decode("utf-8", "surrogatepass")}
    changed = [(kind, folded) for kind in kinds if (folded := _TABLE[ord(kind)]) != kind]
    if len(changed) > _MANY_KINDS:
        return text.translate(_TABLE)
    plain = encoded.translate(_ASCII_TABLE, _ASCII_DROPPED).decode("utf-8", "surrogatepass")
    # Short ones first: a fraction brings a stroke that is not to be folded in its turn.
    for kind, folded in sorted(changed, key=lambda pair: len(pair[1])):
        plain = plain.replace(kind, folded)
    return plain


_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def is_unspaced(text: str) -> bool:
    """True where `text` holds a script that is written without spaces between words."""
    return not text.isascii() and _UNSPACED.search(text) is not None
