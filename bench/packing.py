"""Fill of one container on BR1 to BR15, with full support, beside the published means and two peers; whole loads.

Problem: "94 % full" says nothing by itself: the first instances of a class may be easy, the support rule left out, two
minutes given, a carton in the air. Therefore every instance stands with its seconds and the verdict of two checkers,
and every class beside the best published means and the best values known of the very same instances (WITHOUT support,
which no plan with full support can be expected to reach). Peers pack the same instances in the same run.

    sundry bench packing                                  5 s, the first 20 of each class; the peers; whole loads
    sundry bench packing --with part=br --with first=10 --with seconds=30
    sundry bench packing --with part=br --with first=10 --with support=none
    sundry bench packing --with part=nmfta                or ivancic, peers, whole

What was measured is kept (`_packing_runs.py`): the same command after Ctrl-C goes on where it was stopped. Each part
writes `bench/results/packing-*.json` with every instance, and docs/packing-results.md is made from these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import _packing_document as document
from _packing_br import br, is_whole
from _packing_ivancic import ivancic
from _packing_nmfta import nmfta
from _packing_peers import peers
from _packing_runs import Asked, Record, commit, keep
from _packing_whole import whole
from rich.console import Console

from sundry.engines.packing.instances import CLASS_TYPES
from sundry.engines.packing.warming import warm
from sundry.kernel.errors import UsageError

PARTS: dict[str, Callable[[Asked], Record]] = {
    "br": br,
    "ivancic": ivancic,
    "nmfta": nmfta,
    "peers": peers,
    "whole": whole,
}
USUAL, QUICK = ("br", "peers", "whole"), ("br", "whole")
SETTINGS = {
    "part": f"one of {', '.join(PARTS)}; {', '.join(USUAL)} where none is named",
    "first": "so many instances of each class or file",
    "seconds": "of an instance",
    "classes": "of BR, such as 1-7 or 1,7,15",
    "support": "full or none",
}


def run(quick: bool, console: Console, settings: Mapping[str, str]) -> dict[str, Any]:
    """One part, or the usual ones. Each writes its file of results, but in a quick run; then the page is made anew."""
    asked = _asked(quick, console, settings)
    named = settings.get("part")
    warm()
    figures: dict[str, Any] = {"commit": commit()}
    for name in [named] if named else QUICK if quick else USUAL:
        console.print(name, style="bold")
        found = PARTS[name](asked)
        figures[name] = found["figures"] | (found["classes"] if quick or named else {})
        if not quick and (name != "br" or is_whole(found)):
            console.print(str(keep(document.BENCH, found).relative_to(document.ROOT)), markup=False)
            document.write()
    return figures


def _asked(quick: bool, console: Console, settings: Mapping[str, str]) -> Asked:
    """The settings as numbers. UsageError: one of them is none."""
    readers: dict[str, Callable[[str], Any]] = {
        "part": _one_of(PARTS),
        "first": _positive(int),
        "seconds": _positive(float),
        "classes": _classes,
        "support": _one_of(("full", "none")),
    }
    read = {}
    for name, value in settings.items():
        try:
            read[name] = readers[name](value)
        except ValueError as fault:
            raise UsageError(
                "bench_setting_unknown", setting=f"{name}={value}", name="packing", known=SETTINGS[name]
            ) from fault
    read.pop("part", None)
    return Asked(console, quick, **read)


def _one_of(known: Any) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in known:
            raise ValueError(value)
        return value

    return read


def _positive(number: Callable[[str], Any]) -> Callable[[str], Any]:
    def read(value: str) -> Any:
        if not 0 < number(value) < 1e9:
            raise ValueError(value)
        return number(value)

    return read


def _classes(value: str) -> tuple[int, ...]:
    """Numbers and ranges of numbers: 1,7,15 or 8-15."""
    found: set[int] = set()
    for part in value.split(","):
        least, _, most = part.partition("-")
        found |= set(range(int(least), int(most or least) + 1))
    if not found or not found <= set(CLASS_TYPES):
        raise ValueError(value)
    return tuple(sorted(found))
