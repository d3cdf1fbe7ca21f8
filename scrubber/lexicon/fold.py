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
_NUMBERS = re.compile(r"0(?: ?0)*")


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
# table, up to ten times as fast.
ASCII_FOLDED = [_fold_character(chr(point)) for point in range(128)]
_ASCII_TABLE = "".join(folded or "\0" for folded in ASCII_FOLDED).encode().ljust(256)
_ASCII_DROPPED = bytes(point for point, folded in enumerate(ASCII_FOLDED) if not folded)


# Marks of running text with the ASCII ones that fold as they do, so that much text is ASCII.
_MARKS = (("’", "'"), ("‘", '"'), ("“", '"'), ("”", '"'), ("–", "-"), ("—", "-"), ("…", "."))


def fold(text: str) -> str:
    """Return `text` in the form in which everything is compared: words parted by one space."""
    if not text.isascii():
        for mark, plain in _MARKS:
            text = text.replace(mark, plain)
    if text.isascii():
        folded = text.encode().translate(_ASCII_TABLE, _ASCII_DROPPED).decode()
    else:
        folded = unicodedata.normalize("NFC", text).translate(_TABLE)
    words = " ".join(folded.split())
    return _NUMBERS.sub("0", words) if "0" in words else words


_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


def is_unspaced(text: str) -> bool:
    """True where `text` holds a script that is written without spaces between words."""
    return not text.isascii() and _UNSPACED.search(text) is not None
