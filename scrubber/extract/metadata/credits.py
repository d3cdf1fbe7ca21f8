"""Credits anywhere on the page, such as in the box below the article.

    "Written by Jane Doe", "Posted on May 4"

Both are mostly said better elsewhere, and reading all text costs, so it is read only where no
machine is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile
from typing import Final

from scrubber.extract.metadata.dates import find_date
from scrubber.extract.metadata.names import read_names
from scrubber.extract.metadata.openings import byline_between, is_joint
from scrubber.extract.metadata.persons import is_name_line, plausible
from scrubber.extract.metadata.view import View
from scrubber.models import Claim

_CREDITS: Final = (  # as they stand in running text; plain strings, because all of it is searched
    "ritten by", "ritten By", "uthored by", "Article by", "article by", "Words by", "Story by",
    "erfasst von", "eschrieben von", "crit par", "édigé par", "scrito por", "critto da",
    "eschreven door", "Author:", "Authors:", "Author(s)", "Contributors:", "Автор:",
    "Автор статьи:", "作者：", "作者:",
)  # fmt: skip
_LISTING: Final = frozenset({"Authors:", "Author(s)", "Contributors:"})  # names may be items below
_POSTED: Final = (  # what stands before the day of publication at an article's end
    "osted on", "ublished on", "ublished:", "osted:", "ost time:", "eröffentlicht am", "rstellt am",
    "ingestellt am", "ublié le", "édigé le", "osté le", "is en ligne le", "ublicado el",
    "ublicado em", "ubblicato il", "epubliceerd op", "eplaatst op", "publikowano", "ublikacji:",
    "odano:", "ublicerad", "публиковано", "発表日", "公開日", "发布时间", "發佈",
    "eschrieben am", "rschienen am", "ublikationsdatum", "rscheinungsdatum", "Datum:", "ublié :",
    "ate de publication", "ise en ligne le", "ise en ligne :", "ata dodania", "ata publikacji",
    "tworzono", "amieszczono", "apisano", "echa de publicación", "ata di pubblicazione",
    "ata de publicação", "ostado em", "atum objave", "ата публикации", "ата публікації",
    "eröffentlicht:", "ubliceret", "ublisert", "egjelent:", "ublicat la", "ublikováno",
    "ulkaistu", "ayınlanma", "ayın tarihi", "投稿日", "掲載日", "등록일",
)  # fmt: skip
_STEMS: Final = (  # of several of them
    "osted", "ubli", "öffentlich", "atum", "ata d", "ate d", "is en", "ise en", "ritten", "rticle",
    "stellt am", "uthor", "eschrieben", "crit", "édig", "zono", "ayın", "Автор", "作者", "公開",
    "ата п",
)  # fmt: skip
_STEM_OF: Final = {
    needle: next((stem for stem in _STEMS if stem in needle), needle)
    for needle in (*_CREDITS, *_POSTED)
}
_MAX_OPENING: Final = 30  # characters of a line before a label that still opens it


def read(view: View) -> Iterator[Claim]:
    """The days and the writers behind such words."""
    credits = () if view.is_signed_for_machines else _CREDITS
    wanted = credits if view.is_dated_for_machines else (*credits, *_POSTED)
    if not wanted:
        return
    plain = view.said_once.encode("utf-8", "replace")
    stems = {stem for stem in {_STEM_OF[needle] for needle in wanted} if _is_in(stem, plain)}
    needles = [needle for needle in wanted if _STEM_OF[needle] in stems and _is_in(needle, plain)]
    text = view.said if needles else ""
    found = sorted((text.find(needle), needle) for needle in needles)
    yield from _far_dates(view, text, [pair for pair in found if pair[1] in _POSTED])
    for place, needle in found:
        if needle not in _POSTED:
            yield from _far_names(_behind(text, place + len(needle)), needle in _LISTING)


def _is_in(needle: str, plain: bytes) -> bool:
    """Whether a needle stands in a text, both in UTF-8.

    That its first byte beyond ASCII is missing shows at once, and bytes are searched more quickly
    than text in which one curly quote makes each letter two bytes.
    """
    first, whole = _in_utf8(needle)
    return first in plain and whole in plain


@cache
def _in_utf8(needle: str) -> tuple[bytes, bytes]:
    whole = needle.encode()
    beyond = next((place for place, byte in enumerate(whole) if byte > 127), 0)
    return whole[beyond : beyond + 1], whole


def _behind(text: str, place: int) -> str:
    return text[place : place + 120].lstrip(" :\n\t\u00a0")


def _far_names(rest: str, listing: bool = False) -> Iterator[Claim]:
    pieces = [piece for raw in rest.split("\n") if (piece := " ".join(raw.split()))]
    kept = pieces[:1]
    if listing:
        kept += takewhile(is_name_line, pieces[1:])
    for joint, piece in zip(pieces[1::2], pieces[2::2], strict=False):
        if not is_joint(joint):
            break
        kept.append(piece)
    names = [author for author in read_names(", ".join(kept)) if plausible(author.name)]
    if names:
        yield Claim("authors", tuple(names[:3]), "byline.far", " ".join(rest.split()))


def _far_dates(view: View, text: str, labels: Sequence[tuple[int, str]]) -> Iterator[Claim]:
    """The days behind labels at these places; those told inside prose only where no others are."""
    opening: list[Claim] = []
    inside: list[Claim] = []
    for place, label in labels:
        opens = place - text.rfind("\n", 0, place) <= _MAX_OPENING
        order = "prose" if not opens else "later" if opening else "labelled"
        claims = _far_date(view, label, _behind(text, place + len(label)), order)
        (opening if opens else inside).extend(claims)
    yield from opening or inside


def _far_date(view: View, needle: str, rest: str, order: str) -> Iterator[Claim]:
    line = " ".join(rest[:50].split())
    date = find_date(line, view.language)
    if date is None or date.precision == "year" or line.find(date.raw) >= 12:
        return
    yield Claim("published", date, f"visible.far.{order}", f"{needle} {line}")
    behind = " ".join(rest.split("\n")[0].split()).partition(date.raw)[2]
    if (opened := byline_between(f"| {behind}")) is not None:
        yield from _far_names(opened)
