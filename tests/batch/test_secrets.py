"""What a batch writes beside its journal holds no password of its inputs."""

from __future__ import annotations

import io
import json
import stat
from pathlib import Path

from batching import LOCAL, Site, run

from scrubber.batch import BatchOptions
from scrubber.batch.books.ledger import failures_path, journal_path
from scrubber.batch.dryrun import dry_run


def with_login(url: str) -> str:
    return url.replace("://", "://user:s3cret@")


def test_only_the_journal_knows_passwords_and_only_its_owner_reads_it(
    tmp_path: Path, site: Site
) -> None:
    urls = [
        with_login(site.url("/page/1")),
        with_login(site.url("/gone")),
        with_login("http://[x]/"),
        "http://user:s3cret@127.0.0.1/with a space",
        "user:s3cret@127.0.0.1/",
        with_login(site.url("/no.xml")),
    ]
    listed, folder = tmp_path / "urls.lst", tmp_path / "out"
    listed.write_text("\n".join(urls[:5]))
    folder.mkdir()
    out = folder / "out.jsonl"
    summary = run([str(listed), urls[5]], out, log=folder / "log.jsonl")
    assert (summary.done, summary.failed) == (1, 5)
    journal = journal_path(out)
    for path in folder.iterdir():
        assert (b"s3cret" in path.read_bytes()) == (path == journal)
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    told = {json.loads(line)["url"] for line in failures_path(out).read_text().splitlines()}
    assert site.url("/gone") in told
    assert site.url("/no.xml") in told


def test_login_is_still_sent_and_told_apart_when_failures_are_retried(
    tmp_path: Path, site: Site
) -> None:
    inputs = [with_login(site.url("/gone")), site.url("/gone")]
    out = tmp_path / "out.jsonl"
    assert run(inputs, out).failed == 2
    heard: list[str | None] = []

    def answer(request: object, visit: int) -> None:
        heard.append(request.headers["Authorization"])  # type: ignore[attr-defined]
        request.send_error(410)  # type: ignore[attr-defined]

    site.answers["/gone"] = answer
    assert run(inputs, out, retry_failed="http_status").failed == 2
    assert sorted(heard, key=bool) == [None, "Basic dXNlcjpzM2NyZXQ="]


def test_plan_shows_no_password(site: Site) -> None:
    out = io.StringIO()
    urls = [
        with_login(site.url("/page/1")),
        with_login(site.url("/page/1#top")),
        with_login("http://[x]/"),
    ]
    dry_run(urls, LOCAL, BatchOptions(), out)
    assert [json.loads(line)["verdict"] for line in out.getvalue().splitlines()] == [
        "fetch",
        "invalid_url",
        "duplicate",
    ]
    assert "s3cret" not in out.getvalue()
