"""Each row of a table told for what it is: a line, a total, a stall's title, the second row of an item, a note.

Problem: between the lines of an order stand rows that are not lines, and counting one of them twice costs a customer
real money. Nothing marks them but how they look. Therefore each row is looked at as a whole, in this order: header
again? total? struck through? a line (an item or a name, with figures)? a stall's title? the second row of the item
above? a note.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from sundry.goods.orders.formats.grid import Cell, Grid
from sundry.goods.orders.reading.cells import NOTHING, Figure, carton_count, figure, show
from sundry.goods.orders.reading.layout import Layout, Table
from sundry.goods.orders.reading.numerals import uses_decimal_comma
from sundry.goods.orders.reading.vocabulary import plain, vocabulary

# Figures of a line, and those of them that a merged cell gives to every row it covers.
MEASURES = tuple(f"{name}{kind}" for name in ("volume", "gross", "net") for kind in ("", "_carton", "_total"))
FIGURES = ("cartons", "pieces_per_carton", "pieces", "price", "value", "length", "width", "height", *MEASURES)
_SHARED_BY_MERGE = frozenset(
    {"pieces_per_carton", "price", "length", "width", "height", "volume", "volume_carton", "gross", "gross_carton"}
    | {"net", "net_carton", "size"}
)
_ADDED_UP = frozenset(
    {"cartons", "pieces", "value", "gross_total", "net_total", "volume_total", "volume", "gross", "net"}
)
_LABEL_CHARACTERS_MAX = 40
_TITLE_CHARACTERS_MAX = 80
_TITLE_TEXTS_MAX = 8  # the stall, its telephone and its owner, each with a label
_STALL_CODE = re.compile(
    r"^(?:[A-Za-z]{0,4}\d{0,3}[-–]\d{2,6}[A-Za-z]?\b|.{0,4}区.{0,6}街.{0,8}\d|\d{1,2}(?:楼|[Ff]).{0,8}\d{2,})"
)
_PHONE = re.compile(r"(?:电话|手机|联系|tel|phone|mob|cel|móvil|teléfono|tél|هاتف|جوال|ت)\s*[:：.]?\s*\+?\d.*$|\+?\d[\d -]{9,}\d.*$", re.I)  # fmt: skip  # noqa: E501
_COMMA_SAMPLE_ROWS = 3000


@dataclass(slots=True)
class Draft:
    """A row that is a line, as far as its own cells tell. Figures are as typed, not yet made whole."""

    row: int
    table: Table
    stall: str
    item: str
    names: list[tuple[str, str]]  # (language, text) by name column
    figures: dict[str, Figure]
    carton_numbers: str = ""
    numbered_cartons: int | None = None
    size: str = ""
    texts: dict[str, str] = field(default_factory=dict)  # hs, unit, mark, note, currency, inspection, up, ...
    hidden: bool = False
    partly_struck: bool = False
    shares_cartons_with: int = 0  # the row whose merged carton cell covers this row

    def figure(self, slot: str) -> Figure:
        return self.figures.get(slot, NOTHING)

    def number(self, slot: str) -> Decimal | None:
        return self.figures.get(slot, NOTHING).number

    @property
    def layout(self) -> Layout:
        return self.table.layout


@dataclass(slots=True)
class TotalRow:
    row: int
    table: Table
    label: str
    figures: dict[str, Figure]
    lines_before: int  # how many drafts of the sheet stand above it


@dataclass(slots=True)
class SheetDrafts:
    name: str
    grid: Grid
    tables: list[Table]
    above: list[int] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    totals: list[TotalRow] = field(default_factory=list)
    struck: list[int] = field(default_factory=list)
    cancelled: list[int] = field(default_factory=list)  # by a word ("取消")
    unread: list[int] = field(default_factory=list)  # figures that belong to no line
    has_stalls: bool = False  # a stall column or stall titles


def read_drafts(grid: Grid, above: list[int], tables: list[Table]) -> SheetDrafts:
    """All rows of the sheet's tables, told apart."""
    sheet = SheetDrafts(grid.name, grid, tables, above)
    reader = _RowReader(sheet)
    for table in tables:
        reader.table(table)
    return sheet


