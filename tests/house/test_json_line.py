"""With `--json`, standard output is exactly one JSON object on one line: for every command, on good input and bad.

And every command ends with an exit code that docs/commands.md lists.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sundry.kernel.outcome import Outcome
from sundry.web import bench, cli

ORDERS = """stall,item no,description,cartons,pcs/ctn,unit price,length cm,width cm,height cm,gross kg,net kg,hs code
A1,X-1,plastic cup,4,24,2.50,60,40,40,12,11,39241000
A1,X-2,toy car,-1,12,3.00,50,40,40,10,9,95030010
"""
LINES = "hs,name,unit,cartons,pieces,value,currency,gross_kg,net_kg\n39241000,cup,piece,4,96,240.00,CNY,48,44\n"
BOXES = "length_mm,width_mm,height_mm,quantity\n500,400,400,8\n"

Argv = Callable[[Path], list[str]]


def orders(folder: Path) -> str:
    (folder / "orders.csv").write_text(ORDERS, "utf-8")
    return str(folder / "orders.csv")


def mistaken(folder: Path) -> str:
    header, _, bad = ORDERS.splitlines()
    (folder / "mistaken.csv").write_text(f"{header}\n{bad}\n", "utf-8")
    return str(folder / "mistaken.csv")


def empty(folder: Path) -> str:
    (folder / "empty.csv").touch()
    return str(folder / "empty.csv")


def lines(folder: Path) -> str:
    (folder / "lines.csv").write_text(LINES, "utf-8")
    return str(folder / "lines.csv")


def to(folder: Path) -> list[str]:
    return ["--out", str(folder / "out"), "--seconds", "0.2"]


def page(folder: Path) -> str:
    (folder / "page.txt").write_text("一季度，全市出口12.5亿元，增长3.1%。\n", "utf-8")
    return str(folder / "page.txt")


def goods(folder: Path) -> str:
    (folder / "goods.csv").write_text("id,title_zh\n1,粉色牙刷杯\n", "utf-8")
    return str(folder / "goods.csv")


def boxes(folder: Path) -> list[str]:
    (folder / "boxes.csv").write_text(BOXES, "utf-8")
    return [str(folder / "boxes.csv"), "--format", "csv"]


CASES: dict[str, dict[str, tuple[Argv, int]]] = {
    "ship": {
        "good": (lambda folder: [orders(folder), *to(folder), "--date", "2026-04-11", "--rate", "USDCNY=7.10"], 0),
        "strict": (lambda folder: [orders(folder), *to(folder), "--strict"], 2),
        "no line ships": (lambda folder: [mistaken(folder), *to(folder)], 3),
        "empty": (lambda folder: [empty(folder), *to(folder)], 3),
        "not there": (lambda folder: [str(folder / "nothing.xlsx"), *to(folder)], 3),
        "bad rate": (lambda folder: [orders(folder), *to(folder), "--rate", "seven"], 64),
        "folder is a file": (lambda folder: [orders(folder), "--out", orders(folder), "--seconds", "0.2"], 1),
    },
    # A market that runs, and a database that is there, are tried in tests/web/test_run.py.
    "run": {"no such port": (lambda folder: ["--port", "80000"], 64)},
    "migrate": {"no such port": (lambda folder: [], 64)},
    "sample": {"no such port": (lambda folder: ["--reset"], 64)},
    "simulate": {"no such port": (lambda folder: ["market"], 64)},
    "operator": {"no such port": (lambda folder: ["Market Office", "zhou@market.example"], 64)},
    "ledger": {"no such port": (lambda folder: ["verify"], 64)},
    "catalogue": {
        "no such port": (lambda folder: ["reindex"], 64),
        "halls": (lambda folder: ["halls", goods(folder), "--preview"], 64),
    },
    "observatory": {"no such port": (lambda folder: ["reread"], 64)},
    "reference": {"no such port": (lambda folder: ["load"], 64)},
    "sample-book": {
        "good": (lambda folder: ["--out", str(folder / "out")], 0),
        "folder is a file": (lambda folder: ["--out", orders(folder)], 1),
    },
    "read-orders": {
        "good": (lambda folder: [orders(folder), "--date", "2026-04-11"], 0),
        "no line is usable": (lambda folder: [mistaken(folder)], 3),
        "empty": (lambda folder: [empty(folder)], 3),
        "not there": (lambda folder: [str(folder / "nothing.xlsx")], 3),
        "unknown currency": (lambda folder: [orders(folder), "--currency", "ABC"], 64),
    },
    "declare": {
        "good": (lambda folder: [lines(folder), "--date", "2026-04-11", "--rate", "USDCNY=7.10"], 0),
        "empty": (lambda folder: [empty(folder)], 3),
        "not there": (lambda folder: [str(folder / "nothing.json")], 3),
        "bad rate": (lambda folder: [lines(folder), "--rate", "seven"], 64),
    },
    "pack": {
        "good": (lambda folder: [*boxes(folder), "--container", "1000x800x800", "--seconds", "0.2"], 0),
        "nothing fits": (lambda folder: [*boxes(folder), "--container", "100x100x100"], 3),
        "no container": (boxes, 64),
        "unknown container": (lambda folder: [*boxes(folder), "--container", "30GP"], 64),
        "empty": (lambda folder: [empty(folder), "--format", "br"], 3),
        "not there": (lambda folder: [str(folder / "nothing.json"), "--format", "json"], 3),
    },
    "read": {
        "good": (lambda folder: [page(folder), "--issued", "2031-05-18"], 0),
        "empty": (lambda folder: [empty(folder)], 3),
        "not there": (lambda folder: [str(folder / "nothing.txt")], 3),
        "bad day": (lambda folder: [page(folder), "--issued", "tomorrow"], 64),
    },
    "search": {
        "good": (lambda folder: ["cup", "--goods", goods(folder)], 0),
        "empty": (lambda folder: ["cup", "--goods", empty(folder)], 3),
        "not there": (lambda folder: ["cup", "--goods", str(folder / "nothing.csv")], 3),
        "nothing asked": (lambda folder: ["--goods", goods(folder)], 64),
    },
    "mcp": {"no token": (lambda folder: [], 64)},  # one that opens something is tried in tests/web/mcp
    "warm": {"good": (lambda folder: [], 0)},
    "bench": {
        "list": (lambda folder: ["--list"], 0),
        "no such bench": (lambda folder: ["nothing"], 64),
    },
}
ALL = [(command, case) for command, cases in CASES.items() for case in cases]


def commands() -> set[str]:
    (action,) = (a for a in cli.parser()._actions if isinstance(a, argparse._SubParsersAction))
    return set(action.choices)


def test_every_command_is_tried() -> None:
    assert set(CASES) == commands()


@pytest.mark.parametrize(("command", "case"), ALL)
def test_one_line_of_json_and_the_exit_code(
    command: str, case: str, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SUNDRY_TOKEN", raising=False)
    monkeypatch.setenv("SUNDRY_DATA_DIR", str(tmp_path / "data"))  # what --map remembers stays in the test
    if command in ("catalogue", "ledger", "migrate", "observatory", "operator", "reference", "sample", "simulate"):
        monkeypatch.setenv("SUNDRY_PORT", "80000")
    argv, code = CASES[command][case]
    assert cli.main([command, *argv(tmp_path), "--json"]) == code
    told = capfd.readouterr().out
    assert told.endswith("\n")
    assert told.count("\n") == 1
    assert isinstance(json.loads(told), dict)


NOISY = """
import os, sys
from sundry.kernel.outcome import Outcome
from sundry.web import bench, cli

