"""Lines that nobody listed go beside residue, and only there."""

import pytest

from scrubber.clean.judge import judge
from scrubber.clean.line import Context, Line
from scrubber.lexicon import Match
from scrubber.lexicon.guess import Guess

PROSE = "The harbour froze over in the first week of January, and the boats stayed in until March."
EVIDENCE = {
    "label": Match("share", "strong", "en"),
    "weak label": Match("navigation", "weak", "en"),
}


def _judge(*lines: Line, odds: float = 5.0, page_type: str | None = "article") -> list[str | None]:
    """Verdicts where "unknown" is guessed to be a comment form's."""
    matches = [EVIDENCE.get(line.text) for line in lines]

    def guess(text: str) -> Guess | None:
        return Guess("comment_form", odds) if text == "unknown" else None

    return judge(lines, matches, Context(language="en", page_type=page_type), guess=guess)


PARAGRAPH, KNOWN, UNKNOWN = Line(PROSE), Line("label"), Line("unknown")
WEAK = Line("weak label")


def test_an_unknown_line_beside_residue_goes() -> None:
    assert _judge(PARAGRAPH, UNKNOWN, KNOWN, PARAGRAPH) == [None, "comment_form", "share", None]


def test_an_unknown_line_between_prose_stays() -> None:
    assert _judge(PARAGRAPH, UNKNOWN, PARAGRAPH) == [None, None, None]


def test_unknown_lines_in_a_row_go_from_residue_on() -> None:
    verdicts = _judge(PARAGRAPH, KNOWN, UNKNOWN, UNKNOWN)
    assert verdicts == [None, "share", "comment_form", "comment_form"]


def test_an_unknown_line_beside_a_weak_label_alone_stays() -> None:
    assert _judge(PARAGRAPH, WEAK, UNKNOWN, PARAGRAPH) == [None] * 4


def test_a_line_that_touches_prose_must_be_surer() -> None:
    beside_prose = _judge(PARAGRAPH, KNOWN, UNKNOWN, PARAGRAPH, odds=2.5)
    among_residue = _judge(PARAGRAPH, KNOWN, UNKNOWN, KNOWN, PARAGRAPH, odds=2.5)
    assert (beside_prose[2], among_residue[2]) == (None, "comment_form")


@pytest.mark.parametrize("role", ["heading", "other"])
def test_headings_and_code_are_not_guessed_at(role: str) -> None:
    line = Line("unknown", role)  # type: ignore[arg-type]
    assert _judge(PARAGRAPH, KNOWN, line, KNOWN)[2] is None


@pytest.mark.parametrize("page_type", ["forum", "listing", "product"])
def test_nothing_is_guessed_where_labels_are_the_content(page_type: str) -> None:
    assert _judge(PARAGRAPH, KNOWN, UNKNOWN, KNOWN, page_type=page_type)[2] is None
