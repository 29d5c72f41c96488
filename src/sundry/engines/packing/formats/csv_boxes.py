"""CSV: a header and one line a type of carton.

    length_mm,width_mm,height_mm,quantity,weight_g,vertical
    600,400,350,20,14500,h

`weight_g` and `vertical` may be missing. `vertical` holds the letters of the edges that may stand upright: `h` is "this
side up", `lwh` or nothing any side. Columns may come in any order, others are not read. The container is named apart.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sundry.engines.packing.formats.fields import box, read_text
from sundry.engines.packing.rules import BoxType
from sundry.kernel.errors import UnusableInput

NEEDED = ("length_mm", "width_mm", "height_mm", "quantity")


def read_csv(path: Path) -> tuple[BoxType, ...]:
    """The types in the file's order. UnusableInput: a column is missing, a field is wrong, nothing is there."""
    rows = csv.DictReader(io.StringIO(read_text(path)), skipinitialspace=True)
    header = [name.strip().lower() for name in rows.fieldnames or []]
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise UnusableInput(
            "packing_columns_missing", file=path.name, missing=", ".join(missing), found=", ".join(header) or "-"
        )
    rows.fieldnames = header
    boxes = tuple(box(row, path.name, rows.line_num) for row in rows)
    if not boxes:
        raise UnusableInput("packing_no_boxes", file=path.name)
    return boxes
