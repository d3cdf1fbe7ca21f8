"""What speaks for and against a day of publication."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from scrubber.extract.metadata.candidates import (
    Candidate,
    Features,
    family,
    has_family,
    join,
    witnesses,
)
from scrubber.extract.metadata.date_labels import says_original, says_published
from scrubber.extract.metadata.dates import swapped
from scrubber.extract.metadata.view import View
from scrubber.models import Claim, DateValue


def date_candidates(claims: Sequence[Claim]) -> list[Candidate]:
    """Days, or months where no day is known; the most precise writing of a day represents it."""
    found: dict[str, Candidate] = {}
    local = _local_writings(claims)
    for claim in claims:
        value: DateValue = claim.value
        if value.precision == "year":
            continue
        join(found, local.get(claim.value.value, value.value)[:10], value, claim)
    for day, candidate in found.items():
        written = [claim.value for claim in candidate.claims if claim.value.value[:10] == day]
        candidate.value = max(written, key=lambda value: len(value.value))
    return list(found.values())


def settle(claims: Sequence[Claim], view: View) -> list[Claim]:
    """The claims with what one date alone leaves open told by the others."""
    return _settle_original(_settle_field(_settle_order(claims, view)))


def _settle_original(claims: Sequence[Claim]) -> list[Claim]:
    """Later days shown without a label beside "originally published on ..." are of a revision."""
    days = {
        claim.value.value[:10]
        for claim in claims
        if claim.field == "published"
        and len(claim.value.value) >= _DAY
        and says_original(claim.raw)
    }
    if len(days) != 1:
        return list(claims)
    original = days.pop()
    return [
        Claim("modified", claim.value, claim.source, claim.raw)
        if claim.field == "published"
        and family(claim.source) == "visible"
        and claim.value.value[:10] > original
        and not claim.source.endswith(_BESIDE)
        and not _is_labelled(claim)
        else claim
        for claim in claims
    ]


_BESIDE: Final = (".odd", ".past", ".prose")  # of sources whose days are seldom the article's
_DAY: Final = 10  # characters of a date that is written to the day


def _settle_field(claims: Sequence[Claim]) -> list[Claim]:
    """Days shown as "updated" that machines are told as the day of publication are that day.

    Themes write `class="updated"` on whatever date they show.
    """
    told: dict[str, set[str]] = {"published": set(), "modified": set()}
    for claim in claims:
        if claim.field in told and family(claim.source) in _MACHINE:
            told[claim.field].add(claim.value.value[:10])
    days = told["published"] - told["modified"]
    return [
        Claim("published", claim.value, claim.source, claim.raw)
        if claim.field == "modified" and claim.value.value[:10] in days
        else claim
        for claim in claims
    ]


def _settle_order(claims: Sequence[Claim], view: View) -> list[Claim]:
    """The claims with dates like "04/05/2026" read as the page elsewhere states plainly.

    Elsewhere is another claim, or any `<time>`, such as that of the page's own entry in a list.
    Templates declare American English over every language: only where the text is English too does
    the month come first.
    """
    swaps = [swapped(c.value) if c.field in _DATED else None for c in claims]
    if not any(swaps):
        return list(claims)
    plain = {
        claim.value.value[:10]
        for claim, swap in zip(claims, swaps, strict=True)
        if claim.field in _DATED and swap is None
    } | {view.tree.attr(number, "datetime")[:10] for number in view.tree.find("time")[:_MAX_TIMES]}
    foreign = view.language[:2] == "en" and view.detected not in {"", "en"}
    return [
        Claim(claim.field, swap, claim.source, claim.raw)
        if swap
        and claim.value.value[:10] not in plain
        and (swap.value[:10] in plain or (foreign and not _is_day_first(claim.value)))
        else claim
        for claim, swap in zip(claims, swaps, strict=True)
    ]


def _is_day_first(date: DateValue) -> bool:
    """Whether a date in numbers was read with its day before its month."""
    first = _FIRST_NUMBER.search(date.raw)
    return first is not None and int(first[0]) == int(date.value[8:10])


_FIRST_NUMBER: Final = re.compile(r"\d{1,2}(?=\s?[./-])")
_MAX_TIMES: Final = 60  # a page with more lists other pages
_DATED: Final = frozenset({"published", "modified"})


def _local_writings(claims: Sequence[Claim]) -> dict[str, str]:
    """Moments written in UTC whose day is another where the page writes them in its own time."""
    own = {
        datetime.fromisoformat(value).astimezone(UTC): value
        for claim in claims
        if len(value := claim.value.value) > 19 and not value.endswith("+00:00")
    }
    found: dict[str, str] = {}
    for claim in claims if own else ():
        value = claim.value.value
        if value.endswith("+00:00"):
            moment = datetime.fromisoformat(value)
            same = own.get(moment)
            if same is not None:
                found[value] = same
    return found


def days_below(claims: Iterable[Claim]) -> list[str]:
    """The days that lines below the headline show, in reading order, none twice."""
    shown = (claim for claim in claims if claim.source.startswith("visible.below"))
    return list(dict.fromkeys(claim.value.value[:10] for claim in shown))


def date_features(
    candidate: Candidate, others: Sequence[Candidate], context: Mapping[str, Any]
) -> Features:
    """What speaks for and against a day of publication."""
    features = witnesses(candidate)
    modified: set[str] = context["modified"]
    rivals = [
        other
        for other in others
        if other is not candidate and not _is_month_of(other, candidate) and not _is_weak(other)
    ]
    days = sorted(other.key for other in (candidate, *rivals) if len(other.key) == 10)
    strong_rivals = [other for other in rivals if _stands_out(other)]
    shown = float(has_family(candidate, {"visible"}))
    told = 1.0 - shown
    labelled = float(any(map(_is_labelled, candidate.claims)))
    machine = float(has_family(candidate, _MACHINE))
    features |= {
        "month_only": float(len(candidate.key) < 10),
        "earliest": float(bool(days) and candidate.key == days[0]),
        "latest": float(bool(days) and candidate.key == days[-1] and len(days) > 1),
        "is_modified_day": float(candidate.key in modified),
        "after_modified": float(bool(modified) and candidate.key > max(modified)),
        "same_month_claimed": float(any(candidate.key[:7] == o.key[:7] for o in rivals)),
        "same_as_fetched": float(candidate.key == context["fetched"]),
        "rivals": float(min(len(rivals), 4)),
        "strong_rivals": float(min(len(strong_rivals), 3)),
        "modified_shown": float(bool(context["modified_shown"] - {candidate.key})),
        "rival_machine": float(any(has_family(other, _MACHINE) for other in rivals)),
        "rival_families": float(max((len(o.families) for o in rivals), default=0)),
        "one_source": float(len(candidate.sources) == 1),
        "in_month": float(any(_is_month_of(other, candidate) for other in others)),
        "later_below": float(candidate.key in context["below"][1:]),
    }
    differs = float(bool(modified - {candidate.key}))
    strong = float(_stands_out(candidate))
    rival_shown = float(any(has_family(other, {"visible"}) for other in rivals))
    shown_as_modified = any(other.key in modified for other in strong_rivals)
    told_only = told * (1 - rival_shown) * features["one_source"]
    features |= {
        "told & post": told * (context["kind"] == "post"),
        "told & static": told * (context["kind"] == "page"),
        "shown & static": shown * (context["kind"] == "page"),
        "shown & path": shown * context["dated_path"],
        "labelled": labelled,
        "shown & rival_labelled": shown
        * (1 - labelled)
        * any(any(map(_is_labelled, other.claims)) for other in rivals),
        "told_only & og_article": told_only * context["og_article"],
        "told & path": told * context["dated_path"],
        "strong": strong,
        "told & rival_is_modified": told * shown_as_modified,
        "shown_as_modified & rival_machine": shown
        * (1 - machine)
        * features["is_modified_day"]
        * features["rival_machine"],
        "strong & machine": strong * machine,
        "strong & rival_strong": strong * bool(strong_rivals),
        "weak & rival_strong": shown * (1 - strong) * bool(strong_rivals),
        "weak & alone": shown * (1 - strong) * (not rivals),
        "told & modified": told * differs,
        "told & modified_shown": told * features["modified_shown"],
        "told & rival_strong": told * bool(strong_rivals),
        "told & rival_shown": told * rival_shown,
        "told & nothing_shown": told * (1 - rival_shown) * (1 - features["modified_shown"]),
        "told & next_day_shown": told * _next_day(candidate, rivals, {"visible", "url"}),
        "shown & next_day_told": shown * _next_day(candidate, rivals, _MACHINE),
        "shown & swapped_told": shown * _is_swapped(candidate, rivals),
        "told & swapped_shown": told * _is_swapped(candidate, rivals),
        "shown & modified": shown * differs,
        "shown & rival_machine": shown * (1 - machine) * features["rival_machine"],
        "shown & earliest": shown * features["earliest"],
    }
    return features


_MACHINE: Final = {"jsonld", "card", "micro"}


_FAR: Final = (  # sources that mostly date something else: related items, drafts
    "class.date.far", "class.meta.far", "time.far.later", "time.near.later", "visible.far",
    "jsonld.article.dateCreated", "jsonld.page.dateCreated", "url.month",
)  # fmt: skip


def _is_weak(candidate: Candidate) -> bool:
    """Whether no source of a day is worth contradicting another for."""
    return all(source.startswith(_FAR) or source.endswith(_BESIDE) for source in candidate.sources)


def is_dated(claims: Sequence[Claim]) -> bool:
    """Whether any source says on which day the page was published, or that it was modified.

    Not counted is what mostly dates something else.
    """
    return any(
        claim.field == "published"
        and claim.value.precision != "year"
        and not claim.source.startswith(_FAR)
        and not claim.source.endswith(_BESIDE)
        for claim in claims
    )


def _is_month_of(month: Candidate, day: Candidate) -> bool:
    """Whether a candidate is but the month of a day, as in `/2015/07/title`: it bears it out."""
    return len(month.key) == 7 and len(day.key) == 10 and day.key.startswith(month.key)


def _stands_out(candidate: Candidate) -> bool:
    """Whether readers see the date beside the headline, not among comments or related items."""
    return any(
        source.startswith(("visible.above", "visible.below", "time.near.first"))
        and not source.endswith(_BESIDE)
        for source in candidate.sources
    )


def _is_labelled(claim: Claim) -> bool:
    """Whether the words around a shown date, or just before it, call it the day of publication."""
    shown = family(claim.source) == "visible"
    return shown and (claim.source.endswith(".labelled") or says_published(claim.raw))


def _next_day(candidate: Candidate, rivals: Sequence[Candidate], families: set[str]) -> float:
    """Whether a rival of these families is a day off: one moment in two time zones."""
    return float(any(_adjacent(candidate.key, o.key) and has_family(o, families) for o in rivals))


def _is_swapped(candidate: Candidate, rivals: Sequence[Candidate]) -> float:
    """Whether a rival is the same date with day and month in the other order."""
    year, _, rest = candidate.key.partition("-")
    month, _, day = rest.partition("-")
    other = f"{year}-{day}-{month}"
    return float(month != day and any(rival.key == other for rival in rivals))


def _adjacent(one: str, other: str) -> bool:
    if len(one) != 10 or len(other) != 10:
        return False
    return abs(date.fromisoformat(one) - date.fromisoformat(other)) == timedelta(1)
