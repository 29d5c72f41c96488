"""The load test: a real wholesale buyer's best month, boxed by rule, becomes a shipment."""

from __future__ import annotations

from decimal import Decimal

import pytest
from online_retail import CARTON_G, Lent, Packed, available, best_month, packed

with_data = pytest.mark.skipif(not available(), reason="the orders and products lie beside the repository, not in it")


@pytest.fixture(scope="module")
def month() -> list[Packed]:
    return best_month()


def test_the_worked_case_of_the_rule() -> None:
    line = packed("85123A", "HEART HOLDER", Decimal("2.55"), 30, [Lent((20, 13, 9), 400)])
    assert (line.cartons, line.per_carton, line.size_cm) == (1, 30, (61, 40, 37))
    assert line.content_g + CARTON_G == 12_500
    assert line.value_minor == 30 * 255


def test_the_last_carton_is_filled_up() -> None:
    line = packed("85123A", "HEART HOLDER", Decimal("2.55"), 50, [Lent((20, 13, 9), 400)])
    assert (line.cartons, line.per_carton, line.pieces) == (2, 25, 50)
    odd = packed("85123A", "HEART HOLDER", Decimal("2.55"), 51, [Lent((20, 13, 9), 400)])
    assert (odd.cartons, odd.per_carton, odd.pieces) == (2, 26, 52)


@with_data
def test_the_month_is_a_load_worth_testing(month: list[Packed]) -> None:
    assert (len(month), sum(line.cartons for line in month)) == (577, 1744)
    assert sum(line.value_minor for line in month) == 22_097_43
    assert max(max(line.size_cm) for line in month) <= 106
    assert best_month() == month
