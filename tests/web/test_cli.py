"""The command line: light for who asks for help, ready for who needs the database.

What holds for every command stands in tests/house/test_json_line.py.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from sundry.kernel.outcome import Outcome
from sundry.web import cli, prepare, run

HEAVY = {"django", "psycopg", "psutil", "numba", "numpy", "procrastinate", "typst", "lxml", "xlsxwriter"}


def test_help_loads_nothing_heavy() -> None:
    program = "import sys; from sundry.web.cli import parser; parser(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not HEAVY & set(done.stdout.split())


def test_who_watches_over_a_market_never_loads_django() -> None:
    program = "import sys; import sundry.web.supervisor, sundry.web.run; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not (HEAVY - {"psutil"}) & set(done.stdout.split())


def test_only_a_command_that_needs_the_database_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    @contextmanager
    def ready(say: prepare.Say) -> Iterator[None]:
        seen.append("ready")
        say("run_migrating")
        yield
        seen.append("left as it was found")

    def handler(*_: Any) -> Outcome:
        seen.append("handler")
        return Outcome(data={})

    monkeypatch.setattr(prepare, "ready", ready)
    monkeypatch.setattr(run, "migrated", handler)
    assert cli.main(["migrate"]) == 0
    assert seen == ["ready", "handler", "left as it was found"]
    monkeypatch.setattr(run, "handle", handler)
    assert cli.main(["run"]) == 0
    assert seen[3:] == ["handler"]


def test_a_command_that_fails_leaves_the_database_too(monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[bool] = []

    @contextmanager
    def ready(_: prepare.Say) -> Iterator[None]:
        try:
            yield
        finally:
            left.append(True)

    def handler(*_: Any) -> Outcome:
        raise KeyboardInterrupt

    monkeypatch.setattr(prepare, "ready", ready)
    monkeypatch.setattr(run, "migrated", handler)
    assert cli.main(["migrate"]) == cli.INTERRUPTED
    assert left == [True]


def test_the_commands_of_a_market_are_there() -> None:
    (action,) = (a for a in cli.parser()._actions if isinstance(a, argparse._SubParsersAction))
    assert {"run", "migrate", "sample", "sample-book"} <= set(action.choices)
    needing = {name for name, command in action.choices.items() if command.get_default("needs_database")}
    assert {"migrate", "sample"} <= needing
    assert not needing & {"run", "ship", "sample-book"}, "these start without one"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_whatever_a_name_holds_the_line_is_json_and_a_sentence_is_told(tmp_path: Path, encoding: str) -> None:
    name, code = "\ud800 箱", "carton \ud800 箱"
    box = {"length_mm": 5, "width_mm": 5, "height_mm": 5, "quantity": 1, name: 1}
    room = {"length_mm": 5, "width_mm": 5, "height_mm": 5, "code": code}
    (tmp_path / "goods.json").write_text(json.dumps({"boxes": [box], "container": room}))
    argv = [sys.executable, "-m", "sundry.web.cli", "pack", str(tmp_path / "goods.json"), "--format", "json"]
    settings = os.environ | {"PYTHONIOENCODING": encoding, "NUMBA_DISABLE_JIT": "1"}
    for more in (["--nodes", "1", "--json"], ["--nodes", "1"]):
        done = subprocess.run([*argv, *more], capture_output=True, env=settings, check=True)
        assert b"Traceback" not in done.stderr
        assert b"carton" in done.stdout + done.stderr
        if "--json" in more:
            assert name in json.loads(done.stdout)["findings"][0]["value"].replace("\\ud800", "\ud800")


def test_the_line_may_go_where_there_is_no_encoding(tmp_path: Path) -> None:
    """As under contextlib.redirect_stdout."""
    said = io.StringIO()
    with redirect_stdout(said):
        assert cli.main(["pack", str(tmp_path / "none"), "--format", "br", "--json"]) == 3
    assert json.loads(said.getvalue())["error"]["rule"] == "packing_file_unreadable"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_a_sentence_and_no_trace() -> None:
    program = [sys.executable, "-m", "sundry.web.cli", "bench", "--list", "--json"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(program, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == cli.OUR_FAULT
    assert "sundry: The answer cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
