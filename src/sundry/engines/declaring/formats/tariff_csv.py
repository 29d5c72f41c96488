"""A tariff as the user gives it: CSV with `hs` (full code) and `legal_unit` ("kg" or a unit of pieces), and, if she
likes, `export_duty` and `inspection` (yes or no).
"""

from __future__ import annotations

import csv
from pathlib import Path

from sundry.engines.declaring.formats.given import NO, YES
from sundry.engines.declaring.rules import TariffRow
from sundry.kernel.errors import UnusableInput


def read_tariff(path: Path) -> dict[str, TariffRow]:
    """Rows by code. UnusableInput: not UTF-8, not CSV, without the two columns, or a code twice."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (UnicodeDecodeError, csv.Error, OSError) as fault:
        raise UnusableInput("tariff_unreadable", file=path.name, fault=str(fault)) from None
    tariff: dict[str, TariffRow] = {}
    for number, row in enumerate(rows, start=2):
        code, unit = (row.get("hs") or "").strip(), (row.get("legal_unit") or "").strip()
        if not code or not unit:
            raise UnusableInput("tariff_row_incomplete", file=path.name, row=number)
        if code in tariff:
            raise UnusableInput("tariff_code_twice", file=path.name, row=number, value=code)
        duty, inspection = (_flag(path, number, name, row) for name in ("export_duty", "inspection"))
        tariff[code] = TariffRow(code, unit, duty, inspection)
    if not tariff:
        raise UnusableInput("declare_input_empty", file=path.name)
    return tariff


def _flag(path: Path, number: int, name: str, row: dict[str, str]) -> bool:
    text = (row.get(name) or "").strip().casefold()
    if text not in YES | NO:
        raise UnusableInput("tariff_flag_unclear", file=path.name, row=number, header=name, value=text)
    return text in YES
