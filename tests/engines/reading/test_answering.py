"""The object of `sundry read --json`: exactly the keys of docs/commands.md, and every quote the text of its spans."""

from __future__ import annotations

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from sundry.engines.reading.answering import Answer, as_data, number, refused, tell
from sundry.engines.reading.issue_date import Issue
from sundry.engines.reading.model import Basis, BasisSource, Outcome, Region, Type
from sundry.engines.reading.reader import read
from sundry.kernel.findings import warning

HOME = Region("350999", "青禾市")
DAY = date(2031, 5, 18)
PAGE = """\
增速5.9%！青禾一季度交出稳健答卷

本报讯 （记者 林禾） 5月17日，记者从市统计局获悉，一季度，全市完成地区生产总值412.6亿元，\
按不变价格计算，同比增长5.9%，高于全省（5.2%）1.7个百分点。
其中，服务业增加值增长6.8%，占比重超五成。今年力争新增企业300余家。
"""
STATEMENT = [
    "spans", "quote", "indicator", "subject", "region_code", "period", "type", "value", "low", "high", "unit", "kind",
    "confidence", "published", "inherited", "indicator_key", "versus", "basis", "basis_source", "article",
]  # fmt: skip


def answer_of(text: str, day: date | None = DAY) -> Answer:
    issue = Issue(day, (), "given") if day else Issue(None, (), "nothing")
    return Answer("page.txt", text, HOME, issue, read(text, issued=day, home=HOME))


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(as_data(answer_of(PAGE), "en")))
    return found


def test_the_keys_are_those_that_are_documented(data: dict[str, Any]) -> None:
    assert list(data) == ["page", "home", "issued", "articles", "statements", "entities", "checks", "findings"]
    assert data["issued"] == {"day": "2031-05-18", "reason": "The day was given by the person who reads.", "spans": []}
    assert all(list(one) == ["headline", "spans", "role"] for one in data["articles"])
    assert all(list(one) == STATEMENT for one in data["statements"])
    assert all(list(one) == ["type", "name", "spans", "details"] for one in data["entities"])
    assert all(list(one) == ["kind", "outcome", "spans", "stated", "derived", "note"] for one in data["checks"])


def test_every_key_stands_on_the_page_of_commands(data: dict[str, Any]) -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "commands.md").read_text("utf-8")
    section = page.partition("\n## sundry read\n")[2].partition("\n## ")[0]
    keys = {*data, *data["issued"], *(key for part in ("articles", "statements", "checks") for key in data[part][0])}
    assert {key for key in keys if f"`{key}`" not in section} == set()


def test_every_quote_is_the_text_of_its_spans(data: dict[str, Any]) -> None:
    assert data["statements"]
    for one in data["statements"]:
        assert "".join(PAGE[start:end] for start, end in one["spans"]) == one["quote"]
    assert data["articles"][0]["headline"] == PAGE.splitlines()[0]


def test_a_statement_holds_what_was_read(data: dict[str, Any]) -> None:
    gdp = next(one for one in data["statements"] if one["value"] == 412.6)
    assert (gdp["type"], gdp["unit"], gdp["period"], gdp["region_code"]) == (Type.LEVEL, "亿元", "2031-Q1", "350999")
    assert gdp["published"] is True
    growth = next(one for one in data["statements"] if one["value"] == 5.9 and one["inherited"].get("period"))
    assert (growth["basis"], growth["basis_source"]) == (Basis.REAL, BasisSource.STATED)
    start, end = growth["inherited"]["period"]
    assert PAGE[start:end] == "一季度"


def test_a_check_is_told_in_words(data: dict[str, Any]) -> None:
    (failed,) = (one for one in data["checks"] if one["outcome"] == Outcome.FAILS)
    assert (failed["kind"], failed["stated"], failed["derived"]) == ("gap", "1.7百分点", [0.6, 0.8])
    assert failed["note"].startswith("1.7百分点 is printed, and the other figures give [0.6, 0.8]百分点.")
    assert data["checks"][0] == failed
    chinese = as_data(answer_of(PAGE), "zh")["checks"][0]["note"]
    assert chinese.startswith("原文为 1.7百分点")


def test_an_undated_page_has_no_years_and_says_so() -> None:
    data = as_data(answer_of(PAGE, None), "en")
    assert data["issued"]["day"] is None
    assert [one["rule"] for one in data["findings"]] == ["reading_no_issue_date"]
    assert not [one for one in data["statements"] if "20" in (one["period"] or "")]


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, "null"), ("7.0", "7"), ("653.3", "653.3"), ("-0.7", "-0.7"), ("1E+3", "1000")],
)
def test_numbers(value: str | None, written: str) -> None:
    assert json.dumps(number(None if value is None else Decimal(value))) == written


def test_a_page_that_is_none_has_its_finding() -> None:
    answer = answer_of("Sales rose 5.2% in the first quarter. " * 20)
    assert not answer.is_usable
    assert [one.rule for one in answer.findings] == ["reading_not_chinese"]
    assert answer_of(PAGE).is_usable


def printed(answer: Answer, language: str) -> str:
    console = Console(file=io.StringIO(), width=200, highlight=False)
    tell(answer, language, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_person_reads_failures_first_and_statements_by_article() -> None:
    told = printed(answer_of(PAGE), "en")
    assert "1 of them failed" in told
    assert told.index("fails") < told.index("增速5.9%！青禾一季度交出稳健答卷") < told.index("412.6亿元")
    assert "Day of issue: 2031-05-18." in told
    assert "不通过" in printed(answer_of(PAGE), "zh")


def test_findings_of_the_bytes_come_first() -> None:
    answer = answer_of("")
    broken = warning("reading_nul", details={"place": 3, "count": 1})
    before = Answer("page.txt", "", HOME, answer.issue, answer.reading, (broken,))
    assert [one.rule for one in before.findings] == ["reading_nul", "reading_empty_page"]
    assert "holds no text" in printed(before, "en")


def test_a_page_that_could_not_be_read_among_others() -> None:
    assert refused("a.pdf", {"rule": "reading_is_pdf"}) == {"page": "a.pdf", "error": {"rule": "reading_is_pdf"}}


def test_a_pull_is_a_contribution_in_points_as_the_labels_have_it() -> None:
    text = (
        "市场采购出口带动强劲\n本报讯 一季度，全市市场采购贸易出口42.8亿元，增长26.5%，拉动全市出口增长14.5个百分点。\n"
    )
    said = as_data(answer_of(text), "en")["statements"]
    assert [(one["type"], one["unit"]) for one in said if one["value"] == 14.5] == [("contribution", "百分点")]


def test_a_headline_of_two_lines_is_one_text_without_its_marks() -> None:
    head = "### 一季度全市出口稳步增长\n### 市场采购贸易占比过半\n\n"
    text = f"{head}本报讯 一季度，全市出口42.8亿元，增长26.5%，市场采购贸易占比过半。\n"
    assert as_data(answer_of(text), "en")["articles"][0]["headline"] == "一季度全市出口稳步增长 市场采购贸易占比过半"
