"""Read CSV (and tab- or semicolon-separated text) in UTF-8, UTF-16 or GB18030, as Chinese platforms export it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sundry.goods.orders.formats.grid import Cell, Grid
from sundry.kernel.errors import UnusableInput

_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 200


def read_csv(path: Path) -> list[Grid]:
    """One sheet without a name; rows are LINES OF THE FILE, so that a person finds them in her editor."""
    text = _decoded(path.read_bytes(), path.name)
    grid = Grid("")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    line = 1
    try:
        for fields in reader:
            cells = {column: Cell(value) for column, value in enumerate(fields) if value.strip()}
            if cells:
                grid.cells[line] = cells
            line = reader.line_num + 1
    except csv.Error as fault:
        raise UnusableInput("csv_damaged", file=path.name, row=line, fault=str(fault)) from fault
    return [grid]


def _decoded(raw: bytes, name: str) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030", "cp1256" if _looks_arabic(raw) else "cp1252")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnusableInput("not_a_workbook", file=name)


def _looks_arabic(raw: bytes) -> bool:
    """In Windows-1256 the article ال is C7 E1, by far the commonest pair."""
    return raw.count(b"\xc7\xe1") > len(raw) / 500


def delimiter_of(text: str) -> str:
    """The delimiter that cuts most lines into the same number of fields, quoted text left alone."""
    lines = [line for line in text.splitlines()[:_SAMPLE_LINES] if line.strip()]
    best, best_score = ",", -1
    for delimiter in _DELIMITERS:
        try:
            widths = [len(fields) for fields in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:  # a quoted field without end; whoever reads the text says where
            continue
        usual = max(set(widths), key=widths.count, default=1)
        score = widths.count(usual) * (usual - 1)
        if score > best_score:
            best, best_score = delimiter, score
    return best
