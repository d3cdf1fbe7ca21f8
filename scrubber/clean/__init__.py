"""Cleaning: residue of the page around an article is recognised, removed and recorded.

`clean_draft` works on typed blocks, `read_text` on plain text; `CleanOptions` sets both and
`SiteMemory` knows what repeats on a site. The lexicon says what a line may be, `judge` decides.
"""

from __future__ import annotations

from scrubber.clean.cleaner import clean_draft, clean_site
from scrubber.clean.memory import SiteMemory
from scrubber.clean.options import CleanOptions
from scrubber.clean.text import read_text

__all__ = ["CleanOptions", "SiteMemory", "clean_draft", "clean_site", "read_text"]
