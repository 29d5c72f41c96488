"""A name for goods that nobody named in a language."""

from __future__ import annotations

from searching.our_readers import TAGGER

from sundry.engines.searching.lexicon import LANGUAGES, lexicon
from sundry.engines.searching.naming import BESIDES_MAX, name_in


def test_what_is_sold_stands_first_then_what_it_is_like() -> None:
    assert name_in("en", ("pink", "mug", "ceramic"), lexicon()) == "Mug · pink · ceramic"
    assert name_in("es", ("mug", "pink", "ceramic"), lexicon()).split(" · ")[1] == "rosa"


def test_without_a_noun_there_is_no_name() -> None:
    assert name_in("en", ("pink", "ceramic"), lexicon()) == ""
    assert name_in("en", (), lexicon()) == ""
    assert name_in("en", ("no such concept",), lexicon()) == ""


def test_a_wider_word_and_what_is_said_of_all_goods_are_left_out() -> None:
    wider = min(lexicon().wider("frying_pan"))
    assert name_in("en", ("frying_pan", wider, "wholesale", "pink"), lexicon()) == "Frying pan · pink"


def test_a_list_of_everything_that_sells_is_cut() -> None:
    title = "粉色陶瓷马克杯可爱卡通防滑便携儿童圣诞节生日迷你圆形"
    name = name_in("en", TAGGER.tag(title, "zh").concepts, lexicon())
    assert name.startswith("Mug · ")
    assert len(name.split(" · ")) == 1 + BESIDES_MAX


def test_a_name_is_of_its_language_alone() -> None:
    concepts = TAGGER.tag("粉色陶瓷马克杯", "zh").concepts
    names = {language: name_in(language, concepts, lexicon()) for language in LANGUAGES}
    assert len(set(names.values())) == len(LANGUAGES)
    assert all(character > "\u0600" for character in names["ar"] if character not in " ·")


def test_a_second_noun_is_told_only_beside_one_that_says_nothing_without_it() -> None:
    assert name_in("en", ("neck_warmer", "bandana", "cashmere"), lexicon()) == "Neck warmer · cashmere"
    assert name_in("en", ("cover_case", "tablet_pc", "pink"), lexicon()) == "Cover · tablet · pink"
    assert name_in("en", ("comb", "beard_comb"), lexicon()) == "Comb"


def test_short_forms_are_written_large() -> None:
    assert name_in("en", ("headband", "pvc"), lexicon()) == "Headband · PVC"
    assert name_in("ru", ("mug", "pvc"), lexicon()) == "Кружка · ПВХ"


def test_a_set_of_pieces_is_what_the_pieces_are() -> None:
    for title in ("迷宫6件套", "透明铜脚趾戒指2件套", "大号相机6个装"):
        assert "cover_case" not in TAGGER.tag(title, "zh").concepts
    assert name_in("en", TAGGER.tag("热卖室内不锈钢灯笼3件套", "zh").concepts, lexicon()).startswith("Lantern")
