"""JSON: one object with the types of cartons and, if one likes, the container.

    {"container": {"length_mm": 12032, "width_mm": 2350, "height_mm": 2697, "door_width_mm": 2340,
                   "door_height_mm": 2577, "payload_g": 26500000},
     "boxes": [{"length_mm": 600, "width_mm": 400, "height_mm": 350, "quantity": 20, "weight_g": 14500,
                "vertical": [false, false, true]}]}

`container` may also be a text as after `--container`, or be missing. `vertical` may also be letters as in CSV.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sundry.engines.packing.formats.fields import Place, box, read_text, whole
from sundry.engines.packing.rules import WEIGHT_MAX_G, BoxType, Container
from sundry.kernel.errors import UnusableInput


def read_json(path: Path) -> tuple[Container | str | None, tuple[BoxType, ...]]:
    """The container (as text where it is one, None where there is none) and the types in the file's order."""
    try:
        given = json.loads(read_text(path))
    except (ValueError, RecursionError) as fault:
        raise UnusableInput("packing_json_malformed", file=path.name, fault=str(fault)) from None
    boxes = given.get("boxes") if isinstance(given, dict) else None
    if not isinstance(boxes, list) or not boxes or not all(isinstance(fields, dict) for fields in boxes):
        raise UnusableInput("packing_no_boxes", file=path.name)
    return (
        _container(given.get("container"), path.name),
        tuple(box(fields, path.name, number) for number, fields in enumerate(boxes, 1)),
    )


def _container(given: Any, file: str) -> Container | str | None:
    if given is None or isinstance(given, str):
        return given
    if not isinstance(given, dict):
        raise UnusableInput("packing_container_wrong", value=json.dumps(given), known="-")
    length, width, height = (
        whole(given.get(name), Place(file, 0, f"container.{name}")) for name in ("length_mm", "width_mm", "height_mm")
    )
    optional = {
        name: whole(given[name], Place(file, 0, f"container.{name}"), least=least, most=most)
        for name, least, most in (
            ("door_width_mm", 1, width),
            ("door_height_mm", 1, height),
            ("payload_g", 0, WEIGHT_MAX_G),
        )
        if given.get(name) is not None
    }
    return Container(str(given.get("code", "json")), length, width, height, **optional)
