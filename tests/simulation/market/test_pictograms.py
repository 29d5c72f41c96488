"""What goods are drawn as: every kind has a pictogram, and every pictogram is a row of shapes that can be drawn."""

from sundry.engines.searching.lexicon import lexicon
from sundry.goods.catalogue import categories
from sundry.simulation.market import pictograms

NUMBERS = {"O": 4, "R": 5, "A": 7, "S": 6}


def test_every_leaf_has_a_pictogram_and_no_other_has():
    of_leaves, of_nouns = pictograms._mapped()
    assert set(of_leaves) == {key for key in categories.tree() if not categories.children(key)}
    assert set(of_leaves.values()) | set(of_nouns.values()) == set(pictograms.pictograms())


def test_nouns_with_a_pictogram_are_in_the_lexicon_and_named_once():
    nouns = [noun for _, _, nouns, _ in pictograms._rows() for noun in nouns.split()]
    assert [noun for noun in nouns if noun not in lexicon().concepts] == []
    assert len(nouns) == len(set(nouns))


def test_a_good_is_drawn_as_its_noun_or_else_as_its_kind():
    assert pictograms.pictogram_of("cameras", "camera") == "camera"
    assert pictograms.pictogram_of("umbrellas", "whatever") == "umbrella"
    assert pictograms.pictogram_of("pet_toys", "pet_toy") == "bone"


def test_shapes_have_as_many_numbers_as_their_kind_takes():
    for name, shapes in pictograms.pictograms().items():
        for kind, part, numbers in shapes:
            assert part in "bdswg", name
            if kind in NUMBERS:
                assert len(numbers) == NUMBERS[kind], name
            elif kind == "L":
                assert len(numbers) >= 5, name
                assert len(numbers) % 2 == 1, name
            else:
                assert kind == "P", name
                assert len(numbers) >= 6, name
                assert len(numbers) % 2 == 0, name
