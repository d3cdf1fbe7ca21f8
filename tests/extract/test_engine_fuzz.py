"""Any HTML gives a Body with text or NoContent: never another error, a hang or a recursion."""

import gzip
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scrubber.errors import NoContent
from scrubber.extract.engines.blocks import extract_body
from scrubber.extract.tree import Tree
from scrubber.models import Page

DATA = Path(__file__).parents[2] / ".." / "shared" / "data" / "wcxb-dev" / "html"
TAGS = (  # noqa: SIM905 - as a list it would be three screens
    "div p span a b i h1 h2 ul ol li table tr td th pre code blockquote br hr img figure noscript"
    " article main nav form button select option svg math template dl dt dd details title body html"
).split()

_attribute = st.sampled_from(
    ["", " class=post", ' id="comments"', " hidden", ' style="display:none"', " href=//[", " colspan=-1",
     ' class="a\x00b"', " itemprop=articleBody", " data-preloaded='{'", " =", ' "']
)  # fmt: skip
_tag = st.builds(
    lambda close, tag, attribute: f"<{close}{tag}{attribute}>",
    st.sampled_from(["", "", "/"]), st.sampled_from(TAGS), _attribute,
)  # fmt: skip
_piece = st.one_of(
    _tag, st.text(max_size=20), st.sampled_from(["&nbsp;", "<!--", "-->", "<", "&#0;"])
)


def outcome(html: str) -> str:
    try:
        body = extract_body(Page(html=html, url="https://example.org/a"), Tree(html))
    except NoContent:
        return "nothing"
    assert any(block.text for block in body.blocks)
    return "content"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(_piece, max_size=60))
def test_any_markup_gives_content_or_no_content(pieces):
    assert outcome("".join(pieces)) in ("content", "nothing")


def mutated(html: str, rng: random.Random) -> str:
    for _ in range(rng.randint(1, 30)):
        at = rng.randrange(len(html))
        size = rng.choice((1, 5, 50, 2_000))
        change = rng.choice(("cut", "double", "swap", "noise"))
        part = html[at : at + size]
        middle = {"cut": "", "double": part * 3, "swap": part[::-1], "noise": "<\x00>&'\"" * 3}
        html = html[:at] + middle[change] + html[at + size :]
    return html


@pytest.mark.skipif(not DATA.is_dir(), reason="shared/data/wcxb-dev is absent")
def test_mutated_real_pages_give_content_or_no_content():
    rng = random.Random(3)
    paths = sorted(DATA.glob("*.gz"))[::60]
    for path in paths:
        html = mutated(gzip.decompress(path.read_bytes()).decode("utf-8", "replace"), rng)
        assert outcome(html) in ("content", "nothing")


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "text" + "</div>" * 100_000,
        "<p>a</p>" * 200_000,
        "<table>" + "<tr><td>1<td>2" * 20_000,
        "<ul><li>" * 5_000 + "deep",
        "<blockquote>" * 20_000 + "quoted",
        "word " * 2_000_000,
        "<a>" * 20_000 + "link",
        "".join(f"<font a={n}><p>x" for n in range(3_000)),
    ],
    ids=["nested", "siblings", "table", "lists", "quotes", "one text", "links", "formatting"],
)
def test_extreme_documents_end(html):
    assert outcome(html) == "content"
