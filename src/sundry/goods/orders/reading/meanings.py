"""Per carton or in all? What an unqualified column of weights or volumes means, told from its figures.

Problem: 毛重 is per carton in one office and of the whole line in the next, and the header does not say. Reading it
wrongly declares twenty times the weight. Therefore: a header that does not say means per carton, unless the figures
cannot be: the density of the goods would leave 20-1500 kg/m3 (a carton of feathers, a carton of steel), or a carton
would have a size or a weight that nobody carries. The whole column decides first (its lines share one habit), then each
single line, and whatever departs from the header is told.

    毛重 312, 15 cartons of 0.06 m3:  312 kg a carton is 5,200 kg/m3;  312 kg in all is 347 kg/m3  ->  in all
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

KG_PER_UNIT = {
    "kg": Decimal(1),
    "g": Decimal("0.001"),
    "jin": Decimal("0.5"),
    "lb": Decimal("0.45359237"),
    "t": Decimal(1000),
}
M3_PER_UNIT = {
    "m3": Decimal(1),
    "ft3": Decimal("0.028316846592"),
    "dm3": Decimal("0.001"),
    "cm3": Decimal("0.000001"),
}
MM_PER_UNIT = {"mm": Decimal(1), "cm": Decimal(10), "m": Decimal(1000), "inch": Decimal("25.4")}

# What a carton of small commodities can be when nothing else is known. Generous: only the impossible is refused.
CARTON_M3 = (Decimal("0.0004"), Decimal("2.5"))
CARTON_KG = (Decimal("0.15"), Decimal(90))


@dataclass(frozen=True, slots=True)
class Limits:
    """kg/m3 of goods in a carton, from the dated parameters (domain rule D7)."""

    density_min: Decimal
    density_max: Decimal

    def plausible(self, kg: Decimal, m3: Decimal) -> bool:
        return self.density_min * m3 <= kg <= self.density_max * m3


@dataclass(frozen=True, slots=True)
class Measured:
    """One line's evidence: the stated figure (kg or m3), its cartons, and the other measure of ONE carton, if known."""

    stated: Decimal
    cartons: int
    other: Decimal | None
    kg: Decimal | None = None  # of one carton, beside a volume


def weight_fits(kg: Decimal, m3: Decimal | None, limits: Limits) -> bool:
    """Whether one carton may weigh this much."""
    return limits.plausible(kg, m3) if m3 else CARTON_KG[0] <= kg <= CARTON_KG[1]


def volume_fits(m3: Decimal, box: Decimal | None, kg: Decimal | None, limits: Limits) -> bool:
    """Whether one carton may have this volume: near its length x width x height (half more or less), where stated;
    else of a size that people carry, and of goods that are neither foam nor iron by its weight `kg`, where known."""
    if box:
        return box * 2 <= m3 * 3 and m3 * 2 <= box * 3
    carried = CARTON_M3[0] <= m3 <= CARTON_M3[1]
    return carried and (kg is None or limits.plausible(kg, m3))


def means_total(evidence: Iterable[tuple[bool, bool]]) -> bool:
    """Whether a column is of whole lines: more lines fit only so than fit only per carton.

    `evidence`: for each line of two cartons and more, (fits per carton, fits in all).
    """
    balance = 0
    for per_carton, in_all in evidence:
        balance += in_all - per_carton
    return balance > 0


def weight_evidence(lines: Sequence[Measured], limits: Limits) -> list[tuple[bool, bool]]:
    return [
        (weight_fits(line.stated, line.other, limits), weight_fits(line.stated / line.cartons, line.other, limits))
        for line in lines
        if line.cartons > 1
    ]


def volume_evidence(lines: Sequence[Measured], limits: Limits) -> list[tuple[bool, bool]]:
    return [
        (
            volume_fits(line.stated, line.other, line.kg, limits),
            volume_fits(line.stated / line.cartons, line.other, line.kg, limits),
        )
        for line in lines
        if line.cartons > 1
    ]
