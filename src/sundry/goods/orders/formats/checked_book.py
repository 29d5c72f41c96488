"""Her own book with the findings marked in its cells, to mend and ship again.

Problem: a list of sixty findings beside a book of six hundred rows means sixty times searching for a cell. And a book
that a library has read and written again has lost the WPS pictures, the print settings, the cached values: it is no
longer hers. Therefore we mark HER file: a fill by severity, a comment with the message, one added sheet with all
findings, and nothing else in the package changes by a byte.

    finding  error   报价单 F7   "cartons missing"      ->  F7 red, comment "Error: cartons missing"
    finding  warning 报价单 row 9, no column            ->  the first filled cell of row 9 amber, with its comment
    finding  note    the book as a whole               ->  only in the added sheet

What a person typed in place of cells stands in them, and the values of the formulas that hang on it are the new ones.

Guarantees: a book checked twice equals a book checked once (our old fills, comments and sheet are taken off first, also
after Excel, WPS or LibreOffice have saved the book in between); her own fills come back, her own comments stay.
"""

from __future__ import annotations

import datetime
import math
import re
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from lxml import etree

from sundry.goods.orders.formats.checked_findings import (
    FINDINGS_SHEET_NAME,
    FINDINGS_SHEET_PREFIX,
    findings_sheet,
    plain_text,
    read_record,
    shared_texts,
)
from sundry.goods.orders.formats.checked_notes import Notes, blocks_used
from sundry.goods.orders.formats.checked_package import Package, parse, serialise
from sundry.goods.orders.formats.checked_sheet import COLUMNS_MAX, ROW_MARK, ROWS_MAX, SheetEdit, worse
from sundry.goods.orders.formats.checked_styles import Styles
from sundry.goods.orders.formats.grid import Cell, CellError, Grid, column_letter, column_number
from sundry.kernel.errors import UnusableInput
from sundry.kernel.findings import Finding, Severity
from sundry.kernel.messages import render

__all__ = ["FINDINGS_SHEET_NAME", "FINDINGS_SHEET_PREFIX", "write_checked_book", "write_checked_from_grid"]

_WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_BEFORE_CALC_PR = {
    *("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups"),
    *("externalReferences", "definedNames"),
}
_BARE_STYLES = '<styleSheet xmlns="{}"/>'


def write_checked_book(
    source: Path,
    target: Path,
    findings: Sequence[Finding],
    *,
    language: str,
    values: Mapping[tuple[str, int, int], Cell | None] | None = None,
) -> None:
    """Write the .xlsx or .xlsm `source` with `findings` marked to `target`, an .xlsx (macros are left out).

    `values`: (sheet, row from 1, column from 0) -> what the cell holds now, None for nothing. `target` is written
    directly; atomicity is the caller's. UnusableInput: the package is damaged.
    """
    try:
        with Package(source) as package:
            _CheckedBook(package, findings, language, values or {}).mark()
            package.write(target)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, ExpatError, KeyError, ValueError, EOFError) as fault:
        raise UnusableInput("checked_book_damaged", file=source.name, fault=type(fault).__name__) from fault


@dataclass(slots=True)
class _Sheet:
    """One sheet of the book. `found`: row -> column (or ROW_MARK) -> indexes of its findings."""

    name: str
    part: str
    found: dict[int, dict[int, list[int]]] = field(default_factory=dict)
    values: dict[int, dict[int, Cell | None]] = field(default_factory=dict)
    notes: Notes | None = None
    comments_part: str | None = None
    vml_part: str | None = None