class _RowReader:
    def __init__(self, sheet: SheetDrafts) -> None:
        self.sheet = sheet
        self.grid = sheet.grid
        self.covered = _covered(sheet.grid)
        self.decimal_comma = _decimal_comma(sheet.grid)
        self.words = vocabulary()
        self.stall = ""
        self.last_texts: dict[str, str] = {}
        self.last_row_was_line = False

    def table(self, table: Table) -> None:
        layout = table.layout
        if "stall" in layout.columns:
            self.sheet.has_stalls = True
        self.slots = {column.index: slot for slot, column in layout.columns.items()}
        self.name_columns = [column.index for column in layout.names]
        for row in table.rows:
            self.last_row_was_line = self._row(table, row, self.grid.cells[row])

    def _row(self, table: Table, row: int, cells: Mapping[int, Cell]) -> bool:
        """Reads one row; True when a following text row may belong to it."""
        strings = [
            (i, c.value.strip()) for i, c in sorted(cells.items()) if isinstance(c.value, str) and c.value.strip()
        ]
        figures = self._figures(table.layout, row)
        counted = self._own(table.layout, figures, row)
        if not strings and not any(found.number for found in counted.values()) and not counted:
            return self.last_row_was_line
        if self._is_labelled_stall(strings, cells):
            self._new_stall(strings)
            return False
        own_item = show(cells.get(table.layout.columns["item"].index)) if table.layout.has("item") else ""
        label = strings[0][1] if strings else ""
        if self._is_total(table.layout, strings, own_item, counted) or self._is_unlabelled_sum(strings, counted, cells):
            self.sheet.totals.append(TotalRow(row, table, label, figures, len(self.sheet.drafts)))
            return False
        if self._is_struck(table.layout, cells):
            self.sheet.struck.append(row)
            return False
        if any(plain(text) in self.words.cancelled for _, text in strings):
            self.sheet.cancelled.append(row)
            return False
        own_name = next((text for index, text in strings if index in self.name_columns), "")
        numbers = self._carton_numbers(table.layout, row)
        telling = counted.keys() & {"cartons", "pieces_per_carton", "pieces", "price"}
        if not telling and not numbers[1] and not (own_item and own_name and counted):
            return self._not_a_line(table, row, strings, own_item, own_name, counted)
        if not own_item and not own_name and not any(f.number for f in counted.values()):
            return False  # a prepared row of formulas without goods
        if not own_item and not own_name and self._waits_for_figures(row):
            self._complete(table, row, strings, figures)
            draft = self.sheet.drafts[-1]
            draft.numbered_cartons, draft.carton_numbers = numbers
            return True
        return self._line(table, row, cells, figures, numbers)

    def _new_stall(self, strings: list[tuple[int, str]]) -> None:
        self.stall = strip_stall(strings[0][1], *(text for _, text in strings[1:2]))
        self.sheet.has_stalls = True

    def _is_labelled_stall(self, strings: list[tuple[int, str]], cells: Mapping[int, Cell]) -> bool:
        """摊位：F1-2034, alone or with a telephone that happens to stand under a column of figures."""
        if not strings or len(strings) > _TITLE_TEXTS_MAX or len(strings[0][1]) > _TITLE_CHARACTERS_MAX:
            return False
        if any(isinstance(cell.value, float) or cell.formula for cell in cells.values()):
            return False
        head, colon, tail = strings[0][1].replace("：", ":").partition(":")
        labelled = bool(colon) and self.words.stall_prefixes.exactly(plain(head)) is not None
        return labelled and (len(strings) <= 3 if tail.strip() else len(strings) > 1)

    def _waits_for_figures(self, row: int) -> bool:
        """The row above names goods and has no figure at all: this is its second row."""
        if not self.sheet.drafts or not self.last_row_was_line:
            return False
        above = self.sheet.drafts[-1]
        return above.row == row - 1 and not above.figures and not above.carton_numbers

    def _figures(self, layout: Layout, row: int) -> dict[str, Figure]:
        found: dict[str, Figure] = {}
        for slot in FIGURES:
            column = layout.columns.get(slot)
            if column is None:
                continue
            cell = self.grid.get(row, column.index)
            if cell is None and slot in _SHARED_BY_MERGE:
                cell = self._above(row, column.index)
                if cell is None:
                    continue
            elif cell is None:
                continue
            read = figure(cell, self.decimal_comma)
            if not read.blank:
                found[slot] = read
        return found

    def _own(self, layout: Layout, figures: Mapping[str, Figure], row: int) -> dict[str, Figure]:
        return {slot: f for slot, f in figures.items() if self.grid.get(row, layout.columns[slot].index) is not None}

    def _above(self, row: int, column: int) -> Cell | None:
        """Of the merged range over a cell, where it begins in the same column: what is merged with the column beside it
        is a figure of that one, and 600 pieces are no price."""
        top, left = self.covered.get((row, column), (0, -1))
        return self.grid.get(top, left) if left == column else None

    def _covering(self, row: int, column: int) -> Cell | None:
        corner = self.covered.get((row, column))
        return self.grid.get(*corner) if corner else None

    def _is_total(
        self, layout: Layout, strings: list[tuple[int, str]], item: str, counted: Mapping[str, Figure]
    ) -> bool:
        if "price" in counted and counted["price"].number and "cartons" in counted and item:
            return False
        priced = any(slot in counted and counted[slot].number for slot in ("price", "pieces_per_carton"))
        for _, text in strings:
            if len(text) > _LABEL_CHARACTERS_MAX:
                continue
            bare = plain(text)
            exact = self.words.total_rows.exactly(bare) is not None
            if priced and not exact:  # 小计算器 is a pocket calculator
                continue
            starts = self.words.total_rows.start(bare)
            inside = self.words.total_rows.inside(bare) is not None
            numbered = re.match(r"共\s*\d", text) is not None
            has_identity = bool(item) and plain(item) != bare
            if exact or (starts and not has_identity) or ((inside or numbered) and not item and "price" not in counted):
                return True
        return False

    def _is_unlabelled_sum(
        self, strings: list[tuple[int, str]], counted: Mapping[str, Figure], cells: Mapping[int, Cell]
    ) -> bool:
        """Sums under the goods without a word: figures in columns that add up, and in no other."""
        if strings or not counted or not counted.keys() <= _ADDED_UP:
            return False
        return len(counted) > 1 or any("SUM" in (cell.formula or "").upper() for cell in cells.values())

    def _is_struck(self, layout: Layout, cells: Mapping[int, Cell]) -> bool:
        key = [cells[i] for i in self._key_columns(layout) if i in cells and show(cells[i])]
        return bool(key) and 2 * sum(cell.strike for cell in key) > len(key)

    def _key_columns(self, layout: Layout) -> list[int]:
        slots = ("item", "cartons", "carton_numbers", "pieces_per_carton", "pieces", "price")
        return [layout.columns[slot].index for slot in slots if slot in layout.columns] + self.name_columns

    def _not_a_line(
        self,
        table: Table,
        row: int,
        strings: list[tuple[int, str]],
        item: str,
        name: str,
        counted: Mapping[str, Figure],
    ) -> bool:
        """Title of a stall, second row of an item, a line that lacks every figure, or a note."""
        figures = any(found.number for found in counted.values())
        if strings and not figures and self._is_stall_title(table, row, strings, item):
            self._new_stall(strings)
            return False
        if self.last_row_was_line and not figures and self._continues(table, row, strings, item, name):
            self._second_row(table, strings)
            return True
        if self.last_row_was_line and figures and not item and self._adds_only_what_is_missing(counted):
            self._complete(table, row, strings, counted)
            return True
        short = len(item) <= 25 and not self.words.notes.start(plain(item))
        if item and name and short and not self.words.notes.start(plain(name)):
            found = self._figures(table.layout, row)
            return self._line(table, row, self.grid.cells[row], found, (None, ""))
        if figures:
            self.sheet.unread.append(row)
        return False

    def _is_stall_title(self, table: Table, row: int, strings: list[tuple[int, str]], item: str) -> bool:
        index, text = strings[0]
        if len(strings) > 3 or len(text) > _TITLE_CHARACTERS_MAX:
            return False
        bare = plain(text)
        if self.words.notes.start(bare):
            return False
        stall_column = table.layout.columns.get("stall")
        if stall_column is not None and index == stall_column.index and len(strings) == 1:
            return True
        if self.words.stall_prefixes.start(bare) or _STALL_CODE.match(text):
            return True
        wide = any(top == row and left <= index and right - left >= 2 for top, left, _, right in self.grid.merged)
        alone = len(strings) == 1 and stall_column is None
        return alone and (wide or (index not in self.name_columns and index <= min(self.name_columns, default=1)))

    def _continues(self, table: Table, row: int, strings: list[tuple[int, str]], item: str, name: str) -> bool:
        merged = any(self.covered.get((row, index), (row, 0))[0] < row for index in self._key_columns(table.layout))
        only_names = bool(strings) and all(index in self.name_columns for index, _ in strings)
        note = bool(strings) and self.words.notes.start(plain(strings[0][1])) != ""
        return merged or (only_names and not item and not note)

    def _adds_only_what_is_missing(self, counted: Mapping[str, Figure]) -> bool:
        """The lower row of an item holds its weights or its size, where the upper row has none."""
        figures = self.sheet.drafts[-1].figures
        return "value" not in counted and not any(slot in figures for slot in counted)

    def _complete(self, table: Table, row: int, strings: list[tuple[int, str]], counted: Mapping[str, Figure]) -> None:
        """Give the line above what this row adds to it."""
        draft = self.sheet.drafts[-1]
        draft.figures.update(counted)
        for slot in _TEXT_SLOTS:
            if (
                slot in table.layout.columns
                and slot not in draft.texts
                and (text := self._text(table.layout, slot, row))
            ):
                draft.texts[slot] = text
        draft.size = draft.size or self._text(table.layout, "size", row)
        self._second_row(table, strings)

    def _second_row(self, table: Table, strings: list[tuple[int, str]]) -> None:
        draft = self.sheet.drafts[-1]
        for index, text in strings:
            if index in self.name_columns:
                draft.names.append((_language_of(text), text))

    def _carton_numbers(self, layout: Layout, row: int) -> tuple[int | None, str]:
        column = layout.columns.get("carton_numbers")
        if column is None:
            return None, ""
        first = self.grid.get(row, column.index)
        until = layout.columns.get("carton_to")
        last = self.grid.get(row, until.index) if until is not None else None
        if show(first) and show(last):
            return carton_count(Cell(f"{show(first)}-{show(last)}"))
        return carton_count(first)

    def _line(
        self,
        table: Table,
        row: int,
        cells: Mapping[int, Cell],
        figures: dict[str, Figure],
        numbers: tuple[int | None, str],
    ) -> bool:
        layout = table.layout
        stall = self._text(layout, "stall", row)
        if stall:
            self.stall = strip_stall(stall)
        names = [
            (column.language, text)
            for column in layout.names
            if (text := self._text_at(row, column.index, f"name{column.index}"))
        ]
        texts = {slot: self._text(layout, slot, row) for slot in _TEXT_SLOTS if slot in layout.columns}
        struck = any(cell.strike for i in self._key_columns(layout) if (cell := cells.get(i)) is not None)
        shared = 0
        for slot in ("cartons", "carton_numbers"):
            corner = self.covered.get((row, layout.columns[slot].index)) if slot in layout.columns else None
            if corner is not None and corner[0] < row and self.grid.get(*corner) is not None:
                shared = corner[0]
        if shared and self._fold(shared, row, figures):
            return True
        self.sheet.drafts.append(
            Draft(
                row=row,
                table=table,
                stall=self.stall,
                item=self._text(layout, "item", row),
                names=names,
                figures=figures,
                numbered_cartons=numbers[0],
                carton_numbers=numbers[1],
                size=self._text(layout, "size", row),
                texts={slot: text for slot, text in texts.items() if text},
                hidden=row in self.grid.hidden_rows,
                partly_struck=struck,
                shares_cartons_with=shared,
            )
        )
        return True

    def _fold(self, first_row: int, row: int, figures: Mapping[str, Figure]) -> bool:
        """Add a row to the line whose cartons it shares (colours of one item mixed in each carton).

        Only where item and price are the line's own; other goods in the same carton stay a line, which is told.
        """
        line = next((draft for draft in reversed(self.sheet.drafts) if draft.row == first_row), None)
        if line is None:
            return False
        own_item = self._own_text(line.layout, "item", row)
        price = figures.get("price", line.figure("price"))
        if (own_item and own_item != line.item) or price.number != line.number("price"):
            return False
        for slot in ("pieces_per_carton", "pieces", "value"):
            more, before = figures.get(slot, NOTHING), line.figure(slot)
            if more.problem or before.problem or (more.number is None) != (before.number is None):
                return False
            if more.number is not None and before.number is not None:
                line.figures[slot] = replace(before, number=before.number + more.number, shown="", others=())
        return True

    def _own_text(self, layout: Layout, slot: str, row: int) -> str:
        column = layout.columns.get(slot)
        return show(self.grid.get(row, column.index)) if column is not None else ""

    def _text(self, layout: Layout, slot: str, row: int) -> str:
        column = layout.columns.get(slot)
        return "" if column is None else self._text_at(row, column.index, slot)

    def _text_at(self, row: int, column: int, key: str) -> str:
        """The text of a cell, of the merged cell over it, or of the cell above where it says "same"."""
        cell = self.grid.get(row, column)
        if cell is None or not show(cell):
            cell = self._covering(row, column)
        text = show(cell)
        if text and (text in self.words.ditto or plain(text) in self.words.ditto):
            text = self.last_texts.get(key, "")
        if text:
            self.last_texts[key] = text
        return text


