"""Structure that the assembly keeps: each test is one thing that a page may hold."""

from __future__ import annotations

import pytest
from steps import lines_run

from scrubber.extract.assembly.assemble import assemble
from scrubber.extract.segments import cut
from scrubber.extract.tree import Tree
from scrubber.models import Block

URL = "https://example.org/a/page"


def blocks_of(html: str, url: str | None = URL, without: str = "\0") -> tuple[Block, ...]:
    """Blocks of all segments but those that contain `without`."""
    tree = Tree(html)
    segments = cut(tree)
    return assemble(tree, segments, [without not in text for text in segments.texts], url)


def one(html: str, url: str | None = URL) -> Block:
    (block,) = blocks_of(html, url)
    return block


def kinds(html: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in blocks_of(html)]


# ---- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>bo<b>ld</b>ness</p>", "boldness"),
        ("<p>one<br>two</p>", "one\ntwo"),
        ("<p>one&nbsp;two\n  three</p>", "one two three"),
        ("<p>sof&shy;t zero\u200bwidth</p>", "soft zerowidth"),
        ("<p><a href=/1>one</a><a href=/2>two</a></p>", "one two"),
        ("<p><a href=/1>o</a><a href=/1>ne</a></p>", "one"),
        ("<p>a <span> b</span> c</p>", "a b c"),
        ("<p>中文第一行\n第二行</p>", "中文第一行第二行"),
        ("<p>中文\n<b>粗体</b></p>", "中文粗体"),
        ("<p>日本 語</p>", "日本 語"),
        ("<p>한국어\n문장</p>", "한국어 문장"),
        ("<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>字</p>", "漢字"),
        ("<p>می‌خواهم</p>", "می‌خواهم"),
        ("<p>x<script>var y</script> z<svg><text>no</text></svg></p>", "x z"),
        ("<p>he said <q>yes</q>.</p>", 'he said "yes".'),
        ('<p>fine <span class="sr-only">unseen</span>text</p>', "fine text"),
        ("<p>fine <img class=smilies alt=':)' src=/s.gif></p>", "fine :)"),
        ("<p>a <g-emoji>🎉</g-emoji> b</p>", "a 🎉 b"),
        ("<p>API<span class=tooltiptext>unseen</span> now</p>", "API now"),
        ('<p>smile <img class=emoji alt="😀" src=/s.png> now</p>', "smile 😀 now"),
    ],
)
def test_words_are_neither_glued_nor_split(html: str, text: str) -> None:
    assert one(html).text == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p><span>Brooks</span><span>Glycerin Max</span></p>", "Brooks Glycerin Max"),
        ("<p><b>Price</b><span>24 EUR</span></p>", "Price 24 EUR"),
        ("<p><i>i</i><b>Phone</b></p>", "iPhone"),
        ("<p><span>pre</span><b>fix</b></p>", "prefix"),
        ("<p><b>Mac</b>Book</p>", "MacBook"),
        ("<p>x<i>CO</i><sub>2</sub></p>", "xCO2"),
        ("<p>a <code><span>foo</span><span>Bar</span></code></p>", "a fooBar"),
    ],
)
def test_elements_that_touch_are_words_of_their_own_where_they_look_so(
    html: str, text: str
) -> None:
    assert one(html).text == text


def test_two_breaks_part_paragraphs_and_keep_the_style() -> None:
    first, second = blocks_of("<div><b>one<br><br>two</b></div>")
    assert (first.markdown, second.markdown) == ("**one**", "**two**")


# ---- headings ----------------------------------------------------------------------------------


@pytest.mark.parametrize("level", range(1, 7))
def test_heading_keeps_its_level(level: int) -> None:
    block = one(f"<h{level}>A <i>title</i></h{level}>")
    assert (block.kind, block.level, block.text) == ("heading", level, "A title")
    assert block.markdown == f"{'#' * level} A *title*"


