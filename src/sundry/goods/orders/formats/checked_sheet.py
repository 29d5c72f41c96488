"""Marks in the XML of one sheet, spliced into its bytes.

Problem: a sheet of 100,000 rows as a tree of objects takes more than a gigabyte, and writing a tree changes bytes that
are none of our business. Therefore one pass of a streaming parser only notes byte positions; then the few tags that
change are replaced and everything between them is copied.

    ... <c r="F7" s="3"><v>12</v></c> ...     F7 marked: the splice is (position of <c, its ">", '<c r="F7" s="41">')
    ... </row>                                K7 marked, not there: '<c r="K7" s="40"/>' goes in before </row>

A cell into which a person typed is replaced whole, and so is the value of a formula that hangs on it. If the typed cell
held the text of a formula that others share, these get their own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any
from xml.parsers import expat

from sundry.goods.orders.formats.checked_findings import plain_text
from sundry.goods.orders.formats.checked_styles import Styles
from sundry.goods.orders.formats.grid import Cell, CellError, CellValue, column_letter, column_number, moved_formula
from sundry.kernel.findings import Severity

ROW_MARK = -1
"""The column of a mark on a row as a whole: it goes to the first cell that holds something, or to A."""

ROWS_MAX = 1_048_576
COLUMNS_MAX = 16_384

Marks = Mapping[int, Mapping[int, Severity]]
"""row from 1 -> column from 0 (or ROW_MARK) -> severity"""

Values = Mapping[int, Mapping[int, Cell | None]]
"""row from 1 -> column from 0 -> what the cell holds now: typed, or with its formula and the formula's new value"""

