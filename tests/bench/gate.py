"""The quality gate: measure scrubber on the annotated pages and hold it to the pinned floors.

    python tests/bench/gate.py            measure, print, exit 1 where a floor is broken
    python tests/bench/gate.py --update   raise floors to what was measured (never lowers one)

Floors stand in `floors.toml`; lowering one is an edit by hand that a reader of the commit sees.
The shipped weights were trained on `wcxb-dev`, so those figures guard against regressions; what
is claimed for unseen sites comes from `python -m scrubber.extract.scorer.train DATA --cv` (pages
of left-out domains) and from `snippets-dev`, on which nothing was trained.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import tomllib
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path

import corpora
from corpora import AnnotatedPage
from scores import PageScore, Summary, score_page, summarise

import scrubber

FLOORS = Path(__file__).with_name("floors.toml")
_SLACK = 0.002  # a floor is pinned this far below the measured figure: libraries' versions differ
_SPEED_STEP = 8  # every eighth page is timed: enough for a mean, short enough for every run

Figures = dict[str, float]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", action="store_true", help="raise floors to what was measured")
    parser.add_argument("--no-speed", action="store_true", help="skip the timing")
    arguments = parser.parse_args()
    if not corpora.available():
        print(f"gate: skipped, no annotated pages at {corpora.DATA}")
        return 0
    figures = measure_quality()
    figures |= measure_metadata()
    if not arguments.no_speed:
        figures |= measure_speed()
    if arguments.update:
        raise_floors(figures)
    return check_floors(figures)


# ---- measuring ---------------------------------------------------------------------------------


def measure_quality() -> Figures:
    """Body figures on both sets, by page type."""
    figures: Figures = {}
    with ProcessPoolExecutor() as pool:
        wcxb = list(pool.map(_score, _truthful(corpora.wcxb_pages()), chunksize=8))
        stripped = list(pool.map(_score_stripped, _truthful(corpora.wcxb_pages()), chunksize=8))
        snippets = list(pool.map(_score, corpora.snippet_pages(), chunksize=8))
    print(f"{'':24}{'pages':>6}{'F1':>7}{'prec':>7}{'rec':>7}{'with':>7}{'left':>7}")
    for page_type in sorted({score.page_type for score in wcxb}):
        chosen = [score for score in wcxb if score.page_type == page_type]
        figures |= _show(f"wcxb.{page_type}", summarise(chosen))
    figures |= _show("wcxb.all", summarise(wcxb))
    figures |= _show("wcxb_stripped.all", summarise(stripped))
    figures |= _show("snippets.all", summarise(snippets))
    figures["snippets.all.snippet_f1"] = summarise(snippets).snippet_f1
    print(f"snippet F1 {figures['snippets.all.snippet_f1']:.4f}")
    return figures


def measure_metadata() -> Figures:
    """Title, author and date figures of article pages; see `metadata_scores.py`."""
    from metadata_scores import measure

    return measure()


def measure_speed() -> Figures:
    """CPU per page: bytes to finished record, beside trafilatura and the bare parse."""
    import trafilatura
    from selectolax.lexbor import LexborHTMLParser

    first, *pages = islice(corpora.wcxb_pages(), 0, None, _SPEED_STEP)
    _scrub(first)  # what each loads on its first page is no cost of a page
    trafilatura.bare_extraction(first.html.decode("utf-8", "replace"), with_metadata=True)
    ours = theirs = bare = 0.0
    for page in pages:  # page by page, so that all three see the same machine
        text = page.html.decode("utf-8", "replace")
        ours += _cpu_s(lambda page=page: _scrub(page))
        theirs += _cpu_s(
            lambda text=text, page=page: trafilatura.bare_extraction(
                text, url=page.url, with_metadata=True, include_formatting=True
            )
        )
        bare += _cpu_s(lambda text=text: LexborHTMLParser(text))
    count = len(pages)
    print(
        f"CPU ms/page over {count} pages: scrubber {1e3 * ours / count:.2f}, "
        f"trafilatura {1e3 * theirs / count:.2f}, Lexbor parse {1e3 * bare / count:.2f}"
    )
    return {"speed.times_trafilatura": theirs / ours, "speed.ms": 1e3 * ours / count}


def _cpu_s(work: object) -> float:
    start = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - start


def _truthful(pages: Iterable[AnnotatedPage]) -> Iterator[AnnotatedPage]:
    return (page for page in pages if page.truth is not None)


def _scrub(page: AnnotatedPage, html: bytes | str | None = None) -> scrubber.Article | None:
    try:
        return scrubber.scrub_html(html or page.html, page.url)
    except scrubber.ScrubberError:
        return None


def _score(page: AnnotatedPage, html: bytes | str | None = None) -> PageScore:
    article = _scrub(page, html)
    text = article.text if article else ""
    return score_page(text, page.truth, page.present, page.absent, page.page_type)


def _score_stripped(page: AnnotatedPage) -> PageScore:
    return _score(page, strip_scripts(page.html))


def strip_scripts(html: bytes) -> bytes:
    """The page as an archive would have saved it: without its `<script>` elements."""
    return re.sub(rb"(?is)<script\b.*?</script\s*>", b"", html)


def _show(name: str, summary: Summary) -> Figures:
    print(
        f"{name:24}{summary.pages:6}{summary.f1:7.3f}{summary.precision:7.3f}"
        f"{summary.recall:7.3f}{summary.with_rate:7.3f}{summary.without_left:7.3f}"
    )
    return {
        f"{name}.f1": summary.f1,
        f"{name}.with_rate": summary.with_rate,
        f"{name}.without_left": summary.without_left,
    }


# ---- holding -----------------------------------------------------------------------------------


def check_floors(figures: Figures) -> int:
    """Print each broken floor; 1 if there is one, else 0."""
    floors = tomllib.loads(FLOORS.read_text("utf-8"))
    broken = [
        f"{name} is {figures[name]:.4f}, floor {floor}"
        for name, floor in floors.get("at_least", {}).items()
        if name in figures and figures[name] < floor
    ] + [
        f"{name} is {figures[name]:.4f}, ceiling {ceiling}"
        for name, ceiling in floors.get("at_most", {}).items()
        if name in figures and figures[name] > ceiling
    ]
    print("\n".join(["gate: BROKEN", *broken]) if broken else "gate: every floor holds")
    return int(bool(broken))


def raise_floors(figures: Figures) -> None:
    """Rewrite `floors.toml` with the better of what is pinned and what was measured."""
    floors = tomllib.loads(FLOORS.read_text("utf-8"))
    tables: dict[str, Figures] = {"at_least": {}, "at_most": {}}
    for name, value in figures.items():
        if name.startswith("speed."):
            continue  # speed floors are ratios pinned by hand: machines differ
        if name.endswith(("_left", "false_rate", "invented_rate")):
            tables["at_most"][name] = round(value + _SLACK, 4)
        elif not name.endswith(".f1") or value > 0:
            tables["at_least"][name] = round(value - _SLACK, 4)
    for table, better in (("at_least", max), ("at_most", min)):
        for name, pinned in floors.get(table, {}).items():
            tables[table][name] = better(pinned, tables[table].get(name, pinned))
    FLOORS.write_text("".join(_table(name, rows) for name, rows in tables.items()), "utf-8")


def _table(name: str, rows: Figures) -> str:
    lines = [f'"{key}" = {rows[key]}' for key in sorted(rows)]
    return "\n".join([f"[{name}]", *lines, "\n"])


if __name__ == "__main__":
    sys.exit(main())