def test_permalink_of_a_heading_is_dropped() -> None:
    assert one('<h2>Title <a class=headerlink href="#title">¶</a></h2>').markdown == "## Title"


@pytest.mark.parametrize(
    "title",
    [
        "<h2 id=t><a class=anchor href='#t'>#</a> Title</h2>",
        "<h2 id=t>Title<a href='#t'>Link to this heading</a></h2>",
        "<h2 id=t><a href='#t'>Title</a></h2>",
        "<h2><a id=t href='#t'><svg></svg></a>Title</h2>",
    ],
    ids=["sign-before", "words-behind", "whole", "icon"],
)
def test_link_of_a_heading_to_itself_is_no_link(title: str) -> None:
    assert (one(title).text, one(title).markdown) == ("Title", "## Title")


def test_heading_by_role_is_a_heading() -> None:
    block = one("<div role=heading aria-level=4><span>Title</span></div>")
    assert (block.kind, block.level) == ("heading", 4)


def test_heading_by_role_without_level_is_of_the_second() -> None:
    assert one("<div role=heading>Title</div>").level == 2


def test_link_around_a_heading_is_kept() -> None:
    block = one("<a href=/x><h3>Title</h3></a>")
    assert block.markdown == "### [Title](https://example.org/x)"


def test_link_around_several_blocks_is_none_of_theirs() -> None:
    assert [b.markdown for b in blocks_of("<a href=/x><p>a</p><p>b</p></a>")] == ["a", "b"]


# ---- lists -------------------------------------------------------------------------------------


def test_nested_lists_are_one_block() -> None:
    block = one("<ul><li>a<ol start=3><li>b</li><li>c</li></ol></li><li>d</li></ul>")
    assert [(i.text, [n.text for n in i.items]) for i in block.items] == [
        ("a", ["b", "c"]),
        ("d", []),
    ]
    assert block.markdown == "- a\n\n  3. b\n  4. c\n- d"
    assert block.text == "a\nb\nc\nd"


def test_only_the_chosen_items_stay() -> None:
    (block,) = blocks_of("<ol><li>one</li><li>AD</li><li>three</li></ol>", without="AD")
    assert block.markdown == "1. one\n3. three"
    assert block.ordered is True


def test_paragraphs_of_an_item_stay_in_it() -> None:
    block = one("<ul><li><p>one</p><p>two</p></li><li>three</li></ul>")
    assert block.items[0].text == "one\ntwo"
    assert block.markdown == "- one\n\n  two\n- three"


def test_definitions_stand_below_their_terms() -> None:
    block = one("<dl><dt>T</dt><dd>d1</dd><dd>d2</dd><dt>U</dt><dd>e</dd></dl>")
    assert [(i.text, [n.text for n in i.items]) for i in block.items] == [
        ("T", ["d1", "d2"]),
        ("U", ["e"]),
    ]


def test_numbering_goes_on_after_code_inside_an_item() -> None:
    blocks = blocks_of("<ol><li>Run<pre>ls</pre></li><li>Then</li></ol>")
    assert [block.markdown for block in blocks] == ["1. Run", "```\nls\n```", "2. Then"]


def test_item_that_code_parts_goes_on_as_a_paragraph() -> None:
    blocks = blocks_of("<ol><li>Run<pre>ls</pre>and see</li><li>Then</li></ol>")
    assert [block.markdown for block in blocks] == ["1. Run", "```\nls\n```", "and see", "2. Then"]


def test_text_after_a_nested_list_stays_after_it() -> None:
    block = one("<ul><li>a<ul><li>b</li></ul><p>c</p></li><li>d</li></ul>")
    assert block.text == "a\nb\nc\nd"
    assert block.markdown == "- a\n  - b\n\n  c\n- d"


def test_list_between_items_is_nested_in_the_one_before() -> None:
    block = one("<ul><li>a</li><ul><li>b</li></ul><ol><li>c</li></ol><li>d</li></ul>")
    assert block.markdown == "- a\n  - b\n  1. c\n- d"


