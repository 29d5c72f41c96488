"""Per carton or in all: the edge pairs of the density window, and the vote of a column."""

from __future__ import annotations

from decimal import Decimal

from sundry.goods.orders.reading.meanings import (
    Limits,
    Measured,
    means_total,
    volume_evidence,
    weight_evidence,
)

LIMITS = Limits(Decimal(20), Decimal(1500))


def test_the_window_holds_its_ends() -> None:
    m3 = Decimal("0.1")
    assert LIMITS.plausible(Decimal(2), m3)
    assert not LIMITS.plausible(Decimal("1.999"), m3)
    assert LIMITS.plausible(Decimal(150), m3)
    assert not LIMITS.plausible(Decimal("150.001"), m3)


def weights(*kg_cartons: tuple[int, int]) -> list[Measured]:
    return [Measured(Decimal(kg), cartons, Decimal("0.06")) for kg, cartons in kg_cartons]


def test_a_column_of_line_weights_is_seen() -> None:
    assert means_total(weight_evidence(weights((312, 15), (828, 40), (30, 2)), LIMITS))


def test_a_column_of_carton_weights_stays_one() -> None:
    assert not means_total(weight_evidence(weights((20, 15), (21, 40), (15, 2)), LIMITS))


def test_a_column_that_fits_both_ways_means_per_carton() -> None:
    assert not means_total(weight_evidence(weights((24, 2), (30, 3)), LIMITS))


def test_volumes_are_weighed_by_the_box() -> None:
    boxes = [Measured(Decimal("0.9"), 10, Decimal("0.09")), Measured(Decimal("0.6"), 5, Decimal("0.12"))]
    assert means_total(volume_evidence(boxes, LIMITS))
