from __future__ import annotations

from pathlib import Path

import pytest

from sundry.engines.declaring.formats.lines_csv import column_letter, read_lines_csv
from sundry.kernel.errors import UnusableInput

HEADER = "hs,name,unit,cartons,pieces,value,currency,gross_kg,net_kg,inspection,export_duty,restricted\n"


def written(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    file = tmp_path / "lines.csv"
    file.write_bytes(text.encode(encoding))
    return file


def test_a_row_is_read_whole(tmp_path: Path) -> None:
    given = read_lines_csv(
        written(tmp_path, HEADER + "9503.00 2100,玩具车,piece,12,576,1440.5,cny,96.5,90.001,yes,否,1\n")
    )
    (line,) = given.lines
    assert given.findings == ()
    assert (line.line, line.row, line.hs, line.name, line.unit) == (0, 2, "9503002100", "玩具车", "piece")
    assert (line.cartons, line.pieces, line.value_minor, line.currency) == (12, 576, 144_050, "CNY")
    assert (line.gross_g, line.net_g) == (96_500, 90_001)
    assert (line.inspection, line.export_duty, line.restricted) == (True, False, True)


def test_only_four_columns_are_needed_in_any_order_and_a_byte_order_mark_does_not_hurt(tmp_path: Path) -> None:
    text = "Currency, VALUE ,pieces,cartons\nJPY,1500,10,1\n"
    (line,) = read_lines_csv(written(tmp_path, text, "utf-8-sig")).lines
    assert (line.value_minor, line.hs, line.name, line.gross_g, line.restricted) == (1500, None, "", None, False)


def test_blank_rows_are_passed_over_and_rows_keep_the_number_a_person_sees(tmp_path: Path) -> None:
    given = read_lines_csv(written(tmp_path, "\n" + HEADER + ",a,,1,1,1,USD\n,,,,,,\n,b,,1,1,1,USD\n"))
    assert [(line.line, line.row) for line in given.lines] == [(0, 3), (1, 5)]


@pytest.mark.parametrize(
    ("cells", "rule", "column", "value"),
    [
        ("950300,a,piece,0,1,1,USD", "lines_csv_cartons", "D", "0"),
        ("950300,a,piece,1.5,1,1,USD", "lines_csv_cartons", "D", "1.5"),
        ("950300,a,piece,１２,1,1,USD", "lines_csv_cartons", "D", "１２"),
        ("950300,a,piece,-1,1,1,USD", "lines_csv_cartons", "D", "-1"),
        ("950300,a,piece,1,,1,USD", "lines_csv_pieces", "E", ""),
        ("950300,a,piece,1,1,,USD", "lines_csv_value", "F", ""),
        ("950300,a,piece,1,1,1.005,USD", "lines_csv_value", "F", "1.005"),
        ("950300,a,piece,1,1,-1,USD", "lines_csv_value", "F", "-1"),
        ("950300,a,piece,1,1,1e3,USD", "lines_csv_value", "F", "1e3"),
        ("950300,a,piece,1,1,1.5,JPY", "lines_csv_value", "F", "1.5"),
        ("950300,a,piece,1,1,1,RMB", "lines_csv_currency", "G", "RMB"),
        ("950300,a,piece,1,1,1", "lines_csv_currency", "G", ""),
        ("950300,a,piece,1,1,1,USD,1.0005", "lines_csv_weight", "H", "1.0005"),
        ("950300,a,piece,1,1,1,USD,1,9 kg", "lines_csv_weight", "I", "9 kg"),
        ("950300,a,piece,1,1,1,USD,1,1,maybe", "lines_csv_flag", "J", "maybe"),
        ("950300,a,piece,1,1,1,USD,1,1,,,,440.00", "lines_csv_row_too_long", "M", "440.00"),
    ],
)
def test_a_mistake_sets_its_row_aside_and_is_told_with_its_cell(
    tmp_path: Path, cells: str, rule: str, column: str, value: str
) -> None:
    given = read_lines_csv(written(tmp_path, f"{HEADER}{cells}\n950300,b,piece,1,1,1,USD\n"))
    assert [line.name for line in given.lines] == ["b"]
    (finding,) = given.findings
    assert (finding.severity, finding.rule, finding.row, finding.column, finding.value) == (
        "error",
        rule,
        2,
        column,
        value,
    )
    assert (finding.file, finding.sheet) == ("lines.csv", "")
    assert finding.message("en") != finding.message("zh")


def test_every_mistake_of_the_file_is_told_at_once(tmp_path: Path) -> None:
    given = read_lines_csv(written(tmp_path, HEADER + ",a,,x,x,x,x\n,b,,y,1,1,USD\n"))
    assert [(f.row, f.column) for f in given.findings] == [(2, "G"), (2, "D"), (2, "E"), (2, "F"), (3, "D")]
    assert given.lines == ()


def test_unknown_and_repeated_columns_are_told_and_not_read(tmp_path: Path) -> None:
    given = read_lines_csv(written(tmp_path, "cartons,pieces,value,currency,colour,cartons\n1,1,1,USD,red,7\n"))
    assert [(f.severity, f.rule, f.column) for f in given.findings] == [
        ("warning", "lines_csv_column_unknown", "E"),
        ("warning", "lines_csv_column_repeated", "F"),
    ]
    assert [line.cartons for line in given.lines] == [1]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "declare_input_empty"),
        (b"\n ,\n", "declare_input_empty"),
        (b"name,value\na,1\n", "lines_csv_columns_missing"),
        ("品名,cartons\n".encode("gb18030"), "lines_csv_not_utf8"),
        (b'cartons,"pie"ces\n', "lines_csv_malformed"),
        (b'cartons,"pieces\n', "lines_csv_malformed"),
        (b"cartons," + b"x" * 200_000, "lines_csv_malformed"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, content: bytes, rule: str) -> None:
    file = tmp_path / "lines.csv"
    file.write_bytes(content)
    with pytest.raises(UnusableInput) as fault:
        read_lines_csv(file)
    assert fault.value.rule == rule
    assert "lines.csv" in fault.value.message("zh")


@pytest.mark.parametrize(("place", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_letters(place: int, letter: str) -> None:
    assert column_letter(place) == letter
