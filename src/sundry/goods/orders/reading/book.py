"""The whole book: sheets that are order lists, sheets that only sum them up, lines that stand twice.

Problem: an agent keeps one sheet a stall and a summary in front; adding them all doubles the order. Therefore a sheet
without goods and prices is no list, and a sheet whose lines (nearly) all stand on the other sheets is a summary: both
are told and not counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from sundry.goods.orders.formats.checked_book import FINDINGS_SHEET_PREFIX
from sundry.goods.orders.formats.grid import Grid, column_letter
from sundry.goods.orders.reading.cells import show
from sundry.goods.orders.reading.corrections import correct
from sundry.goods.orders.reading.drafts import SheetDrafts, read_drafts, strip_stall
from sundry.goods.orders.reading.formulas import fill_missing_values
from sundry.goods.orders.reading.layout import ColumnMap, Table, all_columns, find_tables, letter, samples
from sundry.goods.orders.reading.lines import LineReader, Result
from sundry.goods.orders.reading.mapping import header_key
from sundry.goods.orders.reading.totals import cancelled_by_hiding, total_findings
from sundry.goods.orders.reading.vocabulary import plain, vocabulary
from sundry.goods.orders.rules import CheckRules, Correction, Line, OrderBook, SetAside, TableColumns
from sundry.kernel.findings import Finding, Severity, note, warning
from sundry.kernel.money import exponent

_CURRENCY_CONTEXT = re.compile(
    r"单位|币|currency|moneda|devise|عمله|العمله|валюта|all prices|precios|prix", re.IGNORECASE
)
_SUMMARY_SHARE = 0.9
_ROWS_MIN = 3

MapOf = Callable[[Sequence[str]], ColumnMap | None]
"""Gives the remembered column map of a header row, None if there is none."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """`currency` where the book names none; `column_map` what the person said her columns are; `corrections` what she
    typed in place of cells. `for_wishes`: cartons may be missing; `priced` False: prices, too: `understand_wishes`.
    """

    day: date
    currency: str = "CNY"
    column_map: ColumnMap | None = None
    remembered: MapOf | None = None
    corrections: Sequence[Correction] = ()
    for_wishes: bool = False
    priced: bool = True


@dataclass(slots=True)
class _Sheet:
    drafts: SheetDrafts
    results: list[Result] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.drafts.name


def understand(file: str, grids: Sequence[Grid], options: ReadOptions) -> OrderBook:
    """The lines of a workbook and everything that is wrong with it. UsageError: a correction outside of the book."""
    corrected = correct(grids, options.corrections)
    findings: list[Finding] = []
    tables: list[TableColumns] = []
    lost = fill_missing_values(grids)
    if lost:
        findings.append(note("formulas_not_computed", details={"count": lost}))
    sheets = [sheet for grid in grids if (sheet := _sheet(grid, options, findings, tables)) is not None]
    rules = CheckRules.at(options.day)
    for sheet in sheets:
        _read_lines(sheet, rules, options, several=len(sheets) > 1)
    for summary in _summaries(sheets):
        findings.append(warning("summary_not_counted", sheet=summary.name, value=summary.name))
        sheets.remove(summary)
    for sheet in sheets:
        findings += _close_sheet(sheet)
    lines = [result.line for sheet in sheets for result in sheet.results if result.line is not None]
    aside = [
        SetAside(sheet.name, result.draft.row) for sheet in sheets for result in sheet.results if result.line is None
    ]
    findings += _duplicates(lines, sheets)
    if not lines and not aside:
        findings.append(_nothing_found(grids))
    findings += [_under_its_header(finding, tables) for finding in corrected]
    return OrderBook(file, tuple(lines), tuple(aside), tuple(_in_order(file, findings, grids)), tuple(tables))


def understand_wishes(file: str, grids: Sequence[Grid], options: ReadOptions) -> OrderBook:
    """The lines of somebody's list of what she would buy: it may leave out cartons, and prices where no sheet has any.

    A book of which one sheet is priced has its lines there: sheets without prices beside it are packing lists.
    """
    book = understand(file, grids, replace(options, for_wishes=True))
    if book.lines or book.set_aside:
        return book
    return understand(file, grids, replace(options, for_wishes=True, priced=False))


def _columns_of(grid: Grid, table: Table, *, priced: bool) -> TableColumns:
    columns = {slot: (letter(column), column.header) for slot, column in table.layout.columns.items()}
    if table.layout.names:
        columns["name"] = letter(table.layout.names[0]), table.layout.names[0].header
    headers = tuple(table.headers.values())
    seen = tuple(all_columns(grid, table))
    is_list = _is_order_list(table, priced=priced)
    return TableColumns(grid.name, table.header_rows[-1], columns, headers, header_key(headers), is_list, seen)


def _under_its_header(finding: Finding, tables: Sequence[TableColumns]) -> Finding:
    """A finding about a cell with the text of the cell's column."""
    table = next((t for t in reversed(tables) if t.sheet == finding.sheet and t.header_row < finding.row), None)
    header = next((seen.header for seen in table.seen if seen.letter == finding.column), "") if table else ""
    return replace(finding, header=header)


