"""The tools a newcomer meets first: the set-up and the one check."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What the set-up looks at, in a folder with a space in its name, and no .venv."""
    folder = tmp_path / "a clone"
    for name in ("requirements.lock", "pyproject.toml", "tools/setup.sh"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    packing = folder / "src" / "sundry" / "engines" / "packing"
    packing.mkdir(parents=True)
    (packing / "engine.py").touch()
    return folder


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def set_up(clone: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "tools/setup.sh"],
        cwd=clone,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_set_up_refuses_an_old_python_and_says_which_it_found(clone: Path) -> None:
    old = script(clone / "bin" / "python3", 'case "$1" in --version) echo "Python 3.9.2" ;; *) exit 1 ;; esac')
    done = set_up(clone, PYTHON=str(old))
    assert done.returncode == 1
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Python 3.9.2" in done.stderr
    assert not (clone / ".venv").exists()


def test_set_up_says_when_there_is_no_such_python(clone: Path) -> None:
    done = set_up(clone, PYTHON="/nowhere/python3")
    assert done.returncode == 1
    assert "/nowhere/python3 here is: not found" in done.stderr


def test_set_up_says_what_to_install_where_venv_is_missing(clone: Path) -> None:
    """As Debian ships it: a Python that is new enough, without python3-venv."""
    text = 'case "$2" in *ensurepip*) exit 1 ;; esac; [ "$1" = --version ] && echo "Python 3.11.2"; exit 0'
    done = set_up(clone, PYTHON=str(script(clone / "bin" / "python3", text)))
    assert done.returncode == 1
    assert "apt-get install python3-venv" in done.stderr


def test_set_up_installs_in_order_and_the_second_run_does_nothing(clone: Path) -> None:
    """A stand-in for Python notes what it is asked for; making the environment copies it there."""
    calls = clone / "calls"
    stand_in = script(
        clone / "bin" / "python3",
        f"""[ "$1" = -c ] || echo "$*" >>"{calls}"
if [ "$2" = venv ]; then mkdir -p .venv/bin; cp "$0" .venv/bin/python; fi
case "$*" in *"-e .")
    printf '#!/bin/sh\\necho sundry "$*" >>"{calls}"\\n' >.venv/bin/sundry
    chmod +x .venv/bin/sundry ;;
esac""",
    )
    done = set_up(clone, PYTHON=str(stand_in))
    assert done.returncode == 0, done.stderr
    steps = [line for line in calls.read_text().splitlines() if line != "--version"]
    assert [step.split()[:4] for step in steps] == [
        ["-m", "venv", "--clear", ".venv"],
        ["-m", "pip", "install", "--require-hashes"],
        ["-m", "pip", "install", "--no-build-isolation"],
        ["sundry", "warm"],
    ]

    calls.unlink()
    assert set_up(clone, PYTHON="/nowhere/python3").returncode == 0
    assert not calls.exists()

    (clone / "src/sundry/engines/packing/engine.py").write_text("# changed")
    assert set_up(clone, PYTHON="/nowhere/python3").returncode == 0
    assert calls.read_text().splitlines() == ["sundry warm"]


def test_set_up_that_fails_shows_why_and_is_not_taken_for_done(clone: Path) -> None:
    text = """if [ "$2" = venv ]; then mkdir -p .venv/bin; cp "$0" .venv/bin/python; fi
case "$*" in *require-hashes*) echo "THESE PACKAGES DO NOT MATCH THE HASHES"; exit 1 ;; esac"""
    stand_in = script(clone / "bin" / "python3", text)
    for _ in range(2):
        done = set_up(clone, PYTHON=str(stand_in))
        assert done.returncode == 1
        assert "DO NOT MATCH THE HASHES" in done.stderr


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """tools/check.py with three steps of a stand-in `step`, the second of which fails."""
    spec = importlib.util.spec_from_file_location("check", ROOT / "tools" / "check.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    script(tmp_path / "step", 'echo "said $1"; [ "$1" != types ]')
    monkeypatch.setattr(module, "BIN", tmp_path)
    monkeypatch.setattr(module, "FAST", {name: ["step", name] for name in ("format", "types")})
    monkeypatch.setattr(module, "TESTS", {"tests": ["step", "tests"]})
    return module


def test_the_check_runs_every_step_and_tells_all_that_failed(
    check: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.main([]) == 1
    told = capsys.readouterr()
    assert [line.split()[:2] for line in told.out.splitlines() if line[:2] in ("ok", "FA")] == [
        ["ok", "format"],
        ["FAILED", "types"],
        ["ok", "tests"],
    ]
    assert "said types" in told.out
    assert "said tests" not in told.out
    assert told.err == "check: types failed\n"


def test_the_fast_check_leaves_the_tests_out(check: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    check.FAST.pop("types")
    assert check.main(["--fast"]) == 0
    assert "tests" not in capsys.readouterr().out


def test_the_check_without_an_environment_says_what_to_do(
    check: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "BIN", Path("nowhere"))
    assert check.main([]) == 1
    assert "make setup" in capsys.readouterr().err
