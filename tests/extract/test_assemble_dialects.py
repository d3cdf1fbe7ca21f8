"""Structure as the generators of pages write it: highlighters, editors, ARIA, MathML, lazy images."""

from __future__ import annotations

import pytest

from scrubber.extract.assembly.assemble import assemble
from scrubber.extract.segments import cut
from scrubber.extract.tree import Tree
from scrubber.models import Block

URL = "https://example.org/a/page"


def blocks_of(html: str) -> tuple[Block, ...]:
    tree = Tree(html)
    segments = cut(tree)
    return assemble(tree, segments, [True] * len(segments), URL)


def kinds(html: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in blocks_of(html)]


def markdown(html: str) -> list[str]:
    return [block.markdown for block in blocks_of(html)]


def sources(markup: str) -> list[str | None]:
    blocks = blocks_of(f"<div><p>before</p>{markup}<p>after</p></div>")
    return [block.src for block in blocks if block.kind == "image"]


# ---- code that no `pre` holds ------------------------------------------------------------------

CODE_BOXES = {
    "github-table": """<table class="highlight js-file-line-container">
        <tr><td id=L1 class="blob-num" data-line-number=1></td><td class="blob-code">if x:</td></tr>
        <tr><td id=L2 class="blob-num" data-line-number=2></td><td class="blob-code">    run()</td></tr>
        </table>""",
    "syntaxhighlighter": """<div class="syntaxhighlighter python"><table><tr>
        <td class=gutter><div class="line number1">1</div><div class="line number2">2</div></td>
        <td class=code><div class=container><div class="line number1"><code>if x:</code></div>
        <div class="line number2"><code class=spaces>&nbsp;&nbsp;&nbsp;&nbsp;</code><code>run()</code>
        </div></div></td></tr></table></div>""",
    "codemirror-5": """<div class=CodeMirror><div class=CodeMirror-code>
        <div><div class=CodeMirror-gutter-wrapper><div class="CodeMirror-linenumber">1</div></div>
        <pre class=CodeMirror-line><span>if x:</span></pre></div>
        <div><div class=CodeMirror-gutter-wrapper><div class="CodeMirror-linenumber">2</div></div>
        <pre class=CodeMirror-line><span>    run()</span></pre></div></div></div>""",
    "codemirror-6": """<div class=cm-editor><div class=cm-gutters><div class=cm-gutter>
        <div class=cm-gutterElement>1</div><div class=cm-gutterElement>2</div></div></div>
        <div class=cm-content><div class=cm-line>if x:</div><div class=cm-line>    run()</div></div>
        </div>""",
    "monaco": """<div class=view-lines><div class=view-line><span>if x:</span></div>
        <div class=view-line><span>&nbsp;&nbsp;&nbsp;&nbsp;run()</span></div></div>""",
    "crayon": """<table><tr><td class=crayon-nums><div class=crayon-num>1</div><div class=crayon-num>2
        </div></td><td><div class=crayon-pre><div class=crayon-line>if x:</div>
        <div class=crayon-line>    run()</div></div></td></tr></table>""",
    "named-lines": """<div class=code-sample><div class=line>if x:</div>
        <div class=line>    run()</div></div>""",
    "code-around-blocks": "<code><div>if x:</div><div>    run()</div></code>",
    "lone-code-with-lines": "<p><code class=language-python>if x:\n    run()\n</code></p>",
    "code-with-breaks": "<div><code>if x:<br>\n&nbsp;&nbsp;&nbsp;&nbsp;run()<br></code></div>",
    "code-a-line": "<p><code>if x:</code><br>\n<code>&nbsp;&nbsp;&nbsp;&nbsp;run()</code></p>",
}


@pytest.mark.parametrize("html", CODE_BOXES.values(), ids=CODE_BOXES)
def test_code_without_a_pre_is_one_block_without_its_line_numbers(html: str) -> None:
    assert kinds(f"<p>a</p>{html}<p>b</p>") == [
        ("paragraph", "a"),
        ("code", "if x:\n    run()"),
        ("paragraph", "b"),
    ]


