"""The command line: arguments to options, results to exit codes; no logic of its own.

Exit codes: 0 every input gave a record, 1 some did not, 2 wrong usage or an output that cannot be
written, 130 and 143 stopped by Ctrl-C and SIGTERM.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.errors import FAILURE_KINDS, ScrubberError
from scrubber.textfile import let_go

if TYPE_CHECKING:
    from scrubber.batch import BatchOptions
    from scrubber.models import Article
    from scrubber.options import Options

EXIT_FAILED, EXIT_USAGE = 1, 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    _open_what_is_closed()
    args = build_parser().parse_args(argv)
    try:
        code = int(args.run(args))
        sys.stdout.flush()  # here, where what goes wrong can be told
        return code
    except ScrubberError as error:
        print(f"scrubber: {error.message}", file=sys.stderr)
        return EXIT_USAGE if error.stage in ("input", "output") else EXIT_FAILED
    except BrokenPipeError:
        let_go(sys.stdout)
        return EXIT_FAILED
    except OSError as error:
        # Files that are read or written have errors of their own, but for names that no file can
        # have: what names none is standard output.
        if error.filename is None:
            let_go(sys.stdout)
        failed = error.filename or "the output cannot be written"
        print(f"scrubber: {failed}: {error.strerror or error}", file=sys.stderr)
        return EXIT_USAGE
    except KeyboardInterrupt:
        return 130


def _open_what_is_closed() -> None:
    """A job may be started without standard streams, whose numbers its own files must not get."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115 - to the end
            setattr(sys, name, stream)


# ---- commands ----------------------------------------------------------------------------------


def run(args: argparse.Namespace) -> int:
    """`scrubber run INPUT... -o OUT`."""
    if args.dry_run:
        from scrubber.batch.dryrun import describe_plan, dry_run, refused

        verdicts = dry_run(args.inputs, _options(args), _batch_options(args), sys.stdout)
        print(f"scrubber: {describe_plan(verdicts)}", file=sys.stderr)
        return int(refused(verdicts) > 0)
    from scrubber.batch.workers.spawn import Nursery

    with Nursery() as nursery:  # before the rest is loaded, so that both load at once
        from scrubber.batch.engine import run_batch
        from scrubber.batch.heap import give_back_large_buffers
        from scrubber.batch.telling.progress import open_display

        give_back_large_buffers()
        summary = run_batch(
            args.inputs, args.output, _options(args), _batch_options(args), open_display, nursery
        )
    if not summary.done + summary.failed + summary.waiting:
        print("scrubber: nothing to read was found in what INPUT names", file=sys.stderr)
    if summary.stopped is not None:
        left = f"{summary.waiting:,} {'input waits' if summary.waiting == 1 else 'inputs wait'}"
        left += "" if summary.all_read else ", others are not read yet"
        why = f"by {summary.stopped}"
        if summary.stopped == "max_failures":
            why = f"by --max-failures {args.max_failures}"
        told = f"{left}; the same command goes on with them"
        print(f"scrubber: stopped {why}: {told}", file=sys.stderr)
    return summary.exit_code


def get(args: argparse.Namespace) -> int:
    """`scrubber get URL_OR_FILE`."""
    print(_shown(_article(args), args.shape))
    return 0


def clean(args: argparse.Namespace) -> int:
    """`scrubber clean FILE|-`."""
    from scrubber.clean.stream import clean_command

    return int(clean_command(args))


def inspect(args: argparse.Namespace) -> int:
    """`scrubber inspect PAGE`."""
    from scrubber.inspection import write_inspection

    write_inspection(args.page, Path(args.output), _options(args))
    return 0


def report(args: argparse.Namespace) -> int:
    """`scrubber report OUT`."""
    from scrubber.batch.telling.report import describe_report, read_report

    found = read_report(Path(args.output))
    if args.json:
        import json

        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        print(describe_report(found))
    return 0


# ---- steps -------------------------------------------------------------------------------------


def _article(args: argparse.Namespace) -> Article:
    from scrubber.batch.sources.urls import has_scheme
    from scrubber.pipeline import scrub, scrub_page

    options = _options(args)
    if has_scheme(args.page) and not Path(args.page).exists():
        return scrub(args.page, options)
    from scrubber.fetch.local import read_local

    return scrub_page(read_local(args.page, Path(args.page)), options)


