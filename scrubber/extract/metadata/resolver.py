"""From claims to fields: one value each, with the evidence for it.

Titles, authors and dates are ranked by learned weights (`ranker.py`). The other fields follow the
order of trust: the first claim wins, and those that say the same raise the confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from scrubber.extract.metadata.author_candidates import author_candidates, author_features
from scrubber.extract.metadata.candidates import (
    SHOWN,
    Candidate,
    Features,
    family,
    has_family,
    sources_of,
)
from scrubber.extract.metadata.date_candidates import (
    date_candidates,
    date_features,
    days_below,
)
from scrubber.extract.metadata.language import language_claims
from scrubber.extract.metadata.persons import name_key
from scrubber.extract.metadata.ranker import Model, models
from scrubber.extract.metadata.title_candidates import title_candidates, title_features
from scrubber.extract.metadata.titles import (
    plain,
    site_in_title,
    slug_words,
    squash,
    tidy,
    title_key,
)
from scrubber.extract.metadata.view import View
from scrubber.models import Author, Claim, Evidence, Metadata, RejectedClaim

# Share of right values by number of families that agree, as measured on authors and dates of
# WCXB's development pages; the plain fields have no truth of their own to learn from.
_AGREEMENT: Final = (0.67, 0.92, 0.97)
_PLAIN: Final = (
    "site_name",
    "description",
    "image",
    "section",
    "tags",
    "paywalled",
    "canonical_url",
    "modified",
)
_TRUST: Final[Mapping[str, tuple[str, ...]]] = {
    field: tuple(sources.split())
    for field, sources in {
        "canonical_url": "link.canonical og:url",
        "site_name": "og:site_name jsonld.website.name jsonld.article.publisher application-name",
        "description": "og:description description jsonld.article.description twitter:description",
        "image": "og:image og:image:secure_url jsonld.article.image twitter:image",
        "modified": "jsonld.article.dateModified article:modified_time itemprop.datemodified"
        " jsonld.page.dateModified og:updated_time",
        "section": "article:section og:article:section jsonld.article.articleSection"
        " itemprop.articlesection rdfa.articlesection parsely-section section category"
        " link.category breadcrumb",
        "tags": "article:tag og:article:tag jsonld.article.keywords parsely-tags news_keywords"
        " rel.tag keywords",
        "language": "html.lang jsonld.article.inLanguage content-language og:locale",
    }.items()
}
_MAX_REJECTED: Final = 12
_WHOLE_LIST: Final = 0.75

Ranked = list[tuple[float, Candidate]]


def resolve(
    claims: Sequence[Claim],
    view: View,
    text: str = "",
    learned: Mapping[str, Model] | None = None,
) -> Metadata:
    """Weigh all claims of a page.

    text: of the body, to check the declared language against. learned: other models than the
    shipped ones, for cross-validation.
    """
    learned = learned or models()
    by_field: dict[str, list[Claim]] = {}
    for claim in claims:
        by_field.setdefault(claim.field, []).append(claim)
    evidence: dict[str, Evidence] = {}
    fields: dict[str, Any] = {}
    ranked = rank(by_field, view, learned)
    for name in ("title", "authors", "published"):
        fields[name] = _best(name, ranked[name], learned[name], evidence)
    for name in _PLAIN:
        fields[name] = _first(name, _trusted(name, by_field.get(name, [])), evidence)
    spoken = language_claims(
        _trusted("language", by_field.get("language", [])), text or _sample(view)
    )
    fields["language"] = _first("language", spoken, evidence)
    fields["authors"] = _with_links(fields["authors"] or (), by_field.get("authors", ()))
    fields["tags"] = fields["tags"] or ()
    fields["site_name"] = fields["site_name"] or _site_beside(fields["title"], view, evidence)
    _drop_impossible(fields, evidence)
    return Metadata(**fields, meta_title=_meta_title(fields["title"], view), evidence=evidence)


def rank(
    by_field: Mapping[str, Sequence[Claim]], view: View, learned: Mapping[str, Model]
) -> dict[str, Ranked]:
    """Candidates of the learned fields with their raw scores, best first."""
    scored: dict[str, Ranked] = {}
    for name, rows in feature_rows(by_field, view).items():
        model = learned[name]
        scores = model.scores([features for _, features in rows])
        pairs = [(score, row[0]) for score, row in zip(scores, rows, strict=True)]
        scored[name] = sorted(pairs, key=lambda pair: -pair[0])
    scored["authors"] = _with_whole_list_first(scored["authors"])
    return scored


def _with_whole_list_first(ranked: Ranked) -> Ranked:
    """The list of several writers that the page bears out, before a part of it.

    Each of them is claimed alone by more sources than all together, and too few pages have such
    lists to learn it: on all but one of the eight of WCXB's the whole list is right.
    """
    for score, candidate in ranked:
        whole = len(candidate.key) > 1 and ranked[0][1].key <= candidate.key
        if whole and _is_borne_out(candidate, ranked):
            rest = [pair for pair in ranked if pair[1] is not candidate]
            return [(max(score, ranked[0][0], _WHOLE_LIST), candidate), *rest]
    return ranked


_TOLD: Final = {"jsonld", "card", "meta"}


def _is_borne_out(candidate: Candidate, ranked: Ranked) -> bool:
    """Whether a list is told and shown, or one line of links, or a scholarly one, told whole."""
    sources = candidate.sources
    if not has_family(candidate, _TOLD):
        return "byline.list" in sources and "link.author.near" in sources
    if has_family(candidate, SHOWN) or any("citation_author" in source for source in sources):
        return True
    shown = (other.key for _, other in ranked if has_family(other, SHOWN))
    alone = {name for key in shown if len(key) == 1 for name in key}
    return all(name in alone for name in candidate.key)


def feature_rows(
    by_field: Mapping[str, Sequence[Claim]], view: View
) -> dict[str, list[tuple[Candidate, Features]]]:
    """Candidates with their features: what the ranker scores and `train.py` learns from."""
    names = [str(claim.value) for claim in by_field.get("site_name", ())]
    sections = [str(claim.value) for claim in by_field.get("section", ())]
    titles = title_candidates(by_field.get("title", ()), names, view, sections)
    context = {
        "sites": {squash(name) for name in names},
        "host": view.host,
        "title_tag": title_key(plain(view.title_tag)),
        "title": plain(view.title_tag).casefold(),
        "slug": slug_words(view.url or view.canonical or ""),
        "modified_shown": {
            claim.value.value[:10]
            for claim in by_field.get("modified", ())
            if family(claim.source) == "visible"
        },
        "modified": {claim.value.value[:10] for claim in by_field.get("modified", ())},
        "below": days_below(by_field.get("published", ())),
        "kind": view.kind,
        "dated_path": float(view.is_in_series),
        "og_article": float((view.meta("og:type") or "").lower() == "article"),
        "fetched": view.fetched_at.date().isoformat() if view.fetched_at else "",
    }
    tables: tuple[tuple[str, list[Candidate], Callable[..., Features]], ...] = (
        ("title", titles, title_features),
        ("authors", author_candidates(_without_site(by_field, context)), author_features),
        ("published", date_candidates([*by_field.get("published", ())]), date_features),
    )
    return {
        name: [(candidate, measure(candidate, found, context)) for candidate in found]
        for name, found, measure in tables
    }


def _without_site(
    by_field: Mapping[str, Sequence[Claim]], context: Mapping[str, Any]
) -> list[Claim]:
    """The claims about writers, their lists without the site: "Ana Sá, Diário do Sul"."""
    label = squash(max(context["host"].split("."), key=len))

    def is_site(author: Author) -> bool:
        return squash(author.name) in {*context["sites"], label}

    return [
        Claim(claim.field, kept, claim.source, claim.raw)
        if len(claim.value) > 1
        and 0 < len(kept := tuple(a for a in claim.value if not is_site(a))) < len(claim.value)
        else claim
        for claim in by_field.get("authors", ())
    ]


# ---- ranked fields ----------------------------------------------------------------------------


def _best(name: str, ranked: Ranked, model: Model, evidence: dict[str, Evidence]) -> Any:
    """The likeliest value if it is likely enough, noting the evidence for it."""
    if not model.is_worth_stating([score for score, _ in ranked]):
        return None
    score, winner = ranked[0]
    first, *others = winner.claims
    evidence[name] = Evidence(
        source=first.source,
        raw=first.raw,
        confidence=_borne_out(name, winner, round(model.confidence(score), 3)),
        agreeing=tuple(source for source in sources_of(others) if source != first.source),
        rejected=tuple(
            RejectedClaim(source=claim.source, raw=claim.raw, reason=_reason(name, winner, loser))
            for _, loser in ranked[1:]
            for claim in loser.claims
        )[:_MAX_REJECTED],
    )
    return winner.value


def _borne_out(name: str, winner: Candidate, confidence: float) -> float:
    """The confidence, of a day that witnesses of one kind alone tell below 0.9.

    Readers are often shown the day of a revision without the word; on WCXB's pages without
    scripts 93 % of the days with 0.9 and more were right without this, 96 % with it. Of titles and
    authors it only made fewer sure.
    """
    sure = name != "published" or len(winner.families) > 1
    return confidence if sure else min(confidence, _ALMOST_SURE)


_ALMOST_SURE: Final = 0.899


def _with_links(authors: Sequence[Author], claims: Sequence[Claim]) -> tuple[Author, ...]:
    """The writers with the addresses that any claim about the same names knows."""
    known: dict[str, str] = {}
    for claim in claims:
        for author in claim.value:
            if author.url:
                known.setdefault(name_key(author.name), author.url)
    return tuple(
        author
        if author.url
        else author.model_copy(update={"url": known.get(name_key(author.name))})
        for author in authors
    )


def _reason(name: str, winner: Candidate, loser: Candidate) -> str:
    """Why a value lost, in words."""
    if name == "title" and winner.key in loser.key:
        return "the title with more than the title"
    if name == "authors" and loser.key < winner.key:
        return "only some of the writers"
    if name == "authors" and loser.key > winner.key:
        return "names others beside the writers"
    ours = len(winner.families)
    theirs = len(loser.families)
    if theirs < ours:
        return f"{theirs} kind(s) of source against {ours}"
    return "a source less often right"


# ---- plain fields -----------------------------------------------------------------------------


_ORDER: Final = {
    name: {source: place for place, source in enumerate(sources)}
    for name, sources in _TRUST.items()
}


def _trusted(name: str, claims: Sequence[Claim]) -> Sequence[Claim]:
    if len(claims) < 2:
        return claims
    order = _ORDER.get(name, {})
    return sorted(claims, key=lambda claim: order.get(claim.source, len(order)))


def _first(name: str, claims: Sequence[Claim], evidence: dict[str, Evidence]) -> Any:
    """The most trusted claim's value, with those that agree and those that do not."""
    if not claims:
        return None
    winner = claims[0]
    same = [claim for claim in claims[1:] if _equal(claim.value, winner.value)]
    families = len({family(claim.source) for claim in (winner, *same)})
    evidence[name] = Evidence(
        source=winner.source,
        raw=winner.raw,
        confidence=_AGREEMENT[min(families, len(_AGREEMENT)) - 1],
        agreeing=sources_of(same),
        rejected=tuple(
            RejectedClaim(
                source=claim.source,
                raw=claim.raw,
                reason="the text is in another language"
                if winner.source == "detected"
                else "a source less trusted",
            )
            for claim in claims[1:]
            if claim not in same
        )[:_MAX_REJECTED],
    )
    return winner.value


