"""The pipeline's options, apart from it: a batch passes them on, and loads no stage for that."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import UnionType

from scrubber.clean import CleanOptions
from scrubber.errors import InputError
from scrubber.extract import ExtractOptions
from scrubber.fetch import FetchOptions


@dataclass(frozen=True, slots=True)
class Options:
    """Everything that can be set, by stage. concurrency: URLs under way at once in `run`.

    Raises `InputError` where one stage's options stand in another's place.
    """

    fetch: FetchOptions = field(default_factory=FetchOptions)
    extract: ExtractOptions = field(default_factory=ExtractOptions)
    clean: CleanOptions = field(default_factory=CleanOptions)
    concurrency: int = 64

    def __post_init__(self) -> None:
        for name, kind in (
            ("fetch", FetchOptions),
            ("extract", ExtractOptions),
            ("clean", CleanOptions),
            ("concurrency", int),
        ):
            require(kind, getattr(self, name), name)
        if self.concurrency < 1:
            raise InputError(f"concurrency is 1 or more, not {self.concurrency}")


def require(kind: type | UnionType, value: object, name: str) -> None:
    """Raise `InputError` for an argument of another type: no page is to be blamed for it."""
    if not isinstance(value, kind):
        wanted = getattr(kind, "__name__", str(kind))
        raise InputError(f"{name} is given as {wanted}, not {type(value).__name__}")
