"""Every sample and every defect case gives the record that was written for it by hand.

Truths that the program does not reach yet stand in golden/known_gaps.toml, each with its cause,
and must fail until their line is taken out.
"""

from __future__ import annotations

import pytest
from golden.cases import Case, all_cases, differences, expectation, fields, known_gaps, outcome

KNOWN_GAPS = known_gaps()


def _checks() -> list[object]:
    """One parameter set a case and field."""
    checks: list[object] = []
    for case in all_cases():
        keys = fields(expectation(case)) if case.expected.exists() else [""]
        for key in keys:
            gap = KNOWN_GAPS.get(f"{case.name}:{key}")
            marks = [pytest.mark.xfail(strict=True, reason=gap)] if gap else []
            checks.append(pytest.param(case, key, id=f"{case.name}:{key}", marks=marks))
    return checks


@pytest.mark.parametrize(("case", "key"), _checks())
def test_page_gives_its_record(case: Case, key: str) -> None:
    assert case.expected.exists(), f"nobody wrote {case.expected}"
    found = differences(key, expectation(case), outcome(case))
    assert not found, "\n".join(found)


def test_known_gaps_name_existing_checks() -> None:
    checks = {f"{case.name}:{key}" for case in all_cases() for key in fields(expectation(case))}
    assert not set(KNOWN_GAPS) - checks
