"""Fixtures of the batch's tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from batching import Site, page_html


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of twelve local pages."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.html").write_text(page_html(number))
    return folder
