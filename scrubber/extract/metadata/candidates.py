"""Claims of a ranked field gathered into candidates: one per distinct value.

A value's standing is told by who claims it and who claims otherwise. `title_features`,
`author_features` and `date_features` (a file each) turn both into named numbers; `ranker.py`
weighs them. Sources are counted by family, since two tags that one plugin writes are no two
witnesses. In the names of features, "shown" is what readers see, "told" what only machines do.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Final

from scrubber.models import Claim

Features = dict[str, float]

_FAMILIES: Final = (
    ("jsonld", "jsonld"), ("og:", "card"), ("twitter:", "card"), ("article:", "card"),
    ("h1", "visible"), ("h2", "visible"), ("h3", "visible"), ("visible", "visible"),
    ("byline", "visible"),
    ("class", "visible"), ("time", "visible"), ("itemprop", "micro"), ("rdfa", "micro"),
    ("state", "state"), ("rel", "link"), ("link", "link"), ("url", "url"),
    ("title_tag", "document"), ("owner", "owner"),
)  # fmt: skip


@dataclass
class Candidate:
    """One value that sources claim. key: what equal values share.

    Sources and families are those of the claims when first asked: when all claims are gathered.
    """

    key: Any
    value: Any
    claims: list[Claim] = field(default_factory=list)

    @cached_property
    def sources(self) -> set[str]:
        return {claim.source for claim in self.claims}

    @cached_property
    def families(self) -> set[str]:
        return {family(source) for source in self.sources}


SHOWN: Final = frozenset({"visible", "link", "micro"})  # families that readers see


@lru_cache(maxsize=4096)
def family(source: str) -> str:
    """The kind of witness a source is."""
    return next((name for start, name in _FAMILIES if source.startswith(start)), "meta")


def has_family(candidate: Candidate, names: Set[str]) -> bool:
    """Whether one of the candidate's sources is of these families."""
    return not candidate.families.isdisjoint(names)


def join(found: dict[Any, Candidate], key: Any, value: Any, claim: Claim) -> None:
    found.setdefault(key, Candidate(key, value)).claims.append(claim)


def witnesses(candidate: Candidate) -> Features:
    """One feature per source, and how many families of sources agree."""
    families = candidate.families
    features: Features = {f"source {_pooled(source)}": 1.0 for source in candidate.sources}
    features |= {f"family {name}": 1.0 for name in families}
    for count in (2, 3, 4):
        features[f"families >= {count}"] = float(len(families) >= count)
    return features


_POOLS: Final = {  # names of one meaning, too rare to be learned each by itself
    "meta.citation_authors": "meta.citation_author",
    "meta.dcterms.creator": "meta.dc.creator",
    "meta.dc.contributor.author": "meta.dc.creator",
    "meta.dc:creator": "meta.dc.creator",
    "meta.authors": "meta.author",
    "og:article:author": "article:author",
    "article:author:name": "article:author",
    "og:article:published_time": "article:published_time",
    "article:published": "article:published_time",
    "dcterms.date": "dc.date",
    "dcterms.issued": "dc.date",
    "dc.date.issued": "dc.date",
}


def _pooled(source: str) -> str:
    return _POOLS.get(source, source)


def sources_of(claims: Iterable[Claim]) -> tuple[str, ...]:
    """The claims' sources in order, none twice."""
    return tuple(dict.fromkeys(claim.source for claim in claims))
