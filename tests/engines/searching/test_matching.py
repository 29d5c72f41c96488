"""The longest names that cover most of a text."""

from __future__ import annotations

import pytest

from sundry.engines.searching.lexicon import Lexicon, parse
from sundry.engines.searching.matching import Phrases, words_of
from sundry.engines.searching.normal import normal

ROWS = """\
toothbrush;noun;牙刷;toothbrush;فرشاة أسنان;cepillo de dientes;brosse à dents;зубная щётка;
cup;noun;杯|水杯;cup;كوب;vaso|copa;gobelet|verre;стакан;
toothbrush_cup;noun;牙刷杯;toothbrush cup;كوب فرشاة الأسنان;vaso para cepillo de dientes;gobelet;стакан для щёток;cup
glue;noun;胶水;glue;غراء;pegamento;colle;клей;
silicone;material;硅胶;silicone;سيليكون;silicona;silicone;силикон;
flask;noun;保温杯;flask;ترمس;termo;thermos;термос;
insulated;style;保温;insulated;حافظ للحرارة;térmico;isotherme;термо;
lid;noun;杯盖|盖;lid;غطاء;tapa;couvercle;крышка;
bag;noun;包;bag;حقيبة;bolso|bolsa;sac;сумка;
tee;noun;T恤;t-shirt;تيشيرت;camiseta;tee-shirt;футболка;
keychain;noun;钥匙扣;key chain;ميدالية مفاتيح;llavero;porte-clés;брелок;
red;colour;红;red;أحمر;rojo;rouge;красный;
wine_glass;noun;酒杯;wine glass;كأس نبيذ;copa;verre à vin;бокал;
""".replace(";", "\t")


@pytest.fixture(scope="module")
def rows() -> Lexicon:
    return parse(ROWS)


@pytest.mark.parametrize(
    ("language", "text", "named"),
    [
        ("es", "vasos para cepillos de dientes", ["toothbrush_cup"]),
        ("es", "vaso, cepillo de dientes", ["cup", "toothbrush"]),
        ("en", "toothbrush cups", ["toothbrush_cup"]),
        ("en", "cup for toothbrushes", ["toothbrush_cup"]),
        ("en", "red keychains", ["red", "keychain"]),
        ("en", "key-chain", ["keychain"]),
        ("en", "tshirt t shirts", ["tee", "tee"]),
        ("en", "tooth brush", ["toothbrush"]),
        ("fr", "porteclés", ["keychain"]),
        ("ru", "стаканы для щёток красные", ["toothbrush_cup", "red"]),
        ("ar", "أكواب فرشاة الأسنان", ["toothbrush_cup"]),
        ("ar", "حقائب", ["bag"]),
        ("en", "of the", []),
    ],
)
def test_names_in_words(rows: Lexicon, language: str, text: str, named: list[str]) -> None:
    reader = Phrases(rows, language)  # type: ignore[arg-type]
    words = reader.read(normal(text))
    assert ["|".join(each.keys) for each in reader.find(words)] == named


def test_a_form_of_several_concepts_names_all_the_likeliest_first(rows: Lexicon) -> None:
    reader = Phrases(rows, "es")
    assert reader.find(words_of("copa", "es"))[0].keys == ("wine_glass", "cup")


def test_words_of_two_genders_stay_two_where_both_are_known(rows: Lexicon) -> None:
    more = parse(ROWS + "sack\tnoun\t袋\tsack\tكيس\tbolsa\tsachet\tмешок\t\n")
    reader = Phrases(more, "es")
    assert reader.find(words_of("bolso", "es"))[0].keys == ("bag",)
    assert reader.find(words_of("bolsa", "es"))[0].keys == ("sack", "bag")


def test_a_word_knows_what_stood_before_it() -> None:
    cup, lid, straw = words_of("cup with a lid, straw", "en")
    assert (cup.linked, cup.breaks) == (False, False)
    assert (lid.linked, lid.breaks) == (True, False)
    assert (straw.linked, straw.breaks) == (False, True)
