"""Whatever must be kept is kept: generated instances of each constraint, each plan judged by the independent checker.

50 instances of a kind in the usual run; INSTANCES=1000 takes a thousand (`make nightly`). The seeds stand in
instances.py; a failure names the kind and the number from which `constrained_instance` makes it again.
"""

from __future__ import annotations

import os

import pytest

from sundry.engines.packing import pack
from sundry.engines.packing.checker import check
from sundry.engines.packing.instances import CONSTRAINTS, constrained_instance

INSTANCES = int(os.environ.get("INSTANCES", "50"))
NODES = 15


@pytest.mark.parametrize("kind", CONSTRAINTS)
def test_every_plan_keeps_what_is_asked(kind: str) -> None:
    faults = {}
    for number in range(INSTANCES):
        room, boxes, requirements = constrained_instance(kind, number)
        packing = pack(room, boxes, requirements=requirements, nodes=NODES)
        found = check(room, boxes, packing.placements, requirements=requirements)
        if found or packing.disorder:
            faults[number] = sorted({str(fault.rule) for fault in found})
    assert faults == {}
