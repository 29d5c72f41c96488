"""Fill of one container at 5 s on the published sets BR1, BR5, BR7 with full support (aim: 93.0 %), and whole loads.

Peers in the same run: the first greedy plan of each instance, and, where the sets are at hand, the best values known
WITHOUT the support rule, which no plan with full support can be expected to reach. Every plan is checked by our checker
and, where it is at hand, by one that we did not write. Where the sets are not at hand, instances of the same kind are
made from a seed. `cpu_share`: processor time got, of all that two threads could use; the rest went to other programs.
"""

from __future__ import annotations

import csv
import importlib.util
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from sundry.engines.packing import BoxType, Container, Placed, load, pack
from sundry.engines.packing.checker import check, check_load
from sundry.engines.packing.formats.br import read_br
from sundry.engines.packing.warming import warm

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
SETS = SHARED / "data" / "packing"
CLASSES = {1: 3, 5: 12, 7: 20}  # class: types in an instance
INSTANCES, SECONDS = 10, 5.0
AIM_FILL = 0.93
THREADS = 2
SEED = 20261122

Instance = tuple[Container, tuple[BoxType, ...]]


def run(quick: bool, console: Console) -> dict[str, Any]:
    warm()
    instances, seconds = (2, 0.5) if quick else (INSTANCES, SECONDS)
    figures: dict[str, Any] = {
        "instances": instances,
        "seconds_each": seconds,
        "aim_mean_fill": AIM_FILL,
        "commit": _commit(),
        "sets": "published" if _has_sets() else "made from a seed",
    }
    for number in CLASSES:
        figures[f"br{number}"] = _class(number, instances, seconds)
        console.print(f"br{number}: {figures[f'br{number}']}", markup=False)
    loads = {
        "load_300_lines_1000_cartons": (300, 1000, seconds),
        "load_300_lines_5000_cartons": (300, 5000, 2 * seconds),
    }
    for name, (lines, cartons, budget) in loads.items():
        figures[name] = _load(lines, cartons, budget)
        console.print(f"{name}: {figures[name]}", markup=False)
    figures["check_2000_cartons_s"] = _check_seconds()
    figures["new_process_overhead_s"] = _overhead_seconds()
    return figures


def _class(number: int, instances: int, seconds: float) -> dict[str, Any]:
    fills, greedy, best, late, rollouts, refused, out_of_order = [], [], [], [], 0, 0, 0
    known = _best_known(number)
    began_cpu, began = time.process_time(), time.perf_counter()
    for instance in range(1, instances + 1):
        room, boxes = _instance(number, instance)
        packing = pack(room, boxes, seconds=seconds, threads=THREADS)
        fills.append(packing.fill)
        late.append(packing.seconds / seconds)
        rollouts += packing.rollouts
        out_of_order += packing.disorder
        refused += not _is_accepted(room, boxes, packing.placements)
        if instance in known:
            best.append(packing.fill / (known[instance] / room.volume_mm3))
    took, took_cpu = time.perf_counter() - began, time.process_time() - began_cpu
    for instance in range(1, instances + 1):
        greedy.append(pack(*_instance(number, instance), nodes=1).fill)
    return {
        "mean_fill": _mean(fills),
        "least_fill": min(fills),
        "of_best_known_without_support": _mean(best) if best else None,
        "of_first_greedy_plan": _mean(fills) / _mean(greedy),
        "plans_a_second": rollouts / took,
        "longest_of_time_given": max(late),
        "cpu_share": took_cpu / took / THREADS,
        "refused_by_a_checker": refused,
        "cartons_out_of_order": out_of_order,
    }


def _load(lines: int, cartons: int, seconds: float) -> dict[str, Any]:
    containers, boxes = _containers(), _goods(lines, cartons)
    began = time.perf_counter()
    loaded = load(containers, boxes, seconds=seconds, threads=THREADS)
    took = time.perf_counter() - began
    fills = sorted(
        sum(p.dx * p.dy * p.dz for p in placements) / containers[number].volume_mm3
        for number, placements in loaded.containers
    )
    return {
        "seconds_given": seconds,
        "seconds": took,
        "containers": len(fills),
        "mean_fill_of_all_but_the_emptiest": _mean(fills[1:] or fills),
        "price_of_bound": loaded.price_minor / loaded.price_bound_minor,
        "faults": len(check_load(containers, boxes, loaded)),
        "cartons_left_out": sum(loaded.left_out),
        "cartons_out_of_order": loaded.disorder,
    }


