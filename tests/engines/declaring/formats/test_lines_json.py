from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sundry.engines.declaring.formats.lines_json import read_lines_json
from sundry.kernel.errors import UnusableInput

LINE: dict[str, Any] = {
    "sheet": "Sheet1",
    "row": 7,
    "hs": "950300",
    "name": "cup",
    "unit": "piece",
    "cartons": 3,
    "pieces": 30,
    "value_minor": 7100,
    "currency": "CNY",
    "gross_g": 3000,
    "net_g": None,
}


def written(tmp_path: Path, document: Any) -> Path:
    file = tmp_path / "shipment.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document), "utf-8")
    return file


def test_read_orders_are_taken_whole(tmp_path: Path) -> None:
    (line,) = read_lines_json(written(tmp_path, {"lines": [LINE], "set_aside": [], "totals": {}})).lines
    assert (line.line, line.sheet, line.row, line.cartons, line.cartons_loaded) == (0, "Sheet1", 7, 3, None)
    assert (line.value_minor, line.value_usd_cents, line.gross_g, line.net_g) == (7100, None, 3000, None)


def test_of_a_shipment_what_was_loaded(tmp_path: Path) -> None:
    containers = [{"placements": [{"line": 0}, {"line": 1}]}, {"placements": [{"line": 0}]}]
    lines = [LINE | {"value_usd_cents": 1000}, LINE, LINE]
    given = read_lines_json(written(tmp_path, {"lines": lines, "containers": containers}))
    assert [line.cartons_loaded for line in given.lines] == [2, 1, 0]
    assert [line.value_usd_cents for line in given.lines] == [1000, None, None]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cartons", 0),
        ("cartons", "3"),
        ("cartons", True),
        ("cartons", None),
        ("pieces", -1),
        ("value_minor", 71.5),
        ("currency", "RMB"),
        ("gross_g", -1),
        ("hs", 950300),
        ("name", ["cup"]),
        ("inspection", "yes"),
        ("row", "7"),
    ],
)
def test_a_line_that_cannot_be_used_is_set_aside_and_told(tmp_path: Path, field: str, value: Any) -> None:
    given = read_lines_json(written(tmp_path, {"lines": [LINE | {field: value}, LINE]}))
    assert [line.line for line in given.lines] == [1]
    (finding,) = given.findings
    assert (finding.rule, finding.header, finding.line) == ("lines_json_field_unusable", field, 0)
    assert finding.value == json.dumps(value)


def test_more_cartons_loaded_than_ordered_are_told(tmp_path: Path) -> None:
    containers = [{"placements": [{"line": 0}] * 4}]
    given = read_lines_json(written(tmp_path, {"lines": [LINE], "containers": containers}))
    assert given.lines == ()
    assert [finding.header for finding in given.findings] == ["cartons"]


@pytest.mark.parametrize(
    ("document", "rule"),
    [
        ("{", "lines_json_malformed"),
        ("[" * 100_000, "lines_json_malformed"),
        ("[]", "lines_json_without_lines"),
        ({"lines": 5}, "lines_json_without_lines"),
        ({"lines": [5]}, "lines_json_without_lines"),
        ({"lines": [LINE], "containers": [{"placements": [{"line": 1}]}]}, "lines_json_bad_placements"),
        ({"lines": [LINE], "containers": [{"placements": [{"line": -1}]}]}, "lines_json_bad_placements"),
        ({"lines": [LINE], "containers": [{}]}, "lines_json_bad_placements"),
        ({"lines": [LINE], "containers": 3}, "lines_json_bad_placements"),
    ],
)
def test_a_document_that_cannot_be_used_is_told(tmp_path: Path, document: Any, rule: str) -> None:
    with pytest.raises(UnusableInput) as fault:
        read_lines_json(written(tmp_path, document))
    assert fault.value.rule == rule
