"""Which fields of a record an output has, shared by all formats."""

from __future__ import annotations

from scrubber.errors import OutputError
from scrubber.models import Article

ALL = tuple(Article.model_fields)
# A table's cells: the content once (as text), and neither the nested nor the explanatory fields.
FLAT = tuple(
    name
    for name in ALL
    if name not in ("markdown", "blocks", "comments", "removed", "evidence", "flags")
)


def chosen(fields: tuple[str, ...] | None, default: tuple[str, ...]) -> tuple[str, ...]:
    """The fields asked for, else the default. Raises `OutputError` for one that does not exist."""
    if fields is None:
        return default
    for name in fields:
        if name not in ALL:
            raise OutputError(f"--fields: a record has no field {name!r}; it has {', '.join(ALL)}")
    return tuple(dict.fromkeys(fields))
