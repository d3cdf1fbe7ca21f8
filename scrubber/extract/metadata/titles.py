"""Titles without the site's name, and how alike two titles are.

A site's name is cut off only on evidence: it is what the page or its address calls the site, or
what remains is the headline that the page shows. Without evidence the title stays whole, hyphens,
pipes and all.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from scrubber.lexicon.fold import BREAK_HINTS

_SEPARATOR: Final = re.compile(
    r"\s+(?:[|·•●∙»›>«‹<~/\\―⎮┃│‖∣※★☆@]|[-–—‐‑−]{1,3}|:{1,2}|\|{2})\s+"
    r"|(?<=\S)\s*[|｜│┃»«]\s*(?=\S)|:\s+|\s+[-–—]|[-–—]\s+|_(?=[^\sa-z0-9])|(?<![a-z0-9])_(?=\S)|\s*[－—]{1,2}\s*(?=[\u3040-\u9fff\uac00-\ud7af])"
)
_GENERIC: Final = re.compile(
    r"(?:(?:our |the |company )?(?:blogs?|news|articles?|home(?:page)?|official (?:site|website)"
    r"|resources|press releases?|insights|magazine|online|latest news|stories|nachrichten"
    r"|aktuelles|actualités|noticias|notizie|новости|aktualności|startseite|accueil|inicio|главная|learn|guides?|updates))",
    re.I,
)
_MIN_TITLE: Final = 4  # characters that must remain


_FORMATTING: Final = re.compile(
    r"</?(?:a|abbr|b|br|cite|em|font|h[1-6]|i|mark|nobr|p|small|span|strong|sub|sup|u|wbr)\b"
    r"[^<>]{0,200}>",
    re.I,
)
_EMPHASIS: Final = re.compile(r"(?<![\w*])\*{1,2}([^\s*](?:[^*]*[^\s*])?)\*{1,2}(?![\w*])")


def tidy(title: str) -> str:
    """A title as plain text on one line: entities decoded, tags and marks of emphasis gone."""
    title = plain(title)
    if "<" in title:
        title = " ".join(_FORMATTING.sub(" ", title).split())
    return _EMPHASIS.sub(r"\1", title) if "*" in title else title


def plain(text: str) -> str:
    """Shown text on one line, entities decoded; a tag that is its subject ("<dialog>") stays."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    return " ".join((text if text.isascii() else text.translate(_INVISIBLE)).split())


_INVISIBLE: Final = dict.fromkeys(map(ord, BREAK_HINTS))


_SAME: Final = (
    str.maketrans("’‘`´“”„«»–—‑−", '\'\'\'\'"""""----', "") | {ord("…"): "..."} | _INVISIBLE
)


_DASHES: Final = re.compile(r"\s*-+\s*")
_WORDS: Final = re.compile(r"[\u3040-\u9fff]|\w+")


@lru_cache(maxsize=1024)
def title_key(title: str) -> str:
    """What two writings of one title share: case, kinds of quotes and dashes, spaces folded;
    soft hyphens and other characters that do not show left out.
    """
    folded = unicodedata.normalize("NFKC", title).casefold().translate(_SAME)
    if "-" in folded:
        folded = _DASHES.sub("-", folded)
    return " ".join(folded.split()).strip(" .\"'")


@lru_cache(maxsize=1024)
def words_of(text: str) -> frozenset[str]:
    """The different words of a text, folded; each letter of scripts without spaces is one."""
    return frozenset(_WORDS.findall(title_key(text)))


def likeness(one: str, other: str) -> float:
    """How many words two titles share, 0..1 (Dice's coefficient over sets of words)."""
    first, second = words_of(one), words_of(other)
    return 2 * len(first & second) / (len(first) + len(second)) if first and second else 0.0


@lru_cache(maxsize=1024)
def squash(text: str) -> str:
    """Letters and digits alone, folded: how a name looks in a host name."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(filter(str.isalnum, plain))


def slug_words(url: str) -> str:
    """The words of an address's last telling part: what the headline once was."""
    parts = [part for part in urlsplit(url).path.split("/") if len(part) > 3]
    return re.sub(r"[-_+%.]|html?$|\d{5,}", " ", parts[-1]) if parts else ""