def _sheet(grid: Grid, options: ReadOptions, findings: list[Finding], seen: list[TableColumns]) -> _Sheet | None:
    """The sheet's rows told apart, None where it is no order list (which is told). Its tables are added to `seen`."""
    if not grid.cells or grid.name.startswith(FINDINGS_SHEET_PREFIX):
        return None
    if grid.hidden:
        findings.append(warning("hidden_sheet", sheet=grid.name, value=grid.name))
        return None
    above, tables = find_tables(grid, options.column_map)
    if options.column_map is None and options.remembered is not None:
        above, tables = _with_remembered(grid, above, tables, options.remembered)
    seen += [_columns_of(grid, table, priced=options.priced) for table in tables]
    lists = [table for table in tables if _is_order_list(table, priced=options.priced)]
    if not lists:
        findings.append(_no_list(grid, tables))
        return None
    sheet = _Sheet(read_drafts(grid, above, lists))
    for table in lists:
        if table.layout.unknown:
            sheet.findings.append(_unknown_columns(grid, table))
    return sheet


def _with_remembered(
    grid: Grid, above: list[int], tables: list[Table], remembered: MapOf
) -> tuple[list[int], list[Table]]:
    for table in tables:
        known = remembered(list(table.headers.values()))
        if known is not None:
            return find_tables(grid, known)
    if not tables:  # a header of which we know no word may still be one that a person explained once
        for row in sorted(grid.cells)[:60]:
            for headers in _headers_at(grid, row):
                known = remembered(headers)
                if known is not None:
                    return find_tables(grid, ColumnMap(known.fields, row))
    return above, tables


def _headers_at(grid: Grid, row: int) -> Iterable[list[str]]:
    """The texts of a row, and those of a header of two rows that begins there."""
    upper, lower = ({i: show(c) for i, c in sorted(grid.cells.get(at, {}).items()) if show(c)} for at in (row, row + 1))
    yield list(upper.values())
    yield list({**upper, **lower}.values())


def _is_order_list(table: Table, *, priced: bool) -> bool:
    """An order list names goods, counts them and prices them; one of wishes may leave the prices out."""
    layout = table.layout
    named = layout.has("item") or bool(layout.names)
    counted = layout.has("cartons", "carton_numbers", "pieces", "pieces_per_carton")
    return named and counted and (layout.has("price", "value") or not priced)


def _no_list(grid: Grid, tables: Sequence[Table]) -> Finding:
    if tables:
        row = tables[0].header_rows[-1]
        headers = " | ".join(" ".join(text.split()) for text in tables[0].headers.values())
        return note("sheet_is_no_list", sheet=grid.name, row=row, value=headers)
    widest = max(grid.cells, key=lambda row: len(grid.cells[row]))
    columns = "; ".join(f"{column_letter(column)}: {show(cell)}" for column, cell in sorted(grid.cells[widest].items()))
    return warning("header_not_found", sheet=grid.name, row=widest, value=columns[:400])


def _unknown_columns(grid: Grid, table: Table) -> Finding:
    shown = "; ".join(
        f"{column_letter(column)} “{' '.join(header.split())}” ({', '.join(samples(grid, table, column)) or '–'})"
        for column, header in table.layout.unknown
    )
    first, header = table.layout.unknown[0]
    return note(
        "columns_unknown",
        sheet=grid.name,
        row=table.header_rows[-1],
        column=column_letter(first),
        header=header,
        value=shown[:600],
        details={"columns": shown},
    )


