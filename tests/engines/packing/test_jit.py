from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sundry.engines.packing import jit


def test_the_cache_lies_where_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUNDRY_CACHE_DIR", str(tmp_path / "ours"))
    folder = jit.cache_folder()
    assert folder is not None
    assert folder.is_dir()
    assert folder.parent == tmp_path / "ours" / "numba-cache"


def test_without_a_word_it_lies_beside_the_virtual_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SUNDRY_CACHE_DIR", raising=False)
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "project" / ".venv"))
    assert jit.cache_folder() == tmp_path / "project" / ".cache" / "sundry" / "numba-cache" / jit._digest()


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("SUNDRY_CACHE_DIR", str(tmp_path / "file"))
    assert jit.cache_folder() is None


def test_the_cache_belongs_to_the_sources_of_all_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that holds a kernel and is not in the list would leave yesterday's code in use."""
    folder = Path(jit.__file__).parent
    marked = {file.stem for file in folder.glob("*.py") if "@kernel" in (text := file.read_text()) or "@entry" in text}
    assert marked <= set(jit.KERNEL_MODULES)
    before = jit._digest()
    monkeypatch.setattr(jit, "KERNEL_MODULES", jit.KERNEL_MODULES[:-1])
    assert jit._digest() != before


def test_a_cache_named_by_the_person_is_left_alone() -> None:
    program = "import os, sundry.engines.packing.jit; print(os.environ['NUMBA_CACHE_DIR'])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"NUMBA_CACHE_DIR": "somewhere"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "somewhere"


def test_without_numba_a_kernel_is_the_function_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jit, "NUMBA", None)

    def function() -> int:
        return 1

    assert jit.kernel(function) is function
    assert jit.entry(function) is function