def _shown(article: Article, shape: str) -> str:
    if shape == "json":
        return article.model_dump_json(indent=2)
    body = article.text if shape == "text" else article.markdown
    if not article.title:
        return body
    return f"{article.title}\n\n{body}" if shape == "text" else f"# {article.title}\n\n{body}"


def _options(args: argparse.Namespace) -> Options:
    from scrubber.extract import ExtractOptions
    from scrubber.fetch import FetchOptions
    from scrubber.options import Options

    given = {
        "delay_s": args.delay,
        "timeout_s": args.timeout,
        "contact": args.contact,
        "hosts_file": args.hosts_file,
        "allow_hosts": args.allow_host,
        "allow_networks": args.allow_network,
        "proxy": args.proxy,
        "from_address": args.sender,
        "warc": args.warc,
        "render": args.render,
        "browser": args.browser,
    }
    fetch = FetchOptions(
        respect_robots=not args.ignore_robots,
        allow_private=args.allow_private,
        **{name: value for name, value in given.items() if value is not None},
    )
    options = Options(fetch=fetch)
    if args.engine:
        options = replace(options, extract=ExtractOptions(engine=args.engine))
    if getattr(args, "concurrency", None):
        options = replace(options, concurrency=args.concurrency)
    return options


def _batch_options(args: argparse.Namespace) -> BatchOptions:
    from scrubber.batch import BatchOptions

    return BatchOptions(
        workers=args.workers,
        deadline_s=args.deadline,
        memory_mb=args.memory,
        restart=args.restart,
        retry_failed=args.retry_failed,
        fields=args.fields,
        ordered=args.ordered,
        column=args.column,
        input_type=args.input_type,
        since=args.since,
        max_failures=args.max_failures,
        log=args.log,
        refresh=args.refresh,
        address_delay_s=args.address_delay,
        archive_base=args.archive_base,
        site_memory=args.site_memory,
    )


# ---- arguments ---------------------------------------------------------------------------------


def build_parser() -> argparse.ArgumentParser:
    """All commands and their flags."""
    parser = argparse.ArgumentParser(
        prog="scrubber", description="URLs, HTML pages or text in, clean article records out."
    )
    parser.add_argument("--version", action=_Version)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_run(commands)
    _add_get(commands)
    _add_clean(commands)
    _add_inspect(commands)
    _add_report(commands)
    return parser


