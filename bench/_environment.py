"""Environments of the programs that a bench compares us with, each its own: none of their packages is ours."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path


def cache_folder() -> Path:
    """Where benches keep what is costly to make again."""
    named = os.environ.get("SUNDRY_CACHE_DIR")
    return (Path(named) if named else Path(sys.prefix).parent / ".cache/sundry") / "bench"


def environment(*requirements: str) -> Path:
    """The Python of an environment that has `requirements` (`name==version`), made where it is not there yet.

    It lies in the cache folder under the name of the first; with other requirements it is made anew. OSError,
    subprocess.SubprocessError: it could not be made; of pip, `stderr` says why.
    """
    folder = cache_folder() / requirements[0].replace("==", "-")
    python, whole = folder / "bin" / "python", folder / "whole"
    wanted = "\n".join(requirements)
    if not whole.exists() or whole.read_text("utf-8") != wanted:
        venv.create(folder, clear=True, with_pip=True)
        command = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *requirements]
        subprocess.run(command, capture_output=True, check=True, timeout=300)
        whole.write_text(wanted, "utf-8")
    return python
