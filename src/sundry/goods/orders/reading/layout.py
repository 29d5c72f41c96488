"""Where the tables of a sheet are, and what each of their columns holds.

Problem: a header may stand anywhere, on one row or two, be repeated on every printed page, and change half-way down the
sheet. Therefore every row of texts is tried as a header; a row is one when at least three of its cells name different
things, and one of them is a quantity or a price. A table reaches from its header to the next different one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sundry.goods.orders.formats.grid import Cell, Grid, column_letter, column_number
from sundry.goods.orders.reading.cells import show
from sundry.goods.orders.reading.columns import COUNTS, HEADER_CHARACTERS_MAX, Column, inherit, read_header, under
from sundry.goods.orders.reading.vocabulary import plain
from sundry.goods.orders.rules import ColumnSeen

_TELLING = frozenset({"cartons", "carton_numbers", "pieces", "pieces_per_carton", "price", "value"})
_MEASURES = ("volume", "gross", "net")
_NAMED_MIN = 3
_SAMPLES = 3
_SAMPLE_CHARACTERS_MAX = 80
_ROWS_LOOKED_AT = 200
_COLUMNS_MAX = 100
_LABELS_SHARE = (0.25, 0.75)  # of a row's texts end with a colon: labels and their values, not names of columns
_GAPS_MIN = 2  # under so many gaps of the upper row, the lower row is the header proper


@dataclass(slots=True)
class Layout:
    """The columns of a table by what they hold. A measure has three keys: `gross` (the header does not say whether per
    carton or in all), `gross_carton`, `gross_total`; the same for `net` and `volume`."""

    columns: dict[str, Column] = field(default_factory=dict)
    names: list[Column] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)  # (column, header) whose words we do not know

    def has(self, *keys: str) -> bool:
        return any(key in self.columns for key in keys)


@dataclass(slots=True)
class Table:
    """One table of a sheet: its layout and the rows after its header."""

    layout: Layout
    header_rows: tuple[int, ...]
    rows: list[int] = field(default_factory=list)
    repeated_headers: list[int] = field(default_factory=list)
    headers: Mapping[int, str] = field(default_factory=dict)  # column -> header text


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What a person says her columns are: header text or column letter -> field (of vocabulary.yaml, or of Layout)."""

    fields: Mapping[str, str] = field(default_factory=dict)
    header_row: int | None = None

    def column(self, index: int, header: str) -> Column | None:
        by_header = {plain(name): named for name, named in self.fields.items()}
        named = by_header.get(plain(header)) if header.strip() else None
        if named is None:
            named = next(
                (n for name, n in self.fields.items() if name.isascii() and name.isupper() and len(name) <= 3
                 and name.isalpha() and column_number(name) == index),
                None,
            )  # fmt: skip
        return None if named is None else _named(named, header)


def _named(named: str, header: str) -> Column:
    """A field a person named. Qualifiers of the header still count ("cm", "US$", "per carton")."""
    base, _, meaning = named.partition("_") if named.split("_")[0] in _MEASURES else (named, "", "")
    told = read_header(header)
    column = replace(told, field=base, otherwise="", exact=True) if told else Column(base, header=header)
    if meaning:
        column = replace(column, total=meaning == "total", per_carton=meaning == "carton")
    if base in COUNTS:
        column = replace(column, field="pieces", counted_in=COUNTS[base])
    return column


def find_tables(grid: Grid, column_map: ColumnMap | None = None) -> tuple[list[int], list[Table]]:
    """(rows above the first header, tables in order). No table: all rows are above."""
    above: list[int] = []
    tables: list[Table] = []
    rows = sorted(grid.cells)
    spans = _spans(grid)
    skip: set[int] = set()
    for position, row in enumerate(rows):
        if row in skip:
            continue
        below = rows[position + 1] if position + 1 < len(rows) and rows[position + 1] == row + 1 else None
        header = _header_at(grid, row, below, spans, column_map)
        if header is not None:
            skip.update(header.header_rows)
            if tables and _same_header(tables[-1], header):
                tables[-1].repeated_headers += header.header_rows
            else:
                tables.append(header)
        elif tables:
            tables[-1].rows.append(row)
        else:
            above.append(row)
    return above, tables


def samples(grid: Grid, table: Table, column: int) -> list[str]:
    """A few different values of a column, to show a person what we do not understand."""
    found: list[str] = []
    for row in table.rows:
        cell = grid.get(row, column)
        text = show(cell)
        if text and text not in found:
            found.append(text)
        if len(found) == _SAMPLES:
            break
    return found


