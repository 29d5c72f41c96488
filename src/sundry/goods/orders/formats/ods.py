"""Read .ods (OpenDocument 1.2 spreadsheet, ISO/IEC 26300) as LibreOffice writes it."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from lxml import etree

from sundry.goods.orders.formats.grid import Cell, CellError, CellValue, Grid
from sundry.kernel.errors import UnusableInput

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_LINK = "{http://www.w3.org/1999/xlink}href"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_REFERENCE = re.compile(r"\[(?:\$?'?([^\].']*)'?)?\.(\$?[A-Z]+\$?[0-9]+)(?::\.(\$?[A-Z]+\$?[0-9]+))?\]")
# LibreOffice ends every sheet with a repeated empty row; a repeat longer than this holds nothing of ours.
_REPEATS_MAX = 1000


def read_ods(path: Path) -> list[Grid]:
    """All sheets of the book. UnusableInput: damaged, or locked by a password."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        with ZipFile(path) as package:
            if b"encryption-data" in package.read("META-INF/manifest.xml"):
                raise UnusableInput("book_locked", file=path.name)
            parts = [part for part in ("styles.xml", "content.xml") if part in package.namelist()]
            roots = [etree.fromstring(package.read(part), parser) for part in parts]
            root = roots[-1]
            signs = {name: sign for part in roots for name, sign in _number_styles(part).items()}
            styles = {name: style for part in roots for name, style in _styles(part, signs).items()}
    except (BadZipFile, etree.XMLSyntaxError, KeyError, EOFError, ValueError) as fault:
        raise UnusableInput("book_damaged", file=path.name, fault=type(fault).__name__) from fault
    return [_grid(table, styles) for table in root.iter(_TABLE + "table")]


def _number_styles(root: Any) -> dict[str, str]:
    """Name of a number style -> what it writes beside a number (US$, RMB). A cell's style may stand in another part."""
    return {
        node.get(_STYLE + "name"): "".join(sign.text or "" for sign in node.iter("{*}currency-symbol", "{*}text"))
        for node in root.iter("{*}currency-style", "{*}number-style")
    }


def _styles(root: Any, signs: dict[str, str]) -> dict[str, tuple[bool, bool, str]]:
    """Style name -> (struck through, table hidden, what its number style writes beside a number)."""
    found = {}
    for style in root.iter(_STYLE + "style"):
        text = style.find(_STYLE + "text-properties")
        table = style.find(_STYLE + "table-properties")
        struck = text is not None and text.get(_STYLE + "text-line-through-style") not in (None, "none")
        hidden = table is not None and table.get(_TABLE + "display") == "false"
        found[style.get(_STYLE + "name") or ""] = (
            struck,
            hidden,
            signs.get(style.get(_STYLE + "data-style-name"), ""),
        )
    return found


def _grid(table: Any, styles: dict[str, tuple[bool, bool, str]]) -> Grid:
    grid = Grid(table.get(_TABLE + "name") or "")
    grid.hidden = styles.get(table.get(_TABLE + "style-name") or "", (False, False, ""))[1]
    row = 1
    for node in table.iter(_TABLE + "table-row"):
        repeats = int(node.get(_TABLE + "number-rows-repeated") or 1)
        cells = _cells(node, grid, row, styles)
        copies = min(repeats, _REPEATS_MAX) if cells else 0
        visibility = node.get(_TABLE + "visibility")
        folded = any(parent.tag == _TABLE + "table-row-group" for parent in node.iterancestors())
        for copy in range(copies):
            grid.cells[row + copy] = cells
            if visibility in ("collapse", "filter"):
                grid.hidden_rows.add(row + copy)
            if folded:
                grid.folded_rows.add(row + copy)
        grid.filtered = grid.filtered or visibility == "filter"
        row += repeats
    return grid


def _cells(node: Any, grid: Grid, row: int, styles: dict[str, tuple[bool, bool, str]]) -> dict[int, Cell]:
    cells: dict[int, Cell] = {}
    column = 0
    for entry in node:
        if entry.tag not in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            continue
        repeats = int(entry.get(_TABLE + "number-columns-repeated") or 1)
        rows, columns = (int(entry.get(f"{_TABLE}number-{way}-spanned") or 1) for way in ("rows", "columns"))
        if rows > 1 or columns > 1:
            grid.merged.append((row, column, row + rows - 1, column + columns - 1))
        cell = _cell(entry, styles) if entry.tag == _TABLE + "table-cell" else None
        if cell is not None:
            for copy in range(min(repeats, _REPEATS_MAX)):
                cells[column + copy] = cell
        for image in entry.iter(_DRAW + "image"):
            grid.pictures.setdefault(row, (image.get(_LINK) or "").rsplit("/", 1)[-1])
        column += repeats
    return cells


def _cell(entry: Any, styles: dict[str, tuple[bool, bool, str]]) -> Cell | None:
    kind = entry.get(_OFFICE + "value-type")
    formula = entry.get(_TABLE + "formula")
    paragraphs = entry.findall(_TEXT + "p")
    text = "\n".join("".join(paragraph.itertext()) for paragraph in paragraphs)
    strike, _, currency = styles.get(entry.get(_TABLE + "style-name") or "", (False, False, ""))
    spans = [span for paragraph in paragraphs for span in paragraph.iter(_TEXT + "span")]
    if spans and "".join("".join(span.itertext()) for span in spans) == text:
        strike = strike or all(styles.get(s.get(_TEXT + "style-name") or "", (False,))[0] for s in spans)
    value: CellValue = None
    if entry.get(_CALC + "value-type") == "error" or text.startswith(("#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?")):
        value = CellError(text)
    elif kind in ("float", "currency", "percentage"):
        value = float(entry.get(_OFFICE + "value"))
        currency = entry.get(_OFFICE + "currency") or currency
    elif kind == "date":
        value = datetime.fromisoformat(entry.get(_OFFICE + "date-value"))
    elif kind == "boolean":
        value = entry.get(_OFFICE + "boolean-value") == "true"
    elif text:
        value = text
    if value is None and formula is None:
        return None
    return Cell(value, _excel_formula(formula), f'"{currency}"0' if currency else "", strike)


def _excel_formula(formula: str | None) -> str | None:
    """`of:=[.F5]*[$Tab.G5]` as Excel writes it: `F5*'Tab'!G5`."""
    if formula is None:
        return None
    body = formula.split(":=", 1)[-1].lstrip("=")

    def reference(match: re.Match[str]) -> str:
        sheet, first, last = match.groups()
        return (f"'{sheet}'!" if sheet else "") + first + (f":{last}" if last else "")

    return _REFERENCE.sub(reference, body).replace(";", ",")
