"""What is known of a stored version, so that a server need send only what has changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Validators:
    """url: where the stored version came from, after redirects; no other server hears of it.

    etag, last_modified: as that server sent them.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None

    def headers(self) -> Mapping[str, str]:
        """The headers of a conditional request (RFC 9110, section 13.1)."""
        named = {"if-none-match": self.etag, "if-modified-since": self.last_modified}
        return {name: value for name, value in named.items() if value and value.isascii()}


def without_validators(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers of an answer (names in lower case), less those that conditions are made of."""
    return {name: headers[name] for name in headers if name not in ("etag", "last-modified")}
