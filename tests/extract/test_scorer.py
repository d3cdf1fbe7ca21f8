"""The scorer's parts: names, features, net, weights, labels."""

import numpy as np
import pytest

from scrubber.extract.hidden import is_hidden
from scrubber.extract.scorer.characters import DENSE, END, LOWER, UPPER, count_kinds
from scrubber.extract.scorer.elements import read_elements
from scrubber.extract.scorer.features import Description, Sheet, all_features, describe, view
from scrubber.extract.scorer.model import load, pack, run, unpack
from scrubber.extract.scorer.outlook import read_signs, trust_numbers
from scrubber.extract.scorer.places import NESTS, Places, find_places
from scrubber.extract.scorer.vocabulary import Vocabulary, names_of
from scrubber.extract.segments import cut
from scrubber.extract.tree import Tree

PAGE = "<title>A tale</title><nav><a href=/>Home</a></nav><main><h1>A tale</h1>" + "".join(
    f"<p class=par>Once upon a time, number {n}, there was a tale.</p>" for n in range(30)
)


CARDS = "<main><h1>Boats</h1><ul>" + "<li><h2>A boat</h2><p class=price>$ 5</p></li>" * 4 + "</ul>"


def described(html: str) -> Description:
    tree = Tree(html)
    return describe(tree, cut(tree), load().vocabulary)


def columns_of(html: str) -> Sheet:
    tree = Tree(html)
    return all_features(view(tree, cut(tree), load().vocabulary))


def places_of(html: str) -> tuple[Tree, Places]:
    tree = Tree(html)
    return tree, find_places(read_elements(tree, cut(tree), load().vocabulary))


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
    features = described(PAGE).matrix
    assert np.isfinite(features).all()
    assert features.shape == (32, len(load().net.mean))


def test_features_of_one_segment_are_finite():
    assert np.isfinite(described("<p>x</p>").matrix).all()


def test_feature_names_are_unique_and_do_not_depend_on_the_page():
    assert list(columns_of(PAGE)) == list(columns_of("<p>x</p>"))
    assert len(set(columns_of(PAGE))) == described(PAGE).matrix.shape[1]


def test_nests_are_the_elements_that_hold_more_and_more_segments():
    tree, places = places_of(CARDS)
    first_price = 2
    tags = [tree.tags[number] for number in places.nests[first_price]]
    assert tags == ["li", "ul", "main", "html", "html"]
    assert (places.firsts[first_price][:3].tolist(), places.lasts[first_price][:3].tolist()) == (
        [1, 1, 0], [3, 9, 9],
    )  # fmt: skip


def test_a_lone_segment_has_the_whole_page_for_nests():
    _, places = places_of("<div><div><p>x</p></div></div>")
    assert places.depth.tolist() == [0]
    assert (places.firsts == 0).all()
    assert (places.lasts == 1).all()
    assert places.firsts.shape == (1, NESTS)


def test_kin_are_the_segments_in_places_that_look_the_same():
    _, places = places_of(CARDS)
    prices = places.near.group[[2, 4, 6, 8]]
    assert len(set(prices.tolist())) == 1
    assert places.near.counts[prices[0]] == 4
    assert prices[0] not in places.near.group[[0, 1, 3, 5, 7]]


def test_what_the_page_said_before_is_marked():
    columns = columns_of("<p>Only once</p><p>Twice said</p><p>Twice said</p>")
    assert (columns["copy_before"] > 0).tolist() == [False, False, True]
    assert (columns["copy_after"] > 0).tolist() == [False, True, False]


def test_labels_of_the_lexicon_are_marked_in_every_language():
    columns = columns_of("<h2>Das könnte Sie auch interessieren</h2><p>Ein Wal schwamm vorbei</p>")
    assert (columns["label_related"] > 0).tolist() == [True, False]
    assert (columns["label_above_related"] > 0).tolist() == [True, True]


def test_probabilities_are_probabilities():
    probabilities = run(load().net, described(PAGE))
    assert probabilities.shape == (32,)
    assert ((probabilities >= 0) & (probabilities <= 1)).all()


def test_scripts_do_not_change_the_scores():
    bare = run(load().net, described(PAGE))
    scripted = run(load().net, described(PAGE + "<script>var a = '<p>b</p>'</script>"))
    assert np.abs(bare - scripted).max() < 0.02


def test_weights_survive_packing():
    weights = load()
    again = unpack(pack(weights))
    assert again.vocabulary.names == weights.vocabulary.names
    assert (again.net.entry == weights.net.entry).all()
    assert again.outlook.signs == weights.outlook.signs


def test_signs_come_from_address_and_meta_tags():
    tree = Tree('<meta property="og:type" content="product"><body class="single-post">')
    signs = read_signs(tree, "https://forum.example.org/t/12", ())
    assert {"og:product", "host:forum", "path:t", "body:single", "steps:2"} <= signs


def test_signs_come_from_what_the_page_says_in_short():
    tree = Tree(
        '<title>Red Shoes</title><meta name="description" content="Order today">'
        "<h1>Runners</h1><p>Add to cart<p>A sentence that is longer than any label of a button."
    )
    signs = read_signs(tree, None, cut(tree).texts)
    assert {"title:red", "title:runners", "about:order", "says:add to cart"} <= signs
    assert not any("sentence" in sign for sign in signs)


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
