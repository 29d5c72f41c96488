"""Whole loads in several containers, what a new process costs, and what the checker costs."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

from _packing_instances import THREADS
from _packing_runs import Asked, Record, result

from sundry.engines.packing import BoxType, Container, Placed, load
from sundry.engines.packing.checker import check, check_load
from sundry.engines.packing.rules import volume_of

SEED = 20_261_122
ORDERS = {"load_300_lines_1000_cartons": (300, 1000, 5.0), "load_300_lines_5000_cartons": (300, 5000, 10.0)}
GIVEN_S = 0.5  # to the first plan of a new process

# The first plan of a new process, as a program that uses the library sees it.
FIRST_PLAN = f"""
import json, resource, time
began = time.perf_counter()
from sundry.engines.packing import BoxType, Container, pack
imported = time.perf_counter()
pack(Container("20GP", 5896, 2350, 2393), [BoxType(300 + 7 * k, 250 + 3 * k, 200 + k, 90) for k in range(20)],
     seconds={GIVEN_S})
print(json.dumps({{"import_s": imported - began, "first_pack_s": time.perf_counter() - imported,
                  "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}}))
"""


def whole(asked: Asked) -> Record:
    """Both, as a file of results without instances."""
    return result(
        "packing-whole",
        "sundry bench packing --with part=whole" + (f" --with seconds={asked.seconds:g}" if asked.seconds else ""),
        process(asked),
        [],
        about="What a new process costs, and whole loads in several containers.",
        classes=loads(asked),
    )


def loads(asked: Asked) -> dict[str, Any]:
    """Orders of cartons as a market ships them into the cheapest mix of four containers."""
    figures = {}
    for name, (lines, cartons, seconds) in ORDERS.items():
        budget = asked.seconds or (seconds / 10 if asked.quick else seconds)
        figures[name] = _load(lines, cartons, budget)
        asked.console.print(f"{name}: {figures[name]}", markup=False)
    return figures


def process(asked: Asked) -> dict[str, Any]:
    """A new process, less the time it was given, by the library and by `sundry pack`; compiling; the checker.

    `compile_s` is measured in an empty cache folder and left out of a quick run.
    """
    told, took = _run([sys.executable, "-c", FIRST_PLAN])
    first = json.loads(told)
    return {
        "new_process_overhead_s": took - GIVEN_S,
        "import_s": first["import_s"],
        "first_pack_overhead_s": first["first_pack_s"] - GIVEN_S,
        "peak_memory_mb": first["peak_mb"],
        "command_overhead_s": _command_overhead_s(),
        "compile_s": None if asked.quick else _compile_s(),
        "check_2000_cartons_s": _check_s(),
    }


def _load(lines: int, cartons: int, seconds: float) -> dict[str, Any]:
    containers, boxes = _containers(), _goods(lines, cartons)
    began = time.perf_counter()
    loaded = load(containers, boxes, seconds=seconds, threads=THREADS)
    took = time.perf_counter() - began
    fills = sorted(volume_of(placements) / containers[number].volume_mm3 for number, placements in loaded.containers)
    return {
        "seconds_given": seconds,
        "seconds": took,
        "containers": len(fills),
        "containers_bound": loaded.containers_bound,
        "mean_fill_of_all_but_the_emptiest": fmean(fills[1:] or fills),
        "price_of_bound": loaded.price_minor / loaded.price_bound_minor,
        "faults": len(check_load(containers, boxes, loaded)),
        "cartons_left_out": sum(loaded.left_out),
    }


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


def _command_overhead_s() -> float:
    """`sundry pack` as a person types it: Python, numba, the compiled kernels, the file, the plan."""
    rows = ["length_mm,width_mm,height_mm,quantity", *(f"{300 + 7 * k},{250 + 3 * k},{200 + k},90" for k in range(20))]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "goods.csv"
        file.write_text("\n".join(rows), "utf-8")
        command = [sys.executable, "-m", "sundry.web.cli", "pack", str(file), "--format", "csv", "--json"]
        return _run([*command, "--container", "20GP", "--seconds", str(GIVEN_S)])[1] - GIVEN_S


def _compile_s() -> float:
    """`sundry warm` where nothing is compiled yet: what set-up and a changed kernel cost."""
    with tempfile.TemporaryDirectory() as folder:
        return _run([sys.executable, "-m", "sundry.web.cli", "warm"], SUNDRY_CACHE_DIR=folder)[1]


def _run(command: Sequence[str], **environ: str) -> tuple[str, float]:
    """What a new process printed, and its seconds. The folder of compiled kernels it finds by itself, as any other."""
    kept = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=True, text=True, env=kept | environ)
    return done.stdout, time.perf_counter() - began


def _check_s() -> float:
    """Our checker on a full grid of 2,000 cartons."""
    plan = [Placed(0, 2 * x, 2 * y, 2 * z, 2, 2, 2) for x in range(20) for z in range(10) for y in range(10)]
    began = time.perf_counter()
    assert check(Container("grid", 40, 20, 20), [BoxType(2, 2, 2, 2000)], plan) == []
    return time.perf_counter() - began
