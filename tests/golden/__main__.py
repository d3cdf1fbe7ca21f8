"""Rewrite expectations from what the program gives now, and print the difference to be read.

    python -m tests.golden                   print the differences, change nothing
    python -m tests.golden --update [NAME]   rewrite, of all cases or of those whose name holds NAME

An expectation says what the page says. Where the difference shows the program at fault, put the
file back and mend the program.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from difflib import unified_diff

from .cases import Case, all_cases, as_text, expectation, outcome, refreshed


def main(arguments: Sequence[str] | None = None) -> int:
    """Print (and with `--update` write) every difference; 1 where there is any."""
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("name", nargs="?", default="", help="only cases whose name holds this")
    parser.add_argument("--update", action="store_true", help="rewrite the expectations")
    options = parser.parse_args(arguments)
    changed = [_renew(case, options.update) for case in all_cases() if options.name in case.name]
    sys.stdout.write(f"{sum(changed)} of {len(changed)} cases differ\n")
    return 1 if any(changed) else 0


def _renew(case: Case, update: bool) -> bool:
    """Show how one case differs; whether it does."""
    expected = expectation(case)
    before, after = as_text(expected), as_text(refreshed(expected, outcome(case)))
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