def test_empty_line_of_a_code_box_is_kept() -> None:
    html = (
        "<div class=cm-content><div class=cm-line>a</div><div class=cm-line><br></div>"
        "<div class=cm-line>b</div><div class=cm-line></div><div class=cm-line>c</div></div>"
    )
    assert kinds(html) == [("code", "a\n\nb\n\nc")]


@pytest.mark.parametrize(
    "html",
    [
        "<div class=line-block><div class=line>Roses</div><div class=line>Violets</div></div>",
        "<div class=code-of-conduct><p>Be</p><p>kind</p></div>",
        "<code><p>One</p><p>two</p></code>",
    ],
    ids=["verse", "name", "unclosed"],
)
def test_what_is_only_called_lines_or_code_is_none(html: str) -> None:
    assert [kind for kind, _ in kinds(html)] == ["paragraph", "paragraph"]


def test_wrapper_that_counts_lines_by_its_name_does_not_hide_its_code() -> None:
    html = (
        "<div class='language-js line-numbers-mode'><pre><code>a\nb</code></pre>"
        "<div class=line-numbers-wrapper><span>1</span><br><span>2</span><br></div></div>"
    )
    assert kinds(html) == [("code", "a\nb")]
    assert blocks_of(html)[0].language == "js"


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ("<div class=syntaxhighlighter><div class='line'>x</div></div>", None),
        ("<div class='syntaxhighlighter java'><div class='line'>x</div></div>", "java"),
        ("<figure class='highlight js'><pre>x</pre></figure>", "js"),
        ("<pre class=php>x</pre>", "php"),
        ("<pre><code class=bash>x</code></pre>", "bash"),
        ("<pre class='highlight-height language-ts'>x</pre>", "ts"),
        ("<pre lang=mermaid>x</pre>", "mermaid"),
        ("<pre lang=en>x</pre>", None),
        ("<pre data-enlighter-language=generic>x</pre>", None),
        ("<pre class=a data-syntaxhighlighter-params='brush: java; gutter: false'>x</pre>", "java"),
        ("<div class='highlight highlight-text-html-basic'><pre>x</pre></div>", "html"),
        (
            "<div class=highlight-python><div><table><tr><td class=linenos><pre>1</pre></td>"
            "<td><div><pre>x</pre></div></td></tr></table></div></div>",
            "python",
        ),
    ],
)
def test_language_stands_where_highlighters_put_it(html: str, language: str | None) -> None:
    (block,) = blocks_of(html)
    assert (block.text, block.language) == ("x", language)


@pytest.mark.parametrize("names", ["line-numbers language-js", "copy", "show-copy-on-hover"])
def test_names_of_the_code_itself_never_hide_it(names: str) -> None:
    html = (
        f"<div class='{names}'><pre class='{names}'><code class='{names}'>x\ny</code></pre></div>"
    )
    assert kinds(html) == [("code", "x\ny")]


@pytest.mark.parametrize(
    "html",
    [
        "<code>x<div>y</div></code>",
        "<code><div>x</div>y</code>",
        "<p>a</p><pre><code>x<div>y</div></code></pre>",
        "<code>v<div>w</div>x<div>y</div>z</code>",
    ],
)
def test_bare_line_beside_the_blocks_of_code_is_given_once(html: str) -> None:
    code = [text for kind, text in kinds(html) if kind == "code"]
    assert code in (["x\ny"], ["v\nw\nx\ny\nz"])
    assert len(kinds(html)) == 1 + html.count("<p>")


def test_text_around_code_that_empty_lines_part_is_kept() -> None:
    html = "<p>See <code>a<br><br>b</code> and so on.</p>"
    assert [text for _, text in kinds(html)] == ["See a", "b and so on."]


def test_poem_in_a_pre_is_a_paragraph_of_lines() -> None:
    html = "<pre class=wp-block-verse>Roses are red<br>Violets *blue*</pre>"
    (block,) = blocks_of(html)
    assert (block.kind, block.text) == ("paragraph", "Roses are red\nViolets *blue*")
    assert block.markdown == "Roses are red  \nViolets \\*blue\\*"