class _CheckedBook:
    def __init__(
        self,
        package: Package,
        findings: Sequence[Finding],
        language: str,
        values: Mapping[tuple[str, int, int], Cell | None],
    ) -> None:
        self.package, self.findings, self.language = package, findings, language
        found = package.relationships("").of_type("officeDocument")
        if found is None:
            raise KeyError("officeDocument")
        self.part = found[1]
        self.book = parse(package.read(self.part))
        self.namespace = etree.QName(self.book).namespace or ""
        self.links = package.relationships(self.part)
        self.sheets, self.ours = self._list_sheets()
        by_name = {sheet.name: sheet for sheet in self.sheets}
        for (name, row, column), cell in values.items():
            by_name[name].values.setdefault(row, {})[column] = cell
        self.marked = [""] * len(findings)  # the cell that carries each finding
        self.checked_before = self.ours is not None or any(self._notes(sheet)[0].has_ours() for sheet in self.sheets)
        self.styles_part, self.styles = self._open_styles()

    def mark(self) -> None:
        self._sort_findings()
        used = (block for sheet in self.sheets for block in blocks_used(self._notes(sheet)[0].vml))
        block = 1 + max(used, default=0)
        for sheet in self.sheets:
            if sheet.found or sheet.values or self.checked_before:
                block = self._mark_sheet(sheet, block)
        if any(sheet.values for sheet in self.sheets):
            self._let_it_compute()
        self._put_findings_sheet()
        self.package.put(self.styles_part, self.styles.to_bytes())
        self.package.drop_macros(self.part)

    # -- opening

    def _list_sheets(self) -> tuple[list[_Sheet], str | None]:
        """The worksheets, without our own; and the part of our own, None if the book has none."""
        sheets, ours = [], None
        for entry in self.book.iterfind(f"{{{self.namespace}}}sheets/{{{self.namespace}}}sheet"):
            name = entry.get("name", "")
            identifier = next((str(v) for k, v in entry.attrib.items() if str(k).endswith("}id")), "")
            part = self.links.target(identifier)
            if part is None or not self.package.has(part):
                continue
            if name.startswith(FINDINGS_SHEET_PREFIX):
                ours = ours or part
            elif self._is_worksheet(identifier):
                sheets.append(_Sheet(name, part))
        return sheets, ours

    def _is_worksheet(self, identifier: str) -> bool:
        return any(
            entry.get("Id") == identifier and entry.get("Type", "").endswith("/worksheet") for entry in self.links.root
        )

    def _open_styles(self) -> tuple[str, Styles]:
        record: Mapping[int, str] = {}
        if self.ours is not None:
            strings = self.links.of_type("sharedStrings")
            texts = shared_texts(self.package.read(strings[1])) if strings and self.package.has(strings[1]) else []
            record = read_record(self.package.read(self.ours), texts)
        found = self.links.of_type("styles")
        if found is not None and self.package.has(found[1]):
            return found[1], Styles(self.package.read(found[1]), record, self.checked_before)
        part = self.package.free_name("xl/styles{}.xml")
        self.links.add(self._kind("styles"), part)
        self.package.set_type(part, _STYLES_TYPE)
        self.package.put_relationships(self.part, self.links)
        return part, Styles(_BARE_STYLES.format(self.namespace).encode(), record, self.checked_before)

    def _kind(self, name: str) -> str:
        """The full type of a relationship, in the dialect (transitional or strict) of the book."""
        if self.namespace.startswith("http://purl.oclc.org/"):
            return f"http://purl.oclc.org/ooxml/officeDocument/relationships/{name}"
        return f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{name}"

    def _sort_findings(self) -> None:
        by_name = {sheet.name: sheet for sheet in self.sheets}
        for index, finding in enumerate(self.findings):
            sheet = by_name.get(finding.sheet)
            if sheet is None or not 0 < finding.row <= ROWS_MAX:
                continue
            column = column_number(finding.column) if re.fullmatch("[A-Z]{1,3}", finding.column) else ROW_MARK
            column = column if column < COLUMNS_MAX else ROW_MARK
            sheet.found.setdefault(finding.row, {}).setdefault(column, []).append(index)

    # -- one sheet

    def _mark_sheet(self, sheet: _Sheet, block: int) -> int:
        """Fills and comments of one sheet; the next free block of shape ids."""
        marks = {
            row: {column: self._worst(indexes) for column, indexes in columns.items()}
            for row, columns in sheet.found.items()
        }
        edit = SheetEdit(self.package.read(sheet.part), marks, self.styles, sheet.values)
        notes, comments_part, vml_part = self._notes(sheet)
        notes.remove_ours()
        for (row, column), indexes in self._by_cell(sheet, edit).items():
            notes.add(row, column, self._comment(row, column, indexes))
        block = self._put_notes(sheet, edit, notes, (comments_part, vml_part), block)
        self.package.put(sheet.part, edit.to_bytes())
        return block

    def _worst(self, indexes: Sequence[int]) -> Severity:
        worst = self.findings[indexes[0]].severity
        for index in indexes[1:]:
            worst = worse(worst, self.findings[index].severity)
        return worst

    def _by_cell(self, sheet: _Sheet, edit: SheetEdit) -> dict[tuple[int, int], list[int]]:
        """(row, column) of the marked cells -> indexes of their findings, as given."""
        cells: dict[tuple[int, int], list[int]] = {}
        for row, columns in sheet.found.items():
            for column, indexes in columns.items():
                place = (row, edit.places[row]) if column == ROW_MARK else edit.anchor(row, column)
                cells.setdefault(place, []).extend(indexes)
                for index in indexes:
                    self.marked[index] = f"{column_letter(place[1])}{place[0]}"
        return {place: sorted(cells[place]) for place in sorted(cells)}

    def _comment(self, row: int, column: int, indexes: Sequence[int]) -> str:
        """The messages of one cell, worst first; those about another row of a merged cell say which."""
        texts = []
        for severity in Severity:
            word = render(f"checked_severity_{severity}", self.language, {})
            for finding in (self.findings[index] for index in indexes):
                if finding.severity != severity:
                    continue
                message = finding.message(self.language)
                own = f"{finding.column}{finding.row}"
                if finding.row == row and finding.column in ("", column_letter(column)):
                    texts.append(render("checked_comment", self.language, {"severity": word, "message": message}))
                else:
                    told = {"severity": word, "cell": own, "message": message}
                    texts.append(render("checked_comment_at", self.language, told))
        return plain_text("\n".join(dict.fromkeys(texts)))

    def _notes(self, sheet: _Sheet) -> tuple[Notes, str | None, str | None]:
        """The comments of a sheet and the names of their two parts, None where there are none."""
        links = self.package.relationships(sheet.part)
        comments, vml = links.of_type("comments"), links.of_type("vmlDrawing")
        comments_part = comments[1] if comments and self.package.has(comments[1]) else None
        vml_part = vml[1] if vml and self.package.has(vml[1]) else None
        notes = Notes(
            self.package.read(comments_part) if comments_part else None,
            self.package.read(vml_part) if vml_part else None,
            self.namespace,
        )
        return notes, comments_part, vml_part

    def _put_notes(
        self, sheet: _Sheet, edit: SheetEdit, notes: Notes, parts: tuple[str | None, str | None], block: int
    ) -> int:
        links = self.package.relationships(sheet.part)
        comments_part, vml_part = parts
        vml, block = notes.vml_bytes(block)
        if len(notes):
            if comments_part is None:
                comments_part = self.package.free_name("xl/commentsSundry{}.xml")
                links.add(self._kind("comments"), comments_part)
                self.package.set_type(comments_part, _COMMENTS_TYPE)
            if vml_part is None:
                vml_part = self.package.free_name("xl/drawings/vmlDrawingSundry{}.vml")
                edit.set_drawing(links.add(self._kind("vmlDrawing"), vml_part))
                self.package.set_default_type("vml", _VML_TYPE)
            self.package.put(comments_part, notes.comments_bytes())
            self.package.put(vml_part, vml)
        else:
            self._drop_empty_notes(edit, links, notes, comments_part, vml_part)
        self.package.put_relationships(sheet.part, links)
        return block

    def _drop_empty_notes(
        self, edit: SheetEdit, links: Any, notes: Notes, comments_part: str | None, vml_part: str | None
    ) -> None:
        """No comment is left: their parts go; the drawing stays if it holds something else (a button, say)."""
        if comments_part is not None:
            self.package.remove(comments_part)
            links.remove(links.of_type("comments")[0])
        if vml_part is None:
            return
        if notes.has_shapes:
            self.package.put(vml_part, notes.vml)
            return
        self.package.remove(vml_part)
        links.remove(links.of_type("vmlDrawing")[0])
        edit.set_drawing(None)

    def _let_it_compute(self) -> None:
        """Let Excel compute on opening what we cannot. Its list of formulas goes: one that names a cell whose formula
        is gone is damage to Excel, which makes the list anew."""
        if (found := self.links.of_type("calcChain")) is not None:
            self.package.remove(found[1])
            self.links.remove(found[0])
            self.package.put_relationships(self.part, self.links)
        tag = f"{{{self.namespace}}}calcPr"
        settings = self.book.find(tag)
        if settings is None:
            settings = etree.Element(tag)
            before = [child for child in self.book if etree.QName(child).localname in _BEFORE_CALC_PR]
            before[-1].addnext(settings)
        settings.set("fullCalcOnLoad", "1")
        self.package.put(self.part, serialise(self.book))

    # -- the added sheet

    def _put_findings_sheet(self) -> None:
        xml = findings_sheet(self.findings, self.marked, self.styles, self.namespace, self.language)
        if self.ours is not None:
            self.package.put(self.ours, xml)
            empty = self.package.relationships(self.ours)
            for entry in list(empty.root):
                empty.root.remove(entry)
            self.package.put_relationships(self.ours, empty)
            return
        part = self.package.free_name("xl/worksheets/sheetSundry{}.xml")
        self.package.put(part, xml)
        self.package.set_type(part, _WORKSHEET_TYPE)
        identifier = self.links.add(self._kind("worksheet"), part)
        self.package.put_relationships(self.part, self.links)
        family = self.book.find(f"{{{self.namespace}}}sheets")
        if family is None:
            raise KeyError("sheets")
        entry = etree.SubElement(family, f"{{{self.namespace}}}sheet")
        entry.set("name", FINDINGS_SHEET_NAME)
        taken = [int(other.get("sheetId", "0")) for other in family if other.get("sheetId", "").isdigit()]
        entry.set("sheetId", str(max(taken, default=0) + 1))
        entry.set(f"{{{self._kind('')[:-1]}}}id", identifier)
        self.package.put(self.part, serialise(self.book))