def _equal(one: Any, other: Any) -> bool:
    if hasattr(one, "precision"):
        return bool(one.value[:10] == other.value[:10])
    return one == other or (isinstance(one, str) and one.casefold() == str(other).casefold())


def _site_beside(title: str | None, view: View, evidence: dict[str, Evidence]) -> str | None:
    """The site's name as the title tag adds it to the headline, where the address bears it out."""
    found = site_in_title(view.title_tag, title) if title else None
    if not found or not (_is_named_by_host(found, view.host) or _is_shown_as_site(found, view)):
        return None
    evidence["site_name"] = Evidence(
        source="title_tag", raw=view.title_tag, confidence=_AGREEMENT[1]
    )
    return found


def _is_named_by_host(name: str, host: str) -> bool:
    label = squash(max(host.split("."), key=len))
    bare = squash(name)
    return len(bare) > 2 and bool(label) and (bare in squash(host) or label in bare)


def _is_shown_as_site(name: str, view: View) -> bool:
    """Whether a heading that is not the headline, or a link to the home page, reads so."""
    tree, key = view.tree, title_key(name)
    headings = [number for number in tree.find("h1")[:4] if number != view.headline]
    homes = [n for n in tree.find("a")[:40] if tree.attr(n, "href").rstrip("/") in {"", view.root}]
    return any(title_key(tree.text(number)) == key for number in (*headings, *homes))


def _drop_impossible(fields: dict[str, Any], evidence: dict[str, Evidence]) -> None:
    """A page modified before it was published was not modified: the date is another's."""
    published, modified = fields["published"], fields["modified"]
    if published and modified and modified.value[:10] < published.value[:10]:
        fields["modified"] = None
        evidence.pop("modified", None)


def _meta_title(title: str | None, view: View) -> str | None:
    meta = tidy(view.meta("og:title") or view.title_tag)
    return meta if meta and title_key(meta) != title_key(title or "") else None


def _sample(view: View) -> str:
    """Some visible text, to tell the script of the page."""
    return " ".join([view.title_tag, *(line.text for line in view.lines[-25:])])


__all__ = ["Author", "feature_rows", "rank", "resolve"]
