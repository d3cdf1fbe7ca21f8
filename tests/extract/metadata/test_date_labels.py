"""The words beside a date: published or changed, in every language of the lexicon."""

from __future__ import annotations

from pathlib import Path

import pytest

import scrubber.lexicon
from scrubber.extract.metadata import read_metadata
from scrubber.extract.metadata.date_labels import is_label, last_label
from scrubber.extract.tree import Tree
from scrubber.models import Metadata, Page

PROSE = "<p>" + "The bees came back to the harbour early, and nobody knew why. " * 6 + "</p>"
LINES = {  # one day, 3 March 2021: as published, and as changed
    "af": ("Gepubliseer op 3 Maart 2021", "Bygewerk op 3 Maart 2021"),
    "ar": ("نشر في 3 مارس 2021", "آخر تحديث 3 مارس 2021"),
    "az": ("Dərc edilib: 3 mart 2021", "Yenilənib: 3 mart 2021"),
    "be": ("Апублікавана 3 сакавіка 2021", "Абноўлена 3 сакавіка 2021"),
    "bg": ("Публикувано на 3 март 2021 г.", "Обновено на 3 март 2021 г."),
    "bn": ("প্রকাশিত: ৩ মার্চ ২০২১", "আপডেট: ৩ মার্চ ২০২১"),
    "bs": ("Objavljeno 3. marta 2021.", "Ažurirano 3. marta 2021."),
    "ca": ("Publicat el 3 de març de 2021", "Actualitzat el 3 de març de 2021"),
    "cs": ("Publikováno 3. března 2021", "Aktualizováno 3. března 2021"),
    "cy": ("Cyhoeddwyd 3 Mawrth 2021", "Diweddarwyd 3 Mawrth 2021"),
    "da": ("Publiceret 3. marts 2021", "Opdateret 3. marts 2021"),
    "de": ("Veröffentlicht am 3. März 2021", "Stand: 3. März 2021"),
    "el": ("Δημοσιεύθηκε 3 Μαρτίου 2021", "Ενημερώθηκε 3 Μαρτίου 2021"),
    "en": ("Posted on March 3, 2021", "Last edited March 3, 2021"),
    "eo": ("Publikigita la 3-an de marto 2021", "Ĝisdatigita la 3-an de marto 2021"),
    "es": ("Publicado el 3 de marzo de 2021", "Actualizado el 3 de marzo de 2021"),
    "et": ("Avaldatud 3. märts 2021", "Uuendatud 3. märts 2021"),
    "eu": ("Argitaratua: 2021eko martxoaren 3a", "Eguneratua: 2021eko martxoaren 3a"),
    "fa": ("تاریخ انتشار: ۳ مارس ۲۰۲۱", "بروزرسانی: ۳ مارس ۲۰۲۱"),
    "fi": ("Julkaistu 3. maaliskuuta 2021", "Päivitetty 3. maaliskuuta 2021"),
    "fr": ("Publié le 3 mars 2021", "Mis à jour le 3 mars 2021"),
    "ga": ("Foilsithe 3 Márta 2021", "Nuashonraithe 3 Márta 2021"),
    "gl": ("Publicado o 3 de marzo de 2021", "Actualizado o 3 de marzo de 2021"),
    "gu": ("પ્રકાશિત: 3 માર્ચ 2021", "અપડેટ: 3 માર્ચ 2021"),
    "he": ("פורסם ב-3 במרץ 2021", "עודכן ב-3 במרץ 2021"),
    "hi": ("प्रकाशित: 3 मार्च 2021", "अपडेट: 3 मार्च 2021"),
    "hr": ("Objavljeno 3. ožujka 2021.", "Ažurirano 3. ožujka 2021."),
    "hu": ("Megjelent: 2021. március 3.", "Frissítve: 2021. március 3."),
    "hy": ("Հրապարակվել է 3 մարտի 2021", "Թարմացվել է 3 մարտի 2021"),
    "id": ("Diterbitkan 3 Maret 2021", "Diperbarui 3 Maret 2021"),
    "is": ("Birt 3. mars 2021", "Uppfært 3. mars 2021"),
    "it": ("Pubblicato il 3 marzo 2021", "Ultima modifica 3 marzo 2021"),
    "ja": ("公開日 2021年3月3日", "2021年3月3日 更新"),
    "ka": ("გამოქვეყნდა 3 მარტი 2021", "განახლდა 3 მარტი 2021"),
    "kk": ("Жарияланған: 3 наурыз 2021", "Жаңартылған: 3 наурыз 2021"),
    "km": ("ចេញផ្សាយ ៣ មីនា ២០២១", "កែប្រែ ៣ មីនា ២០២១"),
    "ko": ("입력 2021년 3월 3일", "수정 2021년 3월 3일"),
    "ky": ("Жарыяланды: 3-март, 2021-жыл", "Жаңыртылды: 3-март, 2021-жыл"),
    "lb": ("Publizéiert den 3. Mäerz 2021", "Aktualiséiert den 3. Mäerz 2021"),
    "lt": ("Paskelbta 2021 m. kovo 3 d.", "Atnaujinta 2021 m. kovo 3 d."),
    "lv": ("Publicēts 3. martā 2021", "Atjaunināts 3. martā 2021"),
    "mk": ("Објавено на 3 март 2021", "Ажурирано на 3 март 2021"),
    "mn": ("Нийтэлсэн: 2021 оны 3 дугаар сарын 3", "Шинэчилсэн: 2021 оны 3 сарын 3"),
    "mr": ("प्रकाशित: 3 मार्च 2021", "अपडेट: 3 मार्च 2021"),
    "ms": ("Diterbitkan pada 3 Mac 2021", "Dikemas kini pada 3 Mac 2021"),
    "nb": ("Publisert 3. mars 2021", "Sist endret 3. mars 2021"),
    "ne": ("प्रकाशित: 3 मार्च 2021", "अद्यावधिक: 3 मार्च 2021"),
    "nl": ("Geplaatst op 3 maart 2021", "Bijgewerkt op 3 maart 2021"),
    "oc": ("Publicat lo 3 de març de 2021", "Mes a jorn lo 3 de març de 2021"),
    "pa": ("ਪ੍ਰਕਾਸ਼ਿਤ: 3 ਮਾਰਚ 2021", "ਅੱਪਡੇਟ: 3 ਮਾਰਚ 2021"),
    "pl": ("Opublikowano 3 marca 2021", "Ostatnia aktualizacja: 3 marca 2021"),
    "pt": ("Publicado em 3 de março de 2021", "Atualizado em 3 de março de 2021"),
    "ro": ("Publicat la 3 martie 2021", "Actualizat la 3 martie 2021"),
    "ru": ("Опубликовано 3 марта 2021", "Обновлено 3 марта 2021"),
    "si": ("පළ කළේ 2021 මාර්තු 3", "යාවත්කාලීන කළේ 2021 මාර්තු 3"),
    "sk": ("Zverejnené 3. marca 2021", "Upravené 3. marca 2021"),
    "sl": ("Objavljeno 3. marca 2021", "Posodobljeno 3. marca 2021"),
    "sq": ("Publikuar më 3 mars 2021", "Përditësuar më 3 mars 2021"),
    "sr": ("Објављено 3. марта 2021.", "Ажурирано 3. марта 2021."),
    "sv": ("Publicerad 3 mars 2021", "Senast ändrad 3 mars 2021"),
    "sw": ("Imechapishwa 3 Machi 2021", "Imesasishwa 3 Machi 2021"),
    "ta": ("வெளியிடப்பட்டது: 3 மார்ச் 2021", "புதுப்பிக்கப்பட்டது: 3 மார்ச் 2021"),
    "te": ("ప్రచురించబడింది: 3 మార్చి 2021", "నవీకరించబడింది: 3 మార్చి 2021"),
    "th": ("เผยแพร่เมื่อ 3 มีนาคม 2564", "อัปเดตเมื่อ 3 มีนาคม 2564"),
    "tl": ("Inilathala noong Marso 3, 2021", "In-update noong Marso 3, 2021"),
    "tr": ("Yayınlanma: 3 Mart 2021", "Güncelleme: 3 Mart 2021"),
    "uk": ("Опубліковано 3 березня 2021", "Оновлено 3 березня 2021"),
    "ur": ("اشاعت: 3 مارچ 2021", "اپ ڈیٹ: 3 مارچ 2021"),
    "uz": ("Chop etilgan: 3 mart 2021", "Yangilangan: 3 mart 2021"),
    "vi": ("Đăng ngày 3 tháng 3 năm 2021", "Cập nhật ngày 3 tháng 3 năm 2021"),
    "zh": ("发布时间 2021年3月3日", "更新时间 2021年3月3日"),
}  # fmt: skip


