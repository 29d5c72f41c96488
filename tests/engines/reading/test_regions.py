"""Places are named with their codes, and the words for the town itself are resolved by the town."""

from __future__ import annotations

import pytest

from sundry.engines.reading.lexer import lex
from sundry.engines.reading.model import Region
from sundry.engines.reading.regions import _data, match, name_of

HOME = Region("330683", "嵊州市")


@pytest.mark.parametrize(
    ("text", "words", "code", "is_among"),
    [
        ("全市出口", "全市", "330683", False),
        ("嵊州茶叶", "嵊州", "330683", False),
        ("嵊州市茶叶", "嵊州市", "330683", False),
        ("全省", "全省", "330000", False),
        ("绍兴县（市、区）第", "绍兴县（市、区）", "330600", True),
        ("全国县（市、区）", "全国县（市、区）", "CN", True),
        ("浙江省", "浙江省", "330000", False),
        ("宁波港", "宁波", "330200", False),
        ("广东", "广东", "440000", False),
        ("越南", "越南", "VN", False),
        ("全球", "全球", "", False),
        ("江山市", "江山市", "330881", False),
        ("西湖区", "西湖区", "330106", False),
    ],
)
def test_a_place_and_its_code(text: str, words: str, code: str, is_among: bool) -> None:
    found = match(text, 0, HOME)
    assert found is not None
    assert (text[: found.end], found.region.code, found.is_among) == (words, code, is_among)


@pytest.mark.parametrize("text", ["江山如画", "西湖龙井", "临海而居", "平湖秋月", "你好", ""])
def test_everyday_words_are_no_places(text: str) -> None:
    assert match(text, 0, HOME) is None


def test_a_town_that_is_not_in_the_list_is_known_by_its_name() -> None:
    home = Region("339999", "云岭市")
    found = match("云岭出口", 0, home)
    assert found is not None
    assert (found.end, found.region) == (2, home)


def test_what_the_home_lies_in_comes_with_it() -> None:
    home = Region("990182", "云岭市", parents=(Region("990100", "霜江市"), Region("990000", "远山省")))
    for text, words, code, name, is_among in (
        ("霜江市出口", "霜江市", "990100", "霜江市", False),
        ("霜江各县（市、区）第二", "霜江各县（市、区）", "990100", "霜江市", True),
        ("远山省", "远山省", "990000", "远山省", False),
        ("全省", "全省", "990000", "远山省", False),
    ):
        found = match(text, 0, home)
        assert found is not None
        assert (text[: found.end], found.region.code, found.region.name) == (words, code, name)
        assert found.is_among == is_among
    assert match("霜江市", 0, HOME) is None
    (place,) = (token for token in lex("高于霜江市", 0, 5, issued=None, home=home) if token.region is not None)
    assert place.region == Region("990100", "霜江市")


def test_without_a_home_its_words_have_no_code() -> None:
    found = match("我市", 0, None)
    assert found is not None
    assert found.region.code == ""


def test_the_province_has_eleven_prefectures_and_ninety_counties() -> None:
    codes = [code for code in _data()[0] if code.startswith("33")]
    prefectures = [code for code in codes if code.endswith("00") and not code.endswith("0000")]
    counties = [code for code in codes if not code.endswith("00")]
    assert (len(prefectures), len(counties)) == (11, 90)
    assert all(code[:4] + "00" in prefectures for code in counties)
    assert name_of("330683") == "嵊州市"
    assert name_of("999999") == ""


@pytest.mark.parametrize(
    ("word", "home", "code"),
    [("全市", "330782义乌市", "330782"), ("全市", "330726浦江县", "330700"), ("全县", "330726浦江县", "330726"),
     ("全区", "330106西湖区", "330106"), ("全区", "450300桂林市", "450000"), ("全市", "450300桂林市", "450300")],
)  # fmt: skip
def test_whose_all_is(word: str, home: str, code: str) -> None:
    found = match(word, 0, Region(home[:6], home[6:]))
    assert found is not None
    assert found.region.code == code
