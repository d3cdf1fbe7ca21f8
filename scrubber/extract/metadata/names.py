"""Reading names out of bylines: who wrote this, and is it a person, a body or a handle?

    "By Jane Doe, Senior Editor and John Roe | May 4, 2026"  ->  Jane Doe, John Roe
    "Medically reviewed by Ann Poe, MD. Written by Jane Doe"  ->  Jane Doe
    "Food and Drug Administration"                            ->  one organisation
    "admin", "https://facebook.com/x", "2 min read"           ->  nobody

The words that open a byline, name those who are no writers, join names, mark bodies and jobs stand
by language in `bylines.toml`; those of all languages are tried at once, since bylines are often in
another language than the page says.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from scrubber.extract.metadata.date_labels import is_label, label_start
from scrubber.extract.metadata.dates import find_date
from scrubber.extract.metadata.patterns import Anywhere, one_of
from scrubber.models import Author, AuthorKind

_MAX_CHARS: Final = 400
_MAX_NAME: Final = 80
_MAX_AUTHORS: Final = 30
_MAX_LIST: Final = 120


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_PLACEHOLDERS: Final = _set(
    "admin administrator adm root webmaster web-master undefined null none nan unknown "
    "anonymous guest user test author authors editor default nobody n/a na name wpadmin "
    "wp-admin sysadmin siteadmin superuser moderator developer autor auteur autore автор 作者 "
    "админ администратор contributor staff-writer false true me website import super-admin "
    "wordpress autopost system administrateur administrador amministratore about share follow "
    "comments comment trackback trackbacks permalink"
)
_CALENDAR_WORDS: Final = _set(
    "mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday"
    " today yesterday date time updated published"
)
_PLACEHOLDER_PHRASES: Final = frozenset(
    {"super user", "site admin", "web admin", "author name", "the author", "unknown author",
     "no author", "[object object]", "{{author}}", "view all posts", "read more", "about us",
     "website admin", "guest author", "all posts", "see full bio", "author archives"}
)  # fmt: skip
_NOBODY: Final = _PLACEHOLDERS | _CALENDAR_WORDS | _PLACEHOLDER_PHRASES
_CREDENTIAL: Final = re.compile(
    r"(?:[A-Z][a-z]{0,2}\.?){1,5}[A-Z]{0,6}®?|[A-Z][A-Z.&/-]{1,9}(?:[ -]?\d{2,3})?(?:\s*\([^)]*\))?"
    r"|Ph\.?\s?D\.?|M\.?\s?D\.?|Esq\.?|Jr\.?|Sr\.?|[IV]{2,4}"
)
_SUFFIX: Final = re.compile(r"(?:Jr|Sr|Esq|[IV]{2,3})\.?")
_PIECES: Final = re.compile(
    r"\s*(?:[|•·⋅●‧∙／/;\n\t]|\s[-–—]+\s|[–—](?=\s)|\s{3,}|、|，|；|・(?=.{2,}・))\s*"
)
_PARENTHESES: Final = re.compile(r"\s*[(\[{（【][^)\]}）】]*[)\]}）】]?")
_READING_TIME: Final = re.compile(
    r"\b\d+\s?(?:-?\s?min(?:ute)?s?\b|mins?\b)|reading time|\bread\b\s*$|время чтения|lesezeit"
    r"|temps de lecture|tiempo de lectura|分钟",
    re.I,
)
_URL: Final = re.compile(r"(?:https?:)?//|www\.|^/|\.(?:com|org|net)/|\.(?:php|html?)(?:/|$)", re.I)
_EMAIL: Final = re.compile(  # also as lists hide it ("jane at example.org"), and @jane@example.org
    r"\(?(?:@\b|\b)[\w.+-]+(?:@| at )[\w-]+\.[\w.]+\)?"
)
_HANDLE: Final = re.compile(r"@?[a-z0-9][a-z0-9_.\-]{1,38}|@\w{2,30}|[A-Za-z]+[_\d][\w]*")
_PARTICLES: Final = _set(
    "de da do dos das del della di du des la le el al bin ibn ben van von der den ter ten zu "
    "zur y e i af av ap of the st san abu bint dal lo d' o' 't und"
)
_DATE_LABEL: Final = re.compile(
    r"\W*\b(?:published|posted|updated|last updated|last modified|modified|created|date|on)\W*$",
    re.I,
)
_TAIL: Final = re.compile(
    r"\s+(?:is|was|has|writes|covers|works|who|says)(?:\s.*)?$"
    r"|\s+(?:follow|full bio|bio|author posts?|view profile|see profile|posts)$"
    r"|\s+(?:last updated?|updated|published|posted|reviewed)(?:\s+(?:on|at|by))?\s*:?\s*$",
    re.I,
)
_WEEKDAY: Final = re.compile(
    r"[\s,]+(?:on\s+)?(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?\W*$",
    re.I,
)
_WHOLE_WEEKDAY: Final = re.compile(  # where no date follows: Thu is a name in Vietnam
    r"[\s,]+(?:on\s+\w+|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\W*$", re.I
)
_EAST_ASIAN_ROLE: Final = re.compile(  # written without a space beside the name
    r"^(?:本報記者|本报记者|記者|记者|撰稿|編輯|編譯)\s*|\s*(?:선임기자|기자|특파원|記者|记者|特派員|特派员)$"
)
_SPACED_ROLE: Final = re.compile(r"(?:本報|本报)?(?:記者|记者)[\s：:][\u4e00-\u9fff]{2,4}")
_GLUED_ROLE: Final = re.compile(  # "Jane DoeSenior Reporter": two elements without a space
    r"(?<=[a-zà-ÿ])(?=(?:(?:Senior|Staff|Chief|Lead|Managing|Contributing|Associate|Deputy|Guest"
    r"|Freelance|Political|Science|Health|Sports?|News)\s)?(?:Editor|Reporter|Writer|Contributor"
    r"|Correspondent|Journalist|Columnist|Author|Redakteur|Redakteurin|Journaliste|Periodista"
    r"|Giornalista|Redactora?)(?:\s|,|$|-))"
)
_FACT: Final = re.compile(r"[^\W\d_]{2,}\s?[:：]")
_LABEL_BEHIND: Final = re.compile(r"\s+[^\W\d_]{3,}\s?[:：].*$", re.S)  # "... Views: 1843"
_BEFORE_DAY: Final = (  # what leads from a name to the day or hour behind it
    "on|at|am|um|le|à|el|en|a las?|il|alle(?: ore)?|em|às|den|kl\\.?|op|om|dnia|vom|в"
)
_DAY_BEHIND: Final = re.compile(  # "am So., ": what led to the date behind a name
    rf"[\s,]+(?:{_BEFORE_DAY})(?:\s+[^\W\d_]{{2,10}}\.?)?[\s,]*$", re.I
)
_PREPOSITION: Final = re.compile(rf"\s+(?:{_BEFORE_DAY})?\s*$", re.I)
_FOOTNOTE: Final = re.compile(r"(?<=[^\W\d_]{2})[\d*†‡§]{1,2}(?:,\s?\d{1,2})*$")
_AMBIGUOUS: Final = _set("na ni nga daga gan")  # words of their own in other languages
_UNSURE: Final = _set("text texto texte tekst tekstas teksts teksti text de de di da e od от від")
_PROSE: Final = _set(
    "is are was were has have had this that these those it he she they we you i who which "
    "what when where how why not all more most read click here there about for from to in on "
    "at your our my his her their with as can will would should may if or but so than then"
)
_ALSO_NAMES: Final = _set("may will can an so or he")  # Tom May, Will Smith
_CAPTION: Final = re.compile(  # what stands behind a name in the same line and is none itself
    r"(?:categor(?:y|ies)|kategorien?|catégories?|categor[ií]as?|categorie|tags?|topics?"
    r"|filed under|rubrik|schlagw[oö]rter|рубрик[аи]|метки|thèmes?|temas?|etiquetas?|labels?"
    r"|κατηγορία|kategori\w*|kategória|분류|カテゴリー?|分类|分類)\s*[:：].*"
    r"|(?:(?:\d[\d.,]*|no|one|keine?|aucun|sin|nessun|sem|geen|ingen|brak|нет"
    r"|leave an?|add an?|post an?)\s+)"
    r"(?:comments?|replies|repl(?:y|ies)|kommentare?|commentaires?|comentarios?|commenti?"
    r"|comentários?|reacties?|kommentarer?|komentarzy|комментари\w+|views?|shares?|likes?)\b.*",
    re.I | re.S,
)
_BEHALF: Final = re.compile(
    r"\s+(?:on behalf of|im auftrag|au nom de|en nombre de|per conto di)\s.*", re.I
)
_IN_SECTION: Final = re.compile(r"\s+in\s+(?P<section>\S.*)$")
_ACCOUNT: Final = re.compile(r"(?=.{16})[a-z0-9]*\d[a-z][a-z0-9]*")  # generated, nobody's name
_DIGIT: Final = re.compile(r"[\d²³¹]")
_HONORIFIC: Final = re.compile(
    r"^(?:(?:dr|mr|mrs|ms|prof|sir|dame|rev|ra|mag|lek|uzm|ing|mudr|mgr|bc|phdr|dipl\.-ing|pfarrer|maître"
    r"|д-р|проф|دکتر|د|डॉ|ดร)\.?\s+)+",
    re.I,
)
_PLACES: Final = _set("U.S. U.K. E.U. U.N. D.C. L.A. N.Y.")
_INITIALS: Final = re.compile(r"(?:[^\W\d_]\.-?){1,3}(?=[^\W\d_]|$)")  # "J.R.", "Г.Ундрах"


_PARTED: Final = r"[\s|•·(,;.&/]"


@dataclass(frozen=True, slots=True)
class _Words:
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
def _words() -> _Words:
    table = tomllib.loads(Path(__file__).with_name("bylines.toml").read_text("utf-8"))

    def union(key: str) -> set[str]:
        return {word for words in table.values() for word in words.get(key, ())}

    by, joints, not_writer = union("by"), union("and"), _any(union("not_writer"))
    bare = {word.rstrip("*") for word in by}
    sure = {word for word in by if " " in word and not word.endswith("*")}
    between = (bare - _UNSURE) | {f"{word}:" for word in bare & _UNSURE}
    return _Words(
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
    spaced = [word for word in longest if not _dense(word)]
    dense = [word for word in longest if _dense(word)]
    either = rf"(?:{one_of(spaced)})(?=[\s:.：/|՝៖]|$)" if spaced else ""
    if dense:
        either += rf"{'|' if spaced else ''}(?:{one_of(dense)})(?=[\s:：/／・＝=]|$)"
    return rf"(?:{either})[\s:.：/／・＝=|՝៖-]*"


def _dense(word: str) -> bool:
    """Whether the word's script sets no spaces (Chinese, Japanese; Thai too)."""
    return not word.isascii() and _DENSE.search(word) is not None


