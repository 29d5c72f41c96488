"""`sundry reference`, called as the command line calls it."""

from __future__ import annotations

import argparse
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from sundry.base.reference import commands
from sundry.base.reference.rules import Kind
from sundry.kernel.errors import EnvironmentFault, UnusableInput, UsageError

pytestmark = pytest.mark.django_db
TARIFF = "商品编码,商品名称,第一法定单位\n9503002100,动物玩具,个\n"


def run(*words: str) -> tuple[Any, str]:
    """What the command answers and prints."""
    parser = argparse.ArgumentParser()
    commands.register(parser.add_subparsers())
    arguments = parser.parse_args(["reference", *words])
    assert arguments.needs_database
    printed = StringIO()
    return arguments.handler(arguments, Console(file=printed, width=80)), printed.getvalue()


@pytest.fixture
def tariff(tmp_path: Path) -> Path:
    file = tmp_path / "tariff.csv"
    file.write_text(TARIFF, "utf-8")
    return file


def test_our_own_set() -> None:
    outcome, printed = run("load")
    assert outcome.exit_code == 0
    assert {one["kind"] for one in outcome.data["loads"]} == set(Kind) - {Kind.TARIFF, Kind.SECTION, Kind.RATE}
    assert "units.csv (unit): 25 rows" in printed
    outcome, printed = run("load")
    assert (outcome.exit_code, outcome.data) == (0, {"loads": [], "left_out": []})
    assert printed == "The tables that come with Sundry stand already: nothing was changed.\n"


def test_a_file(tariff: Path) -> None:
    given = ("load", str(tariff), "--from", "2026-01-01", "--source", "The law")
    outcome, printed = run(*given)
    assert (outcome.exit_code, outcome.data["loads"][0]["added"]) == (0, 1)
    assert printed == "tariff.csv (tariff): 1 rows, holding from 2026-01-01; added: 1, ended: 0.\n"
    outcome, printed = run(*given)
    assert (outcome.exit_code, outcome.data["left_out"][0]["rule"]) == (0, "reference_already_loaded")
    assert "nothing was changed" in printed


def test_a_file_with_faults(tariff: Path) -> None:
    lines = "".join(f"{number:09d},马,头\n" for number in range(101210010, 101210031))
    tariff.write_text(TARIFF + lines, "utf-8")
    outcome, printed = run("load", str(tariff), "--from", "2026-01-01")
    assert outcome.exit_code == 3
    assert len(outcome.data["loads"][0]["findings"]) == 21
    assert printed.startswith("tariff.csv (tariff) was not loaded: 21 findings, nothing was changed.\n")
    assert "  Row 3, column A: The code 101210010 in “商品编码” has lost its leading zero" in printed
    assert printed.endswith("  1 more findings are not listed.\n")


def test_a_folder(tariff: Path) -> None:
    (tariff.parent / "deep").mkdir()
    (tariff.parent / "deep" / "units.csv").write_text("rec20,symbol\nKGM,kg\n", "utf-8")
    (tariff.parent / "deep" / ".hidden").write_text("rec20,symbol\n", "utf-8")
    (tariff.parent / "notes.txt").write_text("hello", "utf-8")
    outcome, _ = run("load", str(tariff.parent))
    assert outcome.exit_code == 0
    assert [one["file"] for one in outcome.data["loads"]] == ["units.csv"]
    assert {one["file"]: one["rule"] for one in outcome.data["left_out"]} == {
        "notes.txt": "reference_file_unknown",
        "tariff.csv": "reference_day_needed",
    }
    (tariff.parent / "deep" / "units.csv").unlink()
    assert run("load", str(tariff.parent))[0].exit_code == 3, "nothing of it is a table that could be loaded"


def test_what_cannot_be_read(tariff: Path) -> None:
    with pytest.raises(UnusableInput):
        run("load", str(tariff.parent / "nothing.csv"))
    with pytest.raises(UnusableInput):
        run("load", str(tariff))
    with pytest.raises(UsageError):
        run("load", str(tariff), "--from", "soon")
    with pytest.raises(EnvironmentFault):
        commands._file(tariff.parent)


@pytest.mark.usefixtures("own_set")
def test_what_a_code_means() -> None:
    outcome, printed = run("show", "142", "--language", "zh")
    assert (outcome.exit_code, [one["code"] for one in outcome.data["found"]]) == (0, ["CN", "CNY"])
    assert printed.startswith(
        "country  CN  中国\n  alpha3: CHN\n  numeric: 156\n  customs: 142\n  2014-07-01 –   ISO 3166-1"
    )
    outcome, printed = run("show", "9503", "--day", "2021-12-31")
    assert (outcome.exit_code, outcome.data["found"]) == (3, [])
    assert printed == "No table knows 9503 on 2021-12-31.\n"
