"""Rows that somebody copied from a sheet and pasted; and tables as text: CSV, TSV, in UTF-8, UTF-16 or GB18030.

A clipboard is no CSV: its columns are parted by tabs, a cell with a line break stands in quotes with its own quotes
doubled, and any other cell stands as it is, also one that begins with a quote.

    K1 <tab> 5" 杯 <tab> 12          K1 | 5" 杯 | 12
    K2 <tab> "big⏎cup" <tab> 8       K2 | big⏎cup | 8
    K3 <tab> "  <tab> 5              K3 | " | 5

Therefore a quoted cell must end before a tab or the end of a line, and hold no tab; anything else is plain text.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from typing import Final

from sundry.goods.catalogue.formats.shape import CELL_MAX, COLUMNS_MAX, FILE_BYTES_MAX, HEAD_MAX, ROWS_MAX, Sheet
from sundry.kernel.errors import UnusableInput

_QUOTED: Final = re.compile(r'"((?:[^"\t]|""){0,20000}+)"(?=[\t\n]|\Z)')
_PLAIN: Final = re.compile(r"[^\t\n]*")
_SAMPLE_LINES: Final = 50
_DELIMITERS: Final = "\t,;|"


def read_pasted(text: str) -> Sheet:
    """UnusableInput: nothing, or too much."""
    if len(text.encode("utf-8", "replace")) > FILE_BYTES_MAX:
        raise UnusableInput("catalogue_sheet_too_large", most_mb=FILE_BYTES_MAX // 1_000_000)
    plain = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").replace("\0", "")
    if not plain.strip():
        raise UnusableInput("catalogue_sheet_empty")
    rows = _clipboard(plain) if "\t" in plain else _separated(plain)
    return Sheet("", limited(rows))


def read_text(data: bytes) -> Sheet:
    """A file of text. UnusableInput: no text, or in an unknown encoding."""
    encodings = ("utf-16",) if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            if not text.strip():
                raise UnusableInput("catalogue_sheet_empty")
            return Sheet("", limited(_separated(text)))
    raise UnusableInput("catalogue_sheet_no_table")


def limited(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Rows that hold anything. UnusableInput: more than a sheet of goods may have."""
    kept = [(number, cells[:COLUMNS_MAX]) for number, cells in rows if any(cell.strip() for cell in cells)]
    if not kept:
        raise UnusableInput("catalogue_sheet_empty")
    if len(kept) > ROWS_MAX + HEAD_MAX:
        raise UnusableInput("catalogue_sheet_too_long", rows=len(kept), most=ROWS_MAX)
    return [(number, [cell[:CELL_MAX] for cell in cells]) for number, cells in kept]


def _clipboard(text: str) -> list[tuple[int, list[str]]]:
    rows: list[tuple[int, list[str]]] = []
    row: list[str] = []
    at = 0
    while at <= len(text):
        quoted = _QUOTED.match(text, at) if text.startswith('"', at) else None
        if quoted is not None:
            row.append(quoted[1].replace('""', '"'))
            at = quoted.end()
        else:
            plain = _PLAIN.match(text, at)
            assert plain is not None  # it matches nothing as well
            row.append(plain[0])
            at = plain.end()
        if at == len(text) or text[at] == "\n":
            rows.append((len(rows) + 1, row))
            row = []
            if len(rows) > 4 * ROWS_MAX:
                raise UnusableInput("catalogue_sheet_too_long", rows=len(rows), most=ROWS_MAX)
        at += 1
    return rows


def _separated(text: str) -> list[tuple[int, list[str]]]:
    """Rows are lines of the text, so that a person finds them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for cells in reader:
            rows.append((line, cells))
            line = reader.line_num + 1
            if len(rows) > 4 * ROWS_MAX:
                raise UnusableInput("catalogue_sheet_too_long", rows=len(rows), most=ROWS_MAX)
    except csv.Error:
        raise UnusableInput("catalogue_sheet_damaged", fault=f"line {line}") from None
    return rows


def _delimiter(text: str) -> str:
    """That which cuts most lines into the same number of cells."""
    lines = [line for line in text.splitlines()[:_SAMPLE_LINES] if line.strip()]
    best, most = ",", 0
    for delimiter in _DELIMITERS:
        try:
            widths = [len(cells) for cells in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            continue
        usual = max(set(widths), key=widths.count, default=1)
        if (score := widths.count(usual) * (usual - 1)) > most:
            best, most = delimiter, score
    return best
