"""The sample book holds what its truth says, cell by cell, and is the same every time."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from sundry.simulation.order_book import SHEET, SUMMARY_SHEET, SampleTruth, write_sample
from sundry.simulation.wares import TRADES

HS_TABLE = Path(__file__).parents[2] / "../shared/data/hs/harmonized-system.csv"


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleTruth:
    return write_sample(tmp_path_factory.mktemp("sample") / "sample.xlsx")


@pytest.fixture(scope="module")
def shown(sample: SampleTruth):
    """The book as its reader sees it: values, not formulas."""
    return openpyxl.load_workbook(sample.path, data_only=True)


def cells(shown, row: int) -> dict[str, object]:
    """A row of the order sheet by header."""
    sheet = shown[SHEET]
    return {sheet.cell(6, column).value: sheet.cell(row, column).value for column in range(1, sheet.max_column + 1)}


def test_the_same_seed_gives_the_same_bytes(sample: SampleTruth, tmp_path: Path) -> None:
    again = write_sample(tmp_path / "again.xlsx")
    other = write_sample(tmp_path / "other.xlsx", seed=1)
    assert again.path.read_bytes() == sample.path.read_bytes()
    assert again.lines == sample.lines
    assert other.lines != sample.lines


def test_it_is_of_the_size_that_was_asked_for(sample: SampleTruth) -> None:
    assert len(sample.lines) == 288
    assert sample.cartons == 1449
    assert round(sample.volume_mm3 / 1e9) == 124
    assert round(sum(line.gross_g or 0 for line in sample.lines) / 1e6) == 24
    assert len({line.stall for line in sample.lines}) == 40


def test_every_row_has_one_meaning(sample: SampleTruth, shown) -> None:
    wrong = {(mistake.sheet, mistake.row) for mistake in sample.mistakes if mistake.severity == "error"}
    told = Counter((line.sheet, line.row) for line in sample.lines)
    told.update((sheet, row) for sheet, row, _why in sample.not_lines)
    told.update(wrong)
    filled = {
        (sheet.title, row[0].row)
        for sheet in shown
        for row in sheet.iter_rows()
        if any(c.value is not None for c in row)
    }
    assert set(told) == filled
    assert set(told.values()) == {1}


def test_the_lines_are_what_the_cells_show(sample: SampleTruth, shown) -> None:
    for line in sample.lines:
        row = cells(shown, line.row)
        assert row["货号\nItem No."] == line.item
        assert row["中文品名"] == line.name
        assert row["箱数\nCTNS"] == line.cartons
        assert row["总数量\nQTY"] == line.pieces == line.cartons * line.pieces_per_carton
        assert round(row["单价(元)\nUnit price"] * 100) == line.unit_price_minor
        amount_minor = round(row["金额(元)\nAmount"] * 100)
        assert amount_minor == line.value_minor or amount_minor == line.value_stated_minor
        assert (row["长(CM)\nL"] * 10, row["宽(CM)\nW"] * 10, row["高(CM)\nH"] * 10) == line.carton_mm
        assert round(row["单箱体积(m³)\nCBM/CTN"] * 1000) * 1_000_000 == line.carton_volume_mm3
        assert row["HS编码\nHS code"] == line.hs
        if line.gross_g is not None:
            assert round(row["单箱毛重(KG)\nG.W./CTN"] * 1000) * line.cartons == line.gross_g


def test_the_stall_of_a_line_is_the_merged_cell_over_it(sample: SampleTruth, shown) -> None:
    sheet = shown[SHEET]
    merged = {
        row: sheet.cell(span.min_row, 1).value
        for span in sheet.merged_cells.ranges
        for row in range(span.min_row, span.max_row + 1)
    }
    assert all(merged.get(line.row, sheet.cell(line.row, 1).value) == line.stall for line in sample.lines)


def test_the_values_beside_the_formulas_add_up(sample: SampleTruth, shown) -> None:
    sheet = shown[SHEET]
    rows = {row: why for name, row, why in sample.not_lines if name == SHEET}
    total = next(row for row, why in rows.items() if why == "grand total")
    for header in ("箱数\nCTNS", "总数量\nQTY", "金额(元)\nAmount", "总体积(m³)\nTotal CBM"):
        counted = sum(cells(shown, row)[header] or 0 for row in range(7, total) if row not in rows)
        assert cells(shown, total)[header] == pytest.approx(counted, abs=0.005)
    of_stalls = [shown[SUMMARY_SHEET].cell(row, 3).value for row in range(2, 42)]
    assert sum(of_stalls) == cells(shown, total)["箱数\nCTNS"]
    assert sheet.cell(total, 1).value == "合计 TOTAL"


def test_each_row_has_a_picture_of_its_own(sample: SampleTruth) -> None:
    pictures = openpyxl.load_workbook(sample.path)[SHEET]._images
    assert len(pictures) == 300
    assert len({picture._data() for picture in pictures}) == 300
    assert {picture.anchor._from.row + 1 for picture in pictures} >= {line.row for line in sample.lines}


def test_the_mistakes_are_of_many_kinds_and_the_cells_show_them(sample: SampleTruth, shown) -> None:
    rules = [mistake.rule for mistake in sample.mistakes]
    assert len(rules) == len(set(rules)) == 20
    assert Counter(mistake.severity for mistake in sample.mistakes) == {"error": 11, "warning": 9}

    def shows(rule: str) -> object:
        mistake = next(mistake for mistake in sample.mistakes if mistake.rule == rule)
        return cells(shown, mistake.row)[mistake.header]

    assert shows("the carton count is missing") is None
    assert shows("the carton count is zero") == 0
    assert shows("the carton count is negative") == -4
    assert shows("the price is missing") is None
    assert shows("the price is negative") < 0
    assert shows("there are neither sizes nor a volume") is None
    assert shows("the carton fits no container's door") == 290
    assert shows("the carton is heavier than any container's payload") == 30_000
    assert shows("the formula in this cell shows an error") == "#REF!"
    assert shows("the goods are restricted for export") == "限制出口"
    assert shows("the price is zero") == 0
    assert len(shows("the HS code has seven digits")) == 7
    assert shows("the HS code is of chapter 77, which does not exist").startswith("77")
    assert shows("the HS code is missing") is None
    assert shows("the weight is missing") is None


def test_one_line_is_struck_through_and_out_of_the_total(sample: SampleTruth) -> None:
    sheet = openpyxl.load_workbook(sample.path)[SHEET]
    cancelled = [row for name, row, why in sample.not_lines if name == SHEET and why.startswith("cancelled")]
    struck = [row for row in range(7, sheet.max_row + 1) if sheet.cell(row, 2).font.strike]
    assert struck == cancelled
    assert len(cancelled) == 1


def test_it_says_that_it_is_synthetic(shown) -> None:
    letterhead = f"{shown[SHEET]['A1'].value} {shown[SHEET]['A2'].value}"
    assert "虚构" in letterhead
    assert "synthetic" in letterhead


@pytest.mark.parametrize("seed", range(5))
def test_cartons_are_believable_with_any_seed(tmp_path: Path, seed: int) -> None:
    truth = write_sample(tmp_path / "sample.xlsx", seed=seed, stalls=9, lines=90)
    for line in truth.lines:
        assert line.carton_mm is not None
        assert max(line.carton_mm) < 1000
        if line.gross_g is not None:
            volume_m3 = line.carton_mm[0] * line.carton_mm[1] * line.carton_mm[2] / 1e9
            assert 55 <= line.gross_g / 1000 / line.cartons / volume_m3 <= 405
    assert len(truth.mistakes) == 20


@pytest.mark.parametrize(("stalls", "lines"), [(4, 300), (40, 119), (5, 59)])
def test_a_book_too_small_for_its_mistakes_is_refused(tmp_path: Path, stalls: int, lines: int) -> None:
    with pytest.raises(ValueError, match=r"stalls|lines"):
        write_sample(tmp_path / "sample.xlsx", stalls=stalls, lines=lines)
    assert not (tmp_path / "sample.xlsx").exists()


@pytest.mark.skipif(not HS_TABLE.exists(), reason="the HS table lies beside the repository, not in it")
def test_the_hs_codes_are_of_real_subheadings() -> None:
    with HS_TABLE.open(encoding="utf-8") as table:
        real = {row["hscode"] for row in csv.DictReader(table) if len(row["hscode"]) == 6}
    assert {ware.hs[:6] for trade in TRADES for ware in trade.wares} <= real
