"""User and password in URLs: sent to their host, and never shown or written down.

A login that is written wrongly is one as well: in `http://user:pa/ss@host/` nothing can be asked
for, and what cannot be asked for stands in a message.
"""

from __future__ import annotations

import re
from typing import Final

# 1. all up to the @ before the path; 2. more, where what follows the first colon is no port.
_BEFORE_HOST: Final = (
    r"(?!\[)(?:[^/\\?#{space}]{most}@"
    r"|[^/\\?#@:{space}]*:(?!\d*(?:[/\\?#\s]|\Z))[^{space}]{{0,500}}@)"
)
_WHOLE: Final = re.compile(
    r"\A(?!mailto:)([A-Za-z][A-Za-z0-9+.\-]+:[/\\]*)" + _BEFORE_HOST.format(space=r"\n", most="*"),
    re.IGNORECASE,
)
_INSIDE: Final = re.compile(
    r"(?<![A-Za-z0-9+.\-])([A-Za-z0-9+.\-]{2,}:[/\\]+|https?:)"
    + _BEFORE_HOST.format(space=r"\s", most="{0,8192}"),  # as long as a URL may be
    re.IGNORECASE,
)


def without_login(url: str) -> str:
    """A URL of whatever scheme, sound or not, without user and password."""
    return _WHOLE.sub(r"\1", url, count=1) if "@" in url else url


def without_logins(sentence: str) -> str:
    """The same for all URLs that stand in a text."""
    return _INSIDE.sub(r"\1", sentence) if "@" in sentence else sentence
