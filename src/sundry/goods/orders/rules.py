"""One order line of a trade agent's book, and the book as it was understood.

Problem: a book says the same thing in fifty ways (per carton or per line, per piece or per dozen, yuan or dollars, one
row or three). Everything after the reader wants one way. Therefore a `Line` is always a whole line: `pieces`,
`value_minor`, `gross_g`, `net_g` are LINE TOTALS in integers; what the book did not say is None, never invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sundry.kernel.findings import Finding


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order. Integers in pieces, minor units of `currency`, grams, millimetres."""

    sheet: str  # "" for CSV
    row: int  # from 1, as Excel shows it
    stall: str  # the stall's own number or name, "" where the book does not say
    item: str  # 货号
    name: str  # the name cell as it stands
    cartons: int
    pieces_per_carton: int
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
class OrderBook:
    """What a book says. Lines in the book's order; every finding of the whole book."""

    file: str
    lines: tuple[Line, ...]
    set_aside: tuple[SetAside, ...]
    findings: tuple[Finding, ...]
