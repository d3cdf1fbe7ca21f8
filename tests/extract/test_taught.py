"""The pages that the scorer learned from beside the annotated ones: well-formed, and learned."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from statistics import fmean
from urllib.parse import urlsplit

from golden import marked

import scrubber
from scrubber.extract.scorer.marked_train import read_marked

TAUGHT = sorted((Path(__file__).parents[1] / "golden" / "taught").glob("*.html"))


def test_marks_stand_in_pairs_outside_tags() -> None:
    for source in TAUGHT:
        page = source.read_text(encoding="utf-8").partition("\n+++\n")[2]
        marks = [char for char in page if char in "⟦⟧"]
        assert marks, source.name
        assert marks == ["⟦", "⟧"] * (len(marks) // 2), source.name
        assert re.findall(r"</?[a-zA-Z][^<>]*[⟦⟧][^<>]*>", page) == [], source.name


def test_every_page_has_a_site_of_its_own_and_words() -> None:
    pages = {source.name: read_marked(source) for source in TAUGHT}
    hosts = Counter(urlsplit(page.head["url"]).hostname for page in pages.values())
    assert [host for host, count in hosts.items() if count > 1] == []
    assert [name for name, page in pages.items() if len(page.words) < 3] == []


def test_scorer_has_learned_them() -> None:
    scores = []
    for source in TAUGHT:
        page, url = marked.given(source)
        text = scrubber.scrub_html(page, url=url).text
        scores.append(marked.word_f1(" ".join(read_marked(source).words), text))
    assert fmean(scores) >= 0.95