class _Version(argparse.Action):
    """Looked up only when asked for."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="show the version and exit")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        import scrubber

        print(f"scrubber {scrubber.__version__}")
        parser.exit()


def _command(commands: argparse._SubParsersAction, run, help: str) -> argparse.ArgumentParser:  # type: ignore[no-untyped-def,type-arg]
    parser: argparse.ArgumentParser = commands.add_parser(run.__name__, help=help, description=help)
    parser.set_defaults(run=run)
    return parser


def _add_run(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = _command(commands, run, "Bring many inputs to records, resumable at any moment.")
    add = parser.add_argument
    add(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="URL; list of URLs or of pages beside it (- for stdin); CSV, TSV, JSONL or Parquet"
        " with a URL column; sitemap or feed; local page or folder of pages; WARC, WET or WACZ"
        " file; CDX index of such",
    )
    add(
        "-o",
        "--output",
        required=True,
        type=Path,
        metavar="OUT",
        help="by suffix: .jsonl .jsonl.gz .jsonl.zst .csv .parquet .sqlite .md (a folder)",
    )
    add("--concurrency", type=_positive, metavar="N", help="pages under way at once (64)")
    add("--workers", type=_positive, metavar="N", help="extraction processes (one a core)")
    add("--restart", action="store_true", help="begin anew and overwrite OUT")
    add(
        "--retry-failed",
        nargs="?",
        const=True,
        default=False,
        type=_kind,
        metavar="KIND",
        help="take failures up again, all or those of one kind",
    )
    add("--fields", type=_names, metavar="A,B", help="the record's fields to write")
    add("--ordered", action="store_true", help="write in input order")
    add("--column", metavar="NAME", help="the column of a table that holds the URL (url)")
    add(
        "--input-type",
        choices=(
            *("list", "csv", "tsv", "jsonl", "parquet", "page", "folder", "sitemap", "feed"),
            *("archive", "index"),
        ),
        help="what INPUT is, where its name does not say",
    )
    add("--since", type=_moment, metavar="DATE", help="only sitemap and feed entries from then on")
    add("--max-failures", type=_positive, metavar="N", help="stop after more than N failures")
    add("--dry-run", action="store_true", help="say what would be fetched; write nothing")
    add("--refresh", action="store_true", help="ask again for done URLs and add what changed")
    add(
        "--address-delay",
        type=_seconds,
        metavar="S",
        help="between requests to one IP address, whatever hosts they are for (as --delay)",
    )
    add("--log", type=Path, metavar="FILE", help="append a JSON line for every settled input")
    add(
        "--site-memory",
        action="store_true",
        help="take out what each site repeats on its pages; OUT is written when all are read",
    )
    add("--archive-base", metavar="URL", help="what file names in a CDX index are relative to")
    add(
        "--deadline",
        type=_some_seconds,
        default=30.0,
        metavar="S",
        help="for extracting one page (30)",
    )
    add("--memory", type=_positive, default=1024, metavar="MB", help="a worker may take (1024)")
    _add_stages(parser)


def _add_get(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = _command(commands, get, "Print the article of one URL or local page.")
    parser.add_argument("page", metavar="URL_OR_FILE")
    _add_shapes(parser)
    _add_stages(parser)


def _add_clean(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = _command(commands, clean, "Clean text that was extracted already.")
    parser.add_argument("page", metavar="FILE", help="- for standard input")
    parser.add_argument("--field", metavar="NAME", help="FILE is JSON Lines; clean this field")
    parser.add_argument("--language", metavar="TAG", help="where it is known, such as de")
    _add_shapes(parser)


def _add_shapes(parser: argparse.ArgumentParser) -> None:
    shapes = parser.add_mutually_exclusive_group()
    for shape in ("markdown", "text", "json"):
        shapes.add_argument(f"--{shape}", dest="shape", action="store_const", const=shape)
    parser.set_defaults(shape="markdown")


def _add_inspect(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = _command(commands, inspect, "Show on a page what is kept and what goes, and why.")
    parser.add_argument("page", metavar="PAGE", help="URL or local page")
    parser.add_argument("-o", "--output", default="inspection.html", metavar="OUT.html")
    _add_stages(parser)


def _add_report(commands: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parser = _command(commands, report, "Show what a batch has come to, during or after it.")
    parser.add_argument("output", metavar="OUT", help="the batch's output")
    parser.add_argument("--json", action="store_true", help="as JSON")


def _add_stages(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--delay", type=_seconds, metavar="S", help="between requests to one host (1)")
    add("--timeout", type=_some_seconds, metavar="S", help="for one whole request (60)")
    add("--allow-private", action="store_true", help="open loopback and private addresses")
    add("--allow-host", type=_names, metavar="A,.B", help="open these names, and all below .B")
    add("--allow-network", type=_names, metavar="A/N", help="open these networks, all ports")
    add("--proxy", metavar="URL", help="http://host:port; no environment variable is looked at")
    add("--ignore-robots", action="store_true", help="do not ask robots.txt")
    add("--contact", metavar="URL", help="where site owners reach you; goes into the User-Agent")
    add("--from", dest="sender", metavar="MAIL", help="address for the From header")
    add("--hosts-file", metavar="TOML", help="headers, cookies and passwords per host")
    add(
        "--render",
        choices=("never", "auto", "always"),
        help="run scripts in Chromium: never (default), auto (only empty shells), always",
    )
    add("--browser", metavar="PATH", help="the Chromium for --render (the system's)")
    add("--warc", metavar="FILE", help="append every request and answer to this .warc.gz")
    add("--engine", choices=("blocks", "trafilatura"), help="who extracts")


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text)):
        raise argparse.ArgumentTypeError(f"must be a whole number, 1 or more, not {text}")
    return int(text)


def _seconds(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not 0 <= number < 1e9:
        raise argparse.ArgumentTypeError(f"must be 0 or more seconds, not {text}")
    return number


def _some_seconds(text: str) -> float:
    number = _seconds(text)
    if not number:
        raise argparse.ArgumentTypeError("must be more than 0 seconds")
    return number


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise argparse.ArgumentTypeError("must name something")
    return names


def _kind(text: str) -> str:
    if text not in FAILURE_KINDS:
        known = ", ".join(FAILURE_KINDS)
        raise argparse.ArgumentTypeError(
            f"no failure is of the kind {text!r}; an INPUT stands before --retry-failed, and kinds"
            f" are {known}"
        )
    return text


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no date such as 2026-01-31") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    sys.exit(main())