@pytest.mark.parametrize(
    ("attributes", "numbers"),
    [("reversed", "321"), ("reversed start=9", "987"), ("start=4", "456"), ("type=a", "123")],
)
def test_items_are_numbered_as_browsers_do(attributes: str, numbers: str) -> None:
    block = one(f"<ol {attributes}><li>x</li><li>x</li><li>x</li></ol>")
    assert block.markdown == "\n".join(f"{number}. x" for number in numbers)


def test_task_list_keeps_its_check_boxes_in_markdown() -> None:
    block = one(
        "<ul><li><input type=checkbox disabled checked> done</li>"
        "<li><p><input type=checkbox disabled> open</p></li><li><input type=checkbox> form</li></ul>"
    )
    assert (block.text, block.markdown) == ("done\nopen\nform", "- [x] done\n- [ ] open\n- form")


def test_quote_in_an_item_is_a_quote() -> None:
    html = "<ol><li>a<blockquote>said</blockquote></li><li>b</li></ol>"
    assert kinds(html) == [("list", "a"), ("quote", "said"), ("list", "b")]


def test_cards_are_not_a_list() -> None:
    html = "<ul><li><h3>One</h3><p>teaser</p></li><li><h3>Two</h3><p>other</p></li></ul>"
    assert [kind for kind, _ in kinds(html)] == ["heading", "paragraph", "heading", "paragraph"]


# ---- tables ------------------------------------------------------------------------------------


def test_table_keeps_header_cells_and_spans() -> None:
    block = one(
        "<table><tr><th rowspan=2>A</th><th colspan=2>B|b</th></tr>"
        "<tr><td>1</td><td>2 <ul><li>x</li></ul></td></tr></table>"
    )
    cells = [[(c.text, c.header, c.colspan, c.rowspan) for c in row] for row in block.rows]
    assert cells == [
        [("A", True, 1, 2), ("B|b", True, 2, 1)],
        [("1", False, 1, 1), ("2 x", False, 1, 1)],
    ]
    assert block.markdown == "| A | B\\|b |  |\n| --- | --- | --- |\n|  | 1 | 2<br>x |"
    assert block.text == "A\tB|b\n1\t2 x"


def test_foot_of_a_table_comes_last() -> None:
    html = (
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tfoot><tr><td>sum</td><td>3</td></tr>"
        "</tfoot><tbody><tr><td>x</td><td>3</td></tr></tbody></table>"
    )
    assert one(html).text == "a\tb\nx\t3\nsum\t3"


def test_image_in_a_cell_does_not_part_the_table() -> None:
    html = (
        "<table><tr><th>a</th><th>b</th></tr><tr><td><img src=/i.jpg alt=i>x</td><td>1</td></tr>"
        "<tr><td>y</td><td>2</td></tr></table><p>z</p>"
    )
    assert [kind for kind, _ in kinds(html)] == ["table", "image", "paragraph"]


def test_lines_of_a_cell_are_breaks_in_markdown_and_words_in_text() -> None:
    block = one("<table><tr><th>a</th><th>b</th></tr><tr><td>x<br>y</td><td>1</td></tr></table>")
    assert (block.text, block.markdown[-14:]) == ("a\tb\nx y\t1", "| x<br>y | 1 |")


def test_only_the_chosen_rows_stay() -> None:
    html = "<table><tr><th>K</th><th>V</th></tr><tr><td>AD</td><td>AD</td></tr><tr><td>a</td><td>b</td></tr></table>"
    (block,) = blocks_of(html, without="AD")
    assert block.text == "K\tV\na\tb"


