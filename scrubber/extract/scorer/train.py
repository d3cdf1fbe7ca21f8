"""Rebuild the weights: `python -m scrubber.extract.scorer.train DATA_DIR [--cv]`.

DATA_DIR holds WCXB's development split (Web Content eXtraction Benchmark, Foley 2026, CC BY 4.0:
https://creativecommons.org/licenses/by/4.0/); pages that were written for this project join them.
Needs jax, scipy and rapidfuzz (`pip install scrubber[train]`); seeded, the same bytes every time on
one kind of machine. It ends with cross-validated figures: what five nets, each trained without one
fifth of the domains, make of the pages left out, measured on the finished text. `--cv`: only these.

What was tried, word F1 on the pages of two folds of domains left out, all 1,497 pages counted
(21 have an empty truth, 14 hold less than 60 % of it outside scripts; the oracle is at 0.98):

    boosted trees (LightGBM, 300 x 31 leaves), best set by expected F1    0.862
      the same, 300 x 15 leaves, stronger regularisation                 0.863
      words weighed per page instead of by their square root             0.862
      without names in classes and ids                                   -0.012
      without repeated-structure features                                -0.004
      without features of the whole page                                 -0.002
    net over the sequence, loss = 1 - expected F1 per page                0.869
      the same, best set by expected F1 instead of p > 0.5               0.865
      dropout 0.25 instead of 0.1                                        0.863
      three layers instead of two                                        0.862
      more cross-entropy in the loss (1.0 instead of 0.3)                0.865
      three seeds averaged instead of one (dropout 0.25)                 +0.003

The differences between nets are within the noise of two folds. On all five folds:

    boosted trees, best set by expected F1                               0.8714
    two nets averaged, p > 0.5                                           0.8714
    two nets averaged, best set by expected F1                           0.8737
      the same through hiding, buried content and assembly: final text   0.8729
      without counting the pages with an empty truth                     0.883
      hidden tab panels and accordions left out too                      -0.003

Then, again on two folds, one net each, F1 counted over segments (on this scale the net above has
0.857, boosted trees 0.859, and 0.862 with the features of the last row but two):

    means over nests and kin in the net, features of nests and copies    0.8645
      labels of the lexicon too (shipped)                                0.8675
      all that the lexicon's matcher says, overlap with descriptions     0.8654
      and odds of words, overlap with the title, type by signs           0.8653
    probabilities averaged over kin afterwards                           +-0
    probabilities sharpened or softened before the best set              +-0
    the two last nets and the one without labels averaged                0.8695
      boosted trees too                                                  0.8705

On all five folds two nets with labels make 0.8808 of the final text; 0.8795 where one page in five
is shown in poorer markup in training (shipped). That loses 0.0013, mostly on shops, and wins on
sites that are written so: on the pages of two folds left out, stripped of names and half of them of
semantic tags too, articles keep 0.952 and all types 0.860 (of 0.960 and 0.871 as they are), while
the net that never saw such pages had 0.93 (names) and 0.91 (tags too) for articles, 0.86 and 0.82
for all types, even on pages that it was trained on.

    odds multiplied by page type before the best set                 +0.0007 (not shipped)
    trafilatura as second opinion at low confidence, by the rule     +0.0002 to -0.03
    best set by the mean F1 over readers 4 log-odds stricter, like
      the scorer, and more generous: collections +0.021, articles,
      forums and listings -0.001 to -0.006, more left             +0.0013 (not shipped)
    cut at a single <br> that ends a long sentence, same nets        -0.0001 (not shipped)

The same pages with every word written in other letters (so that no label of the lexicon is met),
every second page left out, F1 over segments: as they are 0.865; other Latin letters 0.863; Arabic
0.864; Cyrillic 0.863; German-like capitals and compounds 0.863; Chinese characters without spaces
0.864. What is lost is the labels, mostly on listings.

Rules after the scorer, on left-out pages: tables with header cells whole from 0.4 of their segments
+0.0001, headings at the end of articles left out +0.0002, footnotes that lead back, summaries of
details and formulas kept +-0.0000 (all shipped, for the reader's sake); captions of images read
with the text -0.0010, standfirsts -0.0000 (articles -0.0011), links that look like buttons left out
+0.0003 or -0.0003 by how their classes are matched, other unchosen paragraphs between chosen ones
-0.0001 (not shipped).

With them, with pieces of React pages put together, mojibake mended, folded answers read and
touching boxes parted, the same nets make 0.8813 of the final text (0.8795 before).

Then the pages were read anew (trees mended, labels of a fuller lexicon), and what a net that never
saw a page makes of it became a second truth beside the annotator's. On two folds, one net each, F1
of the best set over segments:

    taught by the annotators alone                                       0.8621
      on three folds instead of four (mean of eight nets)                0.8626
      four such nets averaged                                            0.8671
    taught by the guesses of one such net too, at weight 0.5 (shipped)   0.8667
      at weight 1.5                                                      0.8656

More pages of this kind would not help, then; less noise does. On all folds, of the final text, one
net so taught makes 0.8809, two averaged 0.8818, the two of before without guesses 0.8813: one is
shipped. Pages on which nothing is likelier to be content than 0.2 say that they have none: two of
them, both without truth, +0.0013. Lines that hide inside paragraphs left out: +-0.0000. In all
0.8821.

Then pages were shown in more markup than their own in training (15 % of each kind: stripped of
names, written as around 2000, short of boilerplate and paragraphs), F1 of the best set over
segments of all pages left out that have a truth, nets before and after:

                       as they are   stripped   as around 2000   short
    all pages             0.8828      0.8672        0.8512       0.8726
      after               0.8815      0.8678        0.8624       0.8858
    articles              0.9586      0.9498        0.9389       0.9286
      after               0.9582      0.9504        0.9494       0.9327

Of the final text 0.8825, with comments below articles left out where the page names them: of 33
such articles two better, none worse. Not shipped: paragraphs that stand twice given once (-0.0001
to +0.0003), writers' names and dates of posts given as text (forums -0.007).

Then pages of our own joined (`tests/golden/eras` and `taught`: 413 pages in 47 languages, as the
web built them since 1997, with exact truths), each fold's net without those of its fold. F1 of the
best set over segments, nets before and after:

    all annotated pages      0.8814   0.8821    our own pages, eras      0.9267   0.9581
      articles               0.9582   0.9586                   taught    0.8421   0.9506
    59 pages of today outside English that no net saw (nets of two folds, with 267 pages of our own)
                             0.9485   0.9655

With the rules that came beside them they brought snippets in German, French and Polish, of which
no net saw any, from 0.934 to what the README tells.

Then 725 more, half of which hold boxes, leads, sub-headings and closing notes that belong beside
others that do not, in more than 60 languages; lists, shops, services and forums by what most
annotators count. The same two kinds of nets, now before and after them:

    all annotated pages      0.8821   0.8837    our own pages, eras      0.9581   0.9620
      articles               0.9586   0.9593                   taught    0.9335   0.9512
      forums                 0.8416   0.8440    those 59 pages of today  0.9687   0.9779
      collections            0.7030   0.7155

Snippets stay where they were. Of page types, which learn from our own pages too since then, 0.80 of
the first 413 are right instead of 0.68, and of annotated pages 0.868 instead of 0.866. Tried on one
fold with those 413: a width of 96 instead of 64 +0.003, 40 epochs instead of 25 -0.003, both within
the noise; nets of two folds averaged +0.0004 on the pages of today.

Then 1,923 more, in half of an annotated page's weight, as they outnumber those by now. First 1,173:
388 at which the net failed (short notes over long comments, notes among like notes, stacks of one
class), and 785 of the English web of 1995 to 2022: news, magazines, blogs, boards, hand-made
tables. They won what they show and nothing on real pages, and a last chapter of one paragraph that
was headed "Leave a Reply" was taken for a comment. So 657 show the opposite (chapters with names of
residue, closing notes that belong, grids, boards, services, manuals), and 93 grids and lists were
marked by the annotators' custom. The same two kinds of nets, before, with the 1,173 (in a weight of
0.6), with all, and these by the best set of three readers (`choice.READERS`):

    all annotated pages      0.8837   0.8824   0.8840   0.8860
      articles               0.9593   0.9585   0.9604   0.9600
      forums                 0.8440   0.8517   0.8512   0.8503
      products               0.6588   0.6594   0.6545   0.6589
      collections            0.7155   0.6960   0.6966   0.7181
      listings               0.7574   0.7673   0.7704   0.7654
      documentation          0.9370   0.9341   0.9409   0.9436
      services               0.8583   0.8540   0.8574   0.8615
    our own pages, eras      0.9620   0.9669   0.9746   0.9757
      the first 1,068        0.9521   0.9499   0.9517   0.9519
      the 388                0.7959   0.8738   0.8728   0.8726
      news until 2012        0.8589   0.9247   0.9279   0.9280
      magazines after it     0.7693   0.8898   0.8854   0.8859
      blogs                  0.8261   0.8831   0.8890   0.8924
      hand-made tables       0.9075   0.9118   0.9261   0.9262
      the opposite: tails    0.9267   0.8789   0.9588   0.9586
        boards, services     0.8716   0.9093   0.9519   0.9520
        manuals              0.9448   0.9167   0.9748   0.9740

Finished text of annotated pages, by those readers: 0.8848 (0.8826 before), articles 0.9633, forums
0.827, products 0.665, collections 0.720, listings 0.749, documentation 0.949, services 0.869.

On 368 pages that no net saw, of 27 real manuals in nine languages (`tests/bench/manuals.py`; what
the net with 1,173 lost on four of them told which manuals to write), finished text has 0.943, 0.933
before and 0.952 with the 1,173; trafilatura has 0.908. Most manuals gained; Lilypond's fell (0.443,
0.657, 0.786), where a table of all chapters stands below each and is ten times as long. Five of our
pages have got hosts of their own since the training.

At full weight the 1,173 and the 93 as they were marked first lost 0.0030 on two folds, collections
0.040. The readers, tried with four generations of nets, were worth +0.0013, +0.0004, +0.0029 and
+0.0020; with their odds shifted by 3 instead of 4 +0.0009 with the second, +0.0021 with the third
and +0.0013 with the last, by 5 -0.0002. On two folds, with the 388 alone: a width of 96 +0.0007, of
128 -0.0003, the 388 at a weight of 0.4 -0.0024, two nets averaged +0.0009 to +0.0022; with the
1,173 a bias of our own pages' custom, learned beside the net and left out of it afterwards,
+0.0007, with the readers -0.0016. All within the noise.

What words mean, which these pages cannot teach, was tried on two folds, before our own pages: the
first 32 principal components of a sentence encoder's view of each segment (all-MiniLM-L6-v2, in
seconds a page) +0.007 on one fold and -0.001 on the other, mostly on listings and collections;
single words' vectors from that encoder, averaged (0.7 ms a page), +0.005 on the first. Not shipped.

Choosing for each page the best cut through its probabilities, which needs the truth, made
0.9175 over segments where the best expected F1 made 0.8728, and the best choice of segments
0.972: half of what is lost is the question how much of a page its annotator counted.

The page type is right on 85.9 % of left-out pages (81.4 before the words of title, first headings
and description and the page's short texts were signs; decay and MIN_DOMAINS were chosen on the
same folds, with nets that had seen the pages).

One net differs from the next of its kind by about 0.003. The features ask the lexicon for labels,
so its editions show in the last digits of what is rebuilt. What is left is mostly the truth's own
scatter: the same shop's pages are annotated once with, once without their reviews, offers and
delivery terms, and some truths stop half-way down the page.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np

from scrubber.extract.body import Body, reading_text
from scrubber.extract.scorer.corpus import (
    FOLDS,
    Example,
    Sample,
    View,
    align,
    carry,
    read_ours,
    read_samples,
    word_f1,
    words,
)
from scrubber.extract.scorer.features import describe
from scrubber.extract.scorer.marked_train import FOLDERS
from scrubber.extract.scorer.markup_train import dated, pruned, stripped
from scrubber.extract.scorer.model import Net, Weights, pack, run
from scrubber.extract.scorer.names_train import Shares, learn_names, shares_of
from scrubber.extract.scorer.outlook import TYPES, Outlook, summarise
from scrubber.extract.scorer.outlook_train import PageCase, train_outlook
from scrubber.extract.scorer.vocabulary import Vocabulary
from scrubber.extract.segments import cut
from scrubber.extract.tree import Tree

MIN_ORACLE: Final = 0.4  # pages that hold less of their truth teach nothing
OURS_WEIGHT: Final = 0.5  # of our own pages, which outnumber the annotated ones
WEIGHTS: Final = Path(__file__).with_name("weights.npz")
OURS: Final = Path(__file__).parents[3] / "tests" / "golden"
Array = np.ndarray
Tables = dict[str, tuple[Shares, Shares]]


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the scorer.")
    parser.add_argument("data", type=Path, help="WCXB's development split")
    parser.add_argument("--cv", action="store_true", help="only print cross-validated figures")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    parser.add_argument(
        "--ours", type=Path, default=OURS, help="where the folders of marked pages are"
    )
    options = parser.parse_args()
    samples = list(read_samples(options.data))
    ours = [s for folder in FOLDERS for s in read_ours(options.ours / folder)]
    trained = train_all(samples, ours, whole=not options.cv)
    folds = {fold: trained[frozenset({fold})] for fold in range(FOLDS)}
    pages = [*samples, *ours]
    cases = {s.name: c for s in pages if (c := case_of(s, folds[s.fold]))}
    if not options.cv:
        last = trained[frozenset()]
        outlook = _outlook(pages, cases)
        save(Weights(last.net, last.vocabulary, outlook), options.out)
    report(samples, ours, folds, cases)


@dataclass(frozen=True, slots=True)
class Trained:
    """A net, names, and the probabilities that they give the pages left out, by page name."""

    net: Net
    vocabulary: Vocabulary
    guesses: dict[str, Array]


Folds = frozenset[int]  # those left out


def train_all(
    samples: Sequence[Sample], ours: Sequence[Sample], whole: bool
) -> dict[Folds, Trained]:
    """Nets for each fold left out and, if `whole`, for none, in three rounds.

    Nets without two folds guess what those hold; the net without a fold is taught by the guesses
    for each page of nets that saw neither that fold nor the page's; the last by those of the five.
    The truths of our own pages are exact: they join in the second round and need no guesses.
    As many at a time as there are cores: nets this small gain little from threads. Workers are
    forked, so that they share the pages.
    """
    tables = {sample.name: shares_of(sample) for sample in (*samples, *ours)}
    context = get_context("fork")
    cores = sorted(os.sched_getaffinity(0))
    trained: dict[Folds, Trained] = {}
    for size in (2, 1, 0) if whole else (2, 1):
        plan = [frozenset(folds) for folds in combinations(range(FOLDS), size)]
        _material[:] = [(samples if size == 2 else [*samples, *ours], tables, trained)]
        free = context.SimpleQueue()
        for core in cores:
            free.put(core)
        with ProcessPoolExecutor(len(cores), context, _take_core, (free,)) as pool:
            trained |= zip(plan, pool.map(_train_apart, plan), strict=True)
    return trained


_material: list[tuple[Sequence[Sample], Tables, dict[Folds, Trained]]] = []  # workers share it


def _take_core(cores: SimpleQueue[int]) -> None:
    """Keep this worker to one core, so that JAX starts no threads that fight for the others."""
    os.sched_setaffinity(0, {cores.get()})


def _train_apart(left_out: Folds) -> Trained:
    return train_without(*_material[0], left_out)


def train_without(
    samples: Sequence[Sample], tables: Tables, trained: dict[Folds, Trained], left_out: Folds
) -> Trained:
    """Net and names learned from all folds but those left out, taught by what is trained already.

    A page's own names must not describe it in training, or the net would trust names too much:
    the features of each fold's pages use names learned from the other folds.
    """
    known = [s for s in samples if s.fold not in left_out]
    examples = []
    for fold in sorted({s.fold for s in known}):
        vocabulary = learn_names((s, tables[s.name]) for s in known if s.fold != fold)
        teacher = trained.get(left_out | {fold})
        guesses = teacher.guesses if teacher else {}
        examples += [
            example_of(s, vocabulary, None if s.is_ours else guesses.get(s.name))
            for s in known
            if s.fold == fold and teaches(s)
        ]
    _say(f"training on {len(examples)} pages, folds left out: {sorted(left_out)}")
    from scrubber.extract.scorer.net_train import train_net  # JAX must not be there when forking

    net, vocabulary = train_net(examples), learn_names((s, tables[s.name]) for s in known)
    guesses = {
        s.name: run(net, describe(s.tree, s.segments, vocabulary))
        for s in samples
        if s.fold in left_out and len(s.segments)
    }
    return Trained(net, vocabulary, guesses)


def teaches(sample: Sample) -> bool:
    return bool(sample.truth) and bool(len(sample.segments)) and sample.oracle >= MIN_ORACLE


def example_of(sample: Sample, vocabulary: Vocabulary, guess: Array | None) -> Example:
    tree, segments = sample.tree, sample.segments
    seed = crc32(sample.name.encode())
    bare = stripped(tree, tags=seed % 2 == 0)

    def view(other: Tree) -> View:
        cuts = cut(other)
        counts, hits = align(cuts.texts, sample.truth)
        carried = None if guess is None else carry(guess, segments.texts, cuts.texts)
        return View(describe(other, cuts, vocabulary), counts, hits, float(hits.sum()), carried)

    total = float(len(sample.truth))
    views = [
        View(describe(tree, segments, vocabulary), sample.counts, sample.hits, total, guess),
        View(describe(bare, cut(bare), vocabulary), sample.counts, sample.hits, total, guess),
        view(dated(tree, seed)),
    ]
    is_content = (sample.hits * 2 > sample.counts).tolist()
    if len(cut(few := pruned(tree, segments, is_content, seed))):
        views.append(view(few))
    return Example(views, OURS_WEIGHT if sample.is_ours else 1.0)


def case_of(sample: Sample, trained: Trained) -> PageCase | None:
    """What a net that never saw the page's domain makes of it."""
    if not len(sample.segments):
        return None
    page = describe(sample.tree, sample.segments, trained.vocabulary)
    probabilities = trained.guesses[sample.name]
    texts = zip(sample.segments.texts, probabilities > 0.5, strict=True)
    found = [word for text, chosen in texts if chosen for word in words(text)]
    return PageCase(
        summarise(page.matrix, probabilities), sample.signs, sample.domain,
        sample.page_type, probabilities, sample.counts, word_f1(found, sample.truth) >= 0.9,
        sample.is_ours,
    )  # fmt: skip


