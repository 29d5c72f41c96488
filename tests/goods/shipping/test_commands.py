"""`sundry ship` as a person and as a program call it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sundry.web.cli import main

WriteOrders = Callable[..., Path]
QUICK = ("--seconds", "0.2", "--rate", "USDCNY=7.10", "--date", "2026-04-20")


def test_a_person_reads_a_summary(orders: WriteOrders, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["ship", str(orders({}, {"箱数": -1})), "--out", str(tmp_path / "out"), *QUICK]) == 0
    shown = capfd.readouterr().out
    assert "CNY 900.00" in shown
    assert "1 / 1" in shown  # lines shipped, set aside
    assert "订单 D3" in shown
    assert "loading.html" in shown


def test_in_chinese(orders: WriteOrders, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["ship", str(orders({})), "--out", str(tmp_path / "out"), "--language", "zh", *QUICK]) == 0
    assert "出货行数" in capfd.readouterr().out


def test_a_program_reads_one_line(orders: WriteOrders, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["ship", str(orders({})), "--out", str(tmp_path / "out"), "--json", *QUICK]) == 0
    shown = capfd.readouterr().out
    assert shown.count("\n") == 1
    assert json.loads(shown) == json.loads((tmp_path / "out" / "shipment.json").read_text("utf-8"))


def test_half_a_character_stops_no_paper(
    orders: WriteOrders, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """In the name of the book, and in a cell; two halves in a cell are one character."""
    book = orders({"品名": "cup _xD83D__xDE00_ _xD800_"}, name="orders \udcff <&\n.xlsx")
    assert main(["ship", str(book), "--out", str(tmp_path / "out"), "--json", *QUICK]) == 0
    told = json.loads(capfd.readouterr().out)
    assert told["file"] == "orders \ufffd <&\n.xlsx"
    assert told["lines"][0]["name"] == "cup \U0001f600 \ufffd"


@pytest.mark.parametrize(
    "wrong",
    [("--container", "53HC"), ("--seconds", "0"), ("--date", "20/4/2026"), ("--containers", "0"), ("--rate", "7.10"),
     ("--currency", "YUAN")],
)  # fmt: skip
def test_a_wrong_call_ends_with_64(
    wrong: tuple[str, str], orders: WriteOrders, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    call = ["ship", str(orders({})), "--out", str(tmp_path / "out"), "--json", *wrong]
    try:
        code = main(call)
    except SystemExit as leaving:
        code = int(leaving.code or 0)
    assert code == 64
    assert "error" in json.loads(capfd.readouterr().out)
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_strict_and_nothing(orders: WriteOrders, tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "out"), "--json", *QUICK]
    assert main(["ship", str(orders({}, {"箱数": 0})), "--strict", *out]) == 2
    assert main(["ship", str(orders({"箱数": 0})), *out]) == 3
    assert main(["ship", str(tmp_path / "missing.xlsx"), *out]) == 3
