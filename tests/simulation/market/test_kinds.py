"""The kinds of goods: every leaf of the tree, with figures that can be, and words that the lexicon has."""

import csv
import re
from pathlib import Path

import pytest

from sundry.engines.searching.lexicon import Kind, lexicon
from sundry.goods.catalogue import categories
from sundry.goods.catalogue.checks import UNITS
from sundry.goods.catalogue.rules import LANGUAGES
from sundry.simulation.market import kinds, words

ALL = [kind for of in kinds.kinds().values() for kind in of]
CODES = Path(__file__).resolve().parents[4] / "shared" / "data" / "hs" / "harmonized-system.csv"


def test_every_leaf_is_a_kind_once():
    leaves = [key for key in categories.tree() if not categories.children(key)]
    assert sorted(kind.leaf for kind in ALL) == sorted(leaves)


def test_every_trade_has_a_share_and_is_a_widest_category():
    assert set(words.TRADES) == set(categories.children())
    assert all(share >= 1 for share in words.TRADES.values())


def test_figures_can_be():
    for kind in ALL:
        assert 1 <= kind.weight_g <= 5_000, kind.leaf
        assert 50 <= kind.density_kg_m3 <= 1_300, kind.leaf
        assert 10 <= kind.price_minor <= 20_000, kind.leaf
        assert kind.unit in UNITS
        assert re.fullmatch(r"\d{6}", kind.hs), kind.leaf
        assert all(0.6 < noun.factor < 1.6 for noun in kind.nouns)


def test_the_codes_are_in_the_nomenclature():
    if not CODES.exists():
        pytest.skip("the nomenclature is not at hand")
    with CODES.open(encoding="utf-8-sig", newline="") as file:
        known = {row["hscode"] for row in csv.DictReader(file)}
    assert [kind.leaf for kind in ALL if kind.hs not in known] == []


def test_materials_and_traits_are_what_the_lexicon_calls_so():
    known = lexicon().concepts
    materials = [key for group in words.MATERIALS.values() for key in group.split()]
    traits = [key for group in words.TRAITS.values() for key in group.split()]
    assert [key for key in materials if key not in known or known[key].kind is not Kind.MATERIAL] == []
    assert [key for key in traits if key not in known or known[key].kind in (Kind.NOUN, Kind.MATERIAL)] == []
    assert [key for key in words.COLOURS if key not in known or known[key].kind is not Kind.COLOUR] == []


def test_own_words_are_there_in_every_language():
    assert all(len(texts) == len(LANGUAGES) for _, texts in words.SPECIFICATIONS)
    assert set(words.HALL_NAMES) == set(LANGUAGES)
    assert set(words.COLOUR_WORD) == set(LANGUAGES) - {"zh", "en"}
    assert len({latin for _, latin in words.SHOPS}) == len(words.SHOPS) == len({zh for zh, _ in words.SHOPS})


def test_what_is_said_of_a_good_fits_it():
    by_noun = {noun.concept: noun for kind in ALL for noun in kind.nouns}
    umbrella = by_noun["umbrella"]
    assert {forms["en"][0] for forms in umbrella.materials} == {"polyester", "nylon"}
    assert "breathable" not in {trait.forms["en"][0] for trait in umbrella.traits}
    assert by_noun["paper_plate"].materials == ()  # its name says what it is of
    camera = by_noun["kids_camera"]
    assert not any(trait.forms["en"][0].startswith("for ") for trait in camera.traits)


def test_categories_of_the_tables_are_in_the_tree():
    tables = words.MEASURED | words.IN_SETS | words.UNCOLOURED
    assert sorted(tables - set(categories.tree())) == []


def test_what_is_transparent_can_be_seen_through():
    transparent = words.COLOURS.index("transparent")
    by_leaf = {kind.leaf: kind for kind in ALL}
    assert transparent in by_leaf["glassware"].colours
    assert transparent not in by_leaf["socks"].colours
    assert by_leaf["batteries"].colours == frozenset()


def test_traits_of_a_sort_are_in_one_sort_only():
    traits = [trait for sort in words.SORTS for trait in sort]
    assert len(traits) == len(set(traits))
    assert [trait for trait in traits if trait not in lexicon().concepts] == []
