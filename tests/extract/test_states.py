"""Content in the documents that scripts carry is found however the framework writes it."""

import json

import pytest

from scrubber.extract.engines.blocks import extract_body
from scrubber.extract.states import read_documents
from scrubber.extract.tree import Tree
from scrubber.models import Page

SENTENCES = tuple(
    f"On day {n} the keeper’s daughter “repaired” the lamp's lens with tar and went down to eat."
    for n in range(8)
)
ARTICLE = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)


def script(text: str, kind: str = "") -> str:
    return f"<script {kind}>{text}</script>"


def pushes(stream: str) -> str:
    """Next's flight data, cut in the middle of a row."""
    half = len(stream) // 2
    pieces = ('1:"$Sreact.fragment"\n', stream[:half], stream[half:])
    return "".join(script(f"self.__next_f.push({json.dumps([1, piece])})") for piece in pieces)


def elements() -> str:
    described = ",".join(json.dumps(["$", "p", None, {"children": s}]) for s in SENTENCES)
    menu = json.dumps(["$", "a", None, {"href": "/", "children": "Home"}])
    return f'2:["$","main",null,{{"children":[{menu},{described}]}}]\n'


SINGLE_QUOTED = json.dumps({"content": ARTICLE}).replace("\\", "\\\\").replace("'", "\\'")
FLATTENED = [["Reactive", 1], {"data": 2}, {"post": 3}, {"title": 4, "body": 5}, "Lens", ARTICLE]
STREAMED = [{"_1": 2}, "post", {"_3": 4}, "content", ARTICLE]
STATES = {
    "next flight, object": pushes(f'2:["$","$L3",null,{{"body":{json.dumps(ARTICLE)}}}]\n'),
    "next flight, elements": pushes(elements()),
    "next flight, text row": pushes(f'5:T{len(ARTICLE.encode()):x},{ARTICLE}6:["$5"]\n'),
    "nuxt 3": script(json.dumps(FLATTENED), 'type="application/json" id="__NUXT_DATA__"'),
    "nuxt 2": script(
        f"window.__NUXT__=(function(a){{return {{data:[{{body:{json.dumps(ARTICLE)},n:a}}]}}}}(1))"
    ),
    "react router": script(f"window.s.enqueue({json.dumps(json.dumps(STREAMED))});"),
    "JSON.parse": script(
        f"window.__S__=JSON.parse({json.dumps(json.dumps({'content': ARTICLE}))})"
    ),
    "JSON.parse, single quotes": script(f"window.__S__ = JSON.parse('{SINGLE_QUOTED}');"),
    "apollo": script(
        "window.__APOLLO_STATE__="
        + json.dumps({f"P:{n}": {"text": text} for n, text in enumerate(SENTENCES)})
    ),
}


def text_of(scripts: str) -> str:
    html = f"<html><body><div id=app>Loading</div>{scripts}</body></html>"
    return "\n".join(block.text for block in extract_body(Page(html=html), Tree(html)).blocks)


@pytest.mark.parametrize("name", STATES)
def test_state_is_read(name):
    assert text_of(STATES[name]).split("\n") == list(SENTENCES)


def linked(data: dict[str, object]) -> str:
    return script(json.dumps(data), 'type="application/ld+json"')


def test_recipe_in_linked_data_has_what_it_needs_and_what_to_do():
    steps = [{"@type": "HowToStep", "text": sentence} for sentence in SENTENCES]
    section = {"@type": "HowToSection", "name": "Dough", "itemListElement": steps}
    recipe = {
        "@type": "Recipe",
        "description": "A cake.",
        "recipeIngredient": ["1 kg of plums", "salt"],
        "recipeInstructions": [section],
    }
    text = text_of(linked({"@graph": [recipe]}))
    assert text.split("\n") == ["A cake.", "1 kg of plums", "salt", *SENTENCES]


def test_questions_in_linked_data_stand_above_their_answers():
    asked = [
        {"@type": "Question", "name": f"Why {n}?", "acceptedAnswer": {"text": sentence}}
        for n, sentence in enumerate(SENTENCES)
    ]
    text = text_of(linked({"@type": "FAQPage", "mainEntity": asked}))
    assert text.split("\n")[:4] == ["Why 0?", SENTENCES[0], "Why 1?", SENTENCES[1]]


@pytest.mark.parametrize(
    "broken",
    [
        'self.__next_f.push([1, "2:T',
        'self.__next_f.push([1, "2:Tfffffff,short"])',
        'self.__next_f.push([1, "no rows"])',
        "window.a = JSON.parse('" + "x" * 500,
        'window.__NUXT__=(function(a){body:"' + "x" * 500,
    ],
)
def test_broken_state_is_passed_over(broken):
    assert all(isinstance(found, dict) for found in read_documents(Tree(script(broken))))
