from __future__ import annotations

import pytest

from sundry.engines.packing import jit, rollouts
from sundry.engines.packing.warming import warm


def test_after_warming_nothing_is_left_to_compile() -> None:
    assert warm() is jit.COMPILED
    if not jit.COMPILED:
        pytest.skip("numba is not installed or switched off")
    assert len(rollouts.expand.signatures) == len(rollouts.advance.signatures) == 1