_TEXT_SLOTS = ("hs", "unit", "mark", "note", "currency", "inspection", "up", "fragile", "restricted")


def strip_stall(text: str, beside: str = "") -> str:
    """A stall's own number and name, without the word before it and the owner and telephone after it. `beside`: the
    next cell, where the word has a cell of its own (摊位： | F1-2034)."""
    bare = " ".join(text.split())
    words = vocabulary().stall_prefixes
    if beside and words.exactly(plain(bare)):
        bare = " ".join(beside.split())
    head, colon, tail = bare.replace("：", ":").partition(":")
    if colon and tail.strip() and words.exactly(plain(head)):
        bare = tail.strip()
    elif _code_after_prefix(bare):
        bare = _code_after_prefix(bare)
    shorter = _without_contact(_PHONE.sub("", bare))
    return shorter.strip(" ,;，；-–—/|(（") or bare if shorter != bare else bare


def _without_contact(text: str) -> str:
    """F1-2034 Owner: Mr. Lin -> F1-2034. Not from the first word on: a shop may be called Mr. Lin."""
    words = text.split(" ")
    for place, word in enumerate(words[1:], 1):
        if vocabulary().contacts.exactly(plain(re.split("[:：]", word)[0])):
            return " ".join(words[:place])
    return text


def _code_after_prefix(text: str) -> str:
    """摊位F1-2034 -> F1-2034, where no colon parts them."""
    for length in range(min(8, len(text) - 1), 1, -1):
        if vocabulary().stall_prefixes.exactly(plain(text[:length])) and _STALL_CODE.match(text[length:].lstrip(" #.")):
            return text[length:].lstrip(" #.")
    return ""


def _covered(grid: Grid) -> dict[tuple[int, int], tuple[int, int]]:
    """Cells hidden under a merged range of several rows -> its top left corner."""
    return dict(_covered_cells(grid))


def _covered_cells(grid: Grid) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    for top, left, bottom, right in grid.merged:
        if bottom > top and (bottom - top) * (right - left + 1) < 100_000:
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    if (row, column) != (top, left):
                        yield (row, column), (top, left)


def _decimal_comma(grid: Grid) -> bool:
    """Whether the sheet's typed numbers use a comma as decimal mark."""
    votes = [0, 0]
    for row in list(grid.cells)[:_COMMA_SAMPLE_ROWS]:
        for cell in grid.cells[row].values():
            if isinstance(cell.value, str) and len(cell.value) < 20:
                told = uses_decimal_comma(cell.value)
                if told is not None:
                    votes[told] += 1
    return votes[True] > votes[False]


def _language_of(text: str) -> str:
    if re.search(r"[\u3400-\u9fff]", text):
        return "zh"
    return "ar" if re.search(r"[\u0600-\u06ff]", text) else ""
