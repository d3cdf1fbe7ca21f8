"""What stands where a name is expected and is none: placeholders, captions, addresses."""

from __future__ import annotations

import re
from typing import Final

from scrubber.extract.metadata.patterns import set_of
from scrubber.extract.metadata.persons import is_prose_word

_PLACEHOLDERS: Final = set_of(
    "admin administrator adm root webmaster web-master undefined null none nan unknown "
    "anonymous guest user test author authors editor default nobody n/a na name wpadmin "
    "wp-admin sysadmin siteadmin superuser moderator developer autor auteur autore автор 作者 "
    "админ администратор contributor staff-writer false true me website import super-admin "
    "wordpress autopost system administrateur administrador amministratore about share follow "
    "comments comment trackback trackbacks permalink"
)
_CALENDAR_WORDS: Final = set_of(
    "mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday"
    " today yesterday date time updated published"
)
_PLACEHOLDER_PHRASES: Final = frozenset(
    {"super user", "site admin", "web admin", "author name", "the author", "unknown author",
     "no author", "[object object]", "{{author}}", "view all posts", "read more", "about us",
     "website admin", "guest author", "all posts", "see full bio", "author archives"}
)  # fmt: skip
_NOBODY: Final = _PLACEHOLDERS | _CALENDAR_WORDS | _PLACEHOLDER_PHRASES
_MAX_NAME: Final = 80
_ACCOUNT: Final = re.compile(r"(?=.{16})[a-z0-9]*\d[a-z][a-z0-9]*")  # generated, nobody's name
ADDRESS: Final = re.compile(
    r"(?:https?:)?//|www\.|^/|\.(?:com|org|net)/|\.(?:php|html?)(?:/|$)", re.I
)
CAPTION: Final = re.compile(  # what stands behind a name in the same line and is none itself
    r"(?:categor(?:y|ies)|kategorien?|catégories?|categor[ií]as?|categorie|tags?|topics?"
    r"|filed under|rubrik|schlagw[oö]rter|рубрик[аи]|метки|thèmes?|temas?|etiquetas?|labels?"
    r"|κατηγορία|kategori\w*|kategória|분류|カテゴリー?|分类|分類)\s*[:：].*"
    r"|(?:(?:\d[\d.,]*|no|one|keine?|aucun|sin|nessun|sem|geen|ingen|brak|нет"
    r"|leave an?|add an?|post an?)\s+)"
    r"(?:comments?|replies|repl(?:y|ies)|kommentare?|commentaires?|comentarios?|commenti?"
    r"|comentários?|reacties?|kommentarer?|komentarzy|комментари\w+|views?|shares?|likes?)\b.*",
    re.I | re.S,
)


def is_name(name: str) -> bool:
    """Whether this can be anybody's name at all."""
    key = name.casefold()
    if not 2 <= len(name) <= _MAX_NAME or key in _NOBODY or CAPTION.fullmatch(name):
        return False
    if _ACCOUNT.fullmatch(name):
        return False
    if name.endswith(("?", "？", "؟")):
        return False  # "¿Por qué?": the question of an interview
    if name.endswith(("報導", "报道", "電", "讯", "編集部より")):
        return False  # "台北報導": whence it was reported
    if not any(c.isalpha() for c in name) or ADDRESS.search(name) or "{" in name:
        return False
    words = name.split()
    if len(words) > 1 and words[0][0].isdigit():
        return False  # "10+ Years"
    prose = sum(is_prose_word(word) for word in words)
    return len(words) <= 9 and prose <= (1 if len(words) > 2 else 0)
