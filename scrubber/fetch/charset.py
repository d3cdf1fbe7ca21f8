"""Bytes to text: which charset, and how to live with pages that lie about it.

The order of evidence: byte order mark, HTTP header, `<meta>` (or an XML declaration), detection.
Unlike a browser we also look at the bytes before believing a label: text that is well-formed UTF-8
with several multi-byte characters is UTF-8 whatever it is called (chance text in another charset
practically never is), and a label that decodes to garbage is passed over.

Labels and what they mean follow the WHATWG Encoding Standard: `iso-8859-1` is windows-1252,
`gb2312` is gb18030, `shift_jis` is windows-31j ...
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from scrubber.fetch.charset_labels import CODECS, label_to_name
from scrubber.fetch.charset_letters import better_charset

META_WINDOW: Final = 1024  # what the standard scans; authors put their meta later, so we go on
META_FAR_WINDOW: Final = 16 * 1024
SAMPLE_BYTES: Final = 128 * 1024
_ALPHABET_BYTES: Final = 4 * 1024  # of passages, to tell the charsets of alphabets apart

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32le"),
    (codecs.BOM_UTF32_BE, "utf-32be"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
)
_META: Final = re.compile(rb"<meta\b[^>]{0,512}?\bcharset\s*=\s*[\"']?\s*([\w.:+-]{2,40})", re.I)
_XML: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:+-]{2,40})", re.I)
_COMMENT: Final = re.compile(rb"<!--.*?-->", re.S)
_MULTIBYTE: Final = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,3}")
_THREE_BYTES: Final = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}")
_HIGH: Final = re.compile(rb"[\x80-\xff]+")
_ASIAN: Final = frozenset({"gb18030", "gbk", "big5", "shift_jis", "euc-jp", "euc-kr"})
_SEVEN_BIT: Final = frozenset({"iso-2022-jp"})


def decode_html(body: bytes, *, header_charset: str | None = None) -> tuple[str, str]:
    """Decode an HTML page; never fails. Returns the text and the WHATWG name of its charset.

    header_charset: the `charset` parameter of the Content-Type header.
    """
    bom = _from_bom(body)
    if bom is not None:
        name, length = bom
        return _decode(body[length:], name), name
    declared = [label_to_name(header_charset), _declared(body)]
    name = choose(body, [label for label in declared if label])
    text = _decode(body, name)
    return (undo_double_encoding(text) if _may_be_doubled(body) else text), name


def choose(body: bytes, declared: list[str]) -> str:
    """The charset of `body`, given what was declared (WHATWG names, strongest first)."""
    wide = _sniff_utf16(body)
    if wide:
        return wide
    if body.isascii():
        seven_bit = next((name for name in declared if name in _SEVEN_BIT), None)
        return seven_bit or ("iso-2022-jp" if _has_jis_escapes(body) else "utf-8")
    label = declared[0] if declared else None
    if _is_utf8(body, label):
        return "utf-8"
    for name in declared:
        if _plausible(body, name):
            return name
    return detect(body)


def detect(body: bytes) -> str:
    """The charset of bytes that say nothing usable themselves; `windows-1252` as last resort."""
    if _mostly_utf8(body):
        return "utf-8"
    from charset_normalizer import from_bytes

    # Markup is ASCII and tells nothing: the detector gets the passages around high bytes.
    matches = from_bytes(_telling(body), cp_isolation=list(_LEGACY_CODECS), threshold=0.35)
    expected = _LEGACY_OF_LANGUAGE.get(_language(body), ())

    def likelihood(codec: str, chaos: float, coherence: float) -> float:
        name = _LEGACY_CODECS[codec]
        return coherence - 2 * chaos + 0.3 * (name in expected) + _PRIOR.get(name, 0.0)

    ranked = [(likelihood(m.encoding, m.chaos, m.coherence), m.encoding) for m in matches]
    name = _LEGACY_CODECS[max(ranked)[1]] if ranked else "windows-1252"
    return better_charset(_telling(body, limit=_ALPHABET_BYTES), name)


# What pages without a label are written in, by the detector's name for it.
_LEGACY_CODECS: Final = {
    "cp1252": "windows-1252",
    "cp1251": "windows-1251",
    "cp1250": "windows-1250",
    "iso8859_2": "iso-8859-2",
    "koi8_r": "koi8-r",
    "koi8_u": "koi8-u",
    "cp866": "ibm866",
    "cp1253": "windows-1253",
    "cp1254": "windows-1254",
    "cp1255": "windows-1255",
    "cp1256": "windows-1256",
    "cp1257": "windows-1257",
    "cp874": "windows-874",
    "cp932": "shift_jis",
    "euc_jp": "euc-jp",
    "gb18030": "gbk",
    "big5hkscs": "big5",
    "cp949": "euc-kr",
}
_PRIOR: Final = {"windows-1252": 0.2, "windows-1251": 0.1, "gbk": 0.05, "shift_jis": 0.05}
_LEGACY_OF_LANGUAGE: Final = {
    "ja": ("shift_jis", "euc-jp"),
    "zh": ("gbk", "big5"),
    "ko": ("euc-kr",),
    "ru": ("windows-1251", "koi8-r"),
    "uk": ("windows-1251",),
    "bg": ("windows-1251",),
    "pl": ("iso-8859-2", "windows-1250"),
    "cs": ("windows-1250", "iso-8859-2"),
    "hu": ("iso-8859-2", "windows-1250"),
    "el": ("windows-1253",),
    "tr": ("windows-1254",),
    "he": ("windows-1255",),
    "ar": ("windows-1256",),
    "fa": ("windows-1256",),
    "th": ("windows-874",),
    "lt": ("windows-1257",),
    "lv": ("windows-1257",),
}
_LANG: Final = re.compile(rb"<html\b[^>]*?\blang\s*=\s*[\"']?([A-Za-z]{2})", re.I)


def _language(body: bytes) -> str:
    found = _LANG.search(body[:META_FAR_WINDOW])
    return found[1].decode("ascii").lower() if found else ""


# ---- what the page says ------------------------------------------------------------------------


def _from_bom(body: bytes) -> tuple[str, int] | None:
    return next(((name, len(bom)) for bom, name in _BOMS if body.startswith(bom)), None)


def _declared(body: bytes) -> str | None:
    """What `<meta>` or the XML declaration says; utf-16 there means utf-8 (it was readable)."""
    head = body[:META_FAR_WINDOW]
    bare = _COMMENT.sub(b"", head) if b"<!--" in head else head
    found = _META.search(bare) or _XML.search(head[:META_WINDOW])
    if found is None:
        return None
    name = label_to_name(found[1].decode("ascii", "replace"))
    if name and name.startswith("utf-16"):
        return "utf-8"
    return "windows-1252" if name == "x-user-defined" else name


# ---- what the bytes say ------------------------------------------------------------------------


def _is_utf8(body: bytes, label: str | None) -> bool:
    """Whether `body` is well-formed UTF-8, with enough of it to overrule another `label`."""
    if label == "utf-8":
        return _mostly_utf8(body)
    if not _strictly(body, "utf-8") or not _has_whole_character(body):
        return False
    if (
        label in _ASIAN
    ):  # two-byte characters of these often look like UTF-8, three-byte ones do not
        return len(_THREE_BYTES.findall(body[:SAMPLE_BYTES])) >= 3
    return True


def _has_jis_escapes(body: bytes) -> bool:
    return b"\x1b" in body and b"\x1b$" in body and _strictly(body, "iso-2022-jp")


def _has_whole_character(body: bytes) -> bool:
    """Whether well-formed UTF-8 has a multi-byte character that is not the one cut at its end."""
    return not body[:-3].isascii() or _MULTIBYTE.search(body[-6:]) is not None


def _mostly_utf8(body: bytes) -> bool:
    """UTF-8 but for stray bytes: at most one wrong in fifty of the multi-byte characters."""
    if _strictly(body, "utf-8"):
        return _has_whole_character(body)
    right = len(_MULTIBYTE.findall(body))
    wrong = body.decode("utf-8", "replace").count("\ufffd")
    return right >= 10 and wrong * 50 <= right


def _strictly(body: bytes, name: str) -> bool:
    """Whether all of `body` decodes, but for a character cut in two at its very end."""
    if name == "utf-8":
        try:
            body.decode()
        except UnicodeDecodeError as error:
            return error.reason == "unexpected end of data"
        return True
    try:
        codecs.getincrementaldecoder(CODECS[name])("strict").decode(body, final=False)
    except UnicodeError:  # the plain one for an escape sequence that never ends
        return False
    return True


def _plausible(body: bytes, name: str) -> bool:
    """Whether `body` may be what it says: hardly any byte without meaning in that charset."""
    if name == "x-user-defined":
        return True
    if name in ("utf-8", "utf-16le", "utf-16be"):
        return False  # well-formed UTF-8 and UTF-16 have been recognised before
    sample = body[:SAMPLE_BYTES]
    text = sample.decode(CODECS[name], "replace")
    wrong = text.count("\ufffd") + sum(map(text.count, _C1_CONTROLS))
    high = sum(map(len, _HIGH.findall(sample)))
    return wrong * 20 <= high


_C1_CONTROLS: Final = tuple(chr(code) for code in range(0x80, 0xA0) if code != 0x85)


def _sniff_utf16(body: bytes) -> str | None:
    """UTF-16 without a mark: its tags are ASCII letters with a zero beside each."""
    head = body[:SAMPLE_BYTES]
    if b"\0" not in head:
        return None
    for pattern, name in ((_TAG_LE, "utf-16le"), (_TAG_BE, "utf-16be")):
        starts = [found.start() for found in pattern.finditer(head)]
        if len(starts) > 1 and all(start % 2 == 0 for start in starts):
            return name
    return None


_TAG_LE: Final = re.compile(rb"<\0(?:/\0|!\0)?[A-Za-z]\0")
_TAG_BE: Final = re.compile(rb"\0<(?:\0/|\0!)?\0[A-Za-z]")


def _telling(body: bytes, context: int = 24, limit: int = 16 * 1024) -> bytes:
    """Up to `limit` bytes of `body` around its non-ASCII passages."""
    pieces: list[bytes] = []
    end = size = 0
    for found in _HIGH.finditer(body):
        start = max(end, found.start() - context)
        end = max(end, min(len(body), found.end() + context))
        pieces.append(body[start:end])
        size += end - start
        if size > limit:
            break
    return b"".join(pieces)


# ---- decoding ----------------------------------------------------------------------------------


def _decode(body: bytes, name: str) -> str:
    if name == "x-user-defined":
        return "".join(chr(byte if byte < 0x80 else 0xF700 + byte) for byte in body)
    try:
        return body.decode(CODECS[name])
    except UnicodeDecodeError:
        return body.decode(CODECS[name], _STRAY if name == "utf-8" else "replace")


def _stray_byte(error: UnicodeError) -> tuple[str, int]:
    """A byte that breaks UTF-8 was pasted from windows-1252: almost always, and readable so."""
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    cut_at_end = error.end == len(error.object)
    if cut_at_end or len(wrong) > 1:
        return "\ufffd", error.end
    return wrong.decode("cp1252", "replace"), error.end


_STRAY: Final = "scrubber.stray_byte"
codecs.register_error(_STRAY, _stray_byte)

# UTF-8 read as windows-1252 and saved as UTF-8 again: a lead byte's letter, then the symbols of
# one to three continuation bytes.
_CONTINUATION: Final = "".join(
    bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xC0)
)
_DOUBLED: Final = re.compile(f"[\u00c2-\u00f4][{re.escape(_CONTINUATION)}]{{1,3}}")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]+")


def undo_double_encoding(text: str) -> str:
    """Undo UTF-8 that was encoded twice, only when certain.

    Certain means: at least three places look so, and every non-ASCII passage of the whole page
    turns into well-formed UTF-8. One true accented letter anywhere, and nothing is touched.
    """
    if text.isascii() or not _enough(text):
        return text
    try:
        return _NOT_ASCII.sub(lambda found: _to_bytes(found[0]).decode("utf-8"), text)
    except UnicodeError:
        return text


# The same as bytes, only roughly: a search for it costs next to nothing.
_MAYBE_DOUBLED: Final = re.compile(rb"\xc3[\x82-\xb4][\xc2\xc5\xc6\xcb\xe2]")


def _may_be_doubled(body: bytes) -> bool:
    found = _MAYBE_DOUBLED.finditer(body)
    return b"\xc3" in body and sum(1 for _ in zip(range(3), found, strict=False)) == 3


def _enough(text: str) -> bool:
    found = _DOUBLED.finditer(text)
    return sum(1 for _ in zip(range(3), found, strict=False)) == 3


def _to_bytes(text: str) -> bytes:
    """windows-1252 bytes, its five holes being the controls of the same number."""
    out = bytearray()
    for letter in text:
        code = ord(letter)
        out += bytes([code]) if 0x80 <= code < 0xA0 else letter.encode("cp1252")
    return bytes(out)