def is_dense(name: str) -> bool:
    """Whether a name's script writes family and given name as one word, or parts no words."""
    return _dense(name) or "\uac00" <= name[:1] <= "\ud7a3"


_DENSE: Final = re.compile("[\u0e00-\u0e7f\u2e80-\u9fff\uff00-\U0010ffff]")


def read_names(
    text: str, *, kind: AuthorKind | None = None, url: str | None = None
) -> tuple[Author, ...]:
    """The writers that `text`, a byline or an author field, names, in order, none twice.

    kind: what the page itself says the name is; a body's name is never split.
    """
    text = _clean(text)
    if not text or _URL.search(text):
        return ()
    if kind == "organization":
        name = _trim(text)
        return (Author(name=name, kind=kind, url=url),) if _is_name(name) else ()
    found: dict[str, Author] = {}
    for name in _names_in(text)[:_MAX_AUTHORS]:
        found.setdefault(name_key(name), Author(name=name, kind=kind_of(name, kind)))
    authors = tuple(found.values())
    if len(authors) == 1 and url:
        return (authors[0].model_copy(update={"url": url}),)
    return authors


@lru_cache(maxsize=4096)
def _names_in(text: str) -> tuple[str, ...]:
    """A page often says in four or five places who wrote it, in the same words."""
    return tuple(name for part in _written_parts(text) for name in _split(part))


