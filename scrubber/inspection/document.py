"""The inspection as an HTML document."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from typing import Any, Final

from scrubber.inspection.outline import Row, outline
from scrubber.models import Article, Author, Block, DateValue, Evidence, ListItem, Page

MAX_ROW_CHARS: Final = 4_000  # of one piece; the rest is counted, not shown
MAX_ROWS: Final = 5_000

_FIELDS: Final = (
    "title", "meta_title", "authors", "published", "modified", "language", "site_name",
    "description", "section", "tags", "image", "canonical_url", "paywalled",
)  # fmt: skip


def render_inspection(page: Page, article: Article) -> str:
    """One self-contained HTML page that explains what became of `page`.

    Nothing in it reaches the network, and nothing of the inspected page is markup in it.
    """
    style, script = _asset("page.css"), _asset("page.js")
    rows = outline(page, article)
    title = article.title or page.url or "Page"
    return (
        "<!doctype html>\n"
        '<html lang="en" dir="ltr">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>Inspection: {_text(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        '<a class="skip" href="#page">Skip to the page</a>\n'
        f"{_header(page, article, rows)}<main>\n{_metadata(article)}{_page(article, rows)}</main>\n"
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def _asset(name: str) -> str:
    return (files("scrubber.inspection") / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Only this very style and script, and no address at all."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


# Code points that no HTML document may hold, or that would turn the text around them.
_UNPRINTABLE: Final = {
    **dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)), "\ufffd"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}


def _text(value: str) -> str:
    """`value` as characters: nothing in it is markup."""
    if len(value) > MAX_ROW_CHARS:
        value = f"{value[:MAX_ROW_CHARS]} … ({len(value) - MAX_ROW_CHARS:,} more characters)"
    return escape(value.translate(_UNPRINTABLE), quote=True)


# ---- header ------------------------------------------------------------------------------------


def _header(page: Page, article: Article, rows: Sequence[Row]) -> str:
    facts = [
        ("Kept", f"{article.word_count:,} words in {len(article.blocks):,} blocks"),
        ("Removed", f"{sum(row.state == 'removed' for row in rows):,} pieces"),
        ("Kind of page", article.page_type or "not said"),
        ("Confidence", "not said" if article.confidence is None else f"{article.confidence:.0%}"),
        ("Language", article.language or "not said"),
    ]
    if article.comments:
        facts.insert(2, ("Comments", f"{len(article.comments):,} blocks, kept apart"))
    if article.flags:
        facts.append(("Flags", ", ".join(article.flags)))
    listed = "".join(f"<div><dt>{name}</dt><dd>{_text(value)}</dd></div>" for name, value in facts)
    title = article.title or "No title found"
    return (
        '<header class="top"><p class="kicker">scrubber inspection</p>\n'
        f'<h1 dir="auto"{_lang(article)}>{_text(title)}</h1>\n'
        f'<p class="address"><bdi>{_text(page.url or "given as HTML")}</bdi></p>\n'
        f'<dl class="facts">{listed}</dl></header>\n'
    )


def _lang(article: Article) -> str:
    return f' lang="{_text(article.language)}"' if article.language else ""


# ---- metadata ----------------------------------------------------------------------------------


def _metadata(article: Article) -> str:
    said = [name for name in _FIELDS if getattr(article, name) not in (None, ())]
    unsaid = [name for name in _FIELDS if name not in said]
    rows = "".join(_field(article, name) for name in said)
    silence = (
        f'<p class="quiet">The page does not say: {", ".join(map(_label, unsaid))}.</p>'
        if unsaid
        else ""
    )
    return (
        '<section aria-labelledby="fields"><h2 id="fields">Fields and their evidence</h2>\n'
        '<div class="scroll" tabindex="0" role="region" aria-labelledby="fields">'
        '<table class="fields"><thead><tr><th scope="col">Field</th><th scope="col">Value</th>'
        '<th scope="col">Source</th><th scope="col">Confidence</th></tr></thead>\n'
        f"<tbody>{rows}</tbody></table></div>\n{silence}</section>\n"
    )


def _label(name: str) -> str:
    return name.replace("_", " ").replace("url", "URL")


def _field(article: Article, name: str) -> str:
    evidence = article.evidence.get(name)
    return (
        f'<tr><th scope="row">{_label(name)}</th>'
        f'<td dir="auto"{_lang(article)}>{_text(_value(getattr(article, name)))}</td>'
        f"<td>{_source(evidence)}</td><td>{_confidence(evidence)}</td></tr>\n"
    )


def _value(value: Any) -> str:
    """A field's value as a person writes it."""
    if isinstance(value, tuple):
        return ", ".join(_value(part) for part in value)
    if isinstance(value, Author):
        kind = "" if value.kind == "person" else f" ({value.kind})"
        return value.name + kind
    if isinstance(value, DateValue):
        return value.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _source(evidence: Evidence | None) -> str:
    if evidence is None:
        return '<span class="quiet">no evidence recorded</span>'
    out = f"<code>{_text(evidence.source)}</code>"
    if evidence.agreeing:
        out += f' <span class="quiet">and {_text(", ".join(evidence.agreeing))}</span>'
    parts = [f'<p class="raw">As found: <bdi>{_text(evidence.raw)}</bdi></p>']
    parts += [
        f"<p><code>{_text(claim.source)}</code> said <q><bdi>{_text(claim.raw)}</bdi></q>: "
        f"{_text(claim.reason.replace('_', ' '))}</p>"
        for claim in evidence.rejected
    ]
    count = len(evidence.rejected)
    summary = f"as found, and {count} not followed" if count else "as found"
    return f"{out}<details><summary>{summary}</summary>{''.join(parts)}</details>"


