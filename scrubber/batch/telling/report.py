"""What a batch has come to, read from its journal; during the run as well as after it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from scrubber.batch.books.journal import DONE, FAILED, Journal
from scrubber.batch.books.ledger import journal_path, report_path
from scrubber.errors import OutputError

_SLOWEST = 10
_PERCENTILES = (50, 95, 99)
_STAGES = ("fetch", "extract", "clean", "write")

Report = dict[str, Any]


def read_report(output: Path) -> Report:
    """The report of an output. Raises `OutputError` where it has no journal."""
    path = journal_path(output)
    if not path.exists():
        raise OutputError(f"{output} has no journal: {path} does not exist")
    journal = Journal(path, read_only=True)
    try:
        return make_report(journal)
    finally:
        journal.close()


def write_report(journal: Journal, output: Path, run: dict[str, Any]) -> None:
    """Write `OUT.report.json`. run: what only this run knows, such as its duration."""
    path = report_path(output)
    temporary = path.with_name(path.name + ".tmp")
    report = {**make_report(journal), "run": run}
    text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as exc:
        raise OutputError(f"{path} cannot be written: {exc.strerror}") from exc


def make_report(journal: Journal) -> Report:
    """Counts by state, failure kind, page type and language; times; the slowest hosts.

    seconds: of each page or record in a stage. fetch: as the server took, or to read a file;
    write: to encode a record, and its share of what was written durably with it.
    """
    return {
        "inputs": journal.counts(),
        "unchanged": journal.query("SELECT count(*) FROM entry WHERE unchanged_at > 0")[0][0],
        "duplicates": journal.query("SELECT count(*) FROM duplicate")[0][0],
        "failures": journal.failure_counts(),
        "page_types": _counts(journal, "page_type"),
        "languages": _counts(journal, "language"),
        "bytes": journal.query("SELECT coalesce(sum(bytes), 0) FROM entry")[0][0],
        "seconds": {stage: _percentiles(journal, f"{stage}_s") for stage in _STAGES},
        "slowest_hosts": _slowest_hosts(journal),
    }


def _counts(journal: Journal, column: str) -> dict[str, int]:
    rows = journal.query(
        f"SELECT coalesce({column}, 'unknown'), count(*) FROM entry"
        f" WHERE state = {DONE} GROUP BY 1 ORDER BY 2 DESC"
    )
    return dict(rows)


def _percentiles(journal: Journal, column: str) -> dict[str, float]:
    where = f"FROM entry WHERE {column} > 0"
    total = journal.query(f"SELECT count(*) {where}")[0][0]
    if not total:
        return {}
    ranks = [min(total, total * percent // 100 + 1) for percent in _PERCENTILES]
    ranked = f"SELECT {column}, row_number() OVER (ORDER BY {column}) AS rank {where}"
    places = ",".join("?" * len(ranks))
    by_rank = dict(
        journal.query(f"SELECT rank, {column} FROM ({ranked}) WHERE rank IN ({places})", ranks)
    )
    return {
        f"p{percent}": round(by_rank[rank], 6)
        for percent, rank in zip(_PERCENTILES, ranks, strict=True)
    }


def _slowest_hosts(journal: Journal) -> list[dict[str, Any]]:
    rows = journal.query(
        "SELECT host, count(*), avg(fetch_s), sum(state = ?) FROM entry"
        " WHERE host <> '' AND fetch_s > 0 GROUP BY host ORDER BY 3 DESC LIMIT ?",
        (FAILED, _SLOWEST),
    )
    return [
        {"host": host, "pages": pages, "mean_s": round(mean, 4), "failed": failed}
        for host, pages, mean, failed in rows
    ]


def describe_report(report: Report) -> str:
    """The report for people."""
    inputs = report["inputs"]
    lines = [
        "inputs      "
        + (", ".join(f"{count:,} {name}" for name, count in inputs.items() if count) or "none")
    ]
    noted = [name for name in ("duplicates", "unchanged") if report[name]]
    lines.extend(f"{name:<11} {report[name]:,}" for name in noted)
    for name in ("failures", "page_types", "languages"):
        if report[name]:
            counted = ", ".join(
                f"{count:,} {key}" for key, count in list(report[name].items())[:12]
            )
            lines.append(f"{name.replace('_', ' '):<11} {counted}")
    for stage, times in report["seconds"].items():
        if times:
            shown = ", ".join(f"{name} {1000 * seconds:,.1f} ms" for name, seconds in times.items())
            lines.append(f"{stage:<11} {shown}")
    lines.extend(
        f"slow host   {host['host']}: {host['mean_s']:.2f} s a page, {host['pages']:,} pages"
        for host in report["slowest_hosts"]
    )
    return "\n".join(lines)