def opens_byline(text: str) -> str | None:
    """What follows the opening word ("By", "Von", "文／") of a byline; `None` if there is none."""
    match = _words().by.match(text)
    if match is None or match.end() >= len(text):
        return None
    rest = text[match.end() :]
    opening = match[0].strip().casefold()
    sure = opening not in _AMBIGUOUS or (" " in rest and has_given_name(rest))
    return rest if sure else None


def joint_after(text: str, place: int) -> int:
    """How many characters from `place` on only join two names (", ", " and "); 0 where none do."""
    match = _words().joints.match(text, place)
    return match.end() - place if match else 0


def listed_names(text: str) -> list[str]:
    """The names in a line that is nothing but two or more and what joins them; empty for others."""
    if len(text) > _MAX_LIST or not _may_join(text) or _DIGIT.search(text):
        return []
    names = [name for name in _words().joints.split(text) if name]
    persons = all(map(looks_like_person, names)) and any(map(has_given_name, names))
    return names if persons and len(names) > 1 else []


def _may_join(text: str) -> bool:
    """Whether a text can hold what joins two names: asked first, since nearly all others do not."""
    if not text.isascii() or "," in text or "&" in text:
        return True
    return not _words().joining.isdisjoint(text.lower().split())


def without_address(text: str) -> str:
    """A line without the mail addresses in it."""
    if "@" not in text and " at " not in text:
        return " ".join(text.split())
    return " ".join(_EMAIL.sub(" ", text).split())


