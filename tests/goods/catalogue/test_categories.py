"""The tree is whole, speaks six languages, and finds the shelf of every noun of the lexicon."""

import re

import pytest

from sundry.engines.searching.lexicon import Kind, lexicon
from sundry.goods.catalogue import categories
from sundry.goods.catalogue.rules import LANGUAGES

TREE = categories.tree()
LEAVES = [key for key in TREE if not categories.children(key)]


def test_it_is_a_tree_of_a_market_and_not_of_a_library():
    assert 20 <= len(categories.children()) <= 30
    assert 220 <= len(LEAVES) <= 320
    assert all(len(categories.path(key)) == 2 for key in LEAVES)


def test_every_parent_stands_before_its_children():
    seen = {""}
    for category in TREE.values():
        assert category.parent in seen, category.key
        seen.add(category.key)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_has_a_name_of_its_own(language):
    names = [category.names[language] for category in TREE.values()]
    assert all(name == name.strip() != "" for name in names)
    assert len(set(names)) == len(names)


def test_the_customs_hint_is_a_chapter_or_a_heading():
    for category in TREE.values():
        assert re.fullmatch(r"\d{2}|\d{4}", category.hs), category.key
        assert 1 <= int(category.hs[:2]) <= 97


def test_keys_fit_the_column_and_an_address():
    assert all(len(key) <= 60 and key.replace("_", "").isalpha() and key.islower() for key in TREE)


def test_path_name_and_children_agree():
    assert categories.path("mugs_cups") == ("tableware", "mugs_cups")
    assert "mugs_cups" in categories.children("tableware")
    assert categories.name("mugs_cups", "zh") == "杯子"
    assert categories.name("mugs_cups", "de") == categories.name("mugs_cups", "en") == "Cups and mugs"
    assert categories.path("nothing") == () == categories.children("nothing")
    with pytest.raises(KeyError):
        categories.name("nothing", "en")


def test_each_concept_of_a_category_is_a_noun_and_stands_in_one_only():
    told = [concept for _, concepts in categories._rows() for concept in concepts]
    assert len(set(told)) == len(told)
    known = lexicon().concepts
    assert [key for key in told if key not in known or known[key].kind is not Kind.NOUN] == []


def test_nearly_every_noun_of_the_lexicon_has_a_category():
    nouns = [key for key, concept in lexicon().concepts.items() if concept.kind is Kind.NOUN]
    without = [key for key in nouns if not categories.guess((key,))]
    assert len(without) <= 0.01 * len(nouns), without
    leaves = set(LEAVES)
    assert sum(categories.guess((key,)) in leaves for key in nouns) >= 0.97 * len(nouns)


@pytest.mark.parametrize(
    ("concept", "category"),
    [
        ("toothbrush_cup", "bathroom_accessories"),
        ("frying_pan", "pots_pans"),
        ("teddy_bear", "plush_toys"),
        ("hoop_earring", "earrings"),
        ("type_c_cable", "chargers_cables"),
        ("toy", "toys"),
    ],
)
def test_the_nearest_wider_concept_decides(concept, category):
    assert categories.guess((concept,)) == category


def test_the_head_noun_goes_before_the_rest_and_what_is_unknown_is_passed_over():
    assert categories.guess(("nothing", "pink", "teddy_bear", "frying_pan")) == "plush_toys"
    assert categories.guess(("pink",)) == "" == categories.guess(())
