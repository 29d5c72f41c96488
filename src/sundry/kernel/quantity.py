"""Quantity: a whole number of one unit (pieces, cartons, grams). Like money, it adds only to its own unit.

Worked case: 12 pieces + 3 sets is nothing one may declare; 12 pieces + 3 pieces is 15 pieces.
"""

from __future__ import annotations

from dataclasses import dataclass


class UnitMismatch(TypeError):
    """Two units met where only one makes sense."""

    def __init__(self, left: str, right: str) -> None:
        super().__init__(f"{left} and {right} cannot be added or compared")


@dataclass(frozen=True, slots=True)
class Quantity:
    """`amount` whole `unit`s. ValueError: no unit."""

    amount: int
    unit: str

    def __post_init__(self) -> None:
        if not self.unit:
            raise ValueError("a quantity needs a unit")

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"

    def __add__(self, other: Quantity) -> Quantity:
        self._same(other)
        return Quantity(self.amount + other.amount, self.unit)

    def __sub__(self, other: Quantity) -> Quantity:
        self._same(other)
        return Quantity(self.amount - other.amount, self.unit)

    def __mul__(self, times: int) -> Quantity:
        return Quantity(self.amount * times, self.unit)

    def __lt__(self, other: Quantity) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Quantity) -> bool:
        self._same(other)
        return self.amount <= other.amount

    def _same(self, other: Quantity) -> None:
        if self.unit != other.unit:
            raise UnitMismatch(self.unit, other.unit)