def is_joint(text: str) -> bool:
    """Whether a line holds nothing but a comma, "and" or both."""
    return len(text) < 12 and joint_after(f" {text} ", 0) >= len(text) + (text[-1:] != ",")


def byline_inside(text: str) -> str | None:
    """What follows a "by" in the middle of a line ("March 1, 2017 by Jane Doe")."""
    match = _words().by_anywhere.search(text)
    return text[match.end() :] if match and 0 < match.end() < len(text) else None


def byline_between(text: str) -> str | None:
    """What follows any "by" of a short line that also tells a day ("Posted on | von Jane Doe").

    Said of other lines, "von", "par" or "door" are words like others.
    """
    match = _words().by_between.search(text)
    if match is None or _words().not_writer.search(text, 0, match.end()):
        return None
    rest = _LABEL_BEHIND.sub("", text[match.end() :].split("|")[0])
    return _DAY_BEHIND.sub("", rest) or None


def before_day(text: str) -> str:
    """A text without what leads to the day behind it: "Jane Doe on Sunday, ", "Max Muster am "."""
    return _PREPOSITION.sub("", _DAY_BEHIND.sub("", text))


def is_dense_role(text: str) -> bool:
    """Whether a line is a name with "reporter" beside it, as Korean and Chinese papers sign."""
    text = text.strip()
    bare = _EAST_ASIAN_ROLE.sub("", text)
    return bare != text and (_looks_dense(bare) or _SPACED_ROLE.fullmatch(text) is not None)


def names_no_writer(text: str) -> bool:
    """Whether the text opens with "Reviewed by", "Photo:" or their like."""
    return _words().not_writer_first.match(text, 0, 60) is not None


@lru_cache(maxsize=4096)
def kind_of(name: str, said: AuthorKind | None = None) -> AuthorKind:
    """Person, organisation or handle. What the page says counts unless the name speaks against it.

    Publishing systems call every account a Person, so a body's word in the name outweighs it.
    """
    if said == "organization":
        return said
    words = name.split()
    marks = _words().organization
    if (
        any(word.casefold().strip(".,'’") in marks for word in words)
        or words[0].casefold() == "the"
        or (len(words) == 3 and words[1].casefold() in {"&", "and", "und", "et", "y"})
    ):
        return "organization"
    if len(words) == 1 and _HANDLE.fullmatch(name):
        return "handle"
    return "person"


@cache
def _given_names() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("given_names.txt").read_text("utf-8").split())