# -- books that are no package: .xls, .ods, .csv


def write_checked_from_grid(
    sheets: Sequence[Grid], target: Path, findings: Sequence[Finding], *, language: str
) -> None:
    """Write the cells of a book that is no .xlsx (.xls, .ods, .csv) as an .xlsx with the findings marked.

    Of a formula only the value is written: another program's is not Excel's. Texts stay texts, whatever they begin
    with. A sheet without a name (CSV) becomes `Sheet1`.
    """
    kept = [sheet for sheet in sheets if not sheet.name.startswith(FINDINGS_SHEET_PREFIX)]
    names = _sheet_names(sheet.name for sheet in kept)
    renamed = [replace(f, sheet=names[f.sheet]) if f.sheet in names else f for f in findings]
    with tempfile.TemporaryDirectory(prefix="sundry-") as folder:
        plain = Path(folder) / "plain.xlsx"
        _write_plain(kept, names, plain)
        write_checked_book(plain, target, renamed, language=language)


def _sheet_names(given: Iterable[str]) -> dict[str, str]:
    """The names that Excel allows: 31 characters, none of []:*?/\\, no two alike without regard to case."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for name in given:
        base = plain_text(re.sub(r"[\[\]:*?/\\]", "_", name)).strip("'")[:31].strip() or "Sheet1"
        allowed, number = base, 2
        while allowed.lower() in taken or allowed.lower() == "history":
            allowed = f"{base[:26]} ({number})"
            number += 1
        taken.add(allowed.lower())
        names.setdefault(name, allowed)
    return names


def _write_plain(sheets: Sequence[Grid], names: Mapping[str, str], target: Path) -> None:
    import xlsxwriter

    # Without merged cells the rows can be written as they come; a merged range needs the sheet in memory.
    streamed = not any(sheet.merged for sheet in sheets)
    book = xlsxwriter.Workbook(str(target), {"constant_memory": streamed})
    formats: dict[tuple[str, bool], Any] = {}

    def format_of(number_format: str, strike: bool) -> Any:
        wanted: dict[str, Any] = {"font_strikeout": True} if strike else {}
        if number_format not in ("", "General", "general"):
            wanted["num_format"] = number_format
        if wanted and (number_format, strike) not in formats:
            formats[number_format, strike] = book.add_format(wanted)
        return formats.get((number_format, strike))

    shown = [sheet for sheet in sheets if not sheet.hidden]
    for sheet in sheets or [Grid("")]:
        page = book.add_worksheet(names.get(sheet.name, "Sheet1"))
        if shown and sheet is shown[0]:
            page.activate()
            page.set_first_sheet()
        elif shown and sheet.hidden:
            page.hide()
        for first_row, first_column, last_row, last_column in _disjoint(sheet.merged):
            page.merge_range(first_row - 1, first_column, last_row - 1, last_column, "")
        for row, cells in sheet.rows:
            if row > ROWS_MAX:
                break
            if row in sheet.hidden_rows or row in sheet.folded_rows:
                page.set_row(
                    row - 1, None, None, {"hidden": row in sheet.hidden_rows, "level": row in sheet.folded_rows}
                )
            for column, cell in cells:
                if column < COLUMNS_MAX:
                    _write_value(page, row - 1, column, cell, format_of)
    book.close()


def _disjoint(ranges: Sequence[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """The ranges of more than one cell that overlap none before them: a sheet with overlapping ones does not open."""
    kept: list[tuple[int, int, int, int]] = []
    for new in ranges:
        single = new[:2] == new[2:]
        overlaps = any(new[0] <= old[2] and old[0] <= new[2] and new[1] <= old[3] and old[1] <= new[3] for old in kept)
        if not single and not overlaps and new[2] <= ROWS_MAX and new[3] < COLUMNS_MAX:
            kept.append(new)
    return kept


def _write_value(page: Any, row: int, column: int, cell: Cell, format_of: Any) -> None:
    value = cell.value
    style = format_of(cell.number_format, cell.strike)
    if value is None or value == "":
        return
    if isinstance(value, CellError):
        page.write_formula(row, column, f"={value}", style, str(value))
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, style)
    elif isinstance(value, int | float | Decimal) and _fits_a_double(value):
        page.write_number(row, column, float(value), style)
    elif isinstance(value, datetime.date) and value.year >= 1900:
        page.write_datetime(row, column, value, format_of(cell.number_format or "yyyy-mm-dd", cell.strike))
    else:
        page.write_string(row, column, plain_text(str(value)), style)


def _fits_a_double(value: int | float | Decimal) -> bool:
    """Excel's numbers are doubles: a longer one (a 17-digit carton code) becomes text, so that no digit is lost."""
    if not math.isfinite(value):
        return False
    return isinstance(value, float) or len(Decimal(value).normalize().as_tuple().digits) <= 15