@pytest.mark.parametrize(
    "html",
    [
        "<table role=presentation><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>",
        "<table><tr><td>a</td><td>b</td></tr></table>",
        "<table><tr><td>a</td></tr><tr><td>b</td></tr></table>",
        "<table><tr><td><h2>a</h2></td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>",
        "<table><tr><td>a</td><td><table><tr><td>b</td></tr></table></td></tr><tr><td>c</td><td>d</td></tr></table>",
        f"<table><tr><td>a</td><td>{'long ' * 200}</td></tr><tr><td>c</td><td>d</td></tr></table>",
    ],
    ids=["role", "one-row", "one-column", "heading", "nested", "long-text"],
)
def test_layout_table_is_unwrapped(html: str) -> None:
    assert "table" not in [kind for kind, _ in kinds(html)]


def test_caption_of_a_table_stands_before_it() -> None:
    html = "<table><caption>C</caption><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>"
    assert [kind for kind, _ in kinds(html)] == ["caption", "table"]


# ---- code --------------------------------------------------------------------------------------


def test_code_keeps_lines_indentation_and_language() -> None:
    block = one(
        '<pre><code class="language-python"><span class=k>def</span> f():\n    <span>pass</span>\n\n</code></pre>'
    )
    assert (block.kind, block.text, block.language) == ("code", "def f():\n    pass", "python")
    assert block.markdown == "```python\ndef f():\n    pass\n```"


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ("<div class='highlight highlight-source-shell'><pre>x</pre></div>", "shell"),
        ("<pre class='brush: js; gutter: true'>x</pre>", "js"),
        ("<pre data-lang=Rust>x</pre>", "rust"),
        ("<pre data-enlighter-language=php>x</pre>", "php"),
        ("<pre><code class='hljs kotlin'>x</code></pre>", "kotlin"),
        ("<pre><code class='hljs language-kotlin'>x</code></pre>", "kotlin"),
        ("<pre class=lang-c++>x</pre>", "c++"),
        ("<pre class='language-plaintext'>x</pre>", None),
        ("<pre>x</pre>", None),
    ],
)
def test_language_of_code_is_read_from_the_usual_places(html: str, language: str | None) -> None:
    assert one(html).language == language


def test_line_numbers_and_copy_buttons_are_not_code() -> None:
    html = """<div class=code><table><tr><td class=gutter><pre>1\n2</pre></td><td><pre><button>Copy</button>a = 1
<span class="line-number">2</span>b = 2</pre></td></tr></table></div>"""
    assert kinds(html) == [("code", "a = 1\nb = 2")]


def test_lines_that_are_elements_stay_lines() -> None:
    assert one("<pre><div>a</div><div>  b</div>c<br>d</pre>").text == "a\n  b\nc\nd"


def test_numbers_of_lines_without_a_gutter_are_not_code() -> None:
    html = "<pre><span class=ln>1</span>a\n<span class=ln>2</span>b</pre>"
    assert one(html).text == "a\nb"


def test_code_whose_lines_end_in_breaks_is_a_block() -> None:
    html = "<p><code>if x:<br>&nbsp;&nbsp;run</code></p>"
    assert kinds(html) == [("code", "if x:\n  run")]


def test_code_beside_words_stays_in_its_line() -> None:
    assert one("<p><code>a<br>b</code> and so on</p>").kind == "paragraph"


def test_fence_is_longer_than_the_fences_inside() -> None:
    assert one("<pre>```\nx\n```</pre>").markdown == "````\n```\nx\n```\n````"


# ---- quotes, images ----------------------------------------------------------------------------


def test_quote_keeps_its_paragraphs_and_depth() -> None:
    block = one("<blockquote><p>a</p><blockquote>b</blockquote></blockquote>")
    assert (block.kind, block.text) == ("quote", "a\n\nb")
    assert block.markdown == "> a\n>\n> > b"


def test_list_in_a_quote_is_a_quoted_list() -> None:
    block = one("<blockquote><ul><li>a</li></ul></blockquote>")
    assert (block.kind, block.markdown) == ("list", "> - a")