def _instance(number: int, instance: int) -> Instance:
    if _has_sets():
        return read_br(SETS / "br" / f"BR{number}.txt", instance)
    return _made(CLASSES[number], instance)


def _made(types: int, instance: int) -> Instance:
    """Cartons of 25-120, in centimetres, for one container of 20 feet, about as much as it holds."""
    rng = random.Random(SEED + 1000 * types + instance)
    room = Container("made", 587, 233, 220)
    boxes = []
    for _ in range(types):
        edges = sorted((rng.randint(25, 120), rng.randint(25, 100), rng.randint(20, 80)), reverse=True)
        quantity = max(1, round(room.volume_mm3 / types / (edges[0] * edges[1] * edges[2])))
        boxes.append(BoxType(edges[0], edges[1], edges[2], quantity, (rng.random() < 0.5, rng.random() < 0.5, True)))
    return room, tuple(boxes)


def _containers() -> list[Container]:
    return [
        Container("20GP", 5896, 2350, 2393, 2340, 2274, 28_200_000, 1500_00),
        Container("40GP", 12032, 2350, 2392, 2340, 2274, 26_600_000, 2600_00),
        Container("40HC", 12032, 2350, 2697, 2340, 2577, 26_500_000, 2750_00),
        Container("45HC", 13556, 2347, 2696, 2340, 2584, 25_700_000, 3400_00),
    ]


def _goods(lines: int, cartons: int) -> list[BoxType]:
    """Cartons as a market ships them: 200-900 mm, 100-400 kg/m3, every fifth line this side up."""
    rng = random.Random(SEED)
    quantities = [1] * lines
    for _ in range(cartons - lines):
        quantities[rng.randrange(lines)] += 1
    boxes = []
    for quantity in quantities:
        length, width, height = sorted((rng.randrange(200, 901, 10) for _ in range(3)), reverse=True)
        weight_g = length * width * height * rng.randrange(100, 400) // 1_000_000
        vertical = (False, False, True) if rng.random() < 0.2 else (True, True, True)
        boxes.append(BoxType(length, width, height, quantity, vertical, weight_g))
    return boxes


def _is_accepted(room: Container, boxes: Sequence[BoxType], placements: Sequence[Placed]) -> bool:
    if any(fault.rule != "blocked" for fault in check(room, boxes, placements)):
        return False
    file = SHARED / "reference" / "packing_checker.py"
    if not file.is_file():
        return True
    spec = importlib.util.spec_from_file_location("packing_reference_checker", file)
    assert spec is not None
    assert spec.loader is not None
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    verdict = reference.check(room.inside_mm, [(b.edges_mm, b.vertical, b.quantity) for b in boxes], placements)
    return not verdict["errors"] and not verdict["unsupported"]


def _best_known(number: int) -> dict[int, int]:
    file = SETS / "data_knapsack_bischoff1995_davies1999.csv"
    if not _has_sets() or not file.is_file():
        return {}
    with file.open(encoding="utf-8", newline="") as rows:
        found = {}
        for path, value in list(csv.reader(rows))[1:]:
            name, _, instance = path.rpartition("/")[2].partition(".txt_")
            if name == f"BR{number}":
                found[int(instance)] = int(float(value))
    return found


def _has_sets() -> bool:
    return (SETS / "br" / "BR1.txt").is_file()


def _commit() -> str | None:
    """The commit that was measured, as far as the files are those of a commit."""
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None


def _check_seconds() -> float:
    """Our checker on a full grid of 2,000 cartons."""
    plan = [Placed(0, 2 * x, 2 * y, 2 * z, 2, 2, 2) for x in range(20) for z in range(10) for y in range(10)]
    began = time.perf_counter()
    assert check(Container("grid", 40, 20, 20), [BoxType(2, 2, 2, 2000)], plan) == []
    return time.perf_counter() - began


def _overhead_seconds() -> float:
    """`sundry pack` in a new process, less the time it was given: Python, numba, the compiled kernels, the plan."""
    given = 0.5
    rows = ["length_mm,width_mm,height_mm,quantity", *(f"{300 + 7 * k},{250 + 3 * k},{200 + k},90" for k in range(20))]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "goods.csv"
        file.write_text("\n".join(rows), "utf-8")
        command = [sys.executable, "-m", "sundry.web.cli", "pack", str(file), "--format", "csv", "--json"]
        began = time.perf_counter()
        subprocess.run([*command, "--container", "20GP", "--seconds", str(given)], capture_output=True, check=True)
        return time.perf_counter() - began - given


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
