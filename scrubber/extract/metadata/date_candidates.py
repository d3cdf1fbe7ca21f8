"""What speaks for and against a day of publication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from scrubber.extract.metadata.candidates import (
    Candidate,
    Features,
    family,
    has_family,
    join,
    witnesses,
)
from scrubber.models import Claim, DateValue


def date_candidates(claims: Sequence[Claim]) -> list[Candidate]:
    """Days, or months where no day is known; the most precise writing of a day represents it."""
    found: dict[str, Candidate] = {}
    for claim in claims:
        value: DateValue = claim.value
        if value.precision == "year":
            continue
        join(found, value.value[:10], value, claim)
    for candidate in found.values():
        candidate.value = max(
            (claim.value for claim in candidate.claims), key=lambda value: len(value.value)
        )
    return list(found.values())


def date_features(
    candidate: Candidate, others: Sequence[Candidate], context: Mapping[str, Any]
) -> Features:
    """What speaks for and against a day of publication."""
    features = witnesses(candidate)
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
    shown = float(has_family(candidate, {"visible"}))
    told = 1.0 - shown
    differs = float(bool(modified - {candidate.key}))
    rival_shown = float(any(has_family(other, {"visible"}) for other in rivals))
    features |= {
        "told & modified": told * differs,
        "told & modified_shown": told * features["modified_shown"],
        "told & rival_shown": told * rival_shown,
        "told & nothing_shown": told * (1 - rival_shown) * (1 - features["modified_shown"]),
        "shown & modified": shown * differs,
        "shown & rival_machine": shown * features["rival_machine"],
        "shown & earliest": shown * features["earliest"],
        "shown & rival_shown": shown * rival_shown,
        "one_source": float(len(candidate.sources) == 1),
    }
    return features


def _adjacent(one: str, other: str) -> bool:
    if len(one) != 10 or len(other) != 10:
        return False
    return abs(date.fromisoformat(one) - date.fromisoformat(other)) == timedelta(1)
