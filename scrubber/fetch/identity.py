"""Per-host headers, cookies and passwords, from a file that only its owner can read.

    [hosts."intranet.example"]            # this name; ".example.org" means all names below
    bearer = "..."                        # or: user = "...", password = "..."
    headers = { X-Team = "corpus" }
    cookies = { session = "..." }

They are sent to these hosts only, over https unless `plain = true`, and never logged.
"""

from __future__ import annotations

import base64
import os
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from scrubber.errors import InputError
from scrubber.fetch.urls import Url

_KEYS: Final = frozenset({"bearer", "user", "password", "headers", "cookies", "plain"})


@dataclass(frozen=True, slots=True)
class Identity:
    """What one host is told. headers: secrets, hidden from repr."""

    headers: Mapping[str, str] = field(repr=False)
    plain: bool = False  # also over http


class Identities:
    """The identities of one fetcher; without a file there are none."""

    def __init__(self, by_host: Mapping[str, Identity] | None = None) -> None:
        self._by_host = by_host or {}

    def headers_for(self, url: Url) -> Mapping[str, str]:
        """The headers that this URL's origin, and no other, is to be sent."""
        if not self._by_host and url.login is None:
            return {}
        headers = dict(_NOTHING if url.login is None else basic(*url.login))
        identity = self._find(url.host)
        if identity is not None and (url.scheme == "https" or identity.plain):
            headers.update(identity.headers)
        return headers

    def _find(self, host: str) -> Identity | None:
        labels = host.split(".")
        names = [host, *("." + ".".join(labels[i:]) for i in range(1, len(labels)))]
        return next((self._by_host[name] for name in names if name in self._by_host), None)


def read_identities(path: str | os.PathLike[str]) -> Identities:
    """Read a hosts file. Raises InputError where it is unreadable, malformed or not private."""
    file = Path(path)
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
                raise InputError(f"{file} holds secrets but others may read it: chmod 600 it")
            data = tomllib.load(opened)
    except OSError as exc:
        raise InputError(f"{file} cannot be read: {exc.strerror}", kind="unreadable_file") from exc
    except ValueError as exc:  # the reason would quote the file
        raise InputError(f"{file} is not valid TOML") from exc
    hosts = data.get("hosts")
    if not isinstance(hosts, dict):
        raise InputError(f'{file} has no table such as [hosts."example.org"]')
    return Identities({name.lower(): _identity(file, name, host) for name, host in hosts.items()})


def basic(user: str, password: str) -> dict[str, str]:
    """The header of HTTP basic authentication."""
    token = base64.b64encode(f"{user}:{password}".encode()).decode("ascii")
    return {"authorization": f"Basic {token}"}


_NOTHING: Final[dict[str, str]] = {}


def _identity(file: Path, name: str, entry: Any) -> Identity:
    if not isinstance(entry, dict) or set(entry) - _KEYS:
        raise InputError(f"{file}: host {name!r} may only have {', '.join(sorted(_KEYS))}")
    headers = {key.lower(): value for key, value in dict(entry.get("headers", {})).items()}
    if "user" in entry:
        headers.update(basic(str(entry["user"]), str(entry.get("password", ""))))
    if "bearer" in entry:
        headers["authorization"] = f"Bearer {entry['bearer']}"
    if entry.get("cookies"):
        headers["cookie"] = "; ".join(f"{key}={value}" for key, value in entry["cookies"].items())
    if not all(isinstance(value, str) and _is_header(value) for value in headers.values()):
        raise InputError(f"{file}: host {name!r} has a value that cannot be a header")
    return Identity(headers, plain=bool(entry.get("plain", False)))


def _is_header(value: str) -> bool:
    return value.isprintable() and value.isascii()
