"""Which of the single-byte charsets it is: the one in which the text is of one language.

They give the same bytes to different letters. Read in the wrong one, a text has letters that its
language lacks, capitals inside words, signs between letters, and alphabets mixed in a word.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Final, NamedTuple

from scrubber.fetch.charset_labels import CODECS

# charsets: language and the letters beyond ASCII that it writes in them.
_TABLE: Final = """
windows-1252: fr àâæçéèêëîïôœùûüÿ de äöüß es áéíñóúü pt àáâãçéêíóôõúü it àèéìíòóùú nl áéèëïíóöüú
windows-1252: sv åäöéà da æøåé is áðéíóúýþæö ca àçèéíïòóúü sq ëç
windows-1252 windows-1257: et äõöüšž
windows-1257: lt ąčęėįšųūž lv āčēģīķļņšūž
windows-1250 iso-8859-2: pl ąćęłńóśźż cs áčďéěíňóřšťúůýž sk áäčďéíĺľňóôŕšťúýž hu áéíóöőúüű
windows-1250 iso-8859-2: ro ăâîşţ hr čćđšž
windows-1254: tr âçğıîöşûü
windows-1251 koi8-r koi8-u iso-8859-5 ibm866: ru абвгдежзийклмнопрстуфхцчшщъыьэюяё
windows-1251 koi8-r koi8-u iso-8859-5 ibm866: uk абвгдежзийклмнопрстуфхцчшщьюяґєії
windows-1251 koi8-r koi8-u iso-8859-5 ibm866: be абвгдежзийклмнопрстуфхцчшыьэюяёіў
windows-1251 iso-8859-5: sr абвгдђежзијклљмнњопрстћуфхцчџш mk абвгдѓежзѕијклљмнњопрстќуфхцчџш
"""


def _alphabets() -> dict[str, list[frozenset[str]]]:
    """The alphabets that each charset has."""
    found: dict[str, list[frozenset[str]]] = {}
    for line in _TABLE.strip().splitlines():
        charsets, _, rest = line.partition(": ")
        for charset in charsets.split():
            found.setdefault(charset, []).extend(map(frozenset, rest.split()[1::2]))
    return found


_ALPHABETS: Final = _alphabets()
_USUAL: Final = "windows-1252"  # where nothing speaks for another
_ENOUGH, _KINDS = 8, 3  # letters of one language, and how many different ones
_SHARE: Final = 0.9  # of all letters: no less is a text of that language
_MARGIN: Final = 0.03  # by which it must be better: a foreign name is no evidence
_BEYOND_ASCII: Final = re.compile(r"(?<=(.))?([^\x00-\x7f])(?=(.))?", re.DOTALL)


def better_charset(passages: bytes, name: str) -> str:
    """The charset in which `passages` are of one language to a larger part than in `name`;
    windows-1252 where they are none of another one's; else `name` itself.

    passages: of a text, around what is not ASCII. A `name` of another kind stays.
    """
    if name not in _ALPHABETS:
        return name
    fits = {charset: _fit(passages, charset) for charset in _ALPHABETS}
    telling = [key for key, fit in fits.items() if fit.right >= _ENOUGH and fit.kinds >= _KINDS]
    best = max(telling, key=fits.__getitem__, default=name)
    if fits[best].share > max(_SHARE, fits[name].share + _MARGIN):
        return best
    return _USUAL if fits[_USUAL] >= fits[name] else name


class _Fit(NamedTuple):
    """How well a text is of the language that fits best. share: its letters / all letters and
    misplaced signs, 0..1; 1 where there are none, as nothing speaks against the charset. right,
    kinds: how many its letters are, and how many different ones.
    """

    share: float
    right: int
    kinds: int


def _fit(passages: bytes, charset: str) -> _Fit:
    letters, misplaced = _letters(passages.decode(CODECS[charset], "replace"))
    total = letters.total() + misplaced
    counts = [
        [count for letter, count in letters.items() if letter in alphabet]
        for alphabet in _ALPHABETS[charset]
    ]
    right = max(counts, key=sum)
    return _Fit(sum(right) / total if total else 1.0, sum(right), len(right))


def _letters(text: str) -> tuple[Counter[str], int]:
    """How often each letter beyond ASCII stands where it may; what stands where it may not."""
    letters: Counter[str] = Counter()
    misplaced = 0
    for at in _BEYOND_ASCII.finditer(text):
        before, sign, after = at[1] or "", at[2], at[3] or ""
        if _is_misplaced(before, sign, after):
            misplaced += 1
        elif _is_letter(sign) and (before.isalpha() or after.isalpha()):
            letters[sign.lower()] += 1
    return letters, misplaced


def _is_misplaced(before: str, sign: str, after: str) -> bool:
    if _is_letter(sign):
        capital_inside = sign.isupper() and before.islower()
        return capital_inside or (sign >= "\u0400" and (_is_latin(before) or _is_latin(after)))
    if "\x80" <= sign < "\xa0" or "\u2500" <= sign < "\u25a0":  # controls, the lines of boxes
        return True
    return before.isalpha() and after.isalpha() and sign not in "’‘"


def _is_letter(sign: str) -> bool:
    return sign.isalpha() and sign not in "ªºµ"


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalpha()
