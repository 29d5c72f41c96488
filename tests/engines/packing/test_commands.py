from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sundry.engines.packing import BoxType, Container, Placed
from sundry.engines.packing.checker import check
from sundry.engines.packing.commands import _read, container_named
from sundry.kernel.errors import UsageError
from sundry.web.cli import main, parser

CSV = "length_mm,width_mm,height_mm,quantity,weight_g,vertical\n600,400,350,20,14500,h\n500,400,300,30,9000,\n"
HEADER = "length_mm,width_mm,height_mm,quantity\n"
INTO_20GP = ["--format", "csv", "--container", "20GP"]
BOXES = [BoxType(600, 400, 350, 20, (False, False, True), 14500), BoxType(500, 400, 300, 30, weight_g=9000)]


Run = Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """run(object): the exit code and the one line of `sundry pack --format json --json`, without a trace."""

    def pack(given: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        (tmp_path / "goods.json").write_text(json.dumps(given))
        code = main(["pack", str(tmp_path / "goods.json"), "--format", "json", "--nodes", "2", "--json"])
        said = capsys.readouterr()
        assert said.out.count("\n") == 1
        assert "Traceback" not in said.err
        return code, json.loads(said.out)

    return pack


@pytest.fixture
def csv_file(tmp_path: Path) -> str:
    (tmp_path / "goods.csv").write_text(CSV)
    return str(tmp_path / "goods.csv")


def test_one_line_of_json_with_the_plan(csv_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    size = "2000x1200x1100:400"
    assert main(["pack", csv_file, "--format", "csv", "--container", size, "--seconds", "0.2", "--json"]) == 0
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    plan = json.loads(said)
    assert set(plan) == {"container", "placements", "fill", "left_behind", "seconds", "findings"}
    assert plan["container"] == [2000, 1200, 1100]
    room = Container("room", 2000, 1200, 1100, payload_g=400_000)
    placements = [Placed(*row) for row in plan["placements"]]
    assert placements
    assert check(room, BOXES, placements) == []
    assert plan["fill"] == pytest.approx(sum(p.dx * p.dy * p.dz for p in placements) / room.volume_mm3, abs=1e-6)
    assert 0 < plan["seconds"] < 30


def test_a_few_words_for_a_person(csv_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", csv_file, "--format", "csv", "--container", "20GP", "--seconds", "0.1"]) == 0
    assert "50 of 50 cartons loaded into 20GP" in capsys.readouterr().out
    options = ["--container", "20GP", "--seconds", "0.1", "--language", "zh"]
    assert main(["pack", csv_file, "--format", "csv", *options]) == 0
    assert "20GP 已装 50/50 箱" in capsys.readouterr().out


def test_a_file_of_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inside = {"length_mm": 4, "width_mm": 2, "height_mm": 2}
    box = {"length_mm": 2, "width_mm": 1, "height_mm": 1, "quantity": 9, "vertical": "h"}
    (tmp_path / "nine.json").write_text(json.dumps({"container": inside, "boxes": [box]}))
    assert main(["pack", str(tmp_path / "nine.json"), "--format", "json", "--seconds", "5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fill"] == 1.0


def test_a_published_instance_without_support(br_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--format", "br", "--instance", "2", "--seconds", "0.2", "--support", "none", "--json"]
    assert main(["pack", str(br_file), *options]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["container"] == [587, 233, 220]
    assert plan["fill"] > 0.8


@pytest.mark.parametrize(
    ("text", "options", "code", "rule"),
    [
        ("nonsense", ["--format", "br"], 3, "packing_number_wrong"),
        ("", ["--format", "br"], 3, "packing_file_ends"),
        (CSV, ["--format", "csv"], 64, "packing_container_missing"),
        (CSV, ["--format", "csv", "--container", "40XX"], 64, "packing_container_wrong"),
        (CSV, ["--format", "csv", "--container", "0x1x1"], 64, "packing_container_wrong"),
        (CSV, ["--format", "csv", "--container", "100x100x100"], 3, "packing_nothing_fits"),
        (CSV, ["--format", "csv", "--container", "2000x2000x2000:8"], 3, "packing_nothing_fits"),
        (CSV, ["--format", "csv", "--instance", "1"], 64, "packing_option_not_with_format"),
        (CSV, ["--format", "br", "--container", "20GP"], 64, "packing_option_not_with_format"),
        (CSV, ["--format", "csv", "--container", "20GP", "--seconds", "0"], 64, "packing_seconds_wrong"),
        (CSV, ["--format", "csv", "--container", "20GP", "--seconds", "nan"], 64, "packing_seconds_wrong"),
        (CSV, ["--format", "json"], 3, "packing_json_malformed"),
        (CSV, [*INTO_20GP, "--support", "half"], 64, "packing_support_wrong"),
        (CSV, [*INTO_20GP, "--support", "101"], 64, "packing_support_wrong"),
        (CSV, [*INTO_20GP, "--support", "1.5"], 64, "packing_support_wrong"),
        (CSV, [*INTO_20GP, "--nodes", "0"], 64, "packing_nodes_wrong"),
        ("", INTO_20GP, 3, "packing_columns_missing"),
        (HEADER, INTO_20GP, 3, "packing_no_boxes"),
        (f"{HEADER}0,1,1,1\n", INTO_20GP, 3, "packing_number_wrong"),
        (f"{HEADER}-5,1,1,1\n", INTO_20GP, 3, "packing_number_wrong"),
        (f"{HEADER}40001,1,1,1\n", INTO_20GP, 3, "packing_number_wrong"),
        (f"{HEADER}1.5,1,1,1\n", INTO_20GP, 3, "packing_number_wrong"),
        (f"{HEADER}1,1,1,-1\n", INTO_20GP, 3, "packing_number_wrong"),
        (f"{HEADER}1,1,1,50000\n", INTO_20GP, 3, "packing_number_wrong"),
        (f"{HEADER}9,9,9,0\n", INTO_20GP, 3, "packing_no_boxes"),
        (f"quantity,{HEADER}1,1,1,1,1\n", INTO_20GP, 3, "packing_columns_twice"),
        ("\0\0", INTO_20GP, 3, "packing_columns_missing"),
        ("[]", ["--format", "json"], 3, "packing_no_boxes"),
        ("7", ["--format", "json"], 3, "packing_no_boxes"),
        (HEADER.strip() + ",zone\n9,9,9,1,1\n9,9,9,1,\n", INTO_20GP, 3, "packing_clash_zone_missing"),
        (HEADER + 7 * "9,9,9,30000\n", INTO_20GP, 3, "packing_clash_cartons_too_many"),
        (HEADER + "".join(f"{k},9,9,1\n" for k in range(10, 10_011)), INTO_20GP, 3, "packing_clash_kinds_too_many"),
    ],
)
def test_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, options: list[str], code: int, rule: str
) -> None:
    (tmp_path / "goods").write_text(text)
    assert main(["pack", str(tmp_path / "goods"), *options, "--json"]) == code
    said = capsys.readouterr()
    assert json.loads(said.out)["error"]["rule"] == rule
    assert "Traceback" not in said.err


CUBE = {"length_mm": 10, "width_mm": 10, "height_mm": 10, "quantity": 5, "weight_g": 9}
ROOM = {"length_mm": 50, "width_mm": 20, "height_mm": 20}


@pytest.mark.parametrize(
    ("change", "requirements", "rule"),
    [
        ({}, {"together": [[0, 1]], "apart": [[0, 1]]}, "packing_clash_together_and_apart"),
        ({"quantity": 50}, {"together": [[0, 1]]}, "packing_clash_together_nowhere"),
        ({"weight_g": 0}, {"centre_x_permille": 50}, "packing_clash_weight_missing"),
        ({"bearing_kg_m2": 5}, {"support_percent": 0}, "packing_clash_bearing_without_support"),
        ({"nothing_on_top": True}, {"support_percent": 0}, "packing_clash_bearing_without_support"),
        ({"zone": 1}, {}, "packing_clash_zone_missing"),
        ({}, {"together": [[0, 2]]}, "packing_sets_wrong"),
    ],
)
@pytest.mark.parametrize("where", ["container", "containers"])
def test_what_contradicts_itself(
    change: dict[str, Any], requirements: dict[str, Any], rule: str, where: str, run: Run
) -> None:
    given = {"boxes": [CUBE, CUBE | change], "requirements": requirements}
    code, said = run(given | ({"container": ROOM} if where == "container" else {"containers": [ROOM]}))
    assert code == 3
    assert said["error"]["rule"] == rule
    assert "requirements" in said["error"]["message"] or "row" in said["error"]["message"]


def test_every_fault_is_in_the_one_line(run: Run) -> None:
    code, said = run({"boxes": [CUBE | {"width_mm": 0}, CUBE | {"quantity": 30_001}], "container": ROOM})
    assert code == 3
    assert [(fault["row"], fault["field"], fault["value"]) for fault in said["error"]["faults"]] == [
        (1, "width_mm", "0"),
        (2, "quantity", "30001"),
    ]


def test_as_many_containers_as_are_needed(run: Run) -> None:
    rooms = [ROOM | {"price_minor": 500, "code": "large"}, ROOM | {"length_mm": 30, "price_minor": 400}]
    given = {"boxes": [CUBE | {"quantity": 30}], "containers": rooms, "requirements": {"support_percent": 75}}
    code, said = run(given)
    assert code == 0
    assert set(said) == {
        *("containers", "price_minor", "price_bound_minor", "containers_bound"),
        *("left_behind", "seconds", "findings"),
    }
    assert sum(len(one["placements"]) for one in said["containers"]) == 30
    assert said["containers_bound"] == 2
    assert said["price_bound_minor"] <= said["price_minor"] <= 1000
    assert {one["code"] for one in said["containers"]} <= {"large", "json"}
    code, said = run(given | {"containers_max": 1})
    assert (code, len(said["containers"])) == (0, 1)
    assert said["left_behind"] == [{"type": 0, "cartons": 10, "reason": "no_room"}]
    assert [finding["rule"] for finding in said["findings"]] == ["packing_left_no_room"]


def test_a_container_that_the_file_names_wrongly_is_a_fault_of_the_file(run: Run) -> None:
    for given in ({"container": "40XX"}, {"containers": ["20GP", "40XX"]}):
        code, said = run({"boxes": [CUBE]} | given)
        assert code == 3
        assert said["error"]["rule"] == "packing_container_wrong"
        assert "40XX is not a container. Give one of 20GP" in said["error"]["message"]


def test_containers_by_name_cost_what_the_lane_asks(run: Run) -> None:
    """One that suits is cheaper than one that is large."""
    code, said = run({"boxes": [CUBE], "containers": ["40HC", "20GP"]})
    assert (code, [one["code"] for one in said["containers"]]) == (0, ["20GP"])
    assert said["price_minor"] == container_named("20GP").price_minor > 0
    code, said = run({"boxes": [CUBE], "containers": ["20GP", ROOM]})
    assert (code, [one["code"] for one in said["containers"]]) == (0, ["json"])
    assert [(finding["rule"], finding["value"]) for finding in said["findings"]] == [("packing_prices_partly", "json")]


def test_what_is_doubtful_is_told(run: Run) -> None:
    weightless = {name: value for name, value in CUBE.items() if name != "weight_g"}
    boxes = [weightless, CUBE | {"colour": "red"}, CUBE | {"length_mm": 60}]
    code, said = run({"boxes": boxes, "container": ROOM | {"payload_g": 1000}})
    assert code == 0
    assert [(finding["rule"], finding["value"]) for finding in said["findings"]] == [
        ("packing_columns_unread", "colour"),
        ("packing_weights_missing", "1"),
        ("packing_left_too_large", "5"),
    ]
    assert said["left_behind"] == [{"type": 2, "cartons": 5, "reason": "too_large"}]
    code, said = run({"boxes": [weightless, CUBE], "container": ROOM})
    assert (code, said["findings"]) == (0, [])  # nothing asks for a weight


def test_many_types_and_more_cartons_than_one_line_may_hold(run: Run) -> None:
    code, said = run(
        {"boxes": [CUBE | {"length_mm": 10 + k % 40, "quantity": 1} for k in range(2000)], "container": ROOM}
    )
    assert code == 0
    assert sum(line["cartons"] for line in said["left_behind"]) + len(said["placements"]) == 2000
    code, said = run({"boxes": [CUBE | {"quantity": 30_000}] * 2, "container": ROOM})
    assert code == 0
    assert sum(line["cartons"] for line in said["left_behind"]) + len(said["placements"]) == 60_000


@pytest.mark.parametrize(("support", "percent"), [("full", 100), ("none", 0), ("75", 75), ("75%", 75)])
def test_support_in_the_file_and_on_the_line(support: str, percent: int, tmp_path: Path) -> None:
    (tmp_path / "goods.json").write_text(json.dumps({"boxes": [CUBE], "requirements": {"support_percent": 50}}))
    options = [str(tmp_path / "goods.json"), "--format", "json", "--container", "20GP"]
    given = parser().parse_args(["pack", *options, "--support", support])
    assert _read(given).requirements.support_percent == percent
    assert _read(parser().parse_args(["pack", *options])).requirements.support_percent == 50


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pack", str(tmp_path / "none"), "--format", "br"]) == 3
    assert "none cannot be read" in " ".join(capsys.readouterr().err.split())


def test_containers_by_name_and_by_size() -> None:
    named = container_named("40HC")
    assert named.code == "40HC"
    assert named.door_height_mm is not None
    assert named.door_height_mm < named.height_mm
    assert container_named("12032 × 2350 x 2697:26500") == Container(
        "12032 × 2350 x 2697:26500", 12032, 2350, 2697, payload_g=26_500_000
    )
    with pytest.raises(UsageError, match="20GP, 40GP, 40HC"):
        container_named("elephant")


def test_warm(capsys: pytest.CaptureFixture[str]) -> None:
    from sundry.engines.packing import jit

    assert main(["warm", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["compiled"] is jit.COMPILED