def all_columns(grid: Grid, table: Table) -> list[ColumnSeen]:
    """Every column of a table, those without a header but with something beneath it, too."""
    slots = {column.index: slot for slot, column in table.layout.columns.items()}
    slots |= {column.index: "name" for column in table.layout.names}
    beneath = (index for row in table.rows[:_ROWS_LOOKED_AT] for index in grid.cells[row])
    return [
        ColumnSeen(
            column_letter(index),
            table.headers.get(index, ""),
            tuple(text[:_SAMPLE_CHARACTERS_MAX] for text in samples(grid, table, index)),
            slots.get(index),
        )
        for index in sorted({*table.headers, *slots, *beneath})[:_COLUMNS_MAX]
    ]


def _header_at(
    grid: Grid, row: int, below: int | None, spans: Mapping[tuple[int, int], tuple[int, int]], told: ColumnMap | None
) -> Table | None:
    forced = told is not None and told.header_row == row
    if told is not None and told.header_row is not None and not forced:
        return None
    if not forced and not _could_be_header(grid.cells[row]):
        return None
    first = _texts(grid, row)
    single = _columns(first, {}, spans, row, told)
    second = _texts(grid, below) if below is not None and _could_be_header(grid.cells[below], few=True) else {}
    rows: tuple[int, ...] = (row,)
    columns, headers = single, first
    if second and _is_second_row(first, second, spans, row, told):
        rows = (row, row + 1)
        columns = _columns(first, second, spans, row, told)
        headers = {**first, **second}
    if not forced and not _is_header(columns.values()):
        return None
    return Table(_layout(columns, headers, spans, row), rows, headers=headers)


def _could_be_header(cells: Mapping[int, Cell], few: bool = False) -> bool:
    """Cheap test before the words are looked at: texts only, short ones, no figures."""
    texts = labels = 0
    for cell in cells.values():
        value = cell.value
        if isinstance(value, str):
            labels += value.rstrip().endswith((":", "："))
            if len(value) <= HEADER_CHARACTERS_MAX and not value.replace(",", "").replace(".", "").isdecimal():
                texts += 1
        elif value is not None:
            return False
    labelled = labels and _LABELS_SHARE[0] * texts <= labels <= _LABELS_SHARE[1] * texts
    return texts >= (2 if few else _NAMED_MIN) and not labelled


def _texts(grid: Grid, row: int) -> dict[int, str]:
    return {
        column: cell.value
        for column, cell in sorted(grid.cells[row].items())
        if isinstance(cell.value, str) and cell.value.strip()
    }


def _spans(grid: Grid) -> dict[tuple[int, int], tuple[int, int]]:
    """Top left corner of each merged range -> (rows, columns) it covers."""
    return {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in grid.merged}


def _group_of(
    first: Mapping[int, str], second: Mapping[int, str], spans: Mapping[tuple[int, int], tuple[int, int]], row: int
) -> dict[int, str]:
    """The header above each column: its own, that of the merged range over it, or, where nothing is merged and the
    upper row has gaps, the one to the left."""
    groups = dict(first)
    for column, text in first.items():
        for further in range(1, spans.get((row, column), (1, 1))[1]):
            groups[column + further] = text
    merged = any(spans.get((row, column), (1, 1)) != (1, 1) for column in first)
    if not merged and sum(column not in first for column in second) >= _GAPS_MIN:
        for column in sorted(second):
            if column not in groups and column - 1 in groups:
                groups[column] = groups[column - 1]
    return groups


def _is_second_row(
    first: Mapping[int, str],
    second: Mapping[int, str],
    spans: Mapping[tuple[int, int], tuple[int, int]],
    row: int,
    told: ColumnMap | None,
) -> bool:
    """The row below belongs to the header when (nearly) all of its texts are names of columns."""
    if any(spans.get((row + 1, column), (1, 1))[1] > 2 for column in second):
        return False
    known = sum(_column(column, text, told) is not None for column, text in second.items())
    wide = any(spans.get((row, column), (1, 1))[1] > 1 for column in first)
    if not wide and 2 * sum(_column(column, text, told) is not None for column, text in first.items()) <= len(first):
        return False  # a line of the letterhead right above the header
    under_nothing = sum(column not in first for column in second)
    mostly = known >= 0.7 * len(second) and (wide or under_nothing >= _GAPS_MIN)
    return known >= 2 and (known == len(second) or mostly)


