# mypy: allow-untyped-defs
# (the arguments of kernels are named tuples of arrays, see shapes.py)
"""What a top still carries: one whole number for a space, one for what a block presses, one for what its top takes.

Problem: a carton that carries 200 kg/m2 may have a heavy carton on it, or two light ones, or a light one that itself
carries a heavy one; and which of them a carton presses on is known only when all stand. To work out the load of every
carton at every step would cost more than the search.

    C  presses 30                   B leaves 20 of A's 100, so the top of B carries 20, not 50: C stands elsewhere.
    B  presses 80, carries 50
    A  carries 100                  (all in kg/m2)

Therefore pressures are added up along a column as whole kg/m2, each rounded up, and never spread: the strength left on
a top is the least of its own carton's and of what is left below it once this carton's own pressure is taken off.

Why that is enough: with full support a carton u presses with P(u) = (weight + load) / base, and its load is a mean, by
area, of the pressures that stand on it. So P(u) <= p(u) + max P(above u), p(u) being its own pressure alone. Let
A(c) = min(bearing of c, A(d) - p(c) over all d below c). A carton enters only where p <= A of all that it stands on.
From the top down, P(u) <= A(c) for each u on c: where nothing stands on u, P(u) = p(u) <= A(c); else, P above u being
at most A(u), P(u) <= p(u) + A(u) <= A(c), which is at most the bearing of c. The strength of a space is at most A of
every top that it covers, and what is placed later changes A of nothing that stands.

Where no carton has a limit every strength is UNLIMITED, every comparison holds, and the search is what it was.
"""

from __future__ import annotations

from sundry.engines.packing.cargo import Kind
from sundry.engines.packing.jit import kernel
from sundry.engines.packing.rules import BEARING_MAX_KG_M2, QUANTITY_MAX, Orientation

UNLIMITED = 1 << 30
NOTHING = -1  # less than no pressure at all: not even what weighs nothing may stand on it
PRESSURE_MAX_KG_M2 = BEARING_MAX_KG_M2 + 1  # more than any limit, so larger ones need not be told apart


def pressure_of(kind: Kind, way: Orientation) -> int:
    """What one carton, standing so, presses on what is below it, in kg/m2 rounded up."""
    return min(PRESSURE_MAX_KG_M2, -(-kind.weight_g * 1000 // (way[0] * way[1])))


def strength_of(kind: Kind) -> int:
    """What the carton's top carries, in kg/m2."""
    if kind.nothing_on_top:
        return NOTHING
    return UNLIMITED if kind.bearing_kg_m2 is None else kind.bearing_kg_m2


def column(kind: Kind, way: Orientation, cartons: int) -> tuple[int, int]:
    """(pressure, strength) in kg/m2 of so many cartons, one on the other."""
    pressure = pressure_of(kind, way)
    strength = strength_of(kind)
    if strength != UNLIMITED:
        strength -= (cartons - 1) * pressure
    return min(PRESSURE_MAX_KG_M2, pressure * cartons), strength


def column_max(kind: Kind, way: Orientation) -> int:
    """How many such cartons may stand one on the other, as far as bearing goes."""
    pressure = pressure_of(kind, way)
    strength = strength_of(kind)
    if strength == NOTHING:
        return 1
    return QUANTITY_MAX if strength == UNLIMITED or pressure == 0 else 1 + strength // pressure


@kernel
def top_strength(own, pressure, below):
    """What a top of strength `own` carries when it stands, with this pressure, on one that carries `below`."""
    return own if below == UNLIMITED else min(own, below - pressure)
