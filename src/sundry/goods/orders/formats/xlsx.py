"""Read .xlsx and .xlsm as Excel, WPS and LibreOffice write them (ECMA-376, SpreadsheetML), in one streaming pass.

Problem: libraries that are fast give values only; those that give formats build the whole book in memory several times
over. An agent's book says "cancelled" by a struck-through font, "dollars" by a number format and "not this time" by a
hidden row. Therefore we stream the sheet's XML once, row by row, and keep just what `Grid` names.
"""

from __future__ import annotations

import posixpath
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile

from lxml import etree

from sundry.goods.orders.formats.grid import (
    Cell,
    CellError,
    CellValue,
    Grid,
    column_number,
    is_date_format,
    may_show_currency,
    moved_formula,
)
from sundry.goods.orders.rules import whole_characters
from sundry.kernel.errors import UnusableInput

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DISPIMG = re.compile(r'DISPIMG\("([^"]+)"', re.IGNORECASE)

_BUILTIN_FORMATS = {
    14: "yyyy-mm-dd",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm",
    19: "h:mm:ss",
    20: "h:mm",
    22: "yyyy-mm-dd h:mm",
    30: "m/d/yy",
    31: "yyyy年m月d日",
    57: "yyyy年m月",
    58: "m月d日",
}


def read_xlsx(path: Path) -> list[Grid]:
    """All sheets of the book. UnusableInput: not a workbook, or damaged."""
    try:
        with ZipFile(path) as package:
            return _Book(package).grids()
    except (BadZipFile, etree.XMLSyntaxError, KeyError, EOFError, ValueError) as fault:
        raise UnusableInput("book_damaged", file=path.name, fault=type(fault).__name__) from fault


