"""The view has a character for each of the page, and the same page in other spellings has the same view."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sundry.engines.reading.view import view_of

PAGE = st.text(
    st.one_of(st.characters(), st.sampled_from(list("，。,.:;?!()\"' \n\r%％０１５ab東东後「」年月日亿"))), max_size=60
)


@given(PAGE)
def test_every_character_has_one_in_its_place(text: str) -> None:
    assert len(view_of(text)) == len(text)


@given(PAGE)
def test_the_view_of_a_view_is_the_same(text: str) -> None:
    assert view_of(view_of(text)) == view_of(text)


@given(PAGE)
def test_lines_stay_lines(text: str) -> None:
    breaks = [place for place, character in enumerate(text) if character in "\r\n"]
    view = view_of(text)
    assert all(view[place] == text[place] for place in breaks)


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("５．２％，（Ａ＋Ｂ）", "5.2%，（A+B）"),
        ("全县出口1,250.5亿元,增长3.1%(按美元计).", "全县出口1,250.5亿元，增长3.1%（按美元计）。"),
        ('他说:"来吧,朋友."', "他说：“来吧，朋友。”"),
        ("會議在10:30開始;共2場", "会议在10:30开始；共2场"),
        ("Tradehub.cn, v2.1, it's", "Tradehub.cn, v2.1, it's"),
        ("「東門」『西市』", "“东门”‘西市’"),
        ("1－2月、12～13日", "1-2月、12~13日"),
        ("①㎡", "①㎡"),
        ("占了四成 .\n.茶园", "占了四成 。\n。茶园"),
        ("1. 茶园\n**2.竹林\n共有3.", "1. 茶园\n**2.竹林\n共有3。"),
        ("等等...", "等等..."),
        ("", ""),
        ("plain", "plain"),
    ],
)
def test_spellings(text: str, view: str) -> None:
    assert view_of(text) == view


def test_odd_spaces_become_plain_ones() -> None:
    assert view_of("甲\u3000乙\u00a0丙\u200b丁\u2003戊") == "甲 乙 丙 丁 戊"


def test_simplified_text_is_left_alone() -> None:
    rows = range(0xB0, 0xF8)
    # 後, 於 and 徵 stand in the set for rare names; they are the only three that the view changes.
    level = "".join(bytes((row, cell)).decode("gb2312", "ignore") for row in rows for cell in range(0xA1, 0xFF))
    assert {a for a, b in zip(level, view_of(level), strict=True) if a != b} == {"後", "於", "徵"}


def test_the_table_leads_to_simplified_characters_and_each_once() -> None:
    pairs = yaml.safe_load(files("sundry.engines.reading").joinpath("traditional.yaml").read_text("utf-8"))["pairs"]
    words = pairs.split()
    assert all(len(pair) == 2 and pair[1].encode("gb2312") for pair in words)
    assert len({pair[0] for pair in words}) == len(words) > 1500
