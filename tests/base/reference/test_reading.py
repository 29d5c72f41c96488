"""Rows of text become values; every fault is told at its cell."""

from __future__ import annotations

from datetime import date

import pytest

from sundry.base.reference import reading
from sundry.base.reference.columns import recognised
from sundry.base.reference.rules import (
    Country,
    CustomsCode,
    HsCode,
    Kind,
    Name,
    Port,
    RateDay,
    TariffLine,
)
from sundry.base.reference.sheet import Read, Sheet
from sundry.kernel.findings import Finding, Severity
from sundry.kernel.messages import LANGUAGES

DAY = date(2026, 4, 11)
TARIFF = "商品编码|商品名称|第一法定单位|第二法定单位|监管条件|检验检疫类别|申报要素|出口税率"


def read(*lines: str, **more: object) -> tuple[list[Read], list[Finding]]:
    rows = [line.split("|") for line in lines]
    columns = recognised(rows)
    assert columns is not None
    sheet = Sheet(columns, DAY, file="f", **more)  # type: ignore[arg-type]
    start = columns.header_row + 1
    found = list(reading.read(sheet, enumerate(rows[start:], start + 1)))
    return found, sheet.findings


def values(*lines: str, **more: object) -> list[object]:
    found, findings = read(*lines, **more)
    assert not findings
    return [one.value for one in found]


def rule_of(*lines: str) -> tuple[str, int, str]:
    """The one error of a file: its rule, row and column."""
    _, findings = read(*lines)
    (one,) = findings
    assert one.severity is Severity.ERROR
    assert all(one.message(language) for language in LANGUAGES)
    return one.rule, one.row, one.column


def test_a_line_of_the_chinese_tariff() -> None:
    elements = "0:品牌类型;1:出口享惠情况；2.材质"
    assert values(TARIFF, f"9503.00.21 00|动物玩具|个|千克|AB|无|{elements}|0%") == [
        TariffLine(
            "9503002100",
            "动物玩具",
            "个",
            "千克",
            "AB",
            "",
            ("品牌类型", "出口享惠情况", "材质"),
            (("出口税率", "0%"),),
        )
    ]


def test_two_units_in_one_column() -> None:
    (line,) = values("税号|品名|计量单位", "9503002100|动物玩具|个/千克")
    assert isinstance(line, TariffLine)
    assert (line.unit_1, line.unit_2, line.hs) == ("个", "千克", "950300")


def test_titles_between_the_lines_are_passed_over() -> None:
    assert len(values(TARIFF, "第九十五章 玩具|||||||", "", "9503002100|动物玩具|个|||||")) == 1


def test_a_code_that_lost_its_zero_says_so() -> None:
    assert rule_of(TARIFF, "101210010|马|头|||||") == ("reference_code_zeros_lost", 2, "A")
    _, (finding,) = read(TARIFF, "101210010|马|头|||||")
    assert "must have 10 digits" in finding.message("en")
    assert rule_of("hscode|description|level", "1|Live animals|2") == ("reference_code_zeros_lost", 2, "A")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("95030021|玩具|个|||||", ("reference_value_malformed", 2, "A")),
        ("7701100000|玩具|个|||||", ("reference_value_malformed", 2, "A")),
        ("95030021٠0|玩具|个|||||", ("reference_value_malformed", 2, "A")),
        ("|玩具|个|||||", ("reference_value_missing", 2, "A")),
        ("9503002100||个|||||", ("reference_value_missing", 2, "B")),
        ("9503002100|玩具||||||", ("reference_value_missing", 2, "C")),
        ("9503002100|=B1|个|||||", ("reference_formula", 2, "B")),
        ("9503002100|@SUM(A1)|个|||||", ("reference_formula", 2, "B")),
        ("9503002100|玩具|个||" + "A" * 61 + "|||", ("reference_value_too_long", 2, "E")),
    ],
)
def test_a_fault_is_told_at_its_cell(line: str, told: tuple[str, int, str]) -> None:
    assert rule_of(TARIFF, line) == told


def test_text_that_a_file_keeps_from_excel_is_text() -> None:
    (line,) = values(TARIFF, '="0101210010"|马|头|||||')
    assert isinstance(line, TariffLine)
    assert line.code == "0101210010"


def test_a_code_twice_names_the_first_row() -> None:
    _, (finding,) = read(TARIFF, "9503002100|a|个|||||", "9503002100|b|个|||||")
    assert (finding.rule, finding.row, finding.details["first"]) == ("reference_code_twice", 3, 2)


def test_every_fault_of_a_file_is_told() -> None:
    found, findings = read(TARIFF, "1|a|个|||||", "9503002100|a|个|||||", "2||||||||")
    assert len(found) == 1
    assert {finding.row for finding in findings} == {2, 4}


def test_codes_of_the_harmonized_system() -> None:
    lines = ("section|hscode|description|parent|level", "XX|95|Toys|TOTAL|2", "XX|9503|Toys|95|4", "|99|Other|TOTAL|2")
    assert values(*lines) == [
        HsCode("95", 2, "", "XX", "Toys"),
        HsCode("9503", 4, "95", "XX", "Toys"),
        HsCode("99", 2, "", "", "Other"),
    ]


