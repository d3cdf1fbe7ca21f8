"""Where an inspected page comes from: a local file, or an address that is fetched politely."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from scrubber.errors import InputError
from scrubber.fetch.charset import decode_html
from scrubber.inspection.document import render_inspection
from scrubber.models import Page
from scrubber.pipeline import Options, scrub_page


def inspect_page(source: str, options: Options | None = None) -> str:
    """The inspection of a URL or local file as HTML.

    Raises a `ScrubberError` where the page cannot be had or has nothing to read.
    """
    options = options or Options()
    page = asyncio.run(_fetched(source, options)) if "://" in source else _read(source)
    # Comments are asked for so that they are not shown as lost.
    extract = replace(options.extract, include_comments=True)
    return render_inspection(page, scrub_page(page, replace(options, extract=extract)))


def _read(path: str) -> Page:
    try:
        body = Path(path).read_bytes()
    except OSError as exc:
        message = f"{path} cannot be read: {exc.strerror or exc}"
        raise InputError(message, url=path, kind="unreadable_file") from exc
    html, charset = decode_html(body)
    return Page(html=html, charset=charset, url=path)


async def _fetched(url: str, options: Options) -> Page:
    from scrubber.fetch.fetcher import Fetcher  # loads httpx: not at import time

    async with Fetcher(options.fetch) as fetcher:
        return await fetcher.fetch(url)