def test_indented_lines_of_a_poem_are_no_code() -> None:
    (block,) = blocks_of("<pre class=poem>Roses\n\n      are red</pre>")
    assert block.text == "Roses\n\n      are red"
    assert block.markdown == "Roses  \n  \nare red"


def test_space_between_two_pieces_of_code_is_in_neither() -> None:
    html = "<p><code>GET</code> <code>/a</code>, <b><code>x</code> <code>y</code></b></p>"
    assert markdown(html) == ["`GET` `/a`, **`x` `y`**"]


# ---- ARIA --------------------------------------------------------------------------------------


def test_list_by_role_is_a_list() -> None:
    html = (
        "<div role=list><div role=listitem>One</div><div role=listitem><p>Two</p>"
        "<div role=list><div role=listitem>deep</div></div></div></div>"
    )
    assert markdown(html) == ["- One\n- Two\n  - deep"]


def test_one_item_of_a_list_by_role_is_a_paragraph() -> None:
    assert kinds("<div role=list><div role=listitem>One</div></div>") == [("paragraph", "One")]


@pytest.mark.parametrize("card", ["<p>Who?</p><p>Her.</p>", "<img src=/i.jpg alt=Her><p>Her.</p>"])
def test_item_by_role_that_is_a_card_is_layout(card: str) -> None:
    html = f"<div role=list><div role=listitem>{card}</div><div role=listitem>{card}</div></div>"
    assert "list" not in [kind for kind, _ in kinds(html)]


def test_table_by_roles_is_a_table() -> None:
    html = (
        "<div role=table><div><div role=row><div role=columnheader>A</div>"
        "<div role=columnheader>B</div></div></div><div><div role=row><div role=cell>1</div>"
        "<div role=cell><p>2</p></div></div></div></div>"
    )
    (block,) = blocks_of(html)
    assert (block.kind, block.text) == ("table", "A\tB\n1\t2")
    assert [cell.header for cell in block.rows[0]] == [True, True]


@pytest.mark.parametrize(
    "html",
    [
        "<div role=table><div role=cell>a</div><div role=cell>b</div></div>",
        "<div role=grid><div role=row><div role=gridcell>a</div><div role=gridcell>b</div></div></div>",
        "<div role=row><div role=cell>a</div><div role=cell>b</div></div>",
    ],
    ids=["no-rows", "one-row", "no-table"],
)
def test_cells_by_role_without_a_table_are_text(html: str) -> None:
    assert kinds(html) == [("paragraph", "a"), ("paragraph", "b")]


# ---- tables and headings -----------------------------------------------------------------------


def test_headings_and_short_code_in_a_table_with_header_cells_are_data() -> None:
    html = (
        "<table><tr><th><h3>Command</h3></th><th><h3>Use</h3></th></tr>"
        "<tr><td><pre>ls -l</pre></td><td>list</td></tr></table>"
    )
    assert kinds(html) == [("table", "Command\tUse\nls -l\tlist")]


def test_heading_alone_in_its_row_names_the_table() -> None:
    html = (
        "<table><tr><th colspan=2><h3>Specs</h3></th></tr><tr><td>Price</td><td>9</td></tr>"
        "<tr><td>Weight</td><td>2</td></tr></table>"
    )
    assert kinds(html) == [("heading", "Specs"), ("table", "Price\t9\nWeight\t2")]


def test_code_of_several_lines_makes_its_table_layout() -> None:
    html = "<table><tr><th>a</th><td><pre>x\ny</pre></td></tr></table>"
    assert kinds(html) == [("paragraph", "a"), ("code", "x\ny")]


def test_button_beside_a_title_is_none_of_it() -> None:
    assert kinds("<h2>Title<button>Copy link</button></h2>") == [("heading", "Title")]
    assert kinds("<h2><button>Title</button></h2>") == [("heading", "Title")]


def test_nested_numbers_that_go_on_stand_below_a_blank_line() -> None:
    html = "<ul><li>a<ol start=2><li>b</li></ol></li><li>c<ol><li>d</li></ol></li></ul>"
    assert markdown(html) == ["- a\n\n  2. b\n- c\n  1. d"]


