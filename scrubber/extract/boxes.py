"""What of a chosen article is none of it, by the names and looks of the elements around it.

    comments       `comments-area`, `kommentare`: below some text
    boxes          `newsletter-signup`, `cta-box`, `lire-aussi`: of little text, between paragraphs
    next articles  that scrolling on would load: they look like the first, headline and all

The scorer knows such boxes by the English names, labels and links that it saw; a box of prose with
a name of another language looks to it like a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import accumulate, compress, takewhile
from typing import Final

from scrubber.extract.segments import Segments
from scrubber.extract.tree import Attributes, Tree

_NO_BOXES: Final = frozenset({"html", "body", "main", "article", "a"})
_MIN_CHARS_ABOVE: Final = 150  # who calls an opinion "Kommentar" has it all in such an element
_MAX_SHARE: Final = 0.2  # of an article's characters, in all its boxes
_DENIED: Final = r"(?!(?:no|has|with|hide)[-_])"  # not `no-comments`
_END: Final = (
    r"(?:[-_]*(?:list|block|body|wrap(?:per)?|section|area|container|content|box(?:es)?|thread|text"
    r"|item|inner|card|form|banner|widget|inline|module|component|root|styled|sc|teaser|link"
    r"|\d+))*"
)
_COMMENTS: Final = re.compile(
    rf"{_DENIED}(?:[a-z]{{2,12}}[-_])?"
    r"(?:comments?|trackbacks?|kommentare?r?|kommentit?|komentarz[ey]?|comentarios?|coment[aá]rios"
    r"|commentaires?|commenti|commento|reacties|yorum(?:lar)?|hozzaszolas(?:ok)?|binhluan|komentar[aei]?)"
    r"(?:[-_]?(?:list|block|body|wrap(?:per)?|section|area|container|content|box|thread|text|item"
    r"|\d+))*",
)
_BOXES: Final = re.compile(
    rf"{_DENIED}(?:[a-z0-9]{{1,16}}[-_]+){{0,4}}(?:"
    # Invitations. Of what "cta" names on annotated pages one character in five was text, of the
    # others none.
    r"newsletters?|nieuwsbrief|nyhetsbrev|nyhedsbrev|uutiskirje|hirlevel|boletin|sign[-_]?up"
    r"|newsletters?[-_]?sign[-_]?up|call[-_]?to[-_]?action|cta|paywall|donat(?:e|ion)s?"
    # Advertisements and what is said of them.
    r"|advert(?:isement|ising)?s?|werbung|reklam[ay]?|hirdetes|publicidad|publicite"
    r"|affiliate(?:[-_]?(?:note|notice|disclaimer|hinweis))?"
    r"|(?:ad|advertis(?:ing|er)|affiliate)[-_]?disclosure"
    # Who writes.
    r"|author[-_]?(?:bio|box|card)|autorenbox"
    # Videos and maps that wait for consent.
    r"|opt[-_]?in|(?:embed|media|video|youtube|cookie)[-_]?consent|consent[-_]?placeholder"
    # Other articles.
    r"|related(?:[-_]?(?:articles?|posts?|stor(?:y|ies)|links?|news|topics))?|read[-_]?also"
    r"|(?:a[-_]?)?lire[-_]?aussi|lesen[-_]?sie[-_]?auch|(?:czytaj|zobacz|przeczytaj)[-_]?(?:takze|tez)"
    r"|leggi[-_]?anche|(?:lee|leia)[-_]?tamb(?:ien|em)|te[-_]?puede[-_]?interesar|lees[-_]?ook"
    r"|las[-_]?(?:ocksa|mer)|les[-_]?ogsa|laes[-_]?ogsaa|ilgili[-_]?haber(?:ler)?|baca[-_]?juga"
    r"|citeste[-_]?si|kapcsolodo|souvisejici"
    rf"){_END}",
)


def drop_comments(tree: Tree, segments: Segments, chosen: list[bool]) -> None:
    """Take out of an article's choice what stands in elements that are named for comments.

    Only below some text.
    """
    above = counted = 0  # characters chosen, of so many segments
    for number in _named(tree, segments, chosen, _COMMENTS.fullmatch):
        first, last = segments.firsts[number], segments.lasts[number]
        above += sum(len(segments.texts[k]) for k in range(counted, first) if chosen[k])
        counted = first
        if above >= _MIN_CHARS_ABOVE:
            chosen[first:last] = [False] * (last - first)


def drop_boxes(tree: Tree, segments: Segments, chosen: list[bool]) -> None:
    """Take out of an article's choice small boxes that their names tell from its text.

    Where they are much of it together, they are what the page has to say.
    """
    boxes = _named(tree, segments, chosen, _BOXES.fullmatch)
    if not boxes:
        return
    sizes = (len(text) * keep for text, keep in zip(segments.texts, chosen, strict=True))
    before = [0, *accumulate(sizes)]  # characters chosen before each segment
    most = _MAX_SHARE * before[-1]
    taken: list[range] = []
    for number in boxes:
        first, last = segments.firsts[number], segments.lasts[number]
        is_inside = bool(taken) and first < taken[-1].stop
        if not is_inside and before[last] - before[first] <= most:
            taken.append(range(first, last))
    if sum(before[box.stop] - before[box.start] for box in taken) <= most:
        for box in taken:
            chosen[box.start : box.stop] = [False] * len(box)


def drop_next_articles(tree: Tree, segments: Segments, chosen: list[bool]) -> None:
    """Take out of an article's choice other articles that stand whole below it.

    Such a one looks like an element around the first, beside which it stands, and its headline
    is another `<h1>` or looks like the first's.
    """
    headlines = [n for n in tree.find("h1", "h2") if segments.lasts[n] > segments.firsts[n]]
    title = next((n for n in headlines if tree.tags[n] == "h1"), -1)
    if title < 0 or True not in chosen:
        return
    names = tree.attr(title, "class")
    first = chosen.index(True)
    wholes = {
        (tree.parents[n], *_look(tree, n))
        for n in tree.ancestors(title)
        if segments.firsts[n] <= first < segments.lasts[n] and tree.attr(n, "class")
    }
    seen: set[int] = set()
    for headline in headlines:
        is_one = tree.tags[headline] == "h1" or (names and tree.attr(headline, "class") == names)
        if headline <= title or not is_one:
            continue
        for n in takewhile(lambda n: n not in seen, tree.ancestors(headline)):
            seen.add(n)
            inside = slice(segments.firsts[n], segments.lasts[n])
            if inside.start > first and (tree.parents[n], *_look(tree, n)) in wholes:
                chosen[inside] = [False] * (inside.stop - inside.start)


def _look(tree: Tree, number: int) -> tuple[str, str]:
    return tree.tags[number], tree.attr(number, "class")


def _named(
    tree: Tree, segments: Segments, chosen: Sequence[bool], is_name: Callable[[str], object]
) -> list[int]:
    """Elements around chosen text of which a class or the id is such a name, outer ones first."""
    around: set[int] = set()  # the chosen: elsewhere nothing need be looked at
    for k in compress(range(len(chosen)), chosen):
        number = segments.containers[k]
        while number >= 0 and number not in around:
            around.add(number)
            number = tree.parents[number]
    return [
        number
        for number in sorted(around)
        if tree.tags[number] not in _NO_BOXES and _is_named(tree.attrs[number], is_name)
    ]


def _is_named(attrs: Attributes, is_name: Callable[[str], object]) -> bool:
    if not attrs:
        return False
    names = f"{attrs.get('class') or ''} {attrs.get('id') or ''}".lower()
    return any(map(is_name, names.split()))