def _columns(
    first: Mapping[int, str],
    second: Mapping[int, str],
    spans: Mapping[tuple[int, int], tuple[int, int]],
    row: int,
    told: ColumnMap | None,
) -> dict[int, Column]:
    groups = _group_of(first, second, spans, row)
    members = Counter(groups.values())
    columns: dict[int, Column] = {}
    for index in sorted({**first, **second}):
        own, group = second.get(index), groups.get(index)
        shared = group is not None and members[group] > 1
        found: Column | None
        if own is None:
            found = _column(index, first[index], told) if index in first else None
        elif group is None:
            found = _column(index, own, told)
        elif shared:
            found = under(group, own) or _column(index, own, told)
            found = _named_by_group(found, group) if found else _column(index, f"{group}\n{own}", told)
        else:  # one column named twice, in two languages
            upper, lower = _column(index, group, told), _column(index, own, told)
            found = upper if upper is not None and (upper.exact or lower is None) else lower
            found = inherit(inherit(found, group), own) if found else None
        if found is not None:
            header = own if own is not None and (shared or group is None) else group or own or ""
            columns[index] = replace(found, index=index, header=header)
    return columns


def _named_by_group(column: Column, group: str) -> Column:
    """The column with what its group adds: qualifiers, and "NO." under ITEM is the item's number."""
    above = read_header(group)
    numbered = {"item": "item", "name": "item", "stall": "stall"}
    if column.field == "sequence" and above is not None and above.field in numbered:
        column = replace(column, field=numbered[above.field])
    return inherit(column, group)


def _column(index: int, header: str, told: ColumnMap | None) -> Column | None:
    return (told.column(index, header) if told is not None else None) or read_header(header)


def _is_header(columns: Any) -> bool:
    named = {column.field for column in columns if column.field != "other"}
    return len(named) >= _NAMED_MIN and bool(named & _TELLING) and sum(c.exact for c in columns) >= _NAMED_MIN


def _same_header(table: Table, header: Table) -> bool:
    """A header repeated on the next printed page."""
    before = {column: plain(text) for column, text in table.headers.items()}
    again = {column: plain(text) for column, text in header.headers.items()}
    same = sum(before.get(column) == text for column, text in again.items())
    return same >= 0.8 * max(len(before), len(again))


def _layout(
    columns: Mapping[int, Column],
    headers: Mapping[int, str],
    spans: Mapping[tuple[int, int], tuple[int, int]],
    row: int,
) -> Layout:
    layout = Layout()
    waiting: list[Column] = []
    for column in sorted(columns.values(), key=lambda c: (not c.exact, c.rank, c.index)):
        if column.field == "name":
            layout.names.append(column)
        elif column.field == "size" and spans.get((row, column.index), (1, 1))[1] == 3:
            for offset, side in enumerate(("length", "width", "height")):  # one header over three columns of figures
                layout.columns.setdefault(side, replace(column, field=side, index=column.index + offset))
        elif column.field == "carton_numbers" and spans.get((row, column.index), (1, 1))[1] in (2, 3):
            last = column.index + spans[row, column.index][1] - 1  # one header over the first and the last number
            layout.columns.setdefault("carton_numbers", column)
            layout.columns.setdefault("carton_to", replace(column, field="carton_to", index=last))
        elif not _taken(layout, column):
            layout.columns[_key(column)] = column
        else:
            waiting.append(column)
    for column in waiting:
        if column.otherwise and column.otherwise not in layout.columns:
            layout.columns[column.otherwise] = replace(column, field=column.otherwise)
    if "carton_from" in layout.columns and "carton_to" in layout.columns:
        layout.columns.setdefault("carton_numbers", layout.columns.pop("carton_from"))
    layout.names.sort(key=lambda c: c.index)
    _settle_measures(layout)
    layout.unknown = [(index, text) for index, text in headers.items() if index not in columns and text.strip()]
    return layout


def _key(column: Column) -> str:
    if column.field in _MEASURES and column.total:
        return f"{column.field}_total"
    if column.field in _MEASURES and column.per_carton:
        return f"{column.field}_carton"
    return column.field


def _taken(layout: Layout, column: Column) -> bool:
    return _key(column) in layout.columns


def _settle_measures(layout: Layout) -> None:
    """Beside a column "in all", one that does not say is per carton, and the other way round. A column "weight" without
    a word of gross or net is the gross weight where no other is."""
    if "weight" in layout.columns:
        weight = layout.columns.pop("weight")
        if not layout.has("gross", "gross_total", "gross_carton"):
            gross = replace(weight, field="gross")
            layout.columns[_key(gross)] = gross
    for measure in _MEASURES:
        plain_column = layout.columns.get(measure)
        if plain_column is None:
            continue
        for there, missing in ((f"{measure}_total", f"{measure}_carton"), (f"{measure}_carton", f"{measure}_total")):
            if there in layout.columns and missing not in layout.columns:
                layout.columns[missing] = layout.columns.pop(measure)
                break


def letter(column: Column | None) -> str:
    """Its letter in Excel, "" for no column."""
    return "" if column is None else column_letter(column.index)
