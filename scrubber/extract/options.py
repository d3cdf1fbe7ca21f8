"""What a user may set about extraction."""

from __future__ import annotations

from dataclasses import dataclass

from scrubber.errors import InputError
from scrubber.extract.engines import ENGINES


@dataclass(frozen=True, slots=True)
class ExtractOptions:
    """How content is chosen.

    engine: a name in `scrubber.extract.engines.ENGINES`. include_comments: also give the comment
    section below an article, apart from its body. Raises `InputError` for an engine that there is
    not.
    """

    engine: str = "blocks"
    include_comments: bool = False

    def __post_init__(self) -> None:
        if self.engine not in tuple(ENGINES):
            raise InputError(f"engine is one of {', '.join(ENGINES)}, not {self.engine!r}")
