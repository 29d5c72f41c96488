from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sundry.engines.packing.formats.fields import Order, WrongFields
from sundry.engines.packing.formats.json_boxes import read_json
from sundry.engines.packing.rules import BoxType, Container, Requirements
from sundry.kernel.errors import UnusableInput

BOX = {"length_mm": 600, "width_mm": 400, "height_mm": 350, "quantity": 20}
INSIDE = {"length_mm": 5900, "width_mm": 2350, "height_mm": 2390}


def read(tmp_path: Path, given: Any) -> Order:
    (tmp_path / "goods.json").write_text(given if isinstance(given, str) else json.dumps(given), "utf-8")
    return read_json(tmp_path / "goods.json")


def test_the_container_in_three_ways(tmp_path: Path) -> None:
    boxes = (BoxType(600, 400, 350, 20),)
    assert read(tmp_path, {"boxes": [BOX]}) == Order(boxes, (1,))
    assert read(tmp_path, {"container": "40HC", "boxes": [BOX]}) == Order(boxes, (1,), containers=("40HC",))
    whole = INSIDE | {"code": "ours", "door_width_mm": 2340, "door_height_mm": 2270, "payload_g": 28_000_000}
    (container,) = read(tmp_path, {"container": whole, "boxes": [BOX]}).containers
    assert container == Container("ours", 5900, 2350, 2390, 2340, 2270, 28_000_000)


def test_vertical_as_flags_and_letters(tmp_path: Path) -> None:
    boxes = [BOX | {"vertical": [False, False, True], "weight_g": 9}, BOX | {"vertical": "h", "weight_g": 9}]
    first, second = read(tmp_path, {"boxes": boxes}).boxes
    assert first == second == BoxType(600, 400, 350, 20, (False, False, True), 9)


def test_several_containers(tmp_path: Path) -> None:
    given = {"boxes": [BOX], "containers": ["20GP", INSIDE | {"price_minor": 150_000}], "containers_max": 3}
    order = read(tmp_path, given)
    assert order.containers == ("20GP", Container("json", 5900, 2350, 2390, price_minor=150_000))
    assert (order.containers_max, order.is_load) == (3, True)
    assert not read(tmp_path, {"boxes": [BOX], "container": "20GP"}).is_load
    assert read(tmp_path, {"boxes": [BOX], "container": "20GP", "containers_max": 2}).is_load


def test_what_a_plan_must_keep(tmp_path: Path) -> None:
    asked = {
        "support_percent": 75,
        "centre_x_permille": 100,
        "centre_y_permille": 50,
        "together": [[0, 1], [2]],
        "apart": [[1, 2]],
    }
    order = read(tmp_path, {"boxes": [BOX, BOX, BOX], "requirements": asked})
    assert order.requirements == Requirements(75, 100, 50, (frozenset({0, 1}), frozenset({2})), (frozenset({1, 2}),))
    assert read(tmp_path, {"boxes": [BOX], "requirements": {}}).requirements == Requirements()
    fragile = {"bearing_kg_m2": 500, "nothing_on_top": True, "zone": 2, "priority": 1, "weight_g": None}
    assert read(tmp_path, {"boxes": [BOX | fragile]}).boxes == (
        BoxType(600, 400, 350, 20, bearing_kg_m2=500, nothing_on_top=True, zone=2, priority=1),
    )


def test_what_nobody_reads_is_told(tmp_path: Path) -> None:
    order = read(tmp_path, {"boxes": [BOX | {"weigth_g": 5}, BOX | {"colour": "red"}], "note": "spring"})
    assert order.unread == ("note", "colour", "weigth_g")


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    given = {
        "boxes": [BOX | {"width_mm": -3}, BOX | {"zone": "x"}],
        "container": {"length_mm": 5, "width_mm": 5, "heigth_mm": 5},
        "requirements": {"support_percent": 101, "together": [[0, 2]], "apart": [0]},
        "containers_max": 0,
    }
    with pytest.raises(WrongFields) as caught:
        read(tmp_path, given)
    assert sorted(fault.details["field"] for fault in caught.value.faults) == [
        "container.height_mm",
        "container.heigth_mm",
        "containers_max",
        "requirements.apart",
        "requirements.support_percent",
        "requirements.together",
        "width_mm",
        "zone",
    ]


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
        ({"boxes": [BOX], "container": 40}, "packing_container_unread"),
        ({"boxes": [BOX], "containers": "20GP"}, "packing_list_wrong"),
        ({"boxes": [BOX], "container": {"length_mm": 5}}, "packing_entry_missing"),
        ({"boxes": [{"length_mm": 5}]}, "packing_number_missing"),
        ({"boxes": [BOX], "container": INSIDE | {"door_width_mm": 2351}}, "packing_entry_wrong"),
        ({"boxes": [BOX], "container": "20GP", "containers": ["40GP"]}, "packing_container_twice"),
        ({"boxes": [BOX], "containers": []}, "packing_list_wrong"),
        ({"boxes": [BOX], "containers": [7]}, "packing_container_unread"),
        ({"boxes": [BOX], "requirements": [75]}, "packing_object_wrong"),
        ({"boxes": [BOX], "requirements": {"suport_percent": 75}}, "packing_field_unknown"),
        ({"boxes": [BOX], "requirements": {"together": [[True]]}}, "packing_sets_wrong"),
        ({"boxes": [BOX], "requirements": {"apart": 3}}, "packing_sets_wrong"),
        ('{"boxes": [{"length_mm": 5, "length_mm": 6}]}', "packing_json_malformed"),
        ('{"boxes": [{"length_mm": 1e999}]}', "packing_number_wrong"),
        ('{"boxes": [{"length_mm": NaN}]}', "packing_number_wrong"),
        ('{"boxes": [{"length_mm": %s}]}' % ("9" * 4000), "packing_number_wrong"),
        ('{"boxes": [{"length_mm": %s}]}' % ("9" * 5000), "packing_json_malformed"),
    ],
)
def test_faults(tmp_path: Path, given: Any, rule: str) -> None:
    with pytest.raises(UnusableInput) as caught:
        read(tmp_path, given)
    assert caught.value.rule == rule


def test_a_wrong_container_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(WrongFields) as caught:
        read(tmp_path, {"boxes": [BOX], "containers": ["20GP", None, INSIDE | {"length_mm": None}]})
    first, second = caught.value.faults
    assert first.message("en").startswith("goods.json, containers[1]: null is not a container.")
    assert second.message("en").startswith("goods.json, containers[2].length_mm is missing.")


def test_a_code_is_a_short_text_whatever_it_is(tmp_path: Path) -> None:
    for code, told in (("ours", "ours"), ({"a": [1]}, '{"a": [1]}'), ("x" * 99, "x" * 60 + "…"), ("a\nb", "a\\nb")):
        (container,) = read(tmp_path, {"boxes": [BOX], "container": INSIDE | {"code": code}}).containers
        assert isinstance(container, Container)
        assert container.code == told
