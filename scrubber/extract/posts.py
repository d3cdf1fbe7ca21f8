"""Posts of a forum thread and comments below an article: where each begins, who wrote it, when.

    elements that call themselves a post ──grouped by look──> repeated ones with an author or date
                                                                            └──> Post

What counts is how systems mark posts up, in any language: schema.org types, class names and ids
(`post-123`, `comment`), `<time>`. A group stands only if at least two of its elements hold text,
or if schema.org says so.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from scrubber.extract.segments import BUTTON, DL, FORM, LABEL, NAV, Segments
from scrubber.extract.tree import Attributes, Tree

_POST: Final = re.compile(
    r"(?:^|[\s_])(?:[a-z]{1,12}[-_])?(?:post|comment|message|msg|reply|answer|response|review)"
    r"(?:[-_]?(?:item|body|wrapper|container|content|row|box|thread|stream|entry|node|inner|li))?"
    r"(?:[-_]?\d+)?(?:$|\s)",
    re.IGNORECASE,
)
_SCHEMA: Final = re.compile(
    r"schema\.org/(?:Comment|Answer|Question|DiscussionForumPosting|Review)\b"
)
_COMMENT: Final = re.compile(r"comment|respons|reply|disqus|kommentar|comentario", re.IGNORECASE)
_AUTHOR: Final = re.compile(
    r"(?:^|[\s_-])(?:author|username|user|poster|nick(?:name)?|fn|byline|commenter|member)"
    r"(?:[-_]?(?:name|link|nick))?(?:$|\s)",
    re.IGNORECASE,
)
_NAME: Final = re.compile(
    r"(?:^|[\s_-])(?:user-?name|(?:author|user|poster|display|member)[-_]?name|nick(?:name)?|fn)(?:$|\s)",
    re.IGNORECASE,
)
_DATE: Final = re.compile(
    r"(?:^|[\s_-])(?:date|time|datetime|timestamp|published|posted|postdate|when|permalink-?date)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(r"\d+")
_CONTAINERS: Final = frozenset({"div", "li", "article", "section", "tr", "table", "dd", "tbody"})
_MANY_POSTS: Final = 3
_MAX_LABEL_CHARS: Final = 40
_MAX_NAME_CHARS: Final = 60
_MAX_DATE_CHARS: Final = 80


@dataclass(frozen=True, slots=True)
class Post:
    """One post. number: its element. published: as the page writes it, machine form first.

    signed: the elements that say author and date.
    """

    number: int
    author: str | None
    published: str | None
    signed: frozenset[int] = frozenset()


def may_be_thread(tree: Tree, segments: Segments, url: str | None) -> bool:
    """Whether anything but its looks says that a page is a thread: posts, its address, names.

    Pages of table layouts look like threads to those who have seen none; of 106 threads one in
    seven has no posts that are found, and each of these calls itself a forum somewhere.
    """
    titles = " ".join(tree.text(number) for number in tree.find("title")[:1])
    names = (f"{a.get('class') or ''} {a.get('id') or ''}" for _, a in tree.start_tags if a)
    if any(map(_THREAD.search, (f"{url or ''} {titles}", *names))):
        return True
    return bool(find_posts(tree, segments))  # last, for it takes longest


_THREAD: Final = re.compile(
    r"forum|thread|topic|discuss|communit|question|phpbb|vbulletin|xenforo"
    r"|\b(?:boards?|bbs|talk|chat|foro|fórum|smf)\b|форум|論壇|论坛|掲示板|게시판|포럼|منتدى",
    re.IGNORECASE,
)


def find_posts(tree: Tree, segments: Segments) -> dict[int, Post]:
    """Posts by their element, in document order; replies may stand inside other posts."""
    groups: dict[tuple[str, str], list[int]] = {}
    typed: set[int] = set()
    for number in tree.having(_may_be_post):
        if segments.lasts[number] > segments.firsts[number]:
            attrs = tree.attrs[number]
            if _SCHEMA.search(attrs.get("itemtype") or "") or _is_custom(tree.tags[number], attrs):
                typed.add(number)
            groups.setdefault(_look(tree, number), []).append(number)
    members = {n for group in groups.values() if len(group) > 1 for n in group} | typed
    marked = sorted(members.union(tree.having(_may_sign))) if members else ()
    posts = {number: _post(tree, number, members, marked) for number in sorted(members)}
    return _outermost(tree, {n: post for n, post in posts.items() if post.author or post.published})


def _is_custom(tag: str, attrs: Attributes) -> bool:
    """Whether an element of a site's own making is a post, by its name, and says whose."""
    return "author" in attrs and "-" in tag and _POST.search(tag) is not None


