"""A name in each language, as its traders put words in a row."""

import pytest

from sundry.engines.searching.lexicon import lexicon
from sundry.goods.catalogue.rules import LANGUAGES
from sundry.simulation.market.kinds import Noun
from sundry.simulation.market.naming import Said, named

WORDS = lexicon().concepts


def said(**more):
    noun = Noun("toothbrush_cup", WORDS["toothbrush_cup"].forms, 1)
    return Said(noun, 0, **more)


ALL = {
    "material": WORDS["plastic"].forms,
    "colour": WORDS["pink"].forms,
    "traits": (WORDS["mini"].forms,),
    "specification": (1, 3),
}


def test_chinese_puts_everything_before_the_noun():
    assert named(said(**ALL, trade_word="新款"), "zh") == "新款迷你粉色塑料牙刷杯3件套"


def test_english_puts_most_of_it_there():
    assert named(said(**ALL), "en") == "Mini pink plastic toothbrush cup, set of 3"
    for_whom = said(traits=(WORDS["for_children"].forms,))
    assert named(for_whom, "en") == "Toothbrush cup, for children"


@pytest.mark.parametrize(
    ("language", "behind"),
    [
        ("ar", " من بلاستيك، لون وردي، صغير، طقم 3 قطع"),
        ("es", " de plástico, color rosa, mini, juego de 3"),
        ("fr", " en plastique, couleur rose, mini, lot de 3"),
        ("ru", ", пластик, цвет розовый, мини, набор из 3 шт."),
    ],
)
def test_the_others_put_it_behind_and_need_no_agreement(language, behind):
    noun = WORDS["toothbrush_cup"].forms[language][0]
    assert named(said(**ALL), language) == noun[:1].upper() + noun[1:] + behind


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bare_noun_is_a_name_too_and_a_brand_stands_in_it(language):
    assert named(said(), language).casefold() == WORDS["toothbrush_cup"].forms[language][0].casefold()
    assert "Heyue" in named(said(brand="Heyue", **ALL), language)


def test_chinese_uses_all_forms_of_a_noun():
    forms = WORDS["toothbrush_cup"].forms["zh"]
    noun = Noun("toothbrush_cup", WORDS["toothbrush_cup"].forms, 1)
    assert {named(Said(noun, form), "zh") for form in range(20)} == set(forms)
