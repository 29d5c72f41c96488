"""A row of somebody's list as a wish: what it asks for, exactly as it stands, and everything that is wrong with it.

Problem: a list of 2,000 rows comes from any agent. It prices by the dozen, by the carton or at 0.085, names stalls as
people do, and ten of its rows are wrong. A price that is rounded is another price, a stall that is guessed another
stall, and a row that is left out without a word an order that is short. Therefore a row becomes a wish exactly or is
told; and what a person mends in one cell is read by the same reader as the book was.

Worked case: 120 at 100.00 a dozen are 10000 fen for 12 pieces, not 833. 1,000 at 0.085 are 8500 fen for 1,000 pieces.
3 cartons of 36 at 50.00 a carton are 5000 fen for 36. 0.00000001 cannot be said in fen for 100,000 pieces: told.

A row of a sheet that we wrote carries its line's id and a hash. As it was: UNCHANGED. Changed here: CHANGED. The line
was changed there meanwhile: STALE, both are told. No row for a line that went out: GONE, somebody is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final

from sundry.goods.orders.formats.grid import Cell, Grid
from sundry.goods.orders.reading.book import ReadOptions, understand_wishes
from sundry.goods.orders.reading.layout import ColumnMap
from sundry.goods.orders.rules import Line, StagedBook, TableColumns
from sundry.kernel.findings import Finding, Severity, error

ROWS_MAX: Final = 5_000

FIELDS: Final = (
    *("stall", "item", "name", "cartons", "pieces_per_carton", "pieces", "unit", "price", "currency", "volume_carton"),
    *("size", "gross_total", "net_total", "hs", "mark", "note"),
)
"""The cells of a row, as they are kept and mended: fields of the reader's vocabulary."""

