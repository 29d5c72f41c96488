"""A sheet of halls is judged whole: every fault at its cell, and nothing of a sheet that has one."""

from __future__ import annotations

import pytest

from sundry.goods.catalogue.formats.shape import Sheet
from sundry.goods.catalogue.halls_sheet import HALLS_MAX, judged
from sundry.goods.catalogue.rules import NAME_MAX

HEADER = ("code", "Name (zh)", "names.en", "trade_en")


def sheet(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> Sheet:
    return Sheet("", list(enumerate([("Our market", ""), header, *rows], 1)))


def test_halls_are_read_below_a_title_with_the_languages_that_there_are() -> None:
    read = judged(
        [Sheet("notes", [(1, ("nothing",))]), sheet(("1", " 一区 ", "Hall 1", "Toys"), ("", ""), ("E-2", "", "East"))]
    )
    assert read.findings == ()
    assert [(one.row, one.hall.code) for one in read.halls] == [(3, "1"), (5, "E-2")]
    first, second = (one.hall for one in read.halls)
    assert (first.names, first.trade) == ({"zh": "一区", "en": "Hall 1"}, {"en": "Toys"})
    assert (second.names, second.trade) == ({"zh": "", "en": "East"}, {"en": ""})


def test_what_is_not_taken_is_told_and_the_rest_is_taken() -> None:
    header = ("code", "name_zh", "floors", "colour")
    read = judged([sheet(("1", "一区", "1,2", "red"), header=header)])
    assert [one.hall.names for one in read.halls] == [{"zh": "一区"}]
    assert [(one.rule, one.row, one.column) for one in read.findings] == [
        ("catalogue_sheet_column_unknown", 2, "D"),
        ("catalogue_halls_floors_are_told", 2, "C"),
    ]


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([("EAST 2", "东", "", "")], [("catalogue_hall_code_impossible", 3, "A")]),
        ([("", "东", "", "")], [("catalogue_hall_code_impossible", 3, "A")]),
        ([("1", "一", "", ""), ("1", "二", "", "")], [("catalogue_halls_code_twice", 4, "A")]),
        ([("1", "", "", "Toys")], [("catalogue_hall_unnamed", 3, "B")]),
        ([("1", "一", "x" * (NAME_MAX + 1), "")], [("catalogue_halls_text_too_long", 3, "C")]),
        ([("#REF!", "一", "", "#N/A")], [("catalogue_sheet_formula", 3, "A"), ("catalogue_sheet_formula", 3, "D")]),
        (
            [("*", "", "", ""), ("2", "二", "", ""), ("x" * 9, "三", "", "")],
            [
                ("catalogue_hall_code_impossible", 3, "A"),
                ("catalogue_hall_unnamed", 3, "B"),
                ("catalogue_hall_code_impossible", 5, "A"),
            ],
        ),
        ([], [("catalogue_halls_no_rows", 0, "")]),
    ],
)
def test_every_fault_is_told_at_its_cell(rows: list[tuple[str, ...]], faults: list[tuple[str, int, str]]) -> None:
    read = judged([sheet(*rows)])
    assert [(one.rule, one.row, one.column) for one in read.findings] == faults
    assert all("{" not in one.message(language) for one in read.findings for language in ("en", "zh", "ar"))
    assert (read.halls, read.is_faulty) == ((), True)


def test_a_sheet_that_does_not_say_what_it_is_is_refused() -> None:
    for header in (("code", "trade_en"), ("name_en", "trade_en"), ("a", "b")):
        assert [one.rule for one in judged([sheet(("1", "x"), header=header)]).findings] == [
            "catalogue_halls_no_header"
        ]
    (twice,) = judged([sheet(("1", "x", "y"), header=("code", "name_en", "names en"))]).findings
    assert (twice.rule, twice.column, twice.details) == ("catalogue_halls_column_twice", "C", {"first": "B"})
    (many,) = judged([sheet(*((str(number), "x", "", "") for number in range(HALLS_MAX + 1)))]).findings
    assert many.rule == "catalogue_halls_too_many"
