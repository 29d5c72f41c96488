"""What the formats share: reading a file, and fields that say where they stand when they are wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from sundry.engines.packing.rules import LENGTH_MAX, QUANTITY_MAX, WEIGHT_MAX_G, BoxType
from sundry.kernel.errors import UnusableInput

BYTES_MAX = 50_000_000
EDGES = "lwh"


class Place(NamedTuple):
    """Where a field stands: the file's name, the line (or the box, in JSON) counted from 1, the field's name."""

    file: str
    row: int
    field: str


def read_text(path: Path) -> str:
    """The file's text, UTF-8 with or without a byte order mark. UnusableInput: not there, too large, not text."""
    try:
        if path.stat().st_size > BYTES_MAX:
            raise UnusableInput("packing_file_too_large", file=path.name, most=BYTES_MAX // 1_000_000)
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise UnusableInput("packing_file_not_text", file=path.name) from None
    except OSError as fault:
        raise UnusableInput("packing_file_unreadable", file=path.name, fault=fault.strerror or "") from None


def whole(value: Any, place: Place, *, least: int = 1, most: int = LENGTH_MAX) -> int:
    """A whole number from `least` to `most`, given as text or number. UnusableInput names the place."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if isinstance(value, bool) or not least <= number <= most or number != int(number):
        raise UnusableInput(
            "packing_number_wrong",
            file=place.file,
            row=place.row,
            field=place.field,
            value=value,
            least=least,
            most=most,
        )
    return int(number)


def box(fields: dict[str, Any], file: str, row: int) -> BoxType:
    """A type of carton from named fields; `weight_g` and `vertical` may be missing or empty."""
    edges = [whole(fields.get(name), Place(file, row, name)) for name in ("length_mm", "width_mm", "height_mm")]
    quantity = whole(fields.get("quantity"), Place(file, row, "quantity"), least=0, most=QUANTITY_MAX)
    weight_g = whole(fields.get("weight_g") or 0, Place(file, row, "weight_g"), least=0, most=WEIGHT_MAX_G)
    upright = vertical(fields.get("vertical"), Place(file, row, "vertical"))
    return BoxType(edges[0], edges[1], edges[2], quantity, upright, weight_g)


def vertical(value: Any, place: Place) -> tuple[bool, bool, bool]:
    """Which edges may stand upright: letters of "lwh", three booleans, or nothing for all."""
    if value is None or value == "":
        return (True, True, True)
    if isinstance(value, list) and len(value) == 3 and all(isinstance(flag, bool) for flag in value) and any(value):
        return (value[0], value[1], value[2])
    if isinstance(value, str):
        letters = set(value.strip().lower())
        if letters and letters <= set(EDGES):
            return ("l" in letters, "w" in letters, "h" in letters)
    raise UnusableInput("packing_vertical_wrong", file=place.file, row=place.row, field=place.field, value=value)