_TAG = re.compile(rb"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_STYLE = re.compile(rb"\ss\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_SPANS = re.compile(rb"\sspans\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ENCODING = re.compile(rb"encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_AFTER_LEGACY_DRAWING = {
    *("legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"),
    "AlternateContent",
}


def cell_place(reference: str) -> tuple[int, int] | None:
    """ "F7" -> (7, 5); None: not a reference."""
    found = _REFERENCE.fullmatch(reference.upper())
    return (int(found[2]), column_number(found[1])) if found else None


@dataclass(slots=True)
class _Row:
    number: int
    start: int
    tag: bytes
    style: int | None
    wanted: Mapping[int, Severity]
    values: Mapping[int, Cell | None]
    cells: list[tuple[int, int, int]] = field(default_factory=list)  # column, byte position, style
    replaced: dict[int, _Replaced] = field(default_factory=dict)  # by column
    first_used: int | None = None

    @property
    def is_touched(self) -> bool:
        return bool(self.wanted or self.values)


@dataclass(slots=True)
class _Replaced:
    """A cell of the sheet that gets another value: where it ends, and the bytes of its formula."""

    attributes: Mapping[str, str]
    end: int = 0
    formula: bytes = b""


class SheetEdit:
    """One sheet being marked. `places`: (row, ROW_MARK) -> the column where the mark of the row went."""

    def __init__(self, xml: bytes, marks: Marks, styles: Styles, values: Values | None = None) -> None:
        self._xml = _as_utf8(xml)
        self._styles = styles
        self._merged = _merged_anchors(self._xml, marks)
        self._marks = self._on_anchors(marks)
        self._values = values or {}
        self._waiting = sorted(row for row in {*self._marks, *self._values} if 0 < row <= ROWS_MAX)
        self._waiting.reverse()
        self._orphans: dict[str, tuple[int, int, str]] = {}  # shared formula -> where its text stood, the text
        self._formula: tuple[int, Mapping[str, str]] = (0, {})  # of the current cell: position, attributes
        self._splices: list[tuple[int, int, bytes]] = []
        self.places: dict[int, int] = {}
        self.drawing_id: str | None = None  # of the legacy drawing that holds the comments
        self._drawing_span = (0, 0)
        self._prefix = b""
        self._depth = 0
        self._row: _Row | None = None
        self._row_number = 0
        self._column = -1
        self._column_styles: list[tuple[int, int, int]] = []
        self._sheet_data: tuple[int, bytes] = (0, b"")
        self._scan()

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        """The cell that shows the mark: the first of its merged range, else itself."""
        return self._merged.get((row, column), (row, column))

    def set_drawing(self, relationship_id: str | None) -> None:
        """Point the sheet to the drawing of its comments; None: it has none."""
        tag = b""
        if relationship_id is not None:
            namespace = _relationship_namespace(self._xml)
            tag = b'<%slegacyDrawing xmlns:r="%s" r:id="%s"/>' % (self._prefix, namespace, relationship_id.encode())
        self._splices.append((*self._drawing_span, tag))

    def to_bytes(self) -> bytes:
        pieces, done = [], 0
        for start, end, new in sorted(self._splices, key=lambda splice: splice[:2]):
            pieces += [self._xml[done:start], new]
            done = end
        pieces.append(self._xml[done:])
        return b"".join(pieces)

    def _on_anchors(self, marks: Marks) -> dict[int, dict[int, Severity]]:
        moved: dict[int, dict[int, Severity]] = {}
        for row, columns in marks.items():
            for column, severity in columns.items():
                to_row, to_column = self.anchor(row, column)
                of_row = moved.setdefault(to_row, {})
                of_row[to_column] = worse(severity, of_row.get(to_column))
        return moved

    # -- the pass

    def _scan(self) -> None:
        parser = expat.ParserCreate()
        parser.ordered_attributes = True
        parser.buffer_text = True
        self._parser = parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.Parse(self._xml, True)

    def _tag_at(self, position: int) -> bytes:
        found = _TAG.match(self._xml, position)
        assert found is not None  # expat has just read it
        return found[0]

    def _start(self, name: str, attributes: Sequence[str]) -> None:
        self._depth += 1
        local = name.rpartition(":")[2]
        if self._depth == 4 and local == "c":
            self._start_cell(attributes)
        elif self._depth == 5:
            row = self._row
            if row is not None and row.is_touched and row.first_used is None and local in ("v", "f", "is"):
                row.first_used = self._column
            if local == "f":
                self._formula = self._parser.CurrentByteIndex, _pairs(attributes)
        elif self._depth == 3 and local == "row":
            self._start_row(attributes)
        elif self._depth == 3 and local == "col":
            self._start_column(_pairs(attributes))
        elif self._depth == 2:
            self._start_part(local, attributes)
        elif self._depth == 1:
            self._prefix = name.rpartition(":")[0].encode() + b":" if ":" in name else b""

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if self._depth == 5 and local == "f":
            self._end_formula()
        elif self._depth == 4 and local == "c" and self._row is not None and self._column in self._row.replaced:
            self._row.replaced[self._column].end = self._end_of(self._row.cells[-1][1])
        elif self._depth == 3 and self._row is not None:
            self._end_row(self._row)
            self._row = None
        elif self._depth == 2 and local == "sheetData":
            self._end_rows()
        elif self._depth == 1 and self._drawing_span == (0, 0):
            self._drawing_span = (self._parser.CurrentByteIndex,) * 2
        self._depth -= 1

    def _start_part(self, local: str, attributes: Sequence[str]) -> None:
        position = self._parser.CurrentByteIndex
        if local == "sheetData":
            self._sheet_data = (position, self._tag_at(position))
        elif local == "legacyDrawing":
            self._drawing_span = (position, _element_end(self._xml, position, self._tag_at(position)))
            self.drawing_id = next((v for k, v in _pairs(attributes).items() if k.endswith(":id")), None)
        elif local in _AFTER_LEGACY_DRAWING and self._drawing_span == (0, 0) and self._sheet_data[0]:
            self._drawing_span = (position, position)

    def _start_column(self, attributes: Mapping[str, str]) -> None:
        if attributes.get("style", "0") != "0":
            low, high = int(attributes.get("min", "1")), int(attributes.get("max", "1"))
            self._column_styles.append((low - 1, high - 1, int(attributes["style"])))

    def _start_row(self, attributes: Sequence[str]) -> None:
        given = _pairs(attributes)
        self._row_number = int(given["r"]) if given.get("r", "").isdigit() else self._row_number + 1
        self._column = -1
        position = self._parser.CurrentByteIndex
        while self._waiting and self._waiting[-1] < self._row_number:
            self._splices.append((position, position, self._new_row(self._waiting.pop())))
        wanted: Mapping[int, Severity] = {}
        values: Mapping[int, Cell | None] = {}
        if self._waiting and self._waiting[-1] == self._row_number:
            number = self._waiting.pop()
            wanted, values = self._marks.get(number, {}), self._values.get(number, {})
        style = int(given["s"]) if given.get("s") and given.get("customFormat") in ("1", "true") else None
        tag = self._tag_at(position) if wanted or values else b""
        self._row = _Row(self._row_number, position, tag, style, wanted, values)

    def _start_cell(self, attributes: Sequence[str]) -> None:
        row = self._row
        if row is None:
            return
        style, self._column = 0, self._column + 1
        for index in range(0, len(attributes), 2):
            key = attributes[index]
            if key == "s":
                style = int(attributes[index + 1])
            elif key == "r" and (row.is_touched or self._orphans):
                place = cell_place(attributes[index + 1])
                self._column = place[1] if place else self._column
        if row.is_touched:
            row.cells.append((self._column, self._parser.CurrentByteIndex, style))
            if self._column in row.values:
                row.replaced[self._column] = _Replaced(_pairs(attributes))
        elif style in self._styles.restored:
            self._restyle(self._parser.CurrentByteIndex, self._styles.restored[style])

    def _end_formula(self) -> None:
        """Keep the formula of a replaced cell; give a formula of its own to one that shared a typed cell's."""
        row = self._row
        if row is None or not (self._orphans or self._column in row.replaced):
            return
        position, attributes = self._formula
        end, shared = self._end_of(position), attributes.get("si", "")
        is_shared = attributes.get("t") == "shared"
        element = self._xml[position:end]
        text = unescape(_TAG.sub(b"", element).decode())
        if is_shared and not text and shared in self._orphans:
            first_row, first_column, text = self._orphans[shared]
            own = moved_formula(text, row.number - first_row, self._column - first_column)
            element = b"<%sf>%s</%sf>" % (self._prefix, escape(own, quote=False).encode(), self._prefix)
            if self._column not in row.replaced:
                self._splices.append((position, end, element))
        if self._column in row.replaced:
            row.replaced[self._column].formula = element
            now = row.values[self._column]
            if is_shared and text and (now is None or not now.formula):
                self._orphans[shared] = row.number, self._column, text

    def _end_of(self, position: int) -> int:
        """Where the element that begins at `position`, and ends here, ends."""
        tag = self._tag_at(position)
        if tag.endswith(b"/>"):
            return position + len(tag)
        return self._xml.index(b">", self._parser.CurrentByteIndex) + 1

    def _end_row(self, row: _Row) -> None:
        if not row.is_touched:
            return
        wanted = dict(row.wanted)
        if ROW_MARK in wanted:
            column = row.first_used if row.first_used is not None else (row.cells[0][0] if row.cells else 0)
            column = self.anchor(row.number, column)[1]
            self.places[row.number] = column
            wanted[column] = worse(wanted.pop(ROW_MARK), wanted.get(column))
        there = set()
        for column, position, style in row.cells:
            there.add(column)
            new = self._style(style, row.values.get(column), wanted.get(column))
            if column in row.replaced:
                old, now = row.replaced[column], row.values[column]
                self._splices.append((position, old.end, self._cell(row.number, column, new, now, old)))
            elif new != style:
                self._restyle(position, new)
        filled = {column for column, cell in row.values.items() if cell is not None}
        missing = sorted(column for column in {*wanted, *filled} if column not in there)
        if missing:
            self._add_cells(row, missing, wanted)

    def _style(self, style: int, now: Cell | None, severity: Severity | None) -> int:
        """The style of a cell without our earlier mark, as what was typed needs it, and with its mark."""
        style = self._styles.restored.get(style, style)
        if now is not None and not now.formula:
            style = self._styles.typed(style, is_number=isinstance(now.value, float))
        return style if severity is None else self._styles.marked(style, severity)

    def _cell(self, row: int, column: int, style: int, now: Cell | None, old: _Replaced | None = None) -> bytes:
        """A whole cell: what was typed, or the formula that it keeps with its new value."""
        formula = b""
        attributes = {"r": f"{column_letter(column)}{row}"}
        if now is not None and now.formula and old is not None:
            formula = old.formula
            attributes |= {key: value for key, value in old.attributes.items() if key not in ("r", "s", "t")}
        if style:
            attributes["s"] = str(style)
        kind, value = self._value(None if now is None else now.value, inline=not formula)
        if kind:
            attributes["t"] = kind
        tag = "".join(f' {key}="{escape(text)}"' for key, text in attributes.items()).encode()
        return b"<%sc%s>%s%s</%sc>" % (self._prefix, tag, formula, value, self._prefix)

    def _value(self, value: CellValue, *, inline: bool) -> tuple[str, bytes]:
        """(type, element) of a value; a text of a formula stands as its value, any other inside its cell."""
        if value is None:
            return "", b""
        if isinstance(value, bool):
            kind, text = "b", str(int(value))
        elif isinstance(value, float):
            kind, text = "", repr(value).removesuffix(".0")
        else:
            kind, text = "e" if isinstance(value, CellError) else "str", escape(plain_text(str(value)), quote=False)
        name = self._prefix
        if kind == "str" and inline:
            inside = (name, name, text.encode(), name, name)
            return "inlineStr", b'<%sis><%st xml:space="preserve">%s</%st></%sis>' % inside
        return kind, b"<%sv>%s</%sv>" % (name, text.encode(), name)

    def _add_cells(self, row: _Row, missing: Sequence[int], wanted: Mapping[int, Severity]) -> None:
        empty = row.tag.endswith(b"/>")
        end = self._parser.CurrentByteIndex
        inside = []
        for column in missing:
            cell = self._new_cell(row.number, column, wanted.get(column), row.style, row.values.get(column))
            after = next((position for place, position, _ in row.cells if place > column), None)
            if after is None:
                inside.append(cell)
            else:
                self._splices.append((after, after, cell))
        tag = _SPANS.sub(b"", row.tag)  # a hint that may be wrong now
        if empty:
            tag = tag[:-2].rstrip() + b">" + b"".join(inside) + b"</%srow>" % self._prefix
        elif inside:
            self._splices.append((end, end, b"".join(inside)))
        self._splices.append((row.start, row.start + len(row.tag), tag))

    def _end_rows(self) -> None:
        position = self._parser.CurrentByteIndex
        rows = b"".join(self._new_row(self._waiting.pop()) for _ in range(len(self._waiting)))
        if not rows:
            return
        start, tag = self._sheet_data
        if tag.endswith(b"/>"):
            opened = tag[:-2].rstrip() + b">"
            self._splices.append((start, start + len(tag), opened + rows + b"</%ssheetData>" % self._prefix))
        else:
            self._splices.append((position, position, rows))

    def _new_row(self, number: int) -> bytes:
        wanted = dict(self._marks.get(number, {}))
        if ROW_MARK in wanted:
            self.places[number] = 0
            wanted[0] = worse(wanted.pop(ROW_MARK), wanted.get(0))
        filled = {column: cell for column, cell in self._values.get(number, {}).items() if cell is not None}
        cells = b"".join(
            self._new_cell(number, column, wanted.get(column), None, filled.get(column))
            for column in sorted({*wanted, *filled})
        )
        return b'<%srow r="%d">%s</%srow>' % (self._prefix, number, cells, self._prefix)

    def _new_cell(
        self, row: int, column: int, severity: Severity | None, row_style: int | None, now: Cell | None
    ) -> bytes:
        style = row_style
        if style is None:
            style = next((style for low, high, style in self._column_styles if low <= column <= high), 0)
        style = self._style(style, now, severity)
        if now is not None:
            return self._cell(row, column, style, now)
        return b'<%sc r="%s%d" s="%d"/>' % (self._prefix, column_letter(column).encode(), row, style)

    def _restyle(self, position: int, style: int) -> None:
        tag = self._tag_at(position)
        new = _STYLE.sub(b"", tag)
        name = re.match(rb"<[^\s/>]+", new)
        assert name is not None
        attribute = b' s="%d"' % style if style else b""
        # `s` goes after `r`, where every program writes it.
        reference = re.match(rb"<[^\s/>]+\s+r\s*=\s*(?:\"[^\"]*\"|'[^']*')", new)
        cut = (reference or name).end()
        self._splices.append((position, position + len(tag), new[:cut] + attribute + new[cut:]))


def worse(one: Severity, other: Severity | None) -> Severity:
    order = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    return one if other is None else min(one, other, key=order.index)


def _pairs(attributes: Sequence[str]) -> dict[str, str]:
    return dict(zip(attributes[::2], attributes[1::2], strict=True))


def _as_utf8(xml: bytes) -> bytes:
    """Byte positions are counted in UTF-8, which is what everybody writes; anything else is turned into it."""
    declared = _ENCODING.search(xml[:200])
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = xml.decode("utf-16")
    elif declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
        text = xml.decode(declared[1].decode())
    else:
        return xml
    return re.sub(r"^<\?xml[^>]*\?>", '<?xml version="1.0" encoding="UTF-8"?>', text.lstrip("\ufeff")).encode()


def _refuse_doctype(*_: Any) -> None:
    raise ValueError("a sheet with a document type")


def _element_end(xml: bytes, position: int, tag: bytes) -> int:
    """Where an element without children ends."""
    end = position + len(tag)
    return end if tag.endswith(b"/>") else xml.index(b">", end) + 1


def _relationship_namespace(xml: bytes) -> bytes:
    if b"http://purl.oclc.org/ooxml/spreadsheetml/main" in xml[:2000]:
        return b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    return b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _merged_anchors(xml: bytes, marks: Marks) -> dict[tuple[int, int], tuple[int, int]]:
    """(row, column) -> first cell of its merged range, for marked cells only. The ranges stand after the rows."""
    start = xml.rfind(b"mergeCells")
    start = xml.rfind(b"sheetData", 0, start) if start >= 0 else len(xml)
    anchors = {}
    rows = sorted(marks)
    for found in re.finditer(rb"mergeCell\s[^>]*?ref\s*=\s*[\"']([A-Z$0-9]+):([A-Z$0-9]+)[\"']", xml[start:]):
        first, last = cell_place(found[1].decode()), cell_place(found[2].decode())
        if first is None or last is None:
            continue
        for row in _between(rows, first[0], last[0]):
            for column in marks[row]:
                if first[1] <= column <= last[1]:
                    anchors[row, column] = first
    return anchors


def _between(rows: Sequence[int], low: int, high: int) -> Sequence[int]:
    return rows[bisect_left(rows, low) : bisect_right(rows, high)]
