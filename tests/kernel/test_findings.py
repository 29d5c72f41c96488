"""A finding tells its place as Excel shows it, and its message in both languages."""

from __future__ import annotations

from sundry.kernel.findings import Severity, error, note, warning


def test_the_three_ways_to_find_something() -> None:
    assert [make("bench_value").severity for make in (error, warning, note)] == [
        Severity.ERROR,
        Severity.WARNING,
        Severity.NOTE,
    ]


def test_the_message_is_filled_from_the_details() -> None:
    found = error("bench_unknown", details={"name": "speed", "known": "packing"})
    assert found.message("en") == "There is no bench named speed. There are: packing."
    assert found.message("zh") == "没有名为 speed 的基准。现有：packing。"


def test_a_finding_moves_to_its_place_and_stays_what_it_is() -> None:
    found = warning("bench_value", value="x", line=3).at(file="book.xlsx", sheet="A", row=7)
    assert (found.file, found.sheet, found.row, found.line, found.value) == ("book.xlsx", "A", 7, 3, "x")


def test_json_holds_the_line_only_where_there_is_one() -> None:
    found = note("bench_value", row=2, column="C", header="金额", value="3")
    assert found.to_json("zh") == {
        "severity": "note", "file": "", "sheet": "", "row": 2, "column": "C", "header": "金额", "value": "3",
        "rule": "bench_value", "details": {}, "message": "数值",
    }  # fmt: skip
    assert note("bench_value", line=0).to_json()["line"] == 0
