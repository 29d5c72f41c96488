"""One order line of a trade agent's book, and the book as it was understood.

Problem: a book says the same thing in fifty ways (per carton or per line, per piece or per dozen, yuan or dollars, one
row or three). Everything after the reader wants one way. Therefore a `Line` is always a whole line: `pieces`,
`value_minor`, `gross_g`, `net_g` are LINE TOTALS in integers; what the book did not say is None, never invented.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sundry.kernel.findings import Finding
from sundry.kernel.parameters import Parameters, parameters
from sundry.kernel.tariff_codes import TariffCodes


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order. Integers in pieces, minor units of `currency`, grams, millimetres."""

    sheet: str  # "" for CSV
    row: int  # from 1, as Excel shows it
    stall: str  # the stall's own number or name, "" where the book does not say
    item: str  # 货号
    name: str  # the name cell as it stands
    cartons: int
    pieces_per_carton: int | None  # None where the pieces do not divide evenly
    pieces: int
    unit: str  # piece | pair | set ... what one of `pieces` is
    unit_price: str  # decimal text, exact, as stated
    unit_price_minor: int  # rounded half-even where the price has more decimals than the currency
    price_per: str  # piece | dozen | set | carton: what the price is for
    value_minor: int  # price x quantity
    currency: str
    gross_g: int | None
    net_g: int | None
    carton_mm: tuple[int, int, int] | None  # length, width, height
    carton_mm_from: str | None  # stated | default_box
    carton_volume_mm3: int | None
    carton_volume_from: str | None  # stated | stated_total/cartons | LxWxH
    hs: str | None  # digits only
    names: dict[str, str] = field(default_factory=dict)  # by language, where the book has several
    mark: str = ""  # shipping mark 唛头
    this_side_up: bool = False
    inspection: bool = False
    restricted: bool = False  # flagged in the book as banned or restricted for export
    value_stated_minor: int | None = None  # the typed total, only where it differs
    hs_given: str | None = None  # as typed, only where a lost leading zero was restored
    carton_numbers: str = ""  # 箱号 as typed
    picture: str = ""  # name of the picture anchored to the row, inside the workbook
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "stall": self.stall,
            "item": self.item,
            "name": self.name,
            "names": self.names,
            "cartons": self.cartons,
            "pieces_per_carton": self.pieces_per_carton,
            "pieces": self.pieces,
            "unit": self.unit,
            "unit_price": self.unit_price,
            "unit_price_minor": self.unit_price_minor,
            "price_per": self.price_per,
            "value_minor": self.value_minor,
            "value_stated_minor": self.value_stated_minor,
            "currency": self.currency,
            "gross_g": self.gross_g,
            "net_g": self.net_g,
            "carton_mm": None if self.carton_mm is None else list(self.carton_mm),
            "carton_mm_from": self.carton_mm_from,
            "carton_volume_mm3": self.carton_volume_mm3,
            "carton_volume_from": self.carton_volume_from,
            "hs": self.hs,
            "hs_given": self.hs_given,
            "mark": self.mark,
            "this_side_up": self.this_side_up,
            "inspection": self.inspection,
            "restricted": self.restricted,
            "carton_numbers": self.carton_numbers,
            "picture": self.picture,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class SetAside:
    """A row that does not ship. The findings say why."""

    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person typed in place of a cell. It is understood as if it had been typed into the book: `2.50` is a
    number, `0912` a text, `"12 pcs"` both; "" empties the cell. A cell under a merged range stands for the whole range.
    """

    sheet: str  # "" for CSV
    row: int  # from 1, as Excel shows it
    column_letter: str
    value: str


@dataclass(frozen=True, slots=True)
class ColumnSeen:
    """One column of a table as a person sees it, and the slot as which it was understood (None: it was left out)."""

    letter: str
    header: str
    samples: tuple[str, ...]  # up to three different values
    slot: str | None


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Where a table of the book keeps what: slot (`price`, `volume_carton`, ...) -> (column letter, header)."""

    sheet: str
    header_row: int
    columns: Mapping[str, tuple[str, str]]
    headers: tuple[str, ...]  # all texts of the header row, to remember a column map by
    key: str = ""  # of these headers: under it a map is remembered
    is_list: bool = True  # False: it lacks goods, quantities or prices, so that nothing was read from it
    seen: tuple[ColumnSeen, ...] = ()  # all its columns, from left to right

    def to_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet,
            "header_row": self.header_row,
            "key": self.key,
            "is_list": self.is_list,
            "columns": [
                {"letter": seen.letter, "header": seen.header, "samples": list(seen.samples), "slot": seen.slot}
                for seen in self.seen
            ],
        }