def _may_be_post(tag: str, attrs: Attributes) -> bool:
    return _is_custom(tag, attrs) or (
        bool(attrs)
        and tag in _CONTAINERS
        and bool(
            _POST.search(attrs.get("class") or "")
            or _POST.search(attrs.get("id") or "")
            or _SCHEMA.search(attrs.get("itemtype") or "")
        )
    )


def _look(tree: Tree, number: int) -> tuple[str, str]:
    """What the elements of one group share: tag and first class (or id), without numbers."""
    attrs = tree.attrs[number]
    names = (attrs.get("class") or attrs.get("id") or "").split()
    first = next((name for name in names if _POST.search(name)), names[0] if names else "")
    return tree.tags[number], _DIGITS.sub("", first)


def _outermost(tree: Tree, posts: Mapping[int, Post]) -> dict[int, Post]:
    """Without the wrappers inside a post that say the same about it (`post` > `post-body`)."""
    kept: dict[int, Post] = {}
    for number, post in posts.items():
        around = next((n for n in tree.ancestors(number) if n in kept), None)
        if around is None or (post.author and kept[around].signed.isdisjoint(post.signed)):
            kept[number] = post
    return kept


def _post(tree: Tree, number: int, members: set[int], marked: Sequence[int]) -> Post:
    """Who wrote a post and when: the first such marks inside it, but not inside a reply.

    marked: the members and all elements that may sign one, in document order.
    """
    author: str | None = None
    named = False  # by a mark that means a name, not a box about the author
    published: str | None = None
    signed: set[int] = set()
    inside = tree.within(number)
    for inner in marked[bisect_left(marked, inside.start) : bisect_left(marked, inside.stop)]:
        if inner in members and published and author:
            break
        if not named and _is_author(tree, inner):
            name = _short(tree.text(inner), _MAX_NAME_CHARS)
            named = name is not None and _is_name(tree, inner)
            if name and (named or author is None):
                author = name
                signed.add(inner)
        elif published is None and (written := _date(tree, inner)):
            published = written
            signed.add(inner)
    author = tree.attr(number, "data-author") or author
    if _is_custom(tree.tags[number], tree.attrs[number]):
        author = tree.attr(number, "author") or author
        made = tree.attr(number, "created") or tree.attr(number, "created-timestamp")
        published = _short(made, _MAX_DATE_CHARS) or published
    return Post(number, author, published, frozenset(signed))


def _may_sign(tag: str, attrs: Attributes) -> bool:
    """Whether an element may name a post's author or day, by its start tag alone."""
    return tag == "time" or (
        bool(attrs)
        and (
            attrs.get("itemprop") == "name"
            or _marks_author(attrs)
            or _marks_name(attrs)
            or _marks_date(attrs)
        )
    )


def _marks_author(attrs: Attributes) -> bool:
    marks = f"{attrs.get('itemprop') or ''} {attrs.get('rel') or ''} {attrs.get('class') or ''}"
    return _AUTHOR.search(marks) is not None


def _marks_name(attrs: Attributes) -> bool:
    return _NAME.search(attrs.get("class") or "") is not None


