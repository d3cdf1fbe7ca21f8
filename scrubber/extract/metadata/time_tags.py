"""`<time>` elements: the machine's date beside the one that readers see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scrubber.extract.metadata.dates import find_date, read_date
from scrubber.extract.metadata.view import View
from scrubber.models import Claim

_MODIFIED: Final = re.compile(
    r"updat|modif|revis(?!t)|\bedited|aktuali[sz]|актуализ|ažurir|ажурир|mis à jour|actuali[sz]"
    r"|aggiornat|bijgewerkt|обновл|измен[её]н|zmodyf|ostatnia zmiana|geändert|güncel|değişt"
    r"|更新|修改|수정|업데이트|uppdater|oppdater|opdater|ändrad|endret|ændret|päivit|muokattu"
    r"|atualiz|frissít|módosít|оновлен|змінен|ενημερώ|ενημέρωση:|τροποποι|atnaujin|atjaunin"
    r"|posodob|cập nhật|diperbarui|diubah|به‌روز|بروزرسانی|تحديث|עודכן|अपडेट|อัปเดต|แก้ไข",
    re.I,
)
_MAX_TIMES: Final = 60
_NEAR: Final = 120  # tokens after the headline


def read(view: View) -> Iterator[Claim]:
    """The first `<time>` elements of the article: published unless they say modified."""
    seen = 0
    tree = view.tree
    for number in tree.find("time")[:_MAX_TIMES]:
        raw = tree.attr(number, "datetime") or tree.attr(number, "content")
        text = tree.text(number)[:120]
        date = read_date(raw, view.language) if raw else None
        date = date or find_date(text, view.language, view.fetched_at)
        if date is None:
            continue
        field = "modified" if is_modified(view, number) else "published"
        place = view.distance(number)
        where = "near" if place is not None and -60 < place < _NEAR else "far"
        order = "first" if seen == 0 else "later"
        if view.is_foreign(number):
            if where == "far" or view.is_elsewhere(number):
                continue
            order = "odd"
        yield Claim(field, date, f"time.{where}.{order}", raw or text)
        seen += field == "published"
        if seen >= 4:
            return


def is_modified(view: View, number: int) -> bool:
    """Whether an element's class, or the words just before it, say "updated"."""
    tree = view.tree
    attrs = tree.attrs[number]
    own = f"{attrs.get('class') or ''} {attrs.get('itemprop') or ''}"
    if "published" in own.lower():
        return False
    if _MODIFIED.search(own) or _MODIFIED.search(tree.text(number)[:60]):
        return True
    return bool(_MODIFIED.search(view.words_before(number)))


def says_modified(text: str) -> bool:
    """Whether a line's words say "updated" in one of many languages."""
    return bool(_MODIFIED.search(text))
