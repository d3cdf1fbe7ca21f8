"""The engines: each makes a Body of a parsed page.

To add one, write `engines/name.py` with `extract_body(page, tree) -> Body` and a line here; the
shared contract test covers it. An engine is imported when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from scrubber.extract.body import Engine

ENGINES: Final[dict[str, str]] = {
    "blocks": "scrubber.extract.engines.blocks",
    "trafilatura": "scrubber.extract.engines.trafilatura",
}


def load_engine(name: str) -> Engine:
    """The engine of that name; ValueError names the known ones."""
    if name not in ENGINES:
        raise ValueError(f"unknown engine {name!r}; known are {', '.join(ENGINES)}")
    return cast("Engine", import_module(ENGINES[name]).extract_body)
