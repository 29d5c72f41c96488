"""Bad pages: what is published is right, whatever else is lost; and what could not be read at all is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from sundry.engines.reading.decoding import decode
from sundry.engines.reading.model import Region, Statement, Type
from sundry.engines.reading.reader import Reading, read

HOME = Region("350999", "青禾市")
DAY = date(2031, 5, 18)
LINE = (
    "本报讯 一季度，全市完成地区生产总值412.6亿元，同比增长5.9%，高于全省（5.2%）0.7个百分点。"
    "其中，出口73.2亿元，增长20.1%。"
)
TRUE = {
    (Type.LEVEL, "gdp", Decimal("412.6"), "350999"),
    (Type.GROWTH, "gdp", Decimal("5.9"), "350999"),
    (Type.GROWTH, "gdp", Decimal("5.2"), "350000"),
    (Type.GAP, "gdp", Decimal("0.7"), "350999"),
    (Type.LEVEL, "exports", Decimal("73.2"), "350999"),
    (Type.GROWTH, "exports", Decimal("20.1"), "350999"),
}
TABLE = """\
2031年一季度主要指标

指标 单位 本期 同比
地区生产总值 亿元 412.6 5.9
出口总额 亿元 73.2 20.1
"""


def published(text: str, day: date | None = DAY) -> list[Statement]:
    return [said for said in read(text, issued=day, home=HOME).statements if said.is_published]


def told(statements: list[Statement]) -> set[tuple[object, ...]]:
    return {(said.type, said.indicator_key, said.value, said.region_code) for said in statements}


def wrapped(width: int) -> Callable[[str], str]:
    return lambda text: "\n".join(text[at : at + width] for at in range(0, len(text), width))


def spoilt(encoding: str) -> Callable[[str], str]:
    """A line of another encoding between the two halves."""
    other = {"utf-8": "gb18030", "gb18030": "utf-8"}[encoding]
    return lambda text: decode((text * 3 + "\n").encode(encoding) + "出口9亿元。\n".encode(other)).text


WHOLE: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "traditional": lambda text: text.translate(str.maketrans("报讯区产总值亿长于点额", "報訊區產總值億長於點額")),
    "half width": lambda text: text.translate(str.maketrans("，。（）", ",.()")),
    "full width": lambda text: text.translate(str.maketrans("0123456789.%", "０１２３４５６７８９．％")),
    "with a mark at the beginning": lambda text: "\ufeff" + text,
    "other line ends": lambda text: text.replace("。", "。\r\n"),
}
PARTLY: dict[str, Callable[[str], str]] = {
    "a space after each sign": " ".join,
    "a space in each number": lambda text: text.replace(".", " ."),
    "lines of seven": wrapped(7),
    "lines of twelve": wrapped(12),
    "mostly UTF-8": spoilt("utf-8"),
    "mostly GB18030": spoilt("gb18030"),
    "a NUL in each number": lambda text: decode(text.replace(".", "\0").encode()).text,
    "a broken sign before and behind each number": lambda text: re.sub(r"([0-9.]+)", "\ufffd\\1\ufffd", text),
    "a table": lambda _: TABLE,
    "a table in one line": lambda _: TABLE.replace("\n", " "),
    "a table of one column": lambda _: TABLE.replace(" ", "\n"),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_page_that_only_looks_different_is_read_alike(name: str) -> None:
    assert told(published(WHOLE[name](LINE))) == TRUE


@pytest.mark.parametrize("name", PARTLY)
def test_what_is_published_of_a_broken_page_is_right(name: str) -> None:
    assert told(published(PARTLY[name](LINE))) <= TRUE


@pytest.mark.parametrize("name", [*WHOLE, *PARTLY])
def test_every_quote_is_the_text_of_its_spans(name: str) -> None:
    text = (WHOLE | PARTLY)[name](LINE)
    for said in read(text, issued=DAY, home=HOME).statements:
        assert "".join(text[start:end] for start, end in said.spans) == said.quote


def test_without_a_date_the_figures_stay_and_their_periods_go() -> None:
    found = published(LINE, None)
    assert told(found) == TRUE
    assert {said.period for said in found} == {None}


@pytest.mark.parametrize("text", ["", " \n\t\u3000", "Sales rose 5.2%. " * 90, "長" * 500_000, "\ufffd" * 300])
def test_what_is_no_page_says_nothing_and_is_told(text: str) -> None:
    page: Reading = read(text, issued=DAY, home=HOME)
    assert page.statements == ()
    assert page.findings