class _Book:
    def __init__(self, package: ZipFile) -> None:
        self.package = package
        self.names = {name.lower(): name for name in package.namelist()}

    def grids(self) -> list[Grid]:
        workbook_part = next(
            (target for kind, target in self._relations("").values() if kind.endswith("/officeDocument")),
            "xl/workbook.xml",
        )
        root = self._tree(workbook_part)
        relations = self._relations(workbook_part)
        self.epoch = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's dates have no zone
        properties = _child(root, "workbookPr")
        if properties is not None and properties.get("date1904") in ("1", "true"):
            self.epoch = datetime(1904, 1, 1)  # noqa: DTZ001
        parts = {kind.rsplit("/", 1)[-1]: target for kind, target in relations.values()}
        self.formats, self.strikes = self._styles(parts.get("styles"))
        self.signed = [may_show_currency(number_format) for number_format in self.formats]
        self.strings = self._shared_strings(parts.get("sharedStrings"))
        self.cell_images = self._cell_images(workbook_part)
        grids = []
        for sheet in _descendants(root, "sheet"):
            kind, target = relations[_relation_id(sheet)]
            if not kind.endswith("/worksheet"):
                continue  # a chart or a macro sheet
            grid = Grid(sheet.get("name") or "", hidden=(sheet.get("state") or "visible") != "visible")
            self._sheet(target, grid)
            grids.append(grid)
        return grids

    def _open(self, part: str) -> IO[bytes]:
        return self.package.open(self.names[part.lower()])

    def _has(self, part: str | None) -> bool:
        return part is not None and part.lower() in self.names

    def _tree(self, part: str) -> Any:
        with self._open(part) as stream:
            return etree.parse(stream, _parser()).getroot()

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Id -> (kind, target part) of a part; "" is the package itself."""
        folder, name = posixpath.split(part)
        relations_part = posixpath.join(folder, "_rels", name + ".rels")
        if not self._has(relations_part):
            return {}
        found = {}
        for relation in self._tree(relations_part):
            target = relation.get("Target") or ""
            if relation.get("TargetMode") != "External":
                target = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                found[relation.get("Id")] = (relation.get("Type") or "", target.lstrip("/"))
        return found

    def _styles(self, part: str | None) -> tuple[list[str], list[bool]]:
        """Number format and strike-through of each cell style (cellXfs)."""
        if not self._has(part):
            return [""], [False]
        root = self._tree(part or "")
        codes = dict(_BUILTIN_FORMATS)
        for entry in _descendants(root, "numFmt"):
            codes[int(entry.get("numFmtId"))] = entry.get("formatCode") or ""
        fonts = _child(root, "fonts")
        struck = [_is_on(_child(font, "strike")) for font in fonts] if fonts is not None else []
        styles = _child(root, "cellXfs")
        formats, strikes = [], []
        for style in styles if styles is not None else ():
            formats.append(codes.get(int(style.get("numFmtId") or 0), ""))
            font = int(style.get("fontId") or 0)
            strikes.append(font < len(struck) and struck[font])
        return formats or [""], strikes or [False]

    def _shared_strings(self, part: str | None) -> list[tuple[str, bool]]:
        """(text, wholly struck through) of each shared string. Phonetic hints are not part of the text."""
        if not self._has(part):
            return []
        strings = []
        with self._open(part or "") as stream:
            for _, entry in etree.iterparse(stream, tag=(_MAIN + "si", _STRICT + "si"), **_LIMITS):
                strings.append(_rich_text(entry))
                _forget(entry)
        return strings

    def _cell_images(self, workbook_part: str) -> dict[str, str]:
        """WPS keeps pictures inside cells in a part of its own: image id -> file name."""
        part = posixpath.join(posixpath.dirname(workbook_part), "cellimages.xml")
        if not self._has(part):
            return {}
        relations = self._relations(part)
        images = {}
        for picture in self._tree(part).iter("{*}pic"):
            name = next((node.get("name") for node in picture.iter("{*}cNvPr")), None)
            relation = next((_relation_id(node, "embed") for node in picture.iter("{*}blip")), "")
            if name and relation in relations:
                images[name] = posixpath.basename(relations[relation][1])
        return images

    def _sheet(self, part: str, grid: Grid) -> None:
        wanted = ("row", "mergeCell", "drawing", "autoFilter")
        tags = tuple(space + tag for tag in wanted for space in (_MAIN, _STRICT))
        shared_formulas: dict[str, tuple[int, int, str]] = {}
        drawing = ""
        last_row = 0
        with self._open(part) as stream:
            for _, element in etree.iterparse(stream, tag=tags, **_LIMITS):
                tag = element.tag.rsplit("}", 1)[1]
                if tag == "row":
                    last_row = self._row(element, grid, last_row, shared_formulas)
                    _forget(element)
                elif tag == "mergeCell":
                    _merge(grid, element.get("ref") or "")
                elif tag == "drawing":
                    drawing = _relation_id(element)
                else:
                    grid.filtered = True
        relations = self._relations(part)
        if drawing in relations:
            self._pictures(relations[drawing][1], grid)

    def _row(self, element: Any, grid: Grid, last_row: int, shared_formulas: dict[str, tuple[int, int, str]]) -> int:
        row = int(element.get("r") or last_row + 1)
        if element.get("hidden") in ("1", "true"):
            grid.hidden_rows.add(row)
        if element.get("outlineLevel") not in (None, "0"):
            grid.folded_rows.add(row)
        cells: dict[int, Cell] = {}
        column = -1
        for node in element:
            match = _REFERENCE.fullmatch(node.get("r") or "")
            column = column_number(match[1]) if match else column + 1
            cell = self._cell(node, row, column, shared_formulas)
            picture = _DISPIMG.search(cell.formula or "") if cell is not None else None
            if picture:  # WPS: a picture in a cell, no value
                grid.pictures[row] = self.cell_images.get(picture[1], picture[1])
            elif cell is not None:
                cells[column] = cell
            elif (style := int(node.get("s") or 0)) < len(self.signed) and self.signed[style]:
                grid.blank_formats[row, column] = self.formats[style]
        if cells:
            grid.cells[row] = cells
        return row

    def _cell(self, node: Any, row: int, column: int, shared_formulas: dict[str, tuple[int, int, str]]) -> Cell | None:
        kind = node.get("t") or "n"
        text = formula = None
        inline_struck = False
        for child in node:
            tag = child.tag.rsplit("}", 1)[1]
            if tag == "v":
                text = child.text
            elif tag == "f":
                formula = _formula(child, row, column, shared_formulas)
            elif tag == "is":
                text, inline_struck = _rich_text(child)
                kind = "str"
        if text is None and formula is None:
            return None
        style = int(node.get("s") or 0)
        number_format = self.formats[style] if style < len(self.formats) else ""
        strike = inline_struck or (style < len(self.strikes) and self.strikes[style])
        value: CellValue = None
        if text is None:
            pass
        elif kind == "s":
            value, struck = self.strings[int(text)]
            strike = strike or struck
        elif kind == "n":
            value = self._number(text, number_format)
        elif kind == "b":
            value = text == "1"
        elif kind == "e":
            value = CellError(text)
        else:
            value = _unescaped(text)
        if value == "" and formula is None:
            return None
        return Cell(value, formula, number_format, strike)

    def _number(self, text: str, number_format: str) -> CellValue:
        number = float(text)
        if number_format and is_date_format(number_format) and 0 <= number < 2958466:
            return self.epoch + timedelta(days=number)
        return number

    def _pictures(self, part: str, grid: Grid) -> None:
        if not self._has(part):
            return
        relations = self._relations(part)
        for anchor in self._tree(part):
            start = anchor.find("{*}from/{*}row")
            relation = next((_relation_id(node, "embed") for node in anchor.iter("{*}blip")), "")
            if start is not None and relation in relations:
                grid.pictures.setdefault(int(start.text) + 1, posixpath.basename(relations[relation][1]))


# No entities, no network, no tree of unlimited depth: a book is data from a stranger.
_LIMITS: dict[str, Any] = {"resolve_entities": False, "no_network": True, "huge_tree": False, "load_dtd": False}


def _parser() -> Any:
    return etree.XMLParser(**_LIMITS)


def _forget(element: Any) -> None:
    """Free a parsed element, and its elder siblings, or the tree grows with the sheet."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def _child(element: Any, tag: str) -> Any:
    return element.find("{*}" + tag)