@pytest.mark.parametrize(
    ("markup", "src"),
    [
        ('<img src="/i.jpg">', "https://example.org/i.jpg"),
        ('<img src="i.jpg">', "https://example.org/a/i.jpg"),
        ('<img src="//cdn.example.net/i.jpg">', "https://cdn.example.net/i.jpg"),
        (
            '<img src="data:image/gif;base64,R0" data-src="/lazy.jpg">',
            "https://example.org/lazy.jpg",
        ),
        ('<img src="/s.jpg" srcset="/m.jpg 600w, /l.jpg 1200w">', "https://example.org/l.jpg"),
        ('<picture><source srcset="/p.webp 2x"><img></picture>', "https://example.org/p.webp"),
        (
            '<img class=lazy src="/blank.gif"><noscript><img src="/real.jpg"></noscript>',
            "https://example.org/real.jpg",
        ),
        (
            '<img data-src="/one.jpg"><noscript><img src="/one.jpg"></noscript>',
            "https://example.org/one.jpg",
        ),
    ],
)
def test_image_address_is_the_real_one_and_absolute(markup: str, src: str) -> None:
    blocks = blocks_of(f"<div><p>before</p>{markup}<p>after</p></div>")
    assert [block.src for block in blocks if block.kind == "image"] == [src]


def test_caption_comes_after_its_image() -> None:
    html = (
        "<p>a</p><figure><figcaption>C</figcaption><img src=/i.jpg alt='An [x]'></figure><p>b</p>"
    )
    blocks = blocks_of(html)
    assert [block.kind for block in blocks] == ["paragraph", "image", "caption", "paragraph"]
    assert blocks[1].markdown == "![An \\[x\\]](https://example.org/i.jpg)"


def test_figure_without_an_image_leaves_other_images_their_places() -> None:
    html = (
        "<p>a</p><img src=/i.jpg><p>b</p><figure><video></video><figcaption>C</figcaption></figure>"
    )
    assert "image" in [kind for kind, _ in kinds(html)]


def test_figure_in_a_wrapper_stands_beside_the_text_around() -> None:
    html = (
        "<p>a</p><div><div><a href=/i.jpg><img src=/i.jpg></a>"
        "<p class=wp-caption-text>C</p></div></div><p>b</p>"
    )
    assert [kind for kind, _ in kinds(html)] == ["paragraph", "image", "caption", "paragraph"]


def test_image_beside_text_left_out_is_left_out() -> None:
    html = "<div><p>kept</p><div><img src=/ad.jpg>AD</div></div>"
    assert [block.kind for block in blocks_of(html, without="AD")] == ["paragraph"]


@pytest.mark.parametrize(
    ("link", "kept"), [("/other-story", False), ("/photo.jpg", True), ("/photo.webp?w=9", True)]
)
def test_image_without_words_in_a_link_to_another_page_is_a_teaser(link: str, kept: bool) -> None:
    html = f"<p>a</p><a href={link}><img src=/thumb.jpg alt=''></a><p>b</p>"
    assert ("image" in [block.kind for block in blocks_of(html)]) is kept


@pytest.mark.parametrize(
    "src", ["javascript:alert(1)", "data:image/png;base64,AA", "http://[bad", ""]
)
def test_image_without_a_web_address_is_dropped(src: str) -> None:
    assert [b.kind for b in blocks_of(f"<p>a</p><img src='{src}'><p>b</p>")] == ["paragraph"] * 2


# ---- links, notes, formulas --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("href", "markdown"),
    [
        ("/x", "[w](https://example.org/x)"),
        ("x", "[w](https://example.org/a/x)"),
        ("../x", "[w](https://example.org/x)"),
        ("?q=1", "[w](https://example.org/a/page?q=1)"),
        ("#part", "[w](https://example.org/a/page#part)"),
        ("mailto:a@example.org", "[w](mailto:a@example.org)"),
        ("/a (b)", "[w](https://example.org/a%20%28b%29)"),
        ("javascript:void(0)", "w"),
        ("http://[bad", "w"),
        ("", "w"),
    ],
)
def test_link_is_absolute_or_only_its_text(href: str, markdown: str) -> None:
    assert one(f'<p><a href="{href}">w</a></p>').markdown == markdown