@lru_cache(maxsize=4096)
def has_given_name(name: str) -> bool:
    """Whether the first word (or the last, as in Hungarian) is a common given name, or initials.

    Vietnamese family names, which come first and are few, count too.
    """
    words = _HONORIFIC.sub("", name).split()
    if not words:
        return False
    if _INITIALS.match(words[0]) and words[0] not in _PLACES:
        return words[0][0] == words[0][0].upper() and (len(words) > 1 or words[0][-1] != ".")
    first, last = words[0].casefold(), words[-1].casefold()
    known = _given_names()
    if first in known or (len(words) > 1 and first.split("-")[0] in known):
        return True
    return len(words) == 2 and last in known


@lru_cache(maxsize=4096)
def looks_like_person(name: str) -> bool:
    """Whether a stranger would take `name` for a person's: two to five capitalised words."""
    if not 0 < len(name) <= 50 or _DIGIT.search(name):
        return False
    if is_dense(name):
        return _looks_dense(name)
    words = name.split()
    if not 2 <= len(words) <= 6:
        return False
    words = _HONORIFIC.sub("", name).split()
    if not 2 <= len(words) <= 5 or any(map(_is_prose, words)):
        return False
    marks = _words()
    if any(word.casefold().strip(".,") in marks.organization for word in words):
        return False
    return all(_is_capitalised(word) or word.casefold() in _PARTICLES for word in words)


def _looks_dense(name: str) -> bool:
    """Whether a name in a script without spaces between words looks like a person's.

    Chinese and Japanese names open with one of rather few surnames; Thai ones part two words.
    """
    letters = name.replace(" ", "").replace("・", "")
    if not letters:
        return False
    if "\u0e00" <= letters[0] <= "\u0e7f":
        return len(name.split()) in {2, 3} and len(name) <= 40
    if "\uac00" <= letters[0] <= "\ud7a3":
        return 2 <= len(letters) <= 4 and letters[0] in _KOREAN_SURNAMES
    if any("\u30a0" <= c <= "\u30ff" for c in letters):
        return "・" in name  # a foreigner's name in katakana
    return 2 <= len(letters) <= 7 and letters.startswith(_DENSE_SURNAMES)


_KOREAN_SURNAMES: Final = frozenset(
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류"
    "나진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모"
)
_DENSE_SURNAMES: Final = tuple(
    _set(
        "王 李 张 張 刘 劉 陈 陳 杨 楊 黄 黃 赵 趙 吴 吳 周 徐 孙 孫 马 馬 朱 "
        "胡 郭 何 林 罗 羅 高 郑 鄭 梁 谢 謝 宋 唐 许 許 邓 鄧 冯 馮 韩 韓 曹 "
        "曾 彭 萧 蕭 蔡 潘 田 董 袁 于 余 叶 葉 蒋 蔣 杜 苏 蘇 魏 程 吕 呂 丁 "
        "沈 任 姚 卢 盧 姜 崔 钟 鍾 谭 譚 陆 陸 汪 范 石 廖 贾 賈 夏 韦 付 方 "
        "白 邹 鄒 孟 熊 秦 邱 江 尹 薛 闫 段 雷 侯 龙 龍 史 陶 黎 贺 賀 顾 顧 "
        "毛 郝 龚 龔 邵 万 萬 钱 錢 严 嚴 覃 武 戴 莫 孔 向 汤 湯 欧阳 歐陽 "
        "司马 諸葛 佐藤 鈴木 高橋 田中 伊藤 渡辺 渡邊 山本 中村 小林 加藤 吉田 山田 "
        "佐々木 山口 松本 井上 木村 斎藤 斉藤 清水 山崎 森 池田 橋本 阿部 石川 山下 "
        "中島 石井 小川 前田 岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 福田 西村 "
        "太田 藤井 岡本 金子 藤原 三浦 中野 中川 原田 松田 竹内 小野 田村 中山 和田 "
        "石田 上田 柴田 酒井 横山 宮崎 宮本 内田 高木 谷口 安藤 丸山 大野 今井 河野 "
        "武田 上野 松井 菅原 千葉 村田 増田 平野 久保 野口 島田 松尾 桜井 木下 菊地 菊池 佐野 渡部 "
        "野村 新井 杉山 古川 浜田 市川 小松 高田 大塚 小島 島崎 平田 水野 安田 吉川 土屋 川崎 西川 "
        "桑原 福島 本田 辻 関 熊谷 大西 飯田 川村 中田 矢野 五十嵐 早川 松永 荒木 岩崎 秋山 永井 "
        "永田 松下 望月 大久保 星野 広瀬 黒田 堀 尾崎 須藤 岩田 川上 片山 堀内 浅野 奥村 内藤 大島 "
        "岡崎 奥田 横田 栗原 服部 石原 富田 三宅 西田 北村 津田 中西 平塚 川口 今村 松枝 稲垣 岸本 "
        "梶原 白石 大川 樋口 榎本 成田 本間 宮田 竹田 小池 小西 吉村 山内 "
        "霍 樊 申屠 柯 阮 祝 翟 俞 关 關 倪 涂 祁 殷 葛 齐 齊 庄 莊 洪 耿 游 聂 聶 骆 駱 裴 穆 靳 "
        "喻 阎 閻 闻 聞 席 简 簡 詹 褚 "
    )
)


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """What two spellings of one name share: letters only, folded, words sorted."""
    words = re.findall(r"[^\W\d_]+", _HONORIFIC.sub("", name.casefold()))
    return " ".join(sorted(words)) or name.casefold()


