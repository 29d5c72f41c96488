"""The part of the bench on Ivancic's loads (`_packing_sets.py`): with full support and without, kept one by one."""

from __future__ import annotations

from functools import partial

from _packing_instances import SUPPORT
from _packing_runs import Asked, Job, Record, gather, journal, require, result
from _packing_sets import FOLDER, INSTANCES, measured, read_ivancic, summary

SECONDS = 10.0
QUICK_FIRST, QUICK_SECONDS = 1, 0.5
KINDS = {"full": "with full support", "none": "without support"}


def ivancic(asked: Asked) -> Record:
    """The first loads, all where nothing is said, both ways."""
    require(FOLDER)
    first = min(asked.first or (QUICK_FIRST if asked.quick else INSTANCES), INSTANCES)
    seconds = asked.seconds or (QUICK_SECONDS if asked.quick else SECONDS)
    jobs = [
        Job(
            {"instance": number, "support": support, "seconds_given": seconds},
            partial(_measure, number, seconds, support),
        )
        for number in range(1, first + 1)
        for support in KINDS
    ]
    records = gather(jobs, journal("packing-ivancic", asked), asked.console, _told)
    ways = {support: [record for record in records if record["support"] == support] for support in KINDS}
    classes = {KINDS[support]: summary(of, seconds) for support, of in ways.items()}
    return result(
        "packing-ivancic",
        f"sundry bench packing --with part=ivancic --with first={first} --with seconds={seconds:g}",
        {kind: of["containers"] for kind, of in classes.items()},
        records,
        about="Orders of 2 to 5 kinds into the fewest equal containers (Ivancic).",
        classes=classes,
    )


def _measure(number: int, seconds: float, support: str) -> Record:
    return measured(read_ivancic(number), seconds, SUPPORT[support])


def _told(record: Record) -> str:
    return (
        f"Ivancic {record['instance']} {KINDS[record['support']]}: {record['containers']} containers, at least "
        f"{record['containers_bound']}, in {record['seconds']:.2f} s, {record['faults']} faults"
    )
