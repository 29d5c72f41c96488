"""The instances of the packing bench, what is known of them, and what two checkers say of a plan.

The published sets lie beside the repository or nowhere. Where they are not, instances of the same kind are made from a
seed (`made_instance`), and every record says which of the two it is of: "published" or "made".
"""

from __future__ import annotations

import csv
import importlib.util
import time
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from _packing_runs import ROOT

from sundry.engines.packing import BoxType, Container, Placed, pack
from sundry.engines.packing.checker import check
from sundry.engines.packing.formats.br import read_br
from sundry.engines.packing.instances import CLASS_TYPES, made_instance
from sundry.engines.packing.rules import NO_SUPPORT, Requirements

SHARED = ROOT.parent / "shared"
SETS = SHARED / "data" / "packing"
SEED = 20_261_123  # not the seed on which the engine was tuned
THREADS = 2

Instance = tuple[Container, tuple[BoxType, ...]]


def origin() -> str:
    return "published" if (SETS / "br" / "BR1.txt").is_file() else "made"


def br_instance(number: int, instance: int) -> Instance:
    """Instance `instance`, from 1, of class BR`number`."""
    if origin() == "published":
        return read_br(SETS / "br" / f"BR{number}.txt", instance)
    return made_instance(CLASS_TYPES[number], instance, SEED)


@cache
def best_known(number: int) -> dict[int, int]:
    """Instance: the best value (volume) known WITHOUT the support rule. Empty where the table is not at hand."""
    file = SETS / "data_knapsack_bischoff1995_davies1999.csv"
    if origin() == "made" or not file.is_file():
        return {}
    found = {}
    with file.open(encoding="utf-8", newline="") as rows:
        for path, value in list(csv.reader(rows))[1:]:
            name, _, instance = path.rpartition("/")[2].partition(".txt_")
            if name == f"BR{number}":
                found[int(instance)] = int(float(value))
    return found


def packed(
    room: Container, boxes: Sequence[BoxType], seconds: float, requirements: Requirements
) -> tuple[dict[str, Any], Sequence[Placed]]:
    """Pack one container and have the plan judged. `cpu_share`: of what two threads could use; the rest went to others.

    `faults`: by rule, as our checker finds them; `reference_faults`: of the other checker, null: it is not at hand.
    """
    began_cpu, began = time.process_time(), time.perf_counter()
    packing = pack(room, boxes, seconds=seconds, requirements=requirements, threads=THREADS)
    took, took_cpu = time.perf_counter() - began, time.process_time() - began_cpu
    record = {
        "origin": origin(),
        "fill": packing.fill,
        "seconds": round(took, 3),
        "rollouts": packing.rollouts,
        "cartons": len(packing.placements),
        "faults": faults(room, boxes, packing.placements, requirements),
        "reference_faults": reference_faults(room, boxes, packing.placements, requirements),
        "cpu_share": round(took_cpu / took / THREADS, 3),
    }
    return record, packing.placements


def faults(
    room: Container,
    boxes: Sequence[BoxType],
    placements: Sequence[Placed],
    requirements: Requirements,
    *,
    ordered: bool = True,
) -> dict[str, int]:
    """How often our checker finds each rule broken."""
    found = check(room, boxes, placements, requirements=requirements, ordered=ordered)
    return dict(Counter(str(fault.rule) for fault in found))


def reference_faults(
    room: Container, boxes: Sequence[BoxType], placements: Sequence[Placed], requirements: Requirements
) -> int | None:
    """What the checker that we did not write finds; None where it is not at hand. It knows no partial support."""
    reference = _reference()
    if reference is None:
        return None
    cartons = [(box.edges_mm, box.vertical, box.quantity) for box in boxes]
    verdict = reference.check(room.inside_mm, cartons, placements)
    return len(verdict["errors"]) + (verdict["unsupported"] if requirements.support_percent == 100 else 0)


@cache
def _reference() -> ModuleType | None:
    file: Path = SHARED / "reference" / "packing_checker.py"
    if not file.is_file():
        return None
    spec = importlib.util.spec_from_file_location("packing_reference_checker", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SUPPORT = {"full": Requirements(), "none": NO_SUPPORT}