def _confidence(evidence: Evidence | None) -> str:
    if evidence is None:
        return ""
    share = min(max(evidence.confidence, 0.0), 1.0)
    return (
        f'<span class="share"><meter min="0" max="1" low="0.5" high="0.8" optimum="1" '
        f'value="{share:.2f}" aria-hidden="true"></meter> {share:.0%}</span>'
    )


# ---- the page ----------------------------------------------------------------------------------


def _page(article: Article, rows: Sequence[Row]) -> str:
    shown = rows[:MAX_ROWS]
    items = "\n".join(_row(article, number, row) for number, row in enumerate(shown, start=1))
    rest = (
        f'<p class="quiet">{len(rows) - MAX_ROWS:,} more pieces are not shown.</p>'
        if len(rows) > MAX_ROWS
        else ""
    )
    return (
        '<section id="page" aria-labelledby="pieces" tabindex="-1">'
        '<h2 id="pieces">The page, piece by piece</h2>\n'
        f'{_controls(rows)}<ol class="rows">\n{items}\n</ol>\n'
        f'<p class="none" hidden>Nothing matches.</p>{rest}</section>\n'
    )


def _controls(rows: Iterable[Row]) -> str:
    """What to show: by text, by what became of it, and by reason."""
    rows = list(rows)
    states: Counter[str] = Counter(row.state for row in rows)
    reasons = Counter(row.reason for row in rows if row.state == "removed")
    boxes = "".join(
        f'<label class="box {state}"><input type="checkbox" checked data-state="{state}"> '
        f"{label} <span>{states[state]:,}</span></label>"
        for state, label in (("kept", "Kept"), ("removed", "Removed"), ("comment", "Comments"))
        if states[state]
    )
    options = "".join(
        f'<option value="{_text(reason)}">{_text(reason.replace("_", " "))} ({count:,})</option>'
        for reason, count in reasons.most_common()
    )
    chooser = (
        '<label>Reason <select id="reason"><option value="">any reason</option>'
        f"{options}</select></label>"
        if options
        else ""
    )
    return (
        '<div class="controls" role="search" aria-label="Filter the pieces">'
        '<label class="find">Find <input id="find" type="search" autocomplete="off" '
        'placeholder="text, step or reason" aria-keyshortcuts="/"></label>'
        f'<fieldset><legend class="unseen">Show</legend>{boxes}</fieldset>{chooser}'
        '<p class="keys"><kbd>/</kbd> find · <kbd>Esc</kbd> clear · '
        "<kbd>j</kbd> <kbd>k</kbd> next, previous</p>"
        '<p id="count" role="status" aria-live="polite"></p></div>\n'
    )


