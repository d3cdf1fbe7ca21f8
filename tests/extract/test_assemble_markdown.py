"""Markdown of assembled content, held to the standard by parsing it back."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from scrubber.extract.assembly.assemble import assemble
from scrubber.extract.segments import cut
from scrubber.extract.tree import Tree
from scrubber.fetch.charset import decode_html
from scrubber.models import Block

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
TAGS = {"strong": "b", "em": "i", "s": "d", "del": "d"}


def blocks_of(html: str, url: str | None = None) -> tuple[Block, ...]:
    tree = Tree(html)
    segments = cut(tree)
    return assemble(tree, segments, [True] * len(segments), url)


def styled(markdown: str) -> list[tuple[str, str]]:
    """Each visible character of parsed Markdown with its styles: b, i, d, c(ode), l(ink)."""
    found: list[tuple[str, str]] = []
    for token in PARSER.parse(markdown):
        assert token.type not in {"html_block", "hr", "code_block"}, markdown
        if token.type == "fence":
            found += [(char, "p") for char in token.content if not char.isspace()]
        found += _inline(token.children or [])
    return found


def _inline(tokens: list[Token]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    active: list[str] = []
    for token in tokens:
        mark = TAGS.get(token.tag, "l" if token.tag == "a" else "")
        if token.type == "html_inline":
            mark = TAGS.get(re.sub(r"\W", "", token.content), "")
            assert mark, token.content
            (active.remove if token.content.startswith("</") else active.append)(mark)
        elif token.nesting == 1:
            active.append(mark)
        elif token.nesting == -1:
            active.remove(mark)
        elif token.type in ("text", "code_inline"):
            styles = {*active, "c"} if token.type == "code_inline" else set(active)
            found += [(c, "".join(sorted(styles))) for c in token.content if not c.isspace()]
    return found


def visible(markdown: str) -> str:
    """The characters that readers of rendered Markdown see, without marks of notes and boxes."""
    return _unmarked("".join(char for char, _ in styled(markdown)))


def _unmarked(text: str) -> str:
    return re.sub(r"\s|\[\^?[\w*]{1,8}\]:?|\[[ x]\]", "", text)


PAGES = sorted((Path(__file__).resolve().parents[2] / "samples" / "pages").glob("*.html"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_whole_pages_survive_the_round_trip(page: Path) -> None:
    html, _ = decode_html(page.read_bytes())
    for block in blocks_of(html, "https://example.org/"):
        if block.kind not in ("image", "math", "post"):
            assert visible(block.markdown) == _unmarked(block.text), block.markdown


WORDS = st.text(
    st.sampled_from(list("ab1_*`~[]()!<>&#.-+=\\|:\"'é中。「」 \n"))
    | st.characters(categories=["L", "P", "N"]),
    min_size=1,
    max_size=8,
)
STYLES = {"b": "b", "i": "i", "del": "d", "strong": "b", "em": "i", "code": "c", "a": "l"}


@st.composite
def inline_html(draw: st.DrawFn) -> tuple[str, list[tuple[str, str]]]:
    """HTML of one paragraph and its visible characters with their styles."""
    out: list[str] = []
    wanted: list[tuple[str, str]] = []
    open_tags: list[str] = []
    for _ in range(draw(st.integers(1, 7))):
        choice = draw(st.sampled_from([*STYLES, "text", "text", "close", "br"]))
        if choice == "text":
            text = draw(WORDS)
            if "a" in open_tags:  # a link that is a sign alone ("#") is no text
                text = f"a{text}"
            out.append(escape(text))
            styles = "".join(sorted({STYLES[tag] for tag in open_tags}))
            wanted += [(c, styles) for c in text if not c.isspace()]
        elif choice == "close":
            if open_tags:
                out.append(f"</{open_tags.pop()}>")
        elif choice == "br":
            out.append("<br>" if "code" not in open_tags and "a" not in open_tags else "")
        elif choice not in open_tags and "code" not in open_tags:
            out.append(f"<{choice}{' href=https://e.org/_a_' if choice == 'a' else ''}>")
            open_tags.append(choice)
    out += [f"</{tag}>" for tag in reversed(open_tags)]
    return f"<p>{''.join(out)}</p>", wanted


@settings(max_examples=600, deadline=None)
@given(inline_html())
def test_inline_styles_and_characters_survive_the_round_trip(
    case: tuple[str, list[tuple[str, str]]],
) -> None:
    html, wanted = case
    markdown = "\n\n".join(block.markdown for block in blocks_of(html))
    assert styled(markdown) == wanted, (html, markdown)