_PER_WORDS: Final = {"dozen": "/打", "set": "/套", "pair": "/双", "carton": "/箱", "gross": "/gross"}
_ABOUT_PAPERS: Final = re.compile(r"^(gross|net|hs|size|length_unit|weights?|density|carton|volume|measure)_")
"""What the reader tells of weights, codes and sizes: they are asked for when goods are loaded, not when they are
bought."""
_SCRIPTS: Final = (
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
_FIELD_OF_SLOT: Final = {
    "gross": "gross_total",
    "gross_carton": "gross_total",
    "net": "net_total",
    "net_carton": "net_total",
    "volume": "volume_carton",
    "volume_total": "volume_carton",
    "value": "price",
    "length": "size",
    "width": "size",
    "height": "size",
    "carton_numbers": "cartons",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands in the hidden columns of a row: the id of a line and the hash of what it was."""

    line: str
    digest: str


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row as it was read. `line` None: the reader set it aside, and `findings` say why."""

    sheet: str
    row: int
    cells: Mapping[str, str]
    line: Line | None
    findings: tuple[Finding, ...] = ()
    picture: str = ""
    mark: Mark | None = None


# Rows -----------------------------------------------------------------------------------------------------------------


def raw_rows(staged: StagedBook) -> tuple[list[RawRow], list[Finding]]:
    """The rows of a book in its order, and what is told of the book as a whole."""
    book, own = staged.book, staged.own
    told: dict[tuple[str, int], list[Finding]] = {}
    for finding in book.findings:
        told.setdefault((finding.sheet, finding.row), []).append(finding)
    marks = {} if own is None else {(own.sheet, row): Mark(*mark) for row, mark in own.rows.items()}
    rows = [
        RawRow(line.sheet, line.row, cells_of(line), line, (), line.picture, marks.get((line.sheet, line.row)))
        for line in book.lines
    ]
    for aside in book.set_aside:
        place = (aside.sheet, aside.row)
        texts = dict(staged.aside[place].cells) if place in staged.aside else {}
        rows.append(RawRow(*place, _cells_of_texts(texts, _table(book.tables, *place)), None, (), "", marks.get(place)))
    sheets = {sheet: at for at, sheet in enumerate(dict.fromkeys(table.sheet for table in book.tables))}
    rows.sort(key=lambda row: (sheets.get(row.sheet, 0), row.row))
    found = []
    for row in rows:
        table = _table(book.tables, row.sheet, row.row)
        own_findings = told.pop((row.sheet, row.row), ())
        kept = tuple(_at_field(one, table) for one in own_findings if _is_about_buying(one))
        found.append(replace(row, findings=kept))
    of_book = [one for some in told.values() for one in some if _is_about_buying(one)]
    return found, [one for one in of_book if own is None or one.rule not in ("hidden_sheet", "columns_unknown")]


def _is_about_buying(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR or not _ABOUT_PAPERS.match(finding.rule)


def _table(tables: Sequence[TableColumns], sheet: str, row: int) -> TableColumns | None:
    return next((one for one in reversed(tables) if one.sheet == sheet and one.header_row < row), None)


def _at_field(finding: Finding, table: TableColumns | None) -> Finding:
    """With the field of its column in place of the header."""
    slots = {} if table is None else {letter: slot for slot, (letter, _) in table.columns.items()}
    slot = slots.get(finding.column, "")
    return replace(finding, header=_FIELD_OF_SLOT.get(slot, slot))


def columns_of(tables: Sequence[TableColumns]) -> dict[str, tuple[str, str]]:
    """Field -> (letter, header) of the first table of goods: where a person finds a cell."""
    table = next((one for one in tables if one.is_list), None)
    if table is None:
        return {}
    told: dict[str, tuple[str, str]] = {}
    for slot, place in table.columns.items():
        told.setdefault(_FIELD_OF_SLOT.get(slot, slot), place)
    return told


def cells_of(line: Line) -> dict[str, str]:
    """The cells by which a line is read as itself again."""
    names = dict.fromkeys((line.name, *line.names.values()))
    told = {
        "stall": line.stall,
        "item": line.item,
        "name": " / ".join(name for name in names if name),
        "cartons": str(line.cartons) if line.cartons else "",
        "pieces_per_carton": "" if line.pieces_per_carton is None else str(line.pieces_per_carton),
        "pieces": str(line.pieces),
        "unit": line.unit if line.unit != "piece" else "",
        "price": f"{line.unit_price}{_PER_WORDS.get(line.price_per, '')}" if line.unit_price else "",
        "currency": line.currency,
        "size": "x".join(map(str, line.carton_mm)) + "mm" if line.carton_mm and line.carton_mm_from == "stated" else "",
        "volume_carton": _scaled(line.carton_volume_mm3, 9, "m3"),
        "gross_total": _scaled(line.gross_g, 3, "kg"),
        "net_total": _scaled(line.net_g, 3, "kg"),
        "hs": line.hs or "",
        "mark": line.mark,
        "note": line.note,
    }
    return {key: text for key, text in told.items() if text}


def _scaled(number: int | None, places: int, unit: str) -> str:
    return "" if number is None else f"{Decimal(number).scaleb(-places).normalize():f}{unit}"


def _cells_of_texts(texts: Mapping[str, str], table: TableColumns | None) -> dict[str, str]:
    if table is None:
        return {}
    told: dict[str, str] = {}
    for slot, (letter, _) in table.columns.items():
        name = slot if slot in FIELDS else _FIELD_OF_SLOT.get(slot, "")
        if name in FIELDS and slot != "value" and (text := texts.get(letter, "")):
            told.setdefault(name, text)
    return told


def read_again(cells: Mapping[str, str], *, day: date, currency: str, row: int) -> tuple[Line | None, list[Finding]]:
    """The row as the reader of books understands it, with what it tells of single cells."""
    filled = [name for name in FIELDS if cells.get(name, "").strip() or name in ("item", "pieces", "price")]
    grid = Grid("")
    grid.cells[1] = {at: Cell(name) for at, name in enumerate(filled)}
    grid.cells[2] = {at: Cell(cells[name]) for at, name in enumerate(filled) if cells.get(name, "").strip()}
    if not grid.cells[2]:
        return None, [error("order_sheet_row_empty", row=row)]
    options = ReadOptions(day=day, currency=currency, column_map=_every_field())
    book = understand_wishes("", [grid], options)
    table = book.tables[0] if book.tables else None
    told = [
        replace(_at_field(one, table), row=row, column="")
        for one in book.findings
        if one.row == 2 and _is_about_buying(one)
    ]
    line = book.lines[0] if book.lines else None
    if line is None and not any(one.severity is Severity.ERROR for one in told):
        told.append(error("order_sheet_row_unread", row=row))
    return (None if line is None else replace(line, row=row)), told


@lru_cache(maxsize=1)
def _every_field() -> ColumnMap:
    return ColumnMap({name: name for name in FIELDS}, 1)


def script_of(text: str) -> str:
    """The language that letters tell: zh, ar, ru; "" for Latin ones."""
    return next((language for language, letters in _SCRIPTS if letters.search(text)), "")
