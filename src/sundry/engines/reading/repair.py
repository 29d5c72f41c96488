"""The smallest change that makes a failed sum come out: one digit, or one decimal point, in as few figures as possible.

Problem: a bulletin prints five parts of 42.3: 21.7, 6.8, 7.9, 4.1 and 18.0. They make 58.5. Which one is wrong? Nobody
can know; but 1.80 for 18.0 gives 42.3 to the decimal, and no other single slip of a pen does.

    one decimal point    18.0 -> 1.80      21.7 + 6.8 + 7.9 + 4.1 + 1.80 = 42.30          proposed
    two decimal points   only where no single change does it; two changed digits never: they could explain anything

Therefore all single changes are tried, then all pairs of shifted points, and those that bring the sum within rounding
are returned, the nearest first. Several of them mean that the sum alone cannot tell: the caller shows how many there
are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product

_FIGURES_MAX = 40  # pairs of points over more figures than a printed table has are not tried


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure as printed, in the unit of the sum."""

    value: Decimal
    decimals: int


@dataclass(frozen=True, slots=True)
class Change:
    """`place`: which part, from 0; -1: the whole. `is_shift`: the decimal point; otherwise one digit."""

    place: int
    old: Decimal
    new: Decimal
    is_shift: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """`total`: the sum of the parts after the change; `rest`: how far it still is from the whole."""

    changes: tuple[Change, ...]
    total: Decimal
    rest: Decimal

    @property
    def written(self) -> str:
        return "; ".join(f"{change.old:f}->{change.new:f}" for change in self.changes)


def repairs_of(parts: Sequence[Printed], whole: Printed) -> tuple[Repair, ...]:
    """The smallest repairs of parts that do not make the whole, the likeliest first; none where none is small.

    Fewest changes first, then points before digits, then the smallest rest. The rest may be what rounding leaves: half
    a last digit of the whole and of each part.
    """
    figures = [*parts, whole]
    total = sum((part.value for part in parts), Decimal(0))
    allowed = sum((Decimal(5).scaleb(-figure.decimals - 1) for figure in figures), Decimal(0))
    options = [tuple(_changes(place if place < len(parts) else -1, figure)) for place, figure in enumerate(figures)]
    singles = [_applied((change,), total, whole.value) for some in options for change in some]
    found = [repair for repair in singles if repair.rest <= allowed]
    if not found and len(figures) <= _FIGURES_MAX:
        shifts = [tuple(change for change in some if change.is_shift) for some in options]
        pairs = (pair for one, other in combinations(shifts, 2) for pair in product(one, other))
        found = [repair for repair in (_applied(pair, total, whole.value) for pair in pairs) if repair.rest <= allowed]
    return tuple(sorted(found, key=lambda repair: (not repair.changes[0].is_shift, repair.rest, repair.written)))


def _applied(changes: tuple[Change, ...], total: Decimal, whole: Decimal) -> Repair:
    for change in changes:
        if change.place < 0:
            whole = change.new
        else:
            total += change.new - change.old
    return Repair(changes, total, abs(total - whole))


def _changes(place: int, figure: Printed) -> Iterator[Change]:
    value = (
        figure.value.quantize(Decimal(1).scaleb(-figure.decimals)) if figure.decimals else figure.value.to_integral()
    )
    if value == 0:
        return
    for power in (-1, 1):
        yield Change(place, value, value.scaleb(power), True)
    sign, digits, _ = value.as_tuple()
    exponent = -figure.decimals if figure.decimals else 0
    for at, digit in enumerate(digits):
        for other in range(10):
            # A figure is never printed with a 0 before its first digit.
            if other != digit and not (at == 0 and other == 0 and len(digits) > max(1, figure.decimals + 1)):
                changed = (*digits[:at], other, *digits[at + 1 :])
                yield Change(place, value, Decimal((sign, changed, exponent)), False)
