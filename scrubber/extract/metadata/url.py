"""The page's address: a date in its path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote, urlsplit

from scrubber.extract.metadata.calendars import month_number
from scrubber.extract.metadata.dates import read_date
from scrubber.extract.metadata.view import View
from scrubber.models import Claim

_DAY: Final = re.compile(
    r"[/_-]((?:19|20)\d\d)[/_-](0?[1-9]|1[0-2])[/_-](0?[1-9]|[12]\d|3[01])(?=[/_.+-]|$)"
)
_COMPACT: Final = re.compile(
    r"[/_-]((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_.+-]|$)"
)
_NAMED: Final = re.compile(
    r"/((?:19|20)\d\d)[/-]([^\W\d_]{3,9})[/-](0?[1-9]|[12]\d|3[01])(?=[/_.+-]|$)"
)
_MONTH: Final = re.compile(r"/((?:19|20)\d\d)/(0[1-9]|1[0-2])(?=/)")


def read(view: View) -> Iterator[Claim]:
    """A day or month in the address's path."""
    path = unquote(urlsplit(view.url or view.canonical or "").path)
    for pattern in (_DAY, _COMPACT, _NAMED, _MONTH):
        match = pattern.search(path)
        if match is None:
            continue
        text = "-".join(_number(part).zfill(2) for part in match.groups())
        date = read_date(text)
        if date is not None:
            precision = "day" if len(match.groups()) == 3 else "month"
            yield Claim("published", date, f"url.{precision}", match[0].strip("/"))
        return


def _number(part: str) -> str:
    """A part of a date as a number: "mar" is 3."""
    return part if part.isdigit() else str(month_number(part, "en") or part)
