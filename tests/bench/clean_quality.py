"""How well the cleaner cleans: damage, injection, residue, site memory and speed.

    python tests/bench/clean_quality.py damage [--on ours] [--lines]    the cleaner over true text
    python tests/bench/clean_quality.py injection [--hold-out SOURCE] [--language xx] [--misses]
    python tests/bench/clean_quality.py residue [--lines] [--on others|snippets] [--every N]
    python tests/bench/clean_quality.py memory                what site memory adds
    python tests/bench/clean_quality.py speed

damage: lines of the 1,497 pages' annotated main content that `read_text` (as a dump) and
`clean_draft` (as blocks) remove; what they remove is printed with `--lines`, to be read by eye.
`--on ours`: of the marked pages in tests/golden, in many languages; needs the extra "train".

injection: every reference phrase of at least three words (six letters where words are unspaced),
alone, at the start, in the middle and at the end of three paragraphs of prose in its language
(prose.toml), through `read_text` without telling the language. `--hold-out` takes every label
that only that source has out of the lexicon and counts that source's phrases only: then
only patterns and labels that other sources share can find them.

residue: share of article pages with a line that `residue_detector` (independent of the lexicon)
calls residue, through the whole pipeline. The articles' hits were read when rules were written; of
the other pages and of the snippet-annotated ones only the shares are printed, so that nobody reads
them. `snippets` counts, too, how many of their snippets of boilerplate are in the text.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import statistics
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from corpora import DATA, AnnotatedPage, snippet_pages, wcxb_pages
from residue_detector import SERIOUS, residue

import scrubber
from scrubber.clean import clean_draft, clean_site, read_text
from scrubber.clean.stream import clean_stream
from scrubber.lexicon import index, matcher
from scrubber.lexicon.build import build
from scrubber.lexicon.fold import fold, is_unspaced
from scrubber.models import Block, Draft, Metadata

PROSE = Path(__file__).with_name("prose.toml")
ALIASES = {"pt-BR": "pt", "nn": "nb", "zh-Hant": "zh", "kh": "km", "hbs": "bs", "sh": "bs"}
ALIASES |= {"sr-Latn": "bs"}
GOLDEN = Path(__file__).parents[1] / "golden"


# ---- damage ------------------------------------------------------------------------------------


def _truth_lines(truth: str) -> list[str]:
    return [line.strip() for line in truth.split("\n") if line.strip()]


def as_draft(truth: str, title: str | None = None, language: str = "en") -> Draft:
    """True text as an extractor without any markup would give it: a paragraph a line."""
    blocks = [Block(kind="paragraph", text=t, markdown=t) for t in _truth_lines(truth)]
    return Draft(blocks=tuple(blocks), metadata=Metadata(language=language, title=title))


class Truth(NamedTuple):
    """The true text of one page, a line a paragraph."""

    page: str
    language: str
    text: str


def _truths(kind: str) -> Iterator[Truth]:
    if kind == "wcxb":
        yield from (Truth(page.id, "en", page.truth or "") for page in wcxb_pages())
        return
    try:
        import rapidfuzz  # noqa: F401 - with which the marked words are found again
    except ImportError:
        raise SystemExit(
            'damage --on ours needs rapidfuzz: pip install "scrubber[train]"'
        ) from None
    from scrubber.extract.scorer.corpus import read_ours
    from scrubber.extract.scorer.marked_train import FOLDERS

    for folder in (*FOLDERS, "today"):
        for sample in read_ours(GOLDEN / folder):
            rows = zip(sample.segments.texts, sample.counts, sample.hits, strict=True)
            lines = [" ".join(text.split()) for text, count, hit in rows if 0 < 0.8 * count <= hit]
            said = "".join(sample.tree.attr(n, "lang") for n in sample.tree.find("html")[:1])
            language = said.split("-")[0].lower() or sample.name[-2:]
            yield Truth(sample.name, language, "\n\n".join(lines))


def damage(args: argparse.Namespace) -> None:
    total = 0
    lost: dict[str, list[tuple[str, str, str]]] = {"read_text": [], "clean_draft": []}
    for page, language, text in _truths(args.on):
        total += len(_truth_lines(text))
        draft = as_draft(text, language=language)
        for name, cleaned in (("read_text", read_text(text)), ("clean_draft", clean_draft(draft))):
            for removal in cleaned.removed:
                lost[name] += [(page, removal.reason, line) for line in removal.text.split("\n")]
    for name, lines in lost.items():
        long = sum(len(text) >= 40 for _, _, text in lines)
        print(
            f"{name}: {len(lines)} of {total} true lines removed"
            f" ({10_000 * len(lines) / total:.2f} in 10,000), {long} of 40 characters or more"
        )
        for row in lines if args.lines else ():
            print("   ", *row)


# ---- injection ---------------------------------------------------------------------------------


class Phrase(NamedTuple):
    language: str
    category: str
    source: str
    text: str
    is_page_text: bool = True  # see `_DIALOG`


# What no page holds when it is fetched: dialogs that a click opens, what they say of the reader's
# doings (uploads, errors), switches of an editor, parts of a sentence that are put together, and
# a note to the site's owner. Chosen by the message's key in its source, for all languages alike.
_DIALOG = re.compile(
    r"auth\.|comment\.(?:time|(?:un)?(?:block|verify|pin)-|(?:hide-user|delete)-|edit-countdown"
    r"|expired-time|toggle-|blocking-)|commentForm\.(?:exceeded|upload|anonymous|unauthorized)"
    r"|genericError|(?:en|dis)ableFixedWidth|consentNotice\.testing"
)
# Messages whose gap is a number.
_COUNTING = re.compile(
    r"amount|andMore|maxAge|retention|showingCount|partnersLink|vendorsUse|num-comments"
    r"|comment-hidden|(?:comments|hiddenItems|peopleReactedWith|reactions|replies|upvotes"
    r"|(?:see|show)PreviousReplies\w*)\."
)


def phrases(hosts: Iterable[str]) -> list[Phrase]:
    """The reference phrases that say something alone, each once a language."""
    found: dict[tuple[str, str], Phrase] = {}
    for line in (DATA / "phrases" / "phrases.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        language = ALIASES.get(row["locale"], row["locale"])
        text = filled(row)
        # A brace that is left is of a plural's forms, which were not taken apart: no page's text.
        if language in hosts and "}" not in text and _is_telling(text):
            is_page_text = _DIALOG.match(row["id"]) is None
            phrase = Phrase(language, row["category"], row["source"], text, is_page_text)
            found.setdefault((language, text), phrase)
    return list(found.values())


def filled(row: dict[str, str]) -> str:
    """A reference phrase with something in its gaps."""
    filling = "12" if _COUNTING.search(row["id"]) else "Example"
    text = re.sub(r"\{\w*\}|:[A-Z]{3,}(?:_[A-Z]+)*|%(?= )", filling, row["text"])
    return " ".join(text.split())


def _is_telling(text: str) -> bool:
    return len(re.sub(r"\W", "", text)) >= 6 if is_unspaced(text) else len(text.split()) >= 3


def injected(phrase: Phrase, host: Sequence[str]) -> tuple[int, int, list[str]]:
    """Of three injections: how many were removed, how many host paragraphs lost, and where."""
    removed = lost = 0
    kept_at = []
    for at, place in ((0, "start"), (1, "middle"), (3, "end")):
        draft = read_text("\n\n".join([*host[:at], phrase.text, *host[at:]]))
        out = {draft.metadata.title, *(block.text for block in draft.blocks)}
        lost += sum(paragraph not in out for paragraph in host)
        removed += phrase.text not in out
        kept_at += [place] if phrase.text in out else []
    return removed, lost, kept_at


def without_source(source: str) -> dict[str, Any]:
    """The compiled lexicon without the labels that are phrases of `source` and of no other."""
    others = {(p.language, fold(p.text)) for p in _all_phrases() if p.source != source}
    own = {(p.language, fold(p.text)) for p in _all_phrases() if p.source == source} - others
    data = build()
    for tag, language in data["languages"].items():
        for family in language.values():
            if isinstance(family, dict):
                for strength in ("strong", "weak", "leads"):
                    labels = family.get(strength, [])
                    family[strength] = [label for label in labels if (tag, label) not in own]
    return data


def _all_phrases() -> Iterator[Phrase]:
    for line in (DATA / "phrases" / "phrases.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        text = row["text"].replace("{}", "\ue001")
        yield Phrase(
            ALIASES.get(row["locale"], row["locale"]), row["category"], row["source"], text
        )


def injection(args: argparse.Namespace) -> None:
    hosts = tomllib.loads(PROSE.read_text("utf-8"))
    chosen = phrases(hosts)
    if args.hold_out:
        held = index.compile_index(without_source(args.hold_out))
        index.load.cache_clear()
        index.load.__wrapped__.__globals__["compile_index"] = lambda _: held
        matcher.cache_clear()
        chosen = [phrase for phrase in chosen if phrase.source == args.hold_out]
    if args.language:
        chosen = [phrase for phrase in chosen if phrase.language == args.language]
    tallies: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    lost = 0
    for phrase in chosen:
        removed, lost_here, kept_at = injected(phrase, hosts[phrase.language])
        lost += lost_here
        keys = [("all", "all"), *zip(Phrase._fields, phrase[:3], strict=False)]
        if phrase.is_page_text:
            keys += [("of page text, all", "all"), ("of page text, language", phrase.language)]
        for by, key in keys:
            tallies[by][key][0] += removed
            tallies[by][key][1] += 3
        if kept_at and args.misses and (phrase.is_page_text or not args.page_text):
            print(*phrase[:3], "/".join(kept_at), phrase.text[:120], sep="\t")
    for by, rows in tallies.items():
        shares = sorted((done / total, total, key) for key, (done, total) in rows.items())
        print(by, " ".join(f"{key}={share:.2f}/{total}" for share, total, key in shares))
    print(f"host paragraphs lost: {lost}")


# ---- residue -----------------------------------------------------------------------------------


def residue_left(args: argparse.Namespace) -> None:
    pages = 0
    families: Counter[str] = Counter()
    serious, any_family = set(), set()
    absent: list[bool] = []
    for page in islice(_pages_of(args.on), 0, None, args.every):
        try:
            article = scrubber.scrub_html(page.html, url=page.url)
        except scrubber.ScrubberError:
            continue
        pages += 1
        text = " ".join(article.text.split())
        absent += [" ".join(snippet.split()) in text for snippet in page.absent]
        for line in article.text.split("\n"):
            family = residue(line.strip()) if line.strip() else None
            if family is not None:
                families[family] += 1
                any_family.add(page.id)
                serious |= {page.id} if family in SERIOUS else set()
                if args.lines and args.on == "articles":
                    print(page.id, family, line[:140], sep="\t")
    print(f"{pages} pages ({args.on}); lines by family: {dict(families.most_common())}")
    print(f"consent, comment, share or newsletter: {len(serious) / pages:.2%} of pages")
    print(f"any family: {len(any_family) / pages:.2%} of pages")
    print(f"snippets of boilerplate left: {sum(absent)} of {len(absent)}")


def _pages_of(kind: str) -> Iterator[AnnotatedPage]:
    if kind == "snippets":
        return snippet_pages()
    return (page for page in wcxb_pages() if (page.page_type == "article") == (kind == "articles"))


# ---- site memory -------------------------------------------------------------------------------


def memory(_: argparse.Namespace) -> None:
    """Sites with four pages or more: what their memory removes, and how much of it is true text."""
    from scrubber.extract import extract
    from scrubber.models import Page

    sites: dict[str, list[Any]] = defaultdict(list)
    for page in wcxb_pages():
        sites[page.domain].append(page)
    removed = true = pages = 0
    for found in sites.values():
        if len(found) < 4:
            continue
        drafts, truths = [], []
        for page in found:
            html = page.html.decode("utf-8", "replace")
            try:
                drafts.append((page.url, extract(Page(html=html, url=page.url))))
            except scrubber.ScrubberError:
                continue
            truths.append(" ".join((page.truth or "").split()))
        pages += len(drafts)
        for draft, truth in zip(clean_site(drafts), truths, strict=True):
            texts = [r.text for r in draft.removed if r.step == "clean.site_memory"]
            removed += len(texts)
            true += sum(" ".join(text.split()) in truth for text in texts)
            for text in texts:
                print("   ", text[:100].replace("\n", " / "))
    print(f"{pages} pages: {removed} blocks removed as template, {true} of them in the truth")


# ---- speed -------------------------------------------------------------------------------------


def speed(_: argparse.Namespace) -> None:
    """Milliseconds an article, and megabytes a second of plain text, beside `set(text.split())`."""
    truths = [p.truth for p in wcxb_pages() if p.page_type == "article" and p.truth]
    drafts = [as_draft(truth) for truth in truths]
    for draft in drafts[:200]:
        clean_draft(draft)
    times = [_timed(lambda draft=draft: clean_draft(draft)) for draft in drafts]
    sizes = [sum(len(block.text) for block in draft.blocks) for draft in drafts]
    typical = [t for t, size in zip(times, sizes, strict=True) if 3000 <= size <= 6000]
    print(f"clean_draft: median {1000 * statistics.median(times):.2f} ms an article of")
    print(
        f"  {statistics.median(sizes):.0f} characters; {1000 * statistics.median(typical):.2f} ms"
    )
    print("  for those of 3,000 to 6,000")
    text = "\n\n".join("\n\n".join(_truth_lines(truth)) for truth in truths)
    size = len(text.encode()) / 1e6
    floor = _timed(lambda: set(text.split()))
    taken = _timed(lambda: sum(len(page.kept) for page in clean_stream(io.StringIO(text))))
    print(f"clean_stream: {size / taken:.1f} MB/s; set(text.split()): {size / floor:.1f} MB/s")


def _timed(work: Any) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    commands = parser.add_subparsers(required=True)
    for name, run in (
        ("damage", damage),
        ("injection", injection),
        ("residue", residue_left),
        ("memory", memory),
        ("speed", speed),
    ):
        command = commands.add_parser(name)
        command.set_defaults(run=run)
        if name in ("damage", "residue"):
            command.add_argument("--lines", action="store_true")
        if name == "damage":
            command.add_argument("--on", choices=("wcxb", "ours"), default="wcxb")
        if name == "residue":
            command.add_argument(
                "--on", choices=("articles", "others", "snippets"), default="articles"
            )
            command.add_argument("--every", type=int, default=1, metavar="N", help="page only")
        if name == "injection":
            command.add_argument("--hold-out", metavar="SOURCE")
            command.add_argument("--language")
            command.add_argument("--misses", action="store_true")
            command.add_argument("--page-text", action="store_true", help="of the misses")
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
