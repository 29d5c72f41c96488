"""`sundry run`: a first look that works from an empty folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sundry.goods.shipping import papers
from sundry.goods.shipping.profiles import MISSING_MATTERS, read_profile
from sundry.web import run
from sundry.web.cli import main

PAPERS = {"shipment.json", "checked.xlsx"} | {name for name, _write in papers.PAPERS}
INPUTS = {run.BOOK_NAME, run.PROFILE_NAME}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "SECONDS", 1.0)


def test_a_first_look_writes_every_paper_and_says_what_to_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["run"]) == 0
    assert {file.name for file in (tmp_path / "out").iterdir()} == PAPERS | INPUTS
    said = capsys.readouterr().out
    shown = [f"out/{name}" for name in run._FIRST if name in PAPERS]
    assert [name for name in said.split() if name in shown] == shown
    assert run._FIRST.keys() >= PAPERS


def test_json_is_one_line_and_chinese_is_chinese(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--out", str(tmp_path / "here"), "--seed", "7", "--language", "zh", "--json"]) == 0
    out, err = capfd.readouterr()
    assert out.count("\n") == 1
    said = json.loads(out)
    assert (said["book"], said["seed"], said["out"]) == (run.BOOK_NAME, 7, str(tmp_path / "here"))
    assert set(said["files"]) == PAPERS | INPUTS
    assert said["totals"]["lines"] > 250
    assert "建议按以下顺序打开" in err


def test_the_sample_profile_leaves_no_blank(tmp_path: Path) -> None:
    path = tmp_path / run.PROFILE_NAME
    path.write_text(run._PROFILE, encoding="utf-8")
    profile = read_profile(path)
    assert all(getattr(profile, name) for name in MISSING_MATTERS)
    assert "SAMPLE" in profile.buyer


def test_a_folder_that_is_a_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").write_text("a file", encoding="utf-8")
    assert main(["run", "--out", str(tmp_path / "out")]) == 1
    assert "Traceback" not in capsys.readouterr().err
    assert (tmp_path / "out").read_text("utf-8") == "a file"


def test_ctrl_c_ends_cleanly(tmp_path: Path) -> None:
    """As a terminal does it: the signal goes to the whole group, the reading process included."""
    program = (
        "import sys; from sundry.web import run; run.SECONDS = 60; from sundry.web.cli import main; sys.exit(main())"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", program, "run", "--out", str(tmp_path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + 30
    while not (tmp_path / run.BOOK_NAME).exists() and time.monotonic() < until:
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    _, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "Traceback" not in err
    assert {file.name for file in tmp_path.iterdir()} <= INPUTS
