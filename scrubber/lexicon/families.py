"""The families of residue, which are also the reasons of removals."""

from __future__ import annotations

FAMILIES = (
    "cookie_consent",
    "comment_form",
    "share",
    "newsletter",
    "paywall_login",
    "related",
    "navigation",
    "advertisement",
    "copyright",
    "author_box",
    "tags",
    "reading_time",
    "section_label",
    "app_prompt",
    "browser_notice",
    "embed",
)
