"""What widgets say below an article goes, in many languages, and the article stays."""

import tomllib
from pathlib import Path

import pytest

from scrubber.clean import read_text

HERE = Path(__file__).parent
WIDGETS = tomllib.loads((HERE / "widgets.toml").read_text("utf-8"))
PROSE = tomllib.loads((HERE.parent / "bench" / "prose.toml").read_text("utf-8"))
PROMPTS = tomllib.loads((HERE / "prompts.toml").read_text("utf-8"))
LEAST = 0.9  # of a language's texts


@pytest.mark.parametrize(
    ("language", "texts"), [*WIDGETS.items(), *PROMPTS.items()], ids=lambda value: str(value)[:2]
)
def test_a_widgets_text_below_an_article_goes_and_the_article_stays(
    language: str, texts: list[str]
) -> None:
    left = []
    for text in texts:
        draft = read_text("\n\n".join([*PROSE[language], text]))
        kept = {draft.metadata.title, *(block.text for block in draft.blocks)}
        assert kept.issuperset(PROSE[language])
        left += [text] if text in kept else []
    assert len(left) <= (1 - LEAST) * len(texts), left
