"""What speaks for and against a list of writers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scrubber.extract.metadata.candidates import (
    SHOWN,
    Candidate,
    Features,
    has_family,
    join,
    witnesses,
)
from scrubber.extract.metadata.persons import (
    has_given_name,
    is_dense,
    looks_like_person,
    name_key,
)
from scrubber.extract.metadata.titles import squash
from scrubber.models import Author, Claim


def author_candidates(claims: Sequence[Claim]) -> list[Candidate]:
    """Lists of writers; the same people in another order or spelling are one candidate."""
    found: dict[frozenset[str], Candidate] = {}
    for claim in claims:
        join(found, frozenset(name_key(author.name) for author in claim.value), claim.value, claim)
    return list(found.values())


def author_features(
    candidate: Candidate, others: Sequence[Candidate], context: Mapping[str, Any]
) -> Features:
    """What speaks for and against a list of writers."""
    authors: tuple[Author, ...] = candidate.value
    features = witnesses(candidate)
    names = [author.name for author in authors]
    kinds = {author.kind for author in authors}
    rivals = [
        other
        for other in others
        if other is not candidate and not all(map(_is_weak, other.sources))
    ]
    shown = float(has_family(candidate, SHOWN))
    features |= {
        "persons": float(all(looks_like_person(name) for name in names)),
        "organization": float("organization" in kinds),
        "given_name": float(all(_is_known(name, shown > 0) for name in names)),
        "handle": float("handle" in kinds),
        "one_word": float(any(" " not in n and not _is_dense_person(n) for n in names)),
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
        "rival_families": float(max((len(o.families) for o in rivals), default=0)),
    }
    families = candidate.families
    told = 1.0 - shown
    inside = features["inside_other"]
    of_site = max(features["is_site"], features["like_host"])
    fuller, shorter = _lengths(candidate.key, [o.key for o in rivals])
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
            any(candidate.key < o.key and len(o.families) > 1 for o in rivals)
        ),
        "organization & rival_persons": features["organization"] * features["rival_persons"],
        "is_site & rival_persons": features["is_site"] * features["rival_persons"],
        "of_site & told": of_site * told,
        "of_site & shown": of_site * shown,
        "of_site & alone": of_site * (not rivals),
        "of_site & person": of_site * features["given_name"],
        "handle & told": features["handle"] * told,
        "handle & shown": features["handle"] * shown,
        "handle & digits": features["handle"] * any(c.isdigit() for c in names[0]),
        "fuller": fuller,
        "each shown alone": float(
            len(candidate.key) > 1
            and all(any(o.key == {name} and _is_shown(o) for o in others) for name in candidate.key)
        ),
        "shorter": shorter,
        "owner alone": float(families == {"owner"} and not rivals),
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


def _is_known(name: str, shown: bool) -> bool:
    """Whether a name has a known given name; told but not shown, one word is but an account's."""
    return (has_given_name(name) and (shown or " " in name)) or _is_dense_person(name)


def _is_dense_person(name: str) -> bool:
    """Whether a name in one word is a whole one, family name first."""
    return is_dense(name) and looks_like_person(name)


def is_signed(claims: Sequence[Claim]) -> bool:
    """Whether any source says who wrote the page, not counted those that name bystanders."""
    return any(claim.field == "authors" and not _is_weak(claim.source) for claim in claims)


def _is_weak(source: str) -> bool:
    """Sources that name as many bystanders as writers."""
    return source.endswith((".odd", ".unknown")) or source.startswith(("byline.inside", "link.one"))


def _like_host(name: str, host: str) -> bool:
    label = squash(max(host.split("."), key=len)) if host else ""
    bare = squash(name)
    return len(bare) > 3 and bool(label) and (bare in label or label in bare)


def _is_shown(candidate: Candidate) -> bool:
    return has_family(candidate, SHOWN)


def _lengths(own: frozenset[str], others: Sequence[frozenset[str]]) -> tuple[float, float]:
    """Whether this one name holds all words of another, and whether another holds all of its."""
    if len(own) != 1:
        return 0.0, 0.0
    words = set(next(iter(own)).split())
    singles = [set(next(iter(other)).split()) for other in others if len(other) == 1]
    return float(any(w < words for w in singles)), float(any(w > words for w in singles))


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two lists share a surname or a given name without being the same."""
    first = {word for name in one for word in name.split() if len(word) > 2}
    second = {word for name in other for word in name.split() if len(word) > 2}
    return bool(first & second)
