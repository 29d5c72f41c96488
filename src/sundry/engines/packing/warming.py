"""Compile everything once: the kernels meet each of their argument types in one tiny container.

Compiling takes a quarter of a minute and belongs to set-up (`sundry warm`); loading what was compiled takes a second
and is done before the clock of a search starts, so that `seconds` are seconds of search.
"""

from __future__ import annotations

from functools import cache

from sundry.engines.packing.filling import fill
from sundry.engines.packing.rules import BoxType, Container


@cache
def warm() -> bool:
    """Compile, or load what is compiled; False where numba is not there, so that there is nothing to compile.

    Every call of an entry has the same types of arrays, whatever the cargo, so one call of each compiles all.
    """
    from sundry.engines.packing.jit import COMPILED

    if COMPILED:
        # More than fits, and nothing that fills it: the search goes on to the last of its kernels.
        fill(Container("warm", 7, 5, 3), [BoxType(3, 2, 1, 20), BoxType(2, 2, 2, 9)], [20, 9], until=None, nodes=40)
    return COMPILED
