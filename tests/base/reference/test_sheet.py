"""Rows cell by cell: places as Excel names them, keys, and how much is told of a file full of faults."""

from __future__ import annotations

from datetime import date

from sundry.base.reference import reading, sheet
from sundry.base.reference.columns import recognised
from sundry.base.reference.rules import CustomsCode, Kind, Name, RateDay, Unit
from sundry.base.reference.sheet import Sheet, key_of, letters


def test_columns_are_named_as_excel_names_them() -> None:
    assert [letters(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_by_what_rows_are_told_apart() -> None:
    values = (
        Unit("KGM", "kg"),
        Name(Kind.HS, "95", "zh", "玩具"),
        CustomsCode(Kind.UNIT, "035", "KGM"),
        RateDay(date(2026, 10, 30), "ECB", "EUR", ()),
    )
    assert [key_of(value) for value in values] == ["KGM", "hs/95/zh", "unit/035", "ECB/2026-10-30"]


def test_of_a_file_full_of_faults_the_first_are_kept_and_all_are_counted() -> None:
    columns = recognised([["rec20", "symbol"]])
    assert columns is not None
    read = Sheet(columns, date(2026, 4, 11))
    rows = ((number, ["?", "x"]) for number in range(2, 2_002))
    assert not list(reading.read(read, rows))
    assert (len(read.findings), read.found, read.is_refused) == (sheet.FINDINGS_MAX, 2_000, True)
    assert (read.findings[0].row, read.findings[-1].row) == (2, 501)
