"""Ivancic: 47 orders of 2 to 5 kinds into the fewest equal containers (Ivancic, Mathur and Mohanty 1989).

    thpack9.txt_1_bins.csv      ID,X,Y,Z                             one row: the container, as many as one likes
    thpack9.txt_1_items.csv     ID,X,Y,Z,ROTATION_XYZ,...,COPIES       a row a kind; the last letter stands upright

A sum of containers says little unless it is known how far it could fall, so beside each count stands our bound: what no
plan can be below. Every plan is judged by the checker, with the rules under which it was made.
"""

from __future__ import annotations

import csv
import time
from pathlib import Path
from statistics import fmean
from typing import Any

from _packing_instances import SETS, THREADS, Instance
from _packing_runs import Record

from sundry.engines.packing import BoxType, Container, load
from sundry.engines.packing.checker import check_load
from sundry.engines.packing.rules import Requirements

FOLDER = SETS / "ivancic1989"
INSTANCES = 47
UPRIGHT = ("ZYX", "XZY", "XYZ")  # a turn in which the length, the width, the height stands upright


def read_ivancic(number: int, folder: Path = FOLDER) -> Instance:
    """Order `number`, from 1."""
    (room,) = _rows(folder / f"thpack9.txt_{number}_bins.csv")
    boxes = tuple(
        BoxType(
            *(int(row[axis]) for axis in "XYZ"),
            quantity=int(row["COPIES"]),
            vertical=(*(row[f"ROTATION_{turn}"] == "1" for turn in UPRIGHT),),
        )
        for row in _rows(folder / f"thpack9.txt_{number}_items.csv")
    )
    return Container("ivancic", *(int(room[axis]) for axis in "XYZ")), boxes


def measured(instance: Instance, seconds: float, requirements: Requirements) -> Record:
    """One load: how many containers, what no load is below, and how many faults the checker finds."""
    room, boxes = instance
    began_cpu, began = time.process_time(), time.perf_counter()
    loaded = load([room], boxes, requirements=requirements, seconds=seconds, threads=THREADS)
    took, took_cpu = time.perf_counter() - began, time.process_time() - began_cpu
    return {
        "containers": len(loaded.containers),
        "containers_bound": loaded.containers_bound,
        "cartons_left": sum(loaded.left_out) + sum(loaded.unfit),
        "faults": len(check_load([room], boxes, loaded, requirements)),
        "seconds": took,
        "cpu_share": took_cpu / took / THREADS,
    }


def summary(records: list[Record], seconds: float) -> dict[str, Any]:
    return {
        "seconds_given": seconds,
        "instances": len(records),
        "containers": sum(record["containers"] for record in records),
        "containers_bound": sum(record["containers_bound"] for record in records),
        "proven_fewest": sum(record["containers"] == record["containers_bound"] for record in records),
        "refused_by_a_checker": sum(record["faults"] > 0 or record["cartons_left"] > 0 for record in records),
        "longest_of_time_given": max(record["seconds"] for record in records) / seconds,
        "mean_seconds": fmean(record["seconds"] for record in records),
        "cpu_share": fmean(record["cpu_share"] for record in records),
    }


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))
