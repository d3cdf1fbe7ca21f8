"""scrubber beside its peers on real manuals in many languages, on which nothing was trained.

    apt-get download PACKAGE ... && for f in *.deb; do dpkg -x $f FOLDER/${f%%_*}; done
    python tests/bench/manuals.py FOLDER [--only PEER]

Manuals that are generated name their navigation by class, so the truth is what else a page says.
PACKAGES are Debian 12's; those that are not in the folder are left out. Word F1, precision and
recall by package, means over pages; where words are unspaced a character is a word.
"""

from __future__ import annotations

import argparse
import importlib
import random
import re
from collections import Counter
from pathlib import Path
from statistics import fmean

from corpora import AnnotatedPage
from peers import PEERS
from selectolax.lexbor import LexborHTMLParser

PACKAGES = (
    *("anarchism", "apache2-doc", "debian-handbook", "erlang-doc", "exim4-doc-html", "gcl-doc"),
    *(f"aptitude-doc-{language}" for language in ("fi", "fr", "ja", "ru")),
    *(f"debian-reference-{language}" for language in ("de", "fr", "ja", "zh-cn")),
    *("developers-reference-ja", "developers-reference-ru"),
    *(f"gimp-help-{language}" for language in ("de", "es", "fr", "ja", "ko", "ru")),
    *("gnucash-docs", "lilypond-doc-html", "lilypond-doc-html-ja", "postgresql-doc-15", "zsh-doc"),
)
PAGES = 14  # of a package, drawn at random and always the same
MOST_BYTES = 400_000
LEAST_WORDS = 80  # of a truth
NAVIGATION = (
    "script, style, noscript, head, form, .navheader, .navfooter, .docnav, .book-navigation, "
    ".page-links, .header, .nav-panel, .nav_table, .nav, .nav_page, .navbar, #nav_flow, #leftnav, "
    ".left_bar, .right_bar, .sphinxsidebar, .related, .clearer, .languages, .toplang, .bottomlang, "
    ".toc, .TOC, #toc, .innertoc, .contents, .shortcontents, .list-of-tables, #preamble, "
    "#quickview, #path, #header, #search, #comments_section, .footer, #footer, .title-banner, "
    ".top_link, .link_button, .copylegalnotice, .legalnotice, .refnavi, .headerlink"
)
_UNSPACED = "\u2e80-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a folder a package, unpacked")
    parser.add_argument("--only", default="", help="one peer's name")
    arguments = parser.parse_args()
    packages = [name for name in PACKAGES if (arguments.folder / name).is_dir()]
    if not packages:
        print(f"manuals: skipped, no package in {arguments.folder}")
        return 0
    for peer, (module, read) in PEERS.items():
        if arguments.only not in peer or not _is_installed(module):
            continue
        total: list[tuple[float, float, float]] = []
        for package in packages:
            pages = pages_of(arguments.folder / package)
            rows = [scores(_words(read(page)), _words(page.truth or "")) for page in pages]
            total += rows
            print(f"{peer:30} {package:26}", _means(rows), flush=True)
        print(f"{peer:30} {'all':26}", _means(total), flush=True)
    return 0


def _is_installed(module: str) -> bool:
    try:
        importlib.import_module(module)
    except ImportError:
        return False
    return True


def pages_of(folder: Path) -> list[AnnotatedPage]:
    """The package's drawn pages, each with its truth."""
    paths = sorted(folder.rglob("*.htm*"))
    random.Random(7).shuffle(paths)
    found = (page for path in paths if (page := _page(path)) is not None)
    return [page for page, _ in zip(found, range(PAGES), strict=False)]


def _page(path: Path) -> AnnotatedPage | None:
    html = path.read_bytes()
    if len(html) > MOST_BYTES:
        return None
    tree = LexborHTMLParser(_decoded(html))
    for node in tree.css(NAVIGATION):
        node.decompose()
    truth = tree.body.text(separator=" ") if tree.body else ""
    if sum(_words(truth).values()) < LEAST_WORDS:
        return None
    return AnnotatedPage(path.name, "", html, "documentation", truth, (), (), None, None, None)


def _decoded(html: bytes) -> str:
    stated = _CHARSET.search(html[:2000])
    try:
        return html.decode(stated[1].decode() if stated else "utf-8", "replace")
    except LookupError:
        return html.decode("utf-8", "replace")


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def scores(found: Counter[str], truth: Counter[str]) -> tuple[float, float, float]:
    """Word F1, precision and recall."""
    common, size, wanted = (found & truth).total(), found.total(), truth.total()
    return 2 * common / (size + wanted), common / max(size, 1), common / wanted


def _means(rows: list[tuple[float, float, float]]) -> str:
    return f"{len(rows):4} " + " ".join(
        f"{fmean(column):.3f}" for column in zip(*rows, strict=True)
    )


if __name__ == "__main__":
    raise SystemExit(main())
