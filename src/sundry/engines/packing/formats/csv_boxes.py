"""CSV: a header and one line a type of carton.

    length_mm,width_mm,height_mm,quantity,weight_g,vertical,bearing_kg_m2,nothing_on_top,zone,priority
    600,400,350,20,14500,h,500,no,2,0

Only the first four must be there. `vertical` holds the letters of the edges that may stand upright: `h` is "this side
up", `lwh` or nothing any side. Columns may come in any order; of those that nobody knows the caller is told. The
container is named apart.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from sundry.engines.packing.formats.fields import NEEDED, OPTIONAL, Faults, Order, box, listed, read_text
from sundry.kernel.errors import UnusableInput


def read_csv(path: Path) -> Order:
    """The types in the file's order. UnusableInput: a column is missing, fields are wrong, nothing is there."""
    rows = csv.DictReader(io.StringIO(read_text(path)), skipinitialspace=True)
    try:
        return _read(rows, path.name)
    except csv.Error as fault:
        raise UnusableInput("packing_csv_malformed", file=path.name, row=rows.line_num + 1, fault=str(fault)) from None


def _read(rows: csv.DictReader[str], file: str) -> Order:
    header = [name.strip().lower() for name in rows.fieldnames or []]
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise UnusableInput(
            "packing_columns_missing", file=file, missing=", ".join(missing), found=listed(header) or "-"
        )
    twice = [name for name, count in Counter(header).items() if count > 1 and name in (*NEEDED, *OPTIONAL)]
    if twice:
        raise UnusableInput("packing_columns_twice", file=file, columns=", ".join(twice))
    rows.fieldnames = header
    faults = Faults()
    boxes, places = [], []
    for row in rows:
        if None in row:
            faults.add(UnusableInput("packing_row_long", file=file, row=rows.line_num, columns=len(header)))
        boxes.append(box(row, file, rows.line_num, faults))
        places.append(rows.line_num)
    faults.end()
    if not boxes:
        raise UnusableInput("packing_no_boxes", file=file)
    unread = [name for name in header if name and name not in (*NEEDED, *OPTIONAL)]
    return Order(tuple(boxes), tuple(places), unread=tuple(unread))