def _descendants(element: Any, tag: str) -> Any:
    return element.iter("{*}" + tag)


def _relation_id(element: Any, name: str = "id") -> str:
    return element.get(_RELATION + name) or element.get(_STRICT_RELATION + name) or ""


def _is_on(element: Any) -> bool:
    return element is not None and element.get("val") not in ("0", "false")


def _rich_text(entry: Any) -> tuple[str, bool]:
    """(text, wholly struck through). Of a text struck in part ("1.35" struck, then "1.20") the rest counts."""
    pieces: list[tuple[str, bool]] = []
    for node in entry:
        tag = node.tag.rsplit("}", 1)[1] if isinstance(node.tag, str) else ""
        if tag == "t":
            pieces.append((node.text or "", False))
        elif tag == "r":
            text = "".join(part.text or "" for part in node.findall("{*}t"))
            pieces.append((text, _is_on(node.find("{*}rPr/{*}strike"))))
    struck = any(text.strip() for text, _ in pieces) and all(strike for text, strike in pieces if text.strip())
    return _unescaped("".join(text for text, strike in pieces if struck or not strike)), struck


def _unescaped(text: str) -> str:
    """`_x000D_` stands for a carriage return in sheet text, `_xD83D__xDE00_` for one character in two halves."""
    return whole_characters(_ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)) if "_x" in text else text


def _merge(grid: Grid, reference: str) -> None:
    corners = _REFERENCE.findall(reference)
    if len(corners) == 2:
        (left, top), (right, bottom) = corners
        grid.merged.append((int(top), column_number(left), int(bottom), column_number(right)))


def _formula(node: Any, row: int, column: int, shared: dict[str, tuple[int, int, str]]) -> str:
    """The formula's text; a follower of a shared formula gets the first one's text, moved to its own cell."""
    text: str = node.text or ""
    if node.get("t") == "shared":
        index = node.get("si") or ""
        if text:
            shared[index] = (row, column, text)
        elif index in shared:
            first_row, first_column, text = shared[index]
            return moved_formula(text, row - first_row, column - first_column)
    return text