@dataclass(frozen=True, slots=True)
class RowTexts:
    """The cells of one row as a person reads them: (column letter, text), from the first column to the last used."""

    sheet: str
    row: int
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """The beginning of a sheet, for a person to point at its header."""

    sheet: str
    rows: tuple[RowTexts, ...]  # the first ones that hold anything
    rows_used: int  # how many hold anything in all
    header_row: int  # where a header was recognised, else 0
    likely_row: int  # the header, or else the widest row of texts: what to offer first; 0 for an empty sheet
    hidden: bool = False  # hidden sheets are not read


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """What a sheet that we wrote says of itself: the order, 0 where it says none; the lines that went out in it; by
    row the id of its line and the hash beside it, as they stand there (either may be anything)."""

    sheet: str
    order: int
    lines: tuple[str, ...]
    rows: Mapping[int, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class StagedBook:
    """A list of wishes as it was read: the book, what it says of itself where it is ours, and the cells of those rows
    that could not be read, by (sheet, row)."""

    book: OrderBook
    own: OwnSheet | None
    aside: Mapping[tuple[str, int], RowTexts]


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """What a column may be said to hold: the name for a column map, and the rule of its text in sundry/messages."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class OrderBook:
    """What a book says. Lines in the book's order; every finding of the whole book."""

    file: str
    lines: tuple[Line, ...]
    set_aside: tuple[SetAside, ...]
    findings: tuple[Finding, ...]
    tables: tuple[TableColumns, ...] = ()

    def cell(self, line: Line, *slots: str) -> dict[str, Any]:
        """The place of a line's cell for a finding; column and header of the first slot that its table has."""
        table = next((t for t in reversed(self.tables) if t.sheet == line.sheet and t.header_row < line.row), None)
        found = next((table.columns[slot] for slot in slots if slot in table.columns), None) if table else None
        column, header = found or ("", "")
        return {"file": self.file, "sheet": line.sheet, "row": line.row, "column": column, "header": header}

    def totals(self) -> dict[str, Any]:
        """Of the lines that were read, set-aside rows left out. A weight or volume is None where a line lacks it."""
        values: dict[str, int] = {}
        for line in self.lines:
            values[line.currency] = values.get(line.currency, 0) + line.value_minor
        return {
            "lines": len(self.lines),
            "set_aside": len(self.set_aside),
            "stalls": len({line.stall for line in self.lines}),
            "cartons": sum(line.cartons for line in self.lines),
            "pieces": sum(line.pieces for line in self.lines),
            "value_minor": values,
            "gross_g": _sum_if_known(line.gross_g for line in self.lines),
            "net_g": _sum_if_known(line.net_g for line in self.lines),
            "volume_mm3": _sum_if_known(
                None if line.carton_volume_mm3 is None else line.carton_volume_mm3 * line.cartons for line in self.lines
            ),
            **count_severities(self.findings),
        }


def _sum_if_known(amounts: Iterable[int | None]) -> int | None:
    known = list(amounts)
    return None if None in known else sum(amount for amount in known if amount is not None)


def count_severities(findings: Sequence[Finding]) -> dict[str, int]:
    """{"errors": n, "warnings": n, "notes": n}."""
    return {f"{severity}s": sum(f.severity == severity for f in findings) for severity in ("error", "warning", "note")}


@dataclass(frozen=True, slots=True)
class CheckRules:
    """The limits by which a book is checked, as the parameters know them on a day."""

    density_min_kg_m3: Decimal
    density_max_kg_m3: Decimal
    volume_tolerance_percent: Decimal
    codes: TariffCodes

    @classmethod
    def at(cls, day: date, customs: Parameters | None = None) -> CheckRules:
        known = (customs or parameters("customs")).at(day)
        return cls(
            density_min_kg_m3=Decimal(known.whole("plausibility.density_min_kg_per_m3")),
            density_max_kg_m3=Decimal(known.whole("plausibility.density_max_kg_per_m3")),
            volume_tolerance_percent=Decimal(known.whole("plausibility.volume_tolerance_percent")),
            codes=TariffCodes.at(day, customs),
        )


def default_box(volume_mm3: int) -> tuple[int, int, int]:
    """A stated box for a carton of which only the volume is known: length : width : height as 3 : 2 : 2, whole
    millimetres. The height is chosen last, so that the volume comes out as near as a millimetre allows.

    Worked case: 0.066 m3 = 66,000,000 mm3 -> width 353, length 530, height 353, which is 66,042,770 mm3.
    """
    width = max(1, round((volume_mm3 / 1.5) ** (1 / 3)))
    length = max(1, round(width * 1.5))
    return length, width, max(1, round(volume_mm3 / (length * width)))


def whole_characters(text: str) -> str:
    """Halves of characters joined where they belong together, else U+FFFD: what no file in UTF-8 can hold.

    They come out of `_xD83D__xDE00_` in a workbook, and out of the name of a file that is not UTF-8.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