def noisy(arguments, console):
    print("noise from Python")
    os.write(1, b"noise from below")
    console.print("what a person reads")
    return Outcome(data={"fine": True})

bench.handle = noisy
sys.exit(cli.main(["bench", "--list", "--json"]))
"""


def test_noise_of_libraries_goes_to_standard_error() -> None:
    """What a library may do behind our back: print, and write to the descriptor itself."""
    told = subprocess.run([sys.executable, "-c", NOISY], capture_output=True, text=True, check=True)
    assert told.stdout == '{"fine":true}\n'
    for noise in ("noise from Python", "noise from below", "what a person reads"):
        assert noise in told.stderr


def test_without_json_a_fault_is_one_sentence_on_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "nothing"]) == 64
    told = capfd.readouterr()
    assert told.out == ""
    assert " ".join(told.err.split()).startswith("sundry: There is no bench named nothing.")


def test_a_fault_of_ours_is_a_trace_for_us_and_one_line_for_the_caller(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: Any) -> Outcome:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr(bench, "handle", broken)
    assert cli.main(["bench", "--list", "--json"]) == 1
    told = capfd.readouterr()
    assert json.loads(told.out) == {"error": {"rule": "internal_fault", "message": "ZeroDivisionError: ours"}}
    assert told.out.count("\n") == 1
    assert "Traceback" in told.err


def test_ctrl_c_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> Outcome:
        raise KeyboardInterrupt

    monkeypatch.setattr(bench, "handle", interrupted)
    assert cli.main(["bench", "--list"]) == 130
