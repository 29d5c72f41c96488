"""Words of one thing have one stem; words of two things, where a buyer means two, have two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.searching.lexicon import LANGUAGES, Language
from sundry.engines.searching.normal import normal
from sundry.engines.searching.stemming import root, singulars, stem, variants

ONE: list[tuple[Language, str]] = [
    ("en", "cup cups"),
    ("en", "knife knives"),
    ("en", "glove gloves"),
    ("en", "box boxes"),
    ("en", "glass glasses"),
    ("en", "lens lenses"),
    ("en", "beanie beanies"),
    ("en", "tie ties"),
    ("en", "toothbrush toothbrushes"),
    ("en", "jewelry jewellery"),
    ("en", "canvas canvases"),
    ("en", "child children"),
    ("es", "cojín cojines"),
    ("es", "estuche estuches"),
    ("es", "lápiz lápices"),
    ("es", "dulce dulces"),
    ("es", "cepillo cepillos"),
    ("es", "base bases"),
    ("es", "reloj relojes"),
    ("fr", "couteau couteaux"),
    ("fr", "bocal bocaux"),
    ("fr", "tuyau tuyaux"),
    ("fr", "brosse brosses"),
    ("ru", "щётка щётки щёткой щёток щётках"),
    ("ru", "кружка кружки кружек кружку"),
    ("ru", "носок носки носков"),
    ("ru", "ремень ремни ремнями"),
    ("ru", "ножницы ножниц ножницами"),
    ("ru", "украшение украшения украшений украшениями"),
    ("ru", "кошелёк кошельки кошельков"),
    ("ru", "зубная зубной зубных зубную"),
    ("ar", "مظلة المظلة مظلات المظلات للمظلات"),
    ("ar", "بالون بالونات البالونات"),
    ("ar", "ألعاب الألعاب"),
    ("ar", "سلة السلة والسلة"),
]


@pytest.mark.parametrize(("language", "forms"), ONE, ids=[forms.split()[0] for _, forms in ONE])
def test_forms_of_a_word_have_one_stem(language: Language, forms: str) -> None:
    assert len({stem(normal(form), language) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("es", "bolso", "bolsa"),  # handbag, bag
        ("es", "gorro", "gorra"),  # beanie, cap
        ("es", "plato", "plata"),  # plate, silver
        ("es", "bote", "bota"),  # tin, boot
        ("en", "kite", "kit"),
        ("en", "capes", "caps"),
        ("fr", "bouche", "bouchon"),
        ("ru", "нос", "носок"),
        ("ar", "ورق", "رق"),
        ("ar", "ولاعة", "لاعة"),
    ],
)
def test_two_things_have_two_stems(language: Language, one: str, other: str) -> None:
    assert stem(normal(one), language) != stem(normal(other), language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "knitted", "knitting"),
        ("es", "plástico", "plástica"),
        ("fr", "métallique", "métal"),
        ("ru", "зубная", "зуб"),
        ("ru", "чехол", "чехлы"),
        ("ru", "сумочка", "сумка"),
        ("ar", "خشبي", "خشب"),
    ],
)
def test_what_is_made_of_a_word_has_its_root(language: Language, one: str, other: str) -> None:
    assert root(stem(normal(one), language), language) == root(stem(normal(other), language), language)


@given(st.text(), st.sampled_from(LANGUAGES))
def test_any_word_has_a_stem_and_what_holds_a_digit_is_its_own(word: str, language: Language) -> None:
    plain = normal(word)
    assert bool(stem(plain, language)) == bool(plain)
    assert root(stem(plain, language), language) or not plain
    assert stem("x3" + plain, language) == "x3" + plain
    assert language == "ar" or (singulars(plain, language), variants(plain, language)) == ((), ())
