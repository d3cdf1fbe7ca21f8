"""What a name looks like, and whose it is: a person's, a body's or an account's."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from scrubber.extract.metadata.byline_words import byline_words, is_unspaced
from scrubber.extract.metadata.patterns import set_of
from scrubber.models import Author, AuthorKind

_HANDLE: Final = re.compile(r"@?[a-z0-9][a-z0-9_.\-]{1,38}|@\w{2,30}|[A-Za-z]+[_\d][\w]*")
_PARTICLES: Final = set_of(
    "de da do dos das del della di du des la le el al bin ibn ben van von der den ter ten zu "
    "zur y e i af av ap of the st san abu bint dal lo d' o' 't und"
)
_PROSE: Final = set_of(
    "is are was were has have had this that these those it he she they we you i who which "
    "what when where how why not all more most read click here there about for from to in on "
    "at your our my his her their with as can will would should may if or but so than then"
)
_ALSO_NAMES: Final = set_of("may will can an so or he")  # Tom May, Will Smith
DIGIT: Final = re.compile(r"[\d²³¹]")
_HONORIFIC: Final = re.compile(
    r"^(?:(?:dr|mr|mrs|ms|prof|sir|dame|rev|ra|mag|lek|uzm|ing|mudr|mgr|bc|phdr|dipl\.-ing|pfarrer|maître"
    r"|д-р|проф|دکتر|د|डॉ|ดร)\.?\s+)+",
    re.I,
)
_PLACES: Final = set_of("U.S. U.K. E.U. U.N. D.C. L.A. N.Y.")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.-?){1,3}(?=[^\W\d_]|$)")  # "J.R.", "Г.Ундрах"


def is_dense(name: str) -> bool:
    """Whether a name's script writes family and given name as one word, or parts no words."""
    return is_unspaced(name) or "\uac00" <= name[:1] <= "\ud7a3"


@lru_cache(maxsize=4096)
def kind_of(name: str, said: AuthorKind | None = None) -> AuthorKind:
    """Person, organisation or handle. What the page says counts unless the name speaks against it.

    Publishing systems call every account a Person, so a body's word in the name outweighs it.
    """
    if said == "organization":
        return said
    words = name.split()
    marks = byline_words().organization
    if (
        any(word.casefold().strip(".,'’") in marks for word in words)
        or words[0].casefold() == "the"
        or (len(words) == 3 and words[1].casefold() in {"&", "and", "und", "et", "y"})
    ):
        return "organization"
    if len(words) == 1 and _HANDLE.fullmatch(name):
        return "handle"
    return "person"


@cache
def _given_names() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("given_names.txt").read_text("utf-8").split())


@lru_cache(maxsize=4096)
def has_given_name(name: str) -> bool:
    """Whether the first word (or the last, as in Hungarian) is a common given name, or initials.

    Vietnamese family names, which come first and are few, count too.
    """
    words = _HONORIFIC.sub("", name).split()
    if not words:
        return False
    if _INITIALS.match(words[0]) and words[0] not in _PLACES:
        return words[0][0] == words[0][0].upper() and (len(words) > 1 or words[0][-1] != ".")
    first, last = words[0].casefold(), words[-1].casefold()
    known = _given_names()
    if first in known or (len(words) > 1 and first.split("-")[0] in known):
        return True
    return len(words) == 2 and last in known


@lru_cache(maxsize=4096)
def looks_like_person(name: str) -> bool:
    """Whether a stranger would take `name` for a person's: two to five capitalised words."""
    if not 0 < len(name) <= 50 or DIGIT.search(name):
        return False
    if is_dense(name):
        return looks_dense(name)
    words = name.split()
    if not 2 <= len(words) <= 6:
        return False
    words = _HONORIFIC.sub("", name).split()
    if not 2 <= len(words) <= 5 or any(map(is_prose_word, words)):
        return False
    marks = byline_words()
    if any(word.casefold().strip(".,") in marks.organization for word in words):
        return False
    return all(_is_capitalised(word) or word.casefold() in _PARTICLES for word in words)


def looks_dense(name: str) -> bool:
    """Whether a name in a script without spaces between words looks like a person's.

    Chinese and Japanese names open with one of rather few surnames; Thai ones part two words.
    """
    letters = name.replace(" ", "").replace("・", "")
    if not letters:
        return False
    if "\u0e00" <= letters[0] <= "\u0e7f":
        return len(name.split()) in {2, 3} and len(name) <= 40
    if "\uac00" <= letters[0] <= "\ud7a3":
        return 2 <= len(letters) <= 4 and letters.startswith(_surnames()["korean"])
    if any("\u30a0" <= c <= "\u30ff" for c in letters):
        return "・" in name  # a foreigner's name in katakana
    return 2 <= len(letters) <= 7 and letters.startswith(_surnames()["chinese_or_japanese"])


@cache
def _surnames() -> Mapping[str, tuple[str, ...]]:
    """The surnames that open names written in one word, by script."""
    table = tomllib.loads(Path(__file__).with_name("surnames.toml").read_text("utf-8"))
    return {script: tuple(words.split()) for script, words in table.items()}


def is_name_line(text: str) -> bool:
    """Whether a line is nothing but a person's name, with a given name that is known."""
    plain = len(text) <= 40 and not _NO_NAME.search(text)
    return plain and looks_like_person(text) and has_given_name(text)


_NO_NAME: Final = re.compile(r"[()\[\]:;?!]")


def plausible(name: str) -> bool:
    """Whether a visible name is one: somebody's full name, a body's, or one capitalised word."""
    words = name.split()
    most = 8 if kind_of(name) == "organization" else 5
    return looks_like_person(name) or (
        len(words) <= most and not is_small(name[:1]) and not name.endswith(".")
    )


def is_listed(author: Author) -> bool:
    """Whether a link's text is a name rather than a phrase."""
    return author.kind == "handle" or plausible(author.name)


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """What two spellings of one name share: letters only, folded, words sorted."""
    words = re.findall(r"[^\W\d_]+", _HONORIFIC.sub("", name.casefold()))
    return " ".join(sorted(words)) or name.casefold()


def is_prose_word(word: str) -> bool:
    """Whether a word is one that sentences are made of; capitalised, some of those are names."""
    folded = word.casefold()
    return folded in _PROSE and not (folded in _ALSO_NAMES and word[0].isupper())


def _is_capitalised(word: str) -> bool:
    letter = next((c for c in word if c.isalpha()), "")
    return bool(letter) and not is_small(letter)


def is_small(letter: str) -> bool:
    """Whether a letter is small in a script that opens names with capitals; Georgian does not."""
    return letter != letter.upper() and not "\u10d0" <= letter <= "\u10ff"