def without_site(
    title: str, sites: Iterable[str], host: str = "", shown: Iterable[str] = ()
) -> str:
    """The title without the site's name at its end or start.

    sites: what the page calls the site. host: the page's host without `www.`. shown: headings of
    the page; a part of the title that equals one of them is the title.
    """
    title = plain(title)
    parts = _parts(title)
    if len(parts) < 2:
        return title
    headings = [key for heading in shown if len(key := title_key(heading)) >= _MIN_TITLE]
    spans = _spans(title, parts) if headings else {}
    for key in headings:
        if key in spans:
            return spans[key]
    names = {squash(site) for site in sites if site} - {""}
    start, stop = 0, len(parts)
    while stop - start > 1:
        if _is_site(_text(title, parts[stop - 1 : stop]), names, host):
            stop -= 1
        elif _is_site(_text(title, parts[start : start + 1]), names, host):
            start += 1
        elif stop - start > 2 and _is_site(_text(title, parts[stop - 2 : stop]), names, host):
            stop -= 2
        else:
            break
    if stop < len(parts):  # "Title | Blog | Site": what stood before the site's name is its section
        while stop - start > 1 and _GENERIC.fullmatch(_text(title, parts[stop - 1 : stop])):
            stop -= 1
    kept = _text(title, parts[start:stop])
    return kept if len(kept) >= _MIN_TITLE else title


def without_section(title: str, sections: Iterable[str]) -> str:
    """The title without the page's own section behind a bar ("New bridge | Opinion")."""
    kept, bar, last = title.rpartition(" | ")
    if not bar or len(kept.split()) < 3:
        return title
    return kept.strip() if squash(last) in {squash(section) for section in sections} else title


def heading_without_site(heading: str, sites: Iterable[str], host: str = "") -> str:
    """A shown heading without the site's name behind a dash or bar; whole where that is unsure.

    Stricter than `without_site`: readers see the heading, and seldom with the site's name in it.
    """
    parts = _parts(heading)
    if len(parts) < 2:
        return heading
    last = squash(_text(heading, parts[-1:]))
    kept = _text(heading, parts[:-1])
    between = heading[parts[-2][1] : parts[-1][0]].strip()
    label = squash(max(host.split("."), key=len)) if host else ""
    named = last and (last in {squash(site) for site in sites} or last in {label, squash(host)})
    return kept if named and between != ":" and len(kept.split()) > 2 else heading


def site_in_title(title: str, headline: str) -> str | None:
    """What a title tag adds to the headline behind or before one separator: maybe the site."""
    title = plain(title)
    parts = _parts(title)
    key = title_key(headline)
    if len(parts) < 2 or not key:
        return None
    if title_key(_text(title, parts[:-1])) == key:
        return _text(title, parts[-1:])
    if title_key(_text(title, parts[1:])) == key:
        return _text(title, parts[:1])
    return None


def runs_of(title: str) -> set[str]:
    """Keys of all runs of parts that separators leave of a title, the whole one too."""
    title = plain(title)
    return set(_spans(title, _parts(title))) if title else set()


@lru_cache(maxsize=256)
def _parts(title: str) -> list[tuple[int, int]]:
    """Start and stop of the parts between separators."""
    parts, start = [], 0
    for match in _SEPARATOR.finditer(title):
        if match.start() > start:
            parts.append((start, match.start()))
            start = match.end()
    parts.append((start, len(title)))
    return [part for part in parts if title[part[0] : part[1]].strip()]


def _text(title: str, parts: list[tuple[int, int]]) -> str:
    return title[parts[0][0] : parts[-1][1]].strip()


def _spans(title: str, parts: list[tuple[int, int]]) -> dict[str, str]:
    """Every run of parts, by its key."""
    if len(parts) > 8:
        parts = parts[:8]
    runs = [parts[i:j] for i in range(len(parts)) for j in range(i + 1, len(parts) + 1)]
    return {title_key(_text(title, run)): _text(title, run) for run in runs}


def _is_site(part: str, names: set[str], host: str) -> bool:
    """Whether a part of a title is the site: by name, by address, or by both run together."""
    bare = squash(part)
    if not bare:
        return True
    if bare in names or bare.removeprefix("the") in {name.removeprefix("the") for name in names}:
        return True
    labels = [squash(label) for label in host.split(".")]
    if not host or not labels:
        return any(len(name) > 3 and name in bare and len(bare) < 2 * len(name) for name in names)
    domain = max(labels, key=len)
    if bare in {squash(host), *labels} - {"com", "org", "net", "co"} and len(bare) > 1:
        return True
    if len(domain) > 4 and (domain in bare or (len(bare) > 4 and bare in domain)):
        return len(part.split()) <= 6
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", part)).casefold()
    if len(initials) > 2 and initials in labels:
        return True
    return any(len(name) > 3 and name in bare and len(part.split()) <= 8 for name in names)
