"""The words around names in bylines, by what they do, as patterns and sets.

They stand by language in `bylines.toml`; those of all languages are tried at once, since bylines
are often in another language than the page says.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from scrubber.extract.metadata.patterns import Anywhere, one_of, set_of

_PARTED: Final = r"[\s|•·(,;.&/]"


@dataclass(frozen=True, slots=True)
class BylineWords:
    """by: opens a byline. by_anywhere: opens one inside a line too. by_between: opens one in a line
    that tells a day. not_writer: opens the name of another craft's, anywhere or first in a text.
    joints: what joins two names; joining: the words among them. organization, role: marks of a
    body's name and of a job, folded.
    """

    by: re.Pattern[str]
    by_anywhere: Anywhere
    by_between: re.Pattern[str]
    not_writer: Anywhere
    not_writer_first: re.Pattern[str]
    joints: re.Pattern[str]
    joining: frozenset[str]
    organization: frozenset[str]
    role: frozenset[str]


@cache
def byline_words() -> BylineWords:
    """The words of all languages."""
    table = tomllib.loads(Path(__file__).with_name("bylines.toml").read_text("utf-8"))

    def union(key: str) -> set[str]:
        return {word for words in table.values() for word in words.get(key, ())}

    by, joints, not_writer = union("by"), union("and"), _any(union("not_writer"))
    bare = {word.rstrip("*") for word in by}
    sure = {word for word in by if " " in word and not word.endswith("*")}
    between = (bare - _UNSURE) | {f"{word}:" for word in bare & _UNSURE}
    return BylineWords(
        by=re.compile(rf"\W*(?:{_any(bare)})", re.I),
        by_anywhere=Anywhere.after(r"[\s|•·(:,;.]", _any(sure | {"by"})),
        by_between=re.compile(rf"[\s|•·(,;.]{_any(between)}", re.I),
        not_writer=Anywhere.after(_PARTED, not_writer),
        not_writer_first=re.compile(rf"(?:|.?.?{_PARTED}){not_writer}", re.I | re.S),
        joints=re.compile(
            rf"\s*,?\s+(?:{'|'.join(re.escape(j) for j in sorted(joints) if j < chr(0x2E80))})\s+"
            r"|\s*&\s*|\s*,\s*|(?<=[\u0600-\u06ff])\s+و\s?(?=[\u0600-\u06ff])|(?<=[\u3040-\u9fff])[和与與](?=[\u3040-\u9fff])",
            re.I,
        ),
        joining=frozenset(joints),
        organization=frozenset(union("organization")),
        role=frozenset(union("role")),
    )


def _any(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first, ending at a word's end.

    A word written with a colon is matched only before one.
    """
    longest = sorted(words, key=len, reverse=True)
    spaced = [word for word in longest if not is_unspaced(word)]
    dense = [word for word in longest if is_unspaced(word)]
    either = rf"(?:{one_of(spaced)})(?=[\s:.：/|՝៖]|$)" if spaced else ""
    if dense:
        either += rf"{'|' if spaced else ''}(?:{one_of(dense)})(?=[\s:：/／・＝=]|$)"
    return rf"(?:{either})[\s:.：/／・＝=|՝៖-]*"


def is_unspaced(word: str) -> bool:
    """Whether the word's script sets no spaces (Chinese, Japanese; Thai too)."""
    return not word.isascii() and _DENSE.search(word) is not None


_DENSE: Final = re.compile("[\u0e00-\u0e7f\u2e80-\u9fff\uff00-\U0010ffff]")
_UNSURE: Final = set_of("text texto texte tekst tekstas teksts teksti text de de di da e od от від")
