"""20,000 lines declared under market procurement (limit: 5 s on 2 cores).

Raw limit in the same run: reading the same lines from the same CSV with the standard library and summing their values,
which is the least that any declaration does. Peer: first fit decreasing by value, which forgets codes and rows, for the
number of forms. Lines are made from a seed: `usual` as in an agent's books, `uncoded` without any HS code (50 names
fill a form), `large` worth a fifth to half of a form each, where forms are hard to fill.
"""

from __future__ import annotations

import csv
import json
import random
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console

from sundry.engines.declaring.commands import declarable
from sundry.engines.declaring.declare import declare
from sundry.engines.declaring.formats.lines_csv import OPTIONAL, REQUIRED, read_lines_csv
from sundry.engines.declaring.rules import Declared, Rules1039
from sundry.kernel.exchange import resolve_rates
from sundry.kernel.parameters import parameters

DAY = date(2026, 11, 2)
SEED = 20261102
SECONDS_MAX = 5.0
CODES = 400
MIXES = {  # value of a line in fen, share of lines with an HS code
    "usual": (20_000, 3_500_000, 0.97),
    "uncoded": (20_000, 3_500_000, 0.0),
    "large": (21_300_000, 53_000_000, 1.0),
}


def run(quick: bool, console: Console) -> dict[str, Any]:
    lines = 2_000 if quick else 20_000
    figures: dict[str, Any] = {"lines": lines, "limit_seconds": SECONDS_MAX}
    with tempfile.TemporaryDirectory() as folder:
        for mix in MIXES:
            file = Path(folder) / f"{mix}.csv"
            _write(file, lines, mix)
            figures[mix] = _measure(file)
            console.print(f"{mix}: {figures[mix]}", markup=False)
    return figures


def _write(file: Path, count: int, mix: str) -> None:
    low, high, coded = MIXES[mix]
    made = random.Random(f"{SEED}-{mix}")
    chapters = [f"{chapter:02d}" for chapter in range(1, 98) if chapter != 77]
    codes = [made.choice(chapters) + f"{made.randrange(10**8):08d}" for _ in range(CODES)]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow((*REQUIRED, *OPTIONAL))
        for number in range(count):
            cartons, fen = made.randint(1, 40), made.randint(low, high)
            hs = made.choice(codes) if made.random() < coded else ""
            inspection = "yes" if made.random() < 0.02 else "no"
            kilograms = cartons * made.randint(5, 25)
            amounts = (cartons, cartons * 24, f"{fen / 100:.2f}", "CNY")
            weights = (kilograms, kilograms - cartons)
            writer.writerow((*amounts, hs, f"goods {number}", "piece", *weights, inspection, "no", "no"))


def _measure(file: Path) -> dict[str, Any]:
    raw_seconds, total = _raw(file)
    start = time.perf_counter()
    given = read_lines_csv(file)
    rates, _ = resolve_rates(["USDCNY=7.10"], ["CNY"], DAY, parameters("exchange"))
    lines = [declarable(line, rates) for line in given.lines]
    read = time.perf_counter()
    declared = declare(lines, rules=Rules1039.at(DAY))
    grouped = time.perf_counter()
    json.dumps([form.to_json() for form in declared.declarations])
    end = time.perf_counter()
    assert total == sum(line.value_minor for line in given.lines)
    assert sum(form.value_usd_cents for form in declared.declarations) == sum(line.value_usd_cents for line in lines)
    return {
        "seconds": round(end - start, 3),
        "read_seconds": round(read - start, 3),
        "declare_seconds": round(grouped - read, 3),
        "raw_seconds": round(raw_seconds, 3),
        "times_raw": round((end - start) / raw_seconds, 1),
        "forms": len(declared.declarations),
        "forms_proved_needed": declared.forms_min,
        "forms_first_fit": _first_fit([line.value_usd_cents for line in lines]),
        "items": sum(len(form.items) for form in declared.declarations),
        "codes_on_several_forms": _scattered(declared),
    }


def _raw(file: Path) -> tuple[float, int]:
    start = time.perf_counter()
    with file.open(encoding="utf-8", newline="") as lines:
        total = sum(int(row["value"].replace(".", "")) for row in csv.DictReader(lines))
    return time.perf_counter() - start, total


def _first_fit(values: list[int]) -> int:
    """Forms of first fit decreasing by value alone, found by halving over a tree of what each form can still take."""
    limit = Rules1039.at(DAY).form_value_max_usd_cents
    leaves = 1 << max(len(values) - 1, 1).bit_length()
    free = [limit] * (2 * leaves)
    used = 0
    for value in sorted(values, reverse=True):
        place = 1
        while place < leaves:
            place = 2 * place if free[2 * place] >= value else 2 * place + 1
        free[place] -= value
        used = max(used, place - leaves + 1)
        while place > 1:
            place //= 2
            free[place] = max(free[2 * place], free[2 * place + 1])
    return used


def _scattered(declared: Declared) -> int:
    """HS codes that stand on more than one form (lines of one code stay together where it costs no form)."""
    homes: dict[str, int] = {}
    for form in declared.declarations:
        for hs in {item.hs for item in form.items if item.hs and not item.merged}:
            homes[hs] = homes.get(hs, 0) + 1
    return sum(count > 1 for count in homes.values())
