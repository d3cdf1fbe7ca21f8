"""Mend characters, never words: encodings, entities, invisible characters, spaces, line ends.

Each repair is tried only where a cheap look says that it may be needed, so that clean text passes
at the speed of a few searches.
"""

from __future__ import annotations

import html
import re

import numpy as np

from scrubber.lexicon.fold import BREAK_HINTS

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_LINE_ENDS = "\r\u2028\u2029\x85\x0b\x0c"
_CONTROLS = "".join(map(chr, [*range(9), *range(14, 32), 127]))
_ODD_SPACES = "\t\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_PLAIN = {
    **dict.fromkeys(_LINE_ENDS, "\n"),
    **dict.fromkeys(_CONTROLS + BREAK_HINTS, ""),
    **dict.fromkeys(_ODD_SPACES, " "),
}
# UTF-8 that was read as Latin-1 or Windows-1252 shows a lead byte's letter before a mark or sign.
_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u20ac\u0152-\u0178\u02c6\u02dc\u2013-\u203a\u2122]"
)
_SPACES = re.compile("  +")
_C1_CONTROL = re.compile("[\x80-\x9f]")


def mend(text: str) -> str:
    """Return `text` with characters repaired and words unchanged; lines end in `\\n`."""
    given, rare = text, _rare(text)
    if _is_suspect(rare):
        text = mend_encoding(text)
    if "&" in text:
        text = _ENTITY.sub(_character, text)
    kinds = {*(rare if text == given else _rare(text))}
    odd = [kind for kind in kinds if kind in _PLAIN]
    if "\r" in odd:
        text = text.replace("\r\n", "\n")
    for character in odd:
        text = text.replace(character, _PLAIN[character])
    return _SPACES.sub(" ", text)


def _rare(text: str) -> str:
    """The characters of `text` that are no printable ASCII, in most languages few, and one that is
    after each run of them: only what stands together does so here."""
    encoded = np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8)
    kept = encoded - np.uint8(32) > 126 - 32
    kept[1:] |= kept[:-1]
    return encoded[kept].tobytes().decode("utf-8", "surrogatepass")


def _character(entity: re.Match[str]) -> str:
    """The character of an entity; an unknown one, or one for `<`, `>` in code, stays readable."""
    return html.unescape(entity.group())


def mend_encoding(text: str) -> str:
    """Undo UTF-8 read as a one-byte encoding (`cafÃ©`), line by line, where ftfy is sure of it."""
    if not _is_suspect(text):
        return text
    from ftfy import fix_encoding
    from ftfy.fixes import fix_c1_controls

    return "\n".join(
        str(fix_c1_controls(fix_encoding(line))) if _is_suspect(line) else line
        for line in text.split("\n")
    )


def _is_suspect(text: str) -> bool:
    return bool(not text.isascii() and (_MOJIBAKE.search(text) or _C1_CONTROL.search(text)))
