"""The lexicon's files and what is compiled from them."""

import pytest

from scrubber.lexicon.build import COMPILED, BuildError, build, render


def test_compiled_file_is_up_to_date() -> None:
    assert COMPILED.read_text("utf-8") == render(build()), "run python -m scrubber.lexicon.build"


def _write(folder, text: str) -> None:
    (folder / "_names.toml").write_text("names = []", "utf-8")
    (folder / "_rules.toml").write_text('concepts = ["cookie"]', "utf-8")
    (folder / "xx.toml").write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('language = "yy"', "says that its language is 'yy'"),
        ('language = "xx"\n[cookies]\nstrong = ["a"]', "unknown tables"),
        ('language = "xx"\n[share]\nstrongest = ["a"]', "unknown keys"),
        ('language = "xx"\n[share]\nstrong = ["!!"]', "is no label"),
        ('language = "xx"\n[share]\npatterns = ["one*"]', "needs a first group"),
        ('language = "xx"\n[share]\npatterns = ["one* & "]', "has an empty group"),
        ('language = "xx"\n[concepts]\nbiscuit = "bake*"', "unknown concepts"),
        ('language = "xx"\n[concepts]\ncookie = "cookie*, "', "has empty stems"),
        ("language = ", "is no TOML"),
    ],
)
def test_a_wrong_file_is_named_with_its_fault(tmp_path, text: str, complaint: str) -> None:
    _write(tmp_path, text)
    with pytest.raises(BuildError, match=r"xx\.toml.*" + complaint):
        build(tmp_path)