def test_base_element_moves_links() -> None:
    html = '<head><base href="https://other.example/b/"></head><p><a href=c>w</a></p>'
    assert one(html).markdown == "[w](https://other.example/b/c)"


def test_footnote_and_its_reference_find_each_other() -> None:
    html = '<p>Water<sup><a href="#n1">1</a></sup>.</p><ol><li id=n1>Wet. <a href="#r1">↩</a></li></ol>'
    assert [b.markdown for b in blocks_of(html)] == ["Water[^1].", "[^1]: Wet."]
    assert blocks_of(html)[0].text == "Water[1]."


@pytest.mark.parametrize(
    ("reference", "note"),
    [
        (
            "<a href='#n' id=r role=doc-noteref><sup>1</sup></a>",
            "<ol><li id=n><p>Note.<a href='#r'>↩</a></p></li></ol>",
        ),
        (
            "<a class=footnote-anchor href='#n' id=r>1</a>",
            "<div><a id=n href='#r'>1</a><div><p>Note.</p></div></div>",
        ),
        (
            "<a href='#n' style='mso-footnote-id:ftn1' name=r><span>[1]</span></a>",
            "<div><p><a href='#r' name=n>[1]</a> Note.</p></div>",
        ),
        (
            "<a class=footnote-reference href='#n' id=r>[1]</a>",
            "<table id=n><tr><td><a href='#r'>[1]</a></td><td>Note.</td></tr></table>",
        ),
        (
            "<sup id=r><a href='#n'>[1]</a></sup>",
            "<ol><li id=n><span class=mw-cite-backlink><b><a href='#r'>^</a></b></span> Note.</li></ol>",
        ),
    ],
    ids=["pandoc", "substack", "word", "docutils", "mediawiki"],
)
def test_footnotes_are_found_as_systems_write_them(reference: str, note: str) -> None:
    first, second = blocks_of(f"<p>Said{reference}.</p>{note}")
    assert (first.text, first.markdown) == ("Said[1].", "Said[^1].")
    assert second.markdown == "[^1]: Note."


def test_second_reference_to_a_note_has_its_label() -> None:
    html = "<p>a<sup><a href='#n'>1</a></sup> b<sup><a href='#n'>1:1</a></sup></p><ol><li id=n>N</li></ol>"
    assert blocks_of(html)[0].markdown == "a[^1] b[^1]"


def test_reference_without_its_note_stays_a_link() -> None:
    block = one('<p>Water<sup><a href="#n1">1</a></sup>.</p>')
    assert block.text == "Water[1]."
    assert "(https://example.org/a/page#n1)" in block.markdown


@pytest.mark.parametrize(
    "markup",
    [
        '<span class=katex><span class=katex-mathml><math><semantics><mi>E</mi><annotation encoding="application/x-tex">'
        "E=mc^2</annotation></semantics></math></span><span class=katex-html aria-hidden=true>E=mc2</span></span>",
        '<math alttext="E=mc^2"><mi>E</mi></math>',
        '<script type="math/tex">E=mc^2</script>',
    ],
    ids=["katex", "alttext", "mathjax2"],
)
def test_formula_is_its_source_once(markup: str) -> None:
    block = one(f"<p>Then {markup} holds.</p>")
    assert block.text == block.markdown == "Then $E=mc^2$ holds."


@pytest.mark.parametrize(
    "image",
    [
        '<img class=tex alt="E=mc^2" src=/1.png>',
        '<img alt="E=mc^2" src="/latex.php?latex=E">',
        '<span class=mwe-math-element><img class=mwe-math-fallback-image-inline alt="E=mc^2" src=/1></span>',
    ],
    ids=["class", "renderer", "mediawiki"],
)
def test_image_of_a_formula_is_its_source_and_no_image(image: str) -> None:
    assert kinds(f"<p>Then {image} holds.</p>") == [("paragraph", "Then $E=mc^2$ holds.")]


