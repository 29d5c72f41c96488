from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sundry.web.cli import main

HEADER = "hs,name,unit,cartons,pieces,value,currency,gross_kg,net_kg\n"
CUP = "950300,Cup [red],piece,10,100,7100.00,CNY,10,9\n"
LINE: dict[str, Any] = {
    "sheet": "S",
    "row": 7,
    "hs": "950300",
    "name": "cup",
    "unit": "piece",
    "cartons": 3,
    "pieces": 30,
    "value_minor": 7_100,
    "currency": "CNY",
    "gross_g": 3_000,
    "net_g": 2_000,
}


@pytest.fixture
def lines_csv(tmp_path: Path) -> Path:
    file = tmp_path / "lines.csv"
    file.write_text(HEADER + CUP, "utf-8")
    return file


def told(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, dict[str, Any]]:
    """Exit code and the one JSON object on standard output."""
    code = main(["declare", *argv, "--json"])
    output = capsys.readouterr().out
    assert output.count("\n") == 1
    return code, json.loads(output)


def test_the_object_it_prints(lines_csv: Path, capsys: pytest.CaptureFixture[str]) -> None:
    argv = [
        str(lines_csv),
        "--mode",
        "1039",
        "--date",
        "2026-11-02",
        "--rate",
        "USDCNY=7.10",
        "--destination",
        "Panama",
    ]
    code, data = told(capsys, *argv)
    amounts = {"cartons": 10, "pieces": 100, "value_usd_cents": 100_000, "gross_g": 10_000, "net_g": 9_000}
    item = {
        "hs": "950300",
        "name": "Cup [red]",
        "unit": "piece",
        "merged": False,
        "inspection": False,
        "export_duty": False,
        "legal_quantity": None,
        "legal_unit": None,
        "parts": [{"line": 0, **amounts}],
    }
    form = {"number": 1, "mode": "1039", "destination": "Panama", "incomplete": False, "value_usd_cents": 100_000}
    assert code == 0
    assert data.keys() == {"declarations", "findings", "totals"}
    assert data["declarations"] == [{**form, "items": [{**item, **amounts}]}]
    assert data["findings"] == []
    assert data["totals"] == {
        "lines": 1,
        "lines_declared": 1,
        "not_declared": [],
        "forms": 1,
        "forms_min": 1,
        "items": 1,
        **amounts,
        "rates": [{"pair": "USDCNY", "rate": "7.10", "date": None, "source": ""}],
        "errors": 0,
        "warnings": 0,
        "notes": 0,
    }


