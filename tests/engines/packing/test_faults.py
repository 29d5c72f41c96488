from __future__ import annotations

import re
from pathlib import Path

from sundry.engines.packing import checker
from sundry.engines.packing.faults import Fault, Rule


def test_the_checker_looks_at_every_rule() -> None:
    """A rule that is named and never found broken would be a promise that nobody keeps an eye on."""
    looked_at = re.findall(r"Fault\(Rule\.([A-Z_]+)", Path(checker.__file__).read_text("utf-8"))
    assert set(looked_at) == {rule.name for rule in Rule}


def test_a_fault_says_what_is_wrong_and_where() -> None:
    assert Fault(Rule.OVERLAP, (3, 7)) == Fault(Rule.OVERLAP, (3, 7))
    assert Fault(Rule.OVERLAP, (3, 7)) != Fault(Rule.OVERLAP, (3, 7), container=0)
    assert [str(rule) for rule in (Rule.ON_TOP, Rule.LEFT_BEHIND)] == ["on_top", "left_behind"]