def _marks_date(attrs: Attributes) -> bool:
    marks = f"{attrs.get('itemprop') or ''} {attrs.get('class') or ''}"
    return "dateCreated" in marks or "datePublished" in marks or _DATE.search(marks) is not None


def _is_author(tree: Tree, number: int) -> bool:
    attrs = tree.attrs[number]
    return bool(attrs) and (_marks_author(attrs) or _is_name(tree, number))


def _is_name(tree: Tree, number: int) -> bool:
    attrs = tree.attrs[number]
    if attrs.get("itemprop") == "name":  # of the author, not of the thread
        around = list(islice(tree.ancestors(number), 3))
        return any(tree.attr(n, "itemprop") in ("author", "creator") for n in around)
    return _marks_name(attrs)


def _date(tree: Tree, number: int) -> str | None:
    attrs = tree.attrs[number]
    if tree.tags[number] == "time":
        return _short(attrs.get("datetime") or tree.text(number), _MAX_DATE_CHARS)
    if not attrs or not _marks_date(attrs):
        return None
    written = attrs.get("content") or attrs.get("datetime") or tree.text(number)
    return _short(written, _MAX_DATE_CHARS) if _DIGITS.search(written) else None


def _short(text: str, most: int) -> str | None:
    text = " ".join(text.split())
    return text if 0 < len(text) <= most else None


def find_labels(segments: Segments, posts: Mapping[int, Post]) -> list[int]:
    """What says the same in most posts ("Quote", "Member"), and lists about their writers.

    On left-out forums +0.0004 word F1, five better and one worse.
    """
    if len(posts) < _MANY_POSTS:
        return []
    inside = {number: range(segments.firsts[number], segments.lasts[number]) for number in posts}
    repeats = Counter(text for ks in inside.values() for text in {segments.texts[k] for k in ks})
    most = max(_MANY_POSTS, len(posts) // 2 + 1)
    return [
        k
        for k in sorted({k for ks in inside.values() for k in ks})
        if segments.flags[k] & DL
        or (len(segments.texts[k]) < _MAX_LABEL_CHARS and repeats[segments.texts[k]] >= most)
    ]


# ---- comments ----------------------------------------------------------------------------------


def choose_comments(
    tree: Tree, segments: Segments, posts: Mapping[int, Post], body: Sequence[str]
) -> list[bool]:
    """Which segments are comments' text: what posts marked as comments say, outside the body.

    body: the texts already in the body, so that a thread's own posts are not given twice.
    """
    chosen = [False] * len(segments)
    taken = set(body)
    for number, post in posts.items():
        if not _is_comment(tree, number):
            continue
        for k in range(segments.firsts[number], segments.lasts[number]):
            chosen[k] = segments.texts[k] not in taken and not _is_furniture(
                tree, segments, k, post
            )
    return chosen


def _is_comment(tree: Tree, number: int) -> bool:
    for element in (number, *tree.ancestors(number)):
        attrs = tree.attrs[element]
        if attrs and _COMMENT.search(
            f"{attrs.get('class') or ''} {attrs.get('id') or ''} {attrs.get('itemtype') or ''}"
        ):
            return tree.tags[element] not in ("body", "html")
    return False


def _is_furniture(tree: Tree, segments: Segments, k: int, post: Post) -> bool:
    """Whether a segment of a comment is its signature, a button or a bare link ("Reply")."""
    if segments.flags[k] & (BUTTON | FORM | LABEL | NAV):
        return True
    text = segments.texts[k]
    if segments.linked[k] >= len(text) - 2 and len(text) < _MAX_NAME_CHARS:
        return True
    if text == post.author:
        return True
    start, stop = segments.starts[k], segments.stops[k]
    signs = any(
        start <= tree.opens[n] < stop or tree.opens[n] <= start < tree.closes[n]
        for n in post.signed
    )
    return signs and len(text) < _MAX_DATE_CHARS + _MAX_NAME_CHARS
