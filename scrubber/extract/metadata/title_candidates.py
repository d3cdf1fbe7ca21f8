"""What speaks for and against a title: who claims it, how it looks, what else the page shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

from scrubber.extract.metadata.calendars import month_number
from scrubber.extract.metadata.candidates import (
    Candidate,
    Features,
    family,
    has_family,
    join,
    witnesses,
)
from scrubber.extract.metadata.dates import find_date
from scrubber.extract.metadata.titles import (
    heading_without_site,
    likeness,
    site_in_title,
    squash,
    title_key,
    without_section,
    without_site,
)
from scrubber.extract.metadata.view import View
from scrubber.models import Claim

_SITE_WEARING: Final = re.compile(
    r"title_tag|^h[123]\.(?!other)|^og:|^twitter:|^jsonld|title$|^itemprop|^rdfa"
)


def title_candidates(
    claims: Sequence[Claim], sites: Sequence[str], view: View, sections: Sequence[str] = ()
) -> list[Candidate]:
    """Titles with the site's name cut off; the whole ones stay in the race as `<source>.whole`.

    sections: what the page calls its section; behind a bar neither they nor the folders of its
    address are part of the title.
    """
    sites = [*sites, *_sites_for_headings(claims, view)]
    sections = [*sections, *urlsplit(view.url or "").path.split("/")[1:-1]]
    names = {squash(site) for site in sites}
    shown = [
        heading_without_site(claim.value, sites, view.host)
        for claim in claims
        if claim.source.startswith(("h1", "h2", "h3", "visible"))
        and squash(claim.value) not in names
        and not _repeats_title_tag(claim.value, view)
    ]

    @cache  # most of a page's sources say the same title
    def without_name(title: str) -> str:
        return without_site(title, sites, view.host, shown)

    told = [
        without_name(claim.value)
        for claim in claims
        if family(claim.source) in {"card", "document", "jsonld"}
    ]
    found: dict[str, Candidate] = {}
    for claim in claims:
        bare = claim.value
        core = _core(bare, told) if claim.source.startswith(("h1", "h2")) else None
        if core is not None:
            bare = core
        elif _SITE_WEARING.search(claim.source):
            bare = without_name(claim.value)
        bare = without_section(bare, sections)
        if title_key(bare) != title_key(claim.value):
            whole = Claim("title", claim.value, f"{claim.source}.whole", claim.raw)
            join(found, title_key(claim.value), claim.value, whole)
        join(found, title_key(bare), bare, Claim("title", bare, claim.source, claim.raw))
    found.pop("", None)
    return list(found.values())


def _repeats_title_tag(heading: str, view: View) -> bool:
    """Whether a heading is the title tag once more, bars and all: it wears what that wears."""
    return " | " in heading and title_key(heading) == title_key(view.title_tag)


def _sites_for_headings(claims: Sequence[Claim], view: View) -> list[str]:
    """Headings that are the site's name: what the title tag adds to the title of the card."""
    headings = {title_key(c.value) for c in claims if c.source.startswith("h1")}
    cards = [c.value for c in claims if family(c.source) == "card"]
    added = [site for card in cards if (site := site_in_title(view.title_tag, card))]
    return [site for site in added[:2] if title_key(site) in headings]


