"""The flat tree and the cutting of a page into segments."""

import pytest

from scrubber.extract.segments import cut
from scrubber.extract.tree import MAX_DEPTH, Attributes, Tree, tame


def texts(html: str) -> list[str]:
    return cut(Tree(html)).texts


def test_inline_tags_do_not_split_a_word():
    assert texts("<p>un<b>believ</b>able</p>") == ["unbelievable"]


def test_a_line_break_parts_words():
    assert texts("<p>one<br>two</p>") == ["one two"]


def test_two_line_breaks_part_segments():
    assert texts("<div>one<br><br>two</div>") == ["one", "two"]


def test_touching_links_part_words():
    assert texts("<p><a href=a>Home</a><a href=b>News</a></p>") == ["Home News"]


def test_loose_text_between_blocks_is_its_own_segment():
    assert texts("<div>one<p>two</p>three</div>") == ["one", "two", "three"]


def test_preformatted_text_is_one_segment():
    assert len(texts("<pre>a<div>b</div>c\n\nd</pre>")) == 1


def test_noscript_is_cut_like_anything_else():
    assert texts("<noscript><div>post</div></noscript>") == ["post"]


@pytest.mark.parametrize("tag", ["script", "style", "template", "iframe", "textarea"])
def test_what_is_no_text_is_not_entered(tag):
    assert texts(f"<p>a</p><{tag}>hidden words</{tag}>") == ["a"]


def test_no_break_spaces_and_soft_hyphens_are_normalised():
    assert texts("<p>a&nbsp;b so&shy;ft</p>") == ["a b soft"]


def test_a_slice_of_tokens_is_the_whole_element():
    tree = Tree("<div><p>one <i>two</i></p></div>")
    (number,) = tree.find("p")
    assert tree.tokens[tree.opens[number]] == number
    assert tree.tokens[tree.closes[number] - 1] == ~number
    assert [tree.tags[n] for n in tree.within(number)] == ["i"]
    assert tree.text(number) == "one two"


def test_a_lone_surrogate_is_no_error():
    assert texts("<p>a\ud800b</p>") == ["a?b"]


def test_very_deep_nesting_is_flattened_and_keeps_its_text():
    tree = Tree("<div>" * 100_000 + "<p>the bottom</p>")
    assert cut(tree).texts == ["the bottom"]
    assert len(tree.tags) < MAX_DEPTH + 10


@pytest.mark.parametrize("end", [">", ""])
def test_an_element_with_a_flood_of_attributes_loses_them(end):
    flood = "".join(f" a{n}=1" for n in range(300_000))
    tree = Tree(f"<p>before</p><p{flood}{end}after")
    assert not tree.attrs[-1]
    assert cut(tree).texts == ["before", "after"] if end else ["before"]


def test_a_long_attribute_is_kept():
    picture = "data:image/png;base64," + "A" * 100_000
    tree = Tree(f"<p>before</p><img src='{picture}'><p>after")
    assert tree.attr(tree.find("img")[0], "src") == picture


def test_a_long_script_keeps_its_neighbours():
    tree = Tree("<p>before<script>" + "a = b && c; " * 50_000 + "</script><p class=x>after")
    assert cut(tree).texts == ["before", "after"]
    assert tree.attrs[-1] == {"class": "x"}


def test_ordinary_pages_are_not_touched_by_taming():
    html = "<div><p>text</p></div>" * 500
    assert tame(html) is html


def test_long_pages_full_of_drawings_scripts_and_styles_keep_their_tags():
    drawing = "<svg><title>Go</title><g><path d='M0 0'/><rect/></g></svg>"
    script = "<script>const box = '<div><div><span>';</script>"
    html = (drawing + script + "<style>.a{}</style><a href=/x>word</a><br>") * 3_000
    assert tame(html) is html


def test_images_and_comments_are_not_taken_for_unclosed_tags():
    html = "<IMG src=a.png><!-- a -->" * 4_000 + "<div>" * 600 + "text" + "</div>" * 600
    assert tame(html) is html


@pytest.mark.parametrize(
    "html",
    [
        "<svg><foreignObject>" + "<section/>" * 50_000 + "the bottom",
        "<svg><div>" + "<path/>" * 50_000 + "the bottom",
        "<svg>" * 50_000 + "<div>the bottom",
    ],
)
def test_what_only_looks_like_a_drawing_is_flattened(html):
    assert len(Tree(html).tags) < MAX_DEPTH + 10


def test_flattening_spares_styles_and_scripts():
    html = "<div>" * 30_000 + "<style>.a{}</style><script>x</script><p>the bottom"
    assert cut(Tree(html)).texts == ["the bottom"]


