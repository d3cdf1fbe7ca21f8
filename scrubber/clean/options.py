"""What a user may set about cleaning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CleanOptions:
    """How to clean.

    keep: families that are left alone, such as `{"tags", "author_box"}`. phrases: further whole
    lines that are residue, by family: `{"share": ["Send to a colleague"]}`. protect: regular
    expressions; a line in which one is found is never removed. titles: remove the heading and the
    lines at the head that only repeat title, writers and day. repair: in text mode, mend
    hard-wrapped lines, mojibake, entities and spaces.
    """

    keep: frozenset[str] = frozenset()
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    protect: tuple[str, ...] = ()
    titles: bool = True
    repair: bool = True