def title_features(
    candidate: Candidate, others: Sequence[Candidate], context: Mapping[str, Any]
) -> Features:
    """What speaks for and against a title."""
    features = witnesses(candidate)
    words = candidate.value.split()
    key = candidate.key
    features |= {
        "short": float(len(words) <= 2),
        "long": float(len(words) > 25),
        "is_site": float(squash(candidate.value) in context["sites"]),
        "in_title_tag": float(key in context["title_tag"]),
        "inside_other": float(any(key != other.key and key in other.key for other in others)),
        "around_other": float(any(key != other.key and other.key in key for other in others)),
        "like_title_tag": likeness(candidate.value, context["title_tag"]),
        "shown": float("visible" in candidate.families),
    }
    cards = [other for other in others if has_family(other, {"card", "document"})]
    like = likeness(candidate.value, context["title_tag"])
    features |= {
        "alone": float(len(others) == 1),
        "like_slug": likeness(candidate.value, context["slug"]),
        "is_likest_slug": float(_is_best(candidate, others, context["slug"])),
        "in_heading": float(_shown_inside(candidate, others)),
        "shown_unlike_title": features["shown"] * (like < 0.3),
        "rival_shown_unlike_title": (1 - features["shown"])
        * float(_unlike_heading(others, context)),
        "like_card": max((likeness(candidate.value, card.value) for card in cards), default=0.0),
        "digit_first": float(candidate.value[:1].isdigit()),
    }
    shown = features["shown"]
    told = 1.0 - shown
    parted = float(_PARTED.search(candidate.value) is not None)
    headings = [other for other in others if has_family(other, {"visible"})]
    told_rivals = [other for other in others if other is not candidate and other not in headings]
    rival_told = max((len(o.families) for o in told_rivals), default=0)
    to_heading = max((likeness(candidate.value, o.value) for o in headings), default=0.0)
    features |= {
        "told & like_heading": told * to_heading,
        "told & no_heading": told * (not headings),
        "told & in_heading": told * features["in_heading"],
        "told & likest_slug": told * features["is_likest_slug"],
        "shown & likest_slug": shown * features["is_likest_slug"],
        "shown & like_slug": shown * features["like_slug"],
        "shown & like_card": shown * features["like_card"],
        "shown & rival_told": shown * min(rival_told, 3),
        "shown & told": shown * float(bool(candidate.families - {"visible"})),
        "shown & like_title_tag": shown * like,
        "shown & parted": shown * parted,
        "told & parted": told * parted,
        "shown & short": shown * features["short"],
        "told & families": told * len(candidate.families),
        "told & around_other": told * features["around_other"],
        "told & inside_other": told * features["inside_other"],
    }
    return features


def _core(heading: str, told: Sequence[str]) -> str | None:
    """The told title inside a heading that adds but a date, a label ("Blog: ") or a count."""
    whole = title_key(heading)
    for title in told:
        key = title_key(title)
        if len(key) <= 8:  # too little to be told apart; nothing at all where a title is "..."
            continue
        before, found, after = whole.partition(key)
        if found and (before or after) and _is_label(before) and _is_note(after):
            return title
    return None


def _is_label(before: str) -> bool:
    """Whether what stands before a title in its heading is nothing, "Blog:", or a date."""
    return not before or _LABEL.fullmatch(before) is not None or _is_date(before)


def _is_note(after: str) -> bool:
    """Whether what stands behind a title in its heading is nothing, "(site.org) 87" or a date."""
    return not after or _NOTE.fullmatch(after) is not None or _is_date(after)


def _is_date(text: str) -> bool:
    """Whether a text holds nothing but a day, or a month and its year."""
    month = _MONTH_OF_YEAR.fullmatch(text)
    if month is not None and month_number(month[1]) is not None:
        return True
    date = find_date(text, "en")
    if date is None or date.precision != "day":
        return False
    return not re.search(r"[^\W\d]{4,}", text.replace(date.raw, ""))


_PARTED: Final = re.compile(r" [|–—-] ")  # what follows is seldom told from the title with care
_MONTH_OF_YEAR: Final = re.compile(r"\s*[/|·•–—-]\s*([^\W\d]{3,12})\.? \d{4}\s*")
_LABEL: Final = re.compile(r"[^\W\d][\w ]{1,19}:\s*")
_NOTE: Final = re.compile(r"\s*\([\w-]+(?:\.[\w-]+)+\)\s*\d*|\s*[#¶·•|/-]+\s*")


def _is_best(candidate: Candidate, others: Sequence[Candidate], slug: str) -> bool:
    """Whether no other candidate is more like the address."""
    own = likeness(candidate.value, slug)
    return own > 0 and all(likeness(other.value, slug) <= own for other in others)


def _shown_inside(candidate: Candidate, others: Sequence[Candidate]) -> bool:
    """Whether a shown heading holds this title and more."""
    return any(
        candidate.key in other.key and other.key != candidate.key and has_family(other, {"visible"})
        for other in others
    )


def _unlike_heading(others: Sequence[Candidate], context: Mapping[str, Any]) -> bool:
    """Whether the only shown heading has little in common with the title tag."""
    shown = [other for other in others if has_family(other, {"visible"})]
    return bool(shown) and all(likeness(o.value, context["title_tag"]) < 0.3 for o in shown)
