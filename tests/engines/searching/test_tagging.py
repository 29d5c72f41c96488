"""What a title says is sold."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from searching.our_readers import TAGGER

from sundry.engines.searching.lexicon import LANGUAGES, Language, lexicon
from sundry.engines.searching.normal import normal
from sundry.engines.searching.tagging import readers_of


@pytest.mark.parametrize(
    ("title", "head"),
    [
        ("厂家直销卡通陶瓷马克杯 带盖勺", "mug"),
        ("义乌 小商品 玩具 泡泡机", "bubble_toy"),
        ("牙刷杯（带盖）套装", "toothbrush_cup"),
        ("手机壳适用苹果15", "phone_case"),
        ("泡泡机玩具", "bubble_toy"),
        ("厂家直销 陶瓷马克杯 创意礼品 logo定制", "mug"),
        ("圣诞节礼品盒 包装", "gift_box"),
        ("网红马克杯 包邮", "mug"),
        ("带灯发箍", "headband"),
        ("保温杯带杯套", "vacuum_flask"),
        ("T恤 女 纯棉", "t_shirt"),
        ("儿童雨伞长柄伞", "kids_umbrella"),
        ("鬧鐘 學生用", "alarm_clock"),
        ("usb lamp", "usb_lamp"),
        ("批发 现货", None),
        ("红色", None),
        ("", None),
    ],
)
def test_the_head_of_a_chinese_title(title: str, head: str | None) -> None:
    assert TAGGER.tag(title, "zh").head == head


@pytest.mark.parametrize(
    ("language", "title", "head"),
    [
        ("en", "Toothbrush cup, pink, with lid", "toothbrush_cup"),
        ("en", "Cup for toothbrushes", "toothbrush_cup"),
        ("en", "bubble machine toy", "bubble_toy"),
        ("es", "vaso para cepillos de dientes", "toothbrush_cup"),
        ("es", "Paraguas plegable, rojo", "umbrella"),
        ("fr", "parapluie pliant pour enfants", "umbrella"),
        ("ru", "детский складной зонт, синий", "umbrella"),
        ("ar", "مظلة، أحمر", "umbrella"),
        ("es", "牙刷杯 卡通", "toothbrush_cup"),
    ],
)
def test_the_head_of_a_title_in_words(language: Language, title: str, head: str) -> None:
    assert TAGGER.tag(title, language).head == head


def test_a_form_inside_a_longer_one_is_not_named() -> None:
    assert TAGGER.tag("牙刷杯", "zh").concepts == ("toothbrush_cup",)
    assert TAGGER.tag("手机壳", "zh").concepts == ("phone_case",)


def test_all_concepts_are_told_the_head_first() -> None:
    assert TAGGER.tag("粉色陶瓷马克杯带勺子", "zh").concepts == ("mug", "pink", "ceramic", "spoon")


def test_many_titles_are_tagged_like_one() -> None:
    drawn = random.Random("many titles")
    names = list(readers_of(lexicon()).characters.forms)
    signs = ("", "", "", " ", "带", "适用", "的", "a", "，", "usb", " x28")
    titles = ["", "粉色马克杯", "pink mug", "кружка"]
    titles += [
        "".join(drawn.choice(names) + drawn.choice(signs) for _ in range(drawn.randint(1, 4))) for _ in range(3_000)
    ]
    plain = [normal(title) for title in titles]
    assert TAGGER.tag_many(plain, "zh") == [TAGGER.tag(title, "zh") for title in titles]


@given(st.text(), st.sampled_from(LANGUAGES))
def test_any_text_is_tagged_and_the_head_is_among_the_concepts(title: str, language: Language) -> None:
    tagged = TAGGER.tag(title, language)
    assert tagged.concepts[: len(tagged.heads)] == tagged.heads
    assert tagged.head in (*tagged.concepts, None)


def test_a_first_phrase_that_may_be_what_it_is_made_of_gives_way() -> None:
    assert "bracelet" in TAGGER.tag("石头 手链", "zh").heads
    assert TAGGER.tag("石头", "zh").head == "rock_stone_decor"
    assert TAGGER.tag("手链 石头", "zh").head == "bracelet"
