from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sundry.engines.packing.formats.json_boxes import read_json
from sundry.engines.packing.rules import BoxType, Container
from sundry.kernel.errors import UnusableInput

BOX = {"length_mm": 600, "width_mm": 400, "height_mm": 350, "quantity": 20}
INSIDE = {"length_mm": 5900, "width_mm": 2350, "height_mm": 2390}


def read(tmp_path: Path, given: Any) -> tuple[Container | str | None, tuple[BoxType, ...]]:
    (tmp_path / "goods.json").write_text(given if isinstance(given, str) else json.dumps(given), "utf-8")
    return read_json(tmp_path / "goods.json")


def test_the_container_in_three_ways(tmp_path: Path) -> None:
    boxes = (BoxType(600, 400, 350, 20),)
    assert read(tmp_path, {"boxes": [BOX]}) == (None, boxes)
    assert read(tmp_path, {"container": "40HC", "boxes": [BOX]}) == ("40HC", boxes)
    whole = INSIDE | {"code": "ours", "door_width_mm": 2340, "door_height_mm": 2270, "payload_g": 28_000_000}
    container, _ = read(tmp_path, {"container": whole, "boxes": [BOX]})
    assert container == Container("ours", 5900, 2350, 2390, 2340, 2270, 28_000_000)


def test_vertical_as_flags_and_letters(tmp_path: Path) -> None:
    boxes = [BOX | {"vertical": [False, False, True], "weight_g": 9}, BOX | {"vertical": "h", "weight_g": 9}]
    _, (first, second) = read(tmp_path, {"boxes": boxes})
    assert first == second == BoxType(600, 400, 350, 20, (False, False, True), 9)


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ("", "packing_json_malformed"),
        ("{", "packing_json_malformed"),
        ("[" * 100_000, "packing_json_malformed"),
        ([BOX], "packing_no_boxes"),
        ({"boxes": []}, "packing_no_boxes"),
        ({"boxes": [7]}, "packing_no_boxes"),
        ({"boxes": [BOX | {"width_mm": 0}]}, "packing_number_wrong"),
        ({"boxes": [BOX | {"quantity": True}]}, "packing_number_wrong"),
        ({"boxes": [BOX], "container": 40}, "packing_container_wrong"),
        ({"boxes": [BOX], "container": {"length_mm": 5}}, "packing_number_wrong"),
        ({"boxes": [BOX], "container": INSIDE | {"door_width_mm": 2351}}, "packing_number_wrong"),
    ],
)
def test_faults(tmp_path: Path, given: Any, rule: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        read(tmp_path, given)
    assert caught.value.rule == rule
