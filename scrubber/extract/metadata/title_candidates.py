"""What speaks for and against a title: who claims it, how it looks, what else the page shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from scrubber.extract.metadata.candidates import (
    Candidate,
    Features,
    family,
    has_family,
    join,
    witnesses,
)
from scrubber.extract.metadata.titles import likeness, squash, title_key, without_site
from scrubber.extract.metadata.view import View
from scrubber.models import Claim

_SITE_WEARING: Final = re.compile(
    r"title_tag|^h[123]\.(?!other)|^og:|^twitter:|^jsonld|title$|^itemprop|^rdfa"
)


def title_candidates(claims: Sequence[Claim], sites: Sequence[str], view: View) -> list[Candidate]:
    """Titles with the site's name cut off; the whole ones stay in the race as `<source>.whole`."""
    shown = [claim.value for claim in claims if claim.source.startswith(("h1", "h2"))]
    found: dict[str, Candidate] = {}
    for claim in claims:
        bare = claim.value
        if _SITE_WEARING.search(claim.source):
            bare = without_site(claim.value, sites, view.host, shown)
        if title_key(bare) != title_key(claim.value):
            whole = Claim("title", claim.value, f"{claim.source}.whole", claim.raw)
            join(found, title_key(claim.value), claim.value, whole)
        join(found, title_key(bare), bare, Claim("title", bare, claim.source, claim.raw))
    found.pop("", None)
    return list(found.values())


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
        "shown": float(any(family(source) == "visible" for source in candidate.sources)),
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
    headings = [other for other in others if has_family(other, {"visible"})]
    told_rivals = [other for other in others if other is not candidate and other not in headings]
    rival_told = max((len({family(s) for s in o.sources}) for o in told_rivals), default=0)
    to_heading = max((likeness(candidate.value, o.value) for o in headings), default=0.0)
    features |= {
        "told & like_heading": told * to_heading,
        "told & no_heading": told * (not headings),
        "told & in_heading": told * features["in_heading"],
        "told & heading_adds_label": told * _heading_adds_label(candidate, headings),
        "told & likest_slug": told * features["is_likest_slug"],
        "shown & likest_slug": shown * features["is_likest_slug"],
        "shown & like_slug": shown * features["like_slug"],
        "shown & like_card": shown * features["like_card"],
        "shown & rival_told": shown * min(rival_told, 3),
        "shown & told": shown * float(bool({family(s) for s in candidate.sources} - {"visible"})),
        "shown & like_title_tag": shown * like,
        "shown & short": shown * features["short"],
        "told & families": told * len({family(s) for s in candidate.sources}),
        "told & around_other": told * features["around_other"],
        "told & inside_other": told * features["inside_other"],
    }
    return features


def _heading_adds_label(candidate: Candidate, headings: Sequence[Candidate]) -> float:
    """Whether a heading is this title behind a date or a label ("Blog: ", "Title:")."""
    for heading in headings:
        before, found, after = heading.key.partition(candidate.key)
        if found and (before or after):
            if re.fullmatch(r"[\w ]{2,20}:\s*", before) or re.search(r"\d", before):
                return 1.0
            if re.fullmatch(r"\W*\(.*\)\s*\d*|\s*\d+|\s*#", after):
                return 1.0
    return 0.0


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
