"""What a robots.txt says to us, after RFC 9309.

    group   robots named line by line, and the rules below them; what is no rule ends no group
    ours    the groups that name our product token, merged; else those that name the longest
            beginning of it (`news-bot` for `news-bot-images`); else those for `*`; else no rules
    match   the longest rule that matches wins, and of equally long ones the one that allows

Paths are compared by octets. However they were written, what ASCII can print stands for itself
(`%7E` is `~`, `%3A` is `:`) and everything else is percent-encoded; only a bare `*` and a `$` at
the end are signs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from scrubber.fetch.urls import Url
from scrubber.textfile import encoding_of, is_utf16

_LINE_END: Final = re.compile(r"[\r\n]+")
_NAMES: Final = {
    **dict.fromkeys(("user-agent", "useragent"), "user-agent"),
    "allow": "allow",
    # Misspelt by a site that wants to be left alone is said clearly enough.
    **dict.fromkeys(("disallow", "dissallow", "dissalow", "disalow", "diasllow"), "disallow"),
    **dict.fromkeys(("crawl-delay", "crawldelay"), "crawl-delay"),
    "request-rate": "request-rate",
}
_RATE: Final = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})\s*([smhd]?)", re.IGNORECASE)
_UNIT_S: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}
_ESCAPE: Final = re.compile("%([0-9A-Fa-f]{2})")
_PRINTABLE: Final = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A rule with `*` or `$`. parts: what stands between the stars. length: in octets."""

    parts: tuple[str, ...]
    to_the_end: bool
    length: int
    allows: bool

    def matches(self, target: str) -> bool:
        """Each part as early as it can stand: no target makes this slow."""
        first, *rest = self.parts
        if not target.startswith(first):
            return False
        last = rest.pop() if rest else None
        at = len(first)
        for part in rest:
            at = target.find(part, at)
            if at < 0:
                return False
            at += len(part)
        if last is None:
            return at == len(target)
        if self.to_the_end:
            return len(target) - len(last) >= at and target.endswith(last)
        return target.find(last, at) >= 0


@dataclass(slots=True)
class _Group:
    plain: dict[str, bool] = field(default_factory=dict)  # beginnings -> whether they may be asked
    patterns: list[_Pattern] = field(default_factory=list)
    delay_s: float | None = None

    def add(self, path: str, *, allows: bool) -> None:
        """Add the rule for a path; one that is no path says nothing."""
        if not path.startswith(("/", "*")):
            return
        to_the_end = path.endswith("$")
        parts = tuple(normal(part) for part in path.removesuffix("$").split("*"))
        if len(parts) == 1 and not to_the_end:
            self.plain[parts[0]] = allows or self.plain.get(parts[0], False)
            return
        length = sum(map(len, parts)) + len(parts) - 1 + to_the_end
        self.patterns.append(_Pattern(parts, to_the_end, length, allows))

    def slow_down(self, delay_s: float | None) -> None:
        """Of several pauses the longest is asked for."""
        if delay_s is not None:
            self.delay_s = max(self.delay_s or 0.0, delay_s)


class Rules:
    """One host's rules for us.

    crawl_delay_s: the pause that it asks for, `None` for any. count: how many rules there are.
    """

    def __init__(self, group: _Group | None = None) -> None:
        group = group or _Group()
        self.crawl_delay_s = group.delay_s
        self.count = len(group.plain) + len(group.patterns)
        self._plain = group.plain
        self._lengths = sorted({len(path) for path in group.plain}, reverse=True)
        self._patterns = sorted(
            group.patterns, key=lambda pattern: (pattern.length, pattern.allows), reverse=True
        )

    def allow(self, url: Url) -> bool:
        """Whether the URL may be asked for; `/robots.txt` always may."""
        if url.target.partition("?")[0] == "/robots.txt":
            return True
        target = normal(url.target)
        return max(self._plain_verdict(target), self._pattern_verdict(target), (0, True))[1]

    def _plain_verdict(self, target: str) -> tuple[int, bool]:
        for length in self._lengths:
            if length <= len(target) and (allows := self._plain.get(target[:length])) is not None:
                return length, allows
        return 0, True

    def _pattern_verdict(self, target: str) -> tuple[int, bool]:
        for pattern in self._patterns:
            if pattern.matches(target):
                return pattern.length, pattern.allows
        return 0, True


def parse_rules(body: bytes, agent: str) -> Rules:
    """Read a robots.txt; lines that make no sense are passed over.

    agent: our product token.
    """
    ours: dict[str, _Group] = {}  # only what may hold for us: a file can name thousands
    named: list[_Group] = []
    has_rules = False
    for name, value in _lines(_text(body)):
        if name == "user-agent":
            if has_rules:
                named, has_rules = [], False
            token = _named(value)
            if _rank(token, agent.lower()) is not None:
                named.append(ours.setdefault(token, _Group()))
        elif name in ("allow", "disallow"):
            has_rules = True
            for group in named:
                group.add(value, allows=name == "allow")
        else:
            for group in named:
                group.slow_down(_delay(name, value))
    best = max(ours, key=lambda token: _rank(token, agent.lower()) or 0, default=None)
    return Rules() if best is None else Rules(ours[best])


def agent_token(user_agent: str) -> str:
    """The product token of a User-Agent, such as `scrubber` of `scrubber/1.0 (+https://...)`."""
    words = user_agent.split("/")[0].split()
    return words[0] if words else ""


def normal(path: str) -> str:
    """A path as it is compared: see the module."""
    if "%" in path:
        path = _ESCAPE.sub(_normal_escape, path)
    return quote(path, safe=_PRINTABLE, errors="surrogateescape")


def _normal_escape(match: re.Match[str]) -> str:
    octet = int(match[1], 16)
    return chr(octet) if 0x20 < octet < 0x7F and octet != 0x25 else match[0].upper()


def _text(body: bytes) -> str:
    """UTF-8, of which other octets are kept as they are; or UTF-16 with its mark, as some editors
    save: to us it must not be a file that forbids nothing."""
    return body.decode(encoding_of(body), "replace" if is_utf16(body) else "surrogateescape")


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """The lines that say something: (name, value)."""
    for line in _LINE_END.split(text):
        said = line.partition("#")[0].strip()
        name, colon, value = said.partition(":")
        if not colon:
            name, _, value = said.partition(" ")
        known = _NAMES.get("-".join(name.lower().split()))
        if known is not None:
            yield known, value.strip()


def _named(value: str) -> str:
    """The token that a group names; a star behind it does no harm."""
    token = agent_token(value).lower()
    return token if token == "*" else token.rstrip("*")


def _rank(token: str, agent: str) -> int | None:
    """How well a group's token names us: `None` not at all, 0 as one of all robots."""
    if token == "*":
        return 0
    is_ours = token == agent or agent.startswith((f"{token}-", f"{token}_"))
    return len(token) if token and is_ours else None


def _delay(name: str, value: str) -> float | None:
    """Seconds between two requests, as Crawl-delay or Request-rate ask for them."""
    if name == "request-rate":
        rate = _RATE.match(value)
        if rate is None or not int(rate[1]):
            return None
        return int(rate[2]) * _UNIT_S[rate[3].lower()] / int(rate[1])
    try:
        delay_s = float(value)
    except ValueError:
        return None
    return delay_s if math.isfinite(delay_s) and delay_s >= 0 else None