def test_the_line_that_sums_all_goods_is_left_out_and_told() -> None:
    header = "section|hscode|description|parent|level"
    found, (finding,) = read(header, "TOTAL|TOTAL|Total of all commodities|TOTAL|5", "XX|95|Toys|TOTAL|2")
    assert len(found) == 1
    assert (finding.severity, finding.rule, finding.value) == (Severity.WARNING, "reference_row_left_out", "TOTAL")


def test_a_heading_without_its_chapter_is_a_fault() -> None:
    assert rule_of("hscode|description|level", "9503|Toys|4")[0] == "reference_parent_missing"
    assert rule_of("hscode|description|level", "77|Nothing|2")[0] == "reference_value_malformed"
    assert rule_of("hscode|description|level", "95|Toys|3") == ("reference_value_malformed", 2, "C")


def test_small_tables() -> None:
    assert values("alpha2|alpha3|numeric", "AF|AFG|4") == [Country("AF", "AFG", "004")]
    assert values("of|customs_code|code|text", "unit|035|KGM|千克") == [CustomsCode(Kind.UNIT, "035", "KGM", "千克")]
    assert values("section|name", "I|Live animals") == [Name(Kind.SECTION, "I", "en", "Live animals")]
    assert rule_of("alpha2|alpha3|numeric", "A|AFG|4") == ("reference_value_malformed", 2, "A")
    assert rule_of("currency|exponent", "CNY|4") == ("reference_value_malformed", 2, "B")
    assert rule_of("of|code|language|text", "hs|95|de|Spielzeug") == ("reference_value_malformed", 2, "C")


def test_rows_of_our_own_set_say_their_source_and_their_day() -> None:
    (one,), findings = read("rec20|symbol|source|confidence|valid_from", "KGM|kg|Rec 20|M|2014-07-01")
    assert not findings
    assert (one.source, one.confidence, one.valid_from) == ("Rec 20", "M", date(2014, 7, 1))
    assert rule_of("rec20|symbol|confidence", "KGM|kg|sure")[0] == "reference_value_malformed"
    assert rule_of("rec20|symbol|valid_from", "KGM|kg|soon")[0] == "reference_value_malformed"


REGISTER = "registry_id|country_code|canonical_name|latitude|longitude|unlocode|function_code"


def test_a_port_of_a_register() -> None:
    (port,) = values(REGISTER, "WPI:1|CN|Ningbo|29.93340|121.5497|CNNGB|port", aliases={"WPI:1": ("Ningpo", "Ningbo")})
    assert port == Port("CNNGB", "CN", "Ningbo", 2993340, 12154970, "port", ("Ningpo",), "WPI:1")


def test_a_code_that_is_shared_or_names_no_country_is_told_and_the_port_keeps_its_number() -> None:
    found, findings = read(
        REGISTER,
        "W:1|TR|Botas|36|35|TRBOT|port",
        "W:2|TR|Bota|36|35|TRBOT|port",
        "W:3|GQ|Cogo|1|9|GCCOG|port",
        "W:4|RU|Adler|43|39||port",
        countries=frozenset({"TR", "GQ", "RU"}),
    )
    assert [one.value.code for one in found if isinstance(one.value, Port)] == ["TRBOT", "W:2", "W:3", "W:4"]
    assert [one.rule for one in findings] == ["reference_port_code_shared", "reference_port_code_left_out"]
    assert {one.severity for one in findings} == {Severity.WARNING}


def test_a_place_of_un_locode() -> None:
    header = "Change|Country|Location|Name|Function|Coordinates"
    found, (finding,) = read(
        header, "|CN||.CHINA||", "|CN|NGB|Ningbo|1-3-----|2956N 12133E", "|CN|YIW|Yiwu|--3-----|somewhere"
    )
    assert [one.value for one in found] == [
        Port("CNNGB", "CN", "Ningbo", 2993333, 12155000, "1-3-----"),
        Port("CNYIW", "CN", "Yiwu", None, None, "--3-----"),
    ]
    assert (finding.rule, finding.row) == ("reference_coordinates_left_out", 4)
    assert rule_of(header, "|CN|NB1|Ningbo||")[0] == "reference_value_malformed"


@pytest.mark.parametrize("latitude", ["91", "north", "NaN", "Infinity", "1e9"])
def test_a_place_that_is_none(latitude: str) -> None:
    assert rule_of(REGISTER, f"W:1|TR|Botas|{latitude}|35|TRBOT|port") == ("reference_value_malformed", 2, "D")


def test_rates_of_a_day() -> None:
    assert values("Date|USD|JPY|CNY|CYP|", "2026-10-30|1.1172|175.68|7.4326|N/A|") == [
        RateDay(date(2026, 10, 30), "ECB", "EUR", (("USD", "1.1172"), ("JPY", "175.68"), ("CNY", "7.4326")))
    ]


@pytest.mark.parametrize("rate", ["0", "0.000", "-1", "1e5", "one", "1,2", "١"])
def test_a_rate_that_is_none(rate: str) -> None:
    assert rule_of("Date|USD|JPY|CNY", f"2026-10-30|{rate}|1|1") == ("reference_value_malformed", 2, "B")


def test_a_day_that_is_none() -> None:
    assert rule_of("Date|USD|JPY|CNY", "30.10.2026|1|1|1") == ("reference_value_malformed", 2, "A")