def read(body: str, lang: str = "en", head: str = "", url: str | None = None) -> Metadata:
    html = (
        f"<html lang='{lang}'><head><title>Bees return</title>{head}</head>"
        f"<body><article><h1>Bees return</h1>{body}{PROSE}</article></body></html>"
    )
    return read_metadata(Tree(html), Page(html=html, url=url or "https://harbour.example/blog/b"))


def days(found: Metadata) -> tuple[str | None, str | None]:
    published, modified = found.published, found.modified
    return (published.value[:10] if published else None, modified.value[:10] if modified else None)


def test_every_language_of_the_lexicon_has_a_case() -> None:
    folder = Path(scrubber.lexicon.__file__).parent
    languages = {path.stem for path in folder.glob("*.toml") if not path.stem.startswith("_")}
    assert languages == set(LINES)


@pytest.mark.parametrize("lang", LINES)
def test_day_labelled_published_is_published(lang: str) -> None:
    assert days(read(f"<p>{LINES[lang][0]}</p>", lang)) == ("2021-03-03", None)


@pytest.mark.parametrize("lang", LINES)
def test_day_labelled_changed_is_never_published(lang: str) -> None:
    assert days(read(f"<p>{LINES[lang][1]}</p>", lang)) == (None, "2021-03-03")


