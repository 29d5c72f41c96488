"""NMFTA: one container of goods with true weights, where the payload binds before the room does.

    100                                 instances in the file
    1 0                                 number of the first, unused
    590 235 239                         inside length, width, height (cm)
    25000                               payload (kg)
    1                                   types
    1 93 0 111 0 49 1 1 552 89          number, three edges each with "may stand upright", quantity, weight (kg), unused

A plan may be far from full and still the best: how far, is told by a bound that no plan whatever passes. It is the
volume of the lightest goods a litre that the payload takes, cut where it is reached (or the inside volume, if less).
Every plan has full support and is judged with its weight by our checker; the other checker knows no weights.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Any

from _packing_instances import SETS, Instance, packed
from _packing_runs import Asked, Job, Record, gather, journal, require, result

from sundry.engines.packing import BoxType, Container
from sundry.engines.packing.rules import Requirements

FOLDER = SETS / "nmfta"
FIRST, SECONDS = 10, 1.0
QUICK_FILES, QUICK_FIRST, QUICK_SECONDS = 1, 1, 0.3
GRAMS = 1000


def files() -> list[Path]:
    return sorted(FOLDER.glob("NMFTA_*.txt"), key=lambda file: int(file.stem.rpartition("_")[2]))


def read(file: Path) -> list[Instance]:
    """All instances of a file; weights in grams, lengths as they stand there."""
    words = iter(file.read_text("utf-8").split())
    return [_instance(words) for _ in range(int(next(words)))]


def _instance(words: Iterator[str]) -> Instance:
    _, _, length, width, height, payload_kg, types = (int(next(words)) for _ in range(7))
    boxes = []
    for _ in range(types):
        row = [int(next(words)) for _ in range(10)]
        upright = (row[2] == 1, row[4] == 1, row[6] == 1)
        boxes.append(BoxType(row[1], row[3], row[5], row[7], upright, row[8] * GRAMS))
    return Container("nmfta", length, width, height, payload_g=payload_kg * GRAMS), tuple(boxes)


def bound(room: Container, boxes: Sequence[BoxType]) -> float:
    """The fill that no plan passes: the goods that weigh least a litre first, as much of them as the payload takes."""
    left_g, volume = math.inf if room.payload_g is None else float(room.payload_g), 0.0
    for box in sorted(boxes, key=lambda box: box.weight_g / box.volume_mm3):
        taken = min(box.quantity, left_g / box.weight_g) if box.weight_g else box.quantity
        left_g -= taken * box.weight_g
        volume += taken * box.volume_mm3
    return min(1.0, volume / room.volume_mm3)


def nmfta(asked: Asked) -> Record:
    """The first instances of each file, with weights."""
    require(FOLDER)
    first = asked.first or (QUICK_FIRST if asked.quick else FIRST)
    seconds = asked.seconds or (QUICK_SECONDS if asked.quick else SECONDS)
    chosen = files()[: QUICK_FILES if asked.quick else None]
    instances = {file.stem: read(file)[:first] for file in chosen}
    jobs = [
        Job({"file": name, "instance": k, "seconds_given": seconds}, partial(_measure, instance, seconds))
        for name, of in instances.items()
        for k, instance in enumerate(of, 1)
    ]
    records = gather(jobs, journal("packing-nmfta", asked), asked.console, _told)
    by_file = defaultdict(list)
    for record in records:
        by_file[record["file"]].append(record)
    return result(
        "packing-nmfta",
        f"sundry bench packing --with part=nmfta --with first={first} --with seconds={seconds:g}",
        _summary(records),
        records,
        about="One container of goods with weights (NMFTA), full support.",
        classes={name: _summary(of) for name, of in by_file.items()},
    )


def _measure(instance: Instance, seconds: float) -> Record:
    room, boxes = instance
    found, placements = packed(room, boxes, seconds, Requirements())
    return found | {
        "types": len(boxes),
        "fill_bound": bound(room, boxes),
        "payload_share": sum(boxes[p.type].weight_g for p in placements) / (room.payload_g or 1),
    }


def _told(record: Record) -> str:
    return (
        f"{record['file']}.{record['instance']}: {100 * record['fill']:.2f} % of at most "
        f"{100 * record['fill_bound']:.2f} %, {100 * record['payload_share']:.1f} % of the payload, "
        f"faults {record['faults']}"
    )


def _summary(records: Sequence[Record]) -> dict[str, Any]:
    return {
        "instances": len(records),
        "seconds_given": records[0]["seconds_given"],
        "mean_fill": fmean([record["fill"] for record in records]),
        "mean_fill_bound": fmean([record["fill_bound"] for record in records]),
        "mean_payload_share": fmean([record["payload_share"] for record in records]),
        "most_payload_share": max(record["payload_share"] for record in records),
        "refused_by_a_checker": sum(bool(record["faults"]) or bool(record["reference_faults"]) for record in records),
        "longest_of_time_given": max(record["seconds"] / record["seconds_given"] for record in records),
    }
