"""What all records of one output have in common: an output cannot change half-way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from scrubber.batch.options import BatchOptions
from scrubber.options import Options

Settings = dict[str, Any]  # by name, as JSON

_FLAGS: Final = ("fields", "site_memory", "engine")  # of the command line
_BEFORE_IT_WAS_KEPT: Final = {"site_memory": False}


def settings_of(format: str, options: Options, batch: BatchOptions) -> Settings:
    """What shapes a record once its page is there. How pages are had may change on the way."""
    reading = {
        option.name: getattr(stage, option.name)
        for stage in (options.extract, options.clean)
        for option in fields(stage)
    }
    settings = {"format": format, "fields": batch.fields, "site_memory": batch.site_memory}
    plain: Settings = json.loads(json.dumps({**settings, **reading}, default=_plain))
    return plain


def changed(before: Settings, now: Settings) -> str:
    """How an output was begun, of all that is another now; empty where nothing is."""
    before = {**now, **_BEFORE_IT_WAS_KEPT, **before}
    return " and ".join(_told(name, before[name]) for name in now if before[name] != now[name])


def _told(name: str, value: Any) -> str:
    flag = f"--{name.replace('_', '-')}"
    if name not in _FLAGS:
        return f"{name} {value!r}"
    if not value:
        return f"no {flag}"
    return flag if value is True else f"{flag} {','.join(value) if name == 'fields' else value}"


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else sorted(value)
