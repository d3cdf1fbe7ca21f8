"""Charset labels as the WHATWG Encoding Standard reads them, and Python's codecs for them."""

from __future__ import annotations

import re
from typing import Final

# name = codec: labels. The standard's name of an encoding, the Python codec that decodes it most
# widely, and the labels that mean it beside the name itself. utf-32 is not in the standard and is
# only ever recognised by its byte order mark.
_TABLE: Final = """
utf-8 = utf-8: utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8
utf-16le = utf-16-le: utf-16 utf16 unicode ucs-2 iso-10646-ucs-2 csunicode unicodefeff
utf-16be = utf-16-be: unicodefffe
utf-32le = utf-32-le:
utf-32be = utf-32-be:
ibm866 = cp866: 866 cp866 csibm866
iso-8859-2 = iso8859-2: latin2 l2 iso8859-2 iso88592 iso_8859-2 csisolatin2 iso-ir-101
iso-8859-3 = iso8859-3: latin3 l3 iso8859-3 iso88593 iso_8859-3 csisolatin3 iso-ir-109
iso-8859-4 = iso8859-4: latin4 l4 iso8859-4 iso88594 iso_8859-4 csisolatin4 iso-ir-110
iso-8859-5 = iso8859-5: cyrillic iso8859-5 iso88595 iso_8859-5 csisolatincyrillic iso-ir-144
iso-8859-6 = iso8859-6: arabic iso8859-6 iso88596 iso_8859-6 csisolatinarabic asmo-708 ecma-114
    iso-8859-6-e iso-8859-6-i iso-ir-127
iso-8859-7 = iso8859-7: greek greek8 iso8859-7 iso88597 iso_8859-7 csisolatingreek ecma-118
    elot_928 sun_eu_greek iso-ir-126
iso-8859-8 = iso8859-8: hebrew visual iso8859-8 iso88598 iso_8859-8 csisolatinhebrew
    iso-8859-8-e iso-ir-138
iso-8859-8-i = iso8859-8: logical csiso88598i
iso-8859-10 = iso8859-10: latin6 l6 iso8859-10 iso885910 csisolatin6 iso-ir-157
iso-8859-13 = iso8859-13: iso8859-13 iso885913
iso-8859-14 = iso8859-14: iso8859-14 iso885914
iso-8859-15 = iso8859-15: iso8859-15 iso885915 iso_8859-15 csisolatin9 l9 latin9 latin-9
iso-8859-16 = iso8859-16:
koi8-r = koi8-r: koi koi8 koi8_r cskoi8r
koi8-u = koi8-u: koi8-ru
macintosh = mac-roman: mac x-mac-roman csmacintosh mac-roman macroman
windows-874 = cp874: dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 cp874
windows-1250 = cp1250: cp1250 x-cp1250
windows-1251 = cp1251: cp1251 x-cp1251 win-1251 windows1251
windows-1252 = cp1252: ascii us-ascii ansi_x3.4-1968 cp1252 x-cp1252 cp819 ibm819 l1 latin1
    latin-1 iso-8859-1 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 csisolatin1 iso-ir-100
    windows1252
windows-1253 = cp1253: cp1253 x-cp1253
windows-1254 = cp1254: cp1254 x-cp1254 iso-8859-9 iso8859-9 iso88599 iso_8859-9 latin5 l5
    csisolatin5 iso-ir-148
windows-1255 = cp1255: cp1255 x-cp1255
windows-1256 = cp1256: cp1256 x-cp1256
windows-1257 = cp1257: cp1257 x-cp1257
windows-1258 = cp1258: cp1258 x-cp1258
x-mac-cyrillic = mac-cyrillic: x-mac-ukrainian mac-cyrillic
gbk = gb18030: gb2312 gb_2312 gb_2312-80 chinese csgb2312 csiso58gb231280 iso-ir-58 x-gbk cp936
    ms936 windows-936
gb18030 = gb18030:
big5 = big5hkscs: big5-hkscs big5hkscs cn-big5 csbig5 x-x-big5 cp950
euc-jp = euc-jp: euc_jp eucjp x-euc-jp cseucpkdfmtjapanese
iso-2022-jp = iso-2022-jp-ext: iso2022-jp iso2022jp csiso2022jp
shift_jis = cp932: shift-jis sjis x-sjis ms_kanji ms932 cp932 csshiftjis windows-31j
euc-kr = cp949: euc_kr euckr korean cp949 uhc johab ks_c_5601-1987 ks_c_5601-1989 ksc5601
    ksc_5601 cseuckr csksc56011987 iso-ir-149 windows-949
x-user-defined = latin-1:
"""

_ROWS: Final = re.findall(r"^(\S+) = (\S+):((?:.*\n?(?=\s))*.*)$", _TABLE, re.M)
CODECS: Final[dict[str, str]] = {name: codec for name, codec, _ in _ROWS}
_LABELS: Final = {label: name for name, _, labels in _ROWS for label in (name, *labels.split())}


def label_to_name(label: str | None) -> str | None:
    """The standard's name for a label, `None` for one that it does not know (utf-7 among them)."""
    if not label:
        return None
    return _LABELS.get(label.strip(" \t\r\n\f\"';,").lower())
