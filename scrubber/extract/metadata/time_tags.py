"""`<time>` and the custom elements that do its work: a machine's date beside that of readers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from scrubber.extract.metadata.date_labels import Kind, is_label, last_label, says_modified
from scrubber.extract.metadata.dates import find_date, read_date
from scrubber.extract.metadata.view import View
from scrubber.models import Claim

_MAX_TIMES: Final = 60
_TAGS: Final = ("time", "relative-time", "local-time", "time-ago")
_NEAR: Final = 120  # tokens after the headline


def read(view: View) -> Iterator[Claim]:
    """The first `<time>` elements of the article: published unless they say modified."""
    seen, labelled = 0, False
    tree = view.tree
    for number in tree.find(*_TAGS)[:_MAX_TIMES]:
        raw = tree.attr(number, "datetime") or tree.attr(number, "content")
        text = tree.text(number)[:120]
        date = read_date(raw, view.language) if raw else None
        date = date or find_date(text, view.language, view.fetched_at)
        if date is None:
            continue
        label = _label_before(view, number)
        field = label or ("modified" if _is_modified(view, number) else "published")
        place = view.distance(number)
        where = "near" if place is not None and -60 < place < _NEAR else "far"
        if where == "far" and tree.tags[number] != "time":
            continue  # of whatever an app lists
        order = "first" if seen == 0 else "later"
        if view.is_foreign(number):
            if (where == "far" and label is None) or view.is_elsewhere(number):
                continue
            order = "odd"
        if label == "published" and not labelled:
            order, labelled = "labelled", True
        yield Claim(field, date, f"time.{where}.{order}", raw or text)
        seen += field == "published"
        if seen >= 4:
            return


def _label_before(view: View, number: int) -> Kind | None:
    """What a label just before the element says, whatever its class: themes write both there."""
    words = view.words_before(number)
    return last_label(words) if is_label(words) else None


def _is_modified(view: View, number: int) -> bool:
    """Whether an element's class, or the words inside it or just before it, say "updated"."""
    tree = view.tree
    attrs = tree.attrs[number]
    own = f"{attrs.get('class') or ''} {attrs.get('itemprop') or ''}"
    if "published" in own.lower():
        return False
    if says_modified(own) or says_modified(tree.text(number)[:60]):
        return True
    return says_modified(view.words_before(number))
