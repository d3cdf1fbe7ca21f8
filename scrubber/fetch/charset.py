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

META_WINDOW: Final = 1024  # what the standard scans; authors put their meta later, so we go on
META_FAR_WINDOW: Final = 16 * 1024
SAMPLE_BYTES: Final = 128 * 1024

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
    return undo_double_encoding(_decode(body, name)), name


def choose(body: bytes, declared: list[str]) -> str:
    """The charset of `body`, given what was declared (WHATWG names, strongest first)."""
    if body.isascii():
        return next((name for name in declared if name in _SEVEN_BIT), "utf-8")
    wide = _sniff_utf16(body)
    if wide:
        return wide
    label = declared[0] if declared else None
    if _is_utf8(body, label):
        return "utf-8"
    for name in declared:
        if _plausible(body, name):
            return name
    return detect(body)


def detect(body: bytes) -> str:
    """The charset of bytes that say nothing usable themselves; `windows-1252` as last resort."""
    if b"\x1b$" in body and _strictly(body, "iso-2022-jp"):
        return "iso-2022-jp"
    if _mostly_utf8(body):
        return "utf-8"
    from charset_normalizer import from_bytes

    # Markup is ASCII and tells nothing: the detector gets the passages around high bytes.
    best = from_bytes(_telling(body), threshold=0.35).best()
    name = label_to_name(best.encoding.replace("_", "-")) if best else None
    return name if name and name in CODECS else "windows-1252"


# ---- what the page says ------------------------------------------------------------------------


def _from_bom(body: bytes) -> tuple[str, int] | None:
    return next(((name, len(bom)) for bom, name in _BOMS if body.startswith(bom)), None)


def _declared(body: bytes) -> str | None:
    """What `<meta>` or the XML declaration says; utf-16 there means utf-8 (it was readable)."""
    head = body[:META_FAR_WINDOW]
    found = _META.search(_COMMENT.sub(b"", head)) or _XML.search(head[:META_WINDOW])
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
    if not _strictly(body, "utf-8"):
        return False
    if (
        label in _ASIAN
    ):  # two-byte characters of these often look like UTF-8, three-byte ones do not
        return len(_THREE_BYTES.findall(body[:SAMPLE_BYTES])) >= 3
    return True


def _mostly_utf8(body: bytes) -> bool:
    """UTF-8 but for stray bytes: at most one wrong in fifty of the multi-byte characters."""
    if _strictly(body, "utf-8"):
        return True
    right = len(_MULTIBYTE.findall(body))
    wrong = body.decode("utf-8", "replace").count("\ufffd")
    return right >= 10 and wrong * 50 <= right


def _strictly(body: bytes, name: str) -> bool:
    """Whether all of `body` decodes, but for a character cut in two at its very end."""
    try:
        codecs.getincrementaldecoder(CODECS[name])("strict").decode(body, final=False)
    except UnicodeDecodeError:
        return False
    return True


def _plausible(body: bytes, name: str) -> bool:
    """Whether `body` may be what it says: hardly any byte without meaning in that charset."""
    if name in ("utf-8", "utf-16le", "utf-16be"):
        return False  # well-formed UTF-8 and UTF-16 have been recognised before
    sample = body[:SAMPLE_BYTES]
    text = sample.decode(CODECS[name], "replace")
    wrong = text.count("\ufffd") + sum(map(text.count, _C1_CONTROLS))
    high = sum(map(len, _HIGH.findall(sample)))
    return wrong * 20 <= high


_C1_CONTROLS: Final = tuple(chr(code) for code in range(0x80, 0xA0) if code != 0x85)


def _sniff_utf16(body: bytes) -> str | None:
    """UTF-16 without a mark: ASCII markup shows as every second byte being zero."""
    head = body[:512]
    if len(head) < 16:
        return None
    half = len(head) // 2
    if head[1::2].count(0) > 0.7 * half and head[0::2].count(0) < 0.1 * half:
        return "utf-16le"
    if head[0::2].count(0) > 0.7 * half and head[1::2].count(0) < 0.1 * half:
        return "utf-16be"
    return None


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