def _read_lines(sheet: _Sheet, rules: CheckRules, options: ReadOptions, several: bool) -> None:
    currency = _sheet_currency(sheet.drafts) or options.currency
    reader = LineReader(
        sheet.drafts, rules, currency, _sheet_stall(sheet.drafts, several), for_wishes=options.for_wishes
    )
    sheet.results = reader.read()
    sheet.findings += reader.sheet_findings


def _sheet_currency(drafts: SheetDrafts) -> str | None:
    """From a remark above the table: 单位：元 / 公斤."""
    for text in _texts_above(drafts):
        if _CURRENCY_CONTEXT.search(plain(text)):
            found = vocabulary().currencies.inside(plain(text))
            if found:
                return found
    return None


def _sheet_stall(drafts: SheetDrafts, several: bool) -> str:
    """The stall of a sheet without stall column or stall titles: from above the table, or the sheet's name."""
    if drafts.has_stalls:
        return ""
    words = vocabulary()
    name = drafts.name.strip()
    for text, beside in _titles_above(drafts):
        stripped = strip_stall(text, beside)
        if words.stall_prefixes.start(plain(text)) and stripped != " ".join(text.split()):
            return name if _is_called(stripped, name) else stripped
    bare = re.sub(r"\d+$", "", plain(name)).strip()
    if not several or not name or words.plain_sheets.exactly(bare) or words.summary_sheets.exactly(plain(name)):
        return ""
    return strip_stall(name)


def _is_called(stall: str, name: str) -> bool:
    """Whether the sheet's name is the number of the stall, after which its title says more."""
    rest = stall.removeprefix(name)
    return any(c.isdigit() for c in name) and len(name) > 2 and rest != stall and not rest[:1].isalnum()


def _titles_above(drafts: SheetDrafts) -> Iterable[tuple[str, str]]:
    """Each text above the table, with the one beside it."""
    for row in drafts.above:
        texts = [show(cell) for _, cell in sorted(drafts.grid.cells[row].items()) if show(cell)]
        yield from zip(texts, [*texts[1:], ""], strict=True)


def _texts_above(drafts: SheetDrafts) -> Iterable[str]:
    for row in drafts.above:
        for _, cell in sorted(drafts.grid.cells[row].items()):
            if isinstance(cell.value, str):
                yield cell.value.strip()


def _signature(result: Result) -> tuple[str, ...]:
    draft = result.draft
    counted = [draft.number(slot) for slot in ("cartons", "pieces", "price")]
    return (plain(draft.item), plain(draft.names[0][1]) if draft.names else "", *(str(n) for n in counted))


def _summaries(sheets: Sequence[_Sheet]) -> list[_Sheet]:
    """Sheets whose lines (nearly) all stand on the other sheets, too, or are sums of them."""
    found = [sheet for sheet in sheets if _only_sums(sheet, sheets)]
    sheets = [sheet for sheet in sheets if sheet not in found]
    words = vocabulary()
    for sheet in sorted(sheets, key=lambda s: -len(s.results)):
        others = Counter(
            _signature(r) for other in sheets if other is not sheet and other not in found for r in other.results
        )
        mine = Counter(_signature(result) for result in sheet.results)
        if len(sheet.results) < _ROWS_MIN and not words.summary_sheets.inside(plain(sheet.name)):
            continue
        repeated = sum(min(count, others[signature]) for signature, count in mine.items())
        named = words.summary_sheets.inside(plain(sheet.name)) is not None
        spread = sum(any(_signature(r) in mine for r in other.results) for other in sheets if other is not sheet) >= 2
        if mine and repeated >= _SUMMARY_SHARE * len(sheet.results) and (named or spread):
            found.append(sheet)
    return found


