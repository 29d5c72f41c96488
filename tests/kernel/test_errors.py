"""Faults that end a command, and the exit code that each means."""

from __future__ import annotations

import pytest

from sundry.kernel.errors import EnvironmentFault, SundryError, UnusableInput, UsageError


@pytest.mark.parametrize(
    ("fault", "exit_code"), [(SundryError, 1), (EnvironmentFault, 1), (UnusableInput, 3), (UsageError, 64)]
)
def test_a_fault_speaks_both_languages_and_knows_its_exit_code(fault: type[SundryError], exit_code: int) -> None:
    raised = fault("bench_unknown", name="speed", known="packing")
    assert raised.exit_code == exit_code
    assert str(raised) == raised.message("en") == "There is no bench named speed. There are: packing."
    assert raised.message("zh") == "没有名为 speed 的基准。现有：packing。"
