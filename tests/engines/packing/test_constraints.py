"""Whatever must be kept is kept: generated instances of each constraint, each plan judged by the independent checker.

50 instances of a kind in the usual run; INSTANCES=1000 takes a thousand (`make nightly`). The seeds stand in
instances.py; a failure names the kind and the number from which `constrained_instance` makes it again. Loads of several
containers are a tenth as many: they end by the clock.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import cache

import pytest

from sundry.engines.packing import Packing, load, pack
from sundry.engines.packing.checker import check_load, check_packing
from sundry.engines.packing.instances import CONSTRAINTS, constrained_instance

INSTANCES = int(os.environ.get("INSTANCES", "50"))
NODES = 10
LOADS = max(1, INSTANCES // 10)
LOAD_S = 0.1


@cache
def packed(kind: str, number: int) -> Packing:
    room, boxes, requirements = constrained_instance(kind, number)
    return pack(room, boxes, requirements=requirements, nodes=NODES)


@pytest.mark.parametrize("kind", CONSTRAINTS)
def test_every_plan_keeps_what_is_asked(kind: str) -> None:
    faults = {}
    for number in range(INSTANCES):
        room, boxes, requirements = constrained_instance(kind, number)
        packing = packed(kind, number)
        found = check_packing(room, boxes, packing, requirements)
        if found:
            faults[number] = sorted({str(fault.rule) for fault in found})
    assert faults == {}


@pytest.mark.parametrize("kind", CONSTRAINTS)
def test_every_load_keeps_what_is_asked(kind: str) -> None:
    """The same cargo into two types of containers, as many as it needs or one or two of them."""
    faults = {}
    for number in range(LOADS):
        room, boxes, requirements = constrained_instance(kind, number)
        half = replace(room, code="half", length_mm=room.length_mm // 2, price_minor=60)
        containers = [replace(room, price_minor=100), half]
        most = (None, 1, 2)[number % 3]
        loaded = load(containers, boxes, requirements=requirements, seconds=LOAD_S, containers_max=most)
        found = check_load(containers, boxes, loaded, requirements, containers_max=most)
        if found:
            faults[number] = sorted({str(fault.rule) for fault in found})
    assert faults == {}


def test_the_urgent_travels_before_its_like() -> None:
    """Types come in pairs that differ in priority alone: of the later one nothing is in while the urgent one waits."""
    for number in range(INSTANCES):
        _, boxes, _ = constrained_instance("priorities", number)
        left_out = packed("priorities", number).left_out
        half = len(boxes) // 2
        for urgent, late in enumerate(range(half, len(boxes))):
            assert boxes[late] == replace(boxes[urgent], priority=2)
            assert left_out[urgent] == 0 or left_out[late] == boxes[late].quantity, number
