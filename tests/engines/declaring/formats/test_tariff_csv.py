from __future__ import annotations

from pathlib import Path

import pytest

from sundry.engines.declaring.formats.tariff_csv import read_tariff
from sundry.engines.declaring.rules import TariffRow
from sundry.kernel.errors import UnusableInput


def test_rows_by_code(tmp_path: Path) -> None:
    file = tmp_path / "tariff.csv"
    file.write_text("hs,legal_unit,more\n9503002100,kg,x\n420292,piece,\n", "utf-8-sig")
    assert read_tariff(file) == {
        "9503002100": TariffRow("9503002100", "kg"),
        "420292": TariffRow("420292", "piece"),
    }


def test_duty_and_inspection_may_be_told(tmp_path: Path) -> None:
    file = tmp_path / "tariff.csv"
    file.write_text("hs,legal_unit,export_duty,inspection\n950300,kg,yes,\n420292,piece,no,是\n", "utf-8")
    assert read_tariff(file) == {
        "950300": TariffRow("950300", "kg", export_duty=True),
        "420292": TariffRow("420292", "piece", inspection=True),
    }


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "declare_input_empty"),
        (b"hs,legal_unit\n", "declare_input_empty"),
        (b"hs,unit\n950300,kg\n", "tariff_row_incomplete"),
        (b"hs,legal_unit\n950300,\n", "tariff_row_incomplete"),
        (b"hs,legal_unit\n950300,kg\n950300,piece\n", "tariff_code_twice"),
        (b"hs,legal_unit,inspection\n950300,kg,maybe\n", "tariff_flag_unclear"),
        (b"\xff\xfe\xff", "tariff_unreadable"),
        (b'hs,"legal"_unit\n', "tariff_unreadable"),
    ],
)
def test_a_tariff_that_cannot_be_used_is_told(tmp_path: Path, content: bytes, rule: str) -> None:
    file = tmp_path / "tariff.csv"
    file.write_bytes(content)
    with pytest.raises(UnusableInput) as fault:
        read_tariff(file)
    assert fault.value.rule == rule


def test_a_tariff_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match=r"none\.csv"):
        read_tariff(tmp_path / "none.csv")
