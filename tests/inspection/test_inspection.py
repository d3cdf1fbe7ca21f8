"""The inspection page: what it shows, that hostile content stays text, and that it works in a browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from scrubber.errors import InputError
from scrubber.inspection import inspect_page, outline, render_inspection
from scrubber.models import (
    Article,
    Author,
    Block,
    Cell,
    Evidence,
    ListItem,
    Page,
    RejectedClaim,
    Removal,
)

EVIL = "<script>alert(1)</script><img src=//evil.example/x onerror=alert(2)>\" ' </style>]]> \x00"
PAGE = Page(
    html=f"""<html><body><nav><a href=/>Home</a></nav><h1>A title</h1><p>First words of the page.</p>
<p>We use cookies.</p><ul><li>one</li><li>two</li></ul><p>An unexplained line</p>
<p>Last words.</p></body></html><!--{EVIL}-->""",
    url="https://example.org/a",
)
ARTICLE = Article(
    url=PAGE.url,
    title="A title",
    authors=(Author(name="Ana Example"), Author(name="The Desk", kind="organization")),
    language="en",
    text="First words of the page.\n\none\ntwo\n\nLast words.",
    blocks=(
        Block(kind="paragraph", text="First words of the page."),
        Block(kind="list", text="one\ntwo", items=(ListItem(text="one"), ListItem(text="two"))),
        Block(kind="image", src="https://example.org/i.jpg", alt="A bridge"),
        Block(kind="paragraph", text="Last words."),
    ),
    removed=(
        Removal(step="extract.scorer", reason="navigation", text="Home"),
        Removal(step="clean.title", reason="duplicate_title", text="A title"),
        Removal(step="clean.lexicon", reason="cookie_consent", text="We use cookies."),
    ),
    evidence={
        "title": Evidence(
            source="og.title",
            raw="A title",
            confidence=0.93,
            agreeing=("h1",),
            rejected=(RejectedClaim(source="title", raw="A title | Site", reason="site_suffix"),),
        )
    },
    word_count=9,
)


def hostile(kind: str) -> Block:
    return Block(
        kind=kind,  # type: ignore[arg-type]
        text=EVIL,
        level=2,
        language=EVIL,
        items=(ListItem(text=EVIL, items=(ListItem(text=EVIL),)),),
        rows=((Cell(text=EVIL, header=True), Cell(text=EVIL)),),
        src=EVIL,
        alt=EVIL,
        author=EVIL,
        published=EVIL,
    )


HOSTILE = Article(
    url=EVIL,
    title=EVIL,
    authors=(Author(name=EVIL),),
    language='en" onload="alert(3)',
    description=EVIL,
    image=EVIL,
    tags=(EVIL,),
    text=EVIL,
    blocks=tuple(
        hostile(kind)
        for kind in (
            "paragraph",
            "heading",
            "list",
            "table",
            "code",
            "quote",
            "image",
            "caption",
            "post",
        )
    ),
    removed=(Removal(step=EVIL, reason=EVIL, text=EVIL),),
    flags=(EVIL,),
    evidence={
        "title": Evidence(
            source=EVIL,
            raw=EVIL,
            confidence=7.0,
            agreeing=(EVIL,),
            rejected=(RejectedClaim(source=EVIL, raw=EVIL, reason=EVIL),),
        )
    },
)


class _Markup(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def markup(html: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = _Markup()
    parser.feed(html)
    return parser.tags


# ---- what it says ------------------------------------------------------------------------------


def test_pieces_stand_in_page_order_with_step_and_reason() -> None:
    rows = [(row.state, row.text, row.reason) for row in outline(PAGE, ARTICLE)]
    assert rows == [
        ("removed", "Home", "navigation"),
        ("removed", "A title", "duplicate_title"),
        ("kept", "First words of the page.", ""),
        ("removed", "We use cookies.", "cookie_consent"),
        ("kept", "one\ntwo", ""),
        ("removed", "An unexplained line", "not_chosen"),
        ("kept", "A bridge", ""),
        ("kept", "Last words.", ""),
    ]


def test_repeated_line_is_placed_where_it_stood() -> None:
    page = Page(html="<p>Share</p><p>First.</p><p>Share</p><p>Second.</p>")
    article = Article(
        text="x",
        blocks=(Block(kind="paragraph", text="First."), Block(kind="paragraph", text="Second.")),
        removed=tuple(Removal(step="s", reason="share", text="Share") for _ in range(2)),
    )
    assert [row.text for row in outline(page, article)] == ["Share", "First.", "Share", "Second."]


def test_metadata_stands_with_source_confidence_and_rejected_claims() -> None:
    html = render_inspection(PAGE, ARTICLE)
    for shown in ("og.title", "93%", "A title | Site", "site suffix", "The Desk (organization)"):
        assert shown in html
    assert "The page does not say: meta title, published" in html


# ---- hostile content ---------------------------------------------------------------------------


def test_hostile_content_adds_no_element() -> None:
    html = render_inspection(Page(html=f"<p>{EVIL}", url=EVIL), HOSTILE)
    tags = [tag for tag, _ in markup(html)]
    assert tags.count("script") == 1
    assert tags.count("style") == 1
    assert not {"img", "iframe", "object", "embed", "link", "base", "form", "a href"} & set(tags)


def test_hostile_content_adds_no_attribute() -> None:
    html = render_inspection(Page(html=f"<p>{EVIL}", url=EVIL), HOSTILE)
    names = {name for _, attrs in markup(html) for name in attrs}
    assert not {
        name for name in names if name.startswith("on") or name in ("src", "style", "srcset")
    }
    assert "\x00" not in html


def test_nothing_in_it_is_an_address_to_load() -> None:
    html = render_inspection(PAGE, ARTICLE)
    addresses = [a["href"] for _, a in markup(html) if "href" in a]
    assert addresses == ["#page"]
    assert "url(" not in html
    assert "@import" not in html


def test_policy_allows_only_its_own_style_and_script() -> None:
    html = render_inspection(PAGE, ARTICLE)
    (policy,) = (
        a["content"] or ""
        for _, a in markup(html)
        if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "http" not in policy


def test_same_page_gives_the_same_inspection() -> None:
    assert render_inspection(PAGE, ARTICLE) == render_inspection(PAGE, ARTICLE)


def test_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.html cannot be read"):
        inspect_page(str(tmp_path / "gone.html"))


# ---- in a browser ------------------------------------------------------------------------------

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--enable-logging=stderr", "--virtual-time-budget=2000",
)  # fmt: skip


def in_browser(html: str, folder: Path, *flags: str) -> tuple[str, str]:
    """The document after its script has run, and what the browser logged."""
    path = folder / "inspection.html"
    path.write_text(html, encoding="utf-8")
    command = [
        str(CHROMIUM),
        *FLAGS,
        f"--user-data-dir={folder / 'profile'}",
        *flags,
        path.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)
    return done.stdout, done.stderr


@needs_browser
def test_its_script_and_style_run_under_its_own_policy(tmp_path: Path) -> None:
    dom, log = in_browser(render_inspection(PAGE, ARTICLE), tmp_path, "--dump-dom")
    assert "8 of 8 pieces" in dom
    assert "Content Security Policy" not in log


@needs_browser
def test_hostile_page_runs_nothing_in_the_browser(tmp_path: Path) -> None:
    html = render_inspection(Page(html=f"<p>{EVIL}", url=EVIL), HOSTILE)
    dom, log = in_browser(html, tmp_path, "--dump-dom")
    assert re.search(r"\d+ of \d+ pieces", dom)
    assert "evil.example" not in log
    assert "<img" not in dom


@needs_browser
def test_keyboard_filters_the_pieces(tmp_path: Path) -> None:
    # A driver for the test only: typed keys, then what is left is written where the dump shows it.
    driver = """<script>addEventListener("load", () => {
      const press = (key) => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true}));
      press("/");
      const found = document.activeElement;
      found.value = "cookie"; found.dispatchEvent(new Event("input", {bubbles: true}));
      found.blur(); press("j");
      document.body.dataset.found = found.id + "|" + document.getElementById("count").textContent
        + "|" + document.activeElement.id;
      press("Escape");
      document.body.dataset.cleared = document.getElementById("count").textContent;
    });</script>"""
    html = render_inspection(PAGE, ARTICLE)
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    dom, _ = in_browser(html.replace("</body>", driver + "</body>"), tmp_path, "--dump-dom")
    assert 'data-found="find|1 of 8 pieces|r4"' in dom
    assert 'data-cleared="8 of 8 pieces"' in dom


@needs_browser
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ar", "عاد الحكواتي إلى المقهى"),
        ("zh", "修伞的人回来了"),
        ("en", "The storyteller returns"),
    ],
)
def test_text_runs_in_its_own_direction(tmp_path: Path, language: str, text: str) -> None:
    probe = """<script>addEventListener("load", () => { const p = document.querySelector(".kept .body > p");
      document.body.dataset.direction = getComputedStyle(p).direction + "|" + p.parentNode.lang; });</script>"""
    article = Article(text=text, language=language, blocks=(Block(kind="paragraph", text=text),))
    html = render_inspection(Page(html=f"<p>{text}</p>"), article)
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    dom, _ = in_browser(html.replace("</body>", probe + "</body>"), tmp_path, "--dump-dom")
    direction = "rtl" if language == "ar" else "ltr"
    assert f'data-direction="{direction}|{language}"' in dom
