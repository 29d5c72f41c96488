from __future__ import annotations

import json
from pathlib import Path

import pytest

from sundry.engines.packing import BoxType, Container, Placed
from sundry.engines.packing.checker import check
from sundry.engines.packing.commands import container_named
from sundry.kernel.errors import UsageError
from sundry.web.cli import main

CSV = "length_mm,width_mm,height_mm,quantity,weight_g,vertical\n600,400,350,20,14500,h\n500,400,300,30,9000,\n"
BOXES = [BoxType(600, 400, 350, 20, (False, False, True), 14500), BoxType(500, 400, 300, 30, weight_g=9000)]


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
