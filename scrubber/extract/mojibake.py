"""Pages whose UTF-8 was taken for a Western charset and encoded again: `itâ€™s`.

Two in a hundred pages of WCXB are sent like that, all or in part; browsers show them as they are.
A page is mended where most of its `â`, `Ã` and `Â` begin such a sequence: French and Vietnamese
hold these letters too, but not before control characters and signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_SUSPECTS: Final = ("â", "Ã", "Â")  # what the first byte of dashes, quotes and accents becomes
_SIGNS: Final = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"  # of Windows-1252 where Latin-1 has controls
_BYTES: Final = {ord(sign): sign.encode("cp1252")[0] for sign in _SIGNS}
_FOLLOWING: Final = f"[\x80-\xbf{_SIGNS}]"
_SECONDS: Final = frozenset(map(chr, range(0x80, 0xC0))) | frozenset(_SIGNS)  # the same
# It begins with one class, not with a choice of three: that is searched for five times as fast.
_CHARACTER: Final = (
    f"[Â-ô](?:(?<=[Â-ß]){_FOLLOWING}|(?<=[à-ï]){_FOLLOWING}{{2}}|(?<=[ð-ô]){_FOLLOWING}{{3}})"
)
_ENCODED: Final = re.compile(f"{_CHARACTER}(?:{_CHARACTER})*+")
_MIN_SEQUENCES: Final = 3  # fewer may be what the page is about


def mended(html: str) -> str:
    """The document with such sequences decoded; nearly always the very same."""
    if html.isascii():
        return html
    seconds = [second for letter in _SUSPECTS for second in _behind(html, letter)]
    sequences = sum(second in _SECONDS for second in seconds)
    if sequences < max(_MIN_SEQUENCES, len(seconds) / 2):
        return html
    return _ENCODED.sub(_decoded, html)


def _behind(html: str, letter: str) -> Iterator[str]:
    """The characters behind a letter, found by `find`: a memory search, unlike a pattern's."""
    at = html.find(letter)
    while at >= 0:
        yield html[at + 1 : at + 2]
        at = html.find(letter, at + 1)


def _decoded(run: re.Match[str]) -> str:
    """What sequences that touch stand for; others where they were encoded three times."""
    try:
        text = run[0].translate(_BYTES).encode("latin-1").decode()
    except UnicodeDecodeError:
        return run[0]
    return _ENCODED.sub(_decoded, text)
