"""One spelling for what people write in many."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.searching.normal import normal, normal_many


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("鬧鐘", "闹钟"),
        ("檯燈 髮夾 濕紙巾", "台灯 发夹 湿纸巾"),
        ("ＬＥＤ　灯", "led 灯"),
        ("Щётка", "щетка"),
        ("йод", "йод"),
        ("مِظَلَّة", "مظله"),
        ("إبرة ـ أكـــواب", "ابره اكواب"),
        ("غطاء", "غطا"),
        ("٥ علب", "5 علب"),
        ("Éventail d’été", "eventail d'ete"),
        ("œillet Straße muñeca", "oeillet strasse muneca"),
        ("e\u0301tui", "etui"),
        ("dés à jouer", "dee a jouer"),
        ("  a\x00b\u200bc\u202e \t d ", "a bc d"),
        ("", ""),
    ],
)
def test_one_spelling(written: str, compared: str) -> None:
    assert normal(written) == compared


@given(st.text())
def test_any_text_has_a_normal_form_without_odd_spaces(text: str) -> None:
    assert normal(text) == " ".join(normal(text).split())


@given(
    st.lists(st.text(st.sampled_from("aÉéd s`´İΣς\u0301\u1680\u2028\u00a0 \t\n\x00鬧ＬёأةA'à"), max_size=8), max_size=4)
)
def test_many_texts_are_made_normal_as_each_alone(texts: list[str]) -> None:
    assert normal_many(texts) == [normal(text) for text in texts]


def test_many_titles_of_the_market_are_made_normal_as_each_alone() -> None:
    texts = ["Dés à jouer, rouge", "des à coudre", "  鬧鐘  ", "", "إبرة", "LED Ｌamp", "girl`s cup", "Щётка"]
    assert normal_many(texts) == [normal(text) for text in texts]
