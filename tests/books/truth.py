"""What a test order book means, written down beside the cells that say it.

The shape is that of the truth files of the five offices: every row that holds something is exactly one of a line, not a
line, or a mistake of severity error. A key that a line leaves out is not compared (the book does not decide it).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import Any, NamedTuple

PIECES = {"piece": 1, "set": 1, "dozen": 12, "gross": 144}


@dataclass
class Book:
    """A book on disk and its meaning."""

    path: Path
    currency: str = "CNY"
    lines: list[dict[str, Any]] = field(default_factory=list)
    not_lines: list[dict[str, Any]] = field(default_factory=list)
    mistakes: list[dict[str, Any]] = field(default_factory=list)

    def line(
        self,
        sheet: str,
        row: int,
        stall: str,
        item: str,
        name: str,
        cartons: int,
        pieces: int,
        price: str,
        *,
        price_per: str = "piece",
        currency: str | None = None,
        gross_g: int | None = None,
        net_g: int | None = None,
        mm: tuple[int, int, int] | None = None,
        volume_mm3: int | None = None,
        volume_from: str | None = None,
        hs: str | None = None,
        **more: Any,
    ) -> None:
        """One order line: weights of the whole line, sizes of a carton. The value is price x quantity, exactly."""
        if mm is not None and volume_mm3 is None:
            volume_mm3, volume_from = mm[0] * mm[1] * mm[2], "LxWxH"
        elif volume_mm3 is not None and volume_from is None:
            volume_from = "stated"
        self.lines.append(
            {
                "sheet": sheet,
                "row": row,
                "stall": stall,
                "item": item,
                "name": name,
                "cartons": cartons,
                "pieces": pieces,
                "unit_price_minor": _minor(Decimal(price)),
                "price_per": price_per,
                "value_minor": _minor(Decimal(price) * pieces / PIECES[price_per]),
                "currency": currency or self.currency,
                "gross_g": gross_g,
                "net_g": net_g,
                "carton_mm": None if mm is None else list(mm),
                "carton_volume_mm3": volume_mm3,
                "carton_volume_from": volume_from,
                "hs": hs,
                **more,
            }
        )

    def no_line(self, sheet: str, rows: int | Iterable[int], why: str) -> None:
        for row in [rows] if isinstance(rows, int) else rows:
            self.not_lines.append({"sheet": sheet, "row": row, "why": why})

    def mistake(self, sheet: str, row: int, header: str, severity: str, why: str) -> None:
        self.mistakes.append({"sheet": sheet, "row": row, "column_header": header, "severity": severity, "why": why})


def _minor(amount: Decimal) -> int:
    return int((amount * 100).quantize(Decimal(1), ROUND_HALF_EVEN))


class F(NamedTuple):
    """A formula and the value that the spreadsheet last showed."""

    text: str
    shown: float | str


def put(sheet: Any, row: int, values: Iterable[Any], style: Any = None) -> None:
    """A row of cells (row from 1, as Excel shows it) into an xlsxwriter sheet; None leaves a cell out."""
    for column, value in enumerate(values):
        if value is None:
            continue
        if isinstance(value, F):
            sheet.write_formula(row - 1, column, value.text, style, value.shown)
        elif isinstance(value, str):
            sheet.write_string(row - 1, column, value, style)
        else:
            sheet.write_number(row - 1, column, value, style)
