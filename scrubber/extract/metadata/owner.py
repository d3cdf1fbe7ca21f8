"""The person whose site it is: one named for its writer, or whose writer keeps the copyright.

Says who wrote the page only where nothing on the page itself does; the ranker knows how often.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from scrubber.extract.metadata.claims import author_claims
from scrubber.extract.metadata.persons import has_given_name, looks_like_person
from scrubber.extract.metadata.titles import site_in_title, tidy
from scrubber.extract.metadata.view import View
from scrubber.models import Claim

_OF_SOMEBODY: Final = re.compile(  # "Jane Doe's blog", "Blog of Jane Doe", "The notes of Jane Doe"
    r"^(?:(?:the |personal )?(?:blog|site|website|homepage|notes|weblog|journal|writings?)"
    r" (?:of|by|de|von|di|van) )?(?P<name>.+?)(?:['’]s?)?"
    r"(?:['’]s? (?:personal |tech )?(?:blog|site|website|homepage|notes|weblog|journal))?$",
    re.I,
)
_COPYRIGHT: Final = re.compile(
    r"(?:©|\(c\)|copyright)[\s,]*(?:©\s*)?(?:\d{4}(?:\s*[-–—]\s*(?:\d{4}|present|now))?)?[\s,]*"
    r"(?:by\s+)?(?P<name>[^\W\d_][^|·•,©\n\d]{3,40}?)\s*"
    r"(?:\d{4}(?:\s*[-–—]\s*\d{4})?)?\s*(?:[.|·•,\n]|all rights|$)",
    re.I,
)
_HOME_LINKS: Final = 10  # links at the page's start among which the logo is
_END: Final = 250  # tokens at the page's end in which a copyright line stands


def read(view: View) -> Iterator[Claim]:
    """Writers that the site is named for, and those who hold its copyright."""
    names = [name for key in ("og:site_name", "application-name") if (name := view.meta(key))]
    heading = view.headline
    if heading is not None and (beside := site_in_title(view.title_tag, view.tree.text(heading))):
        names.append(beside)
    for name in names:
        if person := _person(name):
            yield from author_claims("owner.site", [person])
            break
    homes = [n for n in view.tree.find("a")[:_HOME_LINKS] if _is_home(view, n)]
    if person := next((p for n in homes if (p := _person(view.tree.text(n)))), None):
        yield from author_claims("owner.home", [person])
    texts = [t for t in view.tree.tokens[-_END:] if t.__class__ is str]
    end = "\n".join(filter(str.strip, texts))
    lower = end.lower()
    if any(mark in lower for mark in ("©", "(c)", "copyright")):
        end = re.sub(r"(©|\d{4})\s*\n\s*", r"\1 ", end)
        for match in _COPYRIGHT.finditer(end):
            if person := _person(match["name"]):
                yield from author_claims("owner.copyright", [person])
                return


def _is_home(view: View, number: int) -> bool:
    address = view.tree.attr(number, "href")  # empty: a target, or a script's
    return bool(address) and address.rstrip("/") in {"", view.root}


def _person(name: str) -> str | None:
    """The person that a site's name names, if it is one's full name."""
    match = _OF_SOMEBODY.match(tidy(name))
    found = match["name"].strip() if match else ""
    return found if looks_like_person(found) and has_given_name(found) else None
