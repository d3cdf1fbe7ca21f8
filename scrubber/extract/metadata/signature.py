"""Who signs an article below its last paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from scrubber.extract.metadata.byline import MAX_BYLINE, PROSE, length_of
from scrubber.extract.metadata.names import read_names
from scrubber.extract.metadata.openings import names_no_writer, opens_byline
from scrubber.extract.metadata.persons import is_listed, is_name_line
from scrubber.extract.metadata.view import Line, View
from scrubber.models import Claim

_MAX_SIGNING: Final = 3  # lines below the last paragraph
_MAX_SIGNATURE: Final = 60  # characters: a name and the agency or place before it
_HEADINGS: Final = frozenset({"h2", "h3", "h4", "h5", "h6"})


def read(view: View) -> Iterator[Claim]:
    """Who signs a short article below its last paragraph: "JANE DOE", "Posted by Jane Doe on"."""
    behind: list[Line] = []  # the last paragraph, the nearest to it last
    for line in reversed([line for line in view.lines if line.distance > 0]):
        if length_of(line.text) >= PROSE and not view.is_foreign(line.element):
            break
        behind.append(line)
    else:
        return
    own = (line for line in reversed(behind) if not view.is_foreign(line.element))
    yield from read_signature(view, own)


def read_signature(view: View, lines: Iterable[Line]) -> Iterator[Claim]:
    """The names in the first of the lines behind an article that signs it.

    "JANE DOE", "Posted by Jane Doe on", "Publicado por <b>jane</b> en 9:12".
    """
    for line in islice(lines, _MAX_SIGNING):
        if view.opens_other(line.text, line.element):
            return
        opened = opens_byline(line.text)
        if len(line.text) > (MAX_BYLINE if opened else _MAX_SIGNATURE):
            continue
        apart = _set_apart(line.parts) if opened else ""
        authors = tuple(
            author
            for author in read_names(apart or opened or line.text)
            if is_name_line(author.name) or (apart and is_listed(author))
        )
        whole = opened or any(line.text.endswith(author.name) for author in authors)
        leads_on = not opened and (line.links or view.tree.tags[line.element] in _HEADINGS)
        if authors and whole and not leads_on and not names_no_writer(line.text):
            yield Claim("authors", authors, "byline.signed", line.text)
            return


def _set_apart(parts: Sequence[str]) -> str:
    """What an element sets apart behind a part that only opens a byline; empty where none does."""
    opens = len(parts) > 1 and opens_byline(f"{parts[0]} x") == "x"
    return parts[1] if opens else ""
