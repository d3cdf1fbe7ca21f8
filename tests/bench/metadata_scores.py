"""Title, author and date figures on annotated article pages, in one table.

    python tests/bench/metadata_scores.py            the shipped weights, all three sets of pages
    python tests/bench/metadata_scores.py --cv       weights that saw no page of the domain
    python tests/bench/metadata_scores.py --language the language of all pages, nothing else

Sets: `wcxb` are WCXB's article pages that keep their scripts, `wcxb_stripped` those saved without,
`snippets` the multilingual pages, on which nothing was trained. Figures, all 0..1:

    title       equal but for case, kinds of quotes and dashes, and white space
    authors     precision, recall and F1 of names over the pages whose annotation names somebody;
                `false_rate`: pages that name nobody where we name somebody
    date        `coverage`, `right` day and `precision` over the pages that are dated;
                `invented_rate`: pages without a date where we give one
    language    `right`: the record's language against what the page declares (`<html lang>`), or,
                where it declares nothing, what its annotated text is detected as; pages whose
                declaration their text contradicts were judged by eye (`_JUDGED`). `detected`:
                the same, of the annotated text alone with no look at what is declared
    confident   of the values with a confidence of 0.9 or more, the share that is right, over the
                pages whose annotation has the field; `ece`: expected calibration error, ten bins

What counts as the same name or title is decided in `scrubber.extract.metadata.train`, since the
weights are learned by the same measure.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import corpora
from corpora import AnnotatedPage

from scrubber.extract.metadata import read_claims, read_metadata
from scrubber.extract.metadata.language import canonical_tag
from scrubber.extract.metadata.resolver import resolve
from scrubber.extract.metadata.train import (
    FIELDS,
    FOLDS,
    authors_right,
    count_names,
    date_right,
    examples,
    fold_of,
    models_without,
    title_right,
)
from scrubber.extract.metadata.view import View
from scrubber.extract.tree import Tree
from scrubber.lexicon import detect_language
from scrubber.models import Article, Metadata, Page

Record = Metadata | Article
Figures = dict[str, float]
RIGHT: dict[str, Callable[..., bool]] = {
    "title": title_right,
    "authors": authors_right,
    "published": date_right,
}


@dataclass(frozen=True, slots=True)
class Scored:
    """One page's values beside what is annotated."""

    page: AnnotatedPage
    record: Record

    def value(self, field: str) -> object:
        return getattr(self.record, field) or None

    def truth(self, field: str) -> str | None:
        page = self.page
        said = {"title": page.title, "authors": page.author, "published": page.date}[field]
        return "; ".join(said) if isinstance(said, list) else said

    def confidence(self, field: str) -> float:
        return self.record.evidence[field].confidence if field in self.record.evidence else 0.0


def score(pairs: Iterable[tuple[AnnotatedPage, Record]]) -> Figures:
    """Figures of annotated pages and what was read from them (Metadata or Article)."""
    rows = [Scored(page, record) for page, record in pairs]
    figures: Figures = {}
    for field in FIELDS:
        figures |= {f"{field}.{name}": value for name, value in _field(field, rows).items()}
    return figures


def _field(field: str, rows: list[Scored]) -> Figures:
    true = [row for row in rows if row.truth(field)]
    empty = [row for row in rows if not row.truth(field)]
    given = [row for row in true if row.value(field)]
    right = [row for row in given if RIGHT[field](row.value(field), row.truth(field))]
    sure = [row for row in given if row.confidence(field) >= 0.9]
    invented = sum(row.value(field) is not None for row in empty)
    figures = {
        "coverage": len(given) / max(1, len(true)),
        "right": len(right) / max(1, len(true)),
        "precision": len(right) / max(1, len(given)),
        "confident_right": sum(row in right for row in sure) / max(1, len(sure)),
        "confident_share": len(sure) / max(1, len(given)),
        "ece": _calibration_error([(row.confidence(field), row in right) for row in given]),
    }
    if field == "authors":
        return figures | _names(true) | {"false_rate": invented / max(1, len(empty))}
    return figures | {"invented_rate": invented / max(1, len(empty))}


