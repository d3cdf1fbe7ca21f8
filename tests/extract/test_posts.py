"""Posts of threads and comments below articles, as common systems mark them up."""

from __future__ import annotations

import pytest

from scrubber.extract import ExtractOptions, extract
from scrubber.extract.assembly.assemble import assemble
from scrubber.extract.posts import find_labels, find_posts, may_be_thread
from scrubber.extract.segments import cut
from scrubber.extract.tree import Tree
from scrubber.models import Block, Page

THREAD = """<body><h1>Which pump for a small well?</h1>
<ol class="thread">
<li class="message message--post" id="post-101"><div class="user-box"><a class="username">mira_k</a>
  <span class="title">Member since 2019</span></div><time datetime="2024-02-03T10:00:00+01:00">Saturday</time>
  <div class="message-body"><p>The old one broke.</p><ul><li>Depth 12 m</li><li>Garden only</li></ul></div></li>
<li class="message message--post" id="post-102"><div class="user-box"><a class="username">Old Tom</a></div>
  <time>3 February</time><div class="message-body"><blockquote>The old one broke.</blockquote><p>Repair it.</p></div></li>
</ol></body>"""


def thread_blocks(html: str) -> tuple[Block, ...]:
    tree = Tree(html)
    segments = cut(tree)
    return assemble(tree, segments, [True] * len(segments), None, find_posts(tree, segments))


def test_each_post_opens_with_its_author_and_date() -> None:
    posts = [block for block in thread_blocks(THREAD) if block.kind == "post"]
    assert [(post.author, post.published) for post in posts] == [
        ("mira_k", "2024-02-03T10:00:00+01:00"),
        ("Old Tom", "3 February"),
    ]


def test_post_block_has_a_signature_in_markdown_and_no_text() -> None:
    post = next(block for block in thread_blocks(THREAD) if block.kind == "post")
    assert post.text == ""
    assert post.markdown == "**mira\\_k** · 2024-02-03T10:00:00+01:00" or post.markdown.startswith(
        "**mira_k** · 2024"
    )


def test_list_that_holds_the_posts_is_layout() -> None:
    kinds = [(block.kind, block.text) for block in thread_blocks(THREAD)]
    assert ("list", "Depth 12 m\nGarden only") in kinds
    assert ("quote", "The old one broke.") in kinds
    assert ("paragraph", "Repair it.") in kinds


def test_post_without_chosen_text_is_not_opened() -> None:
    tree = Tree(THREAD)
    segments = cut(tree)
    chosen = ["Repair" in text for text in segments.texts]
    blocks = assemble(tree, segments, chosen, None, find_posts(tree, segments))
    assert [(block.kind, block.author) for block in blocks] == [
        ("post", "Old Tom"),
        ("paragraph", None),
    ]


def test_reply_inside_a_comment_is_a_post_of_its_own() -> None:
    html = """<div class=comment id=c1><b class=author>Ana</b> <time>1 May</time><p>First words.</p>
      <div class=children><div class=comment id=c2><b class=author>Ben</b> <time>2 May</time><p>Second
      words.</p></div></div></div>"""
    blocks = [(b.kind, b.author or b.text) for b in thread_blocks(html)]
    assert blocks.index(("post", "Ben")) > blocks.index(("paragraph", "First words."))
    assert ("post", "Ana") in blocks


def test_wrappers_inside_a_post_are_not_posts() -> None:
    html = """<div class=post id=p1><div class=post-inner><i class=author>Ana</i><time>1 May</time>Words
      one.</div></div><div class=post id=p2><div class=post-inner><i class=author>Ben</i><time>2 May
      </time>Words two.</div></div>"""
    assert [b.author for b in thread_blocks(html) if b.kind == "post"] == ["Ana", "Ben"]


def test_teasers_without_author_and_date_are_no_posts() -> None:
    html = "<div class=post><p>One teaser</p></div><div class=post><p>Another teaser</p></div>"
    assert all(block.kind != "post" for block in thread_blocks(html))


PROSE = "The council met on Monday to speak about the bridge, the road, and the money for both. "
ARTICLE = f"""<html><body><article><h1>The bridge</h1><p>{PROSE * 3}</p><p>{PROSE * 2}It will be
built.</p></article><section id="comments"><h2>2 comments</h2>
<div class="comment" id="comment-7"><cite class="fn">Ana</cite><a href="#comment-7"><time
datetime="2024-05-01">1 May</time></a><p>About time, if you ask me.</p><a href="?r=7">Reply</a></div>
<div class="comment" id="comment-8"><cite class="fn">Ben</cite><time datetime="2024-05-02">2 May</time>
<p>Who pays for it?</p><a href="?r=8">Reply</a></div>
<form><label>Your name</label><input></form></section></body></html>"""


def comments_of(html: str) -> list[tuple[str, str | None]]:
    options = ExtractOptions(engine="trafilatura", include_comments=True)
    draft = extract(Page(html=html, url="https://example.org/a"), options)
    return [(block.kind, block.author or block.text) for block in draft.comments]


def test_comments_are_given_apart_with_their_authors() -> None:
    assert comments_of(ARTICLE) == [
        ("post", "Ana"),
        ("paragraph", "About time, if you ask me."),
        ("post", "Ben"),
        ("paragraph", "Who pays for it?"),
    ]


def test_article_without_comments_has_none() -> None:
    assert comments_of(ARTICLE.split("<section")[0]) == []


def test_what_most_posts_repeat_and_lists_about_writers_are_labels() -> None:
    posts = "".join(
        f"<li class=postbit id=post_{n}><a class=username>writer{n}</a><time>1{n}:00</time>"
        f"<dl><dt>Joined</dt><dd>201{n}</dd></dl><p>Words of post {n}.</p><p>Quote</p></li>"
        for n in range(4)
    )
    tree = Tree(f"<ol>{posts}</ol>")
    segments = cut(tree)
    labels = [segments.texts[k] for k in find_labels(segments, find_posts(tree, segments))]
    assert labels == [text for n in range(4) for text in ("Joined", f"201{n}", "Quote")]


def test_posts_that_are_elements_of_a_sites_own_making_keep_their_writers() -> None:
    html = (
        '<x-post author=ann created-timestamp="2024-02-01T10:00"><p>What is it called?</p></x-post>'
        '<x-comment author=bo created="2024-02-01T11:00"><p>The doofer.</p></x-comment>'
    )
    tree = Tree(html)
    found = find_posts(tree, cut(tree)).values()
    assert [(post.author, post.published) for post in found] == [
        ("ann", "2024-02-01T10:00"),
        ("bo", "2024-02-01T11:00"),
    ]


TABLE_PAGE = (
    "<title>Restoring a radio</title><table><tr><td>By Harold<br><br>Text.</td></tr></table>"
)


@pytest.mark.parametrize(
    ("html", "url", "thread"),
    [
        (THREAD, None, True),
        (TABLE_PAGE, "http://www.wireless.example/radio.htm", False),
        (TABLE_PAGE, "http://bbs.wireless.example/viewtopic.php?id=3", True),
        (TABLE_PAGE.replace("radio<", "radio - Форум<"), None, True),
        (TABLE_PAGE.replace("<table", "<table class='threadList'"), None, True),
    ],
)
def test_page_without_posts_or_name_of_a_forum_is_no_thread(
    html: str, url: str | None, thread: bool
) -> None:
    tree = Tree(html)
    assert may_be_thread(tree, cut(tree), url) is thread
