"""scrubber beside its peers on the same pages, as one Markdown table for the README.

    python tests/bench/peers.py [--every N]

Peers that are not installed are left out with a message: `pip install readability-lxml
newspaper4k resiliparse justext goose3`, and on Python 3.12 also `etrafilatura trafipy`.
scrubber's own row is measured with the shipped weights, which were trained on `wcxb-dev`; the row
for unseen sites comes from cross-validation, `python -m scrubber.extract.scorer.train DATA --cv`.
"""

from __future__ import annotations

import argparse
import importlib
import re
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice

import corpora
from corpora import AnnotatedPage
from scores import PageScore, score_page, summarise

TYPES = ("article", "forum", "product", "collection", "listing", "documentation", "service")


def _text(page: AnnotatedPage) -> str:
    """The page decoded, for peers that do not take bytes (by trafilatura's own detection)."""
    from trafilatura.utils import decode_file

    return str(decode_file(page.html))


def read_scrubber(page: AnnotatedPage) -> str:
    import scrubber

    return scrubber.scrub_html(page.html, page.url).text


def read_scrubber_trafilatura(page: AnnotatedPage) -> str:
    import scrubber

    options = scrubber.Options(extract=scrubber.ExtractOptions(engine="trafilatura"))
    return scrubber.scrub_html(page.html, page.url, options=options).text


def read_trafilatura(page: AnnotatedPage) -> str:
    import trafilatura

    return trafilatura.extract(page.html, url=page.url, include_comments=False) or ""


def read_newspaper4k(page: AnnotatedPage) -> str:
    import newspaper

    article = newspaper.Article(page.url or "https://example.org/", fetch_images=False)
    article.download(input_html=_text(page))
    article.parse()
    return str(article.text)


def read_readability(page: AnnotatedPage) -> str:
    import readability

    return _flatten(readability.Document(_text(page)).summary())


def read_resiliparse(page: AnnotatedPage) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(_text(page), main_content=True))


def read_justext(page: AnnotatedPage) -> str:
    import justext

    paragraphs = justext.justext(page.html, justext.get_stoplist("English"))
    return "\n\n".join(found.text for found in paragraphs if not found.is_boilerplate)


def read_goose3(page: AnnotatedPage) -> str:
    import goose3

    return str(
        goose3.Goose({"enable_image_fetching": False}).extract(raw_html=_text(page)).cleaned_text
    )


def read_etrafilatura(page: AnnotatedPage) -> str:
    import etrafilatura

    return str(etrafilatura.extract(_text(page), include_comments=False) or "")


def read_trafipy(page: AnnotatedPage) -> str:
    import trafipy

    return str(trafipy.extract(_text(page)).text or "")


PEERS: dict[str, tuple[str, Callable[[AnnotatedPage], str]]] = {
    "**scrubber**": ("scrubber", read_scrubber),
    "scrubber, trafilatura engine": ("scrubber", read_scrubber_trafilatura),
    "trafipy (rs-trafilatura)": ("trafipy", read_trafipy),
    "trafilatura": ("trafilatura", read_trafilatura),
    "etrafilatura": ("etrafilatura", read_etrafilatura),
    "resiliparse": ("resiliparse", read_resiliparse),
    "readability-lxml": ("readability", read_readability),
    "newspaper4k": ("newspaper", read_newspaper4k),
    "goose3": ("goose3", read_goose3),
    "jusText": ("justext", read_justext),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=1, help="take every Nth page only")
    parser.add_argument("--only", help="one peer's name")
    arguments = parser.parse_args()
    if not corpora.available():
        print(f"peers: skipped, no annotated pages at {corpora.DATA}")
        return 0
    print("| | F1 | " + " | ".join(TYPES) + " | with | left | snippets F1 | ms |")
    print("|---" * (len(TYPES) + 6) + "|")
    for name, (module, read) in PEERS.items():
        if arguments.only and arguments.only not in name:
            continue
        try:
            importlib.import_module(module)
        except ImportError as missing:
            print(f"peers: {name} left out: {missing}", file=sys.stderr)
            continue
        print(_row(name, read, arguments.every), flush=True)
    return 0


def _row(name: str, read: Callable[[AnnotatedPage], str], every: int) -> str:
    measure = partial(_measure, read)
    with ProcessPoolExecutor(max_workers=1) as pool:  # one at a time: the times are comparable
        wcxb = list(pool.map(measure, islice(_truthful(), 0, None, every), chunksize=4))
        snippets = list(pool.map(measure, islice(corpora.snippet_pages(), 0, None, every)))
    scores = [score for score, _ in wcxb]
    whole = summarise(scores)
    by_type = [summarise(s for s in scores if s.page_type == kind).f1 for kind in TYPES]
    milliseconds = 1e3 * sum(cpu_s for _, cpu_s in wcxb) / len(wcxb)
    figures = [
        f"{whole.f1:.3f}",
        *(f"{f1:.3f}" for f1 in by_type),
        f"{whole.with_rate:.3f}",
        f"{whole.without_left:.3f}",
        f"{summarise(score for score, _ in snippets).snippet_f1:.3f}",
        f"{milliseconds:.1f}",
    ]
    return f"| {name} | " + " | ".join(figures) + " |"


def _truthful() -> Iterator[AnnotatedPage]:
    return (page for page in corpora.wcxb_pages() if page.truth is not None)


def _measure(read: Callable[[AnnotatedPage], str], page: AnnotatedPage) -> tuple[PageScore, float]:
    warnings.simplefilter("ignore")
    start = time.process_time()
    try:
        text = read(page)
    except Exception:  # a peer that fails on a page gave nothing for it
        text = ""
    cpu_s = time.process_time() - start
    return score_page(text, page.truth, page.present, page.absent, page.page_type), cpu_s


def _flatten(html: str) -> str:
    import lxml.html

    broken = re.sub(r"(</(?:p|div|li|tr|h[1-6]|blockquote|pre)>|<br\s*/?>)", r"\1\n", html)
    return str(lxml.html.fromstring(broken).text_content()) if broken.strip() else ""


if __name__ == "__main__":
    sys.exit(main())
