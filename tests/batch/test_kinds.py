"""The README's table of failure kinds holds every kind that the code can give."""

from __future__ import annotations

import re
from pathlib import Path

from scrubber.errors import FAILURE_KINDS
from scrubber.extract.standins import _KINDS

ROOT = Path(__file__).resolve().parents[2]
_KIND = re.compile(r'(?:kind=|kind = |default_kind = |bad_entry\(.*?, |_lost\(.*?, )"([a-z_]+)"')
_OF_THE_WHOLE_JOB = {
    *("output_failed", "output_locked", "output_exists", "output_settings"),
    "workers_unavailable",
}
_OF_NO_INPUT = {"error"}  # the base of all errors is never raised itself


def test_every_failure_kind_stands_in_the_readme() -> None:
    files = [
        ROOT / "scrubber/errors.py",
        *ROOT.glob("scrubber/fetch/*.py"),
        *ROOT.glob("scrubber/batch/**/*.py"),
    ]
    given = {kind for file in files for kind in _KIND.findall(file.read_text())}
    given |= set(_KINDS)
    readme = (ROOT / "README.md").read_text()
    told = set(re.findall(r"`([a-z_0-9]+)`", readme.partition("| stage | `kind` | why |")[2]))
    assert given - told - _OF_THE_WHOLE_JOB - _OF_NO_INPUT == set()
    assert set(FAILURE_KINDS) == given - _OF_THE_WHOLE_JOB - _OF_NO_INPUT