# ---- inside -----------------------------------------------------------------------------------


def _clean(text: str) -> str:
    text = _GLUED_ROLE.sub(", ", text)
    text = html.unescape(html.unescape(text[:_MAX_CHARS])) if "&" in text else text[:_MAX_CHARS]
    text = re.sub(r"<[^>]{0,200}>", " ", text) if "<" in text else text
    text = re.sub(r"[\u200b-\u200f\u2060\ufeff\u00ad]", "", text).replace("\u00a0", " ")
    return text.strip().strip("\"'“”„«»")


def _written_parts(text: str) -> Iterator[str]:
    """The parts of a byline that name writers: without openings, other crafts, dates and times."""
    words = _words()
    text = _EMAIL.sub(" ", text)
    first, *rest = _PIECES.split(_without_place(text))
    for piece in (first, *(piece for piece in rest if not (_is_job(piece) or _is_fact(piece)))):
        other = words.not_writer.search(piece)
        opened = words.by_anywhere.search(piece)
        if other is not None:
            # "Edited by A. Written by B": what follows a later "written by" counts again.
            again = words.by_anywhere.search(piece, other.end() - 1)
            kept = [piece[: other.start()], piece[again.end() :] if again else ""]
        elif (
            opened is not None
            and opened.start() > 0
            and not looks_like_person(piece[: opened.start()])
        ):
            kept = [piece[opened.end() :]]
        else:
            kept = [piece]
        for part in kept:
            match = words.by.match(part)
            yield _without_section(_without_date(part[match.end() :] if match else part))


def _without_place(text: str) -> str:
    """A byline without the place or agency that a dash sets behind its name ("Ana Sá — Lisboa").

    Between them may be the paper: "Ana Sá, Diário do Sul — Lisboa".
    """
    name, dash, rest = text.partition(" — ") if " — " in text else text.partition(" – ")
    if not dash or _words().by_anywhere.search(rest) or _words().by.match(rest):
        return text
    match = _words().by.match(name)
    bare = (name[match.end() :] if match else name).split(", ")[0]
    return name if looks_like_person(bare) and has_given_name(bare) else text


def _without_section(part: str) -> str:
    """Cut "in Workshop", "on behalf of ...", "Categories: ...", "One comment" off a part.

    "in" joins two names in Slovenian, so what follows it stays where it is somebody's full name.
    """
    part = _BEHALF.sub("", part)
    if _CAPTION.fullmatch(part.strip()):
        return ""
    match = _IN_SECTION.search(part)
    if match is None or (looks_like_person(match["section"]) and has_given_name(match["section"])):
        return part
    return part[: match.start()]


