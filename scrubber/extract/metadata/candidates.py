"""Claims of a ranked field gathered into candidates: one per distinct value.

A value's standing is told by who claims it and who claims otherwise. `features` turns both into
named numbers; `ranker.py` weighs them. Sources are counted by family, since two tags that one
plugin writes are no two witnesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from datetime import date, timedelta
from typing import Any, Final

from scrubber.extract.metadata.names import has_given_name, looks_like_person, name_key
from scrubber.extract.metadata.titles import likeness, squash, title_key, without_site
from scrubber.extract.metadata.view import View
from scrubber.models import Author, Claim, DateValue

Features = dict[str, float]

_SITE_WEARING: Final = re.compile(r"title_tag|^og:|^twitter:|^jsonld|title$|^itemprop|^rdfa")
_FAMILIES: Final = (
    ("jsonld", "jsonld"), ("og:", "card"), ("twitter:", "card"), ("article:", "card"),
    ("h1", "visible"), ("h2", "visible"), ("visible", "visible"), ("byline", "visible"),
    ("class", "visible"), ("time", "visible"), ("itemprop", "micro"), ("rdfa", "micro"),
    ("state", "state"), ("rel", "link"), ("link", "link"), ("url", "url"), ("title_tag", "document"),
)  # fmt: skip


@dataclass(slots=True)
class Candidate:
    """One value that sources claim. key: what equal values share."""

    key: Any
    value: Any
    claims: list[Claim] = field(default_factory=list)

    @property
    def sources(self) -> set[str]:
        return {claim.source for claim in self.claims}


@lru_cache(maxsize=4096)
def family(source: str) -> str:
    """The kind of witness a source is."""
    return next((name for start, name in _FAMILIES if source.startswith(start)), "meta")


# ---- titles -----------------------------------------------------------------------------------


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
            _join(found, title_key(claim.value), claim.value, whole)
        _join(found, title_key(bare), bare, Claim("title", bare, claim.source, claim.raw))
    found.pop("", None)
    return list(found.values())


def title_features(
    candidate: Candidate, others: Sequence[Candidate], context: Mapping[str, Any]
) -> Features:
    """What speaks for and against a title."""
    features = _witnesses(candidate)
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
    cards = [other for other in others if family_of_any(other, {"card", "document"})]
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
    return features


def family_of_any(candidate: Candidate, names: set[str]) -> bool:
    """Whether one of the candidate's sources is of these families."""
    return any(family(source) in names for source in candidate.sources)


def _is_best(candidate: Candidate, others: Sequence[Candidate], slug: str) -> bool:
    """Whether no other candidate is more like the address."""
    own = likeness(candidate.value, slug)
    return own > 0 and all(likeness(other.value, slug) <= own for other in others)


def _shown_inside(candidate: Candidate, others: Sequence[Candidate]) -> bool:
    """Whether a shown heading holds this title and more."""
    return any(
        candidate.key in other.key
        and other.key != candidate.key
        and family_of_any(other, {"visible"})
        for other in others
    )


def _unlike_heading(others: Sequence[Candidate], context: Mapping[str, Any]) -> bool:
    """Whether the only shown heading has little in common with the title tag."""
    shown = [other for other in others if family_of_any(other, {"visible"})]
    return bool(shown) and all(likeness(o.value, context["title_tag"]) < 0.3 for o in shown)


# ---- authors ----------------------------------------------------------------------------------


def author_candidates(claims: Sequence[Claim]) -> list[Candidate]:
    """Lists of writers; the same people in another order or spelling are one candidate."""
    found: dict[frozenset[str], Candidate] = {}
    for claim in claims:
        _join(found, frozenset(name_key(author.name) for author in claim.value), claim.value, claim)
    return list(found.values())


