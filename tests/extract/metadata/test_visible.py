"""What readers see: bylines, dates, and what only looks like them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scrubber.extract.metadata import byline, read_metadata
from scrubber.extract.metadata.view import View
from scrubber.extract.tree import Tree
from scrubber.models import Metadata, Page


def read(
    body: str,
    head: str = "",
    lang: str = "en",
    url: str = "https://harbour.example/bees",
    fetched: bool = True,
) -> Metadata:
    html = f"<html lang='{lang}'><head><title>Bees return to the harbour</title>{head}</head><body>{body}</body></html>"
    at = datetime(2026, 5, 4, 12, tzinfo=UTC) if fetched else None
    return read_metadata(Tree(html), Page(html=html, url=url, fetched_at=at))


HEADLINE = "<h1>Bees return to the harbour</h1>"
PROSE = (
    "<p>"
    + "The bees came back to the harbour early this spring, and nobody knew why. " * 5
    + "</p>"
)


def names(metadata: Metadata) -> list[str]:
    return [author.name for author in metadata.authors]


def day(metadata: Metadata) -> str | None:
    return metadata.published.value[:10] if metadata.published else None


def test_plain_text_byline_is_read() -> None:
    found = read(
        f"<article>{HEADLINE}<p class='byline'>By Jane Doe</p><p>May 1, 2026</p>{PROSE}</article>"
    )
    assert names(found) == ["Jane Doe"]


def test_visible_date_is_read() -> None:
    found = read(f"<article>{HEADLINE}<p>By Jane Doe</p><p>May 1, 2026</p>{PROSE}</article>")
    assert day(found) == "2026-05-01"


@pytest.mark.parametrize(
    ("lang", "line", "value"),
    [
        ("de", "Von Anna Schmidt, 3. März 2026", "2026-03-03"),
        ("fr", "Publié le 3 mars 2026", "2026-03-03"),
        ("es", "Publicado el 3 de marzo de 2026", "2026-03-03"),
        ("ru", "3 марта 2026 г.", "2026-03-03"),
        ("ja", "2026年3月3日", "2026-03-03"),
        ("ko", "등록 2026.03.03 09:30", "2026-03-03"),
        ("th", "3 มีนาคม 2569", "2026-03-03"),
        ("en-GB", "03/04/2026", "2026-04-03"),
        ("en-US", "03/04/2026", "2026-03-04"),
    ],
)
def test_visible_date_follows_the_language(lang: str, line: str, value: str) -> None:
    found = read(f"<article>{HEADLINE}<time>{line}</time>{PROSE}</article>", lang=lang)
    assert day(found) == value


def test_copyright_year_is_no_date() -> None:
    found = read(
        f"<article>{HEADLINE}{PROSE}</article><footer>© 2019-2026 The Harbour Post, 1 January 2026</footer>"
    )
    assert found.published is None


def test_updated_date_is_no_date_of_publication() -> None:
    found = read(f"<article>{HEADLINE}<p class='date'>Updated on May 1, 2026</p>{PROSE}</article>")
    assert found.published is None
    assert found.modified is not None
    assert found.modified.value == "2026-05-01"


def test_published_beside_updated_is_told_apart() -> None:
    found = read(
        f"<article>{HEADLINE}<p><time datetime='2026-03-01'>Published March 1, 2026</time></p>"
        f"<p><time class='updated' datetime='2026-05-01'>Updated May 1, 2026</time></p>{PROSE}</article>"
    )
    assert day(found) == "2026-03-01"


def test_date_of_a_comment_is_not_taken() -> None:
    found = read(
        f"<article>{HEADLINE}{PROSE}</article><section class='comments'><div class='comment'>"
        "<span class='author'>Max Roe</span> <time datetime='2026-04-01'>April 1, 2026</time> Nice</div></section>"
    )
    assert found.published is None
    assert names(found) == []


def test_date_of_a_related_item_is_not_taken() -> None:
    found = read(
        f"<article>{HEADLINE}{PROSE}</article><aside class='related'><h2>Related</h2>"
        "<a href='/x'>Another thing</a><time datetime='2026-04-01'>April 1, 2026</time></aside>"
    )
    assert found.published is None


def test_modified_tag_alone_gives_no_published() -> None:
    head = "<meta property='article:modified_time' content='2026-05-01T08:00:00Z'>"
    assert read(f"<article>{HEADLINE}{PROSE}</article>", head).published is None


def test_reviewer_is_no_author() -> None:
    found = read(
        f"<article>{HEADLINE}<p>Written by <a rel=author href='/author/jane'>Jane Doe</a></p>"
        f"<p>Medically reviewed by <a href='/author/ann'>Ann Poe, MD</a></p><p>May 1, 2026</p>{PROSE}</article>"
    )
    assert names(found) == ["Jane Doe"]


def test_relative_date_counts_from_the_fetch() -> None:
    body = f"<article>{HEADLINE}<p>By Jane Doe</p><time>3 days ago</time>{PROSE}</article>"
    assert day(read(body)) == "2026-05-01"
    assert read(body, fetched=False).published is None


def test_logo_in_h1_is_not_the_title() -> None:
    head = "<meta property='og:site_name' content='Harbour'><meta property='og:title' content='Bees return to the harbour'>"
    found = read(
        f"<header><h1>Harbour</h1></header><article><h2>Bees return to the harbour</h2>{PROSE}</article>",
        head,
    )
    assert found.title == "Bees return to the harbour"


def test_shown_headline_wins_over_the_search_engine_title() -> None:
    html_head = "<meta property='og:title' content='Bees return to the harbour'>"
    found = read(
        f"<main><article><h1>Bees return to the harbour after ten years</h1>{PROSE}</article></main>",
        html_head,
    )
    assert found.title == "Bees return to the harbour after ten years"
    assert found.meta_title == "Bees return to the harbour"


def test_offset_is_kept_and_not_applied() -> None:
    head = "<meta property='article:published_time' content='2026-03-07T23:40:00-05:00'>"
    found = read(
        f"<article>{HEADLINE}<time datetime='2026-03-07T23:40:00-05:00'>March 7, 2026</time></article>",
        head,
    )
    assert found.published is not None
    assert found.published.value == "2026-03-07T23:40:00-05:00"


def test_poisoned_attributes_break_nothing() -> None:
    long = "a" * 100_000
    found = read(
        f"<h1 class='{long}' itemprop='headline author'>Bees return to the harbour</h1><time datetime='{long}'>{long}</time>"
    )
    assert found.title == "Bees return to the harbour"


def test_words_behind_a_linked_name_are_no_second_writer() -> None:
    line = "<p>By <a href='/author/a'>A. J. Neal</a> <a href='/issue'>View Digital Edition</a></p>"
    assert names(read(f"<article>{HEADLINE}{line}<p>May 1, 2026</p>{PROSE}</article>")) == [
        "A. J. Neal"
    ]


def test_co_author_without_a_link_is_kept() -> None:
    line = "<p>By <a href='/author/a'>Jane Doe</a> and John Roe</p>"
    found = names(read(f"<article>{HEADLINE}{line}<p>May 1, 2026</p>{PROSE}</article>"))
    assert found == ["Jane Doe", "John Roe"]


def test_names_on_lines_of_their_own_below_by_are_all_claimed() -> None:
    lines = "<p>By</p><p>Jane Doe</p><p>,</p><p>John Roe</p><p>, and</p><p>Ann Poe</p>"
    html = f"<html><head><title>Bees</title></head><body><h1>Bees</h1>{lines}{PROSE}</body></html>"
    claims = byline.read(View(Tree(html), "https://harbour.example/bees"))
    found = [claim.value for claim in claims if claim.source == "byline.below"]
    assert [[author.name for author in authors] for authors in found] == [
        ["Jane Doe", "John Roe", "Ann Poe"]
    ]


def test_byline_and_date_below_a_long_lead_are_read() -> None:
    found = read(f"<article>{HEADLINE}{PROSE}<p>By Jane Doe</p><p>May 1, 2026</p>{PROSE}</article>")
    assert (names(found), day(found)) == (["Jane Doe"], "2026-05-01")


def test_day_of_posting_at_the_end_is_read() -> None:
    found = read(
        f"<article>{HEADLINE}{PROSE}{PROSE}{PROSE}<p>Posted on April 13, 2026</p></article>"
    )
    assert day(found) == "2026-04-13"


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "Joined: 12 April 2019"),
        ("en", "Registration deadline: 12 April 2019"),
        ("en", "visitors since 12 April 2019"),
        ("tr", "Kayıt: 12 Nis 2019"),
        ("de", "Gültig bis 12. April 2019"),
        ("pl", "Dołączył 12 kwietnia 2019"),
    ],
)
def test_day_of_something_else_is_no_publication(lang: str, line: str) -> None:
    assert day(read(f"<article>{HEADLINE}<p>{line}</p>{PROSE}</article>", lang=lang)) is None


def test_byline_in_the_footer_of_the_article_is_its_own() -> None:
    line = "<footer>Posted by <a href='/user/9'>Jane Doe</a> on <time>May 1, 2026</time></footer>"
    found = read(f"<article>{HEADLINE}{line}{PROSE}</article>")
    assert (names(found), day(found)) == (["Jane Doe"], "2026-05-01")


def test_page_of_a_writer_is_joined_to_the_name_told_elsewhere() -> None:
    head = '<script type="application/ld+json">{"@type":"Article","author":{"name":"Jane Doe"}}</script>'
    line = "<p>By <a rel='author' href='/author/jane'>Jane Doe</a></p>"
    (author,) = read(f"<article>{HEADLINE}{line}{PROSE}</article>", head=head).authors
    assert author.url == "https://harbour.example/author/jane"


def test_day_in_the_address_before_a_plus_is_read() -> None:
    found = read(
        f"<article>{HEADLINE}<p>15 December 2025</p>{PROSE}</article>",
        url="https://harbour.example/2025-12-15+Bees",
    )
    assert day(found) == "2025-12-15"
    assert "url.day" in (found.evidence["published"].source, *found.evidence["published"].agreeing)


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "Updated April 2, 2026 | Published March 14, 2026"),
        ("de", "Aktualisiert am 02.04.2026, veröffentlicht am 14.03.2026"),
        ("fr", "Publié le 14 mars 2026 à 07h30, mis à jour le 2 avril 2026"),
        ("pl", "Opublikowano: 14.03.2026, aktualizacja: 02.04.2026"),
    ],
)
def test_two_days_of_one_line_are_told_apart_by_their_own_words(lang: str, line: str) -> None:
    metadata = read(f"{HEADLINE}<div>{line}</div>{PROSE}", lang=lang)
    assert day(metadata) == "2026-03-14"
    assert metadata.modified is not None
    assert metadata.modified.value[:10] == "2026-04-02"


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("pl", "Aktualizacja: 14.03.2026 09:00"),
        ("cs", "Aktualizováno 14. března 2026"),
        ("hu", "Módosítva: 2026. március 14."),
        ("vi", "Cập nhật: 14/3/2026"),
        ("id", "Diperbarui 14 Maret 2026"),
        ("fr", "Actualisé le 14 mars 2026"),
        ("de", "Zuletzt geändert am 14. März 2026"),
    ],
)
def test_words_for_updated_are_known_in_many_languages(lang: str, line: str) -> None:
    metadata = read(f"{HEADLINE}<div>{line}</div>{PROSE}", lang=lang)
    assert metadata.published is None
    assert metadata.modified is not None


def test_name_of_a_review_is_no_word_for_revised() -> None:
    metadata = read(f"{HEADLINE}<div>Revista Colmena, 14 de marzo de 2026</div>{PROSE}", lang="es")
    assert day(metadata) == "2026-03-14"


@pytest.mark.parametrize(
    ("lang", "opening"),
    [
        ("de", "Köln, 14. März 2026 - "),
        ("en", "LONDON, March 14, 2026 — "),
        ("pl", "Warszawa, 14 marca 2026 r. – "),
        ("en", "HARWICK, England, March 14, 2026 /CoastWire/ -- "),
    ],
)
def test_dateline_that_opens_the_body_is_read(lang: str, opening: str) -> None:
    assert day(read(f"{HEADLINE}<p>{opening}{PROSE[3:]}", lang=lang)) == "2026-03-14"


def test_day_inside_the_first_sentence_is_no_dateline() -> None:
    body = f"{HEADLINE}<p>In Köln, where on 14 March 2026 the bees came back, {PROSE[3:]}"
    assert day(read(body, lang="en-GB")) is None


@pytest.mark.parametrize(
    ("lang", "line", "name"),
    [
        ("de", "Eingereicht von Sabine Köhler am So., 14.03.2026 - 07:30", "Sabine Köhler"),
        ("fr", "Publié le 14 mars 2026 par Claire Dubois", "Claire Dubois"),
        ("nl", "Geplaatst op 14 maart 2026 door Jan de Vries", "Jan de Vries"),
        ("pl", "Dodano: 14.03.2026 07:30, autor: Anna Nowak", "Anna Nowak"),
        ("ru", "14.03.2026, 14:25 Автор: Глеб Староверов Просмотров: 1843", "Глеб Староверов"),
    ],
)
def test_writer_in_the_middle_of_a_dated_line_is_read(lang: str, line: str, name: str) -> None:
    assert names(read(f"{HEADLINE}<div>{line}</div>{PROSE}", lang=lang)) == [name]


def test_writer_beside_the_day_at_the_end_is_read() -> None:
    body = f"{HEADLINE}{PROSE * 20}<p>Publié le 14 mars 2026 par Claire Dubois</p>"
    metadata = read(body, lang="fr")
    assert (day(metadata), names(metadata)) == ("2026-03-14", ["Claire Dubois"])


@pytest.mark.parametrize(
    ("lang", "line", "name"),
    [
        ("ko", "김철수 기자", "김철수"),
        ("zh", "2026-03-14 07:30 来源：新华网 作者：王小明", "王小明"),
    ],
)
def test_east_asian_writer_in_one_word_is_named(lang: str, line: str, name: str) -> None:
    assert names(read(f"{HEADLINE}<div>{line}</div>{PROSE}", lang=lang)) == [name]


def test_month_by_its_name_in_the_address_is_read() -> None:
    url = "https://harbour.example/news/2026/mar/14/bees"
    assert day(read(f"{HEADLINE}{PROSE}", url=url)) == "2026-03-14"


def test_label_before_a_time_outranks_the_class_that_themes_write_on_it() -> None:
    time = "<time class='entry-date published updated' datetime='2026-05-01'>May 1, 2026</time>"
    found = read(f"<article>{HEADLINE}<p><span>Updated</span> {time}</p>{PROSE}</article>")
    assert found.published is None
    assert found.modified is not None
    assert found.modified.value == "2026-05-01"


@pytest.mark.parametrize("around", ["div", "aside"])
def test_far_time_below_a_heading_that_says_published_is_the_day(around: str) -> None:
    time = "<h3>Published</h3><p><time datetime='2026-05-01'>May 1, 2026</time></p>"
    other = "<div class='related'><time datetime='2026-04-01'>April 1, 2026</time></div>"
    article = f"<article>{HEADLINE}{PROSE * 20}</article>"
    assert day(read(f"{article}<{around}>{time}</{around}>{other}")) == "2026-05-01"


def test_hidden_moment_before_the_shown_day_is_not_taken() -> None:
    line = (
        "<span class='updated hidden'>2026-05-02T13:00:39+00:00</span><span>March 22nd, 2026</span>"
    )
    assert day(read(f"<article>{HEADLINE}<div class='meta'>{line}</div>{PROSE}</article>")) == (
        "2026-03-22"
    )


@pytest.mark.parametrize("label", ["Received", "Submitted:", "Accepted"])
def test_day_of_a_manuscript_is_no_publication(label: str) -> None:
    line = f"<p>{label} 3 April 2026</p><p>Published 1 May 2026</p>"
    assert day(read(f"<article>{HEADLINE}{line}{PROSE}</article>")) == "2026-05-01"


def test_day_of_posting_told_in_prose_gives_way_to_a_line_of_its_own() -> None:
    prose = "<p>A first edition of all this was published on the 21st of June 2017, then lost.</p>"
    found = read(f"<article>{HEADLINE}{PROSE * 20}{prose}</article><p>Posted on April 13, 2026</p>")
    assert day(found) == "2026-04-13"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Jane Doe, John Roe and Anna Schmidt", ["Jane Doe", "John Roe", "Anna Schmidt"]),
        ("Jane Doe in the harbour, with bees", None),
    ],
)
def test_line_of_nothing_but_names_is_a_list_of_writers(line: str, found: list[str] | None) -> None:
    view = View(Tree(f"<title>Bees</title><h1>Bees</h1><p>{line}</p>{PROSE}"))
    claims = [claim for claim in byline.read(view) if claim.source.startswith("byline.list")]
    assert [[a.name for a in claim.value] for claim in claims] == ([found] if found else [])


@pytest.mark.parametrize("label", ["Author:", "Authors:", "Contributors:"])
def test_writers_labelled_at_the_end_are_read(label: str) -> None:
    end = f"<p>{label} Jane Doe and John Roe</p>"
    assert names(read(f"<article>{HEADLINE}{PROSE * 20}{end}</article>")) == [
        "Jane Doe",
        "John Roe",
    ]


def test_day_behind_a_link_to_another_page_is_that_pages() -> None:
    teaser = "<p><a href='/fort'>The old fort is closed for repairs</a> (11 May 2003)</p>"
    assert day(read(f"<p>18 September 2003</p>{HEADLINE}<p>Text.</p>{teaser}")) == "2003-09-18"


@pytest.mark.parametrize("name", ["penulis", "tacgia", "szerzo", "kirjoittaja"])
def test_class_that_names_the_writer_in_another_language_is_known(name: str) -> None:
    body = f"<article>{HEADLINE}<div class='{name}'>Wahyu Prasetyo</div>{PROSE}</article>"
    assert names(read(body)) == ["Wahyu Prasetyo"]


def test_name_beside_a_hidden_mail_address_is_the_writer() -> None:
    body = f"{HEADLINE}<b>Bettina Krol</b> <a href='mailto:x'>bkrol at example.org</a><br>{PROSE}"
    assert names(read(body)) == ["Bettina Krol"]


def test_links_of_a_blog_are_no_writers() -> None:
    line = "<p class='posted'>Posted by Jane Doe at May 11, 2004 | <a href='/tb'>TrackBack</a></p>"
    assert names(read(f"{HEADLINE}{PROSE}{line}")) == ["Jane Doe"]


# ---- below the text, and in other scripts -------------------------------------------------------


SHORT = "<p>" + "The bees came back to the harbour this spring, and nobody knew why. " * 3 + "</p>"
RELATED = "<div><a href='/w'>Wasps leave</a> <i>12 April 2026</i></div>"


def test_day_of_a_related_page_below_a_short_article_is_not_its_own() -> None:
    found = read(f"<div>{HEADLINE}<p>3 April 2026</p>{SHORT * 3}</div>{RELATED}")
    assert day(found) == "2026-04-03"
    assert day(read(f"<div>{HEADLINE}{SHORT}<h3>Related articles</h3>{RELATED}</div>")) is None


def test_dense_script_says_as_much_in_fewer_letters() -> None:
    prose = "<p>" + "去年の春、蜂は港に戻ってきた。誰もその理由を知らなかった。" * 5 + "</p>"
    body = f"<div>{HEADLINE}<p>2026年4月3日</p>{prose * 2}</div><div>港の猫 2026年4月12日</div>"
    assert day(read(body, lang="ja")) == "2026-04-03"


def test_day_just_before_the_headline_is_read_without_an_element_of_its_own() -> None:
    assert day(read(f"<div><span>3 April 2026</span>{HEADLINE}{PROSE}</div>")) == "2026-04-03"


def test_rights_reserved_are_no_day_of_publication() -> None:
    foot = "<div>Musée du fil - 12 avril 2016 - Tous droits réservés</div>"
    assert day(read(f"<div>{HEADLINE}{SHORT}{foot}</div>", lang="fr")) is None


@pytest.mark.parametrize(
    ("lang", "line", "name"),
    [
        ("ru", "17 ноября 2020, 11:30 Текст: Ирина Соколова Фото: Павел Дёмин", "Ирина Соколова"),
        ("ar", "كتب: أحمد منصور نُشر في: الجمعة 12 مارس 2021", "أحمد منصور"),
        ("de", "Erstellt von Mirko Lehnert am Donnerstag, 30. Juni 2022", "Mirko Lehnert"),
        ("de", "Von unserem Korrespondenten Karl Brandt", "Karl Brandt"),
        ("de", "Leonie Paulsen vor 3 Stunden", "Leonie Paulsen"),
        ("cs", "21. května 2021 6:12 Jana Nováková, ČTK", "Jana Nováková"),
        ("nb", "Ingrid Solbakken Journalist", "Ingrid Solbakken"),
        ("pt", "Por Ana Souza, Diário do Vale — Campinas", "Ana Souza"),
        ("zh", "記者陳怡君／嘉義報導", "陳怡君"),
    ],
)
def test_name_is_told_from_what_stands_beside_it(lang: str, line: str, name: str) -> None:
    found = read(f"<div>{HEADLINE}<p>{line}</p>{PROSE}</div>", lang=lang, fetched=False)
    assert names(found)[:1] == [name]


@pytest.mark.parametrize("line", ["HALINA WRZOS", "Nauka w Polsce, Halina Wrzos"])
def test_signature_below_a_short_article_is_read(line: str) -> None:
    found = read(f"<div>{HEADLINE}<p>3.04.2026</p>{SHORT * 2}<p>{line}</p></div>", lang="pl")
    assert [name.title() for name in names(found)] == ["Halina Wrzos"]


def test_contact_below_a_page_is_no_signature() -> None:
    contact = "<p>Charlotte Brown Senior Project Manager</p>"
    assert names(read(f"<div>{HEADLINE}{SHORT * 2}{contact}</div>")) == []


def test_site_beside_its_writer_is_no_writer() -> None:
    byline = "<div class='author'>Budi Santoso - Harbour News</div>"
    head = "<meta property='og:site_name' content='Harbour News'>"
    assert names(read(f"<div>{HEADLINE}{byline}{PROSE}</div>", head)) == ["Budi Santoso"]


def test_label_of_the_next_number_is_not_the_date_s_own() -> None:
    body = f"<div>{HEADLINE}<p>2026/3/12 14:05（最終更新 3/13 09:00）</p>{PROSE}</div>"
    assert day(read(body, lang="ja")) == "2026-03-12"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "<span>Марина Орлова</span><span>корреспондент</span> <i>4 мая 2026</i>",
            ["Марина Орлова"],
        ),
        ("<b>Jane Doe</b> Harbour <time>May 1, 2026</time>", ["Jane Doe"]),
        ("<a>Torunn Vik</a><a>Ola Hansen</a><time>02.04.2026</time>", ["Torunn Vik", "Ola Hansen"]),
        ("15. 3. 2026 v 20:14 | Dušan Novák | Krušné hory", ["Dušan Novák"]),
        ("Sorina Popescu, consultant fiscal | 14 Feb 2026", ["Sorina Popescu"]),
        ("22. März 2026, 12:00 Uhr, Robin Schmidt", ["Robin Schmidt"]),
        ("<span>2026.04.08 10:32</span> <span>유정온 기자 yjo@example.org</span>", ["유정온"]),
        ("<span>2026-04-01</span> <span>记者 霍东来</span>", ["霍东来"]),
        ("Posted on May 1, 2026 by <b>khanom</b> in <a>story</a>", ["khanom"]),
    ],
)
def test_name_set_apart_in_a_dated_line_is_read(line: str, expected: list[str]) -> None:
    found = byline.read(View(Tree(f"<article>{HEADLINE}<p>{line}</p>{PROSE}</article>")))
    assert expected in [
        [a.name for a in claim.value] for claim in found if claim.field == "authors"
    ]


def test_role_beside_a_marked_name_is_no_part_of_it() -> None:
    mark = "<div class='author'><span>Марина Орлова</span><span>корреспондент</span></div>"
    assert names(read(f"<article>{HEADLINE}{mark}{PROSE}</article>", lang="ru")) == [
        "Марина Орлова"
    ]


def test_name_below_the_last_paragraph_of_a_long_article_is_read() -> None:
    body = f"{HEADLINE}{PROSE * 30}<p align=right><b>ნინო გელაშვილი</b></p>"
    assert names(read(f"<article>{body}</article>", lang="ka")) == ["ნინო გელაშვილი"]


def test_link_at_the_end_of_a_long_article_signs_nothing() -> None:
    body = f"{HEADLINE}{PROSE * 30}<p><a href='/jane'>Jane Doe</a></p>"
    assert names(read(f"<article>{body}</article>")) == []


def test_link_to_somebody_inside_a_sentence_is_no_byline() -> None:
    told = PROSE.replace("nobody", "<a href='/author/jane'>Jane Doe</a>", 1)
    assert names(read(f"<article>{HEADLINE}{told}</article>")) == []


def test_told_writer_who_stands_in_no_byline_is_borne_out() -> None:
    head = """<script type="application/ld+json">{"@type": "NewsArticle",
        "headline": "Bees return to the harbour", "author": "Harbour Desk"}</script>"""
    line = "<p>Harbour Desk | May 1, 2026</p>"
    claims = read(f"<article>{HEADLINE}{line}{PROSE}</article>", head).evidence["authors"]
    assert (claims.source, claims.agreeing) == ("jsonld.article.author", ("byline.told",))


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "This article was originally published on 26 Sep 2019 but has been updated"),
        ("de", "Ursprünglich veröffentlicht am 26. September 2019"),
        ("fr", "Publié initialement le 26 septembre 2019"),
        ("pl", "Pierwsza publikacja: 26.09.2019"),
    ],
)
def test_later_day_beside_an_original_publication_is_of_a_revision(lang: str, words: str) -> None:
    body = f"{HEADLINE}<p>30.09.2022</p>{PROSE}<p class='date'>{words}</p>"
    found = read(f"<article>{body}</article>", lang=lang)
    assert (day(found), found.modified and found.modified.value) == ("2019-09-26", "2022-09-30")


def test_label_before_a_machine_readable_time_counts_as_its_own() -> None:
    far = "<nav>" + "<p>Guidance for all</p>" * 90 + "</nav>"
    label = "<h4>Published</h4><time datetime='2018-11-15'>15 November 2018</time>"
    others = "<time datetime='2019-01-17'>17 January 2019</time>"
    body = f"{HEADLINE}{PROSE}{far}{others}{label}"
    assert day(read(f"<article>{body}</article>")) == "2018-11-15"


@pytest.mark.parametrize(
    "lines",
    [
        "<p>April 9, 1938 – March 1, 2020</p>",
        "<p>3. März 2026 bis 4. April 2026</p>",
        "<table><tr><th>Born</th><td>2 February 1868</td></tr></table>",
        "<dl><dt>Date de naissance</dt><dd>30 juin 1961</dd></dl>",
    ],
)
def test_day_of_a_life_or_an_event_is_no_publication(lines: str) -> None:
    assert day(read(f"<article>{HEADLINE}{lines}{PROSE}</article>")) is None
