"""Elements that their start tags mark."""

from __future__ import annotations

from scrubber.extract.metadata.marks import AUTHOR, DATE, FACTS, TRAIL, find_marked
from scrubber.extract.tree import Tree


def test_class_names_promise_what_they_say() -> None:
    tree = Tree('<i class="Entry-Date"></i><i class="byline author"></i><i class="posted-on"></i>')
    promises = find_marked(tree).promises
    assert promises == {"Entry-Date": DATE, "byline author": AUTHOR, "posted-on": AUTHOR | DATE}


def test_all_elements_of_one_start_tag_are_found_in_document_order() -> None:
    tree = Tree('<p class="meta">a</p><p>b</p><p class="meta">c</p>')
    found = find_marked(tree)
    assert [tree.text(number) for number in found.classed] == ["a", "c"]
    assert found.promises == {"meta": FACTS}


def test_breadcrumb_counts_on_an_element_that_holds_a_trail() -> None:
    tree = Tree('<nav class="breadcrumb"><a class="crumb" href="/a">A</a></nav>')
    found = find_marked(tree)
    assert [tree.tags[number] for number in found.breadcrumbs] == ["nav"]
    assert found.promises == {"breadcrumb": TRAIL, "crumb": TRAIL}


def test_link_to_a_writers_page_is_told_from_others() -> None:
    tree = Tree('<a href="/authors/jane">J</a><a href="/blog/authority/x">no</a>')
    assert [tree.text(number) for number in find_marked(tree).author_links] == ["J"]


def test_line_break_inside_a_class_attribute_parts_no_classes() -> None:
    tree = Tree('<p class="post\nauthor">a</p><p class="other">b</p>')
    assert find_marked(tree).promises == {"post\nauthor": AUTHOR}


def test_breadcrumb_is_known_by_its_id_too() -> None:
    tree = Tree('<ol id="breadCrumb"><li>A</li></ol><ol id="crumbs" class="crumbs"><li>B</li></ol>')
    assert [tree.text(number) for number in find_marked(tree).breadcrumbs] == ["A", "B"]