def test_item_that_nobody_sees_is_no_item() -> None:
    assert markdown("<ul><li><span class=sr-only>Share</span></li><li>x</li></ul>") == ["- x"]


# ---- notes -------------------------------------------------------------------------------------


def test_several_ways_back_are_no_text() -> None:
    html = (
        "<p>a<sup><a href='#n'>1</a></sup> b<sup><a href='#n'>1</a></sup></p>"
        "<ol><li id=n>Note. <a href='#r'>↩︎</a> <a href='#r2'>↩︎<sup>2</sup></a></li></ol>"
    )
    assert markdown(html)[1] == "[^1]: Note."


def test_raised_brackets_around_a_reference_are_its_own() -> None:
    html = (
        "<p>Said<sup class=footnote>[<a href='#n' id=r>1</a>]</sup>.</p>"
        "<div id=n><a href='#r'>1</a>. Note.</div>"
    )
    assert markdown(html) == ["Said[^1].", "[^1]: Note."]


def test_notes_of_the_margin_stand_in_brackets_where_they_belong() -> None:
    html = (
        "<p>Said<label for=s class='margin-toggle sidenote-number'></label>"
        "<input type=checkbox id=s class=margin-toggle><span class=sidenote>By <i>her</i>.</span> so."
        "<label for=m class=margin-toggle>⊕</label><input type=checkbox id=m class=margin-toggle>\n"
        "<span class=marginnote>Once.</span> End.</p>"
    )
    (block,) = blocks_of(html)
    assert block.text == "Said (By her.) so. (Once.) End."
    assert block.markdown == "Said (By *her*.) so. (Once.) End."


# ---- formulas ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mathml", "tex"),
    [
        ("<mi>x</mi><mo>=</mo><mn>1</mn>", "x=1"),
        ("<msup><mi>x</mi><mn>2</mn></msup>", "x^{2}"),
        ("<msubsup><mi>x</mi><mi>i</mi><mn>2</mn></msubsup>", "x_{i}^{2}"),
        ("<msup><mrow><mi>a</mi><mi>b</mi></mrow><mn>2</mn></msup>", "{ab}^{2}"),
        ("<mfrac><mn>1</mn><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></mfrac>", "\\frac{1}{a+b}"),
        ("<msqrt><mi>y</mi></msqrt>", "\\sqrt{y}"),
        ("<mroot><mi>y</mi><mn>3</mn></mroot>", "\\sqrt[3]{y}"),
        (
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi>"
            "</munderover>",
            "∑_{i=1}^{n}",
        ),
        ("<mover><mi>v</mi><mo>→</mo></mover>", "\\vec{v}"),
        ("<mi>sin</mi><mi>x</mi>", "\\sin x"),
        ("<mtext>if </mtext><mi>x</mi>", "\\text{if}x"),
        ("<munder><mo>lim</mo><mi>x</mi></munder>", "\\lim _{x}"),
        ("<msup><mrow><mi>sin</mi><mi>x</mi></mrow><mn>2</mn></msup>", "{\\sin x}^{2}"),
        ("<msup><mfrac><mi>a</mi><mi>b</mi></mfrac><mn>2</mn></msup>", "{\\frac{a}{b}}^{2}"),
        ("<mi>A</mi><mo>\\</mo><mi>B</mi>", "A\\backslash B"),
        ("<mtext>5 $ & {x}</mtext>", "\\text{5 \\$ \\& \\{x\\}}"),
    ],
)  # fmt: skip
def test_mathml_without_its_source_is_written_as_tex(mathml: str, tex: str) -> None:
    assert kinds(f"<p>a <math>{mathml}</math> b</p>") == [("paragraph", f"a ${tex}$ b")]


def test_mathml_too_deep_to_be_written_is_read_as_text() -> None:
    deep = f"<mi>x</mi><mo>+</mo>{'<mrow>' * 50}<mi>y</mi>{'</mrow>' * 50}"
    assert kinds(f"<p>a <math>{deep}</math> b</p>") == [("paragraph", "a x+y b")]


