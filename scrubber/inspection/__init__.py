"""One page, explained: what was kept, what was removed and why, and where each field came from.

    page, article ──outline──> rows in page order ──render──> one self-contained HTML page

The result asks nothing of the network, runs only its own hashed script and style, and shows every
character of the inspected page as text: that page is hostile until proven otherwise.
"""

from __future__ import annotations

from scrubber.inspection.document import render_inspection
from scrubber.inspection.outline import Row, outline
from scrubber.inspection.source import inspect_page, write_inspection

__all__ = ["Row", "inspect_page", "outline", "render_inspection", "write_inspection"]
