"""Compiled kernels where numba is there, the very same Python where it is not.

Problem: the search tries ten thousand plans a second compiled and a hundred plain, but numba is optional, costs
half a second to import and a quarter of a minute to compile once. Therefore kernels are marked `@kernel` (called from
kernels only) or `@entry` (called from Python; kept on disk with all it calls), their modules are imported inside the
call that needs them, and the machine code lives in a folder named after a digest of all kernel sources: numba itself
looks only at the file of the entry, and would run yesterday's code when a file that it calls has changed.

SUNDRY_CACHE_DIR names the cache folder; default `.cache/sundry` beside the virtual environment, else at home.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

KERNEL_MODULES = ("jit", "shapes", "bearing", "joining", "lengths", "spaces", "placing", "choosing", "rollouts")


def cache_folder() -> Path | None:
    """Where machine code is kept, made if need be; None where no folder can be written."""
    named = os.environ.get("SUNDRY_CACHE_DIR")
    choices = [Path(named)] if named else [Path(sys.prefix).parent / ".cache/sundry", Path.home() / ".cache/sundry"]
    for choice in choices:
        folder = choice / "numba-cache" / _digest()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    return None


def _digest() -> str:
    here = Path(__file__).parent
    sources = b"".join((here / f"{name}.py").read_bytes() for name in KERNEL_MODULES)
    return hashlib.sha256(sources).hexdigest()[:16]


def _numba() -> Any:
    """numba, told where to keep its files before it is imported; None when it is not installed."""
    folder = None
    if "NUMBA_CACHE_DIR" not in os.environ:
        folder = cache_folder()
        if folder is not None:
            os.environ["NUMBA_CACHE_DIR"] = str(folder)
    try:
        import numba
    except ImportError:
        return None
    return numba


NUMBA = _numba()
COMPILED = NUMBA is not None and not NUMBA.config.DISABLE_JIT
_KEPT = COMPILED and "NUMBA_CACHE_DIR" in os.environ


def kernel(function: Callable[..., Any]) -> Any:
    """Compiled into the entries that call it. numpy's error model: no check for division by zero in hot loops."""
    if NUMBA is None:
        return function
    return NUMBA.njit(nogil=True, error_model="numpy")(function)


def entry(function: Callable[..., Any]) -> Any:
    """A kernel that Python calls, without the lock that would keep a second thread waiting."""
    if NUMBA is None:
        return function
    return NUMBA.njit(nogil=True, error_model="numpy", cache=_KEPT)(function)
