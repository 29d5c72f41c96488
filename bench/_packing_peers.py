"""Two open packages on the instances that we pack, in the same run and in the same seconds, judged by our checker.

py3dbp turns cartons as it likes, whatever may stand upright, and lets them hang; packingsolver3d keeps the orientation
and lets them hang. Neither has a support rule that could be asked for. Therefore our engine packs each instance twice:
with full support, which is what a crew can load, and without, which is what the peers do. What they promise is checked
(inside, no overlap, no carton twice), what they do not promise is counted: cartons turned wrongly, cartons that hang.
py3dbp has no limit of time and does its one pass; what it took is shown.

Each peer runs in a process of its own, so its seconds are those of its call, without start-up.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path
from statistics import fmean
from typing import Any

from _environment import environment
from _packing_instances import SUPPORT, THREADS, Instance, br_instance, faults, origin, packed
from _packing_runs import Asked, Job, Record, gather, journal, result

from sundry.engines.packing import Placed
from sundry.engines.packing.checker import Rule
from sundry.engines.packing.rules import Requirements

WORKER = Path(__file__).parent / "_packing_peer.py"
PEERS = {"packingsolver3d": "packingsolver3d==0.0.5", "py3dbp": "py3dbp==1.1.2"}
WITHOUT_LIMIT = {"py3dbp"}
NOT_PROMISED = {"py3dbp": {Rule.ORIENTATION, Rule.SUPPORT}, "packingsolver3d": {Rule.SUPPORT}}
OURS = {"sundry": "full", "sundry without support": "none"}
CLASSES, FIRST, SECONDS = (1, 7, 15), 3, (5.0, 10.0)
QUICK_FIRST, QUICK_SECONDS = 1, (1.0,)
PATIENCE_S = 120


def peers(asked: Asked) -> Record:
    """Every packer on every instance; what could not be run is left out, with the reason."""
    first = asked.first or (QUICK_FIRST if asked.quick else FIRST)
    budgets = (asked.seconds,) if asked.seconds else (QUICK_SECONDS if asked.quick else SECONDS)
    classes = asked.classes or CLASSES
    left_out = {name: why for name in PEERS if (why := _missing(name))}
    packers = [name for name in [*OURS, *PEERS] if name not in left_out]
    jobs = [
        Job(
            {"packer": name, "origin": origin(), "class": number, "instance": k, "seconds_given": seconds},
            partial(_measure, name, number, k, seconds),
        )
        for k in range(1, first + 1)
        for number in classes
        for name in packers
        for seconds in ((None,) if name in WITHOUT_LIMIT else budgets)
    ]
    records = gather(jobs, journal("packing-peers", asked), asked.console, _told)
    settings = f"--with first={first}" + (f" --with seconds={asked.seconds:g}" if asked.seconds else "")
    return result(
        "packing-peers",
        f"sundry bench packing --with part=peers {settings}",
        _figures(records, budgets) | {"left_out": left_out},
        records,
        about="Two open packages on the same instances.",
        versions=PEERS,
        classes=_table(records),
    )


@cache
def _missing(name: str) -> str | None:
    try:
        environment(PEERS[name])
    except (OSError, subprocess.SubprocessError) as fault:
        return f"{PEERS[name]} could not be installed: {type(fault).__name__}"
    return None


def _measure(name: str, number: int, instance: int, seconds: float | None) -> Record:
    room, boxes = br_instance(number, instance)
    if name in OURS:
        found, placements = packed(room, boxes, seconds or 0.0, SUPPORT[OURS[name]])
        return {
            **{key: found[key] for key in ("fill", "seconds", "cartons", "cpu_share")},
            "faults": faults(room, boxes, placements, Requirements(), ordered=False),
            "broken_promises": sum(found["faults"].values()),
        }
    return _of_peer(name, (room, boxes), seconds)


def _of_peer(name: str, instance: Instance, seconds: float | None) -> Record:
    """`fill` is null where the peer did not answer in two minutes or failed: `why` says it."""
    room, boxes = instance
    task = {
        "room": room.inside_mm,
        "boxes": [[box.edges_mm, box.vertical, box.quantity] for box in boxes],
        "seconds": seconds,
    }
    try:
        done = subprocess.run(
            [environment(PEERS[name]), WORKER, name],
            input=json.dumps(task), capture_output=True, check=True, text=True, timeout=PATIENCE_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"fill": None, "why": f"no answer in {PATIENCE_S} s"}
    except subprocess.CalledProcessError as fault:
        return {"fill": None, "why": (fault.stderr.strip().splitlines() or [f"exit {fault.returncode}"])[-1]}
    answer = json.loads(done.stdout)
    placements = [Placed(*row) for row in answer["placements"]]
    broken = faults(room, boxes, placements, Requirements(), ordered=False)
    return {
        "fill": sum(p.dx * p.dy * p.dz for p in placements) / room.volume_mm3,
        "seconds": round(answer["seconds"], 3),
        "cartons": len(placements),
        "faults": broken,
        "cpu_share": round(answer["cpu_s"] / answer["seconds"] / THREADS, 3),
        "broken_promises": sum(count for rule, count in broken.items() if rule not in NOT_PROMISED[name]),
    }


def _told(record: Record) -> str:
    where = f"BR{record['class']}.{record['instance']} {record['packer']}"
    if record["fill"] is None:
        return f"{where}: {record['why']}"
    return f"{where}: {100 * record['fill']:.2f} % in {record['seconds']:.2f} s, faults {record['faults']}"


def _figures(records: Sequence[Record], budgets: Sequence[float]) -> dict[str, Any]:
    """Mean of our fill by theirs on the same instance. A peer without a limit is set against our least budget."""
    compared: dict[str, Any] = {}
    for seconds in budgets:
        for theirs in PEERS:
            of_peer = _by_instance(records, theirs, None if theirs in WITHOUT_LIMIT else seconds)
            for ours in OURS:
                of_us = _by_instance(records, ours, seconds)
                ratios = [fill / of_peer[where] for where, fill in of_us.items() if of_peer.get(where)]
                if ratios and not (theirs in WITHOUT_LIMIT and seconds != min(budgets)):
                    key = f"{ours} {seconds:g} s / {theirs}" + ("" if theirs in WITHOUT_LIMIT else f" {seconds:g} s")
                    compared[key] = {"mean_ratio": fmean(ratios), "instances": len(ratios)}
    return {
        "compared": compared,
        "empty_answers": sum(not record["fill"] for record in records),
        "broken_promises": sum(record.get("broken_promises", 0) for record in records),
    }


def _by_instance(records: Sequence[Record], packer: str, seconds: float | None) -> dict[tuple[int, int], float]:
    return {
        (record["class"], record["instance"]): record["fill"] or 0.0
        for record in records
        if record["packer"] == packer and record["seconds_given"] == seconds
    }


def _table(records: Sequence[Record]) -> dict[str, dict[str, Any]]:
    """A row for each packer and budget: mean fill of each class, with an empty answer as 0, and what was counted."""
    rows: dict[str, list[Record]] = {}
    for record in records:
        given = record["seconds_given"]
        rows.setdefault(record["packer"] + (f" {given:g} s" if given else ""), []).append(record)
    return {name: _row(of) for name, of in rows.items()}


def _row(records: Sequence[Record]) -> dict[str, Any]:
    answered = [record for record in records if record["fill"]]
    classes = sorted({record["class"] for record in records})
    return {
        "fill": {
            f"br{number}": fmean([record["fill"] or 0.0 for record in records if record["class"] == number])
            for number in classes
        },
        "seconds": fmean([record["seconds"] for record in answered]) if answered else None,
        "empty_answers": len(records) - len(answered),
        "cartons": sum(record["cartons"] for record in answered),
        "hanging": sum(record["faults"].get(str(Rule.SUPPORT), 0) for record in answered),
        "turned_wrongly": sum(record["faults"].get(str(Rule.ORIENTATION), 0) for record in answered),
        "broken_promises": sum(record["broken_promises"] for record in answered),
    }
