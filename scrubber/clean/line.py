"""The values that are judged: a line, what the document says of itself, and what prose is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from scrubber.lexicon.fold import is_unspaced

Role = Literal["heading", "text", "item", "other"]


class Line(NamedTuple):
    """One line to judge. role: a heading, running text, a list or its item, or not to be judged.

    links: of how many links the line consists, where it is nothing but links, perhaps with a lead
    before the first. level: of a heading, 1..6.
    """

    text: str
    role: Role = "text"
    links: int = 0
    level: int | None = None

    @property
    def linked(self) -> bool:
        """Nothing but links."""
        return self.links > 0


@dataclass(frozen=True, slots=True)
class Context:
    """What the document says of itself.

    names: its authors. dates: when it was published and changed, as YYYY-MM-DD. page_type: what
    the extractor took it for. opens, closes: the first line begins the document, the last one ends
    it; not so for a piece cut out of a stream.
    """

    language: str | None = None
    title: str | None = None
    names: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    page_type: str | None = None
    opens: bool = True
    closes: bool = True


_UNMARKED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")  # Thai, Lao, Burmese, Khmer


def is_prose(text: str) -> bool:
    """A sentence of some length: ends in a sentence mark and has more than a label's words.

    Thai and its neighbours write no sentence marks; there length alone must tell.
    """
    if len(text) < 16:
        return False
    if text.rstrip('"”»)]』」’ ')[-1:] in ".!?…。！？।؟۔:;：។።՝։":
        return len(text) >= 40 or is_unspaced(text)
    return len(text) >= 40 and _UNMARKED.search(text) is not None
