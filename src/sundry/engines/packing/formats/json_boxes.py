"""JSON: one object with the types of cartons and, if one likes, containers and what the plan must keep.

    {"container": {"length_mm": 12032, "width_mm": 2350, "height_mm": 2697, "door_width_mm": 2340,
                   "door_height_mm": 2577, "payload_g": 26500000},
     "boxes": [{"length_mm": 600, "width_mm": 400, "height_mm": 350, "quantity": 20, "weight_g": 14500,
                "vertical": [false, false, true], "bearing_kg_m2": 500, "nothing_on_top": true, "zone": 2,
                "priority": 0}],
     "requirements": {"support_percent": 100, "centre_x_permille": 100, "centre_y_permille": 50,
                      "together": [[0, 3]], "apart": [[1, 2]]}}

Sets name boxes by their place in the list, from 0, as the answer does. `container` may also be a text as after
`--container`, or be missing. `containers`, a list of the same, and `containers_max` ask for as many as are needed.
`vertical` may also be letters as in CSV.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sundry.engines.packing.formats.fields import (
    NEEDED,
    OPTIONAL,
    Faults,
    Order,
    Place,
    box,
    is_missing,
    read_text,
    shown,
    whole,
)
from sundry.engines.packing.rules import QUANTITY_MAX, WEIGHT_MAX_G, BoxType, Container, Requirements
from sundry.kernel.errors import UnusableInput

CENTRE_MAX_PERMILLE = 500
PRICE_MAX_MINOR = 1_000_000_000_000
TOP = ("container", "containers", "containers_max", "boxes", "requirements")
MEASURES = ("length_mm", "width_mm", "height_mm")
ASKED = ("support_percent", "centre_x_permille", "centre_y_permille", "together", "apart")
OF_CONTAINER = (*MEASURES, "door_width_mm", "door_height_mm", "payload_g", "price_minor", "code")


def read_json(path: Path) -> Order:
    """What the file asks for, types in the file's order. UnusableInput: no JSON, no cartons, fields are wrong."""
    try:
        given = json.loads(read_text(path), object_pairs_hook=_object)
    except (ValueError, RecursionError) as fault:
        raise UnusableInput("packing_json_malformed", file=path.name, fault=shown(str(fault))) from None
    listed = given.get("boxes") if isinstance(given, dict) else None
    if not isinstance(listed, list) or not listed or not all(isinstance(fields, dict) for fields in listed):
        raise UnusableInput("packing_no_boxes", file=path.name)
    return _Reader(path.name).order(given, listed)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} stands twice in one object")
    return fields


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.faults = Faults()

    def order(self, given: dict[str, Any], listed: list[dict[str, Any]]) -> Order:
        boxes = tuple(box(fields, self.file, row, self.faults) for row, fields in enumerate(listed, 1))
        known = {*NEEDED, *OPTIONAL}
        unread = [name for name in given if name not in TOP]
        unread += sorted({name for fields in listed for name in fields if name not in known})
        containers_max = None
        if given.get("containers_max") is not None:
            containers_max = self._number(given, "containers_max", 1, QUANTITY_MAX)
        order = Order(
            boxes,
            tuple(range(1, len(boxes) + 1)),
            self._requirements(given.get("requirements"), boxes),
            self._containers(given),
            containers_max,
            is_load=containers_max is not None or given.get("containers") is not None,
            unread=tuple(unread),
        )
        self.faults.end()
        return order

    def _number(self, fields: dict[str, Any], name: str, least: int, most: int, within: str = "") -> int:
        place = Place(self.file, 0, f"{within}{name}")
        return self.faults.take(least, whole, fields.get(name), place, least=least, most=most)

    def _containers(self, given: dict[str, Any]) -> tuple[Container | str, ...]:
        one, several = given.get("container"), given.get("containers")
        if several is None:
            return () if one is None else (self._container(one, "container."),)
        if one is not None:
            self.faults.add(UnusableInput("packing_container_twice", file=self.file))
        if not isinstance(several, list) or not several:
            self._refuse("packing_list_wrong", "containers", several)
            return ()
        return tuple(self._container(each, f"containers[{k}].") for k, each in enumerate(several))

    def _container(self, given: Any, within: str) -> Container | str:
        if isinstance(given, str):
            return given
        if not isinstance(given, dict):
            self._refuse("packing_container_unread", within.removesuffix("."), given)
            return ""
        self._refuse_unknown(given, OF_CONTAINER, within)
        length, width, height = (
            self.faults.take(1, whole, given.get(name), Place(self.file, 0, within + name)) for name in MEASURES
        )
        optional = {
            name: self._number(given, name, least, most, within)
            for name, least, most in (
                ("door_width_mm", 1, width),
                ("door_height_mm", 1, height),
                ("payload_g", 0, WEIGHT_MAX_G),
                ("price_minor", 0, PRICE_MAX_MINOR),
            )
            if not is_missing(given.get(name))
        }
        return Container(shown(given.get("code", "json")), length, width, height, **optional)

    def _requirements(self, given: Any, boxes: tuple[BoxType, ...]) -> Requirements:
        if given is None:
            return Requirements()
        if not isinstance(given, dict):
            self._refuse("packing_object_wrong", "requirements", given)
            return Requirements()
        within = "requirements."
        self._refuse_unknown(given, ASKED, within)
        numbers = {
            name: self._number(given, name, 0, most, within)
            for name, most in zip(ASKED, (100, CENTRE_MAX_PERMILLE, CENTRE_MAX_PERMILLE), strict=False)
            if not is_missing(given.get(name))
        }
        together, apart = (self._sets(given.get(name), within + name, len(boxes)) for name in ("together", "apart"))
        return Requirements(**numbers, together=together, apart=apart)

    def _sets(self, given: Any, field: str, boxes: int) -> tuple[frozenset[int], ...]:
        """Lists of places in `boxes`."""
        if given is None:
            return ()
        is_right = isinstance(given, list) and all(
            isinstance(one, list) and all(type(k) is int and 0 <= k < boxes for k in one) for one in given
        )
        if not is_right:
            self._refuse("packing_sets_wrong", field, given, most=boxes - 1)
            return ()
        return tuple(frozenset(one) for one in given)

    def _refuse(self, rule: str, field: str, value: Any, **more: int) -> None:
        self.faults.add(UnusableInput(rule, file=self.file, field=field, value=shown(value), **more))

    def _refuse_unknown(self, given: dict[str, Any], known: tuple[str, ...], within: str) -> None:
        """A measure or a requirement that nobody reads would be a plan that does not keep it."""
        for name in given:
            if name not in known:
                self.faults.add(
                    UnusableInput(
                        "packing_field_unknown", file=self.file, field=shown(within + name), known=", ".join(known)
                    )
                )
