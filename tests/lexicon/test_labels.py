"""Whole lines as labels, without context."""

import pytest

from scrubber.lexicon.labels import find_label


def test_a_label_of_any_language_is_found():
    label = find_label("Das könnte Sie auch interessieren")
    assert label is not None
    assert (label.language, label.family) == ("de", "related")


def test_case_and_punctuation_do_not_matter():
    assert find_label("LEAVE A REPLY:") == find_label("Leave a reply")


def test_an_unambiguous_label_comes_before_a_weak_one_of_another_language():
    label = find_label("Leave a Reply")
    assert label is not None
    assert label.strength == "strong"


def test_prose_is_no_label():
    assert find_label("The ship left the harbour at dawn.") is None


def test_a_long_line_is_not_looked_at():
    assert find_label("Leave a reply " * 10) is None


@pytest.mark.parametrize(
    "line",
    [
        "Join our newsletter",
        "Rejoignez notre newsletter",
        "Únete a nuestra newsletter",
        "Dołącz do newslettera",
        "הצטרפו לניוזלטר",
        "Melde dich für unseren Newsletter an",
        "Подпишитесь на рассылку",
        "メルマガ登録",
        "뉴스레터 구독",
        "Bültenimize abone olun",
    ],
)
def test_the_heading_of_a_sign_up_box_is_sure(line: str) -> None:
    label = find_label(line)
    assert label is not None
    assert (label.family, label.strength) == ("newsletter", "strong")


@pytest.mark.parametrize(
    "line",
    ["Subscribe", "S'abonner", "Suscríbete", "Subskrybuj", "הרשמה", "購読する", "Abonnieren"],
)
def test_subscribe_alone_is_a_weak_label(line: str) -> None:
    label = find_label(line)
    assert label is not None
    assert label.strength == "weak"