def test_without_a_rate_the_newest_is_used_and_its_date_told(
    lines_csv: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, data = told(capsys, str(lines_csv), "--date", "2026-11-02", "--language", "zh")
    (finding,) = data["findings"]
    assert code == 0
    assert finding["rule"] == "rate_from_parameters"
    assert "2026-10-30" in finding["message"]
    assert data["totals"]["rates"][0]["date"] == "2026-10-30"
    assert data["declarations"][0]["value_usd_cents"] == 106_721  # 7100.00 / 6.652882


def test_a_shipment_declares_what_was_loaded_in_the_dollars_it_has(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "shipment.json"
    containers = [{"placements": [{"line": 0}, {"line": 0}, {"line": 1}]}]
    lines = [LINE | {"value_usd_cents": 1_000}, LINE | {"value_usd_cents": 1_000}, LINE | {"value_usd_cents": 1_000}]
    file.write_text(json.dumps({"lines": lines, "containers": containers}), "utf-8")
    code, data = told(capsys, str(file), "--date", "2026-11-02")
    assert code == 0
    assert data["findings"] == []
    parts = [part for form in data["declarations"] for item in form["items"] for part in item["parts"]]
    assert [(p["line"], p["cartons"], p["pieces"], p["value_usd_cents"], p["gross_g"]) for p in parts] == [
        (0, 2, 20, 667, 2_000),
        (1, 1, 10, 333, 1_000),
    ]
    assert data["totals"]["not_declared"] == [2]
    assert data["totals"]["rates"] == []
    _, again = told(capsys, str(file), "--date", "2026-11-02", "--rate", "USDCNY=7.10")
    assert again["totals"]["value_usd_cents"] == 667 + 333
    _, doubled = told(capsys, str(file), "--date", "2026-11-02", "--rate", "USDCNY=3.55")
    assert doubled["totals"]["value_usd_cents"] == 1_333 + 667


def test_read_orders_are_declared_whole_and_findings_bear_their_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "orders.json"
    file.write_text(json.dumps({"lines": [LINE, LINE | {"value_minor": 200_000_000, "row": 9}]}), "utf-8")
    code, data = told(capsys, str(file), "--rate", "USDCNY=7.10", "--date", "2026-11-02")
    (finding,) = data["findings"]
    assert code == 0
    assert (finding["rule"], finding["file"], finding["sheet"], finding["row"], finding["line"]) == (
        "line_above_form_limit",
        "orders.json",
        "S",
        9,
        1,
    )
    assert data["totals"]["cartons"] == 3
    _, split = told(capsys, str(file), "--rate", "USDCNY=7.10", "--date", "2026-11-02", "--split-lines")
    assert split["totals"]["cartons"] == 6
    assert [f["rule"] for f in split["findings"]] == ["line_split_over_forms"]


def test_the_tables_for_a_person(lines_csv: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    tariff = tmp_path / "tariff.csv"
    tariff.write_text("hs,legal_unit\n420292,kg\n", "utf-8")
    argv = ["declare", str(lines_csv), "--date", "2026-11-02", "--language", "zh", "--tariff", str(tariff)]
    assert main(argv) == 0
    output = capsys.readouterr().out
    assert "第 1 票" in output
    assert "950300" in output
    assert "[red]" in output
    assert "1,067.21" in output
    assert "缺法定数量" in output.replace("\n", "").replace(" ", "")


def test_many_forms_are_shown_a_row_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lines.csv"
    file.write_text(HEADER + ",hat,piece,1,1,150000.00,USD,1,1\n" * 13, "utf-8")
    assert main(["declare", str(file), "--date", "2026-11-02"]) == 0
    output = capsys.readouterr().out
    assert output.count("150,000.00 │          * │") == 13
    assert "Form 13 is incomplete" in output


def test_another_rule_pack_merges_otherwise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lines.csv"
    file.write_text(HEADER + "".join(f"95030{i},a,piece,1,1,{i + 1},USD,1,1\n" for i in range(3)), "utf-8")
    _, now = told(capsys, str(file), "--date", "2026-11-02")
    _, then = told(capsys, str(file), "--date", "2026-11-02", "--rule-pack", "chapters_by_cartons")
    assert [item["merged"] for item in now["declarations"][0]["items"]] == [False] * 3
    assert [item["merged"] for item in then["declarations"][0]["items"]] == [True]


@pytest.mark.parametrize(
    ("content", "rule", "code"),
    [
        (b"", "declare_input_empty", 3),
        (b"{", "lines_json_malformed", 3),
        (b"a,b\n1,2\n", "lines_csv_columns_missing", 3),
    ],
)
def test_a_file_that_cannot_be_used(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, rule: str, code: int
) -> None:
    file = tmp_path / "lines"
    file.write_bytes(content)
    found, data = told(capsys, str(file))
    assert (found, data["error"]["rule"]) == (code, rule)


def test_a_file_that_is_not_there_and_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        code, data = told(capsys, str(path))
        assert (code, data["error"]["rule"]) == (3, "declare_input_unreadable")


@pytest.mark.parametrize(
    ("option", "rule"),
    [
        (["--date", "2026-13-01"], "declare_date_malformed"),
        (["--date", "1999-01-01"], "parameter_not_on_day"),
        (["--rate", "USDCNY"], "rate_malformed"),
        (["--rate", "USDCNY=7", "--rate", "USDCNY=8"], "rate_given_twice"),
        (["--rule-pack", "none"], "rule_pack_unknown"),
    ],
)
def test_a_command_called_wrongly(
    lines_csv: Path, capsys: pytest.CaptureFixture[str], option: list[str], rule: str
) -> None:
    code, data = told(capsys, str(lines_csv), *option)
    assert (code, data["error"]["rule"]) == (64, rule)


def test_when_nothing_can_be_declared_the_exit_code_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "lines.csv"
    file.write_text(HEADER + CUP.replace("7100.00", "x"), "utf-8")
    code, data = told(capsys, str(file))
    assert code == 3
    assert data["declarations"] == []
    assert [finding["rule"] for finding in data["findings"]] == ["lines_csv_value"]