def test_formula_that_mathjax_drew_is_given_once() -> None:
    drawn = "<span class=MathJax><nobr>xx</nobr></span><script type='math/tex'>x_1</script>"
    assert one(f"<p>a {drawn} b</p>").text == "a $x_1$ b"


def test_displayed_script_of_mathjax_is_a_formula() -> None:
    drawn = "<div class=MathJax_Display><span class=MathJax><nobr>yy</nobr></span></div>"
    script = "<script type='math/tex; mode=display'>y_1</script>"
    assert kinds(f"<p>a</p>{drawn}{script}<p>b</p>") == [
        ("paragraph", "a"),
        ("math", "y_1"),
        ("paragraph", "b"),
    ]


def test_formula_of_mathjax_3_does_not_part_its_line() -> None:
    drawn = (
        "<mjx-container><mjx-math><mjx-mi></mjx-mi></mjx-math>"
        "<mjx-assistive-mml><math><mi>x</mi></math></mjx-assistive-mml></mjx-container>"
    )
    assert kinds(f"<p>a {drawn} b</p>") == [("paragraph", "a $x$ b")]


@pytest.mark.parametrize("container", ["span", "div"])
def test_delimited_source_in_an_element_of_mathematics_is_a_formula(container: str) -> None:
    html = f"<p>a</p><{container} class='math notranslate'>\\[x &lt; y\\]</{container}>"
    assert blocks_of(html)[1].markdown == "$$x < y$$"


# ---- what must not be there, and what must not take long ---------------------------------------


def test_text_that_was_not_chosen_is_nowhere() -> None:
    html = "<ul><li>a</li><li>AD</li></ul><p>AD</p><blockquote><p>b</p><p>AD</p></blockquote><h2>AD</h2>"
    blocks = blocks_of(html, without="AD")
    assert [(block.kind, block.text) for block in blocks] == [("list", "a"), ("quote", "b")]
    assert not any("AD" in block.markdown for block in blocks)


def test_nothing_chosen_gives_nothing() -> None:
    assert blocks_of("<p>AD</p><img src=/a.jpg>", without="AD") == ()


@pytest.mark.parametrize("empty", ["&zwj;", "<b>&zwj;</b>", "&lrm; &zwj;", "&#x2069;"])
def test_a_paragraph_that_nobody_sees_is_none(empty: str) -> None:
    assert one(f"<p>One.</p><p>{empty}</p>").text == "One."


def test_joiners_between_letters_stay() -> None:
    assert one("<p>می‌خواهم</p>").text == "می‌خواهم"


@pytest.mark.parametrize(
    "unit",
    [
        "<div>w ",
        "<ul><li>w ",
        "<ol><li><p>w</p><pre>c</pre></li>",
        "<table><tr><td>w ",
        "<tr><td colspan=1000 rowspan=65534>w</td><td>v</td></tr>",
        "<blockquote>w ",
        "<p>w <b>x <i>y</b> z</i>",
        "<p>*_[`<&",
        "<picture><source srcset='a 1x'><img></picture> w",
        "<a href=/x>w</a>",
        "<span class=katex>w ",
        "<span class=arithmatex>w ",
    ],
)
def test_steps_are_linear_in_the_page(unit: str) -> None:
    def steps(count: int) -> int:
        tree = Tree("<table>" + unit * count if unit.startswith("<tr") else unit * count)
        segments = cut(tree)
        with lines_run() as counted:
            assemble(tree, segments, [True] * len(segments), URL)
        return counted[0]

    # Eight times the page: a quadratic step would run sixty-four times as often.
    assert steps(800) < 10 * steps(100)
