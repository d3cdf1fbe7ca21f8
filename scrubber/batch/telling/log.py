"""A JSON line for every settled input, for those who watch a job by machine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from scrubber.batch.entries import Outcome
from scrubber.errors import OutputError
from scrubber.logins import without_login


class OutcomeLog:
    """Appends to a file. Raises `OutputError` where it cannot be written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._append("")  # a path that cannot be written is told at once

    def write(self, outcomes: Sequence[Outcome]) -> None:
        """One line for each outcome."""
        self._append("".join([json.dumps(_line(o), ensure_ascii=False) + "\n" for o in outcomes]))

    def _append(self, text: str) -> None:
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError as exc:
            folder = self._path.parent
            why = exc.strerror if folder.is_dir() else f"there is no folder {folder}; make it first"
            raise OutputError(f"{self._path} cannot be written: {why}") from exc


def _line(outcome: Outcome) -> dict[str, object]:
    facts, failure = outcome.facts, outcome.failure
    return {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "url": without_login(outcome.entry.url),
        "outcome": _name(outcome),
        "kind": failure.kind if failure else None,
        "message": failure.message if failure else None,
        "status": failure.status if failure else None,
        "bytes": facts.bytes,
        "fetch_s": round(facts.fetch_s, 4),
        "extract_s": round(facts.extract_s, 4),
        "clean_s": round(facts.clean_s, 4),
    }


def _name(outcome: Outcome) -> str:
    if outcome.not_before is not None:
        return "deferred"
    if outcome.failure is not None:
        return "failed"
    return "done" if outcome.payload is not None else "unchanged"
