"""Rewrite expectations from what the program gives now, and print the difference to be read.

    python -m tests.golden                   print the differences, change nothing
    python -m tests.golden --update [NAME]   rewrite, of all cases or of those whose name holds NAME
    python -m tests.golden --gaps            compare known_gaps.toml with what fails now

An expectation says what the page says. Where the difference shows the program at fault, put the
file back and mend the program.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from difflib import unified_diff

from scrubber import ScrubberError

from .cases import (
    Case,
    all_cases,
    as_text,
    expectation,
    failing_checks,
    known_gaps,
    outcome,
    refreshed,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print (and with `--update` write) every difference; 1 where there is any."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("name", nargs="?", default="", help="only cases whose name holds this")
    parser.add_argument("--update", action="store_true", help="rewrite the expectations")
    parser.add_argument("--gaps", action="store_true", help="compare the list of known gaps")
    options = parser.parse_args(arguments)
    cases = [case for case in all_cases() if options.name in case.name]
    if options.gaps:
        return _compare_gaps(cases)
    written = [case for case in cases if case.expected != case.source]  # marked: by hand
    changed = [_renew(case, options.update) for case in written]
    sys.stdout.write(f"{sum(changed)} of {len(changed)} cases differ\n")
    return 1 if any(changed) else 0


def _compare_gaps(cases: Sequence[Case]) -> int:
    """Print listed gaps that have closed and failures that are not listed; 1 where there is any."""
    names = {case.name for case in cases}
    listed = {check for check in known_gaps() if check.rpartition(":")[0] in names}
    failing = failing_checks(list(cases))
    sys.stdout.writelines(f"closed, take it out: {check}\n" for check in sorted(listed - failing))
    sys.stdout.writelines(f"fails, not listed: {check}\n" for check in sorted(failing - listed))
    sys.stdout.write(f"{len(listed & failing)} known gaps are still open\n")
    return 1 if listed != failing else 0


def _renew(case: Case, update: bool) -> bool:
    """Show how one case differs; whether it does."""
    expected = expectation(case)
    try:
        after = as_text(refreshed(expected, outcome(case)))
    except ScrubberError as error:
        sys.stdout.write(f"{case.name} gives no record: {error}\n")
        return True
    before = as_text(expected)
    if before == after:
        return False
    lines = unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), case.name, case.name
    )
    sys.stdout.writelines(lines)
    if update:
        case.expected.write_text(after, encoding="utf-8")
    return True


if __name__ == "__main__":
    sys.exit(main())