def author_features(
    candidate: Candidate, others: Sequence[Candidate], context: Mapping[str, Any]
) -> Features:
    """What speaks for and against a list of writers."""
    authors: tuple[Author, ...] = candidate.value
    features = _witnesses(candidate)
    names = [author.name for author in authors]
    kinds = {author.kind for author in authors}
    rivals = [
        other
        for other in others
        if other is not candidate and not all(map(_is_weak, other.sources))
    ]
    features |= {
        "persons": float(all(looks_like_person(name) for name in names)),
        "organization": float("organization" in kinds),
        "given_name": float(all(has_given_name(name) for name in names)),
        "handle": float("handle" in kinds),
        "one_word": float(any(len(name.split()) == 1 for name in names)),
        "several": float(len(names) > 1),
        "many": float(len(names) > 3),
        "is_site": float(any(squash(name) in context["sites"] for name in names)),
        "like_host": float(any(_like_host(name, context["host"]) for name in names)),
        "in_title": float(any(name.casefold() in context["title"] for name in names)),
        "inside_other": float(any(candidate.key < other.key for other in rivals)),
        "around_other": float(any(candidate.key > other.key for other in rivals)),
        "spelled_alike": float(any(_alike(candidate.key, other.key) for other in rivals)),
        "rivals": float(min(len(rivals), 4)),
        "rival_persons": float(any(all(has_given_name(a.name) for a in o.value) for o in rivals)),
        "rival_families": float(
            max((len({family(s) for s in o.sources}) for o in rivals), default=0)
        ),
    }
    shown = float(bool({family(s) for s in candidate.sources} & {"visible", "link", "micro"}))
    told = 1.0 - shown
    inside = features["inside_other"]
    features |= {
        "shown": shown,
        "around_other & shown": features["around_other"] * shown,
        "around_other & given_name": features["around_other"] * features["given_name"],
        "inside_other & told": inside * told,
        "inside_other of persons": float(
            any(
                candidate.key < o.key and all(has_given_name(a.name) for a in o.value)
                for o in rivals
            )
        ),
        "inside_other of wider": float(
            any(candidate.key < o.key and len({family(s) for s in o.sources}) > 1 for o in rivals)
        ),
        "organization & rival_persons": features["organization"] * features["rival_persons"],
        "is_site & rival_persons": features["is_site"] * features["rival_persons"],
        "only_told & person": told * features["given_name"],
        "rival_shown_person": float(
            any(
                all(has_given_name(a.name) for a in o.value)
                and any(
                    source.startswith(
                        ("byline.below", "byline.above", "class.author.near", "itemprop", "rel")
                    )
                    for source in o.sources
                )
                for o in rivals
            )
        ),
    }
    return features


def _is_weak(source: str) -> bool:
    """Sources that name as many bystanders as writers."""
    return source.endswith((".odd", ".unknown")) or source.startswith(("byline.inside", "link.one"))


def _like_host(name: str, host: str) -> bool:
    label = squash(max(host.split("."), key=len)) if host else ""
    bare = squash(name)
    return len(bare) > 3 and bool(label) and (bare in label or label in bare)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two lists share a surname or a given name without being the same."""
    first = {word for name in one for word in name.split() if len(word) > 2}
    second = {word for name in other for word in name.split() if len(word) > 2}
    return bool(first & second)


# ---- dates ------------------------------------------------------------------------------------


def date_candidates(claims: Sequence[Claim]) -> list[Candidate]:
    """Days, or months where no day is known; the most precise writing of a day represents it."""
    found: dict[str, Candidate] = {}
    for claim in claims:
        value: DateValue = claim.value
        if value.precision == "year":
            continue
        _join(found, value.value[:10], value, claim)
    for candidate in found.values():
        candidate.value = max(
            (claim.value for claim in candidate.claims), key=lambda value: len(value.value)
        )
    return list(found.values())


def date_features(
    candidate: Candidate, others: Sequence[Candidate], context: Mapping[str, Any]
) -> Features:
    """What speaks for and against a day of publication."""
    features = _witnesses(candidate)
    days = sorted(other.key for other in others if len(other.key) == 10)
    modified: set[str] = context["modified"]
    rivals = [other for other in others if other is not candidate]
    features |= {
        "month_only": float(len(candidate.key) < 10),
        "earliest": float(bool(days) and candidate.key == days[0]),
        "latest": float(bool(days) and candidate.key == days[-1] and len(days) > 1),
        "is_modified_day": float(candidate.key in modified),
        "after_modified": float(bool(modified) and candidate.key > max(modified)),
        "next_day_claimed": float(any(_adjacent(candidate.key, other.key) for other in rivals)),
        "same_month_claimed": float(any(candidate.key[:7] == o.key[:7] for o in rivals)),
        "same_as_fetched": float(candidate.key == context["fetched"]),
        "rivals": float(min(len(rivals), 4)),
        "modified_shown": float(bool(context["modified_shown"] - {candidate.key})),
        "rival_machine": float(
            any(family(s) in {"jsonld", "card", "micro"} for o in rivals for s in o.sources)
        ),
        "rival_families": float(
            max((len({family(s) for s in o.sources}) for o in rivals), default=0)
        ),
    }
    return features


def _adjacent(one: str, other: str) -> bool:
    if len(one) != 10 or len(other) != 10:
        return False
    return abs(date.fromisoformat(one) - date.fromisoformat(other)) == timedelta(1)


# ---- shared -----------------------------------------------------------------------------------


def _join(found: dict[Any, Candidate], key: Any, value: Any, claim: Claim) -> None:
    found.setdefault(key, Candidate(key, value)).claims.append(claim)


def _witnesses(candidate: Candidate) -> Features:
    """One feature per source, and how many families of sources agree."""
    sources = candidate.sources
    families = {family(source) for source in sources}
    features: Features = {f"source {source}": 1.0 for source in sources}
    features |= {f"family {name}": 1.0 for name in families}
    for count in (2, 3, 4):
        features[f"families >= {count}"] = float(len(families) >= count)
    return features


def sources_of(claims: Iterable[Claim]) -> tuple[str, ...]:
    """The claims' sources in order, none twice."""
    return tuple(dict.fromkeys(claim.source for claim in claims))
