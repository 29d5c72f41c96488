"""Which tests run a second time: only those of a browser that end with its own timeout, and nothing else besides."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
TEST = """
seen = []

def test_it(complaints):
    seen.append(1)
    {first}
"""
CASES = {
    "test_browser_late.py": ("if len(seen) == 1: raise TimeoutError('30 s')", ["RERUN", "PASSED"]),
    "test_browser_never.py": ("raise TimeoutError('30 s')", ["RERUN", "FAILED"]),
    "test_browser_wrong.py": ("assert len(seen) == 2, 'TimeoutError: 30 s'", ["FAILED"]),
    "test_browser_other.py": ("if len(seen) == 1: raise OSError('TimeoutError: 30 s')", ["FAILED"]),
    "test_browser_told.py": ("complaints += ['404']; raise TimeoutError('30 s')", ["FAILED", "ERROR"]),
    "test_without.py": ("if len(seen) == 1: raise TimeoutError('30 s')", ["FAILED"]),
}


def test_only_a_timeout_of_a_browser_is_asked_once_more(tmp_path: Path) -> None:
    shutil.copy(HERE / "conftest.py", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    for file, (first, _) in CASES.items():
        (tmp_path / file).write_text(TEST.format(first=first))
    settings = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env=settings, capture_output=True, text=True, check=False)
    told: dict[str, list[str]] = {file: [] for file in CASES}
    for file, outcome in re.findall(r"^(\w+\.py)::test_it ([A-Z]+)", done.stdout, re.MULTILINE):
        told[file].append(outcome)
    assert told == {file: outcomes for file, (_, outcomes) in CASES.items()}, done.stdout