def test_label_on_the_line_above_a_date_counts() -> None:
    body = "<div>Updated on</div><div>March 3, 2021</div>"
    assert days(read(body)) == (None, "2021-03-03")


def test_label_apart_from_its_date_by_a_bar_counts() -> None:
    body = "<div>Letzte Änderung</div><div>|</div><div>3. März 2021</div>"
    assert days(read(body, "de")) == (None, "2021-03-03")


def test_last_label_before_a_date_is_its_own() -> None:
    body = "<p>Originally published in March 2019. Last updated on March 3, 2021.</p>"
    assert days(read(body)) == (None, "2021-03-03")
    assert last_label("Updated in May, posted on") == "published"


def test_word_inside_another_is_no_label() -> None:
    assert last_label("Photos credited to Jane") is None


def test_sentence_is_no_label() -> None:
    assert is_label("Published:")
    assert not is_label("The report was published by the harbour office")


@pytest.mark.parametrize(
    ("written", "head"),
    [
        ("04/03/2021", "<meta property='article:published_time' content='2021-03-04T09:00:00Z'>"),
        ("03.04.2021", "<meta property='article:published_time' content='2021-03-04T09:00:00Z'>"),
        ("03-04-2021", "<meta property='article:published_time' content='2021-03-04T09:00:00Z'>"),
    ],
)
def test_swappable_day_is_read_as_machines_are_told(written: str, head: str) -> None:
    found = read(f"<p>By Jane Doe</p><p>{written}</p>", "en", head)
    assert days(found)[0] == "2021-03-04"
    assert found.evidence["published"].agreeing


def test_swappable_day_is_read_as_the_address_has_it() -> None:
    url = "https://harbour.example/2021/march/04/bees"
    assert days(read("<p>04/03/2021</p>", "en", url=url))[0] == "2021-03-04"


def test_swappable_day_without_a_witness_follows_the_language() -> None:
    assert days(read("<p>04/03/2021</p>", "en-us"))[0] == "2021-04-03"
    assert days(read("<p>04/03/2021</p>", "fr"))[0] == "2021-03-04"


def test_class_updated_on_the_day_told_as_published_is_no_change() -> None:
    head = """<script type="application/ld+json">{"@type": "WebPage",
        "datePublished": "2021-03-03T07:00:00+00:00", "dateModified": "2022-05-05T07:00:00+00:00"}
        </script>"""
    body = "<time class='updated' datetime='2021-03-03T07:00:00+00:00'>March 3, 2021</time>"
    assert days(read(body, "en", head)) == ("2021-03-03", "2022-05-05")


def test_day_in_the_state_of_a_component_is_read() -> None:
    state = '{"graph": "' + "x" * 200 + '", "datePublished": "2021-03-03T09:00:00-05:00"}'
    body = f"<astro-island props='{state}'></astro-island>"
    assert days(read(body))[0] == "2021-03-03"


def test_german_months_without_space_or_umlaut_are_read() -> None:
    assert days(read("<p>3.März 2021</p>", "de"))[0] == "2021-03-03"
    assert days(read("<p>3. Maerz 2021</p>", "de"))[0] == "2021-03-03"
