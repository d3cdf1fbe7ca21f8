"""Pages whose UTF-8 was taken for a Western charset and encoded again: `itâ€™s`.

Two in a hundred pages of WCXB are sent like that, all or in part; browsers show them as they are.
A page is mended where most of its `â`, `Ã` and `Â` begin such a sequence: French and Vietnamese
hold these letters too, but not before control characters and signs.
"""

from __future__ import annotations

import re
from typing import Final

_SUSPECTS: Final = ("â", "Ã", "Â")  # what the first byte of dashes, quotes and accents becomes
_SEQUENCE: Final = re.compile("[âÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_MIN_SEQUENCES: Final = 3  # fewer may be what the page is about


def mended(html: str) -> str:
    """The document with such sequences decoded; nearly always the very same."""
    if html.isascii():
        return html
    suspects = sum(html.count(letter) for letter in _SUSPECTS)
    if suspects < _MIN_SEQUENCES:
        return html
    if len(_SEQUENCE.findall(html)) < max(_MIN_SEQUENCES, suspects / 2):
        return html
    from ftfy.fixes import decode_inconsistent_utf8  # 20 ms that few pages need

    return decode_inconsistent_utf8(html)