def _outlook(samples: Sequence[Sample], cases: dict[str, PageCase], without: int = -1) -> Outlook:
    used = [s for s in samples if s.name in cases and s.fold != without]
    return train_outlook([cases[s.name] for s in used], [s.fold for s in used])


def save(weights: Weights, path: Path) -> None:
    """Write an .npz without time stamps: the same weights are the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, values in sorted(pack(weights).items()):
            buffer = io.BytesIO()
            np.save(buffer, values)
            info = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, buffer.getvalue())


# ---- cross-validated figures ---------------------------------------------------------------------


def report(
    samples: Sequence[Sample],
    ours: Sequence[Sample],
    folds: dict[int, Trained],
    cases: dict[str, PageCase],
) -> None:
    """Print, per page type, what the finished texts of the pages left out are worth; then of ours,
    each folder by itself.
    """
    from scrubber.errors import NoContent
    from scrubber.extract.engines.blocks import extract_with
    from scrubber.models import Page

    rows: dict[str, list[Row]] = defaultdict(list)
    pages = [*samples, *ours]
    for fold, left_out in folds.items():
        weights = Weights(left_out.net, left_out.vocabulary, _outlook(pages, cases, without=fold))
        for sample in (s for s in pages if s.fold == fold):
            page = Page(html=sample.html, url=sample.url)
            try:
                body = extract_with(weights, page, Tree(sample.html))
            except NoContent:
                body = Body(())
            rows[sample.name.partition("/")[0] if sample.is_ours else ""].append(_row(sample, body))
    _print_rows(rows.pop(""))
    for folder, part in rows.items():
        f1, right = np.array([(row[1], row[5]) for row in part], float).T
        _say(f"{folder:14} pages {len(part):5}  F1 {f1.mean():.4f}  type {right.mean():.3f}")


Row = tuple[str, float, float, float, float, bool, float]


def _row(sample: Sample, body: Body) -> Row:
    text = reading_text(body.blocks)
    f1 = word_f1(words(text), sample.truth)

    def rate(snippets: Sequence[str], empty: float, fold: Callable[[str], str] = _flat) -> float:
        flat = fold(text)
        held = [fold(snippet) in flat for snippet in snippets]
        return sum(held) / len(held) if held else empty

    held, typed = rate(sample.wanted, 1.0), rate(sample.wanted, 1.0, _typed)
    left = rate(sample.unwanted, 0.0)
    right = body.page_type == sample.page_type
    return sample.page_type, f1, held, typed, left, right, body.confidence or 0.0


def _flat(text: str) -> str:
    return " ".join(text.split()).lower()


_TYPEWRITER: Final = str.maketrans("‘’“”–—", "''\"\"--", "")


def _typed(text: str) -> str:
    """With quotes and dashes as a keyboard has them: the annotators straightened many."""
    return _flat(text.translate(_TYPEWRITER).replace("…", "..."))


def _print_rows(rows: Sequence[Row]) -> None:
    for name in ("all", *TYPES):
        part = [row for row in rows if name in ("all", row[0])]
        f1, held, typed, left, right, trust = np.array([row[1:] for row in part], float).T
        _say(
            f"{name:14} pages {len(part):5}  F1 {f1.mean():.4f}  with {held.mean():.3f}"
            f" ({typed.mean():.3f} with quotes as typed)  without {left.mean():.3f}"
            f"  type {right.mean():.3f}"
            f"  confidence error {calibration_error(trust, f1 >= 0.9):.3f}"
        )


def calibration_error(trust: Array, good: Array, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width."""
    bin_of = np.minimum((trust * bins).astype(int), bins - 1)
    gaps = [
        abs(trust[bin_of == b].mean() - good[bin_of == b].mean()) * (bin_of == b).mean()
        for b in range(bins)
        if (bin_of == b).any()
    ]
    return float(sum(gaps))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
