"""The dictionary, and finding its names in running text."""

from __future__ import annotations

import re
from importlib import resources

import pytest
import yaml

from sundry.engines.reading.indicators import LANGUAGES, UNITS, called, dictionary, find, makers, names_in, of_name
from sundry.engines.reading.model import Basis


def keys(text: str) -> list[str]:
    return [one.indicator.key for one in find(text)]


def test_there_are_about_two_hundred_and_each_says_all_it_must() -> None:
    known = dictionary()
    assert len(known) >= 150
    for one in known.values():
        assert one.zh
        assert one.en
        assert one.unit in UNITS
        assert all(part in known for part in one.parts)


def test_no_key_stands_twice_in_the_file() -> None:
    text = resources.files("sundry.engines.reading").joinpath("indicators.yaml").read_text("utf-8")
    written = [line.split(":")[0] for line in text.splitlines() if line and line[0] not in "# "]
    assert len(written) == len(set(written)) == len(yaml.safe_load(text))


def test_no_name_belongs_to_two() -> None:
    names: dict[str, str] = {}
    for one in dictionary().values():
        for name in {one.zh, *one.aliases, *one.loose}:
            assert names.setdefault(name, one.key) == one.key, name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("规上工业增加值增长", ["va_industry_scale"]),  # longest first: not the industry of all
        ("工业增加值增长", ["va_industry"]),
        ("限上社零额和社零总额", ["retail_scale", "retail_sales"]),
        ("规上服务业企业（不含金融业）营业收入", ["services_revenue_scale"]),
        ("高技术产业（制造业）增加值", ["va_hightech"]),
        ("交通运输、仓储和邮政业增加值", ["va_transport"]),
        ("全 社 会 用 电 量", ["electricity"]),  # spaces of the print
        ("天气晴好", []),
    ],
)
def test_the_longest_name_wins(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


def test_places_are_those_of_the_text_given() -> None:
    text = "我县高技术产业（制造业）增加值"
    (mention,) = find(text)
    assert text[mention.start : mention.end] == "高技术产业（制造业）增加值"


def test_a_bracket_with_a_number_is_no_part_of_a_name() -> None:
    assert keys("出口（12亿元）额") == ["exports"]


@pytest.mark.parametrize(
    ("key", "unit", "is_taken"),
    [
        ("exports", "亿元", True), ("exports", "万美元", True), ("exports", "家", False),
        ("tourists", "万人次", True), ("tourists", "亿元", False),
        ("hightech_firms", "家", True), ("pigs_out", "万头", True), ("electricity", "亿千瓦时", True),
        ("urban_rate", "%", True), ("population", "万人", True), ("population", "亩", False),
    ],
)  # fmt: skip
def test_a_level_is_counted_in_units_of_its_class(key: str, unit: str, is_taken: bool) -> None:
    assert dictionary()[key].takes(unit) is is_taken


def test_growth_is_real_for_value_added_and_nominal_for_other_money() -> None:
    known = dictionary()
    assert {known[key].basis for key in ("gdp", "va_industry_scale", "va_services")} == {Basis.REAL}
    assert {known[key].basis for key in ("exports", "investment", "retail_sales", "fiscal_revenue")} == {Basis.NOMINAL}
    assert known["pigs_out"].basis is None


def test_a_short_form_is_shown_in_full_and_a_narrower_word_as_printed() -> None:
    assert find("生猪出栏")[0].shown == "生猪出栏量"
    assert find("春茶产量")[0].shown == "春茶产量"


def test_a_plain_word_is_marked_loose() -> None:
    assert find("总产量")[0].is_loose
    assert not find("粮食总产量")[0].is_loose


def test_of_name_wants_the_end_of_the_words() -> None:
    found = of_name("全市规上工业增加值")
    assert found is not None
    assert found.key == "va_industry_scale"
    assert of_name("规上工业增加值的增长") is None
    assert {one.key for one in makers()} >= {"fair_exhibitors", "participants"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_indicator_has_a_name_of_its_own_in_each_language(language: str) -> None:
    names = names_in(language)
    assert list(names) == list(dictionary())
    assert all(name.strip() == name and name for name in names.values())
    twice = {name for name in names.values() if list(names.values()).count(name) > 1}
    assert twice == set()
    script = {"zh": r"[\u4e00-\u9fff]", "ar": r"[\u0600-\u06ff]", "ru": r"[\u0400-\u04ff]"}.get(language, "[A-Za-z]")
    assert [name for name in names.values() if not re.search(script, name)] == []


@pytest.mark.parametrize(
    "name", ["exports", "外贸出口额", "出口额", "Exports", *(names_in(x)["exports"] for x in LANGUAGES)]
)
def test_an_indicator_is_called_in_any_language(name: str) -> None:
    found = called(name.upper())
    assert found is not None
    assert found.key == "exports"
    assert called("exports of nothing") is None
