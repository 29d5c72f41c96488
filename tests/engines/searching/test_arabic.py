"""Arabic: what goes by rule, and what is only a guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.searching.arabic import arabic_root, arabic_singulars, arabic_stem, arabic_variants
from sundry.engines.searching.normal import normal


@pytest.mark.parametrize(
    ("word", "stem"),
    [
        ("المظلات", "مظل"),
        ("وللمظلة", "وللمظل"),
        ("بالمظلة", "مظل"),
        ("بالونات", "بالون"),
        ("الألعاب", "عاب"),
        ("ألعاب", "عاب"),
        ("السلة", "سله"),
        ("الفن", "فن"),
        ("ورق", "ورق"),
    ],
)
def test_what_goes_by_rule(word: str, stem: str) -> None:
    assert arabic_stem(normal(word)) == stem


@pytest.mark.parametrize(
    ("plural", "singular"),
    [
        ("مفاتيح", "مفتاح"),
        ("أكواب", "كوب"),
        ("أكياس", "كيس"),
        ("أقلام", "قلم"),
        ("ملاعق", "ملعقة"),
        ("حقائب", "حقيبة"),
        ("ستائر", "ستارة"),
        ("خواتم", "خاتم"),
        ("قمصان", "قميص"),
        ("علب", "علبة"),
        ("كؤوس", "كأس"),
        ("أحذية", "حذاء"),
        ("أحزمة", "حزام"),
        ("صناديق", "صندوق"),
        ("سلات", "سلة"),
    ],
)
def test_a_plural_knows_its_singular(plural: str, singular: str) -> None:
    wanted = arabic_stem(normal(singular))
    assert wanted == arabic_stem(normal(plural)) or wanted in arabic_variants(normal(plural))


def test_only_long_shapes_are_likely_to_be_plurals() -> None:
    assert "ملعق" in arabic_singulars(normal("ملاعق"))
    assert "قناع" in arabic_singulars(normal("الأقنعة"))
    assert arabic_singulars(normal("سترات")) == ()  # jackets are no curtains
    assert arabic_singulars("led") == ()


def test_words_of_one_letter_are_taken_off_only_as_a_guess() -> None:
    assert arabic_stem(normal("وكوب")) == "وكوب"
    assert "كوب" in arabic_variants(normal("وكوب"))
    assert "كوب" in arabic_variants(normal("لكوب"))


def test_an_adjective_has_the_root_of_its_noun() -> None:
    assert arabic_root(arabic_stem(normal("الخشبية"))) == arabic_root(normal("خشب"))


@given(st.text(alphabet="اوبلكفيتهنمسعر", max_size=12))
def test_no_guess_is_empty_or_the_stem_itself(word: str) -> None:
    assert all(len(guess) > 1 and guess != arabic_stem(word) for guess in arabic_variants(word))
    assert arabic_stem(word) or not word
