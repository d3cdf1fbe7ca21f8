"""What a file is by its first bytes, where its name does not say.

<urlset …  <sitemapindex …  <rss …  <feed …  <rdf:RDF …      a sitemap or feed
<!doctype html …  <html …                                    a page
{"version": "https://jsonfeed.org/…", "items": …             a JSON Feed
{…} on its first line                                        JSON lines
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from scrubber.batch.options import InputType
from scrubber.batch.sources.lists import open_bytes
from scrubber.errors import InputError
from scrubber.textfile import encoding_of

_HEAD_BYTES = 65_536
_ROOT = re.compile(r"<(?:[\w-]+:)?(urlset|sitemapindex|rss|rdf|feed|html|!doctype html)\b", re.I)
_PAGES = ("html", "!doctype html")
_JSON_FEED = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/jsonfeed\.org\b|"items"\s*:\s*\[')
_JSON_ARRAY = re.compile(r"\[\s*[\"{\[\]]")


def type_by_head(path: Path) -> InputType | None:
    """What kind of input a file is, `None` where its first bytes do not say, as those of lists.

    Raises `InputError` for a JSON array, which is none.
    """
    if not path.is_file():  # a pipe is read only once
        return None
    with open_bytes(path) as file:
        head = text_of(file.read(_HEAD_BYTES))
    if head.startswith("<"):
        root = _ROOT.search(head)
        return None if root is None else "page" if root[1].lower() in _PAGES else "feed"
    if head.startswith("{"):
        return _json_type(head)
    if _JSON_ARRAY.match(head):
        message = f"{path} is a JSON array; write JSON lines, one object or one string a line"
        raise InputError(message, url=str(path), kind="unreadable_file")
    return None


def text_of(head: bytes) -> str:
    """A file's first bytes as text, from its first character that is no white space."""
    return head.decode(encoding_of(head), "ignore").lstrip()


def _json_type(head: str) -> InputType:
    try:
        first = json.loads(head.partition("\n")[0])
    except (ValueError, RecursionError):  # one object in many lines, or in a line without end
        return "feed" if "\n" in head or _JSON_FEED.search(head) else "jsonl"
    return "feed" if isinstance(first.get("items"), list) else "jsonl"