@pytest.mark.parametrize(
    ("mathml", "tex"),
    [
        ("<mfenced><mi>x</mi><mi>y</mi></mfenced>", "(x,y)"),
        ("<mfenced open='{' close=''><mi>x</mi></mfenced>", "\\{x"),
        ("<mfenced open='[' close=']' separators=';'><mi>x</mi><mi>y</mi></mfenced>", "[x;y]"),
        (
            "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>",
            "\\begin{matrix} 1 & 2 \\end{matrix}",
        ),
    ],
)
def test_formula_that_blocks_part_is_given_once(mathml: str, tex: str) -> None:
    assert (
        " ".join(text for _, text in kinds(f"<p>a <math>{mathml}</math> b</p>")) == f"a ${tex}$ b"
    )
    assert kinds(f"<p><math display=block>{mathml}</math></p>") == [("math", tex)]


def test_matrix_of_katex_is_its_source_once() -> None:
    html = (
        "<p><span class=katex-display><span class=katex><span class=katex-mathml><math><semantics>"
        "<mtable><mtr><mtd><mi>x</mi></mtd><mtd><mi>y</mi></mtd></mtr></mtable><annotation encoding="
        "'application/x-tex'>M</annotation></semantics></math></span><span class=katex-html>xy</span>"
        "</span></span> and so on</p>"
    )
    assert kinds(html) == [("math", "M"), ("paragraph", "and so on")]


def test_mathml_that_mathjax_drew_is_given_once() -> None:
    html = (
        "<p>a <span class=MathJax><nobr>xx</nobr><span class=MJX_Assistive_MathML><math><mi>x</mi>"
        "</math></span></span><script type='math/mml'><math></math></script> b</p>"
    )
    assert kinds(html) == [("paragraph", "a $x$ b")]


def test_source_of_a_formula_is_not_escaped() -> None:
    assert markdown("<p>a <math alttext='x_{1} * y_{2}'></math> b</p>") == ["a $x_{1} * y_{2}$ b"]


def test_asciimath_is_given_as_typed() -> None:
    html = "<p>a <script type='math/asciimath'>x^2*y*z</script> b</p>"
    assert [(b.text, b.markdown) for b in blocks_of(html)] == [
        ("a x^2*y*z b", "a x^2\\*y\\*z b"),
    ]


# ---- images ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "src"),
    [
        ("<img src=/grey.gif data-lazyload=/r.jpg>", "https://example.org/r.jpg"),
        ("<img src=//:0 data-echo=/r.webp>", "https://example.org/r.webp"),
        ("<img data-image='https://cdn.example/r.png?w=9'>", "https://cdn.example/r.png?w=9"),
        (
            "<img srcset='/w_3,h_2/x.jpg 1x,/w_6,h_4/x.jpg 2x'>",
            "https://example.org/w_6,h_4/x.jpg",
        ),
        ("<img srcset='/a.jpg, /b.jpg 2x'>", "https://example.org/b.jpg"),
        (
            "<img data-src='/x-{width}.jpg'><noscript><img src=/x-900.jpg></noscript>",
            "https://example.org/x-900.jpg",
        ),
        ("<img src=/photos/tracking-shot.jpg>", "https://example.org/photos/tracking-shot.jpg"),
    ],
)
def test_address_of_an_image_is_found_where_loaders_keep_it(markup: str, src: str) -> None:
    assert sources(markup) == [src]


@pytest.mark.parametrize(
    "markup",
    [
        "<img src='https://pixel.example.net/g.gif?v=ext' alt=''>",
        "<img src='https://b.example.net/p?c1=2'>",
        "<img src='https://www.example.net/tr?id=1&ev=PageView'>",
        "<img src=/i.jpg style='display: none'>",
        "<img src=/assets/loading.gif>",
        "<img src=/clear.gif>",
    ],
)
def test_pixels_and_placeholders_are_no_images(markup: str) -> None:
    assert sources(markup) == []