def _only_sums(sheet: _Sheet, sheets: Sequence[_Sheet]) -> bool:
    """Whether (nearly) every line takes its quantities or its amount from another list by formula, or is as many
    cartons, or as much money, as the whole of another list."""
    others = [other for other in sheets if other is not sheet and other.name]
    if not others or not sheet.results:
        return False
    names = "|".join(re.escape(other.name.replace("'", "''")) for other in others)
    pattern = re.compile(f"(?<![\\w'])'?(?:{names})'?!", re.IGNORECASE)
    wholes = {whole for other in others if len(other.results) > 1 for whole in _whole_of(other)}
    referring = summing = 0
    for result in sheet.results:
        columns = (result.draft.layout.columns.get(slot) for slot in ("cartons", "pieces", "value"))
        cells = (sheet.drafts.grid.get(result.draft.row, column.index) for column in columns if column is not None)
        referring += any(cell is not None and pattern.search(cell.formula or "") is not None for cell in cells)
        summing += {("cartons", result.draft.number("cartons")), ("value", result.draft.number("value"))} <= wholes
    least = _SUMMARY_SHARE * len(sheet.results)
    return referring >= least or (len(sheet.results) > 1 and summing >= least)


def _whole_of(sheet: _Sheet) -> set[tuple[str, Decimal]]:
    """Cartons and amount of a list as its rows state them, and as they were computed."""
    drafts = [result.draft for result in sheet.results]
    lines = [result.line for result in sheet.results if result.line is not None]
    whole = {(slot, sum((d.number(slot) or Decimal(0) for d in drafts), Decimal(0))) for slot in ("cartons", "value")}
    money = sum((Decimal(line.value_minor).scaleb(-exponent(line.currency)) for line in lines), Decimal(0))
    return whole | {("cartons", Decimal(sum(line.cartons for line in lines))), ("value", money)}


def _close_sheet(sheet: _Sheet) -> list[Finding]:
    """Hidden rows that the totals leave out go; what is left is told."""
    drafts = sheet.drafts
    gone = cancelled_by_hiding(drafts, sheet.results)
    findings = sheet.findings
    told = [(row, "row_struck_through") for row in drafts.struck]
    told += [(row, "row_cancelled_by_word") for row in drafts.cancelled]
    told += [(row, "row_hidden_not_counted") for row in gone]
    shipped_hidden = [r.draft.row for r in sheet.results if r.draft.hidden and r.draft.row not in gone]
    told += [(row, "row_hidden_but_counted") for row in shipped_hidden]
    findings += [note(rule, sheet=sheet.name, row=row, value=_row_text(drafts, row)) for row, rule in told]
    findings += [
        warning("row_not_understood", sheet=sheet.name, row=row, value=_row_text(drafts, row)) for row in drafts.unread
    ]
    findings += total_findings(drafts, sheet.results, gone)
    sheet.results = [result for result in sheet.results if result.draft.row not in gone]
    for result in sheet.results:
        findings += result.findings
    return findings


def _row_text(drafts: SheetDrafts, row: int) -> str:
    return " | ".join(show(cell) for _, cell in sorted(drafts.grid.cells[row].items()) if show(cell))[:200]


def _duplicates(lines: Sequence[Line], sheets: Sequence[_Sheet]) -> list[Finding]:
    """The same stall, item, packing, quantity and price again: told at the later row, both ship."""
    tables: Mapping[tuple[str, int], Table] = {
        (sheet.name, result.draft.row): result.draft.table for sheet in sheets for result in sheet.results
    }
    seen: dict[tuple[object, ...], Line] = {}
    findings = []
    for line in lines:
        if not line.item and not line.name:
            continue
        key = (line.stall, line.item or line.name, line.pieces_per_carton, line.pieces, line.unit_price, line.currency)
        first = seen.setdefault(key, line)
        if first is line:
            continue
        layout = tables[line.sheet, line.row].layout
        column = layout.columns.get("item") or (layout.names[0] if layout.names else None)
        findings.append(
            warning(
                "duplicate_line",
                sheet=line.sheet,
                row=line.row,
                column=letter(column),
                header="" if column is None else column.header,
                value=line.item or line.name,
                details={"other_row": first.row, "other_sheet": first.sheet},
            )
        )
    return findings


def _nothing_found(grids: Sequence[Grid]) -> Finding:
    first = grids[0].name if grids else ""
    return Finding(Severity.ERROR, "no_lines_found", sheet=first)


def _in_order(file: str, findings: Iterable[Finding], grids: Sequence[Grid]) -> list[Finding]:
    place = {grid.name: number for number, grid in enumerate(grids)}
    ordered = sorted(findings, key=lambda f: (place.get(f.sheet, -1), f.row, f.column))
    return [finding.at(file=file, sheet=finding.sheet, row=finding.row) for finding in ordered]
