"""BR1 to BR15: one container for cartons of 3 to 100 kinds, beside the best known values of the very same instances."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from statistics import fmean
from typing import Any

from _packing_instances import SUPPORT, best_known, br_instance, origin, packed
from _packing_runs import Asked, Job, Record, gather, journal, result

from sundry.engines.packing.instances import CLASS_TYPES

FIRST, SECONDS = 20, 5.0
QUICK_CLASSES, QUICK_FIRST, QUICK_SECONDS = (1, 7, 15), 2, 0.5
WEAK, STRONG = range(1, 8), range(8, 16)  # weakly and strongly mixed cargo, as the literature groups the classes


def br(asked: Asked) -> Record:
    """All instances that are asked for, by class and one by one."""
    classes = asked.classes or (QUICK_CLASSES if asked.quick else tuple(CLASS_TYPES))
    first = asked.first or (QUICK_FIRST if asked.quick else FIRST)
    seconds = asked.seconds or (QUICK_SECONDS if asked.quick else SECONDS)
    # The first instance of every class, then the second: what was done when a run is stopped is a fair sample.
    jobs = [
        Job(
            {"origin": origin(), "seconds_given": seconds, "support": asked.support, "class": number, "instance": k},
            partial(_measure, number, k, seconds, asked.support),
        )
        for k in range(1, first + 1)
        for number in classes
    ]
    records = gather(jobs, journal("packing-br", asked), asked.console, _told)
    records.sort(key=lambda record: (record["class"], record["instance"]))
    by_class = defaultdict(list)
    for record in records:
        by_class[record["class"]].append(record)
    command = f"sundry bench packing --with part=br --with first={first} --with seconds={seconds:g}"
    if asked.support != "full":
        command += f" --with support={asked.support}"
    return result(
        _name(seconds, asked.support),
        command,
        _figures(records, by_class),
        records,
        about="One container, class by class.",
        classes={f"br{number}": _class(number, of) for number, of in by_class.items()},
    )


def is_whole(found: Record) -> bool:
    """A table of some classes only is shown and not kept as the result."""
    return len(found["classes"]) == len(CLASS_TYPES)


def _name(seconds: float, support: str) -> str:
    kind = "br" if origin() == "published" else "made"
    budget = "" if support == "none" and seconds == SECONDS else f"-{seconds:g}s"
    return f"packing-{kind}{'-nosupport' if support == 'none' else ''}{budget}"


def _measure(number: int, instance: int, seconds: float, support: str) -> Record:
    room, boxes = br_instance(number, instance)
    found, _ = packed(room, boxes, seconds, SUPPORT[support])
    known = best_known(number).get(instance)
    return found | {"best_known": known / room.volume_mm3 if known else None}


def _told(record: Record) -> str:
    verdict = "refused" if is_refused(record) else "accepted"
    known = f" (best known {100 * record['best_known']:.2f} %)" if record["best_known"] else ""
    return (
        f"BR{record['class']}.{record['instance']}: {100 * record['fill']:.2f} %{known} in "
        f"{record['seconds']:.2f} s, {record['rollouts']:,} plans, {verdict}"
    )


def is_refused(record: Record) -> bool:
    return bool(record["faults"]) or bool(record["reference_faults"])


def _figures(records: Sequence[Record], by_class: dict[int, list[Record]]) -> dict[str, Any]:
    """`br1_7`, `br8_15`: means of the classes' means, null where a class is missing."""
    means = {number: fmean([record["fill"] for record in of]) for number, of in by_class.items()}
    return {
        "origin": records[0]["origin"],
        "support": records[0]["support"],
        "seconds_given": records[0]["seconds_given"],
        "instances_a_class": min(len(of) for of in by_class.values()),
        "br1_7": fmean([means[k] for k in WEAK]) if set(WEAK) <= set(means) else None,
        "br8_15": fmean([means[k] for k in STRONG]) if set(STRONG) <= set(means) else None,
        "least_fill": min(record["fill"] for record in records),
        "refused_by_a_checker": sum(map(is_refused, records)),
        "not_seen_by_the_other_checker": sum(record["reference_faults"] is None for record in records),
        "longest_of_time_given": max(record["seconds"] / record["seconds_given"] for record in records),
        "cpu_share": fmean([record["cpu_share"] for record in records]),
    }


def _class(number: int, records: Sequence[Record]) -> dict[str, Any]:
    known = [record["best_known"] for record in records if record["best_known"]]
    room, _ = br_instance(number, 1)
    all_known = [value / room.volume_mm3 for value in best_known(number).values()]
    return {
        "types": CLASS_TYPES[number],
        "instances": len(records),
        "mean_fill": fmean([record["fill"] for record in records]),
        "least_fill": min(record["fill"] for record in records),
        "best_known_of_these": fmean(known) if known else None,
        "best_known_of_all": fmean(all_known) if all_known else None,
        "plans_a_second": sum(record["rollouts"] for record in records) / sum(record["seconds"] for record in records),
        "seconds": fmean([record["seconds"] for record in records]),
        "refused_by_a_checker": sum(map(is_refused, records)),
        "cpu_share": fmean([record["cpu_share"] for record in records]),
    }