def test_many_unclosed_formatting_tags_stay_bounded():
    html = "".join(f"<font a={n}><p>x" for n in range(3_000))
    assert len(Tree(html).tags) < 300_001


def test_a_million_siblings_are_cut_off_at_the_bound():
    tree = Tree("<i></i>" * 1_000_000)
    assert tree.truncated
    assert len(tree.closes) == len(tree.tags)
    assert all(tree.closes)


@pytest.mark.parametrize("taken_for", ["latin-1", "cp1252"])
def test_utf8_that_was_encoded_twice_is_mended(taken_for):
    text = "It’s the café’s – “new roof"
    twice = f"<p>{text}</p>".encode().decode(taken_for)
    assert Tree(twice).text(0) == text


def test_utf8_that_was_encoded_three_times_is_mended():
    text = "It’s the café’s – “new roof"
    thrice = text.encode().decode("latin-1").encode().decode("latin-1")
    assert Tree(f"<p>{thrice}</p>").text(0) == text


def test_a_sequence_that_stands_for_nothing_stays_among_others():
    assert Tree("<p>itâ€™s cafÃ© and Ã à€€ â€™</p>").text(0) == "it’s café and Ã à€€ ’"


@pytest.mark.parametrize(
    "text",
    [
        "La forêt où l’âne du château bâtit un gâteau, âgé de cent ans",
        "He typed â€™ once, and a colleague asked what that meant; Ãngel did not know",
    ],
)
def test_letters_that_only_look_like_encoded_twice_stay(text):
    assert Tree(f"<p>{text}</p>").text(0) == text


def test_equal_start_tags_are_asked_once():
    tree = Tree('<p class="a">one<p class="a">two<p class="b">three')
    asked = []

    def is_first(tag: str, attributes: Attributes) -> bool:
        asked.append((tag, dict(attributes)))
        return attributes.get("class") == "a"

    assert list(tree.having(is_first)) == list(tree.having(is_first)) == tree.find("p")[:2]
    assert len(asked) == len(tree.start_tags) < len(tree.tags)


def test_a_word_about_shadow_roots_is_no_shadow_root():
    html = "<p>shadowrootmode</p><template><p>unseen</p></template><p>seen</p>"
    assert texts(html) == ["shadowrootmode", "seen"]


def test_pieces_of_a_streamed_page_stand_where_its_scripts_put_them():
    html = (
        '<div><!--$?--><template id="B:1f"></template><p>Loading</p><!--/$--></div><p>end</p>'
        '<div hidden id="S:1f"><p>first</p><template id="P:2"></template><p>third</p></div>'
        '<div hidden id="S:2"><p>second</p></div>'
    )
    assert texts(html) == ["first", "second", "third", "end"]


def test_pieces_of_a_streamed_page_may_have_a_prefix():
    html = (
        '<div><template id="app-B:0"></template></div><p>end</p>'
        '<div hidden id="app-S:0"><p>first</p></div>'
    )
    assert texts(html) == ["first", "end"]


def test_piece_of_a_streamed_page_without_a_place_is_shown():
    tree = Tree('<p>a</p><div hidden id="S:0"><p>b</p></div>')
    assert "hidden" not in tree.attrs[tree.find("div")[0]]


def test_what_is_shown_until_a_piece_comes_ends_at_its_own_comment():
    html = (
        '<body><!--$?--><template id="B:0"></template><i>wait</i><!--/$--><!--$--><p>stays</p><!--/$-->'
        '<div hidden id="S:0"><p>came</p></div>'
    )
    assert texts(html) == ["came", "stays"]


def test_loose_text_before_a_block_lies_outside_it():
    tree = Tree("<div>loose<p>inside</p></div>")
    segments = cut(tree)
    (paragraph,) = tree.find("p")
    inside = range(segments.firsts[paragraph], segments.lasts[paragraph])
    assert [segments.texts[k] for k in inside] == ["inside"]


def test_piece_of_a_streamed_page_that_holds_its_own_place_ends():
    html = '<body><p>a</p><div hidden id="S:0"><p>b</p><template id="B:0"></template></div>'
    assert texts(html) == ["a"]


def test_pieces_of_a_streamed_page_inside_one_another_stand_once():
    html = (
        '<body><template id="B:0"></template><template id="B:1"></template>'
        '<div hidden id="S:0"><p>one</p><div hidden id="S:1"><p>two</p></div></div>'
    )
    assert sorted(texts(html)) == ["one", "two"]