def _names(rows: list[Scored]) -> Figures:
    counts = [count_names(row.record.authors, row.truth("authors") or "") for row in rows]
    claimed, wanted, found = (sum(column) for column in zip(*counts, strict=True))
    precision, recall = found / max(1, claimed), found / max(1, wanted)
    f1 = 2 * precision * recall / (precision + recall) if found else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}


def _calibration_error(pairs: list[tuple[float, bool]]) -> float:
    """Mean distance of confidence and share right over ten bins, weighted by their size."""
    error = 0.0
    for tenth in range(10):
        chosen = [p for p in pairs if tenth / 10 <= p[0] < (tenth + 1) / 10 or p[0] == tenth == 1]
        if chosen:
            gap = sum(c for c, _ in chosen) - sum(r for _, r in chosen)
            error += abs(gap) / len(pairs)
    return error


# ---- the sets of pages ------------------------------------------------------------------------


def page_sets() -> dict[str, list[AnnotatedPage]]:
    """The article pages to measure on."""
    articles = [page for page in corpora.wcxb_pages() if page.page_type == "article"]
    return {
        "wcxb": [page for page in articles if page.keeps_scripts],
        "wcxb_stripped": [page for page in articles if not page.keeps_scripts],
        "snippets": [page for page in corpora.snippet_pages() if page.title],
    }


def read_pages(pages: Iterable[AnnotatedPage]) -> Iterator[tuple[AnnotatedPage, Metadata]]:
    """Each page with its metadata as shipped."""
    for page in pages:
        html = page.html.decode("utf-8", "replace")
        yield page, read_metadata(Tree(html), Page(html=html, url=page.url))


def read_held_out(pages: Iterable[AnnotatedPage]) -> Iterator[tuple[AnnotatedPage, Metadata]]:
    """Each page with what models say that saw no page of its domain."""
    found = examples(corpora.DATA)
    learned = [models_without(found, fold) for fold in range(FOLDS)]
    for page in pages:
        html = page.html.decode("utf-8", "replace")
        view = View(Tree(html), page.url)
        yield page, resolve(read_claims(view), view, learned=learned[fold_of(page.domain)])


def cross_validate() -> Figures:
    """Figures of WCXB's pages with their domains held out; prints the table."""
    sets = page_sets()
    pairs = list(read_held_out([*sets["wcxb"], *sets["wcxb_stripped"]]))
    figures: Figures = {}
    print(_HEADER)
    for name, kept in (("cv wcxb", True), ("cv stripped", False)):
        found = score(pair for pair in pairs if pair[0].keeps_scripts == kept)
        print(_row(name, found))
        figures |= {f"{name}.{key}": value for key, value in found.items()}
    return figures


def measure_language() -> Figures:
    """Figures of the language on all pages, named `metadata.<set>.language.<figure>`; prints them."""
    figures: Figures = {}
    for name, pages in (("wcxb", corpora.wcxb_pages()), ("snippets", corpora.snippet_pages())):
        right: list[bool] = []
        detected: list[bool] = []
        for page in pages:
            html, text = page.html.decode("utf-8", "replace"), page.truth or " ".join(page.present)
            tree = Tree(html)
            truth = _true_language(page, tree, text)
            if truth is None:
                continue
            record = read_metadata(tree, Page(html=html, url=page.url), (page.truth or "")[:3000])
            right.append(_primary(record.language) == truth)
            if (alone := detect_language(text)) is not None:
                detected.append(_primary(alone) == truth)
        share, alone_share = sum(right) / len(right), sum(detected) / len(detected)
        figures |= {
            f"metadata.{name}.language.right": share,
            f"metadata.{name}.language.detected": alone_share,
        }
        print(
            f"{name:16}language right {100 * share:.1f} of {len(right)} pages,"
            f" detected from annotated text alone {100 * alone_share:.1f} of {len(detected)}"
        )
    return figures