def _without_date(part: str) -> str:
    """Cut the part before a reading time or a date: names come first."""
    timed = _READING_TIME.search(part)
    if timed:
        part = part[: timed.start()]
    if _DIGIT.search(part):
        dated = find_date(part, "en")
        at = part.find(dated.raw) if dated else -1
        if at < 0:
            number = re.search(r"\s\d|\d{3,}", part)
            at = number.start() if number and " " in part else -1
        if at >= 0:
            part = before_day(part[:at])
            part = _DATE_LABEL.sub("", part)
            part = "" if is_label(part.strip()) else part[: label_start(part)]
            part = _WEEKDAY.sub("", part)
    return _WHOLE_WEEKDAY.sub("", part)


def _split(part: str) -> Iterator[str]:
    """Names in a part: apart at commas and "and", unless that would cut a body's name or a role."""
    part = _PARENTHESES.sub("", part).strip(" ,.;:-–—|")
    if not part:
        return
    names: list[str] = []
    described = False
    segments = _words().joints.split(part)
    joined = [match[0] for match in _words().joints.finditer(part)]
    if len(segments) > 1 and _is_one_body(segments, joined):
        yield from (name for name in [_trim(part)] if _is_name(name))
        return
    for position, segment in enumerate(segments):
        segment = segment.strip(" ,.;:-–—|")
        if position and names and _SUFFIX.fullmatch(segment) and segment[0] in "JS":
            names[-1] += f", {segment}"
        elif position and (_is_aside(segment) or (names and _describes(segment, names[-1]))):
            if "," in joined[position - 1] and _ends_list(segment):
                break  # "Jane Doe, editor at Example and Sons": all that follows describes her
            described = True
            if "," not in joined[position - 1] and len(names) > 1 and " " not in names[-1]:
                names.pop()  # "Jane Doe, Home and Garden Expert"
        elif (described and not looks_like_person(segment)) or (
            0 < position == len(segments) - 1
            and _is_dateline(segment, names[-1] if names else "", joined[position - 1])
        ):
            continue  # "Jane Doe, Director, Sales & Service, Example Inc": where she works
        elif segment:
            names.append(segment)
    if len(names) == 2 and "," in joined[0] and len(names[0].split()) == 1 and _is_given(names[1]):
        names = [f"{names[1]} {names[0]}"]  # "Kaufman, Jeff T."
    yield from (name for name in map(_trim, names) if _is_name(name))


def _is_dateline(segment: str, before: str, joint: str) -> bool:
    """Whether the last word of a byline is a place or an agency ("Jane Doe, Berlin")."""
    return (
        "," in joint
        and " " in before
        and looks_like_person(before)
        and " " not in segment
        and segment[:1].isupper()
        and not has_given_name(segment)
    )


def _ends_list(segment: str) -> bool:
    return len(segment.split()) > 2


def _is_given(segment: str) -> bool:
    """Whether this can be the given names after "Surname,"."""
    words = segment.split()
    return (1 <= len(words) <= 3 and not looks_like_person(segment)) or (
        len(words) == 2 and words[1].rstrip(".").isupper() and len(words[1]) <= 2
    )


def _is_one_body(segments: list[str], joined: list[str]) -> bool:
    """Whether joints stand inside one body's name ("Food and Drug Administration")."""
    marks = _words().organization
    if all("," in joint for joint in joined):
        return bool(re.fullmatch(r"(?:Inc|LLC|Ltd|Co|Corp|GmbH)\.?", segments[-1].strip(), re.I))
    if any("," in joint for joint in joined):
        return False
    last = segments[-1].split()
    first = segments[0].split()
    if not last or not first:
        return False
    if len(segments) == 2 and len(first) == len(last) == 1 and first[0][0] != "@":
        # "Marks and Spencer"; but "Anna and Tom", who blog by their given names
        return not (has_given_name(first[0]) or has_given_name(last[0]))
    if looks_like_person(segments[0]) and len(segments) == 2:
        return last[-1].casefold().strip(".") in {"sons", "co", "company", "partners", "associates"}
    return any(
        word.casefold().strip(".") in marks for word in (last[-1], first[0], first[-1])
    ) and not (looks_like_person(segments[-1]))


def _describes(segment: str, name: str) -> bool:
    """Whether a segment behind somebody's full name says in small letters who she is."""
    return is_small(segment[:1]) and looks_like_person(name) and has_given_name(name)


