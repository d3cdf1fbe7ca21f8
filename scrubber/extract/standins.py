"""Pages that stand in for the page that was asked for, so that none is taken for an article.

    bot_wall       a challenge, a captcha, a firewall's refusal
    soft_404       "page not found", delivered with status 200
    parked_domain  a domain for sale, an expired one, a server's welcome page
    consent_only   nothing but the question about cookies
    login_wall     nothing but a form to log in
    app_shell      an empty page that its scripts would fill

All of them are short once markup is gone: that is the first question, and it spares every page with
something to read. What they say stands as data in `standins.toml`, after the pages that vendors and
platforms serve. Everything is judged by two things that agree: a page that says the words must also
be short enough to have little else to say, the less clear the words the shorter.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Final

from scrubber.extract.tree import Tree, squeeze
from scrubber.models import Draft, Page

MUCH_TO_READ: Final = 2500  # characters of a draft; with more it is a page of its own
SOMETHING_TO_READ: Final = 100  # characters of a draft, fewer are a heading
MORE_TO_READ: Final = 4  # times what it says of itself: walls speak of little else
STUB_CHARS: Final = 1500  # of a draft that may be the free beginning of a longer text
_MARKUP_CHARS: Final = 400_000  # vendors' pages are small; nothing beyond is searched
_SEPARATOR: Final = re.compile(r"\s+[|\-–—·•»«‹›:/]+\s+|\s*[|–—»«]\s*|:\s+")
_EDGES: Final = " .…!?\"'“”„:;,-–—*#"
_UNSEEN: Final = frozenset({"head", "title", "noscript", "script", "style", "template", "svg"})
_LOGIN_FIELDS: Final = frozenset({"identifier", "login", "username", "loginfmt", "user", "log"})
_HEADINGS: Final = ("h1", "h2", "h3")
_APP_DATA: Final = (
    '"articlebody"',
    "__next_data__",
    "__nuxt_data__",
    "data-preloaded",
    "window.__nuxt__",
    "__initial_state__",
    "__preloaded_state__",
    "__apollo_state__",
    "self.__next_f",
)


@dataclass(frozen=True, slots=True)
class Signs:
    """What one kind of stand-in says, folded; see `standins.toml`."""

    titles: frozenset[str]
    phrases: tuple[str, ...]
    markup: tuple[str, ...]


def recognise(page: Page, draft: Draft | None = None, tree: Tree | None = None) -> str | None:
    """The kind of stand-in that `page` is, `None` for a page in its own right.

    draft: what was extracted, where that was tried; much text in it settles the matter at once.
    tree: of the same page, where it is at hand.
    """
    chars = _chars(draft)
    if chars is not None and chars > MUCH_TO_READ:
        return None
    look = Look(page, tree or Tree(page.html), draft)
    return next((kind for kind, is_it in _KINDS.items() if is_it(look, _signs()[kind])), None)


def asks_to_subscribe(tree: Tree, draft: Draft) -> bool:
    """Whether a page has little to read and says that the rest is for subscribers."""
    chars = _chars(draft)
    if chars is None or chars > STUB_CHARS:
        return False
    if draft.metadata.paywalled:
        return True
    seen, _ = _texts(tree)
    return _contains(_fold(seen), _signs()["paywall_stub"].phrases)


class Look:
    """A page as the rules see it. Texts are folded: lower case, single spaces."""

    def __init__(self, page: Page, tree: Tree, draft: Draft | None) -> None:
        self.tree = tree
        self.draft_chars = _chars(draft)
        self._draft = draft
        self._html = page.html
        seen, unseen = _texts(tree)
        self.visible = _fold(seen)
        self.noscript = _fold(unseen)

    @cached_property
    def markup(self) -> str:
        return self._html[:_MARKUP_CHARS].lower()

    @cached_property
    def titles(self) -> Sequence[str]:
        """The title, and its pieces."""
        numbers = self.tree.find("title")
        return _pieces(self.tree.text(numbers[0])) if numbers else ()

    @cached_property
    def headings(self) -> Sequence[str]:
        """The first headings of the page, and their pieces."""
        numbers = self.tree.find(*_HEADINGS)[:3]
        return [piece for number in numbers for piece in _pieces(self.tree.text(number))]

    @cached_property
    def asks_who_you_are(self) -> bool:
        """Whether there is a field for a password, or for a name in front of one."""
        tree = self.tree
        return any(
            tree.attr(n, "type").lower() == "password"
            or tree.attr(n, "name").lower() in _LOGIN_FIELDS
            or "username" in tree.attr(n, "autocomplete").lower()
            for n in tree.find("input")
        )

    def is_short(self, chars: int) -> bool:
        """Whether there are at most `chars` to see, or to read where that is known."""
        if len(self.visible) <= chars:
            return True
        return self.draft_chars is not None and self.draft_chars <= chars // 3

    def reads_on(self, signs: Signs) -> bool:
        """Whether what was extracted is something to read: text that says none of this, or long
        text that quotes some of it, as articles about banners do.
        """
        if self._draft is None or (self.draft_chars or 0) < SOMETHING_TO_READ:
            return False
        texts = [block.text for block in self._draft.blocks]
        said = sum(len(text) for text in texts if _contains(_fold(text), signs.phrases))
        if not said:
            return True
        others = (self.draft_chars or 0) - said
        return others >= MORE_TO_READ * max(said, SOMETHING_TO_READ) and not self.is_entitled(signs)

    def is_entitled(self, signs: Signs) -> bool:
        return any(piece in signs.titles for piece in self.titles)

    def is_headed(self, signs: Signs) -> bool:
        return any(piece in signs.titles for piece in self.headings)

    def says(self, signs: Signs) -> bool:
        return any(phrase in self.visible for phrase in signs.phrases)

    def carries(self, signs: Signs) -> bool:
        return any(mark in self.markup for mark in signs.markup)


# ---- the rules, the clearest first -------------------------------------------------------------


def _is_bot_wall(look: Look, signs: Signs) -> bool:
    visible = len(look.visible)
    if visible > 2500:
        return False
    entitled = look.is_entitled(signs) or look.is_headed(signs)
    said = look.says(signs) or _contains(look.noscript, signs.phrases)
    # Markup is much to search, and alone it says something of the emptiest pages only.
    marked = (entitled or said or visible <= 200) and visible <= 1500 and look.carries(signs)
    # A title alone may be a game's or a song's, a marker alone a form's captcha, a phrase alone a
    # form's too: two of them, or one on a page with next to nothing else.
    if entitled + said + marked >= 2:
        return True
    return (entitled and visible <= 400) or (said and visible <= 600) or (marked and visible <= 200)


def _is_parked(look: Look, signs: Signs) -> bool:
    visible = len(look.visible)
    if visible > 4000:
        return False
    entitled = look.is_entitled(signs) or look.is_headed(signs)
    said = look.says(signs)
    marked = (entitled or said or visible <= 600) and look.carries(signs)
    if entitled + said + marked >= 2:
        return True
    return (
        (entitled and visible <= 500) or (said and visible <= 1000) or (marked and visible <= 600)
    )


def _is_soft_404(look: Look, signs: Signs) -> bool:
    entitled, headed = look.is_entitled(signs), look.is_headed(signs)
    said = look.says(signs)
    if entitled and (headed or said):
        return look.is_short(12_000)
    if headed and said:
        return look.is_short(6000)
    return (entitled and look.is_short(2000)) or ((headed or said) and len(look.visible) <= 800)


def _is_consent_only(look: Look, signs: Signs) -> bool:
    if look.reads_on(signs):  # every page of a site asks about cookies, short ones too
        return False
    entitled = look.is_entitled(signs) or look.is_headed(signs)
    said = sum(phrase in look.visible for phrase in signs.phrases)
    if entitled and said:
        return len(look.visible) <= 4000
    return said >= 2 and len(look.visible) <= 1500


def _is_login_wall(look: Look, signs: Signs) -> bool:
    if not look.asks_who_you_are or len(look.visible) > 1200:
        return False
    return look.is_entitled(signs) or look.is_headed(signs)


def _is_app_shell(look: Look, signs: Signs) -> bool:
    if len(look.visible) > 300 or len(look.noscript) > 600 or (look.draft_chars or 0) > 200:
        return False
    if not look.tree.find("script") or any(data in look.markup for data in _APP_DATA):
        return False
    # Most shells leave a sentence for readers without scripts; some are a bare, empty container.
    said = _contains(look.noscript, signs.phrases) or look.says(signs)
    return said or (not look.visible and look.draft_chars is not None)


_KINDS: Final[dict[str, Callable[[Look, Signs], bool]]] = {
    "bot_wall": _is_bot_wall,
    "parked_domain": _is_parked,
    "soft_404": _is_soft_404,
    "consent_only": _is_consent_only,
    "login_wall": _is_login_wall,
    "app_shell": _is_app_shell,
}


# ---- reading -----------------------------------------------------------------------------------


@cache
def _signs() -> dict[str, Signs]:
    data = tomllib.loads(files("scrubber.extract").joinpath("standins.toml").read_text("utf-8"))
    return {
        kind: Signs(
            frozenset(map(_fold_title, table["titles"])),
            tuple(map(_fold, table["phrases"])),
            tuple(mark.lower() for mark in table["markup"]),
        )
        for kind, table in data.items()
    }


def _texts(tree: Tree) -> tuple[str, str]:
    """What readers see, and what only readers without scripts see."""
    seen: list[str] = []
    unseen: list[str] = []
    skipping = -1  # the outermost unseen element that is open
    for token in tree.tokens:
        if isinstance(token, str):
            if skipping < 0:
                seen.append(token)
            elif tree.tags[skipping] == "noscript":
                unseen.append(token)
        elif token >= 0:
            if skipping < 0 and tree.tags[token] in _UNSEEN and tree.tags[token] != "head":
                skipping = token
            seen.append(" ")
        elif ~token == skipping:
            skipping = -1
    return "".join(seen), " ".join(unseen)


def _pieces(text: str) -> list[str]:
    folded = squeeze(text)
    return [_fold_title(piece) for piece in (folded, *_SEPARATOR.split(folded)) if piece]


def _fold(text: str) -> str:
    return squeeze(text).lower().replace("’", "'")


def _fold_title(text: str) -> str:
    return _fold(text).strip(_EDGES)


def _contains(text: str, phrases: Sequence[str]) -> bool:
    return bool(text) and any(phrase in text for phrase in phrases)


def _chars(draft: Draft | None) -> int | None:
    return None if draft is None else sum(len(block.text) for block in draft.blocks)
