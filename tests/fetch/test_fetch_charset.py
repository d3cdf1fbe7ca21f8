"""Charsets: what pages say, what they are, and repairs that are certain."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.fetch.charset import decode_html, undo_double_encoding
from scrubber.fetch.charset_labels import CODECS, label_to_name

FRENCH = "<p>Déjà vu à l'école, où l'été finit : « très » bien. Le garçon naïf dîne au château.</p>"
RUSSIAN = (
    "<p>Съешь же ещё этих мягких французских булок, да выпей чаю. Москва встречает гостей.</p>"
)
JAPANESE = (
    "<p>日本語の文章です。東京は日本の首都で、多くの人が住んでいます。カタカナも使います。</p>"
)
CHINESE = (
    "<p>这是一个中文网页。北京是中国的首都,人口众多,历史悠久,文化丰富。欢迎光临我们的网站。</p>"
)
KOREAN = "<p>이것은 한국어 문장입니다. 서울은 대한민국의 수도이며 많은 사람들이 살고 있습니다.</p>"
POLISH = "<p>Zażółć gęślą jaźń. Święty Mikołaj przyjedzie do Łodzi w piątek późnym wieczorem.</p>"
UKRAINIAN = "<p>Щедрий вечір прийшов у місто, і її мешканці вийшли до річки: є що їсти й пити.</p>"
SERBIAN = "<p>Људи са њиве долазе кући, а ђаци и џезва чекају: ћуприја је још увек затворена.</p>"
CZECH = (
    "<p>Příliš žluťoučký kůň úpěl ďábelské ódy, a řeka tekla dál; město se ještě nevzbudilo.</p>"
)
HUNGARIAN = "<p>Az őszi hűvös szélben az öreg tűzoltó könyvet olvasott, és közben teát ivott.</p>"
ROMANIAN = (
    "<p>În fiecare dimineaţă bătrânul îşi bea cafeaua şi priveşte cum trece râul prin sat.</p>"
)
CROATIAN = (
    "<p>Čovjek iz Šibenika čeka brod već cijelo jutro; žena mu priča o kući i vođenju života.</p>"
)
TURKISH = "<p>Küçük kız ağacın altında oturmuş, güneşin batışını ve dağın ışığını izliyordu.</p>"
LATVIAN = "<p>Jūrmalā šodien līst, tāpēc bērni sēž mājās, lasa grāmatas un ēd ābolus ar ķirbi.</p>"
ESTONIAN = "<p>Õhtul läksid külamehed järve äärde, sest öö oli soe ja püük läks hästi käima.</p>"
GREEK = "<p>Η Αθήνα είναι η πρωτεύουσα της Ελλάδας και μια από τις παλαιότερες πόλεις.</p>"
HEBREW = "<p>ירושלים היא בירת ישראל והעיר הגדולה ביותר במדינה מבחינת מספר התושבים.</p>"


@pytest.mark.parametrize(
    ("text", "label", "codec", "name"),
    [
        (FRENCH, "iso-8859-1", "cp1252", "windows-1252"),
        (FRENCH, "iso-8859-15", "iso8859-15", "iso-8859-15"),
        (POLISH, "ISO-8859-2", "iso8859-2", "iso-8859-2"),
        (POLISH, "windows-1250", "cp1250", "windows-1250"),
        (RUSSIAN, "windows-1251", "cp1251", "windows-1251"),
        (RUSSIAN, "KOI8-R", "koi8-r", "koi8-r"),
        (GREEK, "greek", "iso8859-7", "iso-8859-7"),
        (HEBREW, "iso-8859-8-i", "iso8859-8", "iso-8859-8-i"),
        (JAPANESE, "Shift_JIS", "cp932", "shift_jis"),
        (JAPANESE, "x-sjis", "cp932", "shift_jis"),
        (JAPANESE, "euc-jp", "euc-jp", "euc-jp"),
        (JAPANESE, "iso-2022-jp", "iso2022_jp", "iso-2022-jp"),
        (CHINESE, "gb2312", "gb18030", "gbk"),
        (CHINESE, "GB18030", "gb18030", "gb18030"),
        (KOREAN, "ks_c_5601-1987", "cp949", "euc-kr"),
        (CHINESE, "utf-8", "utf-8", "utf-8"),
    ],
)
def test_declared_charset_is_read_by_header_and_by_meta(
    text: str, label: str, codec: str, name: str
) -> None:
    assert decode_html(text.encode(codec), header_charset=label) == (text, name)
    page = f'<meta charset="{label}">{text}'
    assert decode_html(page.encode(codec)) == (page, name)


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "iso8859-5"),
        (RUSSIAN, "cp866"),
        (UKRAINIAN, "cp1251"),
        (UKRAINIAN, "koi8-u"),
        (UKRAINIAN, "iso8859-5"),
        (SERBIAN, "cp1251"),
        (SERBIAN, "iso8859-5"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
        (CZECH, "cp1250"),
        (CZECH, "iso8859-2"),
        (HUNGARIAN, "cp1250"),
        (ROMANIAN, "iso8859-2"),
        (CROATIAN, "cp1250"),
        (CROATIAN, "iso8859-2"),
        (TURKISH, "cp1254"),
        (LATVIAN, "cp1257"),
        (ESTONIAN, "cp1252"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc-jp"),
        (JAPANESE, "iso2022_jp"),
        (CHINESE, "gb18030"),
        (CHINESE, "big5"),
        (KOREAN, "cp949"),
        (FRENCH, "cp1252"),
        (GREEK, "cp1253"),
        (FRENCH, "utf-8"),
        (JAPANESE, "utf-16-le"),
        (f"<html><body>{RUSSIAN}", "utf-16-be"),
    ],
)
def test_undeclared_charset_is_detected(text: str, codec: str) -> None:
    if codec == "big5":
        text = "<p>這是一個中文網頁。台北是台灣的首都,人口眾多,歷史悠久,文化豐富。歡迎光臨我們的網站。</p>"
    markup = "<html><head><title>A page</title></head><body class='main content'>"
    assert decode_html((markup + text * 4).encode(codec))[0] == markup + text * 4


@pytest.mark.parametrize(
    "text",
    [
        "<p>The bridge – “old” as it is – stands… © 1998 · all » rights «reserved»</p>",
        "<p>Il castello è «aperto» — la città no: più tardi, forse lunedì.</p>",
        "<p>Straße 5 °C, 10 µm, ½ £, 3 × 4 ± 1 §</p>",
    ],
)
def test_signs_between_words_are_no_letters_of_another_charset(text: str) -> None:
    page = f"<html><body>{text * 8}"
    assert decode_html(page.encode("cp1252"))[0] == page


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_mark_overrules_every_label(codec: str) -> None:
    page = f"<meta charset=koi8-r>{RUSSIAN}"
    assert decode_html(page.encode(codec), header_charset="shift_jis")[0] == page


def test_header_overrules_meta() -> None:
    page = f"<meta charset=koi8-r>{RUSSIAN}"
    assert decode_html(page.encode("cp1251"), header_charset="cp1251")[1] == "windows-1251"


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "shift_jis", "gbk", "nonsense"])
def test_utf8_is_recognised_under_a_lying_label(label: str) -> None:
    assert decode_html(RUSSIAN.encode() + JAPANESE.encode(), header_charset=label)[1] == "utf-8"


def test_label_utf8_is_not_believed_against_the_bytes() -> None:
    assert decode_html((RUSSIAN * 3).encode("cp1251"), header_charset="utf-8")[0] == RUSSIAN * 3


def test_lying_header_gives_way_to_an_honest_meta() -> None:
    page = f"<meta charset=windows-1251>{RUSSIAN}"
    assert decode_html(page.encode("cp1251"), header_charset="utf-8")[0] == page


def test_meta_beyond_the_first_kilobyte_counts() -> None:
    page = f"<head><script>{'x' * 5000}</script><meta charset='windows-1251'></head>{RUSSIAN}"
    assert decode_html(page.encode("cp1251")) == (page, "windows-1251")


def test_meta_in_a_comment_does_not_count() -> None:
    page = f"<!-- <meta charset=koi8-r> --><meta charset=windows-1251>{RUSSIAN}"
    assert decode_html(page.encode("cp1251"))[1] == "windows-1251"


def test_http_equiv_meta_counts() -> None:
    page = f'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">{RUSSIAN}'
    assert decode_html(page.encode("cp1251"))[1] == "windows-1251"


def test_xml_declaration_counts() -> None:
    page = f'<?xml version="1.0" encoding="windows-1251"?><html>{RUSSIAN}'
    assert decode_html(page.encode("cp1251"))[1] == "windows-1251"


def test_meta_that_claims_utf16_means_utf8() -> None:
    assert decode_html(b"<meta charset=utf-16><p>plain</p>")[1] == "utf-8"


def test_utf7_is_never_believed() -> None:
    page = b"<p>+ADw-script+AD4-</p>"
    assert decode_html(page, header_charset="utf-7") == (page.decode(), "utf-8")


def test_character_cut_at_the_end_does_not_change_the_charset() -> None:
    text, name = decode_html(FRENCH.encode()[:-4] + "é".encode()[:1])
    assert name == "utf-8"
    assert text.endswith("\ufffd")


def test_stray_windows_bytes_in_utf8_are_read_as_such() -> None:
    body = (FRENCH * 20).encode() + b"<p>It\x92s \x93quoted\x94</p>"
    text, name = decode_html(body)
    assert name == "utf-8"
    assert text.endswith("<p>It’s “quoted”</p>")


def test_escape_sequence_that_never_ends_is_no_charset() -> None:
    assert decode_html(b"\x1b$<meta charse") == ("\x1b$<meta charse", "utf-8")


def test_user_defined_bytes_go_to_the_private_use_area() -> None:
    assert decode_html(b"a\xe9", header_charset="x-user-defined") == ("a\uf7e9", "x-user-defined")


def test_double_encoding_is_undone() -> None:
    twice = (FRENCH + RUSSIAN).encode().decode("latin-1").encode().decode()
    twice = "".join(
        bytes([ord(c)]).decode("cp1252", "replace") if 0x80 <= ord(c) < 0xA0 else c for c in twice
    )
    if "\ufffd" not in twice:
        assert undo_double_encoding(twice) == FRENCH + RUSSIAN
    assert undo_double_encoding(FRENCH.encode().decode("cp1252")) == FRENCH


def test_double_encoding_beside_true_letters_is_left_alone() -> None:
    text = "naïve Ã© Ã¨ Ã  Ã§ and a true é"
    assert undo_double_encoding(text) == text


def test_text_about_mojibake_is_left_alone() -> None:
    text = "The letter é becomes Ã© when UTF-8 is misread."
    assert undo_double_encoding(text) == text


@pytest.mark.parametrize(
    "text", [FRENCH, RUSSIAN, JAPANESE, CHINESE, KOREAN, POLISH, GREEK, HEBREW]
)
def test_true_text_is_never_repaired(text: str) -> None:
    assert undo_double_encoding(text) == text


def test_every_codec_exists() -> None:
    assert all(codecs.lookup(codec) for codec in CODECS.values())


def test_labels_are_trimmed_and_case_blind() -> None:
    assert label_to_name(' "Latin1" ') == "windows-1252"
    assert label_to_name("klingon") is None


@given(
    st.binary(max_size=500), st.sampled_from([None, "utf-8", "gbk", "iso-2022-jp", "utf-16", "?"])
)
def test_any_bytes_decode(body: bytes, label: str | None) -> None:
    text, name = decode_html(body, header_charset=label)
    assert isinstance(text, str)
    assert name in CODECS


@given(st.text(max_size=300).filter(lambda text: not text.startswith("\ufeff")))
def test_utf8_under_its_own_label_comes_back_unless_it_was_encoded_twice(text: str) -> None:
    body = text.encode("utf-8", "surrogatepass" if False else "ignore")
    decoded, _ = decode_html(body, header_charset="utf-8")
    assert decoded == undo_double_encoding(body.decode())