def _is_job(piece: str) -> bool:
    """Whether a piece behind a bar or dash is what the writer before it works as."""
    words = piece.casefold().split()
    return 0 < len(words) <= 4 and words[-1] in _words().role and not has_given_name(piece)


def _is_fact(piece: str) -> bool:
    """Whether a piece opens with a label that is no byline's: "Views: 9 817", "字号：大 中 小"."""
    words = _words()
    return _FACT.match(piece) is not None and not any(
        word.match(piece) for word in (words.by, words.by_anywhere.first, words.not_writer.first)
    )


def _is_aside(segment: str) -> bool:
    """Whether a segment beside a name is a degree, a job or a place rather than another name."""
    if not segment or (_CREDENTIAL.fullmatch(segment) and not has_given_name(segment)):
        return True  # "Tom" looks like a degree
    words = [word.casefold().strip(".,:").removesuffix("s") for word in segment.split()]
    roles = _words().role
    if words[0] in roles or words[-1] in roles or any(w in roles for w in words if len(words) > 2):
        return True
    if any(word in {"at", "of", "for", "the", "in", "is"} for word in words):
        return True
    upper = [w for w in segment.split() if w.rstrip(".®").isupper() and len(w) > 1]
    return len(upper) == len(segment.split())


def _trim(name: str) -> str:
    """One name without the degrees, jobs and punctuation around it."""
    name = _TAIL.sub("", _PARENTHESES.sub("", name)).strip(" ,.;:-–—|*•·/\"'“”‘’<>_()（）»«")
    name = _EAST_ASIAN_ROLE.sub("", name)
    name = re.sub(r"\s*,?\s+(?:and|und|et)\s*$", "", name, flags=re.I)
    if " " in name:
        name = _FOOTNOTE.sub("", name)
    words = name.split()
    while len(words) > 2 and _is_degree(words[-1]):
        words.pop()
    return " ".join(_without_job(words))


def _without_job(words: list[str]) -> list[str]:
    """The words of a name without the job behind it, where what is left is somebody's full name."""
    roles = _words().role
    if len(words) < 3 or words[-1].casefold() not in roles:
        return words
    stop = next(at for at, word in enumerate(words) if at > 1 and word.casefold() in roles)
    return words[:stop] if has_given_name(" ".join(words[:stop])) else words


_DEGREES: Final = _set(
    "PhD MD MBA RN RD DDS DVM JD CPA CFP MPH MS MSc BSc MA EdD DO LLM PsyD CPP PSP FAND"
)


def _is_degree(word: str) -> bool:
    return word.strip(".,®").replace(".", "") in _DEGREES


def _is_name(name: str) -> bool:
    """Whether this can be anybody's name at all."""
    key = name.casefold()
    if not 2 <= len(name) <= _MAX_NAME or key in _NOBODY or _CAPTION.fullmatch(name):
        return False
    if _ACCOUNT.fullmatch(name):
        return False
    if name.endswith(("?", "？", "؟")):
        return False  # "¿Por qué?": the question of an interview
    if name.endswith(("報導", "报道", "電", "讯", "編集部より")):
        return False  # "台北報導": whence it was reported
    if not any(c.isalpha() for c in name) or _URL.search(name) or "{" in name:
        return False
    words = name.split()
    if len(words) > 1 and words[0][0].isdigit():
        return False  # "10+ Years"
    prose = sum(_is_prose(word) for word in words)
    return len(words) <= 9 and prose <= (1 if len(words) > 2 else 0)


def _is_prose(word: str) -> bool:
    """Whether a word is one that sentences are made of; capitalised, some of those are names."""
    folded = word.casefold()
    return folded in _PROSE and not (folded in _ALSO_NAMES and word[0].isupper())


def _is_capitalised(word: str) -> bool:
    letter = next((c for c in word if c.isalpha()), "")
    return bool(letter) and not is_small(letter)


def is_small(letter: str) -> bool:
    """Whether a letter is small in a script that opens names with capitals; Georgian does not."""
    return letter != letter.upper() and not "\u10d0" <= letter <= "\u10ff"
