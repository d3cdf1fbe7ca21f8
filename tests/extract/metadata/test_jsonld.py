"""JSON-LD as the web writes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.extract.metadata import read_metadata
from scrubber.extract.metadata.jsonld import load_tolerantly
from scrubber.extract.tree import Tree
from scrubber.models import Metadata, Page

TYPE = "application/ld+json"


def read(
    *scripts: str, body: str = "<h1>Bees return</h1>", url: str = "https://x.example/bees"
) -> Metadata:
    head = "".join(f'<script type="{TYPE}">{script}</script>' for script in scripts)
    html = f"<html lang=en><head><title>Bees return</title>{head}</head><body><main>{body}</main></body></html>"
    return read_metadata(Tree(html), Page(html=html, url=url))


def names(metadata: Metadata) -> list[str]:
    return [author.name for author in metadata.authors]


def test_graph_and_references_are_followed() -> None:
    found = read(
        '{"@graph":[{"@type":"Article","headline":"Bees return","author":{"@id":"#p"},"datePublished":"2026-03-07"},'
        '{"@type":"Person","@id":"#p","name":"Jane Doe"}]}',
        body="<h1>Bees return</h1><p>By Jane Doe</p>",
    )
    assert names(found) == ["Jane Doe"]


def test_list_of_types_and_authors_is_read() -> None:
    found = read(
        '[{"@type":["NewsArticle","Article"],"headline":["Bees return"],'
        '"author":[{"@type":"Person","name":"Jane Doe"},{"@type":"Person","name":"John Roe"}]}]',
        body="<h1>Bees return</h1><p>By Jane Doe and John Roe</p>",
    )
    assert names(found) == ["Jane Doe", "John Roe"]


@pytest.mark.parametrize(
    "script",
    [
        '{"a": [1, 2,], "b": "x,]",}',
        '<!-- {"a": [1, 2], "b": "x,]"} -->',
        '//<![CDATA[\n{"a": [1, 2], "b": "x,]"}\n//]]>',
        "{&quot;a&quot;: [1, 2], &quot;b&quot;: &quot;x,]&quot;}",
        '{"a": [1, 2], "b": "x,]"};',
    ],
)
def test_slip_that_cannot_change_a_value_is_repaired(script: str) -> None:
    assert load_tolerantly(script) == [{"a": [1, 2], "b": "x,]"}]


def test_raw_line_break_in_a_string_is_kept() -> None:
    assert load_tolerantly('{"a": "one\ntwo"}') == [{"a": "one\ntwo"}]


def test_two_documents_in_one_script_are_both_read() -> None:
    assert load_tolerantly('{"a": 1}\n{"b": 2}') == [{"a": 1}, {"b": 2}]


@pytest.mark.parametrize("script", ['{"a": ', "{'a': 1}", '{"a": "un"quoted"}', "null-ish", ""])
def test_what_is_no_json_is_never_guessed_at(script: str) -> None:
    assert load_tolerantly(script) == []


def test_article_of_this_address_wins_over_others() -> None:
    other = '{"@type":"Article","headline":"Ten other things","url":"https://x.example/other","datePublished":"2020-01-01"}'
    own = '{"@type":"Article","headline":"Bees return","url":"https://x.example/bees","datePublished":"2026-03-07"}'
    found = read(f"[{other},{own}]", body="<h1>Bees return</h1><p>March 7, 2026</p>")
    assert found.published is not None
    assert found.published.value == "2026-03-07"


def test_wrong_types_are_no_authors() -> None:
    assert (
        names(
            read(
                '{"@type":"Article","headline":"Bees return","author":[7, null, true, {"@type":"Person"}]}'
            )
        )
        == []
    )


def test_entities_in_values_are_decoded() -> None:
    found = read(
        '{"@type":"Article","headline":"Tea &amp; cake","publisher":{"name":"Post &amp; Co"}}',
        body="",
    )
    assert found.site_name == "Post & Co"


def test_deep_nesting_is_bounded() -> None:
    script = '{"@graph":' * 300 + "[]" + "}" * 300
    assert read(script).title == "Bees return"


@given(st.text(max_size=200))
def test_no_script_breaks_the_reader(text: str) -> None:
    assert isinstance(load_tolerantly(text), list)


_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "@type",
                    "@id",
                    "name",
                    "author",
                    "headline",
                    "datePublished",
                    "image",
                    "@graph",
                    "publisher",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(_VALUE)
def test_no_shape_of_json_breaks_the_page(value: object) -> None:
    import json

    found = read(json.dumps(value).replace("<", ""))
    assert found.title is not None