_STATES: Final = {"kept": "kept", "comment": "comment", "removed": "removed"}


def _row(article: Article, number: int, row: Row) -> str:
    why = ""
    if row.state == "removed":
        why = (
            f'<span class="reason">{_text(row.reason.replace("_", " "))}</span>'
            f'<code class="step">{_text(row.step)}</code>'
        )
    elif row.block is not None:
        why = f'<span class="kind">{_text(_kind(row.block))}</span>'
    body = _block(row.block) if row.block is not None else _removed(row.text)
    return (
        f'<li id="r{number}" class="row {row.state}" data-state="{row.state}" '
        f'data-reason="{_text(row.reason)}" tabindex="-1">'
        f'<p class="what"><span class="state">{_STATES[row.state]}</span>{why}</p>'
        f'<div class="body"{_lang(article)}>{body}</div></li>'
    )


def _kind(block: Block) -> str:
    if block.kind == "heading":
        return f"heading {block.level}"
    if block.kind == "code" and block.language:
        return f"code, {block.language}"
    if block.kind == "list":
        return "numbered list" if block.ordered else "list"
    return block.kind


def _removed(text: str) -> str:
    lines = text.split("\n")
    return "".join(f'<p dir="auto">{_text(line)}</p>' for line in lines[:_FEW]) + _more(
        lines[_FEW:]
    )


_FEW: Final = 4


def _more(lines: Sequence[str]) -> str:
    if not lines:
        return ""
    inside = "".join(f'<p dir="auto">{_text(line)}</p>' for line in lines[:MAX_ROWS])
    return f"<details><summary>{len(lines):,} more lines</summary>{inside}</details>"


def _block(block: Block) -> str:
    """A kept block with its structure."""
    if block.kind == "list":
        return _list(block.items, ordered=bool(block.ordered))
    if block.kind == "table":
        return _table(block)
    if block.kind == "code":
        return f'<pre dir="ltr"><code>{_text(block.text)}</code></pre>'
    if block.kind == "image":
        address = f'<code dir="ltr">{_text(block.src or "")}</code>'
        return f'<p class="picture" dir="auto">{_text(block.alt or "")} {address}</p>'
    if block.kind == "post":
        return f"<p><b>{_text(block.author or '')}</b> {_text(block.published or '')}</p>"
    level = f" level{block.level}" if block.kind == "heading" else ""
    lines = "<br>".join(_text(line) for line in block.text.split("\n"))
    return f'<p class="{block.kind}{level}" dir="auto">{lines}</p>'


def _list(items: Iterable[ListItem], *, ordered: bool) -> str:
    tag = "ol" if ordered else "ul"
    inside = "".join(
        f"<li>{_text(item.text)}{_list(item.items, ordered=False) if item.items else ''}</li>"
        for item in items
    )
    return f'<{tag} dir="auto">{inside}</{tag}>'


def _table(block: Block) -> str:
    rows = []
    for cells in block.rows:
        tags = [("th" if cell.header else "td", cell) for cell in cells]
        inside = "".join(
            f'<{tag} colspan="{cell.colspan}" rowspan="{cell.rowspan}">{_text(cell.text)}</{tag}>'
            for tag, cell in tags
        )
        rows.append(f"<tr>{inside}</tr>")
    return f'<div class="scroll"><table dir="auto">{"".join(rows)}</table></div>'