def _true_language(page: AnnotatedPage, tree: Tree, text: str) -> str | None:
    if page.id in _JUDGED:
        return _JUDGED[page.id]
    html = tree.find("html")
    declared = canonical_tag(tree.attr(html[0], "lang") or tree.attr(html[0], "xml:lang"))
    return _primary(declared) or _primary(detect_language(text))


def _primary(tag: str | None) -> str | None:
    """The language of a tag without script and region; both names of Bokmål are one."""
    primary = tag.split("-")[0] if tag else None
    return "no" if primary == "nb" else primary


_JUDGED = {  # pages that declare English over something else, or are short and in two languages
    "100noticias.com-millones.html": "es",
    "archive.org-travaillent.html": "fr",
    "befifty.montauk.html": "de",
    "elfaro.net-asamblea.html": "es",
    "feuerwehrtaucher-oldenburg.de.ausbildung.html": "de",
    "football.ua.podolski.html": "ru",
    "helge.at.mahu.html": "de",
    "linkedin.com.hoeltmann.html": "de",
    "murdeltas.wordpress.com.politcamp.html": "de",
    "springer.com-produkte.html": "de",
    "villagersandheroes.com.forums.patchnotes.html": "de",
}


def measure() -> Figures:
    """Figures of all sets, named `metadata.<set>.<field>.<figure>`; prints the table."""
    figures: Figures = {}
    print(_HEADER)
    for name, pages in page_sets().items():
        found = score(read_pages(pages))
        print(_row(name, found))
        figures |= {f"metadata.{name}.{key}": value for key, value in found.items()}
    figures |= measure_language()
    return {key: value for key, value in figures.items() if key.endswith(_KEPT)}


_KEPT = (".right", ".precision", ".recall", ".f1", "false_rate", "published.invented_rate")
_HEADER = (
    f"{'metadata':16}{'title':>7}{'sure':>7}{'ece':>6} |{'P':>6}{'R':>6}{'F1':>6}{'false':>7}"
    f"{'sure':>7}{'ece':>6} |{'cov':>6}{'right':>7}{'prec':>7}{'inv':>6}{'sure':>7}{'ece':>6}"
)


def _row(name: str, found: Figures) -> str:
    def cells(field: str, *columns: tuple[str, int]) -> str:
        return "".join(f"{100 * found[f'{field}.{key}']:{width}.1f}" for key, width in columns)

    sure = (("confident_right", 7), ("ece", 6))
    return (
        f"{name:16}{cells('title', ('right', 7), *sure)} |"
        f"{cells('authors', ('precision', 6), ('recall', 6), ('f1', 6), ('false_rate', 7), *sure)} |"
        f"{cells('published', ('coverage', 6), ('right', 7), ('precision', 7), ('invented_rate', 6), *sure)}"
    )


def measure_milliseconds() -> tuple[float, float]:
    """CPU milliseconds a page over all of WCXB's pages: the parse, and the metadata on top."""
    parse = read = 0.0
    count = 0
    for page in corpora.wcxb_pages():
        html = page.html.decode("utf-8", "replace")
        start = time.process_time()
        tree = Tree(html)
        middle = time.process_time()
        read_metadata(tree, Page(html=html, url=page.url))
        parse, read = parse + middle - start, read + time.process_time() - middle
        count += 1
    return 1e3 * parse / count, 1e3 * read / count


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cv", action="store_true", help="hold out each page's domain")
    parser.add_argument("--language", action="store_true", help="only the language's figures")
    parser.add_argument("--time", action="store_true", help="also milliseconds a page")
    arguments = parser.parse_args()
    if not corpora.available():
        print(f"metadata: skipped, no annotated pages at {corpora.DATA}")
        return 0
    if arguments.cv:
        cross_validate()
        return 0
    if arguments.language:
        measure_language()
        return 0
    measure()
    if arguments.time:
        parse, read = measure_milliseconds()
        print(f"CPU ms/page: tree {parse:.2f}, metadata on top {read:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
