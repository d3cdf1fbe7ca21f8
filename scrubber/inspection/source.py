"""Where an inspected page comes from, a file or a URL fetched politely, and where it goes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from scrubber.errors import OutputError, ScrubberError
from scrubber.fetch.local import read_local
from scrubber.inspection.document import render_inspection
from scrubber.models import Article, Page
from scrubber.options import Options
from scrubber.pipeline import scrub_page


def write_inspection(source: str, output: Path, options: Options | None = None) -> None:
    """Write the inspection of a URL or local file to `output`, over what an earlier one left there.

    Raises as `inspect_page` does, and `OutputError`.
    """
    if output.exists() and Path(source).exists() and output.samefile(source):
        raise OutputError(f"{output} is the page that is inspected; choose another name")
    html = inspect_page(source, options)
    try:
        output.write_text(html, encoding="utf-8")
    except OSError as exc:
        raise OutputError(f"{output} cannot be written: {exc.strerror or exc}") from exc


def inspect_page(source: str, options: Options | None = None) -> str:
    """The inspection of a URL or local file as HTML.

    Raises a `ScrubberError` where the page cannot be had or has nothing to read.
    """
    options = options or Options()
    # Comments are asked for so that they are not shown as lost.
    options = replace(options, extract=replace(options.extract, include_comments=True))
    if "://" in source and not Path(source).exists():
        return render_inspection(*asyncio.run(_fetched(source, options)))
    page = read_local(source, Path(source))
    return render_inspection(page, scrub_page(page, options))


async def _fetched(url: str, options: Options) -> tuple[Page, Article]:
    """The page, rendered where `options` ask for it, as it comes or as an empty shell."""
    from scrubber.fetch.fetcher import Fetcher  # loads httpx: not at import time

    async with Fetcher(options.fetch) as fetcher:
        page = await fetcher.fetch(url)
        try:
            return page, scrub_page(page, options)
        except ScrubberError as error:
            if not options.fetch.renders(page, error.kind):
                raise
        page = await fetcher.render(page)
        return page, scrub_page(page, options)
