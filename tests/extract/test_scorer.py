"""The scorer's parts: names, features, net, weights, labels."""

import numpy as np
import pytest

from scrubber.extract.scorer.characters import DENSE, END, LOWER, UPPER, count_kinds
from scrubber.extract.scorer.elements import is_hidden
from scrubber.extract.scorer.features import all_columns, describe
from scrubber.extract.scorer.model import load, pack, run, unpack
from scrubber.extract.scorer.outlook import read_signs, trust_numbers
from scrubber.extract.scorer.vocabulary import Vocabulary, names_of
from scrubber.extract.segments import cut
from scrubber.extract.tree import Tree

PAGE = "<title>A tale</title><nav><a href=/>Home</a></nav><main><h1>A tale</h1>" + "".join(
    f"<p class=par>Once upon a time, number {n}, there was a tale.</p>" for n in range(30)
)


def features_of(html: str) -> np.ndarray:
    tree = Tree(html)
    return describe(tree, cut(tree), load().vocabulary)


def test_names_are_split_at_case_and_hyphens():
    assert names_of("postBody-2") == ("post", "body", "post-body")


def test_kinds_count_letters_of_every_script():
    counts, first, last = count_kinds(["Ab.", "委员会。"])
    assert counts[0, UPPER] == counts[0, LOWER] == counts[0, END] == 1
    assert counts[1, DENSE] == 3
    assert (first[1], last[1]) == (DENSE, END)


def test_an_unknown_name_says_nothing():
    assert Vocabulary({"post": 1.0}, {}).judge("zzz", "", "", "") == (0.0, 0.0, 0.0)


def test_known_names_give_mean_lowest_and_highest():
    verdict = Vocabulary({"post": 1.0, "nav": -2.0}, {}).judge("post", "nav", "", "")
    assert verdict == (-0.5, -2.0, 1.0)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"hidden": None}, True),
        ({"hidden": "until-found"}, False),
        ({"style": "color:red;DISPLAY : none"}, True),
        ({"style": "display:block"}, False),
        ({"style": "margin-left:-20px"}, False),
    ],
)
def test_hidden_by_its_own_word(attributes, expected):
    assert is_hidden(attributes) is expected


def test_features_are_finite_and_as_many_as_the_net_reads():
    features = features_of(PAGE)
    assert np.isfinite(features).all()
    assert features.shape == (32, len(load().net.mean))


def test_features_of_one_segment_are_finite():
    assert np.isfinite(features_of("<p>x</p>")).all()


def test_feature_names_are_unique_and_do_not_depend_on_the_page():
    tree, other = Tree(PAGE), Tree("<p>x</p>")
    vocabulary = load().vocabulary
    assert list(all_columns(tree, cut(tree), vocabulary)) == list(
        all_columns(other, cut(other), vocabulary)
    )


def test_probabilities_are_probabilities():
    probabilities = run(load().net, features_of(PAGE))
    assert probabilities.shape == (32,)
    assert ((probabilities >= 0) & (probabilities <= 1)).all()


def test_scripts_do_not_change_the_scores():
    bare = run(load().net, features_of(PAGE))
    scripted = run(load().net, features_of(PAGE + "<script>var a = '<p>b</p>'</script>"))
    assert np.abs(bare - scripted).max() < 0.02


def test_weights_survive_packing():
    weights = load()
    again = unpack(pack(weights))
    assert again.vocabulary.names == weights.vocabulary.names
    assert (again.net.entry == weights.net.entry).all()
    assert again.outlook.signs == weights.outlook.signs


def test_signs_come_from_address_and_meta_tags():
    tree = Tree('<meta property="og:type" content="product"><body class="single-post">')
    signs = read_signs(tree, "https://forum.example.org/t/12")
    assert {"og:product", "host:forum", "path:t", "body:single", "steps:2"} <= signs


def test_doubt_lowers_expected_f1():
    counts, types = np.full(10, 20.0), np.full(7, 1 / 7)
    sure = trust_numbers(np.array([0.99] * 5 + [0.01] * 5), counts, types)
    unsure = trust_numbers(np.array([0.6] * 5 + [0.4] * 5), counts, types)
    assert sure[5] > unsure[5]


def test_labels_follow_the_longest_common_subsequence():
    pytest.importorskip("rapidfuzz")
    from scrubber.extract.scorer.corpus import align

    counts, hits = align(["menu the", "the long tale ends"], ["the", "long", "tale", "ends"])
    assert counts.tolist() == [2, 4]
    assert hits.tolist() == [0, 4]


def test_pages_of_one_site_share_a_domain():
    from scrubber.extract.scorer.corpus import domain_of

    assert domain_of("https://www.a.co.uk/x") == domain_of("https://blog.a.co.uk/y") == "a.co.uk"
    assert domain_of("https://docs.example.org/") == "example.org"


def test_calibration_error_of_perfect_confidence_is_zero():
    pytest.importorskip("jax")
    from scrubber.extract.scorer.train import calibration_error

    assert calibration_error(np.array([1.0, 1.0, 0.0]), np.array([True, True, False])) == 0
